from typing import Any

from erp2pim.structure import findings, spelled
from tests.structure.shop import SHOP, cell

WRONG: dict[str, Any] = {
    "family": "SHOES",
    "family_variant": "Shoes_Color",
    "categories": ["SALE", "nope"],
    "associations": {"x_sell": {"products": ["B"]}, "NOPE": {}},
    "quantified_associations": {"set": {"products": []}},
    "values": {
        "title": [cell("x", "EN_us")],
        "slogan": [cell("x", None, "WEB")],
        "color": [cell("RED")],
        "colors": [cell(["BLUE", "pink"])],
        "weight": [cell({"amount": "1", "unit": "gram"})],
        "price": [cell([{"amount": "1", "currency": "eur"}])],
        "Name": [cell("x")],
    },
}
RIGHT: dict[str, Any] = {
    "family": "shoes",
    "family_variant": "shoes_color",
    "categories": ["sale", "nope"],
    "associations": {"X_SELL": {"products": ["B"]}, "NOPE": {}},
    "quantified_associations": {"SET": {"products": []}},
    "values": {
        "title": [cell("x", "en_US")],
        "slogan": [cell("x", None, "web")],
        "color": [cell("red")],
        "colors": [cell(["Blue", "pink"])],
        "weight": [cell({"amount": "1", "unit": "GRAM"})],
        "price": [cell([{"amount": "1", "currency": "EUR"}])],
        "Name": [cell("x")],
    },
}


def test_codes_are_given_as_the_pim_spells_them_and_others_stay() -> None:
    assert spelled(SHOP, WRONG) == RIGHT


def test_what_is_spelled_is_spelled_already() -> None:
    assert spelled(SHOP, RIGHT) == RIGHT


def test_the_body_that_was_given_is_left_as_it_is() -> None:
    before = repr(WRONG)

    spelled(SHOP, WRONG)

    assert repr(WRONG) == before


def test_what_has_another_shape_stays() -> None:
    odd: dict[str, Any] = {
        "family": None,
        "categories": "sale",
        "associations": [],
        "values": {
            "color": "red",
            "colors": ["x", cell(5)],
            "weight": [cell(5), cell({"amount": 1, "unit": "lb"})],
            "price": [cell("x"), cell([5, {"amount": 1, "currency": "xxx"}]), {"data": None}],
        },
    }

    assert spelled(SHOP, odd) == odd
    assert spelled(SHOP, {"values": None, "enabled": True}) == {"values": None, "enabled": True}


def test_a_currency_in_lower_case_can_go_when_it_is_spelled() -> None:
    body = {"values": {"price": WRONG["values"]["price"]}}

    assert [each.check for each in findings(SHOP, "product", "A", body)] == ["currency"]
    assert findings(SHOP, "product", "A", spelled(SHOP, body)) == []
