"""All paths that start at one kind of element, answered together.

One walk with all simple paths in a trie costs about as much as parsing the record; a compiled
XPath for each of 20 rules costs almost three times that.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from lxml import etree

from erp2pim.mapping.context import Context, Here
from erp2pim.mapping.names import Names
from erp2pim.mapping.paths import Asked, Either, Path, Walked
from erp2pim.mapping.steps import Step, steps
from erp2pim.mapping.values import Leaf, Node
from erp2pim.mapping.xpath import PathError, compiled, unquoted, variables

_NAME = r"[^\W\d][\w.\-]*"
_EQUALS = re.compile(
    rf"(?P<name>@?(?:{_NAME}:)?{_NAME})\s*=\s*(?P<value>'[^']*'|\"[^\"]*\"|\$[\w.\-]+)$"
)
_ABSOLUTE = re.compile(r"(?:^|[(\[,|=<>+])\s*/")
_STRING = etree.XPath("string()")


class _Equals(NamedTuple):
    """A simple predicate: an attribute, or a child's text, has this value."""

    attribute: bool
    name: str
    value: str

    def holds(self, element: etree._Element) -> bool:
        """Say whether an element passes."""
        if self.attribute:
            return element.get(self.name) == self.value
        return any(_STRING(child) == self.value for child in element.iterchildren(self.name))


class _Edge(NamedTuple):
    """One step of a simple path."""

    attribute: bool
    name: str
    equals: _Equals | None


@dataclass(slots=True)
class _Branch:
    """What simple paths ask of one element, and what follows below it."""

    here: list[int] = field(default_factory=list[int])
    attributes: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    below: "dict[str, list[tuple[_Equals | None, _Branch]]]" = field(
        default_factory=dict[str, "list[tuple[_Equals | None, _Branch]]"]
    )

    def child(self, edge: _Edge) -> "_Branch":
        """Give the branch behind an edge, grown where there is none."""
        edges = self.below.setdefault(edge.name, [])
        for equals, branch in edges:
            if equals == edge.equals:
                return branch
        branch = _Branch()
        edges.append((edge.equals, branch))
        return branch


class Scope:
    """All paths that start at one kind of element: the record, or the elements of one `each`."""

    def __init__(
        self,
        names: Names,
        known: Mapping[str, str | None],
        beyond: "Scope | None" = None,
        depth: int = 0,
    ) -> None:
        """Begin without paths.

        Args:
            names: How names are read.
            known: The variables: a text where it is fixed, None where the record gives it.
            beyond: Where a path is asked again that finds nothing here.
            depth: How far below the record the paths start, at least.
        """
        self.names = names
        self.known = known
        self.beyond = beyond
        self.depth = depth
        self._root = _Branch()
        self._numbers: dict[tuple[_Edge, ...], int] = {}

    def path(self, text: str, known: Mapping[str, str | None] | None = None) -> Path:
        """Compile a path that starts here; `known` are further variables of this one path.

        Raises:
            PathError: It is not an XPath, starts at the document, or names an unknown variable.
            UnknownPrefixError: A prefix is not declared.
        """
        if _ABSOLUTE.search(unquoted(text)):
            raise PathError(f"{text!r} starts at the document; {_elsewhere(text)}")
        all_known = {**self.known, **(known or {})}
        edges = self._edges(text, all_known)
        near = self._asked(text, all_known) if edges is None else Walked(text, self._plant(edges))
        return Either(near, self.beyond.path(text, known)) if self.beyond else near

    def enter(self, element: etree._Element, context: Context, beyond: Here | None = None) -> Here:
        """Walk over an element once and give what all simple paths find there."""
        hits: list[list[Node]] = [[] for _ in self._numbers]
        _walk(element, self._root, hits)
        return Here(element, hits, context, beyond)

    def condition(self, text: str, known: Mapping[str, str | None] | None = None) -> Path:
        """Compile a path that is asked whether it is true, as XPath's boolean() sees it.

        Raises:
            PathError: As `path` does.
        """
        path = self.path(text, known)
        return self.path(f"boolean({text})", known) if isinstance(path, Asked) else path

    def _edges(self, text: str, known: Mapping[str, str | None]) -> tuple[_Edge, ...] | None:
        cut = () if text.strip() == "." else steps(text)
        if cut is None:
            return None
        edges = [self._edge(step, known) for step in cut]
        return None if None in edges else tuple(edge for edge in edges if edge is not None)

    def _edge(self, step: Step, known: Mapping[str, str | None]) -> _Edge | None:
        if step.axis != "child" or step.name == "*" or len(step.predicates) > 1:
            return None
        name = self.names.resolve(step.name)
        if not step.predicates:
            return _Edge(step.attribute, name, None)
        equals = _EQUALS.match(step.predicates[0])
        if equals is None:
            return None
        quoted = equals["value"]
        value = known.get(quoted[1:]) if quoted[0] == "$" else quoted[1:-1]
        if value is None:
            return None
        attribute = equals["name"].startswith("@")
        of = self.names.resolve(equals["name"].removeprefix("@"))
        return _Edge(step.attribute, name, _Equals(attribute, of, value))

    def _asked(self, text: str, known: Mapping[str, str | None]) -> Asked:
        xpath = compiled(text, self.names, known)
        used = variables(text)
        fixed = {name: value for name in used if (value := known[name]) is not None}
        return Asked(text, xpath, fixed, tuple(sorted(used - set(fixed))))

    def _plant(self, edges: tuple[_Edge, ...]) -> int:
        if edges in self._numbers:
            return self._numbers[edges]
        number = self._numbers[edges] = len(self._numbers)
        branch = self._root
        for edge in edges:
            if edge.attribute:
                branch.attributes.append((edge.name, number))
                return number
            branch = branch.child(edge)
        branch.here.append(number)
        return number


def _elsewhere(text: str) -> str:
    if text.startswith("//"):
        return f"paths start at the record; for any depth write .{text}"
    return "paths start at the record; header:, tables and joins reach elsewhere"


def _walk(element: etree._Element, branch: _Branch, hits: list[list[Node]]) -> None:
    for number in branch.here:
        hits[number].append(element)
    for name, number in branch.attributes:
        text = element.get(name)
        if text is not None:
            hits[number].append(Leaf(element, text, name))
    below = branch.below
    if below:
        for child in element:
            for equals, grown in below.get(cast("str", child.tag), ()):
                if equals is None or equals.holds(child):
                    _walk(child, grown, hits)
