"""How texts of the export are read: numbers, dates, booleans, and what no value means."""

from dataclasses import dataclass, field
from typing import Literal

from erp2pim.mapping.dates import ISO, DateFormats
from erp2pim.mapping.numbers import PLAIN, NumberFormat
from erp2pim.mapping.values import State, Unmappable

Policy = Literal["leave", "clear", "reject"]


@dataclass(frozen=True, slots=True)
class Words:
    """The words for true and false, casefolded."""

    true: frozenset[str] = frozenset({"true", "1"})
    false: frozenset[str] = frozenset({"false", "0"})

    def boolean(self, text: str) -> bool:
        """Read a boolean.

        Raises:
            Unmappable: The text is none of the words.
        """
        folded = text.strip().casefold()
        if folded in self.true:
            return True
        if folded in self.false:
            return False
        known = ", ".join(repr(word) for word in sorted(self.true) + sorted(self.false))
        raise Unmappable(f"one of the words {known} is expected", text, what="boolean")

    @property
    def mean_empty(self) -> bool:
        """Whether an empty text is one of the words."""
        return "" in self.true or "" in self.false


@dataclass(frozen=True, slots=True)
class Readings:
    """The readings that hold for one rule."""

    numbers: NumberFormat = PLAIN
    dates: DateFormats = ISO
    booleans: Words = field(default_factory=Words)
    no_value: frozenset[str] = frozenset()
    absent: Policy = "leave"
    empty: Policy = "leave"
    nil: Policy = "reject"

    def policy(self, state: State) -> Policy:
        """Say what to do when there is no value, and why there is none."""
        match state:
            case State.ABSENT:
                return self.absent
            case State.EMPTY | State.NO_VALUE:
                return self.empty
            case State.NIL:
                return self.nil
            case State.SILENT:
                return "leave"


NAMES = {
    State.ABSENT: "absent",
    State.EMPTY: "empty",
    State.NO_VALUE: "no_value",
    State.NIL: "nil",
    State.SILENT: "silent",
}
NO_VALUE: dict[State, str] = {
    State.ABSENT: "the path finds nothing",
    State.EMPTY: "the path finds only empty texts",
    State.NO_VALUE: "the path finds only texts that mean no value",
    State.NIL: "the element is nil",
    State.SILENT: "the rule is silent",
}
