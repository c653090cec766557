"""What is said of an item besides its cells."""

import pytest

from erp2pim.model import Json, Kind
from tests.structure.shop import cell, of_body, told

Said = list[tuple[str, str]]

UUID = "11111111-aaaa-4aaa-8aaa-111111111111"


@pytest.mark.parametrize(
    "identifier", ["000", "a/b", "a b", "ä", "a\tb", "x" * 255, "a\x00b", "😀", "a\\b", "%#?"]
)
@pytest.mark.parametrize("kind", ["product", "product_model"])
def test_identifiers_and_codes_may_hold_nearly_everything(kind: Kind, identifier: str) -> None:
    assert of_body({"parent": "M"}, kind, identifier, "shoes_color") == of_body(
        {"parent": "M"}, kind, "x", "shoes_color"
    )


@pytest.mark.parametrize(
    ("identifier", "check"),
    [
        ("", "identifier"),
        (" a", "identifier"),
        ("a ", "identifier"),
        ("a,b", "identifier"),
        ("a;b", "identifier"),
        ("a\nb", "identifier"),
        ("a\x0bb", "identifier"),
        ("Å-1", "identifier"),
        ("x" * 256, "length"),
        ("a\ud83d", "encoding"),
    ],
)
def test_identifiers_that_the_pim_refuses_are_refused(identifier: str, check: str) -> None:
    assert told(of_body({}, identifier=identifier)) == [("reject", check)]


def test_a_part_of_a_letter_that_the_pim_takes_for_a_line_break_is_explained() -> None:
    (found,) = of_body({}, identifier="Å-1")

    assert found.path.name == "identifier"
    assert found.message.endswith("; the PIM takes a part of Å, ą and their like for one")


PRODUCTS: list[tuple[str, Json, Said]] = [
    ("enabled", True, []),
    ("enabled", "0", []),
    ("enabled", 1, []),
    ("enabled", None, [("reject", "enabled")]),
    ("enabled", "true", [("reject", "enabled")]),
    ("enabled", 1.0, [("reject", "enabled")]),
    ("enabled", [], [("reject", "enabled")]),
    ("family", "SHOES", []),
    ("family", None, []),
    ("family", "", []),
    ("family", "boots", [("reject", "family")]),
    ("family", ["shoes"], [("reject", "family")]),
    ("parent", None, []),
    ("parent", 5, [("reject", "parent")]),
    ("parent", "", [("reject", "parent")]),
    ("categories", ["SALE", "sale"], []),
    ("categories", [], []),
    ("categories", None, [("reject", "category")]),
    ("categories", "sale", [("reject", "category")]),
    ("categories", ["sale", "nope"], [("reject", "category")]),
    ("groups", ["g"], []),
    ("groups", [1], [("reject", "group")]),
    ("updated", "2026-01-01", [("warn", "property")]),
    ("uuid", UUID, [("warn", "property")]),
    ("uuid", "x", [("reject", "uuid")]),
    ("Enabled", True, [("reject", "property")]),
    ("code", "x", [("reject", "property")]),
    ("family_variant", "shoes_color", [("reject", "property")]),
]


@pytest.mark.parametrize(("name", "content", "expected"), PRODUCTS)
def test_properties_of_a_product(name: str, content: Json, expected: Said) -> None:
    assert told(of_body({name: content})) == expected


MODELS: list[tuple[dict[str, Json], Said]] = [
    ({"family_variant": "SHOES_color"}, []),
    ({"family_variant": "nope"}, [("reject", "family variant")]),
    ({"family_variant": None}, [("reject", "family variant")]),
    ({"family_variant": "shoes_color", "family": "shoes"}, []),
    ({"family_variant": "shoes_color", "family": "hats"}, [("reject", "family")]),
    ({"family_variant": "shoes_color", "enabled": True}, [("reject", "property")]),
    ({"family_variant": "shoes_color", "identifier": "x"}, [("warn", "property")]),
    ({}, [("warn", "family variant")]),
]


@pytest.mark.parametrize(("body", "expected"), MODELS)
def test_properties_of_a_model(body: dict[str, Json], expected: Said) -> None:
    assert told(of_body(body, "product_model", "M-1")) == expected


LINKS: list[tuple[str, Json, Said]] = [
    ("associations", {}, []),
    ("associations", [], []),
    ("associations", "x", [("reject", "association")]),
    ("associations", {"x_sell": {"products": ["B"], "groups": []}}, []),
    ("associations", {"X_SELL": {"products": ["B"], "groups": None}}, [("reject", "association")]),
    ("associations", {"X_SELL": {"product_uuids": [UUID]}}, []),
    ("associations", {"X_SELL": {"product_uuids": ["B"]}}, [("reject", "association")]),
    ("associations", {"X_SELL": {"products": ["A-1"]}}, []),
    ("associations", {"PAIR": {"products": ["B"], "product_models": ["a-1"]}}, []),
    ("associations", {"PAIR": {"products": ["a-1"]}}, [("reject", "association")]),
    ("associations", {"SET": {"products": ["B"]}}, [("reject", "association")]),
    ("associations", {"NOPE": {"products": ["B"]}}, [("reject", "association")]),
    ("associations", {"X_SELL": {"products": "B"}}, [("reject", "association")]),
    ("associations", {"X_SELL": {"products": [1]}}, [("reject", "association")]),
    ("associations", {"X_SELL": {"items": ["B"]}}, [("reject", "association")]),
    ("associations", {"X_SELL": ["B"]}, [("reject", "association")]),
]


@pytest.mark.parametrize(("name", "content", "expected"), LINKS)
def test_associations(name: str, content: Json, expected: Said) -> None:
    assert told(of_body({name: content})) == expected


def quantified(*links: Json, sort: str = "products") -> Json:
    return {"SET": {sort: list(links)}}


MANY: list[Json] = [{"identifier": "B", "quantity": 1}] * 101
QUANTITIES: list[tuple[Json, Said]] = [
    (quantified({"identifier": "B", "quantity": 1}), []),
    (quantified({"identifier": "M", "quantity": 2}, sort="product_models"), []),
    (quantified({"uuid": UUID, "quantity": 1}), []),
    (quantified({"uuid": "u", "quantity": 1}), [("reject", "association")]),
    (quantified({"identifier": 5, "uuid": UUID, "quantity": 1}), [("reject", "association")]),
    ({"X_SELL": {"products": []}}, [("reject", "association")]),
    ({"SET": []}, []),
    ({"SET": ["B"]}, [("reject", "association")]),
    ({"SET": {"products": "B"}}, [("reject", "association")]),
    (quantified("B"), [("reject", "association")]),
    (quantified({"identifier": "B"}), [("reject", "association")]),
    (quantified({"code": "M", "quantity": 1}), [("reject", "association")]),
    (quantified({"identifier": "B", "quantity": 1.5}), [("reject", "association")]),
    (quantified({"identifier": "B", "quantity": True}), [("reject", "association")]),
    (quantified({"identifier": "B", "quantity": 0}), [("reject", "association")]),
    (quantified({"identifier": "B", "quantity": 2**31}), [("reject", "association")]),
    (quantified(sort="groups"), [("reject", "association")]),
    (quantified(*MANY), [("reject", "association")]),
]


@pytest.mark.parametrize(("content", "expected"), QUANTITIES)
def test_quantified_associations(content: Json, expected: Said) -> None:
    found = of_body({"quantified_associations": content})

    assert told(found) == expected
    assert all(each.path.name.startswith("quantified_associations.") for each in found)


def values(*attributes: str) -> Json:
    return {
        code: [cell([] if code == "price" else "red" if code == "color" else None)]
        for code in attributes
    }


def test_a_value_outside_the_family_of_a_simple_product_is_said() -> None:
    found = of_body({"family": "hats", "values": values("name", "color")})

    assert told(found) == [("warn", "outside family")]
    assert found[0].path.name == "color"


def test_a_value_of_an_upper_level_on_a_variant_is_said() -> None:
    body: dict[str, Json] = {"parent": "M", "values": values("color", "price")}

    found = of_body(body, variant="shoes_color")

    assert told(found) == [("warn", "level")]
    assert found[0].message == (
        "in shoes_color it belongs to the root product model; the PIM drops it here without a word"
    )


def test_an_attribute_outside_the_family_on_a_variant_is_said_to_be_dropped() -> None:
    found = of_body({"parent": "M", "values": values("color", "text")}, variant="shoes_color")

    assert [each.message for each in found] == [
        "it is not in the family shoes; the PIM drops it here without a word"
    ]


def test_of_several_possible_family_variants_all_must_drop_a_value() -> None:
    in_one: dict[str, Json] = {"parent": "M", "values": values("color", "pieces")}
    in_none: dict[str, Json] = {"parent": "M", "values": values("color", "pieces", "name")}

    assert of_body(in_one) == []
    assert told(of_body(in_none)) == [("warn", "level")]


def test_a_family_without_variants_tells_nothing_of_a_variant() -> None:
    assert of_body({"family": "hats", "parent": "M", "values": values("color")}) == []


def test_the_levels_of_models_are_told_apart() -> None:
    root: dict[str, Json] = {"family_variant": "shoes_both", "values": values("name", "price")}
    below = {**root, "parent": "M", "values": values("color", "price", "pieces")}

    upper = of_body(root, "product_model", "M-1")
    lower = of_body(below, "product_model", "M-2")

    assert [(each.path.name, each.message.partition(";")[0]) for each in (*upper, *lower)] == [
        ("price", "in shoes_both it belongs to the product model below the root"),
        ("pieces", "in shoes_both it belongs to the variant product"),
    ]


def test_a_model_cannot_stand_below_the_last_level() -> None:
    body: dict[str, Json] = {"parent": "M", "family_variant": "shoes_color", "values": values("x")}

    assert told(of_body(body, "product_model", "M-1")) == [("reject", "attribute")]


def test_an_axis_without_a_value_is_said() -> None:
    found = of_body({"parent": "M"}, variant="shoes_color")

    assert told(found) == [("warn", "axis")]
    assert found[0].value == "color"


def test_an_axis_is_not_said_where_one_of_the_family_variants_has_another() -> None:
    assert of_body({"parent": "M", "values": values("color")}) == []
    assert told(of_body({"parent": "M"})) == [("warn", "axis")]
