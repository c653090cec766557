"""XPath 1.0 expressions compiled; what is wrong with one is told before it meets an export."""

import difflib
import re
from collections.abc import Mapping

from lxml import etree

from erp2pim.mapping.names import Names
from erp2pim.mapping.shape import unknown

_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_VARIABLE = re.compile(r"\$([\w.\-]+)")
_PREFIX = re.compile(r"(?<!\$)\b([^\W\d][\w.\-]*):(?=[\w*])")
_FUNCTION = re.compile(r"(?<![\w.\-$:])([^\W\d][\w.\-]*)\s*\(")
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NODE_TESTS = {"comment", "node", "processing-instruction", "text"}
_OPERATORS = {"and", "div", "mod", "or"}
_FUNCTIONS = {
    *("boolean", "ceiling", "concat", "contains", "count", "false", "floor", "id", "lang", "last"),
    *("local-name", "name", "namespace-uri", "normalize-space", "not", "number", "position"),
    *("round", "starts-with", "string", "string-length", "substring", "substring-after"),
    *("substring-before", "sum", "translate", "true"),
}
_INSTEAD = {
    "ends-with": "transform: {regex: …$}",
    "format-number": "round:",
    "lower-case": "transform: lower, or translate() within a path",
    "matches": "transform: {regex: …}",
    "replace": "transform: {replace: {…}}",
    "string-join": "join:",
    "tokenize": "split:",
    "upper-case": "transform: upper, or translate() within a path",
}
_ELSEWHERE = {
    "channel": "the channel of a rule with channels:, or source.channel; write a table for each",
    "locale": "the locale of a rule with locales:, or source.locale; write a table for each",
    "rest": "what a number leaves over, in the paths of its unit and currency",
}


class PathError(ValueError):
    """The text is not an XPath that a rule can use."""


def variables(text: str) -> set[str]:
    """Give the names of the variables in an XPath."""
    return set(_VARIABLE.findall(unquoted(text)))


def unquoted(text: str) -> str:
    """Give an XPath without its literals."""
    return _QUOTED.sub("''", text)


def compiled(text: str, names: Names, known: Mapping[str, str | None]) -> etree.XPath:
    """Compile an XPath.

    Args:
        text: The XPath.
        names: Says which prefixes are declared.
        known: The variables that it may name: a text where it is fixed.

    Raises:
        PathError: It is none, or names an unknown variable or function.
        UnknownPrefixError: A prefix is not declared.
    """
    if not text.strip():
        raise PathError("an XPath is expected; found an empty text")
    if found := _NO_XML.search(text):
        raise PathError(f"{text!r} holds U+{ord(found.group()):04X}, which no XML can hold")
    try:
        xpath = etree.XPath(text, namespaces=dict(names.prefixes) or None)
        _check_names(text, names, known)
        given: dict[str, str | list[etree._Element]] = {
            name: known[name] or [] for name in variables(text)
        }
        xpath(etree.Element("probe"), **given)
    except etree.XPathError as error:
        raise PathError(f"{text!r} is no XPath: {_reason(error, text)}") from error
    return xpath


def _check_names(text: str, names: Names, known: Mapping[str, str | None]) -> None:
    """Check what lxml looks at only where an element is there to be asked."""
    bare = unquoted(text)
    for prefix in _PREFIX.findall(bare):
        names.resolve(f"{prefix}:name")
    for name in _FUNCTION.findall(bare):
        if name not in _FUNCTIONS | _NODE_TESTS | _OPERATORS:
            raise PathError(f"{name}() is not in XPath 1.0{_instead(name)}")
    for name in sorted(variables(text) - set(known)):
        if name in _ELSEWHERE:
            raise PathError(f"nothing is known here of ${name}: it is {_ELSEWHERE[name]}")
        raise PathError(unknown(f"${name}", [f"${each}" for each in known], what="variable"))


def _instead(name: str) -> str:
    if name in _INSTEAD:
        return f"; use {_INSTEAD[name]}"
    near = difflib.get_close_matches(name, sorted(_FUNCTIONS), n=1)
    return f"; did you mean {near[0]}()?" if near else ""


def _reason(error: etree.XPathError, text: str) -> str:
    at = error.error_log[0].column if len(error.error_log) else 0
    if not isinstance(error, etree.XPathSyntaxError) or not at:
        return str(error)
    where = "its end" if at >= len(text.rstrip()) else f"character {at + 1}"
    is_cut = "Unfinished literal" in str(error)
    hint = "; if a # behind a blank cut it, quote the XPath" if is_cut else ""
    return f"{error} at {where}{hint}"
