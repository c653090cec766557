"""XPaths of rules at work: simple ones are answered by one walk, the others by lxml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from lxml import etree

from erp2pim.mapping.context import Here
from erp2pim.mapping.values import Leaf, Node, Unmappable


@dataclass(slots=True)
class Walked:
    """A path that the walk answers.

    Attributes:
        text: The path as written.
        number: Its number in the walk.
        tried: Whether a record has asked for it yet.
        met: Whether it has found anything yet.
    """

    text: str
    number: int
    tried: bool = False
    met: bool = False

    def nodes(self, here: Here) -> Sequence[Node]:
        """Give what the walk found, in document order."""
        self.tried = True
        found = here.hits[self.number]
        if found:
            self.met = True
            if here.context.given.trace is not None:
                here.context.found(found)
        return found


@dataclass(slots=True)
class Asked:
    """A path that lxml's XPath answers.

    Attributes:
        text: The path as written.
        xpath: The path compiled.
        bound: Its variables that are fixed.
        free: Its variables that each record gives.
        tried: Whether a record has asked for it yet.
        met: Whether it has found anything yet.
    """

    text: str
    xpath: etree.XPath
    bound: Mapping[str, str]
    free: tuple[str, ...]
    tried: bool = False
    met: bool = False

    def nodes(self, here: Here) -> Sequence[Node]:
        """Give what the XPath finds, in document order.

        Raises:
            Unmappable: It computes a number that is not whole, or fails on this record.
        """
        self.tried = True
        variables = {name: here.context.variable(name) for name in self.free}
        try:
            found = self.xpath(here.element, **self.bound, **variables)
        except etree.XPathError as error:
            raise Unmappable(f"the path {self.text} fails: {error}") from error
        nodes = self._nodes(found)
        if nodes:
            self.met = True
            here.context.found(nodes)
        return nodes

    def _nodes(self, found: object) -> Sequence[Node]:
        if isinstance(found, list):
            return [_node(each) for each in cast("list[object]", found)]
        if isinstance(found, float):
            return [_whole(found, self.text)]
        if isinstance(found, bool):
            return [found]
        return [str(found)] if found != "" else []


@dataclass(frozen=True, slots=True)
class Either:
    """A path of what stands beside a value: asked at the value's own element, then beyond it."""

    near: Walked | Asked
    far: "Path"

    @property
    def text(self) -> str:
        """The path as written."""
        return self.near.text

    @property
    def tried(self) -> bool:
        """Whether a record has asked for it yet."""
        return self.near.tried

    @property
    def met(self) -> bool:
        """Whether it has found anything yet, in either place."""
        return self.near.met or self.far.met

    def nodes(self, here: Here) -> Sequence[Node]:
        """Give what the nearer place has, or else what the farther one has."""
        found = self.near.nodes(here)
        return self.far.nodes(here.beyond) if not found and here.beyond else found


Path: TypeAlias = Walked | Asked | Either


def _node(found: object) -> Node:
    if isinstance(found, etree._Element):
        return found
    parent = getattr(found, "getparent", lambda: None)()
    name: str | None = getattr(found, "attrname", None)
    return str(found) if parent is None else Leaf(parent, str(found), name)


def _whole(number: float, path: str) -> str:
    if not number.is_integer():
        raise Unmappable(
            f"the path {path} computes a number that is not whole; use times: or divide:",
            str(number),
        )
    return str(int(number))
