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
    "bmecat": "05-bmecat2005-olivere.xml",
    "commerceml": "10-commerceml-import.xml",
    "prestashop": "23-prestashop-product8.xml",
    "demandware": "25-demandware-products.xml",
    "ubl": "33-ubl-catalogue-mobile.xml",
    "gdsn": "40-gdsn3-ivoed.xml",
    "moqui": "45-moqui-products.xml",
    "onix": "54-onix3-single-ref.xml",
}
BESIDE = {"offers.xml": "11-commerceml-offers.xml"}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_real_export_becomes_the_items_that_are_expected(name: str, shared: Path) -> None:
    mapping = load_mapping(HERE / "mappings" / f"{name}.yaml")
    written = (HERE / "expected" / f"{name}.yaml").read_text(encoding="utf-8")

    exports = shared / "exports"
    others = {name: str(exports / file) for name, file in BESIDE.items()}
    with open_export(str(exports / EXPORTS[name])) as export:
        found = become(mapping, export, others=others)

    assert [shown(each) for each in found] == yaml.load(written, Texts)  # noqa: S506  # texts only


def test_groups_come_from_the_rows_behind_the_products(shared: Path, tmp_path: Path) -> None:
    rows = "".join(
        "<PRODUCT_TO_CATALOGGROUP_MAP>"
        f"<PROD_ID>{product}</PROD_ID><CATALOG_GROUP_ID>{group}</CATALOG_GROUP_ID>"
        "</PRODUCT_TO_CATALOGGROUP_MAP>"
        for product, group in (("1000", "mac-13"), ("2000", "pc"), ("1000", "notebooks"))
    )
    text = (shared / "exports" / EXPORTS["bmecat"]).read_text(encoding="utf-8")
    export = tmp_path / "export.xml"
    export.write_text(text.replace("</T_NEW_CATALOG>", f"{rows}</T_NEW_CATALOG>"), encoding="utf-8")

    with open_export(str(export)) as file:
        (item,) = become(load_mapping(HERE / "mappings" / "bmecat.yaml"), file)

    assert isinstance(item, Item)
    assert item.body["categories"] == ["mac_13", "notebooks"]


def test_an_item_names_the_line_of_its_record(shared: Path) -> None:
    mapping = load_mapping(HERE / "mappings" / "demandware.yaml")
    name = str(shared / "exports" / EXPORTS["demandware"])

    with open_export(name) as export:
        found = become(mapping, export)

    lines = [each.origin for each in found if isinstance(each, Item)]
    assert lines == [
        Origin(name, number, line) for number, line in enumerate((3, 61, 67, 113, 164), start=1)
    ]
