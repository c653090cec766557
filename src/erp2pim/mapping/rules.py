"""One rule at work: when, nodes, text, split, transform, table, join; typing comes after."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from erp2pim.mapping.context import Here
from erp2pim.mapping.numbers import PLAIN
from erp2pim.mapping.paths import Path
from erp2pim.mapping.readings import NAMES, NO_VALUE, Readings
from erp2pim.mapping.scope import Scope
from erp2pim.mapping.tables import Table
from erp2pim.mapping.transforms import Step
from erp2pim.mapping.values import SILENT, Found, State, Unmappable, Value, same

_DONE = {"leave": "left", "clear": "cleared"}


class Origin(Protocol):
    """Where a rule's values come from."""

    def find(self, here: Here) -> Found:
        """Give the values, as texts."""
        ...


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
        label: Where the labels of options come from.
        glued: Whether a number and its unit or currency stand in one text.
        coded: Whether its texts become codes, of which no two texts may give the same.
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
    label: "Beside | None" = None
    glued: bool = False
    coded: bool = False

    def find(self, here: Here) -> Found:
        """Give the rule's values as texts, or the reason why there are none.

        Raises:
            Unmappable: With this rule's place, unless a rule within it is to blame.
        """
        try:
            if self.when is not None and not self.when.holds(here):
                return SILENT
            found = self._find(here)
        except Unmappable as finding:
            finding.rule = finding.rule or self.place
            raise
        if found.values and here.context.given.trace is not None:
            here.context.given.trace.rules.add(self.place)
        if not found.values and self.default is not None:
            here.context.decided(self.place, "default")
            value = Value(self.default, None, constant=True)
            return Found((self._with_neighbours(value, here),))
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
            message = f"{what} is missing: {NO_VALUE[found.state]}"
            raise Unmappable(message, rule=self.place, what=NAMES[found.state])
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

    def clears(self, state: State, here: Here) -> bool:
        """Say whether a value that is missing is to be cleared in the PIM, or left as it is.

        Raises:
            Unmappable: The policy for this state is reject.
        """
        policy = self.readings.policy(state)
        if policy == "reject":
            raise Unmappable(
                f"a value is expected: {NO_VALUE[state]}", rule=self.place, what=NAMES[state]
            )
        if state is not State.SILENT:
            here.context.decided(self.place, f"{NAMES[state]}: {_DONE[policy]}")
        return policy == "clear"

    def _find(self, here: Here) -> Found:
        found = self.origin.find(here)
        values = found.values
        if not values:
            return found
        if self.split is not None:
            values = [part for value in values for part in _parts(value, self.split)]
        if self.transform is not None:
            values = [turned for value in values for turned in self._turned(value, here)]
        if not values:
            return Found((), State.EMPTY)
        if self.table is not None:
            values = [row for value in values for row in self.table.turn(value, here.context)]
            if not values:
                return SILENT
        if self.join is not None:
            values = [values[0].reading(self.join.join(v.as_text() for v in values))]
        if self.unit or self.currency or self.label:
            values = [self._with_neighbours(value, here) for value in values]
        return found if values is found.values else Found(values)

    def _turned(self, value: Value, here: Here) -> Iterable[Value]:
        source = value.as_text()
        text = source if self.transform is None else self.transform(source)
        if not text:
            return
        if self.coded:
            first = here.context.given.codes.setdefault((self.place, text.lower()), source)
            if first.casefold() != source.casefold():
                raise Unmappable(
                    f"every text is expected to give a code of its own; {text} comes from two",
                    f"{first} and {source}",
                    what="two texts for one code",
                )
        yield value.reading(text)

    def _with_neighbours(self, value: Value, here: Here) -> Value:
        if self.glued and not value.constant:
            numbers = PLAIN if value.plain else self.readings.numbers
            number, here.context.rest = numbers.apart(value.as_text())
            value = value.reading(number)
        return Value(
            value.text,
            value.owner,
            value.constant,
            _neighbour(self.unit, value.unit, value, here),
            _neighbour(self.currency, value.currency, value, here),
            _neighbour(self.label, value.label, value, here),
            value.tabled,
        )


def _neighbour(rule: "Beside | None", known: str | None, value: Value, here: Here) -> str | None:
    return known if rule is None or known is not None else rule.text(value, here)


def _parts(value: Value, mark: str) -> Iterable[Value]:
    for part in value.as_text().split(mark):
        if text := part.strip():
            yield value.reading(text)


@dataclass(frozen=True, slots=True)
class Condition:
    """An XPath that is true or false of a record.

    Attributes:
        path: The XPath.
        place: `file:line` where it stands.
    """

    path: Path
    place: str

    def holds(self, here: Here) -> bool:
        """Say whether it is true; nodes and texts count as XPath's boolean() counts them.

        Raises:
            Unmappable: It fails on this record.
        """
        try:
            found = self.path.nodes(here)
        except Unmappable as finding:
            finding.rule = finding.rule or self.place
            raise
        return bool(found) and found[0] is not False


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
