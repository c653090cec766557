"""Searches in the lists of the structure."""

import json
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from tests.sandbox.visitor import Json, Visitor

# What the lists of the structure answer to a wrong search: the words of Akeneo's repositories.
CODES: Final = "In order to search on {0} codes you must"
BOOLEAN: Final = 'The "{}" filter requires a boolean value, and the submitted value is not.'
WRONG_SEARCHES: Final = [
    ("attributes", "[", 400, "The search query parameter must be a valid JSON."),
    ("families", "", 400, "The search query parameter must be a valid JSON."),
    ("categories", "{", 400, "The search query parameter must be a valid JSON: Syntax error"),
    ("locales", "{", 400, "Search query parameter should be valid JSON."),
    (
        "families",
        {"x": [{"operator": "="}]},
        400,
        (
            'Available search filters are "code, updated, has_products" '
            'and you tried to search on unavailable filter "x"'
        ),
    ),
    (
        "attributes",
        {"code": [{"operator": "=", "value": ["a"]}]},
        400,
        f'{CODES.format("attribute")} use "IN" operator, "IN" given.',
    ),
    (
        "families",
        {"code": [{"operator": None, "value": ["a", 1]}]},
        400,
        (
            f'{CODES.format("family")} use "IN" operator, null given. '
            "This value should be of type string."
        ),
    ),
    (
        "categories",
        {"code": [{"operator": "IN", "value": "a"}]},
        400,
        (
            f"{CODES.format('category')} send an array of category codes as value, string given. "
            "This value should be of type iterable."
        ),
    ),
    ("families", {"code": [{}]}, 400, "This field is missing. This field is missing."),
    ("families", {"code": "x"}, 400, "This value should be of type iterable."),
    (
        "families",
        {"code": ["x"]},
        400,
        "This value should be of type array|(Traversable&ArrayAccess).",
    ),
    (
        "families",
        {"code": [{"operator": "IN", "value": [], "locale": None}]},
        400,
        "This field was not expected.",
    ),
    (
        "attributes",
        {"updated": [{"operator": ">", "value": "2026-01-31 10:00:00"}]},
        400,
        "This value is not a valid datetime.",
    ),
    (
        "categories",
        {"updated": [{"operator": ">", "value": "2026-02-31T10:00:00Z"}]},
        400,
        "This value is not in a valid ISO 8601 standard datetime format",
    ),
    (
        "families",
        {"updated": [{"operator": "<", "value": "2026-01-31T10:00:00Z"}]},
        400,
        'Searching on the "updated" property require the ">" (greater than) operator, "<" given.',
    ),
    (
        "families",
        {"has_products": [{"operator": "=", "value": 1}]},
        400,
        BOOLEAN.format("has_products"),
    ),
    (
        "attributes",
        {"is_main_identifier": [{"operator": "=", "value": "true"}]},
        400,
        BOOLEAN.format("is_main_identifier"),
    ),
    (
        "categories",
        {"is_root": [{"operator": "=", "value": "x"}]},
        400,
        'In order to search on category is_root you must send a bool value, "x" given.',
    ),
    (
        "categories",
        {"parent": [{"operator": "=", "value": True}]},
        400,
        (
            "In order to search on category parent you must send a parent code category as value, "
            "string given."
        ),
    ),
    (
        "locales",
        {"code": [{"operator": "IN", "value": ["en_US"]}]},
        422,
        'Filter on property "code" is not supported or does not support operator "IN".',
    ),
    (
        "locales",
        {"enabled": [{"operator": "="}]},
        422,
        'Value is missing for the property "enabled".',
    ),
    (
        "locales",
        {"enabled": [{"operator": "=", "value": "true"}]},
        422,
        'Filter "enabled" with operator "=" expects a boolean value.',
    ),
    (
        "locales",
        {"enabled": [{"value": True}]},
        422,
        'Operator is missing for the property "enabled".',
    ),
]


def test_structure_lists_are_searched(visitor: Visitor) -> None:
    assert visitor.find("attributes", "type", "IN", ["pim_catalog_identifier"]) == ["sku"]
    assert visitor.find("attributes", "is_main_identifier", "=", value=True) == ["sku"]
    assert visitor.find("families", "code", "IN", ["tools", "x"]) == ["tools"]
    assert visitor.find("categories", "is_root", "=", value=True) == ["master"]
    assert set(visitor.find("categories", "parent", "=", "tools")) == {"drills", "saws"}
    assert set(visitor.find("categories", "parent", "=", "TOOLS")) == {"drills", "saws"}
    assert visitor.find("attributes", "code", "IN", ["SKU"]) == ["sku"]
    assert "en_US" in visitor.find("locales", "enabled", "=", value=True)
    assert "en_US" not in visitor.find("locales", "enabled", "=", value=False)


def test_families_are_searched_by_having_products(visitor: Visitor) -> None:
    visitor.put("products", {"identifier": "x", "family": "tools"})
    assert visitor.find("families", "has_products", "=", value=True) == ["tools"]
    assert "tools" not in visitor.find("families", "has_products", "=", value=False)


@pytest.mark.parametrize(
    ("path", "code", "change"),
    [
        ("categories", "saws", {"labels": {"en_US": "Saw"}}),
        ("families", "tools", {"labels": {"en_US": "Tool"}}),
        ("attributes", "name", {"labels": {"en_US": "Title"}}),
    ],
)
def test_structure_is_searched_by_the_time_of_its_last_change(
    visitor: Visitor, path: str, code: str, change: Json
) -> None:
    before = (datetime.now(UTC) - timedelta(minutes=1)).isoformat(timespec="seconds")
    visitor.put(path, {"code": code, **change})
    assert visitor.find(path, "updated", ">", before) == [code]


@pytest.mark.parametrize(("path", "search", "status", "message"), WRONG_SEARCHES, ids=ascii)
def test_a_wrong_search_in_the_structure_is_refused_in_the_words_of_its_list(
    visitor: Visitor, path: str, search: Json, status: int, message: str
) -> None:
    asked = search if isinstance(search, str) else json.dumps(search)
    answer = visitor.send("GET", path, params={"search": asked})
    assert (answer.status_code, answer.json()["message"]) == (status, message)


@pytest.mark.parametrize("path", ["channels", "currencies", "association-types"])
def test_lists_without_a_search_do_not_look_at_one(visitor: Visitor, path: str) -> None:
    everything = visitor.get(path)["_embedded"]
    assert visitor.get(path, search="{")["_embedded"] == everything
