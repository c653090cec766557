"""Which paths the records of an export have."""

from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from erp2pim.mapping.values import Leaf, Node, local

_MOST_PATHS = 10_000


class Layout:
    """All paths seen below records, each with how often; at most 10,000 different ones.

    Attributes:
        namespaces: The namespace of elements that have one, by their name without it.
        most_attributes: How many attributes the element has that has the most.
    """

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.namespaces: dict[str, str] = {}
        self.most_attributes = 0
        self._below: list[dict[str, int]] = [{}]
        self._texts = [""]
        self._counts = [0]

    def add(self, record: etree._Element, path: str) -> None:
        """Count every path of a record that stands at `path`."""
        at = self._count(0, path)
        if at:
            self._walk(record, at)

    def counts(self) -> Mapping[str, int]:
        """Give how often each path was seen, the records' own paths first."""
        return dict(zip(self._texts[1:], self._counts[1:], strict=True))

    def _walk(self, element: etree._Element, at: int) -> None:
        below = self._below[at]
        if element.attrib:
            names = element.keys()
            self.most_attributes = max(self.most_attributes, len(names))
            for name in names:
                self._count(at, f"@{name}")
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                continue
            number = below.get(tag)
            if number is None:
                number = self._count(at, tag)
            else:
                self._counts[number] += 1
            if number and (len(child) or child.attrib):
                self._walk(child, number)

    def _count(self, at: int, name: str) -> int:
        """Count a name below a path and give the number of both; 0 where there are too many."""
        number = self._below[at].get(name)
        if number is None:
            if len(self._texts) > _MOST_PATHS:
                return 0
            number = self._below[at][name] = len(self._texts)
            if name[0] == "{":
                uri, _, bare = name[1:].partition("}")
                self.namespaces[bare] = uri
            mark = "@" if name[0] == "@" else ""
            above = f"{self._texts[at]}/" if at else ""
            self._texts.append(above + mark + _bare(name.removeprefix("@")))
            self._counts.append(0)
            self._below.append({})
        self._counts[number] += 1
        return number


def paths_of(nodes: Sequence[Node], record: etree._Element, path: str) -> Iterator[str]:
    """Give the paths of those nodes that stand in a record, which stands at `path`."""
    for node in nodes:
        found = _path_of(node, record, path)
        if found is not None:
            yield found


def _path_of(node: Node, record: etree._Element, path: str) -> str | None:
    if isinstance(node, Leaf):
        owner = _path_of(node.owner, record, path)
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
