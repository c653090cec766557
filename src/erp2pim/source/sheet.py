"""Rows of a sheet: each cell gets the header of its column."""

from lxml import etree

COLUMN = "column"


class Sheet:
    """The columns of a sheet, once the row that names them was seen."""

    def __init__(self, header_row: int | None, index: str | None) -> None:
        """Begin before the first row.

        Args:
            header_row: The number of the row that names the columns; None where there is none.
            index: lxml's name of the attribute that says in which column, counted from 1, a cell
                stands; cells without it stand beside the one before.
        """
        self._header_row = header_row
        self._index = index
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
            named = None if self._index is None else cell.get(self._index)
            place = int(named) if named is not None and named.isdecimal() else place + 1
            cells.append((place, cell))
        return cells
