"""One rule at work: when, nodes, text, split, transform, table, join; typing comes after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from erp2pim.mapping.paths import Context, Here, Path, Scope
from erp2pim.mapping.readings import NO_VALUE, Readings
from erp2pim.mapping.transforms import Step
from erp2pim.mapping.values import (
    ABSENT,
    SILENT,
    Found,
    State,
    Unmappable,
    Value,
    plain_text,
    read,
    same,
)

Rows = Mapping[str, Sequence[str]]


class Origin(Protocol):
    """Where a rule's values come from."""

    def find(self, here: Here) -> Found:
        """Give the values, as texts."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table at work.

    Attributes:
        name: Its name in the mapping.
        rows: Values by key.
        otherwise: What to do with an unknown text; the constant itself where it is replaced.
    """

    name: str
    rows: Rows
    otherwise: Literal["reject", "drop", "keep"] | Value

    def turn(self, value: Value) -> Iterable[Value]:
        """Give what the table has for a value.

        Raises:
            Unmappable: It has nothing, and `otherwise` is reject.
        """
        text = value.as_text()
        rows = self.rows.get(text)
        if rows is not None:
            return [value._replace(text=row) for row in rows]
        match self.otherwise:
            case "reject":
                raise Unmappable(f"a key of the table {self.name} is expected", text)
            case "drop":
                return ()
            case "keep":
                return (value,)
            case constant:
                return (constant,)


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule.

    Attributes:
        place: `file:line` of the rule.
        origin: Where its values come from.
        readings: How its texts are read.
        when: The condition without which it is silent.
        unit: Where units come from, for measures.
        currency: Where currencies come from, for prices.
    """

    place: str
    origin: Origin
    readings: Readings
    when: "Condition | None" = None
    split: str | None = None
    transform: Step | None = None
    table: Table | None = None
    join: str | None = None
    default: str | None = None
    unit: "Beside | None" = None
    currency: "Beside | None" = None

    def find(self, here: Here) -> Found:
        """Give the rule's values as texts, or the reason why there are none.

        Raises:
            Unmappable: With this rule's place, unless a rule within it is to blame.
        """
        try:
            found = self._find(here)
        except Unmappable as finding:
            finding.rule = finding.rule or self.place
            raise
        if not found.values and self.default is not None:
            return Found((Value(self.default, None, constant=True),))
        return found

    def one(self, here: Here) -> str | None:
        """Give the rule's only value as a text, None where there is none.

        Raises:
            Unmappable: There are two different ones, or it is a condition's.
        """
        found = self.find(here)
        return self.only(found) if found.values else None

    def need(self, here: Here, what: str) -> str:
        """Give the rule's only value as a text.

        Raises:
            Unmappable: There is none, or there are two different ones, or it is a condition's.
        """
        found = self.find(here)
        if not found.values:
            raise Unmappable(f"{what} is missing: {NO_VALUE[found.state]}", rule=self.place)
        return self.only(found)

    def only(self, found: Found) -> str:
        """Give the one text that all values are.

        Raises:
            Unmappable: Two of them differ.
        """
        try:
            return same([value.as_text() for value in found.values], found.values)
        except Unmappable as finding:
            finding.rule = finding.rule or self.place
            raise

    def clears(self, state: State) -> bool:
        """Say whether a value that is missing is to be cleared in the PIM, or left as it is.

        Raises:
            Unmappable: The policy for this state is reject.
        """
        match self.readings.policy(state):
            case "leave":
                return False
            case "clear":
                return True
            case "reject":
                raise Unmappable(f"a value is expected: {NO_VALUE[state]}", rule=self.place)

    def _find(self, here: Here) -> Found:
        if self.when is not None and not self.when.holds(here):
            return SILENT
        found = self.origin.find(here)
        values = found.values
        if not values:
            return found
        if self.split is not None:
            values = [part for value in values for part in _parts(value, self.split)]
        if self.transform is not None:
            values = [turned for value in values for turned in _turned(value, self.transform)]
        if not values:
            return Found((), State.EMPTY)
        if self.table is not None:
            values = [row for value in values for row in self.table.turn(value)]
            if not values:
                return SILENT
        if self.join is not None:
            values = [values[0]._replace(text=self.join.join(v.as_text() for v in values))]
        if self.unit is not None or self.currency is not None:
            values = [self._with_neighbours(value, here) for value in values]
        return Found(values)

    def _with_neighbours(self, value: Value, here: Here) -> Value:
        if self.unit is not None and value.unit is None:
            value = value._replace(unit=self.unit.text(value, here))
        if self.currency is not None and value.currency is None:
            value = value._replace(currency=self.currency.text(value, here))
        return value


def _parts(value: Value, mark: str) -> Iterable[Value]:
    for part in value.as_text().split(mark):
        if text := part.strip():
            yield value._replace(text=text)


def _turned(value: Value, step: Step) -> Iterable[Value]:
    text = step(value.as_text())
    if text:
        yield value._replace(text=text)


@dataclass(frozen=True, slots=True)
class Condition:
    """An XPath that is true or false of a record."""

    path: Path

    def holds(self, here: Here) -> bool:
        """Say whether it is true; nodes and texts count as XPath's boolean() counts them."""
        found = self.path.nodes(here)
        return bool(found) and found[0] is not False


@dataclass(frozen=True, slots=True)
class FromPath:
    """The texts that an XPath finds."""

    path: Path
    trim: bool
    no_value: frozenset[str]

    def find(self, here: Here) -> Found:
        """Give them in document order."""
        nodes = self.path.nodes(here)
        if not nodes:
            return ABSENT
        return read(nodes, trim=self.trim, no_value=self.no_value, texts=plain_text)


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
        found = [entry.find(here) for entry in self.entries]
        values = [value for each in found for value in each.values]
        return Found(values, _strongest([each.state for each in found]))


@dataclass(frozen=True, slots=True)
class Concat:
    """One text of all entries."""

    entries: Sequence[Rule]
    join: str

    def find(self, here: Here) -> Found:
        """Give it, or none when an entry has none."""
        texts: list[str] = []
        for entry in self.entries:
            text = entry.one(here)
            if text is None:
                return ABSENT
            texts.append(text)
        return Found((Value(self.join.join(texts)),))


@dataclass(frozen=True, slots=True)
class Each:
    """The values that a rule finds at each of some elements."""

    path: Path
    scope: Scope
    rule: Rule

    def find(self, here: Here) -> Found:
        """Give them in document order."""
        found = [self.rule.find(there) for there in entered(self.path, self.scope, here)]
        values = [value for each in found for value in each.values]
        return Found(values, _strongest([each.state for each in found]))


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
        found = [self.pairs.value.find(there) for there in entries]
        values = [value for each in found for value in each.values]
        return Found(values, _strongest([each.state for each in found]))


@dataclass(frozen=True, slots=True)
class Beside:
    """What belongs to a value, such as its unit."""

    scope: Scope
    rule: Rule

    def text(self, value: Value, here: Here) -> str | None:
        """Give it as a text; None where there is none.

        Paths start at the value's own element, and where that has nothing, where the rule's do.
        """
        owner = here.element if value.owner is None else value.owner
        return self.rule.one(self.scope.enter(owner, here.context, beyond=here))


def entered(path: Path, scope: Scope, here: Here) -> Iterable[Here]:
    """Give the elements of a path, each as a place where rules start.

    Raises:
        Unmappable: The path finds something that is no element.
    """
    for node in path.nodes(here):
        if isinstance(node, (str, bool, tuple)):
            raise Unmappable(f"{path.text} finds a text; each: needs elements", str(node))
        yield scope.enter(node, here.context)


def _strongest(states: Sequence[State]) -> State:
    for state in (State.NIL, State.EMPTY, State.ABSENT):
        if state in states:
            return state
    return State.SILENT if states else State.ABSENT
