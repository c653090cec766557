"""The elements and attributes of an export, merged by path and counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TypeAlias

from erp2pim.survey.listing import is_cell, is_html, is_key, is_language, local
from erp2pim.survey.sketch import Sketch

Relative: TypeAlias = tuple[str, ...]
"""Names that lead from an element to a value below it; an attribute begins with `@`."""


def shared(one: Relative, other: Relative) -> Relative:
    """Give the names with which both begin."""
    pairs = zip(one, other, strict=False)
    return tuple(name for name, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


MOST_FIELDS = 5000
_MOST_KEYS = 200
_KEYS_BEFORE_DOUBT = 60


@dataclass(slots=True)
class Counted:
    """How often something occurs, in all and in elements around it.

    Attributes:
        times: How often in all.
        within: In how many of the elements around it, by their depth; the root's is 0.
    """

    times: int = 0
    within: list[int] = field(default_factory=list[int])
    _last: list[int] = field(default_factory=list[int])

    def count(self, around: Sequence[int]) -> None:
        """Count it once, inside of the elements with these numbers, the root's first."""
        self.times += 1
        last, within = self._last, self.within
        if not last:
            last.extend([-1] * len(around))
            within.extend([0] * len(around))
        depth = len(around) - 1
        while depth >= 0 and last[depth] != around[depth]:
            last[depth] = around[depth]
            within[depth] += 1
            depth -= 1


@dataclass(slots=True)
class Field:
    """The values of one path.

    Attributes:
        counted: How often.
        sketch: What they are like.
    """

    counted: Counted = field(default_factory=Counted)
    sketch: Sketch = field(default_factory=Sketch)


class Tree:
    """All paths of an export.

    Attributes:
        root: The root element's place; None before it was seen.
        lost: How many elements and attributes were not looked at since there were too many paths.
    """

    def __init__(self, most: int = MOST_FIELDS) -> None:
        """Begin with no path.

        Args:
            most: How many different paths are kept apart.
        """
        self.root: Node | None = None
        self.lost = 0
        self._left = most

    def place(self, above: "Node | None", name: str) -> "Node | None":
        """Give the place of a name below another place; None where there are too many."""
        known = self.root if above is None else above.children.get(name)
        if known is not None:
            return known
        if not self.take():
            return None
        node = Node(name, above)
        if above is None:
            self.root = node
        else:
            above.children[name] = node
        return node

    def take(self) -> bool:
        """Say whether there is room for one more path, and note it."""
        if self._left <= 0:
            self.lost += 1
            return False
        self._left -= 1
        return True

    def give_back(self, number: int) -> None:
        """Make room again."""
        self._left += number

    def elements(self) -> Iterator["Node"]:
        """Give the places of all elements, those above before those below."""
        if self.root is not None:
            yield from self.root.below()


class Node:
    """One path from the root.

    Attributes:
        name: lxml's name of the element; of the attribute, behind an `@`.
        local: The same without its namespace.
        above: The place above; None for the root.
        depth: How many places stand above.
        children: What stands below.
        counted: How often.
        sketch: The values; None before there was one.
        keyed: Lists inside, by the name of what tells their entries apart; None where that tells
            every entry apart.
        is_markup: Whether there is text beside child elements, as in HTML.
        is_key: Whether it may tell the entries of a list apart.
        is_language: Whether its name says that it does so by language.
        is_cell: Whether it is a cell of a sheet's row.
        is_html: Whether its name is one of HTML's.
        listens: Whether it may be a list's entry, which needs to know the values near it.
    """

    __slots__ = (
        "above",
        "children",
        "counted",
        "depth",
        "is_cell",
        "is_html",
        "is_key",
        "is_language",
        "is_markup",
        "keyed",
        "listens",
        "local",
        "name",
        "sketch",
    )

    def __init__(self, name: str, above: "Node | None") -> None:
        """Begin with nothing counted."""
        self.name = name
        self.local = local(name)
        self.above = above
        self.depth: int = 0 if above is None else above.depth + 1
        self.children: dict[str, Node] = {}
        self.counted = Counted()
        self.sketch: Sketch | None = None
        self.keyed: dict[str, Keyed | None] = {}
        self.is_markup = False
        self.is_key = is_key(self.local)
        self.is_language = is_language(self.local)
        self.is_cell = is_cell(self.local)
        self.is_html = is_html(self.local)
        self.listens = True

    @property
    def is_attribute(self) -> bool:
        """Whether it is an attribute's."""
        return self.name.startswith("@")

    def add(self, text: str) -> None:
        """Count a value."""
        if self.sketch is None:
            self.sketch = Sketch()
        self.sketch.add(text)

    def below(self) -> Iterator["Node"]:
        """Give it and the places of all elements below it."""
        yield self
        for child in self.children.values():
            if not child.is_attribute:
                yield from child.below()

    def names(self) -> tuple[str, ...]:
        """Give the names from the root down to it."""
        return (*(() if self.above is None else self.above.names()), self.name)


class Keyed:
    """The entries of a list, told apart by one of their values: a language, a type, a name.

    Attributes:
        fields: The other values of the entries, by key and path from the entry.
    """

    def __init__(self) -> None:
        """Begin with no entry."""
        self.fields: dict[str, dict[Relative, Field]] = {}
        self._entries = 0

    def add(
        self, key: str, leaves: Sequence[tuple[Relative, str]], around: Sequence[int], tree: Tree
    ) -> bool:
        """Count an entry; say whether the keys are still few enough to tell entries apart."""
        self._entries += 1
        fields = self.fields.setdefault(key, {})
        keys = len(self.fields)
        if keys > _MOST_KEYS or (keys > _KEYS_BEFORE_DOUBT and self._entries < 2 * keys):
            return False
        for path, text in leaves:
            known = fields.get(path)
            if known is None:
                if not tree.take():
                    continue
                known = fields[path] = Field()
            known.counted.count(around)
            known.sketch.add(text)
        return True

    def drop(self, tree: Tree) -> None:
        """Forget all entries, and make room in the tree."""
        tree.give_back(sum(map(len, self.fields.values())))
        self.fields = {}
