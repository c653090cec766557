"""Searches by amounts, dates and completeness, and what readings add when they are asked to."""

import json

import pytest

from tests.sandbox.visitor import Json, Visitor, cell

ALL_LOCALES = ["de_DE", "en_US"]


@pytest.fixture
def stocked(visitor: Visitor) -> Visitor:
    """Give a caller of a sandbox with three products, of which the first is best described."""
    names = [cell("Drill", "en_US"), cell("Bohrer", "de_DE")]
    both = [{"amount": "9.90", "currency": "EUR"}, {"amount": "12", "currency": "USD"}]
    visitor.put(
        "products",
        {
            "identifier": "a",
            "family": "tools",
            "values": {
                "name": names,
                "price": [cell(both)],
                "weight": [cell({"amount": "1.5", "unit": "KILOGRAM"})],
                "released": [cell("2024-02-01")],
                "color": [cell("red")],
                "materials": [cell(["steel", "wood"])],
            },
        },
        {
            "identifier": "b",
            "family": "tools",
            "values": {
                "name": names[:1],
                "price": [cell(both[:1])],
                "weight": [cell({"amount": "200", "unit": "GRAM"})],
            },
        },
        {"identifier": "c"},
    )
    return visitor


@pytest.mark.parametrize(
    ("name", "operator", "value", "found"),
    [
        ("weight", "=", {"amount": 1500, "unit": "GRAM"}, ["a"]),
        ("weight", "<", {"amount": "1", "unit": "KILOGRAM"}, ["b"]),
        ("weight", "!=", {"amount": 1500, "unit": "GRAM"}, ["b"]),
        ("weight", "NOT EMPTY", None, ["a", "b"]),
        ("price", ">=", {"amount": 9.9, "currency": "EUR"}, ["a", "b"]),
        ("price", ">", {"amount": 1, "currency": "USD"}, ["a"]),
        ("price", "!=", {"amount": 1, "currency": "USD"}, ["a"]),
        ("price", "EMPTY", None, []),
        ("price", "NOT EMPTY", None, ["a", "b"]),
        ("released", "BETWEEN", ["2024-01-01", "2024-02-01"], ["a"]),
        ("released", "NOT BETWEEN", ["2024-01-01", "2024-02-01"], []),
        ("released", "EMPTY", None, ["b"]),
        ("color", "NOT IN", ["blue"], ["a"]),
        ("ean", "DOES NOT CONTAIN", "x", []),
    ],
    ids=ascii,
)
def test_values_are_found_by_what_they_amount_to(
    stocked: Visitor, name: str, operator: str, value: Json, found: list[str]
) -> None:
    assert stocked.find("products", name, operator, value) == found


@pytest.mark.parametrize(
    ("operator", "value", "more", "found"),
    [
        ("=", 100, {}, ["a"]),
        ("!=", 100, {}, ["b"]),
        ("=", 66, {"locale": "en_US"}, ["b"]),
        ("<", "66", {"locale": "en_US"}, []),
        ("<=", 66, {"locale": "de_DE"}, ["b"]),
        (">", 60, {"scope": "print"}, ["a", "b"]),
        ("LOWER THAN ON AT LEAST ONE LOCALE", 50, {}, ["b"]),
        ("GREATER THAN ON ALL LOCALES", 50, {"locales": ALL_LOCALES}, ["a"]),
        ("LOWER OR EQUALS THAN ON ALL LOCALES", 99, {"locales": ["de_DE"]}, ["b"]),
    ],
    ids=ascii,
)
def test_products_are_found_by_how_complete_they_are(
    stocked: Visitor, operator: str, value: Json, more: Json, found: list[str]
) -> None:
    asked = {"scope": "ecommerce"} | more
    assert stocked.find("products", "completeness", operator, value, **asked) == found


@pytest.mark.parametrize(
    ("name", "one", "message"),
    [
        ("weight", {"value": 5}, 'Property "weight" expects an array as data, "integer" given.'),
        ("weight", {"value": {"amount": 5}}, 'expects an array with the key "unit".'),
        ("weight", {"value": {"amount": "x", "unit": "GRAM"}}, 'key "amount" has to be a numeric'),
        ("weight", {"value": {"amount": 5, "unit": "gram"}}, "The unit does not exist in the"),
        ("price", {"value": 5}, 'Property "price" expects an array as data, "integer" given.'),
        ("price", {"value": {"currency": "EUR"}}, 'expects an array with the key "amount".'),
        ("price", {"value": {"amount": "x", "currency": "EUR"}}, "expects a numeric as data"),
        ("price", {"value": {"amount": 5, "currency": "GBP"}}, 'currency does not exist, "GBP"'),
        ("released", {"value": "1.2.24"}, 'the format "yyyy-mm-dd" as data, "1.2.24" given.'),
        ("released", {"operator": "BETWEEN", "value": "2024-01-01"}, "expects an array as data"),
        ("released", {"operator": "BETWEEN", "value": ["2024-01-01"]}, "should contain 2 strings"),
        ("completeness", {"value": "x"}, 'expects a numeric as data, "string" given.'),
        ("completeness", {"value": 5}, 'Property "completeness" expects a valid scope.'),
        ("completeness", {"value": 5, "scope": "x"}, 'Channel with "x" code does not exist'),
        (
            "completeness",
            {"operator": "LOWER THAN ON ALL LOCALES", "value": 5, "scope": "print"},
            'Property "completeness" expects an array with the key "locales".',
        ),
        (
            "completeness",
            {"value": 5, "scope": "print", "locales": "de_DE"},
            'Property "completeness" expects an array with the key "locales".',
        ),
        ("brand", {"locales": ["de_DE"]}, 'expects an array with the key "locale".'),
        (
            "description",
            {"value": "x", "locale": "de_DE", "scope": "x"},
            'Attribute "description" expects an existing scope, "x" given.',
        ),
    ],
    ids=ascii,
)
def test_a_filter_that_takes_no_such_value_says_so(
    visitor: Visitor, name: str, one: Json, message: str
) -> None:
    asked = json.dumps({name: [{"operator": "="} | one]})
    answer = visitor.send("GET", "products", params={"search": asked})
    assert answer.status_code == 422
    assert message in answer.json()["message"]


def test_a_locale_is_of_no_account_to_an_attribute_that_has_none(stocked: Visitor) -> None:
    assert stocked.find("products", "color", "IN", ["red"], locale="en_US") == ["a"]


def test_values_show_their_options_when_they_are_asked_to(stocked: Visitor) -> None:
    red = stocked.get("attributes/color/options/red")
    values = stocked.get("products/a", with_attribute_options="true")["values"]
    linked = {"attribute": "color", "code": "red", "labels": red["labels"]}
    assert values["color"] == [{**cell("red"), "linked_data": linked}]
    assert list(values["materials"][0]["linked_data"]) == ["steel", "wood"]
    assert "linked_data" not in values["released"][0]
    assert "linked_data" not in stocked.get("products/a")["values"]["color"][0]


def test_products_show_how_complete_they_are_when_they_are_asked_to(stocked: Visitor) -> None:
    product = stocked.get("products/b", with_completenesses="true", with_quality_scores="true")
    assert product["quality_scores"] == []
    assert product["completenesses"] == [
        {"scope": "print", "locale": "de_DE", "data": 100},
        {"scope": "print", "locale": "en_US", "data": 100},
        {"scope": "ecommerce", "locale": "de_DE", "data": 33},
        {"scope": "ecommerce", "locale": "en_US", "data": 66},
    ]
    page = stocked.get("products", with_completenesses="true", locales="en_US", limit="1")
    shown = page["_embedded"]["items"][0]["completenesses"]
    assert [(one["scope"], one["data"]) for one in shown] == [("print", 100), ("ecommerce", 100)]
    assert stocked.get("products/c", with_completenesses="true")["completenesses"] == []


def test_what_restricts_a_list_does_not_restrict_the_reading_of_one(stocked: Visitor) -> None:
    restricted = stocked.get("products/a", attributes="color", locales="de_DE", scope="print")
    assert restricted == stocked.get("products/a")
