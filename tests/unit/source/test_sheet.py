"""Rows whose cells are named by a row above them."""

import pytest
from lxml import etree

from erp2pim.source.sheet import Sheet

SHEET = etree.fromstring(
    """<T>
  <R><C>List of 2026</C></R>
  <R><C>Sku</C><C>  Name\n of it</C><C i="5">Price</C><C>Tax</C></R>
  <R><C>A1</C><C>Drill</C><C i="5">9.95</C></R>
  <R><C i="2">Saw</C><C i="6">20</C><C>beyond</C></R>
</T>"""
)


def named(header: int | None, index: str | None) -> list[list[tuple[str | None, str | None]]]:
    """Give the rows that are records, each as its cells' columns and texts."""
    sheet = Sheet(header, index, None)
    rows = etree.fromstring(etree.tostring(SHEET))
    return [
        [(cell.get("column"), cell.text) for cell in row] for row in rows if not sheet.takes(row)
    ]


def test_cells_get_the_header_of_their_column_across_gaps() -> None:
    assert named(2, "i") == [
        [("Sku", "A1"), ("Name of it", "Drill"), ("Price", "9.95")],
        [("Name of it", "Saw"), ("Tax", "20"), ("", "beyond")],
    ]


def test_without_an_index_cells_are_counted() -> None:
    assert named(2, None)[0] == [("Sku", "A1"), ("Name of it", "Drill"), ("Price", "9.95")]


@pytest.mark.parametrize(("header", "records"), [(None, 4), (1, 3), (2, 2), (4, 0), (9, 0)])
def test_the_header_and_what_stands_above_it_are_no_records(
    header: int | None, records: int
) -> None:
    assert len(named(header, "i")) == records


@pytest.mark.parametrize("index", ["x", "9" * 5000], ids=["a letter", "too long to be read"])
def test_an_index_that_is_no_number_stands_for_none(index: str) -> None:
    row = etree.fromstring(f"<R><C i='{index}'>Sku</C><C i=''>Name</C></R>")
    sheet = Sheet(1, "i", None)
    sheet.takes(row)
    record = etree.fromstring("<R><C>A1</C><C>Drill</C></R>")

    assert sheet.takes(record) is False
    assert [cell.get("column") for cell in record] == ["Sku", "Name"]


def test_a_cell_that_covers_further_columns_moves_the_next_ones_on() -> None:
    sheet = Sheet(1, "i", "m")
    sheet.takes(etree.fromstring("<R><C>Sku</C><C m='1'>Name</C><C>Price</C><C>Tax</C></R>"))
    record = etree.fromstring("<R><C>A1</C><C m='1'>Saw</C><C m='0'>9</C><C m='x'>20</C></R>")
    indexed = etree.fromstring("<R><C m='7'>A1</C><C i='4'>9</C></R>")

    sheet.takes(record)
    sheet.takes(indexed)

    assert [cell.get("column") for cell in record] == ["Sku", "Name", "Price", "Tax"]
    assert [cell.get("column") for cell in indexed] == ["Sku", "Price"]
