"""What a single value looks like: a number, a date, a GTIN …, by its text alone."""

import re
from typing import Literal, NamedTuple

from erp2pim.mapping.dates import DateFormats, date_formats
from erp2pim.mapping.numbers import NumberFormat, number_format
from erp2pim.mapping.values import Unmappable
from erp2pim.survey.codes import currency, language, unit

LookKind = Literal[
    "number", "amount", "date", "language", "currency", "unit", "gtin", "url", "image", "html"
]


class Look(NamedTuple):
    """One thing that a value looks like.

    Attributes:
        kind: What.
        example: How numbers or dates are written, as the mapping declares it; for an amount, how
            its number is; otherwise empty.
    """

    kind: LookKind
    example: str = ""


NUMBERS = ("1234.56", "1.234,56", "1,234.56", "1 234,56", "1'234.56", "1 234.56")
ISO_DATE = "2026-12-31"
DATES = (
    ISO_DATE,
    "31.12.2026",
    "31/12/2026",
    "12/31/2026",
    "31-12-2026",
    "2026/12/31",
    "20261231",
    "31.12.26",
    "31.12.2026 23:59:59",
    "31.12.2026 23:59",
    "20261231235959",
    "20261231T2359+0000",
    "Thu, 31 Dec 2026 23:59:59 +0000",
    "Thu, 31 Dec 2026 23:59:59 GMT",
    "31 Dec 2026",
    "1798761599000",
)
NO_VALUE = frozenset(
    {
        *("-", "--", "---", "?", "N/A", "n/a", "NA", "#N/A", "NULL", "null", "None", "nil"),
        *("k.A.", "k. A.", "keine Angabe", "0000-00-00", "0000-00-00 00:00:00", "00.00.0000"),
        *("00000000", "NaN", "(null)", "nicht angegeben", "нет данных"),
    }
)

_NUMBER_FORMATS: tuple[NumberFormat, ...] = tuple(number_format(each) for each in NUMBERS)
_DATE_FORMATS: tuple[DateFormats, ...] = tuple(date_formats([each]) for each in DATES)
_LONGEST_NUMBER = 40
_LONGEST_DATE = 40
_FIRST_YEAR, _LAST_YEAR = "1950", "2099"
_DATE_LIKE = re.compile(
    r"\d{4}[-/]|\d{1,2}[./ -]|\d{8}(?:\d{6}|T\d{4}[+-]\d{4})?$|1\d{12}$|\w{3}, "
)
_PER = re.compile(r"/\s?[^\W\d_]{1,8}\.?$")
_GTIN = re.compile(r"\d{8}(?:\d{4,6})?$", re.ASCII)
_URL = re.compile(r"(?:https?|ftp)://\S+$", re.IGNORECASE)
_IMAGE = re.compile(r"[^\n<>]+\.(?:jpe?g|png|gif|webp|tiff?|bmp|svg)(?:[?#]\S*)?$", re.IGNORECASE)
_HTML = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|&lt;/?[a-z]+", re.IGNORECASE)


def looks(text: str) -> frozenset[Look]:
    """Give all that a text looks like; it has no blanks at its ends and is not empty."""
    found: set[Look] = set()
    if len(text) <= _LONGEST_NUMBER and any(map(str.isdigit, text)):
        found.update(_numbers(text), _dates(text))
        if _GTIN.match(text) and _checks(text):
            found.add(Look("gtin"))
    found.update(_coded(text), _formed(text))
    return frozenset(found)


def _numbers(text: str) -> set[Look]:
    found: set[Look] = set()
    for each in _NUMBER_FORMATS:
        try:
            each.number(text)
            found.add(Look("number", each.example))
        except Unmappable:
            number, rest = each.apart(text)
            if rest and number != text and (unit(rest) or currency(rest) or is_per(rest)):
                found.add(Look("amount", each.example))
    return found


def is_per(rest: str) -> bool:
    """Say whether what stands behind a number says what it is the price of: `/Pcs`."""
    return _PER.match(rest) is not None


def _dates(text: str) -> set[Look]:
    found: set[Look] = set()
    if _DATE_LIKE.match(text) is None or len(text) > _LONGEST_DATE:
        return found
    for example, each in zip(DATES, _DATE_FORMATS, strict=True):
        if example.isdigit() and len(example) != len(text):
            continue
        try:
            day = each.date(text)
        except Unmappable:
            continue
        if _FIRST_YEAR <= day[:4] <= _LAST_YEAR:
            found.add(Look("date", example))
    return found


def _coded(text: str) -> set[Look]:
    found: set[Look] = set()
    if language(text) is not None or text == "x-default":
        found.add(Look("language"))
    if currency(text) is not None:
        found.add(Look("currency"))
    if unit(text) is not None:
        found.add(Look("unit"))
    return found


def _formed(text: str) -> set[Look]:
    found: set[Look] = set()
    if _URL.match(text):
        found.add(Look("url"))
    if _IMAGE.match(text):
        found.add(Look("image"))
    if "<" in text or "&lt;" in text:
        found.update({Look("html")} if _HTML.search(text) else ())
    return found


def _checks(digits: str) -> bool:
    """Say whether the last digit is the check digit (GS1 General Specifications, 7.9)."""
    total = sum(
        int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(reversed(digits))
    )
    return total % 10 == 0 and int(digits) > 0
