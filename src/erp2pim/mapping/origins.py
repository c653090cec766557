"""Where the values of rules come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from erp2pim.mapping.context import Context, Here
from erp2pim.mapping.paths import Path
from erp2pim.mapping.rules import Rule
from erp2pim.mapping.scope import Scope
from erp2pim.mapping.values import (
    ABSENT,
    Found,
    Leaf,
    Node,
    State,
    Texts,
    Unmappable,
    Value,
    plain_text,
    read,
)


@dataclass(frozen=True, slots=True)
class FromPath:
    """The texts that an XPath finds."""

    path: Path
    trim: bool
    no_value: frozenset[str]
    texts: Texts = plain_text

    def find(self, here: Here) -> Found:
        """Give them in document order."""
        nodes = self.path.nodes(here)
        if not nodes:
            return ABSENT
        if self.texts is not plain_text:
            here.context.read_whole(nodes)
        if len(nodes) == 1 and self.trim:
            value = self._plain(nodes[0])
            if value is not None:
                return Found((value,))
        return read(nodes, trim=self.trim, no_value=self.no_value, texts=self.texts)

    def _plain(self, node: Node) -> Value | None:
        """Give the value of a node that needs no second look, as most do; None for others."""
        if isinstance(node, Leaf):
            text, owner = node.text.strip(), node.owner
        elif isinstance(node, etree._Element) and len(node) == 0:
            text, owner = (node.text or "").strip(), node
        else:
            return None
        return Value(text, owner) if text and text not in self.no_value else None


@dataclass(frozen=True, slots=True)
class FromConstant:
    """A text that stands in the mapping."""

    text: str

    def find(self, here: Here) -> Found:  # noqa: ARG002  the same everywhere
        """Give it."""
        return Found((Value(self.text, None, constant=True),))


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first entry that has a value."""

    entries: Sequence[Rule]

    def find(self, here: Here) -> Found:
        """Give that entry's values."""
        states: list[State] = []
        for entry in self.entries:
            found = entry.find(here)
            if found.values:
                return found
            states.append(found.state)
        return Found((), _strongest(states))


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every value of every entry."""

    entries: Sequence[Rule]

    def find(self, here: Here) -> Found:
        """Give them in the order of the entries."""
        return _gathered([entry.find(here) for entry in self.entries])


@dataclass(frozen=True, slots=True)
class Concat:
    """One text of all entries."""

    entries: Sequence[Rule]
    join: str

    def find(self, here: Here) -> Found:
        """Give it, or none when an entry has none."""
        texts: list[str] = []
        for entry in self.entries:
            found = entry.find(here)
            if not found.values:
                return Found((), found.state)
            texts.append(entry.only(found))
        return Found((Value(self.join.join(texts)),))


@dataclass(frozen=True, slots=True)
class Each:
    """The values that a rule finds at each of some elements."""

    path: Path
    scope: Scope
    rule: Rule

    def find(self, here: Here) -> Found:
        """Give them in document order."""
        places = entered(self.path, self.scope, here)
        return _gathered([self.rule.find(there) for there in places])


@dataclass(frozen=True, slots=True)
class Pairs:
    """A list of names and values inside the record.

    Attributes:
        name: Its name in the mapping.
        path: Where its entries stand, from the record.
        scope: What starts at an entry.
        key: The entry's name.
        value: The entry's values, with their unit.
    """

    name: str
    path: Path
    scope: Scope
    key: Rule
    value: Rule

    def entries(self, context: Context) -> Mapping[str, Sequence[Here]]:
        """Give the record's entries by name, in document order."""
        known = context.pairs.get(self.name)
        if known is None:
            known = context.pairs[self.name] = self._entries(context)
        return known

    def _entries(self, context: Context) -> Mapping[str, Sequence[Here]]:
        entries: dict[str, list[Here]] = {}
        for there in entered(self.path, self.scope, context.top):
            key = self.key.one(there)
            if key is not None:
                entries.setdefault(key, []).append(there)
        return entries


@dataclass(frozen=True, slots=True)
class FromPair:
    """The values of the entries that have one name."""

    pairs: Pairs
    name: str

    def find(self, here: Here) -> Found:
        """Give their values in document order."""
        entries = self.pairs.entries(here.context).get(self.name, ())
        return _gathered([self.pairs.value.find(there) for there in entries])


def entered(path: Path, scope: Scope, here: Here) -> Iterable[Here]:
    """Give the elements of a path, each as a place where rules start.

    Raises:
        Unmappable: The path finds something that is no element.
    """
    for node in path.nodes(here):
        if not isinstance(node, etree._Element):
            text = node.text if isinstance(node, Leaf) else str(node)
            raise Unmappable(f"{path.text} finds a text; each: needs elements", text)
        yield scope.enter(node, here.context)


def _gathered(found: Sequence[Found]) -> Found:
    """Give all values that were found, or the strongest reason why there are none."""
    values = [value for each in found for value in each.values]
    return Found(values, _strongest([each.state for each in found]))


def _strongest(states: Sequence[State]) -> State:
    for state in (State.NIL, State.NO_VALUE, State.EMPTY, State.ABSENT):
        if state in states:
            return state
    return State.SILENT if states else State.ABSENT
