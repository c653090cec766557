"""What is said of a cell, by the attribute's type."""

import pytest

from erp2pim.model import Json
from tests.structure.shop import of_body, of_cell, told

Said = list[tuple[str, str]]
FILE = "7/a/c/4/7ac420fc88da4c9ba1e0c8c8f49c102a5d509424_"

GOOD: list[tuple[str, Json]] = [
    ("sku", "A-1"),
    ("name", "x" * 255),
    ("short", "éé😀😀😀"),
    ("mail", "a@example.com"),
    ("site", "https://user:pw@example.com:8080/a/größe?b=%20#c"),
    ("site", "http://localhost"),
    ("serial", "ABC"),
    ("text", "l1\nl2"),
    ("text", "x" * 65_535),
    ("pieces", 7),
    ("pieces", 1),
    ("pieces", 100),
    ("pieces", "7.0"),
    ("pieces", " 7 "),
    ("pieces", "7e0"),
    ("rating", "-1.5"),
    ("rating", 0.1),
    ("ratio", "1.25"),
    ("ratio", "1.250"),
    ("active", False),
    ("released", "2000-01-01"),
    ("released", "2030-12-31"),
    ("released", "2020-01-15T10:00:00+00:00"),
    ("weight", {"amount": "1.5", "unit": "kilogram"}),
    ("price", [{"amount": "1.5", "currency": "EUR"}, {"amount": -2, "currency": "USD"}]),
    ("price", [{"amount": None, "currency": "EUR"}, {"amount": 2, "currency": "USD"}]),
    ("color", "RED"),
    ("colors", ["red", "blue"]),
    ("unread", "anything"),
    ("picture", f"{FILE}red.PNG"),
    ("sheet", f"{FILE}a.xyz"),
    ("brand", "acme"),
    ("fabric", "wool"),
    ("makers", ["acme"]),
    ("photos", ["p1", "p2"]),
    ("fabrics", ["wool"]),
    ("twin", {"type": "product", "identifier": "A-2"}),
    ("twin", {"type": "product_model", "id": "M"}),
    ("parts", [{"part": "sole", "share": "12", "note": "thin"}, {"PART": "lace", "note": None}]),
    ("parts", [{"part": "sole", "size": {"amount": 1, "unit": "GRAM"}}]),
]


@pytest.mark.parametrize(("attribute", "data"), GOOD)
def test_nothing_is_said_of_what_the_pim_takes_as_it_is(attribute: str, data: Json) -> None:
    assert of_cell(attribute, data) == []


WRONG: list[tuple[str, Json, str, str]] = [
    ("name", 5, "string", "a text is expected"),
    ("name", {"a": 1}, "string", "a text is expected"),
    ("name", "\ud83d", "encoding", "characters that UTF-8 can hold are expected"),
    ("name", "x" * 256, "length", "at most 255 characters are expected, not 256"),
    ("short", "x" * 6, "length", "at most 5 characters are expected, not 6"),
    ("text", "x" * 65_536, "length", "at most 65535 characters are expected, not 65536"),
    ("mail", "a@b", "email", "an e-mail address is expected"),
    ("site", "www.example.com", "url", "an address that begins with http:// or https:// is exp"),
    ("site", "http://a b", "url", "an address that begins with http:// or https:// is expected"),
    ("serial", "abc", "regexp", "a text that matches /^[A-Z]{3}$/ is expected"),
    ("pieces", True, "number", "a number is expected"),
    ("pieces", [1], "number", "a number is expected"),
    ("pieces", "1,5", "number", "a number with a dot, without blanks"),
    ("pieces", "1 0", "number", "a number with a dot, without blanks"),
    ("pieces", "1.5", "decimals", "a whole number is expected"),
    ("pieces", 0, "range", "at least 1 is expected"),
    ("pieces", "101", "range", "at most 100 is expected"),
    ("ratio", -1, "range", "at least 0 is expected"),
    ("ratio", "9223372036854775808", "range", "at most 9223372036854775807 is expected"),
    ("ratio", "1.255", "decimals", "at most 2 decimals are expected"),
    ("active", 1, "boolean", "true or false is expected"),
    ("active", "true", "boolean", "true or false is expected"),
    ("active", "", "boolean", "true or false is expected"),
    ("released", 20200115, "date", "a date such as 2026-12-31 is expected"),
    ("released", "15/01/2020", "date", "a date such as 2026-12-31 is expected"),
    ("released", "2020-1-5", "date", "a date such as 2026-12-31 is expected"),
    ("released", "2020-01-15 at noon", "date", "a date such as 2026-12-31, alone or with a time"),
    ("released", "2020-02-30", "date", "a day of the calendar is expected; the PIM makes another"),
    ("released", "0000-00-00", "date", "a day of the calendar is expected; the PIM makes another"),
    ("released", "1999-12-31", "range", "a date from 2000-01-01 is expected"),
    ("released", "2031-01-01", "range", "a date up to 2030-12-31 is expected"),
    ("released", "2030-12-31T00:00:01+00:00", "range", "a date up to 2030-12-31 is expected"),
    ("weight", 5, "metric", "an amount and a unit are expected"),
    ("weight", [{"amount": 1, "unit": "GRAM"}], "metric", "an amount and a unit are expected"),
    ("weight", {"amount": 5}, "metric", "an amount and a unit are expected"),
    ("weight", {"amount": "abc", "unit": "GRAM"}, "number", "a number with a dot"),
    ("weight", {"amount": "1E+2", "unit": "GRAM"}, "metric", "an amount such as 12 or -1.5"),
    ("weight", {"amount": -1, "unit": "GRAM"}, "range", "at least 0 is expected"),
    ("weight", {"amount": 10**20, "unit": "GRAM"}, "range", "at most 9223372036854775807 is"),
    ("weight", {"amount": 1, "unit": "g"}, "unit", "a unit of Weight (GRAM, KILOGRAM) is expected"),
    ("weight", {"amount": 1, "unit": 7}, "unit", "the code of a unit is expected"),
    ("price", None, "price", "[] is expected to clear prices"),
    ("price", "", "price", "[] is expected to clear prices"),
    ("price", "10 EUR", "price", "a list of prices is expected"),
    ("price", {"amount": 1, "currency": "EUR"}, "price", "a list of prices is expected"),
    ("price", [{"amount": 1}], "price", "a list of prices is expected"),
    ("price", [{"amount": 1, "currency": "EUR", "x": 1}], "price", "a list of prices is expected"),
    ("price", [{"amount": "x", "currency": "EUR"}], "number", "a number with a dot"),
    (
        "price",
        [{"amount": 1, "currency": "GBP"}],
        "currency",
        "a currency of a channel is expected",
    ),
    (
        "price",
        [{"amount": 1, "currency": "eur"}],
        "currency",
        "a currency of a channel is expected",
    ),
    ("color", ["red"], "option", "the code of one option is expected"),
    ("color", "purple", "option", "an option of color is expected: Blue, red"),
    ("color", "réd", "option", "an option of color is expected: Blue, red"),
    ("colors", "red", "option", "a list of option codes is expected"),
    ("colors", [1], "option", "a list of option codes is expected"),
    ("colors", ["red", ""], "option", "a list of option codes is expected"),
    ("colors", ["red", "pink"], "option", "an option of colors is expected: Blue, red"),
    ("colors", ["red", "RED"], "option twice", "each option once is expected"),
    ("picture", "", "file", "the name of a file is expected"),
    ("picture", 5, "file", "the name of a file is expected"),
    ("picture", f"{FILE}b.gif", "extension", "a file that ends in one of jpg, png is expected"),
    ("picture", f"{FILE}.png/b", "extension", "a file that ends in one of jpg, png is expected"),
    ("picture", "a/b/c/red.png", "file code", "the code of a file is expected"),
    ("sheet", "a.pdf", "file code", "the code of a file is expected"),
    ("brand", ["acme"], "reference", "the code of one record is expected"),
    ("fabrics", "wool", "reference", "a list of codes is expected"),
    ("photos", [1], "reference", "a list of codes is expected"),
    ("twin", "A-2", "product link", "a link is expected"),
    ("twin", {"type": "product_model", "identifier": "M"}, "product link", "a link is expected"),
    ("parts", "sole", "table", "a list of rows is expected"),
    ("parts", [{"share": 1}], "table", "row 1: the column part is expected to be filled"),
    ("parts", [{"part": "a", "x": 1}], "table", "row 1: a column is expected: part, share, note"),
    ("parts", [{"part": "a", "share": "x"}], "table", "row 1, column share: a number is expected"),
    ("parts", [{"part": "a", "share": 1.5}], "table", "row 1, column share: a whole number is"),
    ("parts", [{"part": "a", "share": 101}], "table", "row 1, column share: at most 100 is"),
    ("parts", [{"part": "a", "share": -1}], "table", "row 1, column share: at least 0 is"),
    ("parts", [{"part": "a", "note": "x" * 6}], "table", "row 1, column note: at most 5 char"),
    ("parts", [{"part": "a", "size": "1 kg"}], "table", "row 1, column size: a measurement is"),
    ("parts", [{"part": "a"}] * 101, "table", "at most 100 rows are expected"),
]


@pytest.mark.parametrize(("attribute", "data", "check", "message"), WRONG)
def test_what_the_pim_refuses_or_loses_is_refused_before(
    attribute: str, data: Json, check: str, message: str
) -> None:
    found = of_cell(attribute, data)

    assert told(found) == [("reject", check)]
    assert found[0].message.startswith(message)
    assert found[0].path.name == attribute


HEAVY: Json = {"amount": "1234567890123456789", "unit": "GRAM"}
WARNED: list[tuple[str, Json, str, str]] = [
    ("name", "a\r\nb", "line breaks", "one line is expected; the PIM makes a blank"),
    ("name", "   ", "blanks", "more than blanks is expected; to the PIM this is no value"),
    ("posix", "abc", "regexp", "whether it matches /^[[:alpha:]]+$/ is only known to the PIM"),
    ("rating", "12345678901234567890", "precision", "fewer digits are expected; the PIM makes 1"),
    ("share", "1.255", "decimals", "at most 2 decimals are expected; the PIM rounds"),
    ("weight", HEAVY, "precision", "fewer digits are expected; the PIM makes 1"),
    ("odd", "x", "type", "what an attribute of the type pim_catalog_hologram takes is not known"),
]


@pytest.mark.parametrize(("attribute", "data", "check", "message"), WARNED)
def test_what_the_pim_changes_or_alone_can_judge_is_said(
    attribute: str, data: Json, check: str, message: str
) -> None:
    found = of_cell(attribute, data)

    assert told(found) == [("warn", check)]
    assert found[0].message.startswith(message)


@pytest.mark.parametrize("attribute", ["name", "pieces", "active", "released", "weight", "picture"])
def test_null_clears(attribute: str) -> None:
    assert of_cell(attribute, None) == []


@pytest.mark.parametrize(
    ("attribute", "data"),
    [
        ("name", ""),
        ("colors", []),
        ("price", []),
        ("price", [{"amount": None, "currency": "EUR"}]),
        ("weight", {"amount": None, "unit": "GRAM"}),
        ("color", ""),
    ],
)
def test_what_the_pim_calls_empty_clears(attribute: str, data: Json) -> None:
    assert of_cell(attribute, data) == []


PLACES: list[tuple[str, str | None, str | None, Said]] = [
    ("title", "en_US", None, []),
    ("title", "EN_us", None, []),
    ("slogan", None, "web", []),
    ("slogan", None, "WEB", []),
    ("claim", "fr_FR", "web", []),
    ("french", "fr_FR", None, []),
    ("name", "en_US", None, [("reject", "locale")]),
    ("name", None, "web", [("reject", "channel")]),
    ("name", "en_US", "web", [("reject", "locale"), ("reject", "channel")]),
    ("title", None, None, [("reject", "locale")]),
    ("claim", None, None, [("reject", "locale"), ("reject", "channel")]),
    ("slogan", None, "shop", [("reject", "channel")]),
    ("title", "xx_XX", None, [("reject", "locale")]),
    ("title", "it_IT", None, [("reject", "locale")]),
    ("claim", "fr_FR", "print", [("reject", "locale")]),
    ("claim", "EN_us", "web", [("reject", "locale")]),
    ("claim", "it_IT", "print", [("reject", "locale")]),
    ("french", "en_US", None, [("reject", "locale")]),
]


@pytest.mark.parametrize(("attribute", "locale", "scope", "expected"), PLACES)
def test_a_cell_stands_where_its_attribute_its_channel_and_the_locales_allow(
    attribute: str, locale: str | None, scope: str | None, expected: Said
) -> None:
    found = of_cell(attribute, "x", locale, scope)

    assert told(found) == expected
    assert {each.path for each in found} <= {(attribute, locale, scope)}


def test_clearing_where_nothing_can_be_is_said_only() -> None:
    assert told(of_cell("title", None)) == [("warn", "locale")]


def test_a_price_that_its_channel_will_not_show_is_said() -> None:
    prices: Json = [{"amount": 1, "currency": "EUR"}]

    assert of_cell("fee", prices, None, "web") == []
    assert told(of_cell("fee", prices, None, "print")) == [("warn", "currency")]


def test_two_prices_in_one_currency_are_refused_since_the_pim_keeps_the_last() -> None:
    prices: Json = [{"amount": 1, "currency": "EUR"}, {"amount": 2, "currency": "EUR"}]

    assert told(of_cell("price", prices)) == [("reject", "currency")]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (None, []),
        ([], []),
        ("x", [("reject", "values")]),
        ({"nope": []}, [("reject", "attribute")]),
        ({"NAME": []}, [("reject", "attribute")]),
        ({"name": []}, []),
        ({"name": "x"}, [("reject", "cell")]),
        ({"name": [{"data": "x", "locale": None}]}, [("reject", "cell")]),
        ({"name": [{"data": "x", "locale": 1, "scope": None}]}, [("reject", "cell")]),
        ({"name": ["x"]}, [("reject", "cell")]),
        ({"name": [{"data": "x", "locale": None, "scope": None, "symbol": "x"}]}, []),
    ],
)
def test_values_are_cells_of_attributes_that_exist(values: Json, expected: Said) -> None:
    assert told(of_body({"values": values})) == expected


def test_an_attribute_in_another_case_is_named() -> None:
    (found,) = of_body({"values": {"Name": []}})

    assert found.message == "an attribute of the PIM is expected; did you mean name?"


def test_one_locale_and_channel_holds_one_value_but_may_be_cleared_besides() -> None:
    cells: Json = [{"locale": None, "scope": None, "data": data} for data in ("x", None, "y")]

    assert told(of_body({"values": {"name": cells}})) == [("reject", "cell twice")]


def test_a_value_of_the_identifier_attribute_that_differs_is_refused() -> None:
    assert told(of_cell("sku", "A-2")) == [("reject", "identifier")]


def test_a_value_of_the_identifier_attribute_is_a_text() -> None:
    assert told(of_cell("sku", 5)) == [("reject", "string"), ("reject", "identifier")]
