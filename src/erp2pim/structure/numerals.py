"""Numbers as the PIM reads and shows them."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

from erp2pim.model import Json
from erp2pim.structure.emptiness import BLANKS

PLACES = 4
PRICE_PLACES = 2
LARGEST_INTEGER = 2**63 - 1

_NUMERIC = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_EXACT_FLOAT = 1e15
_MOST_DIGITS = 400


def number(data: Json) -> Decimal | None:
    """Give the number that PHP sees in a number or a text; None where it sees none."""
    if isinstance(data, bool) or not isinstance(data, (int, float, str)):
        return None
    if isinstance(data, str) and _NUMERIC.fullmatch(data) is None:
        return None
    exact = Decimal(str(data).strip(BLANKS + "\f"))
    return exact if exact.is_finite() and abs(exact.adjusted()) < _MOST_DIGITS else None


def plain(exact: Decimal) -> str:
    """Write a number with a point, without exponent or zeros at the end."""
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def places_of(exact: Decimal) -> int:
    """Give how many decimals a number has, without zeros at the end."""
    return len(format(exact, "f").partition(".")[2].rstrip("0"))


def shown(exact: Decimal, *, decimals_allowed: bool, places: int) -> str | int:
    """Give a number as the PIM gives it back: with so many decimals, or as an integer.

    It passes through a float, and halves go away from zero.

    Source: pim-community-dev (ProductValueNormalizer, MetricNormalizer, PriceNormalizer).
    """
    if not decimals_allowed:
        return max(min(int(exact), LARGEST_INTEGER), -LARGEST_INTEGER - 1)
    value = float(exact)
    if math.isinf(value):
        return format(exact, "f")
    if abs(value) >= _EXACT_FLOAT:
        return f"{value:.{places}f}"
    with localcontext(prec=60, rounding=ROUND_HALF_UP):
        rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places))
    return format(abs(rounded) if rounded == 0 else rounded, "f")


def shown_number(exact: Decimal, *, decimals_allowed: bool) -> str | int:
    """Give the value of a number attribute as the PIM gives it back.

    More than four decimals are kept as they are, without zeros at the end.

    Source: pim-community-dev (ProductValueNormalizer); recorded for 0.123456789012345.
    """
    whole, _, decimals = format(exact, "f").partition(".")
    if decimals_allowed and places_of(exact) > PLACES:
        return f"{whole}.{decimals.rstrip('0')}"
    return shown(exact, decimals_allowed=decimals_allowed, places=PLACES)
