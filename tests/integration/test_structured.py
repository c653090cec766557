"""With the PIM's structure beside the mapping, mistakes are found before the night."""

import json
from importlib.resources import files

import pytest

from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, item

MAPPING = """\
version: 1
source: {record: /Export/Items/Item, locale: en_US}
tables: {colour: {R: red, B: BLUE}, shade: {options: color, locale: de_DE}}
products:
  identifier: Sku
  family: {value: tools}
  values:
    ean: Ean
    name: {path: Name, locales: [en_US, de_DE]}
    description: {path: Text, channels: [ecommerce, print]}
    weight: {path: Weight, unit: "@uom"}
    price: {path: Price, currency: {value: EUR}}
    color: {path: Colour, table: colour}
    materials: {path: Material, split: ","}
    released: Released
    pieces: Pieces
    rating: Rating
    in_stock: Stock
"""


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.mapping.write_text(MAPPING, encoding="utf-8")
    catalog = files("erp2pim.sandbox").joinpath("catalog.json").read_text(encoding="utf-8")
    (desk.folder / "structure.json").write_text(catalog, encoding="utf-8")
    return desk


def test_types_and_places_come_from_the_structure(desk: Desk, pim: Sandbox) -> None:
    fields = {
        "Ean": "12",
        "Text": "Long",
        "Price": "2.50",
        "Colour": "B",
        "Material": "wood,STEEL",
        "Released": "2026-02-01",
        "Pieces": "3",
        "Rating": "4.5",
        "Stock": "true",
    }

    told = desk.sync(desk.export([item("A", **fields)]))

    assert (told["created"], told["rejects"]) == (1, [])
    values = pim.products["A"]["values"]
    assert {cell["locale"] for cell in values["name"]} == {"en_US", "de_DE"}
    assert [(c["locale"], c["scope"]) for c in values["description"]] == [
        ("en_US", "ecommerce"),
        ("en_US", "print"),
    ]
    assert values["color"][0]["data"] == "blue"
    assert values["materials"][0]["data"] == ["steel", "wood"]
    assert values["in_stock"][0]["data"] is True


@pytest.mark.parametrize(
    ("code", "own", "written"),
    [
        ("released", "date", "text"),
        ("rating", "number", "text"),
        ("pieces", "number", "date"),
        ("brand", "text", "number"),
        ("brand", "text", "date"),
        ("color", "select", "number"),
        ("in_stock", "boolean", "select"),
    ],
)
def test_a_type_that_is_not_the_pims_is_told_with_its_place(
    desk: Desk, code: str, own: str, written: str
) -> None:
    rule = f"{code}: {{path: Seit, type: {written}}}"
    lines = desk.mapping.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.strip().startswith(f"{code}:")]
    desk.mapping.write_text("\n".join([*kept, f"    {rule}", ""]), encoding="utf-8")

    told = desk.run("check")

    assert told.code == 2
    assert (
        f"{desk.mapping}:{len(kept) + 1}:{len(code) + 7}: {code} has the type {own} in the PIM, "
        f"which does not take a {written}: leave type: out" in told.err
    )


@pytest.mark.parametrize("symbol", ["kg", "KGM", "kilogram"])
def test_a_units_symbol_becomes_its_code(desk: Desk, pim: Sandbox, symbol: str) -> None:
    record = item("A").replace("</Item>", f'<Weight uom="{symbol}">2</Weight></Item>')

    desk.sync(desk.export([record]))

    assert pim.products["A"]["values"]["weight"][0]["data"]["unit"] == "KILOGRAM"


@pytest.mark.parametrize(
    ("fields", "place", "expected"),
    [
        ({"Rating": "7"}, "rating:", "at most 5"),
        ({"Pieces": "1.5"}, "pieces:", "whole number"),
        ({"Ean": "12345678901234"}, "ean:", "13"),
        ({"Material": "gold"}, "materials:", "option"),
        ({"Weight": "2"}, "weight:", "a unit is expected"),
    ],
)
def test_what_the_pim_would_refuse_is_refused_before(
    desk: Desk, pim: Sandbox, fields: dict[str, str], place: str, expected: str
) -> None:
    told = desk.sync(desk.export([item("A", **fields)]))

    (reject,) = told["rejects"]
    lines = desk.mapping.read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if line.strip().startswith(place))
    assert reject["rule"].startswith(f"{desk.mapping}:{number}")
    assert expected in reject["message"]
    assert (told["patch_requests"], pim.products) == (0, {})


def test_products_that_share_a_unique_value_are_refused_before_the_pim_takes_one(
    desk: Desk, pim: Sandbox
) -> None:
    export = desk.export([item("A", Ean="4001"), item("B", Ean="4002"), item("C", Ean="4001")])

    told = desk.sync(export)

    assert list(pim.products) == ["B"]
    assert [reject["identifier"] for reject in told["rejects"]] == ["A", "C"]
    assert told["rejects"][0]["message"] == (
        f"one product with this ean is expected; found A ({export}: record 1, line 2); "
        f"C ({export}: record 3, line 4)"
    )


def test_what_people_own_may_be_what_products_of_the_export_share(desk: Desk, pim: Sandbox) -> None:
    desk.change_mapping("ean: Ean", "ean: {path: Ean, owner: report}")

    desk.sync(desk.export([item("A", Ean="4001"), item("B", Ean="4001")]))

    assert sorted(pim.products) == ["A", "B"]


def test_labels_of_the_pim_become_option_codes(desk: Desk, pim: Sandbox) -> None:
    desk.change_mapping("table: colour", "table: shade")
    label = next(
        option["labels"]["de_DE"]
        for option in json.loads((desk.folder / "structure.json").read_text("utf-8"))[
            "attribute_options"
        ]["color"]
        if option["code"] == "green"
    )

    desk.sync(desk.export([item("A", Colour=label)]))

    assert pim.products["A"]["values"]["color"][0]["data"] == "green"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ean: Ean", "eann: Ean", "unknown attribute 'eann'; did you mean 'ean'?"),
        ("ean: Ean", "EAN: Ean", "unknown attribute 'EAN'; did you mean 'ean'?"),
        ("[en_US, de_DE]", "[en_US, de_AT]", "unknown active locale 'de_AT'"),
        ("[en_US, de_DE]", "[en_US, fr_FR]", "unknown active locale 'fr_FR'"),
        ("[ecommerce, print]", "[ecommerce, prnt]", "unknown channel 'prnt'"),
        (", channels: [ecommerce, print]", "", "description has a value per channel"),
        (", locale: en_US}", "}", "description has a value per locale"),
        ("ean: Ean", "ean: {path: Ean, locale: en_US}", "ean has one value for all locales"),
        ("ean: Ean", "ean: {path: Ean, channel: print}", "ean has one value for all channels"),
        ("name: {path", "name: {channel: print, path", "name has one value for all channels"),
        ("value: tools", "value: tool", "unknown family 'tool'; did you mean 'tools'?"),
        ("value: EUR", "value: CHF", "unknown active currency 'CHF'"),
        ('unit: "@uom"', "unit: {value: WATT}", "unknown unit of weight 'WATT'"),
        ("R: red", "R: redd", "unknown option of color 'redd'; did you mean 'red'?"),
        ("options: color", "options: colour", "unknown select attribute 'colour'"),
        ("table: colour", "table: colour, otherwise: {value: pink}", "unknown option of color"),
        ("table: colour", "value: pink", "one of path, pair"),
        ("weight: {path", "weight: {type: number, path", "weight has the type metric in the PIM"),
        ("ean: Ean", "ean: {path: Ean, type: multiselect}", "does not take a multiselect"),
        ("ean: Ean", "ean: {value: '12345678901234'}", "ean: at most 13 characters are expected"),
        ("pieces: Pieces", "pieces: {path: Pieces, default: '1.5'}", "a whole number is expected"),
        ("pieces: Pieces", "pieces: {path: Pieces, default: few}", "pieces: "),
        ("released: Released", "released: {value: 1.2.2026}", "released: "),
        ("rating: Rating", "rating: {path: Rating, default: '7'}", "rating: at most 5"),
        (
            "family: {value: tools}",
            "family: {value: tools}\n  categories: {value: drill}",
            "unknown category 'drill'; did you mean 'drills'?",
        ),
        (
            "  values:",
            "  associations: {XSELL: {products: R}}\n  values:",
            "unknown association type 'XSELL'; did you mean 'X_SELL'?",
        ),
        (
            "  values:",
            "  associations: {SET: {products: R}}\n  values:",
            "SET needs a quantity: of each associated item",
        ),
        (
            "  values:",
            "  associations: {X_SELL: {products: {each: R, path: ., quantity: '@q'}}}\n  values:",
            "X_SELL takes no quantities",
        ),
    ],
)
def test_check_names_a_mistake_offline(desk: Desk, old: str, new: str, message: str) -> None:
    desk.change_mapping(old, new)

    told = desk.run("check")

    assert told.code == 2
    assert message in told.err
    assert f"{desk.mapping}:" in told.err


def test_check_tells_rejects_of_an_export_by_cause(desk: Desk, pim: Sandbox) -> None:
    rated = [item("A", Rating="7"), item("B", Rating="7"), item("C"), item("D", Rating="x")]
    export = desk.export(rated)

    told = desk.run("check", export)

    assert told.code == 1
    assert f"2 times, first A ({export}: record 1" in told.out
    assert f"once D ({export}: record 4" in told.out
    assert "1 to be created" in told.out
    assert pim.requests == 0


def test_check_lists_required_attributes_that_no_rule_fills(desk: Desk) -> None:
    structure = json.loads((desk.folder / "structure.json").read_text("utf-8"))
    tools = next(family for family in structure["families"] if family["code"] == "tools")
    tools["attribute_requirements"] = {"ecommerce": ["sku", "name", "brand", "power"]}
    (desk.folder / "structure.json").write_text(json.dumps(structure), encoding="utf-8")

    told = desk.run("check", desk.export([item("A")]))

    assert told.code == 0
    assert "family tools requires for ecommerce, and no rule fills: brand, power" in told.out


MODELS = """\
version: 1
source: {record: /Export/Items/Item, locale: en_US}
product_models:
  code: Style
  family_variant: {value: clothing_by_size}
  values: {name: {path: Name, locales: [en_US]}}
products:
  identifier: Sku
  parent: Style
  values:
    size: Size
"""


@pytest.fixture
def styles(desk: Desk) -> Desk:
    """Give a desk whose records are variants, each with its model."""
    desk.mapping.write_text(MODELS, encoding="utf-8")
    return desk


def warned(err: str, about: str) -> list[str]:
    return [line for line in err.splitlines() if line.startswith("warning: ") and about in line]


def test_a_value_on_the_wrong_level_is_named_by_check_without_an_export(styles: Desk) -> None:
    with styles.mapping.open("a", encoding="utf-8") as file:
        file.write("    ean: Ean\n    brand: Brand\n")

    told = styles.run("check")

    assert told.code == 0
    (warning,) = warned(told.err, "")
    assert warning == (
        f"warning: {styles.mapping}:13: brand: the PIM drops it on a variant product without a "
        "word, in clothing_by_size"
    )


def test_a_value_on_a_model_that_belongs_to_its_variants_is_named_likewise(styles: Desk) -> None:
    styles.change_mapping("values: {name:", "values: {ean: Ean, name:")

    told = styles.run("check")

    (warning,) = warned(told.err, "")
    assert ":6: ean: the PIM drops it on a root product model without a word" in warning


def test_variants_without_a_value_of_their_axis_are_named_without_an_export(styles: Desk) -> None:
    styles.change_mapping("size: Size", "weight: {path: W, unit: {value: KILOGRAM}}")

    told = styles.run("check")

    (warning,) = warned(told.err, "")
    assert warning == (
        f"warning: {styles.mapping}:9: no rule gives variant products a value of their axis: size "
        "of clothing_by_size"
    )


def test_values_of_a_csv_table_that_the_pim_does_not_know_are_named(desk: Desk) -> None:
    (desk.folder / "families.csv").write_text("erp,pim\n1,tools\n2,tool\n", encoding="utf-8")
    table = "families: {file: families.csv, key: erp, value: pim}, colour"
    desk.change_mapping("colour: {R", f"{table}: {{R")
    desk.change_mapping("{value: tools}", "{path: Group, table: families}")

    told = desk.run("check")

    assert told.code == 0
    (warning,) = warned(told.err, "families")
    line = "the table families gives what is no family of the PIM: tool"
    assert warning == f"warning: {desk.mapping}:3: {line}"


def test_a_csv_table_of_two_kinds_of_codes_gives_what_either_of_them_knows(desk: Desk) -> None:
    (desk.folder / "codes.csv").write_text("erp,pim\n1,tools\n2,red\n3,no\n", encoding="utf-8")
    desk.change_mapping("colour: {R", "codes: {file: codes.csv, key: erp, value: pim}, colour: {R")
    desk.change_mapping("{value: tools}", "{path: Group, table: codes}")
    desk.change_mapping("table: colour", "table: codes")

    told = desk.run("check")

    (warning,) = warned(told.err, "codes")
    assert warning.endswith(" of the PIM: no")


def test_an_attribute_that_no_family_of_the_products_has_is_named_without_an_export(
    desk: Desk,
) -> None:
    desk.change_mapping("ean: Ean", "size: Size")

    told = desk.run("check")

    assert warned(told.err, "") == [
        f"warning: {desk.mapping}:8: size: no family of these products has it: tools"
    ]


def test_a_variant_is_held_against_the_family_variant_of_its_own_records_model(
    styles: Desk,
) -> None:
    """In another variant of the family, colour belongs elsewhere than in this one."""
    styles.change_mapping("    size: Size\n", "    size: Size\n    color: {value: red}\n")

    told = styles.run("check", styles.export([item("A", Style="S", Size="m")]))

    (warning,) = warned(told.err, "color: in")
    assert warning == (
        f"warning: {styles.mapping}:12: color: in clothing_by_size it belongs to the root product "
        "model; the PIM drops it here without a word (1 item)"
    )


@pytest.mark.parametrize(("misplaced", "code", "sent"), [("warn", 0, 2), ("reject", 1, 1)])
def test_a_value_outside_the_family_is_warned_of_or_refused_as_the_mapping_says(
    desk: Desk, pim: Sandbox, misplaced: str, code: int, sent: int
) -> None:
    desk.change_mapping("version: 1\n", f"version: 1\nmisplaced: {misplaced}\n")
    desk.change_mapping("ean: Ean", "size: Size")

    told = desk.sync(desk.export([item("A", Size="m"), item("B")]))

    assert (told["exit_code"], len(pim.products)) == (code, sent)
    said = [*told["warnings"], *(reject["message"] for reject in told["rejects"])]
    assert [each for each in said if "an attribute of the family tools is expected" in each]


KINDS = """\
version: 1
source: {record: /Export/Items/Item}
products:
  - identifier: Sku
    when: Kind = 'a'
    family: {value: tools}
    values:
      rating: Rating
  - identifier: Sku
    when: Kind = 'b'
    family: {value: tools}
    values:
      rating: Rating
"""


def test_a_finding_names_the_rule_of_the_kind_that_gave_the_item(desk: Desk) -> None:
    desk.mapping.write_text(KINDS, encoding="utf-8")

    told = desk.sync(
        desk.export([item("A", Kind="a", Rating="9"), item("B", Kind="b", Rating="9")])
    )

    assert [each["rule"].rpartition(":")[2] for each in told["rejects"]] == ["8", "13"]
    assert sorted((p.rpartition(":")[2] for p in told["decisions"]), key=int) == ["8", "13"]


def test_a_refusal_of_the_pim_names_the_rules_of_all_kinds_that_it_can_be_about(
    desk: Desk,
) -> None:
    model = "product_models:\n  code: Style\n  when: Style\n  family_variant: {value: none}\n"
    kinds = KINDS.replace("rating: Rating", "rating: {path: Rating, type: number}")
    desk.mapping.write_text(f"{kinds}{model}  values: {{rating: Rating}}\n", encoding="utf-8")
    (desk.folder / "structure.json").unlink()
    desk.change_mapping(
        "values: {rating: Rating}", "values: {rating: {path: Rating, type: number}}"
    )

    told = desk.sync(desk.export([item("B", Kind="b", Rating="9")]))

    (reject,) = told["rejects"]
    assert reject["stage"] == "pim"
    places = [place.rpartition(":")[2] for place in reject["rule"].split(", ")]
    assert places == ["8", "13"]


def test_products_that_share_a_unique_value_name_the_rule_of_products(desk: Desk) -> None:
    desk.mapping.write_text(
        "version: 1\n"
        "source: {record: /Export/Items/Item}\n"
        "product_models:\n"
        "  when: Style\n"
        "  code: Style\n"
        "  values: {ean: Ean}\n"
        "products:\n"
        "  identifier: Sku\n"
        "  values: {ean: Ean}\n",
        encoding="utf-8",
    )

    told = desk.sync(desk.export([item("A", Ean="12345"), item("B", Ean="12345")]))

    assert [each["rule"] for each in told["rejects"]] == [f"{desk.mapping}:9"] * 2
