"""A mapping at work on one export: what it gathers beforehand, and what records become."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from erp2pim.mapping.cells import Cell
from erp2pim.mapping.context import Context, Here
from erp2pim.mapping.given import Given, JoinRows, TableRows, Trace
from erp2pim.mapping.items import ItemKind
from erp2pim.mapping.joins import JoinSource, TableSource
from erp2pim.mapping.marker import Marker
from erp2pim.mapping.names import Names
from erp2pim.mapping.proof import Proof
from erp2pim.mapping.recordpath import RecordPath
from erp2pim.mapping.rules import Condition
from erp2pim.mapping.schema.rules import Owner
from erp2pim.mapping.scope import Scope
from erp2pim.mapping.spots import Watched
from erp2pim.mapping.tables import Table
from erp2pim.mapping.values import Unmappable
from erp2pim.model import Duplicates, Item, Kind, Origin, Reject, Skipped
from erp2pim.structure import Structure

Mapped: TypeAlias = tuple[Item | Reject, Duplicates]

NO_KIND = Skipped("no kind")


@dataclass(frozen=True, slots=True)
class Skip:
    """A condition that leaves records out."""

    reason: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Records:
    """Records that stand on one path.

    Attributes:
        path: Where they stand.
        skips: Which of them are left out.
        kinds: What the others become.
    """

    path: RecordPath
    skips: Sequence[Skip]
    kinds: Sequence[ItemKind]


@dataclass(frozen=True, slots=True)
class Reader:
    """How the parser is to read exports.

    Attributes:
        names: How names are read.
        huge: Whether the parser's limits are lifted.
        recover: Whether it reads on behind what is not well-formed.
        keep: Names of elements outside the records that paths with `..` may reach; None for all.
        header_row: The number of the row that names a sheet's columns; None where there is none.
        index: lxml's name of the attribute that says in which column a cell stands.
        across: lxml's name of the attribute that says how many further columns a cell covers.
    """

    names: Names
    huge: bool = False
    recover: bool = False
    keep: AbstractSet[str] | None = frozenset()
    header_row: int | None = None
    index: str | None = None
    across: str | None = None


@dataclass(frozen=True, slots=True)
class CompiledMapping:
    """A mapping at work.

    Attributes:
        reader: How exports are read.
        header: Where the header's values stand, by variable.
        tables: Tables that stand in exports, by name.
        joins: Elements that belong to records, by variable.
        records: What records become, by their path.
        mentioned: Names in conditions and predicates.
        rules: `file:line` of every rule.
        is_repeatable: Whether equal records of exports that give the same become equal items.
        digest: Of all that the mapping says, and of the program's version.
        owners: Who has the last word, by attribute, property or association type; `erp` elsewhere.
        doubts: What is worth a look before there is an export, each with its place.
        places: `file:line` of the first rule of each part, by the part's name.
        labelled: Selects whose options' labels are a table.
    """

    reader: Reader
    header: Mapping[str, RecordPath]
    tables: Mapping[str, TableSource]
    joins: Mapping[str, JoinSource]
    records: Sequence[Records]
    mentioned: AbstractSet[str]
    rules: Sequence[str]
    is_repeatable: bool
    digest: bytes
    owners: Mapping[str, Owner]
    doubts: Sequence[str]
    places: Mapping[str, str]
    labelled: AbstractSet[str]
    _scope: Scope
    _watched: Sequence[Watched]
    _used_tables: Sequence[Table]
    _proof: Proof | None

    def given(
        self,
        decisions: Counter[tuple[str, str]],
        codes: dict[tuple[str, str], str],
        trace: Trace | None = None,
    ) -> Given:
        """Give what an export is to be filled into: no header, empty tables and joins.

        Args:
            decisions: Counted on over all exports of a run.
            codes: Kept over all exports of a run.
            trace: Filled where somebody wants to know what the mapping makes use of.
        """
        return Given(
            header={name: [] for name in self.header},
            tables={name: TableRows({}, {}) for name in self.tables},
            joins={name: JoinRows() for name in self.joins},
            decisions=decisions,
            codes=codes,
            trace=trace,
        )

    def items(
        self, number: int, element: etree._Element, origin: Origin, given: Given
    ) -> Sequence[Mapped] | Skipped:
        """Give what one record becomes: one or more items and rejects, or that it is left out.

        Args:
            number: Which of `records` it stands on.
            element: The record.
            origin: Where it stands.
            given: What its export gives.
        """
        context = Context(given, self.joins, self._proof)
        top = context.top = self._scope.enter(element, context)
        try:
            return self._items(self.records[number], top, origin)
        finally:
            context.forget()

    def _items(self, records: Records, top: Here, origin: Origin) -> Sequence[Mapped] | Skipped:
        try:
            for skip in records.skips:
                if skip.condition.holds(top):
                    return Skipped(skip.reason)
        except Unmappable as finding:
            top.context.decided(finding.rule, f"{finding.what}: rejected")
            refused = Reject(
                "product", None, origin, "mapping", finding.rule, finding.message, finding.value
            )
            return [(refused, "reject")]
        items: list[Mapped] = [
            (item, kind.duplicates) for kind in records.kinds for item in kind.items(top, origin)
        ]
        return items or NO_KIND

    def marker(self, given: Given) -> Marker | None:
        """Give what recognises the records of an export; None where records cannot be."""
        return Marker(self.digest + given.digest()) if self.is_repeatable else None

    @property
    def structure(self) -> Structure | None:
        """The PIM's structure that items are held against."""
        return None if self._proof is None else self._proof.structure

    @property
    def unique(self) -> Mapping[str, str]:
        """`file:line` of the rules of attributes whose values are unique in the PIM.

        Where people own one, what the export says of it is not what the PIM gets.
        """
        if self.structure is None:
            return {}
        known = ((self.structure.attributes.find(name), name) for name in self.places)
        return {
            attribute.code: place
            for attribute, name in known
            if attribute is not None and attribute.unique and name not in self.owners
            if (place := self.place_of(name, "product"))
        }

    @property
    def growing(self) -> AbstractSet[str]:
        """Selects whose options are made where the PIM lacks them."""
        parts = [part for each in self.records for kind in each.kinds for part in kind.parts]
        return {part.name for part in parts if isinstance(part, Cell) and part.options is not None}

    @property
    def touched(self) -> AbstractSet[str]:
        """What a change of the PIM's structure may bear on, in the names of `structure.touches`."""
        options = {f"options.{select}" for select in self.growing}
        return {*self.places, *options, *(f"labels.{select}" for select in self.labelled)}

    def place_of(self, attribute: str, kind: Kind) -> str | None:
        """Give `file:line` of the rules for an attribute, of all kinds of items that are so.

        An item that was mapped does not say which of them it came from. None where there is none.
        """
        kinds = (each for records in self.records for each in records.kinds if each.kind == kind)
        found = dict.fromkeys(place for each in kinds if (place := each.place_of(attribute)))
        return ", ".join(found) or None

    def unmatched(self) -> Iterator[Watched]:
        """Give the paths that records have asked for and that have found nothing so far."""
        yield from (each for each in self._watched if each.path.tried and not each.path.met)

    def unused_tables(self) -> Iterator[Table]:
        """Give the tables that have known no text so far, each as the first rule uses it."""
        met = {table.name for table in self._used_tables if table.met}
        first = {table.name: table for table in reversed(self._used_tables)}
        yield from (table for name, table in first.items() if name not in met)
