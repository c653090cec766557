"""YAML 1.2 read as text with places: scalars stay text until a typed field asks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import yaml
from yaml.composer import Composer
from yaml.reader import ReaderError
from yaml.resolver import BaseResolver

from erp2pim.errors import ConfigError, Fault
from erp2pim.model import printable

Tree: TypeAlias = str | list["Tree"] | dict[str, "Tree"]

Members: TypeAlias = Mapping[str | int, tuple[yaml.Node, yaml.Node]]

_PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq")}
# What stands behind the mark may be a password that should have been quoted: it is not shown.
_TAG = "tags are not allowed; quote a text that starts with !"
_NAMED = re.compile(r"(undefined alias|duplicate anchor|undefined tag handle) '.*'", re.DOTALL)
_XPATH_MARKS = "@[|%"
_NO_TEXT = re.compile(r"[\0\ud800-\udfff]")
_OPEN_QUOTE = (
    "the text that begins here does not end as it should; in double quotes a backslash stands "
    "before what it escapes: write '…' instead"
)
_NO_CHARACTER = "a text can hold neither \\0 nor half of a surrogate pair, \\ud800 to \\udfff"
_MAX_NODES = 200_000
_READ_OTHERWISE = re.compile(r"[\t?\ufeff]")


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML file.

    Attributes:
        file: Its name, as messages show it.
        data: Mappings with text keys, lists and texts; nothing else.
    """

    file: str
    data: Tree
    _root: yaml.Node
    _members: Mapping[int, Members]

    def place(self, loc: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:
        """Give line and column of what `loc` leads to, or of the nearest thing above it.

        With `key`, the place of the last key itself instead of its value's.
        """
        node, at = self._root, self._root.start_mark
        for part in loc:
            found = self._members.get(id(node), {}).get(part)
            if found is None:
                continue
            name, node = found
            at = name.start_mark if key else node.start_mark
        return at.line + 1, at.column + 1

    def fault(self, loc: Sequence[str | int], message: str, *, key: bool = False) -> Fault:
        """Give a fault at the place that `loc` leads to."""
        return Fault(self.file, *self.place(loc, key=key), message)


def parse(text: str, *, file: str) -> Document:
    """Read a YAML text.

    Raises:
        ConfigError: With every fault found: not YAML, a key twice, an empty value, a tag.
    """
    file = printable(file)
    root = _by_libyaml(text)
    if root is None or any(_faults(root, file)):
        root = _by_pyyaml(text, file)
        faults = list(_faults(root, file))
        if faults:
            number = "a fault" if len(faults) == 1 else f"{len(faults)} faults"
            raise ConfigError(f"{file} has {number}", faults=faults)
    return Document(file, _data(root), root, _members(root))


class _Libyaml(Composer, BaseResolver):
    """PyYAML's composer over the events of libyaml, which nests on Python's stack, not on C's."""

    def __init__(self, text: str) -> None:
        Composer.__init__(self)
        BaseResolver.__init__(self)
        parser = yaml.CBaseLoader(text)
        for name in ("check_event", "get_event", "peek_event"):
            setattr(self, name, getattr(parser, name))


def _by_libyaml(text: str) -> yaml.Node | None:
    """Give what libyaml reads, ten times as fast as PyYAML; None where the two may differ.

    They agree on every text without faults, but for a few signs. Where PyYAML was built without
    libyaml, all is left to it.
    """
    if not yaml.__with_libyaml__ or _READ_OTHERWISE.search(text):
        return None
    try:
        return _Libyaml(text).get_single_node()
    except (yaml.YAMLError, RecursionError):
        return None


def _by_pyyaml(text: str, file: str) -> yaml.Node:
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        # Its own text shows the line, which may hold a password: it goes no further.
        raise ConfigError(f"{file} is not YAML", faults=[_syntax(error, text, file)]) from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{file} is not YAML", faults=[_unreadable(error, text, file)]) from None
    except RecursionError as error:
        raise ConfigError(
            f"{file} is nested too deeply", where=file, fix="look for brackets that never close"
        ) from error
    if root is None:
        raise ConfigError(f"{file} is empty", where=file, fix="restore it, or write it anew")
    return root


def _unreadable(error: yaml.YAMLError, text: str, file: str) -> Fault:
    """Give the place of a character that YAML does not know."""
    if not isinstance(error, ReaderError):
        return Fault(file, 1, 1, " ".join(str(error).split()))
    before = text[: error.position]
    line, column = before.count("\n") + 1, error.position - before.rfind("\n")
    return Fault(file, line, column, f"the character U+{error.character:04X} is not allowed here")


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    message = " ".join(part for part in (error.problem, error.context) if part)
    message = _NAMED.sub(r"\1; quote a text that starts with *, & or !", message)
    if error.context == "while scanning a quoted scalar" and error.context_mark:
        line, column = error.context_mark.line + 1, error.context_mark.column + 1
        return Fault(file, line, column, f"{_OPEN_QUOTE} ({message})")
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    return Fault(file, line, column, message + _advice(message, written))


def _advice(message: str, written: str) -> str:
    """Say what to do about what YAML says of a line."""
    if "${" in written:
        return '; quote the variable: "${…}"'
    if any(mark in written for mark in _XPATH_MARKS):
        return '; quote the XPath: "…"'
    if "mapping values are not allowed" in message:
        return "; quote a text that holds a colon and a blank"
    return "; indent with blanks, not with tabs" if "'\\t'" in message else ""


def _faults(root: yaml.Node, file: str) -> Iterator[Fault]:
    """Walk the nodes as often as aliases name them, and give what we do not allow."""
    seen = 0
    stack: list[tuple[yaml.Node, frozenset[int]]] = [(root, frozenset())]
    while stack:
        node, above = stack.pop()
        seen += 1
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        if id(node) in above or seen > _MAX_NODES:
            yield Fault(file, line, column, "aliases make this file endless")
            return
        if node.tag not in _PLAIN_TAGS:
            yield Fault(file, line, column, _TAG)
        elif isinstance(node, yaml.ScalarNode):
            if not node.style and node.value in {"", "~", "null"}:
                yield Fault(file, line, column, 'empty value; write "" for an empty text')
            elif node.style in {"|", ">"} and not node.value:
                message = f'an empty block; write "{node.style}" for the sign itself'
                yield Fault(file, line, column, message)
            elif _NO_TEXT.search(node.value):
                yield Fault(file, line, column, _NO_CHARACTER)
        elif isinstance(node, yaml.MappingNode):
            yield from _key_faults(node, file)
        stack.extend((child, above | {id(node)}) for child in reversed(_children(node)))


def _key_faults(node: yaml.MappingNode, file: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for key, _ in node.value:
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        if not isinstance(key, yaml.ScalarNode):
            yield Fault(file, line, column, "a key must be a text")
        elif key.tag not in _PLAIN_TAGS:
            yield Fault(file, line, column, _TAG)
        elif _NO_TEXT.search(key.value):
            yield Fault(file, line, column, _NO_CHARACTER)
        elif key.value in first:
            seen = first[key.value]
            yield Fault(file, line, column, f"key {key.value!r} stands at line {seen} already")
        else:
            first[key.value] = line


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _members(root: yaml.Node) -> dict[int, Members]:
    """Give, for each mapping and list, what it holds: its key, or itself in a list, and itself."""
    found: dict[int, Members] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, yaml.MappingNode):
            found[id(node)] = {key.value: (key, value) for key, value in node.value}
        elif isinstance(node, yaml.SequenceNode):
            found[id(node)] = dict(enumerate((each, each) for each in node.value))
        stack.extend(child for child in _children(node) if id(child) not in found)
    return found


def _data(node: yaml.Node) -> Tree:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _data(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_data(child) for child in node.value]
    text: str = node.value
    return text
