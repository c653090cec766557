"""Numbers as an export writes them, declared by example and never guessed."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from erp2pim.mapping.values import Unmappable
from erp2pim.structure.numerals import plain

_EXAMPLE = re.compile(r"1(?P<group>[.,'\u2019 \u00a0\u202f]?)234(?:(?P<point>[.,])56)?$")
_BLANKS = " \u00a0\u202f"
MAX_DIGITS = 60


class NumberExampleError(ValueError):
    """The example of a number does not show how numbers are written."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How an export writes numbers.

    Attributes:
        example: The example it was declared by.
    """

    example: str
    _pattern: re.Pattern[str]
    _group: str
    _point: str

    def apart(self, text: str) -> tuple[str, str]:
        """Cut a text into its number, at either end, and what it leaves over: `65W`, `EUR 37.50`.

        A text that neither begins nor ends with a number is given back whole, with nothing over.
        """
        first = self._pattern.match(text)
        if first is not None:
            return first.group(), text[first.end() :].strip()
        for start in range(1, len(text)):
            if not text[start - 1].isalnum() and self._pattern.fullmatch(text, start):
                return text[start:], text[:start].strip()
        return text, ""

    def number(self, text: str) -> Decimal:
        """Read a number.

        Raises:
            Unmappable: The text does not follow the example, or has more than 60 digits.
        """
        if self._pattern.fullmatch(text) is None:
            raise Unmappable(
                f"a number written like {self.example} is expected", text, what="number"
            )
        digits = text
        for mark in self._group:
            digits = digits.replace(mark, "")
        digits = digits.replace(self._point, ".")
        if digits.endswith("-"):
            digits = "-" + digits[:-1]
        number = Decimal(digits)
        is_short = len(digits) <= MAX_DIGITS and "E" not in digits.upper()
        if not is_short and len(exact(number)) > MAX_DIGITS:
            raise Unmappable(
                f"a number of at most {MAX_DIGITS} digits is expected", text, what="number"
            )
        return number


def number_format(example: str) -> NumberFormat:
    """Read the declaration: 1,234.56 or 1.234,56 or 1 234,56 or 1'234.56 or 1234.56 or 1234.

    Grouping is optional in what is read, but where written it must be right; an example without
    grouping refuses grouping. A blank in the example stands for a space, a no-break space and a
    narrow no-break space. A leading point (`,8`), an exponent (`E+02`) and a minus at either end
    are read.

    Raises:
        NumberExampleError: The example is not the number 1234.56 or 1234.
    """
    shown = _EXAMPLE.match(example)
    if shown is None or (shown["group"] and shown["group"] == shown["point"]):
        raise NumberExampleError(
            f"{example!r} does not show how numbers are written; write 1234.56 the way the export "
            'does, such as "1.234,56", "1,234.56", "1 234,56" or "1234"'
        )
    group = _BLANKS if shown["group"] and shown["group"] in _BLANKS else shown["group"]
    point = shown["point"] or ("," if group == "." else ".")
    whole = r"\d+"
    if group:
        one = f"[{re.escape(group)}]"
        whole = rf"(?:\d{{1,3}}(?:{one}\d{{3}})+|\d+)"
    fraction = rf"{re.escape(point)}\d*"
    body = rf"(?:{whole}(?:{fraction})?|{re.escape(point)}\d+)(?:[eE][+-]?\d{{1,3}})?"
    return NumberFormat(example, re.compile(rf"(?:[+-]?{body}|{body}-)", re.ASCII), group, point)


PLAIN = number_format("1234.56")


def exact(number: Decimal) -> str:
    """Write a number with a point, without exponent or idle zeros: 1.50 is 1.5, -0 is 0."""
    text = plain(number)
    return "0" if text == "-0" else text


def rounded(number: Decimal, places: int) -> Decimal:
    """Round half up, away from zero, to so many decimals."""
    with localcontext() as context:
        context.prec = 3 * MAX_DIGITS
        return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
