"""Where rules start in a record, and what holds for the whole of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lxml import etree

from erp2pim.mapping.given import Given
from erp2pim.mapping.proof import Proof
from erp2pim.mapping.values import Node

REST = "rest"


@dataclass(slots=True)
class Context:
    """What holds for one record wherever a rule stands.

    Attributes:
        given: What the export gives to all of its records.
        joins: What finds the rows of each join.
        proof: What items must hold against; None where the PIM's structure is not known.
        top: Where paths of the record itself start.
        rest: What a number left over, while its unit or currency is looked for.
        pairs: Entries by name, by list of pairs, as far as they were asked for.
        joined: Rows by join, likewise.
        variants: Family variants of the models that the record became, by the model's identity.
    """

    given: Given
    joins: "Mapping[str, Join]"
    proof: Proof | None = None
    top: "Here" = field(init=False)
    rest: str = ""
    pairs: "dict[str, Mapping[str, Sequence[Here]]]" = field(
        default_factory=dict[str, "Mapping[str, Sequence[Here]]"]
    )
    joined: dict[str, list[etree._Element]] = field(default_factory=dict[str, list[etree._Element]])
    variants: dict[str, str] = field(default_factory=dict[str, str])

    def forget(self) -> None:
        """Let go of the places in the record, since they hold this in turn.

        Otherwise all of the record would stay until the next look for circles in memory.
        """
        del self.top
        self.pairs.clear()

    def variable(self, name: str) -> str | list[etree._Element]:
        """Give what `$name` means in this record."""
        if name == REST:
            return self.rest
        join = self.joins.get(name)
        if join is None:
            return self.given.header[name]
        if name not in self.joined:
            self.joined[name] = join.rows(self.top)
        return self.joined[name]

    def found(self, nodes: Sequence[Node]) -> None:
        """Note what a path found, where somebody wants to know."""
        if self.given.trace is not None:
            self.given.trace.nodes.extend(nodes)

    def read_whole(self, nodes: Sequence[Node]) -> None:
        """Note what is read with all that is inside, where somebody wants to know."""
        if self.given.trace is not None:
            self.given.trace.whole.extend(nodes)

    def decided(self, place: str, decision: str) -> None:
        """Count a decision."""
        self.given.decisions[place, decision] += 1


class Join(Protocol):
    """Elements elsewhere that belong to a record."""

    def rows(self, top: "Here") -> list[etree._Element]:
        """Give those of the record that starts here."""
        ...


@dataclass(slots=True)
class Here:
    """Where a rule's paths start, with what the walk from there found.

    Attributes:
        element: The record, or the element of an `each`.
        hits: Nodes by the number of the path.
        context: What holds for the whole record.
        beyond: Where else to look, for what stands beside a value.
    """

    element: etree._Element
    hits: Sequence[Sequence[Node]]
    context: Context
    beyond: "Here | None" = None
