import json
from decimal import Decimal
from pathlib import Path

import pytest

from erp2pim.model import Json
from erp2pim.structure import NotAStructureError, Structure, from_json, to_json, to_text
from tests.structure.shop import SHOP, given


def recorded(shared: Path) -> Structure:
    return from_json(json.loads((shared / "golden-structure.json").read_text(encoding="utf-8")))


def test_what_is_written_is_read_again_as_the_same() -> None:
    assert from_json(json.loads(to_text(SHOP))) == SHOP


def test_the_text_does_not_depend_on_the_order_in_which_the_pim_gives_things() -> None:
    turned = given()
    for name in ("channels", "attributes", "families", "categories", "association_types"):
        turned[name] = turned[name][::-1]

    assert to_text(from_json(turned)) == to_text(SHOP)


def test_each_thing_stands_on_a_line_of_its_own_without_what_says_nothing() -> None:
    lines = to_text(SHOP).splitlines()

    assert '  {"code": "name", "type": "pim_catalog_text"},' in lines
    assert '   {"code": "red", "labels": {"en_US": "Red"}}' in lines
    assert ' "pulled": "2026-11-24",' in lines
    assert "null" not in to_text(SHOP)
    assert "false" not in to_text(SHOP)


def test_locales_and_currencies_that_are_switched_off_are_left_out() -> None:
    assert [*SHOP.locales, *SHOP.currencies] == ["en_US", "fr_FR", "EUR"]


def test_fields_are_read_from_the_texts_that_the_pim_writes_for_numbers() -> None:
    pieces = SHOP.attributes["pieces"]

    assert (pieces.number_min, pieces.number_max) == (Decimal(1), Decimal(100))


def test_a_pim_writes_what_is_empty_as_a_list_or_as_null() -> None:
    attribute: Json = {"code": "a", "type": "t", "labels": [], "available_locales": None, "x": 1}

    found = from_json({"attributes": [attribute], "families": []})

    assert found.attributes["a"].labels == {}
    assert found.attributes["a"].available_locales == ()


def test_an_attribute_without_options_is_not_one_whose_options_nobody_has_read() -> None:
    read = from_json({"attribute_options": {"color": []}})

    again = from_json(to_json(read))

    assert dict(again.attribute_options) == {"color": {}}


def test_units_of_an_old_pim_stand_in_a_list() -> None:
    units: Json = [{"code": "GRAM", "convert": {"mul": "1"}, "symbol": "g"}]

    found = from_json({"measurement_families": [{"code": "W", "standard": "GRAM", "units": units}]})

    assert found.measurement_families["W"].standard_unit_code == "GRAM"
    assert found.unit("W", "gram") == found.measurement_families["W"].units["GRAM"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (["a"], "the whole: "),
        ({"attributes": [{"code": "a"}]}, "attributes.0.type: "),
        ({"attributes": [{"code": 1, "type": "t"}]}, "attributes.0.code: "),
        ({"channels": [{"code": "c", "locales": "en_US"}]}, "channels.0.locales: "),
    ],
    ids=["a list", "no type", "a number for a code", "a text for a list"],
)
def test_what_is_no_structure_is_refused_with_the_place(data: object, message: str) -> None:
    with pytest.raises(NotAStructureError, match=message):
        from_json(data)  # type: ignore[arg-type]  # what a file may hold


def test_many_faults_are_counted() -> None:
    with pytest.raises(NotAStructureError, match="and 4 more"):
        from_json({"attributes": [{"code": str(number)} for number in range(9)]})


def test_codes_are_found_as_the_pim_finds_them() -> None:
    assert SHOP.families.find("SHOÈS") is SHOP.families["shoes"]
    assert SHOP.families.find("boots") is None
    assert SHOP.option("color", "RED") is SHOP.attribute_options["color"]["red"]
    assert SHOP.option("color", "réd") is None


def test_the_identifier_attribute_is_the_marked_one_or_the_only_one() -> None:
    two: list[dict[str, Json]] = [
        {"code": c, "type": "pim_catalog_identifier"} for c in ("ean", "sku")
    ]
    marked: list[dict[str, Json]] = [two[0], {**two[1], "is_main_identifier": True}]

    mains = [from_json({"attributes": those}).main_identifier for those in (two, marked, ())]

    assert [main and main.code for main in mains] == ["ean", "sku", None]


def test_the_recorded_structure_is_read_whole_and_kept_small(shared: Path) -> None:
    found = recorded(shared)

    assert len(found.attributes) == 105
    assert len(found.family_variants) == 11
    assert sorted(found.active_locales.values()) == ["de_DE", "en_US", "fr_FR"]
    assert found.active_currencies == {"EUR", "USD"}
    assert len(to_text(found)) < (shared / "golden-structure.json").stat().st_size / 4
    assert from_json(json.loads(to_text(found))) == found
