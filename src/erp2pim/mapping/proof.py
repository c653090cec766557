"""Items held against the PIM's structure while they are mapped, before anything is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from erp2pim.mapping.values import Unmappable
from erp2pim.model import Body, FileCell, Json, Kind, Options
from erp2pim.structure import Finding, Structure, findings, spelled, unit_code
from erp2pim.structure.attribute import METRIC
from erp2pim.structure.choices import file_remarks
from erp2pim.structure.levels import MISPLACED

WARNED = "warned: "  # how a decision begins that lets an item go on
_NO_CODE_YET = "file code"
_STANDING = frozenset({"family", "family_variant", "parent"})


@dataclass(frozen=True, slots=True)
class Proof:
    """What items must hold against.

    Attributes:
        structure: The PIM's structure.
        misplaced: Whether values outside the item's family or level are refused.
    """

    structure: Structure
    misplaced: Literal["warn", "reject"]

    def spelled(self, body: Body) -> Body:
        """Give a body with the PIM's spelling of its codes, and unit codes for units' symbols."""
        return spelled(self.structure, self._with_units(body))

    def hold(
        self,
        kind: Kind,
        identifier: str,
        body: Body,
        *,
        media: Sequence[FileCell],
        variant: str | None,
    ) -> Sequence[Finding]:
        """Give all that is to be said of an item.

        Args:
            kind: What it is.
            identifier: Its identifier or code.
            body: In the PIM's spelling.
            media: Its files, which have no code yet.
            variant: The family variant of the model above; None where nobody knows it.
        """
        found = findings(self.structure, kind, identifier, body, variant=variant)
        if media:
            files: dict[str, list[Json]] = {}
            for cell in media:
                named = {"locale": cell.locale, "scope": cell.scope, "data": cell.name}
                files.setdefault(cell.attribute, []).append(named)
            beside = {name: body[name] for name in body.keys() & _STANDING} | {"values": files}
            seen = findings(self.structure, kind, identifier, beside, variant=variant)
            found += [
                each for each in seen if each.path.name in files and each.check != _NO_CODE_YET
            ]
        return found

    def takes(self, cell: FileCell) -> bool:
        """Say whether the PIM takes a file of this name, as far as can be known."""
        attribute = self.structure.attributes.get(cell.attribute)
        remarks = () if attribute is None else file_remarks(attribute, cell.name)
        return all(each.check == _NO_CODE_YET for each in remarks)

    def is_refusal(self, finding: Finding) -> bool:
        """Say whether a finding keeps an item from being sent."""
        strict = self.misplaced == "reject" and finding.check in MISPLACED
        return strict or finding.severity == "reject"

    def _with_units(self, body: Body) -> Body:
        values = body.get("values")
        if not isinstance(values, dict):
            return body
        metrics = {code: cells for code, cells in values.items() if self._is_metric(code)}
        if not metrics:
            return body
        resolved = {code: self._resolved(code, cells) for code, cells in metrics.items()}
        return {**body, "values": {**values, **resolved}}

    def _is_metric(self, code: str) -> bool:
        attribute = self.structure.attributes.own(code)
        return attribute is not None and attribute.type == METRIC

    def _resolved(self, code: str, cells: Json) -> Json:
        resolved: list[Json] = []
        for cell in cast("Sequence[Mapping[str, Json]]", cells):
            data = cell["data"]
            if isinstance(data, dict):
                text = str(data["unit"])
                unit = unit_code(self.structure, self.structure.attributes[code], text) or text
                resolved.append({**cell, "data": {**data, "unit": unit}})
            else:
                resolved.append(cell)
        return resolved


def refusal(finding: Finding, place: str) -> Unmappable:
    """Give what keeps an item from being sent.

    Args:
        finding: What there is against it.
        place: `file:line` of the rule that it is about.
    """
    message = f"{named(finding)}{finding.message}"
    return Unmappable(message, finding.value, rule=place, what=finding.check)


def is_made(finding: Finding, options: Options) -> bool:
    """Say whether all options that a finding takes for unknown may be made."""
    those = options.get(finding.path.name, {})
    return finding.check == "option" and all(code in those for code in finding.value.split(", "))


def named(finding: Finding) -> str:
    """Give the attribute or property that a finding is about, with locale and channel."""
    where = ", ".join(part for part in finding.path[1:] if part)
    return f"{finding.path.name} [{where}]: " if where else f"{finding.path.name}: "
