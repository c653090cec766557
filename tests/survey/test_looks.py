import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.mapping.dates import date_formats
from erp2pim.mapping.numbers import number_format
from erp2pim.survey.codes import locale, unit
from erp2pim.survey.looks import DATES, NUMBERS, looks


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("1.234,56", {"number"}),
        ("12.99 EUR", {"amount"}),
        ("65W", {"amount"}),
        ("250.00/Pcs", {"amount"}),
        ("250/2", set()),
        ("31.12.2026", {"date"}),
        ("2016-08-31 05:32:27", {"date"}),
        ("20060807", {"date", "number"}),
        ("20069907", {"number"}),
        ("1265184000000", {"date", "number"}),
        ("4006381333931", {"gtin", "number"}),
        ("4006381333932", {"number"}),
        ("de", {"language"}),
        ("EUR", {"currency"}),
        ("kg", {"unit"}),
        ("<p>Steel</p>", {"html"}),
        ("2 < 3", set()),
        ("a/b.JPG", {"image"}),
        ("http://x.test/y.png?z=1", {"image", "url"}),
        ("Hammer drill", set()),
    ],
)
def test_a_value_looks_like_what_it_is(text: str, kinds: set[str]) -> None:
    assert {look.kind for look in looks(text)} == kinds


@pytest.mark.parametrize(
    ("text", "examples"),
    [
        ("1.234,56", {"1.234,56"}),
        ("1,234.56", {"1,234.56"}),
        ("1 234,5", {"1 234,56"}),
        ("2.5", {"1234.56", "1,234.56", "1'234.56", "1 234.56"}),
        ("7", set(NUMBERS)),
    ],
)
def test_a_number_may_be_written_in_each_way_that_reads_it(text: str, examples: set[str]) -> None:
    assert {look.example for look in looks(text) if look.kind == "number"} == examples


def test_every_way_to_write_numbers_and_dates_is_one_that_the_mapping_takes() -> None:
    assert [number_format(each).example for each in NUMBERS] == list(NUMBERS)
    assert date_formats(DATES).examples == DATES


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "de_DE"),
        ("DEU", "de_DE"),
        ("D", "de_DE"),
        ("de-AT", "de_AT"),
        ("English", "en_US"),
        ("Wort", None),
    ],
)
def test_a_language_becomes_a_locale(text: str, code: str | None) -> None:
    assert locale(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("KGM", "KILOGRAM"), ("gr.", "GRAM"), ("кг", "KILOGRAM"), ("barrels", None)],
)
def test_a_unit_becomes_the_pims(text: str, code: str | None) -> None:
    assert unit(text) == code


@given(st.text(min_size=1).map(str.strip).filter(bool))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert {look.kind for look in looks(text)} <= {
        *("number", "amount", "date", "language", "currency", "unit", "gtin", "url", "image"),
        "html",
    }
