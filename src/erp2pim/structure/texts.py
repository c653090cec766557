"""Checks of text, textarea and identifier cells."""

import re

from erp2pim.model import Json
from erp2pim.structure.attribute import TEXT, TEXTAREA, Attribute
from erp2pim.structure.emptiness import BLANKS
from erp2pim.structure.findings import Remarks, refuse, warn
from erp2pim.structure.patterns import fits, is_email, is_url

LONGEST_TEXT = 255
LONGEST_TEXTAREA = 65_535

_BREAKS = re.compile(r"[\r\n]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# PHP looks at bytes here, where \s is ASCII and \v is also the byte 0x85, which is a part of Å.
_UNFIT_CODE = re.compile(rb"^\s|\s$|[,;]")
_BREAK_IN_CODE = re.compile(rb"[\n\v\f\r\x85]")


def text_remarks(attribute: Attribute, data: Json) -> Remarks:
    """Check a text or textarea cell that is not empty.

    Source: pim-community-dev (StringGuesser, TextValueFactory).
    """
    if not isinstance(data, str):
        yield refuse("string", "a text is expected")
        return
    yield from encoding(data)
    text = data
    if attribute.type == TEXT:
        yield from line_breaks(data)
        text = _BREAKS.sub(" ", data)
    yield from length(attribute, text)
    yield from rule(attribute, text)


def identifier_remarks(attribute: Attribute, data: Json) -> Remarks:
    """Check a cell of an identifier attribute that is not empty.

    Source: pim-community-dev (IdentifierValueFactory).
    """
    if not isinstance(data, str):
        yield refuse("string", "a text is expected")
        return
    yield from code_remarks(data)
    yield from length(attribute, data)
    yield from rule(attribute, data)


def code_remarks(code: str) -> Remarks:
    """Check what holds for product identifiers and codes of product models alike."""
    yield from encoding(code)
    yield from code_form(code)
    yield from code_breaks(code)


def code_form(code: str) -> Remarks:
    """Refuse commas, semicolons and blanks at the ends.

    Source: pim-community-dev (IdentifierFormatGuesser); recorded.
    """
    if _UNFIT_CODE.search(_bytes(code)):
        message = "no comma, no semicolon and no blank at either end is expected"
        yield refuse("identifier", message)


def code_breaks(code: str) -> Remarks:
    r"""Refuse line breaks, and characters whose UTF-8 holds the byte 0x85, such as Å and ą.

    Source: pim-community-dev (IdentifierFormatGuesser: `/^[^\r\n\f\v]+$/D`, without `u`).
    """
    found = _BREAK_IN_CODE.search(_bytes(code))
    if found is not None:
        message = "no line break is expected"
        if found.group() == b"\x85":
            message += "; the PIM takes a part of Å, ą and their like for one"
        yield refuse("identifier", message)


def encoding(text: str) -> Remarks:
    r"""Refuse half of a surrogate pair, which no UTF-8 can hold.

    Source: recorded: a line with `\ud83d` alone is answered 400.
    """
    if not text.isascii() and _SURROGATE.search(text):
        yield refuse("encoding", "characters that UTF-8 can hold are expected")


def length(attribute: Attribute, text: str) -> Remarks:
    """Refuse more characters than the attribute takes: 255, in a textarea 65,535, or its own limit.

    Source: pim-community-dev (LengthGuesser); recorded.
    """
    longest = LONGEST_TEXTAREA if attribute.type == TEXTAREA else LONGEST_TEXT
    longest = min(attribute.max_characters or longest, longest)
    if len(text) > longest:
        message = f"at most {longest} characters are expected, not {len(text)}"
        yield refuse("length", message)


def rule(attribute: Attribute, text: str) -> Remarks:
    """Apply the attribute's validation rule; say so where it cannot be applied.

    Source: pim-community-dev (EmailGuesser, UrlGuesser, RegexGuesser); recorded for `regexp`.
    """
    match attribute.validation_rule:
        case "email":
            if not is_email(text):
                yield refuse("email", "an e-mail address is expected")
        case "url":
            if not is_url(text):
                message = "an address that begins with http:// or https:// is expected"
                yield refuse("url", message)
        case "regexp":
            yield from regexp(attribute, text)
        case _:
            return


def regexp(attribute: Attribute, text: str) -> Remarks:
    """Apply a regular expression, which is a PCRE with delimiters and flags.

    Source: pim-community-dev (RegexGuesser); recorded.
    """
    pattern = attribute.validation_regexp
    verdict = "fits" if pattern is None else fits(pattern, text)
    if verdict == "differs":
        yield refuse("regexp", f"a text that matches {pattern} is expected")
    if verdict == "unknown":
        message = f"whether it matches {pattern} is only known to the PIM"
        yield warn("regexp", message)


def line_breaks(text: str) -> Remarks:
    """Say that the PIM makes blanks of the line breaks of a text attribute.

    Source: recorded.
    """
    if _BREAKS.search(text):
        message = "one line is expected; the PIM makes a blank of a line break"
        yield warn("line breaks", message)


def blanks(data: Json) -> Remarks:
    """Say that a text of nothing but blanks clears the cell.

    Source: pim-community-dev (EntityWithValuesBuilder); recorded.
    """
    if isinstance(data, str) and data and not data.strip(BLANKS):
        message = "more than blanks is expected; to the PIM this is no value"
        yield warn("blanks", message, repr(data))


def _bytes(code: str) -> bytes:
    return code.encode("utf-8", "surrogatepass")
