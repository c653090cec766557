"""Absent, empty, no value, nil: what each does under each policy."""

import pytest

from erp2pim.model import Item, Reject
from tests.unit.mapping.mapped import bodies, body, data, one, refused, reject, written

XSI = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
NIL = f"<V {XSI} xsi:nil='true'/>"
GAPS = [
    pytest.param("absent", "", "the path finds nothing", id="absent"),
    pytest.param("empty", "<V/>", "the path finds only empty texts", id="empty"),
    pytest.param("empty", "<V> \n\t</V>", "the path finds only empty texts", id="blank"),
    pytest.param(
        "empty", "<V>-</V>", "the path finds only texts that mean no value", id="no value"
    ),
    pytest.param("nil", NIL, "the element is nil", id="nil"),
]
STATES = [pytest.param(*gap.values[:2], id=str(gap.id)) for gap in GAPS]
SOURCE = 'no_value: ["-", N/A]'


@pytest.mark.parametrize(("state", "record", "why"), GAPS)
def test_each_policy_does_what_it_says(state: str, record: str, why: str) -> None:
    def rule(policy: str) -> str:
        return f"{{path: V, type: text, {state}: {policy}}}"

    assert data(record, rule("leave"), source=SOURCE) == "left"
    assert data(record, rule("clear"), source=SOURCE) is None
    assert refused(record, rule("reject"), source=SOURCE) == (f"a value is expected: {why}", None)


@pytest.mark.parametrize(("state", "record"), STATES)
def test_the_policies_of_other_states_do_not_count(state: str, record: str) -> None:
    others = ", ".join(f"{name}: reject" for name in ("absent", "empty", "nil") if name != state)

    found = data(record, f"{{path: V, type: text, {state}: leave, {others}}}", source=SOURCE)

    assert found == "left"


@pytest.mark.parametrize(("state", "record"), STATES)
def test_a_gap_is_left_unless_declared_and_nil_is_refused(state: str, record: str) -> None:
    found = one(record, "a: {path: V, type: text}", source=SOURCE)

    if state == "nil":
        assert isinstance(found, Reject)
    else:
        assert isinstance(found, Item)
        assert found.body == {}


@pytest.mark.parametrize(("state", "record", "why"), GAPS)
def test_a_rule_goes_before_the_source(state: str, record: str, why: str) -> None:
    source = f"{SOURCE}\n{state}: reject"

    assert data(record, f"{{path: V, type: text, {state}: clear}}", source=source) is None
    assert refused(record, "{path: V, type: text}", source=source)[0].endswith(why)


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param("path: [V, W]", id="first of"),
        pytest.param("all: [V, W]", id="all"),
        pytest.param("concat: [V, {path: W, default: x}]", id="concat"),
        pytest.param('each: ".", path: V', id="each"),
        pytest.param("pair: list.v", id="pair"),
        pytest.param('path: V, split: ";"', id="split"),
        pytest.param("path: V, join: x", id="join"),
        pytest.param("path: V, table: t", id="table"),
    ],
)
@pytest.mark.parametrize(("state", "record", "why"), GAPS)
def test_a_state_is_seen_through_every_way_to_say_a_rule(
    state: str, record: str, why: str, rule: str
) -> None:
    more = "tables: {t: {x: y}}\npairs: {list: {each: ., key: {value: v}, value: V}}"

    found = refused(record, f"{{{rule}, type: text, {state}: reject}}", source=SOURCE, more=more)

    assert found == (f"a value is expected: {why}", None)


@pytest.mark.parametrize(
    ("record", "why"),
    [
        pytest.param(f"<V/>{NIL}", "the element is nil", id="nil before empty"),
        pytest.param(f"{NIL}<V/>", "the element is nil", id="nil before empty, other order"),
        pytest.param("<W/>", "the path finds only empty texts", id="empty before absent"),
    ],
)
def test_of_several_gaps_the_one_that_says_most_counts(record: str, why: str) -> None:
    rule = "{path: [V, W], type: text, absent: clear, empty: reject, nil: reject}"

    assert refused(record, rule) == (f"a value is expected: {why}", None)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param("<V/><V>x</V><V/>", "x", id="among empty ones"),
        pytest.param(f"{NIL}<V>x</V>", "x", id="beside nil"),
        pytest.param("<V>-</V><V>x</V>", "x", id="beside a text that means none"),
        pytest.param(f"<V {XSI} xsi:nil='true'>x</V>", "x", id="in an element that says nil"),
        pytest.param("<V> x </V>", "x", id="between blanks"),
    ],
)
def test_a_value_counts_whatever_stands_beside_it(record: str, expected: str) -> None:
    rule = "{path: V, type: text, empty: reject, nil: reject}"

    assert data(record, rule, source=SOURCE) == expected


@pytest.mark.parametrize(
    ("attribute", "expected"), [("xsi:nil='1'", "nil"), ("xsi:nil='false'", "empty")]
)
def test_nil_is_true_or_1(attribute: str, expected: str) -> None:
    rule = "{path: V, type: text, nil: leave, empty: clear}"

    found = data(f"<V {XSI} {attribute}/>", rule)

    assert found == {"nil": "left", "empty": None}[expected]


def test_nil_is_known_where_namespaces_are_ignored() -> None:
    rules = """
        a: {path: V, type: text, nil: clear}
        b: {path: V/@nil, type: text}
    """

    assert body(NIL, rules, source="namespaces: ignore") == {
        "values": {
            "a": [{"locale": None, "scope": None, "data": None}],
            "b": [{"locale": None, "scope": None, "data": "true"}],
        }
    }


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("text", None),
        ("textarea", None),
        ("number", None),
        ("boolean", None),
        ("date", None),
        ("metric, unit: U", None),
        ("select", None),
        ("price, currency: C", []),
        ("multiselect", []),
    ],
)
def test_clearing_sends_what_the_pim_takes_for_nothing(
    type_: str, expected: list[object] | None
) -> None:
    assert data("", f"{{path: V, type: {type_}, absent: clear}}") == expected


def test_properties_are_cleared_too_but_for_enabled() -> None:
    product = """
        family: {path: F, absent: clear}
        categories: {path: C, absent: clear}
        enabled: {path: E, absent: clear}
    """

    assert body("", product=product) == {"family": None, "categories": []}


def test_properties_that_are_missing_say_nothing() -> None:
    assert body("<F/>", product="family: F\ncategories: C\nenabled: E") == {}


def test_a_property_may_be_demanded() -> None:
    found = reject("", product="family: {path: F, absent: reject}")

    assert (found.message, found.rule) == (
        "a value is expected: the path finds nothing",
        "mapping.yaml:4",
    )


def test_a_silent_rule_says_nothing_whatever_the_policies_are() -> None:
    rule = "{path: V, type: text, when: W, absent: reject, empty: reject, nil: reject}"

    assert data("", rule) == "left"


def test_blanks_are_kept_where_the_rule_says_so() -> None:
    assert data("<V> x </V>", "{path: V, type: text, trim: false}") == " x "
    assert data("<V>  </V>", "{path: V, type: text, trim: false}") == "  "
    assert data("<V></V>", "{path: V, type: text, trim: false}") == "left"


def test_a_rule_has_its_own_texts_that_mean_no_value() -> None:
    assert data("<V>-</V>", "{path: V, type: text, no_value: [x]}", source=SOURCE) == "-"
    assert data("<V>x</V>", "{path: V, type: text, no_value: [x]}", source=SOURCE) == "left"


def test_a_text_that_means_no_value_is_compared_whole() -> None:
    assert data("<V>n/a</V>", "{path: V, type: text}", source=SOURCE) == "n/a"
    assert data("<V>- 5</V>", "{path: V, type: text}", source=SOURCE) == "- 5"


def test_an_attribute_that_is_empty_is_not_absent() -> None:
    rule = "{path: V/@u, type: text, absent: reject, empty: clear}"

    assert data("<V u=''/>", rule) is None
    assert refused("<V/>", rule) == ("a value is expected: the path finds nothing", None)


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ("", "the path finds nothing"),
        ("<Sku/>", "the path finds only empty texts"),
        (f"<Sku {XSI} xsi:nil='true'/>", "the element is nil"),
    ],
    ids=["absent", "empty", "nil"],
)
def test_a_record_without_identifier_is_refused(record: str, why: str) -> None:
    (found,) = bodies(written(), f"<Export><Item>{record}</Item></Export>")

    assert isinstance(found, Reject)
    assert (found.identifier, found.message) == (None, f"the identifier is missing: {why}")


def test_other_values_are_sent_where_one_is_left() -> None:
    found = one("<W>x</W>", "a: {path: V, type: text}\nb: {path: W, type: text}")

    assert isinstance(found, Item)
    assert found.body == {"values": {"b": [{"locale": None, "scope": None, "data": "x"}]}}
