"""Which paths the records of an export have."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from erp2pim.mapping.values import Leaf, Node, local

_MOST_PATHS = 10_000


class _Place(NamedTuple):
    """One name below another."""

    above: int
    name: str


class Layout:
    """All paths seen below records, each with how often; at most 10,000 different ones."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._numbers: dict[_Place, int] = {}
        self._texts: list[str] = []
        self._counts: list[int] = []

    def add(self, record: etree._Element, path: str) -> None:
        """Count every path of a record that stands at `path`."""
        at = self._count(_Place(-1, path))
        if at is not None:
            self._walk(record, at)

    def counts(self) -> Mapping[str, int]:
        """Give how often each path was seen, the records' own paths first."""
        return dict(zip(self._texts, self._counts, strict=True))

    def _walk(self, element: etree._Element, at: int) -> None:
        for name in element.keys():  # noqa: SIM118  an element's keys are its attributes
            self._count(_Place(at, f"@{_bare(name)}"))
        for child in element:
            if isinstance(child.tag, str):
                below = self._count(_Place(at, _bare(child.tag)))
                if below is not None:
                    self._walk(child, below)

    def _count(self, place: _Place) -> int | None:
        number = self._numbers.get(place)
        if number is None:
            if len(self._texts) >= _MOST_PATHS:
                return None
            number = self._numbers[place] = len(self._texts)
            above = "" if place.above < 0 else f"{self._texts[place.above]}/"
            self._texts.append(above + place.name)
            self._counts.append(0)
        self._counts[number] += 1
        return number


def path_of(node: Node, record: etree._Element, path: str) -> str | None:
    """Give the path of a node in a record that stands at `path`; None for what stands elsewhere."""
    if isinstance(node, Leaf):
        owner = path_of(node.owner, record, path)
        return owner if owner is None or node.name is None else f"{owner}/@{_bare(node.name)}"
    if not isinstance(node, etree._Element):
        return None
    names: list[str] = []
    at: etree._Element | None = node
    while at is not None and at is not record:
        names.append(local(at))
        at = at.getparent()
    return None if at is None else "/".join([path, *reversed(names)])


def above(path: str) -> Iterator[str]:
    """Give the paths that a path leads through."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _bare(name: str) -> str:
    return name.rpartition("}")[2]
