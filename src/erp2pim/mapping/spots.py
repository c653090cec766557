"""Where in a mapping a rule stands, and where its paths start."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from erp2pim.mapping.faults import Loc
from erp2pim.mapping.paths import Path
from erp2pim.mapping.scope import Scope
from erp2pim.mapping.steps import steps
from erp2pim.mapping.xpath import variables

Known: TypeAlias = Mapping[str, str | None]
Level = Literal["cell", "item", "entry"]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a mapping a rule stands.

    Attributes:
        loc: The keys that lead to it.
        scope: Where its paths start.
        bound: Variables of this rule alone.
        flag: Whether it ends as a boolean, for which an empty text may be a word.
        last: Whether no other entry follows that could give a value instead.
        measured: Whether units of its values are of use.
        readable: Whether its texts are read as numbers, dates or booleans.
        fallback: Whether it is asked only where what stands before it in a list has no value.
        level: Whether it makes a cell, something else of an item, or is an entry of another rule.
    """

    loc: Loc
    scope: Scope
    bound: Known = field(default_factory=dict[str, str | None])
    flag: bool = False
    last: bool = True
    measured: bool = False
    readable: bool = False
    fallback: bool = False
    level: Level = "entry"

    def at(self, *keys: str | int) -> "Spot":
        """Give the spot that further keys lead to."""
        return replace(self, loc=(*self.loc, *keys))


@dataclass(frozen=True, slots=True)
class Watched:
    """A path that is expected to find something in every export.

    Attributes:
        place: `file:line` of its rule.
        path: The path.
        bound: Variables of this rule alone.
        fallback: Whether it is asked only where what stands before it in a list has no value.
    """

    place: str
    path: Path
    bound: Known
    fallback: bool = False

    @property
    def condition(self) -> str:
        """For which locale or channel it is asked; empty where it names neither."""
        named = variables(self.path.text) & set(self.bound)
        told = [f"${name} is {self.bound[name]!r}" for name in sorted(named)]
        return f" where {' and '.join(told)}" if told else ""


def below(path: str, outer: Scope) -> int:
    """Say how far below the record the elements of a path stand, at least."""
    cut = steps(path)
    return 0 if cut is None else outer.depth + sum(not step.attribute for step in cut)
