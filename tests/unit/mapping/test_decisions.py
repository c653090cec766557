"""What is decided where an export leaves room: a default, an override, a count, both places."""

import io
from collections import Counter

import pytest

from erp2pim.model import Item, Json, Reject, Skipped
from erp2pim.source.files import ExportFile
from tests.unit.mapping.mapped import FILE, FIRST_RULE, become, faults, loaded, one, written

PLACE = f"{FILE}:{FIRST_RULE}"
NIL = '<V xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'
TWO = "<V>1</V><V>2</V>"
DAY = "<V>31.02.2026</V>"
MARKUP = "<V>a <b>bold</b> word</V>"
ASSOCIATIONS = """
associations:
  X_SELL: {{products: {{path: See, absent: {policy}}}}}
  SET: {{products: {{each: Part, path: "@sku", quantity: "@qty", absent: {policy}}}}}
"""


def decided(record: str, rule: str) -> tuple[list[Item | Reject | Skipped], dict[str, int]]:
    """Give what two equal records become, and how often each decision was taken at the rule."""
    decisions: Counter[tuple[str, str]] = Counter()
    mapping = loaded(written(f"a: {rule}", more="tables: {unit: {KG: KILOGRAM}}"))
    xml = f"<Export>{f'<Item><Sku>A1</Sku>{record}</Item>' * 2}</Export>"
    became = become(mapping, ExportFile("export.xml", io.BytesIO(xml.encode())), decisions)
    assert {place for place, _ in decisions} <= {PLACE}
    return became, {decision: count for (_, decision), count in decisions.items()}


def cell(became: Item | Reject | Skipped) -> Json:
    """Give the data of an item's only cell, or `left` where there is none."""
    assert isinstance(became, Item), became
    values = became.body.get("values")
    return values["a"][0]["data"] if values else "left"  # type: ignore[call-overload,index]  # JSON


@pytest.mark.parametrize(
    ("record", "rule", "message", "value", "decision"),
    [
        pytest.param(
            NIL,
            "{path: V, type: text}",
            "a value is expected: the element is nil",
            None,
            "nil: rejected",
            id="nil",
        ),
        pytest.param(
            "<V>LB</V>",
            "{path: V, table: unit, type: select}",
            "a key of the table unit is expected",
            "LB",
            "unknown code: rejected",
            id="unknown code",
        ),
        pytest.param(
            TWO,
            "{path: V, type: text}",
            "one value is expected; (a/b)[1] is the first of all, a/b[1] the first of each a",
            "1 and 2",
            "two values: rejected",
            id="two different values",
        ),
        pytest.param(
            "<V>1,5</V>",
            "{path: V, type: number}",
            "a number written like 1234.56 is expected",
            "1,5",
            "number: rejected",
            id="a number that breaks the format",
        ),
        pytest.param(
            DAY,
            '{path: V, dates: "31.12.2026", type: date}',
            "a date written like 31.12.2026 is expected",
            "31.02.2026",
            "date: rejected",
            id="a day that is none",
        ),
        pytest.param(
            "<V>65W</V>",
            "{path: V, unit: {value: WATT}, type: metric}",
            "a number written like 1234.56 is expected",
            "65W",
            "number: rejected",
            id="left-over text",
        ),
        pytest.param(
            MARKUP,
            "{path: V, type: text}",
            "<V> has child elements such as <b>; a deeper path, as: text or as: markup is expected",
            "a bold word",
            "child elements: rejected",
            id="an element with children",
        ),
        pytest.param(
            "<V>maybe</V>",
            "{path: V, type: boolean}",
            "one of the words '1', 'true', '0', 'false' is expected",
            "maybe",
            "boolean: rejected",
            id="an unknown word",
        ),
        pytest.param(
            "<V>5</V>",
            "{path: V, unit: U, type: metric}",
            "a unit is expected beside the number",
            "5",
            "unit: rejected",
            id="no unit",
        ),
        pytest.param(
            "<V>5</V>",
            "{path: V, currency: C, type: price}",
            "a currency is expected beside the amount",
            "5",
            "currency: rejected",
            id="no currency",
        ),
    ],
)
def test_what_cannot_be_decided_is_rejected_with_both_places_and_counted(
    record: str, rule: str, message: str, value: str | None, decision: str
) -> None:
    (first, second), decisions = decided(record, rule)

    assert isinstance(first, Reject)
    assert isinstance(second, Reject)
    assert (first.rule, first.message, first.value) == (PLACE, message, value)
    assert first.identifier == "A1"
    assert [str(each.origin) for each in (first, second)] == [
        "export.xml: record 1, line 1",
        "export.xml: record 2, line 1",
    ]
    assert decisions == {decision: 2}


@pytest.mark.parametrize(
    ("record", "rule", "data", "decision"),
    [
        pytest.param("", "{path: V, type: text}", "left", "absent: left", id="absent"),
        pytest.param("<V/>", "{path: V, type: text}", "left", "empty: left", id="empty"),
        pytest.param(
            "<V>-</V>",
            '{path: V, no_value: ["-"], type: text}',
            "left",
            "no_value: left",
            id="no_value",
        ),
    ],
)
def test_what_says_nothing_is_left_to_the_pim_and_counted(
    record: str, rule: str, data: Json, decision: str
) -> None:
    became, decisions = decided(record, rule)

    assert [cell(each) for each in became] == [data, data]
    assert decisions == {decision: 2}


@pytest.mark.parametrize(
    ("record", "rule", "data", "decision"),
    [
        ("", "{path: V, absent: clear, type: text}", None, "absent: cleared"),
        ("", "{path: V, default: x, type: text}", "x", "default"),
        ("<V/>", "{path: V, empty: clear, type: text}", None, "empty: cleared"),
        ("<V/>", "{path: V, default: x, type: text}", "x", "default"),
        (
            "<V>-</V>",
            '{path: V, no_value: ["-"], empty: clear, type: text}',
            None,
            "no_value: cleared",
        ),
        (NIL, "{path: V, nil: leave, type: text}", "left", "nil: left"),
        (NIL, "{path: V, nil: clear, type: text}", None, "nil: cleared"),
        (NIL, "{path: V, default: x, type: text}", "x", "default"),
        (
            "<V>LB</V>",
            "{path: V, table: unit, otherwise: drop, type: select}",
            "left",
            "unknown code: dropped",
        ),
        (
            "<V>LB</V>",
            "{path: V, table: unit, otherwise: keep, type: select}",
            "LB",
            "unknown code: kept",
        ),
        (
            "<V>LB</V>",
            "{path: V, table: unit, otherwise: {value: GRAM}, type: select}",
            "GRAM",
            "unknown code: replaced",
        ),
        (TWO, '{path: V, join: " / ", type: text}', "1 / 2", None),
        (TWO, '{path: "(V)[1]", type: text}', "1", None),
        ("<V>1,5</V>", '{path: V, numbers: "1.234,56", type: number}', "1.5", None),
        ("<V>1,5</V>", "{path: V, otherwise: drop, type: number}", "left", "number: dropped"),
        ("<V>1,5</V>", '{path: V, otherwise: {value: "0"}, type: number}', "0", "number: replaced"),
        (
            DAY,
            '{path: V, dates: "31.12.2026", otherwise: drop, type: date}',
            "left",
            "date: dropped",
        ),
        (
            DAY,
            "{path: V, otherwise: {value: 2026-02-28}, type: date}",
            "2026-02-28",
            "date: replaced",
        ),
        (
            "<V>65W</V>",
            "{path: V, unit: $rest, type: metric}",
            {"amount": "65", "unit": "W"},
            None,
        ),
        (
            "<V>65W</V>",
            "{path: V, unit: {value: WATT}, otherwise: {value: 1}, type: metric}",
            {"amount": "1", "unit": "WATT"},
            "number: replaced",
        ),
        (MARKUP, "{path: V, as: text, type: text}", "a bold word", None),
        (MARKUP, "{path: V, as: markup, type: text}", "a <b>bold</b> word", None),
        ("<V>maybe</V>", "{path: V, otherwise: drop, type: boolean}", "left", "boolean: dropped"),
        (
            "<V>maybe</V>",
            "{path: V, otherwise: {value: 'false'}, type: boolean}",
            False,
            "boolean: replaced",
        ),
    ],
)
def test_a_rule_decides_otherwise_and_that_is_counted(
    record: str, rule: str, data: Json, decision: str | None
) -> None:
    became, decisions = decided(record, rule)

    assert [cell(each) for each in became] == [data, data]
    assert decisions == ({} if decision is None else {decision: 2})


@pytest.mark.parametrize(
    ("record", "policy", "message"),
    [
        ("", "absent", "the path finds nothing"),
        ("<V/>", "empty", "the path finds only empty texts"),
        ("<V>-</V>", "empty", "the path finds only texts that mean no value"),
    ],
)
def test_a_rule_demands_a_value(record: str, policy: str, message: str) -> None:
    became, decisions = decided(
        record, f'{{path: V, no_value: ["-"], {policy}: reject, type: text}}'
    )

    assert [each.message for each in became if isinstance(each, Reject)] == [
        f"a value is expected: {message}"
    ] * 2
    assert sum(decisions.values()) == 2


def test_of_several_values_only_those_that_cannot_be_read_are_dropped() -> None:
    became, decisions = decided(
        "<V>1.50</V><V>call us</V>",
        "{path: V, currency: {value: EUR}, otherwise: drop, type: price}",
    )

    assert [cell(each) for each in became] == [[{"amount": "1.5", "currency": "EUR"}]] * 2
    assert decisions == {"number: dropped": 2}


def test_what_can_be_read_but_not_taken_is_rejected_all_the_same() -> None:
    (first, _), _ = decided("<V>5</V>", "{path: V, unit: U, otherwise: drop, type: metric}")

    assert isinstance(first, Reject)
    assert first.message == "a unit is expected beside the number"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            "{path: V, otherwise: keep, type: number}",
            "5:29: keep is for codes: what cannot be read is rejected, dropped or replaced",
        ),
        ("{path: V, otherwise: drop, type: text}", "5:29: otherwise needs a table"),
        ("{path: [{path: V, otherwise: drop}], type: number}", "5:37: otherwise needs a table"),
    ],
)
def test_otherwise_needs_something_that_can_fail(rule: str, message: str) -> None:
    assert faults(written(f"a: {rule}")) == [message]


@pytest.mark.parametrize("source", ["path: V", "each: V, path: ."])
def test_a_rule_whose_condition_is_false_has_no_default_either(source: str) -> None:
    rule = f"{{{source}, when: Sku = 'B', default: x, absent: reject, type: text}}"

    became, decisions = decided("<V>1</V>", rule)

    assert [cell(each) for each in became] == ["left", "left"]
    assert decisions == {}


@pytest.mark.parametrize(
    ("policy", "links"),
    [
        ("leave", None),
        (
            "clear",
            {
                "associations": {"X_SELL": {"products": []}},
                "quantified_associations": {"SET": {"products": []}},
            },
        ),
    ],
)
def test_associations_are_left_or_cleared(policy: str, links: Json) -> None:
    became = one("", product=ASSOCIATIONS.format(policy=policy))

    assert isinstance(became, Item)
    assert (dict(became.body) or None) == links


def test_associations_are_demanded() -> None:
    became = one("", product=ASSOCIATIONS.format(policy="reject"))

    assert isinstance(became, Reject)
    assert became.message.startswith("a value is expected: the path finds nothing; ")
    assert became.message.endswith("a value is expected: the path finds nothing")
