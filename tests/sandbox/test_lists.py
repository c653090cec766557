import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.visitor import Json, Visitor, cell


@pytest.fixture
def stocked(visitor: Visitor) -> Visitor:
    """Give a caller of a sandbox with a few products."""
    visitor.put("product-models", {"code": "shirt", "family_variant": "clothing_by_size"})
    values: dict[str, Json] = {
        "color": [cell("red")],
        "pieces": [cell(5)],
        "in_stock": [cell(data=True)],
        "released": [cell("2024-02-01")],
        "description": [cell("Drills Holes", "en_US", "print")],
    }
    visitor.put(
        "products",
        {"identifier": "a1", "family": "tools", "categories": ["drills"], "values": values},
        {"identifier": "a2", "family": "tools", "categories": ["garden"], "enabled": False},
        {"identifier": "b1", "values": {"brand": [cell("Müller")], "pieces": [cell(50)]}},
        {"identifier": "v", "parent": "shirt", "values": {"size": [cell("m")]}},
    )
    return visitor


def test_pages_follow_each_other_by_number(visitor: Visitor) -> None:
    visitor.put("products", *({"identifier": f"p{n}"} for n in range(5)))
    page = visitor.get("products", limit="2", with_count="true", page="2")
    assert [item["identifier"] for item in page["_embedded"]["items"]] == ["p2", "p3"]
    assert (page["current_page"], page["items_count"]) == (2, 5)
    assert set(page["_links"]) == {"self", "first", "previous", "next"}
    last = visitor.get("products", limit="2", page="3")
    assert "next" not in last["_links"]
    assert "items_count" not in last


def test_pages_follow_each_other_by_key(visitor: Visitor) -> None:
    visitor.put("products", *({"identifier": f"p{n}"} for n in range(5)))
    page = visitor.get("products", pagination_type="search_after", limit="2", search_after="p1")
    assert [item["identifier"] for item in page["_embedded"]["items"]] == ["p2", "p3"]
    assert set(page["_links"]) == {"self", "first", "next"}
    assert "current_page" not in page
    following = visitor.session.get(
        page["_links"]["next"]["href"],
        headers={"Authorization": f"Bearer {visitor.tokens['access_token']}"},
        timeout=10,
    ).json()
    assert [item["identifier"] for item in following["_embedded"]["items"]] == ["p4"]
    assert "next" not in following["_links"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"pagination_type": "x"}, "Pagination type does not exist."),
        ({"limit": "0"}, '"0" is not a valid limit number.'),
        ({"limit": "x"}, '"x" is not a valid limit number.'),
        ({"limit": "101"}, "You cannot request more than 100 items."),
        ({"page": "-1"}, '"-1" is not a valid page number.'),
        ({"with_count": "x"}, 'Parameter "with_count" has to be a boolean.'),
        ({"page": "101", "limit": "100"}, "You have reached the maximum number of pages"),
        ({"attributes": "nope"}, 'Attribute "nope" does not exist.'),
        ({"attributes": "nope,none"}, 'Attributes "nope, none" do not exist.'),
        ({"scope": "nope"}, 'Scope "nope" does not exist.'),
        ({"locales": "fr_FR"}, 'Locale "fr_FR" does not exist or is not activated.'),
    ],
    ids=ascii,
)
def test_a_list_that_is_asked_for_wrongly_is_refused(
    visitor: Visitor, query: dict[str, str], message: str
) -> None:
    answer = visitor.send("GET", "products", params=query)
    assert (answer.status_code, answer.json()["message"][: len(message)]) == (422, message)


def test_a_list_of_the_structure_has_no_cursor(visitor: Visitor) -> None:
    query = {"pagination_type": "search_after"}
    answer = visitor.send("GET", "families", params=query)
    assert (answer.status_code, answer.json()["message"]) == (
        422,
        "Pagination type is not supported.",
    )


def test_a_list_shows_the_values_that_are_asked_for(stocked: Visitor) -> None:
    def values(**query: str) -> set[str]:
        page = stocked.get("products", **query)
        return set(page["_embedded"]["items"][0]["values"])

    everything = {"sku", "color", "pieces", "in_stock", "released", "description"}
    assert values() == values(scope="print") == everything
    assert values(attributes="color,pieces") == {"color", "pieces"}
    assert values(scope="ecommerce") == values(locales="de_DE") == everything - {"description"}


def test_a_scope_selects_the_products_of_its_tree(stocked: Visitor) -> None:
    assert stocked.codes("products", scope="print") == ["a1", "a2"]


@pytest.mark.parametrize(
    ("name", "operator", "value", "found"),
    [
        ("identifier", "IN", ["a1", "B1", "x"], ["a1", "b1"]),
        ("identifier", "NOT IN", ["a1"], ["a2", "b1", "v"]),
        ("identifier", "=", "a1", ["a1"]),
        ("identifier", "!=", "a1", ["a2", "b1", "v"]),
        ("identifier", "STARTS WITH", "A", ["a1", "a2"]),
        ("identifier", "CONTAINS", "1", ["a1", "b1"]),
        ("identifier", "DOES NOT CONTAIN", "1", ["a2", "v"]),
        ("enabled", "=", False, ["a2"]),
        ("family", "IN", ["tools"], ["a1", "a2"]),
        ("family", "EMPTY", None, ["b1"]),
        ("family", "NOT EMPTY", None, ["a1", "a2", "v"]),
        ("groups", "EMPTY", None, ["a1", "a2", "b1", "v"]),
        ("parent", "=", "shirt", ["v"]),
        ("parent", "IN", ["shirt"], ["v"]),
        ("parent", "EMPTY", None, ["a1", "a2", "b1"]),
        ("categories", "IN", ["drills"], ["a1"]),
        ("categories", "NOT IN", ["drills"], ["a2", "b1", "v"]),
        ("categories", "IN CHILDREN", ["tools"], ["a1"]),
        ("categories", "NOT IN CHILDREN", ["master"], ["b1", "v"]),
        ("categories", "UNCLASSIFIED", None, ["b1", "v"]),
        ("categories", "IN OR UNCLASSIFIED", ["garden"], ["a2", "b1", "v"]),
        ("brand", "=", "muller", ["b1"]),
        ("brand", "IN", ["Müller"], ["b1"]),
        ("brand", "EMPTY", None, ["a1", "a2", "v"]),
        ("pieces", "<", 6, ["a1"]),
        ("pieces", ">=", "50", ["b1"]),
        ("pieces", "=", 5, ["a1"]),
        ("pieces", "NOT EMPTY", None, ["a1", "b1"]),
        ("color", "IN", ["red"], ["a1"]),
        ("size", "IN", ["m"], ["v"]),
        ("in_stock", "=", True, ["a1"]),
        ("released", ">", "2024-01-31", ["a1"]),
        ("released", "=", "2024-02-01", ["a1"]),
        ("created", ">", "2000-01-01 00:00:00", ["a1", "a2", "b1", "v"]),
        ("updated", "SINCE LAST N DAYS", 1, ["a1", "a2", "b1", "v"]),
        ("updated", "BETWEEN", ["2000-01-01 00:00:00", "2001-01-01 00:00:00"], []),
        (
            "updated",
            "NOT BETWEEN",
            ["2000-01-01 00:00:00", "2001-01-01 00:00:00"],
            ["a1", "a2", "b1", "v"],
        ),
    ],
    ids=ascii,
)
def test_a_search_selects(
    stocked: Visitor, name: str, operator: str, value: Json, found: list[str]
) -> None:
    if operator == "EMPTY" and name == "brand":  # only what has the attribute can lack it
        stocked.put("products", {"identifier": "c1"})
    assert stocked.find("products", name, operator, value) == found


def test_a_search_in_a_localizable_value_needs_a_locale(stocked: Visitor) -> None:
    found = stocked.find(
        "products", "description", "CONTAINS", "holes", locale="en_US", scope="print"
    )
    assert found == ["a1"]
    asked = json.dumps({"description": [{"operator": "CONTAINS", "value": "x"}]})
    answer = stocked.send("GET", "products", params={"search": asked})
    assert answer.json()["message"] == 'Attribute "description" expects a locale, none given.'
    given = {"search": asked, "search_locale": "en_US", "search_scope": "print"}
    assert stocked.codes("products", **given) == []


def test_products_are_searched_by_uuid_and_models_by_their_own_fields(stocked: Visitor) -> None:
    uuid = stocked.get("products/a1")["uuid"]
    assert stocked.find("products-uuid", "uuid", "IN", [uuid]) == [uuid]
    assert stocked.find("product-models", "family", "IN", ["clothing"]) == ["shirt"]
    asked = json.dumps({"enabled": [{"operator": "=", "value": True}]})
    assert stocked.send("GET", "product-models", params={"search": asked}).status_code == 422


@pytest.mark.parametrize(
    ("search", "status", "message"),
    [
        ("{", 400, "Search query parameter should be valid JSON."),
        ({"identifier": []}, 422, 'Structure of filter "identifier" should respect'),
        ({"identifier": [{}]}, 422, 'Operator is missing for the property "identifier".'),
        ({"identifier": [{"operator": 5}]}, 422, 'Operator has to be a string, "integer" given.'),
        (
            {"identifier": [{"operator": "<", "value": "x"}]},
            422,
            'Filter on property "identifier" is not supported or does not support operator "<"',
        ),
        (
            {"identifier": [{"operator": "IN", "value": "x"}]},
            422,
            "The identifier filter value should be an array",
        ),
        ({"identifier": [{"operator": "IN", "value": [5]}]}, 422, 'Property "identifier" expects'),
        ({"identifier": [{"operator": "=", "value": 5}]}, 422, 'Property "identifier" expects a s'),
        (
            {"identifier": [{"operator": "IN", "value": ["x"] * 101}]},
            400,
            "The identifier filter can't contain more than 100 product identifiers.",
        ),
        ({"enabled": [{"operator": "=", "value": "x"}]}, 422, 'Property "enabled" expects a bool'),
        ({"family": [{"operator": "IN", "value": ["x"]}]}, 422, 'Object "family" with code "x"'),
        ({"family": [{"operator": "IN", "value": "x"}]}, 422, 'Property "family" expects an array'),
        ({"color": [{"operator": "IN", "value": [[]]}]}, 422, 'Property "color" expects a string'),
        ({"categories": [{"operator": "IN", "value": ["x"]}]}, 422, 'Category "x" does not exist.'),
        (
            {"categories": [{"operator": "IN", "value": ["x", "y"]}]},
            422,
            'Categories "x, y" do not exist.',
        ),
        ({"pieces": [{"operator": "<", "value": "x"}]}, 422, 'Property "pieces" expects a numeric'),
        (
            {"created": [{"operator": "<", "value": "x"}]},
            422,
            'Property "created" expects a string',
        ),
        (
            {"created": [{"operator": "BETWEEN", "value": ["x"]}]},
            422,
            'Property "created" expects an array with valid data',
        ),
        (
            {"updated": [{"operator": "SINCE LAST N DAYS", "value": "x"}]},
            422,
            'Property "updated" expects an integer',
        ),
        (
            {"name": [{"operator": "=", "value": "x", "locale": "xx"}]},
            422,
            'Locale "xx" does not exist or is not activated.',
        ),
        (
            {"name": [{"operator": "=", "value": "x", "locale": 5}]},
            422,
            'Property "name" expects a string with the key "locale".',
        ),
        ({"nope": [{"operator": "=", "value": 1}]}, 404, '"nope" does not exist or you do not'),
    ],
    ids=ascii,
)
def test_a_search_that_is_wrong_is_refused(
    visitor: Visitor, search: Json, status: int, message: str
) -> None:
    asked = search if isinstance(search, str) else json.dumps(search)
    answer = visitor.send("GET", "products", params={"search": asked})
    assert (answer.status_code, answer.json()["message"][: len(message)]) == (status, message)


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ({"search[a]": "x"}, {}, 400),
        ({}, {"Accept": "text/plain"}, 406),
        ({}, {"Accept": "text/html, */*"}, 200),
    ],
    ids=ascii,
)
def test_brackets_and_other_types_than_json_are_refused(
    visitor: Visitor, query: dict[str, str], headers: dict[str, str | None], status: int
) -> None:
    answer = visitor.send("GET", "families", headers=headers, params=query)
    assert answer.status_code == status


def test_lists_are_in_the_order_of_the_pims_database(visitor: Visitor) -> None:
    visitor.put("families", {"code": "tool_x"}, {"code": "tool1"}, {"code": "TOOLa"})
    listed = [code for code in visitor.codes("families") if code.lower().startswith("tool")]
    assert listed == ["tool_x", "tool1", "TOOLa", "tools"]


def test_links_of_products_repeat_what_the_list_knows(visitor: Visitor) -> None:
    page = visitor.get("products", attributes="sku", search="{}", other="x")
    query = parse_qs(urlsplit(page["_links"]["first"]["href"]).query)
    assert query == {
        "with_count": ["false"],
        "limit": ["10"],
        "pagination_type": ["page"],
        "attributes": ["sku"],
        "page": ["1"],
    }
