"""What holds of whatever is sent."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from erp2pim.sandbox import serve
from erp2pim.sandbox.catalog import same
from erp2pim.sandbox.php import date, number_format
from tests.sandbox.visitor import Json, Visitor, cell

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NUMBERS = st.decimals(min_value=0, max_value=10**9, allow_nan=False, places=3).map(str)
DATA = {
    "brand": st.text(max_size=9),
    "pieces": st.integers(0, 10**9).flatmap(lambda n: st.sampled_from([n, f"{n}", f" {n}.0"])),
    "rating": st.floats(0, 5),
    "in_stock": st.booleans(),
    "released": st.dates().map(str),
    "weight": st.builds(
        lambda amount, unit: {"amount": amount, "unit": unit},
        NUMBERS,
        st.sampled_from(["GRAM", "kilogram"]),
    ),
    "price": st.lists(
        st.builds(
            lambda amount, currency: {"amount": amount, "currency": currency},
            NUMBERS,
            st.sampled_from(["EUR", "USD"]),
        ),
        max_size=3,
    ),
    "color": st.sampled_from(["red", "RED", "Blue"]),
    "materials": st.lists(st.sampled_from(["wood", "Steel"]), max_size=2, unique=True),
}
PROPERTIES = (
    "family", "parent", "categories", "enabled", "groups", "associations",
    "quantified_associations", "values", "code", "attributes", "labels", "type", "group",
    "family_variant", "variant_attribute_sets", "attribute_requirements", "sort_order",
)  # fmt: skip
PATHS = (
    "products", "product-models", "attributes", "families", "categories", "channels",
    "association-types", "attributes/color/options", "families/clothing/variants",
)  # fmt: skip


@pytest.fixture(scope="module")
def visitor() -> Iterator[Visitor]:
    with serve() as pim:
        yield Visitor(pim)


@given(st.sampled_from(PATHS), st.dictionaries(st.sampled_from(PROPERTIES), ANYTHING, max_size=2))
def test_every_line_is_answered_with_a_status(visitor: Visitor, path: str, line: Json) -> None:
    key = "identifier" if path == "products" else "code"
    answer = visitor.batch(path, {key: "x", **line})[0]
    assert answer["status_code"] in {201, 204, 400, 422}
    assert answer["status_code"] < 400 or answer["message"]


@given(st.sampled_from(sorted(DATA)), ANYTHING)
def test_data_is_taken_or_refused_and_changes_nothing_if_refused(
    visitor: Visitor, code: str, data: Json
) -> None:
    assert visitor.set("x", **dict.fromkeys(DATA) | {"price": []})["status_code"] in {201, 204}
    answer = visitor.set("x", **{code: data})
    kept = visitor.value("x", code)
    assert answer["status_code"] in {201, 204, 422}
    assert kept is None or answer["status_code"] < 400


@given(st.data())
def test_what_is_read_can_be_sent_back_and_changes_nothing(
    visitor: Visitor, data: st.DataObject
) -> None:
    code = data.draw(st.sampled_from(sorted(DATA)))
    answer = visitor.set("x", **{code: data.draw(DATA[code])})
    assert answer["status_code"] in {201, 204}
    before = visitor.get("products/x")
    sent = {code: [cell(one["data"]) for one in cells] for code, cells in before["values"].items()}
    visitor.put("products", {"identifier": "x", "values": sent})
    assert visitor.get("products/x") == before


@given(st.text())
def test_a_code_is_the_same_as_itself_in_any_case(code: str) -> None:
    assert same(same(code)) == same(code)
    assert same(code.swapcase()) == same(code) or not code.isascii()


@given(st.decimals(-(10**9), 10**9, places=4), st.sampled_from([2, 4]))
def test_a_number_is_printed_to_the_nearest_place(number: Json, places: int) -> None:
    printed = number_format(str(number), places)
    assert len(printed.partition(".")[2]) == places
    assert abs(float(printed) - float(number)) <= 0.5001 * 10**-places
    assert number_format(printed, places) == printed


@given(st.datetimes())
def test_a_date_is_read_as_it_is_written(moment: Json) -> None:
    read = date(moment.isoformat(timespec="seconds"))
    assert read is not None
    assert read.replace(tzinfo=None) == moment.replace(microsecond=0)


@given(st.text())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_no_text_breaks_the_reader_of_dates(text: str) -> None:
    assert date(text) is None or date(text)


@given(st.sampled_from(["products", "product-models", "families"]), ANYTHING)
def test_every_search_is_answered_with_a_status(visitor: Visitor, path: str, search: Json) -> None:
    for asked in (
        search,
        {"identifier": search},
        {"family": [{"operator": "IN", "value": search}]},
    ):
        answer = visitor.send("GET", path, params={"search": json.dumps(asked)})
        assert answer.status_code in {200, 400, 404, 422}
