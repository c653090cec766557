"""Numbers as the export writes them, and what arithmetic makes of them."""

from decimal import Decimal

import pytest

from erp2pim.mapping.numbers import NumberExampleError, exact, number_format, rounded
from erp2pim.mapping.values import Unmappable
from tests.unit.mapping.mapped import data, faults, refused, written

NO_BREAK = "\u00a0"
NARROW = "\u202f"


@pytest.mark.parametrize(
    ("example", "text", "expected"),
    [
        pytest.param("1234.56", "12.5", "12.5", id="point"),
        pytest.param("1234,56", "12,5", "12.5", id="comma"),
        pytest.param("1,234.56", "12,345,678.9", "12345678.9", id="grouped by commas"),
        pytest.param("1.234,56", "12.345.678,9", "12345678.9", id="grouped by points"),
        pytest.param("1'234.56", "1'000", "1000", id="grouped by apostrophes"),
        pytest.param("1\u2019234.56", "1\u2019000", "1000", id="grouped by printed apostrophes"),
        pytest.param("1 234,56", f"1{NO_BREAK}000,5", "1000.5", id="grouped by no-break spaces"),
        pytest.param("1 234,56", f"1{NARROW}000,5", "1000.5", id="grouped by narrow spaces"),
        pytest.param(f"1{NO_BREAK}234,56", "1 000,5", "1000.5", id="any blank for a blank"),
        pytest.param("1,234.56", "12345.6", "12345.6", id="grouping is optional"),
        pytest.param("1234", "42", "42", id="whole"),
        pytest.param("1234", "42.5", "42.5", id="a point where the example shows none"),
        pytest.param("1.234", "1.000,5", "1000.5", id="a comma where points group"),
        pytest.param("1234.56", "007", "7", id="leading zeros"),
        pytest.param("1234.56", "900.000000", "900", id="idle zeros"),
        pytest.param("1234,56", ",8", "0.8", id="leading comma"),
        pytest.param("1234.56", "8.", "8", id="point at the end"),
        pytest.param("1234.56", "1.5E+02", "150", id="exponent"),
        pytest.param("1234,56", "1,5e-3", "0.0015", id="negative exponent"),
        pytest.param("1234.56", "-3", "-3", id="minus in front"),
        pytest.param("1234.56", "3-", "-3", id="minus behind"),
        pytest.param("1234.56", "+3", "3", id="plus"),
        pytest.param("1234.56", "-0.00", "0", id="negative zero"),
    ],
)
def test_a_number_is_read_the_way_the_example_shows(example: str, text: str, expected: str) -> None:
    assert exact(number_format(example).number(text)) == expected


@pytest.mark.parametrize(
    ("example", "text"),
    [
        pytest.param("1234.56", "1,234.56", id="grouping that the example does not show"),
        pytest.param("1234.56", "12,5", id="comma for point"),
        pytest.param("1.234,56", "1.23", id="two digits behind a grouping point"),
        pytest.param("1.234,56", "1.2345,6", id="four digits behind a grouping point"),
        pytest.param("1.234,56", "1234.567", id="four digits before a grouping point"),
        pytest.param("1.234,56", ".234,5", id="nothing before a grouping point"),
        pytest.param("1,234.56", "1,,234", id="grouping twice"),
        pytest.param("1 234,56", "1  234", id="two blanks"),
        pytest.param("1,234.56", "1 234", id="blank for comma"),
        pytest.param("1234.56", "1.2.3", id="two points"),
        pytest.param("1234.56", "12 kg", id="unit"),
        pytest.param("1234.56", "--3", id="two signs"),
        pytest.param("1234.56", "-3-", id="signs at both ends"),
        pytest.param("1234.56", "", id="nothing"),
        pytest.param("1234.56", ".", id="point alone"),
        pytest.param("1234.56", "1_000", id="underscore"),
        pytest.param("1234.56", "NaN", id="not a number"),
        pytest.param("1234.56", "٣", id="Arabic digit"),
        pytest.param("1234.56", "0x1F", id="hexadecimal"),
        pytest.param("1234.56", "3\n", id="line break"),
    ],
)
def test_a_number_that_is_written_otherwise_is_refused(example: str, text: str) -> None:
    with pytest.raises(Unmappable) as caught:
        number_format(example).number(text)

    assert (caught.value.message, caught.value.value) == (
        f"a number written like {example} is expected",
        text,
    )


@pytest.mark.parametrize("text", ["1E999", "1E-999", "9" * 61, f"0.{'3' * 60}"])
def test_a_number_of_more_than_60_digits_is_refused(text: str) -> None:
    assert refused(f"<N>{text}</N>", "{path: N, type: number}") == (
        "a number of at most 60 digits is expected",
        text,
    )


@pytest.mark.parametrize(
    "example", ["", "1", "12.34", "1,234,56", "1.234.56", "1234.567", "1_234.56", "2345.67"]
)
def test_an_example_that_is_not_the_number_1234_56_is_a_fault(example: str) -> None:
    with pytest.raises(NumberExampleError, match=r"write 1234\.56 the way the export does"):
        number_format(example)


def test_a_wrong_example_is_told_at_its_place() -> None:
    mapping = written("a: {path: N, type: number, numbers: dot}", source='numbers: "12"')

    assert [fault.partition(" does")[0] for fault in faults(mapping)] == [
        "5:41: 'dot'",
        "8:12: '12'",
    ]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1.50", "1.5"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("1E-7", "0.0000001"),
        ("-0.0", "0"),
        ("-1.10", "-1.1"),
        ("0E-9", "0"),
    ],
)
def test_a_number_is_written_without_exponent_or_idle_zeros(number: str, expected: str) -> None:
    assert exact(Decimal(number)) == expected


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        ("2.345", 2, "2.35"),
        ("2.344999", 2, "2.34"),
        ("-2.345", 2, "-2.35"),
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("7", 3, "7.000"),
        (f"{'9' * 40}.5", 0, f"1{'0' * 40}"),
    ],
)
def test_rounding_is_half_up_away_from_zero(number: str, places: int, expected: str) -> None:
    assert str(rounded(Decimal(number), places)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("times: 100", "1999", id="times"),
        pytest.param("divide: 100", "0.1999", id="divide"),
        pytest.param("times: 3, divide: 2", "29.985", id="times before divide"),
        pytest.param("times: 0", "0", id="times nothing"),
        pytest.param("divide: 3, round: 2", "6.66", id="divide before round"),
        pytest.param("round: 1", "20", id="round"),
        pytest.param("times: 1.10", "21.989", id="an exact factor"),
        pytest.param("divide: 3", f"6.66{'3' * 57}", id="no round"),
    ],
)
def test_arithmetic_is_exact_and_in_order(words: str, expected: str) -> None:
    assert data("<N>19.99</N>", f"{{path: N, type: number, {words}}}") == expected


def test_a_long_number_keeps_all_its_digits() -> None:
    long = f"{'123456789' * 6}.12345"

    assert data(f"<N>{long}</N>", "{path: N, type: number}") == long
    assert data(f"<N>{'7' * 40}.25</N>", "{path: N, type: number, times: 100}") == "7" * 40 + "25"


def test_a_constant_number_is_plain_and_untouched() -> None:
    rule = "{value: 1.5, type: number, round: 0, times: 2}"

    assert data("", rule, source='numbers: "1.234,56"') == "1.5"


def test_a_rule_may_read_numbers_its_own_way() -> None:
    rules = '{path: N, type: number, numbers: "1234.56"}'

    assert data("<N>1.5</N>", rules, source='numbers: "1.234,56"') == "1.5"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(
            "{path: N, type: number, divide: 0}",
            ["5:40: nothing can be divided by 0"],
            id="by nothing",
        ),
        pytest.param(
            "{path: N, type: text, round: 2}",
            ["5:37: round is for number, metric or price; the type is text"],
            id="text",
        ),
        pytest.param(
            "{path: N, type: number, round: many}",
            ["5:39: 'many' is not a whole number"],
            id="no number",
        ),
        pytest.param(
            "{path: N, type: number, times: many}",
            ["5:39: 'many' is not a number such as 100 or 0.01"],
            id="no factor",
        ),
        pytest.param(
            "{path: N, type: number, times: NaN}",
            ["5:39: 'NaN' is not a number such as 100 or 0.01"],
            id="not a number",
        ),
        pytest.param(
            "{path: N, type: number, times: 1e21}",
            ["5:39: '1e21' is not a number such as 100 or 0.01"],
            id="too large a factor",
        ),
        pytest.param(
            "{path: N, type: number, round: 61}",
            ["5:39: a number is rounded to 0 to 30 decimals; found 61"],
            id="too many decimals",
        ),
        pytest.param(
            "{path: N, type: number, round: -1}",
            ["5:39: a number is rounded to 0 to 30 decimals; found -1"],
            id="too few decimals",
        ),
    ],
)
def test_arithmetic_that_cannot_be_done_is_a_fault(rule: str, expected: list[str]) -> None:
    assert faults(written(f"a: {rule}")) == expected
