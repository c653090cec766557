"""Checks of table cells."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from erp2pim.model import Json
from erp2pim.structure.attribute import Attribute, Column
from erp2pim.structure.emptiness import is_empty
from erp2pim.structure.findings import Remarks, refuse
from erp2pim.structure.numerals import number
from erp2pim.structure.shapes import objects

_MOST_ROWS = 100
_SHAPES: Mapping[str, tuple[type, ...]] = {
    "select": (str,),
    "text": (str,),
    "date": (str,),
    "reference_entity": (str,),
    "boolean": (bool,),
    "measurement": (Mapping,),
}


def table_remarks(attribute: Attribute, data: Json) -> Remarks:
    """Check a table cell that is not empty: rows of known columns, each with its first column.

    Source: Akeneo's documentation (concepts/products; at most 100 rows).
    """
    rows = objects(data)
    if rows is None:
        yield refuse("table", "a list of rows is expected: [{column: cell, …}]")
        return
    if len(rows) > _MOST_ROWS:
        yield refuse("table", f"at most {_MOST_ROWS} rows are expected", str(len(rows)))
    for index, row in enumerate(rows, start=1):
        yield from row_remarks(attribute.table_configuration, index, row)


def row_remarks(columns: Sequence[Column], index: int, row: Mapping[str, Json]) -> Remarks:
    """Check a row: its first column names it, and its columns are known."""
    known = {column.code.lower(): column for column in columns}
    filled = {code.lower() for code, cell in row.items() if not is_empty("", cell)}
    if columns and columns[0].code.lower() not in filled:
        message = f"row {index}: the column {columns[0].code} is expected to be filled"
        yield refuse("table", message, str(row))
    for code, cell in row.items():
        column = known.get(code.lower())
        if column is None:
            message = f"row {index}: a column is expected: {', '.join(c.code for c in columns)}"
            yield refuse("table", message, code)
        elif not is_empty("", cell):
            yield from cell_remarks(column, index, cell)


def cell_remarks(column: Column, index: int, cell: Json) -> Remarks:
    """Check one cell of a table: its type, and what its column asks of it."""
    start = f"row {index}, column {column.code}"
    if column.data_type == "number":
        yield from number_remarks(column, start, number(cell), str(cell))
        return
    shape = _SHAPES.get(column.data_type)
    if shape is not None and not isinstance(cell, shape):
        yield refuse("table", f"{start}: a {column.data_type} is expected", str(cell))
    longest = column.validations.max_length
    if isinstance(cell, str) and longest is not None and len(cell) > longest:
        yield refuse("table", f"{start}: at most {longest} characters are expected", cell)


def number_remarks(column: Column, start: str, exact: Decimal | None, cell: str) -> Remarks:
    """Check a number cell of a table."""
    limits = column.validations
    if exact is None:
        yield refuse("table", f"{start}: a number is expected", cell)
        return
    if not limits.decimals_allowed and exact != exact.to_integral_value():
        yield refuse("table", f"{start}: a whole number is expected", cell)
    if limits.min is not None and exact < limits.min:
        yield refuse("table", f"{start}: at least {limits.min} is expected", cell)
    if limits.max is not None and exact > limits.max:
        yield refuse("table", f"{start}: at most {limits.max} is expected", cell)
