"""Records become items."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Literal, TypeAlias

from lxml import etree

from erp2pim.mapping.cells import Cell, boolean, nfc
from erp2pim.mapping.names import Names
from erp2pim.mapping.paths import Context, Here, Scope
from erp2pim.mapping.recordpath import RecordPath
from erp2pim.mapping.rules import Condition, Rule
from erp2pim.mapping.values import Found, Unmappable, Variables, same
from erp2pim.model import Duplicates, Item, Json, Kind, Origin, Reject, Skipped

Mapped: TypeAlias = tuple[Item | Reject, Duplicates]

NO_KIND = Skipped("no kind")


class Keep(Enum):
    """The answer that leaves what the PIM has."""

    KEEP = auto()


KEEP: Literal[Keep.KEEP] = Keep.KEEP


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an item that is no attribute.

    Attributes:
        rule: Where it comes from.
        form: One code, a list of codes, or whether the item is enabled.
    """

    rule: Rule
    form: Literal["code", "codes", "flag"]

    def give(self, here: Here) -> Json | Literal[Keep.KEEP]:
        """Give what the PIM is sent.

        Raises:
            Unmappable: The record does not give what the form needs.
        """
        found = self.rule.find(here)
        if not found.values:
            return self._gap(clears=self.rule.clears(found.state))
        try:
            return self._typed(found)
        except Unmappable as finding:
            finding.rule = finding.rule or self.rule.place
            raise

    def _gap(self, *, clears: bool) -> Json | Literal[Keep.KEEP]:
        """A product is always enabled or not, so that `enabled` cannot be cleared."""
        if not clears or self.form == "flag":
            return KEEP
        return [] if self.form == "codes" else None

    def _typed(self, found: Found) -> Json:
        match self.form:
            case "code":
                return nfc(self.rule.only(found))
            case "codes":
                return sorted({nfc(value.as_text()) for value in found.values})
            case "flag":
                return same([boolean(self.rule, value) for value in found.values], found.values)


@dataclass(frozen=True, slots=True)
class ItemKind:
    """One kind of item that records become.

    Attributes:
        kind: Product or product model.
        when: Which records become this kind; None for all.
        identifier: The item's identifier or code.
        duplicates: What to do when several records give one identifier.
        properties: What is not a value, by its name in the PIM: `family`, `enabled`, `categories`.
        cells: The cells of all attributes, those of one attribute together.
    """

    kind: Kind
    when: Condition | None
    identifier: Rule
    duplicates: Duplicates
    properties: Mapping[str, Property]
    cells: Sequence[Cell]

    def item(self, here: Here, origin: Origin) -> Item | Reject:
        """Give what the record becomes, or why it cannot; every fault is told."""
        try:
            identifier = nfc(self.identifier.need(here, "the identifier"))
        except Unmappable as finding:
            return self._reject(None, origin, [finding])
        findings: list[Unmappable] = []
        body = self._body(here, findings)
        if findings:
            return self._reject(identifier, origin, findings)
        return Item(self.kind, identifier, body, origin)

    def _body(self, here: Here, findings: list[Unmappable]) -> dict[str, Json]:
        body: dict[str, Json] = {}
        for name, prop in self.properties.items():
            try:
                given = prop.give(here)
            except Unmappable as finding:
                findings.append(finding)
            else:
                if given is not KEEP:
                    body[name] = given
        values = self._values(here, findings)
        if values:
            body["values"] = values
        return body

    def _values(self, here: Here, findings: list[Unmappable]) -> dict[str, list[Json]]:
        values: dict[str, list[Json]] = {}
        for cell in self.cells:
            try:
                entry = cell.entry(here)
            except Unmappable as finding:
                findings.append(finding)
                continue
            if entry is not None:
                values.setdefault(cell.attribute, []).append(entry)
        return values

    def _reject(
        self, identifier: str | None, origin: Origin, findings: Sequence[Unmappable]
    ) -> Reject:
        first, *others = findings
        more = "".join(f"; {each.rule}: {each.message}" for each in others)
        return Reject(
            kind=self.kind,
            identifier=identifier,
            origin=origin,
            stage="mapping",
            rule=first.rule or None,
            message=first.message + more,
            value=first.value,
        )


@dataclass(frozen=True, slots=True)
class Skip:
    """A condition that leaves records out."""

    reason: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class CompiledMapping:
    """A mapping at work.

    Attributes:
        record: Where the records stand.
        header: Where the header's values stand, by variable.
        names: How names of the export are read.
        huge: Whether the parser's limits are lifted.
        keep: Names of elements outside the records that paths with `..` may reach; None for all.
        kinds: What records become.
    """

    record: RecordPath
    header: Mapping[str, RecordPath]
    names: Names
    huge: bool
    keep: AbstractSet[str] | None
    kinds: Sequence[ItemKind]
    _scope: Scope
    _skips: Sequence[Skip] = field(default=())

    def items(
        self, element: etree._Element, origin: Origin, header: Variables
    ) -> Sequence[Mapped] | Skipped:
        """Give what one record becomes: one or more items and rejects, or that it is left out."""
        context = Context(header)
        here = context.top = self._scope.enter(element, context)
        try:
            for skip in self._skips:
                if skip.condition.holds(here):
                    return Skipped(skip.reason)
            kinds = [kind for kind in self.kinds if kind.when is None or kind.when.holds(here)]
        except Unmappable as finding:
            refused = Reject(
                "product", None, origin, "mapping", None, finding.message, finding.value
            )
            return [(refused, "reject")]
        return [(kind.item(here, origin), kind.duplicates) for kind in kinds] or NO_KIND

    def place_of(self, attribute: str) -> str | None:
        """Give `file:line` of the first rule for an attribute; None where there is none."""
        for kind in self.kinds:
            for cell in kind.cells:
                if cell.attribute == attribute:
                    return cell.rule.place
        return None
