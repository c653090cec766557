"""Cells of the PIM's table attribute."""

from collections.abc import Mapping
from dataclasses import dataclass

from erp2pim.mapping import schema
from erp2pim.mapping.build import Builder
from erp2pim.mapping.cells import Cell, Draft
from erp2pim.mapping.context import Here
from erp2pim.mapping.origins import entered
from erp2pim.mapping.paths import Path
from erp2pim.mapping.scope import Scope
from erp2pim.mapping.shape import unknown
from erp2pim.mapping.spots import Spot
from erp2pim.model import Json

# What the columns of a table attribute may hold; a select's or an entity's code is a text.
_TYPES: Mapping[str, schema.AttributeType] = {
    "boolean": "boolean",
    "date": "date",
    "measurement": "metric",
    "number": "number",
}


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a table attribute: one row for each of some elements.

    Attributes:
        name: The attribute's code.
        place: `file:line` of its rule.
        locale: As in `Cell`.
        channel: As in `Cell`.
        path: Where the rows stand.
        scope: What starts at a row.
        columns: What gives the cells of a row, by column.
    """

    name: str
    place: str
    locale: str | None
    channel: str | None
    path: Path
    scope: Scope
    columns: Mapping[str, Cell]

    def fill(self, here: Here, draft: Draft) -> None:
        """Put the rows into a draft; nothing where there are none.

        Raises:
            Unmappable: A column has two different values, or one that does not suit its type.
        """
        rows = [self._row(there) for there in entered(self.path, self.scope, here)]
        if rows:
            entry = {"locale": self.locale, "scope": self.channel, "data": rows}
            draft.values.setdefault(self.name, []).append(entry)

    def _row(self, there: Here) -> Mapping[str, Json]:
        found = {name: cell.rule.find(there) for name, cell in self.columns.items()}
        return {
            name: self.columns[name].typed(one.values) for name, one in found.items() if one.values
        }


def column_type(builder: Builder, attribute: str, name: str, spot: Spot) -> schema.AttributeType:
    """Give what a column holds, as the structure knows it; texts where there is none.

    A column that the attribute does not have is a fault.
    """
    known = None if builder.structure is None else builder.structure.attributes.get(attribute)
    if known is None:
        return "text"
    types = {column.code: column.data_type for column in known.table_configuration}
    if name not in types:
        builder.faults.add(spot.loc, unknown(name, list(types), what=f"column of {attribute}"))
    return _TYPES.get(types.get(name, ""), "text")
