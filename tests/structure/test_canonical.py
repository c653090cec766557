"""Canonical forms: equal exactly where the PIM gives the same back."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from erp2pim.model import Json
from erp2pim.structure import Attribute, canonical
from tests.structure.shop import SHOP

ATTRIBUTES = list(SHOP.attributes.values())
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.from_regex(r"-?[0-9]{1,20}(\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
    | st.dates().map(str)
)
MEMBERS = st.sampled_from(["amount", "unit", "currency", "part", "share"])
DATA = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=3),
    max_leaves=8,
)
DECIMALS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=Decimal("-1e18"), max_value=Decimal("1e18")
)


def attribute(kind: str, *, decimals: bool = True) -> Attribute:
    return Attribute("a", f"pim_catalog_{kind}", decimals_allowed=decimals)


AMOUNTS = [
    attribute(kind, decimals=decimals)
    for kind in ("number", "metric", "price_collection")
    for decimals in (True, False)
]


@given(st.sampled_from(ATTRIBUTES), DATA)
def test_the_canonical_form_of_a_canonical_form_is_itself(one: Attribute, data: Json) -> None:
    once = canonical(one, data)

    assert canonical(one, once) == once


@given(DECIMALS, st.sampled_from(AMOUNTS))
def test_the_canonical_form_of_an_amount_is_itself(amount: Decimal, one: Attribute) -> None:
    data: dict[str, Json] = {
        "pim_catalog_number": str(amount),
        "pim_catalog_metric": {"amount": str(amount), "unit": "GRAM"},
        "pim_catalog_price_collection": [{"amount": str(amount), "currency": "EUR"}],
    }

    once = canonical(one, data[one.type])

    assert canonical(one, once) == once


@given(DECIMALS.filter(lambda d: abs(d) < Decimal("1e10")), st.integers(0, 4))
def test_zeros_at_the_end_make_no_difference(amount: Decimal, zeros: int) -> None:
    text = format(round(amount, 4), "f")
    padded = text + ("0" * zeros if "." in text else "." + "0" * zeros if zeros else "")

    number = attribute("number")

    assert canonical(number, padded) == canonical(number, text)
    assert Decimal(str(canonical(number, text))) == Decimal(text)


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_numbers_that_differ_within_four_decimals_stay_apart(one: int, other: int) -> None:
    assume(one != other)
    number, metric = attribute("number"), attribute("metric")
    first, second = (format(Decimal(each).scaleb(-4), "f") for each in (one, other))

    assert canonical(number, first) != canonical(number, second)
    assert canonical(metric, {"amount": first, "unit": "G"}) != canonical(
        metric, {"amount": second, "unit": "G"}
    )


@given(st.permutations(["red", "Blue", "GREEN", "x1"]))
def test_the_order_and_the_case_of_options_make_no_difference(codes: list[str]) -> None:
    several = attribute("multiselect")

    assert canonical(several, [code.swapcase() for code in codes]) == [
        "blue",
        "green",
        "red",
        "x1",
    ]


@given(st.permutations([("EUR", "1.5"), ("USD", 2), ("CHF", "3.000")]))
def test_the_order_of_prices_makes_no_difference(prices: list[tuple[str, Json]]) -> None:
    data: Json = [{"amount": amount, "currency": currency} for currency, amount in prices]

    assert canonical(attribute("price_collection"), data) == [
        {"amount": "3.00", "currency": "CHF"},
        {"amount": "1.50", "currency": "EUR"},
        {"amount": "2.00", "currency": "USD"},
    ]


ROWS: Json = [
    {"part": "Sole", "share": "12.50", "note": ""},
    {"part": "Lace", "share": 5, "note": "a"},
]


@pytest.mark.parametrize(
    ("kind", "data", "form"),
    [
        ("text", "a\r\nb\nc", "a b c"),
        ("text", "  a  ", "  a  "),
        ("text", " \n ", None),
        ("textarea", "a\r\nb", "a\r\nb"),
        ("number", 15, "15.0000"),
        ("number", "15.50787600", "15.507876"),
        ("number", "13.111111111111", "13.111111111111"),
        ("number", "1e3", "1000.0000"),
        ("number", " 5", "5.0000"),
        ("number", 0.1, "0.1000"),
        ("number", "-0", "0.0000"),
        ("number", "12345678901234567890", "12345678901234567168.0000"),
        ("number", "abc", "abc"),
        ("number", "1e399", "1" + "0" * 399),
        ("number", True, True),
        ("metric", {"amount": "-20.5", "unit": "gram"}, {"amount": "-20.5000", "unit": "GRAM"}),
        ("metric", {"amount": 1.23456, "unit": "G"}, {"amount": "1.2346", "unit": "G"}),
        ("metric", {"amount": "1", "unit": "G", "symbol": "g"}, {"amount": "1.0000", "unit": "G"}),
        ("metric", {"amount": None, "unit": "GRAM"}, None),
        ("metric", {"amount": "x", "unit": 5}, {"amount": "x", "unit": 5}),
        ("metric", {"amount": "x", "unit": "g"}, {"amount": "x", "unit": "G"}),
        ("metric", 5, 5),
        ("price_collection", [], None),
        ("price_collection", [{"amount": None, "currency": "EUR"}], None),
        (
            "price_collection",
            [{"amount": "9.999", "currency": "EUR"}],
            [{"amount": "10.00", "currency": "EUR"}],
        ),
        (
            "price_collection",
            [{"amount": 1, "currency": "EUR"}, {"amount": 2, "currency": "EUR"}],
            [{"amount": "2.00", "currency": "EUR"}],
        ),
        ("price_collection", ["x"], ["x"]),
        ("price_collection", "x", "x"),
        ("date", "2026-02-01T00:00:00+01:00", "2026-02-01"),
        ("date", "yesterday", "yesterday"),
        ("boolean", False, False),
        ("boolean", None, None),
        ("simpleselect", "Red", "red"),
        ("multiselect", [], None),
        ("multiselect", [1], [1]),
        ("multiselect", "red", "red"),
        ("asset_collection", ["B", "a"], ["b", "a"]),
        ("asset_collection", "B", "B"),
        ("reference_data_multiselect", ["B", "a"], ["a", "b"]),
        ("image", "a/b.png", "a/b.png"),
    ],
)
def test_the_canonical_form_is_what_the_pim_gives_back(kind: str, data: Json, form: Json) -> None:
    assert canonical(attribute(kind), data) == form


@pytest.mark.parametrize(
    ("kind", "data", "form"),
    [
        ("number", "7.0", 7),
        ("number", "99999999999999999999", 2**63 - 1),
        ("metric", {"amount": "7.000", "unit": "G"}, {"amount": 7, "unit": "G"}),
        (
            "price_collection",
            [{"amount": "5.0", "currency": "EUR"}],
            [{"amount": 5, "currency": "EUR"}],
        ),
    ],
)
def test_without_decimals_the_pim_gives_integers(kind: str, data: Json, form: Json) -> None:
    assert canonical(attribute(kind, decimals=False), data) == form


def test_the_cells_of_a_table_are_numbers_as_texts_and_leave_out_what_is_empty() -> None:
    assert canonical(SHOP.attributes["parts"], ROWS) == [
        {"part": "Sole", "share": "12.5"},
        {"part": "Lace", "share": "5", "note": "a"},
    ]
    assert canonical(SHOP.attributes["parts"], "x") == "x"
    odd: Json = ["x", {"share": "y"}]
    assert canonical(SHOP.attributes["parts"], odd) == odd
