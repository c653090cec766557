"""Rows that no table or join can take are named by number, and by line where it is known."""

from pathlib import Path

import pytest

from erp2pim.errors import ExportError
from tests.unit.mapping.mapped import mapped, written

ROW = "<Row><Key>a</Key></Row>\n"
TWO_KEYS = "<Row><Key>a</Key><Key>b</Key></Row>"
TABLE = "tables: {group: {record: /Export/Row, key: Key, value: Key}}"
MAPPING = written("a: {path: Sku, table: group, type: text}", more=TABLE)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("before", "rows", "where"),
    [
        ("\n", 0, "export.xml:2"),
        ("\n", 3, "export.xml:5"),
        ("\n" * 65_533, 0, "export.xml:65534"),
        ("\n" * 65_534, 0, "export.xml"),
        ("\n", 70_000, "export.xml"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(before: str, rows: int, where: str) -> None:
    with pytest.raises(ExportError) as refused:
        mapped(MAPPING, f"<Export>{before}{ROW * rows}{TWO_KEYS}\n</Export>")

    assert refused.value.where == where
    assert f"row {rows + 1} of group cannot be read" in str(refused.value)


def test_rows_of_each_table_are_counted_apart() -> None:
    tables = f"{TABLE[:-1]}, other: {{record: /Export/Other, key: Key, value: Key}}}}"
    mapping = written("a: {path: Sku, type: text}", more=tables)

    with pytest.raises(ExportError, match="row 2 of group cannot be read"):
        mapped(mapping, f"<Export>{ROW}<Other/><Other/>{TWO_KEYS}</Export>")
