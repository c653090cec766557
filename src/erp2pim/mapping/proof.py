"""Items held against the PIM's structure while they are mapped, before anything is sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from erp2pim.mapping.values import Unmappable
from erp2pim.model import Body, Json, Kind
from erp2pim.structure import Finding, Structure, findings, spelled, unit_code
from erp2pim.structure.attribute import METRIC


@dataclass(frozen=True, slots=True)
class Proof:
    """What items must hold against.

    Attributes:
        structure: The PIM's structure.
        places: `file:line` of the rules, by attribute or property.
    """

    structure: Structure
    places: Mapping[str, str]

    def spelled(self, body: Body) -> Body:
        """Give a body with the PIM's spelling of its codes, and unit codes for units' symbols."""
        return spelled(self.structure, self._with_units(body))

    def hold(self, kind: Kind, identifier: str, body: Body) -> Sequence[Finding]:
        """Give all that is to be said of an item."""
        return findings(self.structure, kind, identifier, body)

    def refusals(self, found: Sequence[Finding]) -> Iterator[Unmappable]:
        """Give what keeps an item from being sent, each at its rule."""
        for finding in found:
            if finding.severity == "reject":
                yield Unmappable(
                    f"{_named(finding)}{finding.message}",
                    finding.value,
                    rule=self.place(finding),
                    what=finding.check,
                )

    def place(self, finding: Finding) -> str:
        """Give `file:line` of the rule that a finding is about."""
        return self.places.get(finding.path.name, "")

    def _with_units(self, body: Body) -> Body:
        values = body.get("values")
        if not isinstance(values, Mapping):
            return body
        metrics = {code: cells for code, cells in values.items() if self._is_metric(code)}
        if not metrics:
            return body
        resolved = {code: self._resolved(code, cells) for code, cells in metrics.items()}
        return {**body, "values": {**values, **resolved}}

    def _is_metric(self, code: str) -> bool:
        attribute = self.structure.attributes.get(code)
        return attribute is not None and attribute.type == METRIC

    def _resolved(self, code: str, cells: Json) -> Json:
        resolved: list[Json] = []
        for cell in cast("Sequence[Mapping[str, Json]]", cells):
            data = cell["data"]
            if isinstance(data, Mapping):
                text = str(data["unit"])
                unit = unit_code(self.structure, self.structure.attributes[code], text) or text
                resolved.append({**cell, "data": {**data, "unit": unit}})
            else:
                resolved.append(cell)
        return resolved


def _named(finding: Finding) -> str:
    where = ", ".join(part for part in finding.path[1:] if part)
    return f"{finding.path.name} [{where}]: " if where else f"{finding.path.name}: "
