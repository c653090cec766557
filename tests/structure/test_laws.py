"""Verdicts and canonical forms held against the sandbox, with whatever data."""

import time
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from erp2pim.model import Json
from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.products import patch_product
from erp2pim.sandbox.reading import show
from erp2pim.sandbox.refusal import Malformed, Refusal
from erp2pim.sandbox.store import Store
from erp2pim.structure import Structure, canonical, findings, from_json, spelled
from tests.structure.shop import SHOP, cell
from tests.structure.shop import given as shop

ATTRIBUTES = [
    "name", "short", "mail", "site", "serial", "text", "pieces", "rating", "active", "released",
    "weight", "price", "color", "colors",
]  # fmt: skip
FLAGS = {"localizable": False, "scopable": False, "unique": False}
TEXTS = [
    "1",
    "1.5",
    "1.",
    "+1",
    "1e2",
    "-1",
    ".5",
    "101",
    "abc",
    "red",
    "RED",
    "Blue",
    "2020-01-01",
    "2020-02-30",
    "2020-01-01T10:00:00",
    "2020-1-1",
    "1999-12-31",
    "ABC",
    "a@b.c",
    "http://a.b",
    "KILOGRAM",
    "gram",
    "EUR",
    "eur",
    "USD",
]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
    | st.text(max_size=6)
    | st.sampled_from([*TEXTS, " 1", "1 ", "2020-01-01 10:00", "  ", "\n"])
)
PRICES = st.fixed_dictionaries(
    {"amount": LEAVES, "currency": st.sampled_from(["EUR", "USD", "XXX", "eur"])}
)
METRICS = st.fixed_dictionaries(
    {"amount": LEAVES, "unit": st.sampled_from(["GRAM", "gram", "KG", 5])}
)
DATA = LEAVES | st.lists(LEAVES, max_size=2) | METRICS | PRICES | st.lists(PRICES, max_size=2)
REFUSED_ON_PURPOSE = (
    "an amount and a unit are expected",
    "one price in each currency is expected",
    "a day of the calendar is expected",
)


def sandbox() -> Store:
    catalog: dict[str, Any] = shop()
    catalog["attributes"] = [FLAGS | one for one in catalog["attributes"]]
    catalog["association_types"] = []
    store = Store(Catalog(catalog))
    patch_product(store, "A-1", {"identifier": "A-1"})
    return store


def took(store: Store, body: dict[str, Any]) -> bool:
    try:
        patch_product(store, "A-1", {"identifier": "A-1", **body})
    except (Malformed, Refusal):
        return False
    return True


@given(st.sampled_from(ATTRIBUTES), DATA)
def test_the_sandbox_judges_like_us_and_gives_back_what_is_canonically_the_same(
    code: str, data: Json
) -> None:
    store, body = sandbox(), {"values": {code: [cell(data)]}}

    found = findings(SHOP, "product", "A-1", body)

    refusals = [each.message for each in found if each.severity == "reject"]
    accepted = took(store, body)
    event(f"accepted: {accepted}")
    if all(message.startswith(REFUSED_ON_PURPOSE) for message in refusals) and refusals:
        return
    assert accepted == (not refusals)
    product = store.product("A-1")
    if accepted and product is not None:
        cells = show(store, product, "")["values"].get(code)
        kept = cells[0]["data"] if cells else None
        assert canonical(SHOP.attributes[code], kept) == canonical(SHOP.attributes[code], data)


@given(st.dictionaries(st.sampled_from([*SHOP.attributes, "x"]), st.lists(DATA, max_size=2)))
def test_nothing_that_json_can_hold_stops_a_check(values: dict[str, Any]) -> None:
    body: dict[str, Any] = {"values": {code: [*map(cell, v)] for code, v in values.items()}}

    once = spelled(SHOP, body)

    assert spelled(SHOP, once) == once
    assert {each.severity for each in findings(SHOP, "product", "A-1", once)} <= {"reject", "warn"}


@given(DATA)
def test_no_property_stops_a_check(data: Json) -> None:
    names = ("enabled", "family", "categories", "groups", "parent", "associations", "values")

    found = findings(SHOP, "product", "A-1", dict.fromkeys(names, data))
    more = findings(SHOP, "product_model", "A-1", {"family_variant": data, "family": data})

    assert {each.severity for each in (*found, *more)} <= {"reject", "warn"}


def test_a_body_with_500_attributes_is_checked_in_a_moment() -> None:
    pim, body = wide(500)
    began = time.process_time()

    found = findings(pim, "product", "A-1", spelled(pim, body))

    assert found == []
    assert time.process_time() - began < 0.5


def wide(count: int) -> tuple[Structure, dict[str, Any]]:
    """Give a PIM with so many attributes, and a body with a value of each."""
    data: dict[str, Json] = {
        "pim_catalog_text": "a text",
        "pim_catalog_number": "12.5",
        "pim_catalog_metric": {"amount": "1.5", "unit": "gram"},
        "pim_catalog_simpleselect": "red",
    }
    catalog = shop()
    attributes = [
        {
            "code": f"a{number}",
            "type": list(data)[number % len(data)],
            "decimals_allowed": True,
            "metric_family": "Weight",
        }
        for number in range(count)
    ]
    catalog["attributes"] += attributes
    catalog["attribute_options"] |= {one["code"]: [{"code": "red"}] for one in attributes}
    values = {one["code"]: [cell(data[str(one["type"])])] for one in attributes}
    return from_json(catalog), {"values": values}
