"""Rows of a sheet: each cell gets the header of its column."""

from lxml import etree

COLUMN = "column"
_MOST_DIGITS = 9  # no sheet has more columns


class Sheet:
    """The columns of a sheet, once the row that names them was seen."""

    def __init__(self, header_row: int | None, index: str | None, across: str | None) -> None:
        """Begin before the first row.

        Args:
            header_row: The number of the row that names the columns; None where there is none.
            index: lxml's name of the attribute that says in which column, counted from 1, a cell
                stands; cells without it stand beside the one before.
            across: lxml's name of the attribute that says how many further columns a cell covers.
        """
        self._header_row = header_row
        self._index = index
        self._across = across
        self._row = 0
        self._columns: dict[int, str] = {}

    def takes(self, row: etree._Element) -> bool:
        """Say whether a row is no record: it names the columns, or stands above the one that does.

        Cells of any other row get the header of their column as the attribute `column`.
        """
        if self._header_row is None:
            return False
        self._row += 1
        if self._row == self._header_row:
            self._columns = {
                place: " ".join("".join(cell.itertext()).split())
                for place, cell in self._cells(row)
            }
        elif self._row > self._header_row:
            for place, cell in self._cells(row):
                cell.set(COLUMN, self._columns.get(place, ""))
        return self._row <= self._header_row

    def _cells(self, row: etree._Element) -> list[tuple[int, etree._Element]]:
        cells: list[tuple[int, etree._Element]] = []
        place = 0
        for cell in row.iterchildren(etree.Element):
            named = _number(cell, self._index)
            place = place + 1 if named is None else named
            cells.append((place, cell))
            place += _number(cell, self._across) or 0
        return cells


def _number(cell: etree._Element, attribute: str | None) -> int | None:
    text = None if attribute is None else cell.get(attribute)
    if text is None or not text.isdecimal() or len(text) > _MOST_DIGITS:
        return None
    return int(text)
