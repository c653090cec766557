import json
from importlib import resources
from pathlib import Path

import pytest

from erp2pim.structure import Attribute, Structure, from_json, unit_code
from tests.structure.shop import SHOP

PIM: Structure = from_json(
    {
        "measurement_families": [
            {
                "code": family,
                "units": {code: {"code": code, "symbol": symbol} for code, symbol in units.items()},
            }
            for family, units in {
                "Length": {"METER": "m", "MILLIMETER": "mm", "INCH": "in", "MICROMETER": "μm"},
                "Area": {"SQUARE_METER": "m²", "ARE": "a", "ACRE": "A"},
                "Power": {"WATT": "W", "MEGAWATT": "MW"},
                "Duration": {"MINUTE": "m", "SECOND": "s"},
                "Weight": {"KILOGRAM": "kg", "GRAM": "g"},
            }.items()
        ]
    }
)


@pytest.mark.parametrize(
    ("family", "text", "unit"),
    [
        ("Length", "METER", "METER"),
        ("Length", " meter ", "METER"),
        ("Length", "m", "METER"),
        ("Length", "MTR", "METER"),
        ("Length", "MMT", "MILLIMETER"),
        ("Length", "MM", "MILLIMETER"),
        ("Length", '"', "INCH"),
        ("Length", "In", "INCH"),
        ("Length", "\u00b5m", "MICROMETER"),
        ("Length", "KMT", None),
        ("Length", "kg", None),
        ("Length", "", None),
        ("Area", "m2", "SQUARE_METER"),
        ("Area", "M²", None),
        ("Area", "a", "ARE"),
        ("Area", "A", "ACRE"),
        ("Area", "qm", "SQUARE_METER"),
        ("Power", "MW", "MEGAWATT"),
        ("Power", "mW", None),
        ("Power", "mw", None),
        ("Power", "w", "WATT"),
        ("Power", "WTT", "WATT"),
        ("Duration", "m", "MINUTE"),
        ("Duration", "MIN", "MINUTE"),
        ("Weight", "KG", "KILOGRAM"),
        ("Weight", "KGM", "KILOGRAM"),
        ("Nothing", "KGM", None),
    ],
)
def test_a_unit_is_found_by_code_symbol_or_un_ece_code(
    family: str, text: str, unit: str | None
) -> None:
    attribute = Attribute("a", "pim_catalog_metric", metric_family=family)

    assert unit_code(PIM, attribute, text) == unit


def test_one_symbol_of_two_units_is_none() -> None:
    units = {"A": {"code": "A", "symbol": "x"}, "B": {"code": "B", "symbol": "x"}}
    pim = from_json({"measurement_families": [{"code": "F", "units": units}]})

    assert unit_code(pim, Attribute("a", "t", metric_family="F"), "x") is None


def test_an_attribute_without_a_measurement_family_has_no_units() -> None:
    assert unit_code(SHOP, SHOP.attributes["name"], "kg") is None


def test_the_table_names_units_that_the_pim_has_from_the_beginning(shared: Path) -> None:
    text = (shared / "golden-structure.json").read_text(encoding="utf-8")
    pim = from_json(json.loads(text))
    known = {code for family in pim.measurement_families.values() for code in family.units}
    table = json.loads(
        resources.files("erp2pim.structure").joinpath("units.json").read_text("utf-8")
    )

    assert {unit for units in table.values() for unit in units} <= known
    assert {"KGM", "GRM", "MTR", "CMT", "MMT", "LTR", "MLT", "WTT", "KWT", "VLT"} <= table.keys()
