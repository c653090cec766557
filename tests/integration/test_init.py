"""`erp2pim init`, and what comes of its proposal: `check` and `diff` on the command line."""

import json
from pathlib import Path

import pytest

from erp2pim.cli import main
from tests.support.desk import Desk, Told

EXAMPLE = Path(__file__).parents[2] / "examples" / "night-1.xml"
EXPORT = """\
<Export><Head><Currency>EUR</Currency></Head><Items>
<Item no="A1"><Name>Hammer</Name><Price>1.012,50</Price><Weight uom="KG">1,5</Weight></Item>
<Item no="A2"><Name>Saw</Name><Price>8,00</Price><Weight uom="G">700</Weight></Item>
</Items></Export>
"""
PROPOSED = """\
# Proposed for export.xml from 2 records.
# Behind each line stand how sure it is, from 0 to 1, and values that were seen.
# Look at every CHECK; then `erp2pim diff` shows what the mapping makes of the export.
version: 1
source:
  record: /Export/Items/Item  # 0.7: 2 of them
  header: {currency: /Export/Head/Currency}  # 1.0: EUR
  numbers: "1.234,56"
tables:
  unit: {KG: KILOGRAM, G: GRAM}
products:
  identifier: "@no"  # 0.7: A1 | A2
  values:
    name: {path: Name, type: text}  # 1.0: Hammer | Saw
    price: {path: Price, currency: $currency, type: price}  # 1.0: 1.012,50 | 8,00
    weight: {path: Weight, unit: {path: "@uom", table: unit}, type: metric}  # 1.0: 1,5 | 700
"""
HOSTILE = """\
<Export><Item><Sku>a: b</Sku><Name>x"
version: 2  # ' {}</Name><Feature><Name>- "a": #
b</Name><Value>[1]</Value></Feature></Item></Export>
"""
REAL = (
    "05-bmecat2005-olivere",
    "10-commerceml-import",
    "11-commerceml-offers",
    "23-prestashop-product8",
    "25-demandware-products",
    "33-ubl-catalogue-mobile",
    "40-gdsn3-ivoed",
    "45-moqui-products",
    "54-onix3-single-ref",
    "night-1",
)


@pytest.fixture
def bare(desk: Desk) -> Desk:
    """Give a desk without a mapping."""
    desk.mapping.unlink()
    Path("export.xml").write_text(EXPORT, encoding="utf-8")
    return desk


def init(desk: Desk, *args: str) -> Told:
    return desk.run("init", *args, "--out", str(desk.mapping))


def test_a_mapping_is_written_with_what_it_was_read_from(bare: Desk) -> None:
    told = init(bare, "export.xml")

    assert told.code == 0
    assert told.out.splitlines() == [
        f"{bare.mapping}: proposed from 2 records at /Export/Items/Item",
        "  found: identifier, name, price, weight",
        "  left aside: 0 paths; lines with a CHECK: 0",
    ]
    assert bare.mapping.read_text(encoding="utf-8") == PROPOSED


def test_the_lines_that_want_a_look_are_counted_those_of_the_source_too(bare: Desk) -> None:
    records = "".join(
        f"<Item type='{kind}'><Sku>{kind}</Sku><Price>2.50/Pcs</Price></Item>" for kind in "ab"
    )
    Path("export.xml").write_text(f"<Export>{records}</Export>", encoding="utf-8")

    told = init(bare, "export.xml")

    assert bare.mapping.read_text(encoding="utf-8").count("; CHECK ") == 4
    assert told.out.endswith("; lines with a CHECK: 3\n")


def test_without_a_place_it_goes_where_the_configuration_looks(
    bare: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["init", "export.xml"])

    assert code == 0
    assert Path("config/mapping.yaml").read_text(encoding="utf-8") == PROPOSED
    assert "config/mapping.yaml" in capsys.readouterr().out
    assert not bare.mapping.exists()


def test_what_is_proposed_passes_check_and_diff(bare: Desk) -> None:
    init(bare, "export.xml")

    checked, diff = bare.run("check"), bare.run("diff", "export.xml")

    assert (checked.code, diff.code) == (0, 0)
    assert 'price: [{"amount":"1012.5","currency":"EUR"}]' in diff.out
    assert 'weight: {"amount":"700","unit":"GRAM"}' in diff.out


def test_a_mapping_is_never_overwritten(bare: Desk) -> None:
    bare.mapping.write_text("mine", encoding="utf-8")

    told = init(bare, "export.xml")

    assert told.code == 2
    assert "there is a file already, and it is not overwritten" in told.err
    assert "write it beside: --out" in told.err
    assert "proposed.yaml" in told.err
    assert bare.mapping.read_text(encoding="utf-8") == "mine"


def test_a_place_that_cannot_be_written_is_told(bare: Desk) -> None:
    told = bare.run("init", "export.xml", "--out", "export.xml/mapping.yaml")

    assert told.code == 2
    assert "the mapping cannot be written" in told.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (EXPORT.replace("</Items>", ""), "not well-formed"),
        (
            "<Export/>",
            "nothing in the export looks like a record\n  at: export.xml\n  fix: see with erp2pim",
        ),
    ],
)
def test_an_export_that_is_refused_leaves_no_mapping(bare: Desk, text: str, said: str) -> None:
    Path("export.xml").write_text(text, encoding="utf-8")

    told = init(bare, "export.xml")

    assert told.code == 3
    assert said in told.err
    assert not bare.mapping.exists()


def test_the_structure_beside_the_mapping_names_the_attributes(bare: Desk) -> None:
    attributes = [{"code": "titel", "type": "pim_catalog_text", "labels": {"en_US": "Name"}}]
    beside = bare.mapping.with_name("structure.json")
    beside.write_text(json.dumps({"attributes": attributes}), encoding="utf-8")

    told = init(bare, "export.xml")

    assert "found: identifier, titel\n" in told.out


def test_a_structure_can_be_named(bare: Desk) -> None:
    attributes = [{"code": "bezeichnung", "type": "pim_catalog_text"}]
    Path("pim.json").write_text(json.dumps({"attributes": attributes}), encoding="utf-8")

    told = init(bare, "export.xml", "--structure", "pim.json")

    assert "found: identifier, bezeichnung\n" in told.out


def test_a_structure_that_is_none_is_a_fault_of_the_command_line(bare: Desk) -> None:
    Path("pim.json").write_text("[", encoding="utf-8")

    told = init(bare, "export.xml", "--structure", "pim.json")

    assert told.code == 2
    assert not bare.mapping.exists()


def test_texts_of_the_export_break_out_of_nothing(bare: Desk) -> None:
    Path("export.xml").write_text(HOSTILE, encoding="utf-8")

    told = init(bare, "export.xml")

    assert told.code == 0
    assert bare.run("check").code == 0
    assert bare.run("diff", "export.xml").code == 0


@pytest.mark.parametrize("file", REAL)
@pytest.mark.parametrize("with_structure", [False, True])
def test_diff_runs_on_what_is_proposed_for_real_exports(
    bare: Desk, shared: Path, file: str, *, with_structure: bool
) -> None:
    export = str(EXAMPLE if file == "night-1" else shared / "exports" / f"{file}.xml")
    if with_structure:
        structure = (shared / "golden-structure.json").read_bytes()
        bare.mapping.with_name("structure.json").write_bytes(structure)

    code = init(bare, export).code
    diff = bare.run("diff", "--json", export)

    assert code == 0
    duplicates = 4 if file == "33-ubl-catalogue-mobile" else 0
    assert diff.json["rejected"] == duplicates
    assert diff.json["created"] == diff.json["items"] - duplicates > 0
