"""Real exports, mapped by the mappings in the folder `mappings`, become the items in `expected`.

What is expected is written as the cases in `tests/golden/mapping` are.
"""

from pathlib import Path

import pytest
import yaml

from erp2pim.config.mappingfile import load_mapping
from erp2pim.model import Item, Origin
from erp2pim.source.files import open_export
from tests.golden.cases import Texts, shown
from tests.unit.mapping.mapped import become

HERE = Path(__file__).parent
EXPORTS = {
    "prestashop": "23-prestashop-product8.xml",
    "demandware": "25-demandware-products.xml",
    "ubl": "33-ubl-catalogue-mobile.xml",
    "gdsn": "40-gdsn3-ivoed.xml",
    "onix": "54-onix3-single-ref.xml",
}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_real_export_becomes_the_items_that_are_expected(name: str, shared: Path) -> None:
    mapping = load_mapping(HERE / "mappings" / f"{name}.yaml")
    written = (HERE / "expected" / f"{name}.yaml").read_text(encoding="utf-8")

    with open_export(str(shared / "exports" / EXPORTS[name])) as export:
        found = become(mapping, export)

    assert [shown(each) for each in found] == yaml.load(written, Texts)  # noqa: S506  # texts only


def test_an_item_names_the_line_of_its_record(shared: Path) -> None:
    mapping = load_mapping(HERE / "mappings" / "demandware.yaml")
    name = str(shared / "exports" / EXPORTS["demandware"])

    with open_export(name) as export:
        found = become(mapping, export)

    lines = [each.origin for each in found if isinstance(each, Item)]
    assert lines == [
        Origin(name, number, line) for number, line in enumerate((3, 61, 67, 113, 164), start=1)
    ]
