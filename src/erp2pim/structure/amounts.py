"""Checks of number, measurement and price cells."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from erp2pim.model import Json
from erp2pim.structure.attribute import METRIC, NUMBER, Attribute
from erp2pim.structure.catalogue import Structure
from erp2pim.structure.emptiness import BLANKS
from erp2pim.structure.findings import Remarks, refuse, warn
from erp2pim.structure.numerals import (
    LARGEST_INTEGER,
    PLACES,
    number,
    places_of,
    plain,
    shown,
    shown_number,
)
from erp2pim.structure.shapes import objects

_SAFE_LENGTH = 15  # what a float holds exactly, whatever the digits
_PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def number_remarks(attribute: Attribute, data: Json) -> Remarks:
    """Check a number cell that is not empty; the PIM cuts blanks at its ends.

    Source: pim-community-dev (NumberValueFactory).
    """
    if isinstance(data, bool) or not isinstance(data, (int, float, str)):
        yield refuse("number", "a number is expected")
        return
    yield from amount(attribute, data.strip(BLANKS) if isinstance(data, str) else data)


def metric_remarks(structure: Structure, attribute: Attribute, data: Json) -> Remarks:
    """Check a measurement cell that is not empty.

    Source: recorded: anything but an object with amount and unit clears the value, or is 422.
    """
    if not isinstance(data, dict) or not {"amount", "unit"} <= set(data):
        yield refuse("metric", "an amount and a unit are expected: {amount: …, unit: …}")
        return
    yield from plain_amount(data["amount"])
    yield from amount(attribute, data["amount"])
    yield from unit(structure, attribute, data["unit"])


def price_remarks(
    structure: Structure, attribute: Attribute, scope: str | None, data: Json
) -> Remarks:
    """Check a price cell that is not empty."""
    prices = price_shape(data)
    if prices is None:
        message = "a list of prices is expected: [{amount: …, currency: …}]; [] clears"
        yield refuse("price", message)
        return
    filled = [price for price in prices if price["amount"] is not None]
    for price in filled:
        yield from amount(attribute, price["amount"])
    yield from currencies(structure, scope, [str(price["currency"]) for price in filled])


def amount(attribute: Attribute, data: Json) -> Remarks:
    """Check what numbers, measurements and prices have in common.

    Source: pim-community-dev (NumericGuesser, NotDecimalGuesser, RangeGuesser); recorded.
    """
    exact = number(data)
    if exact is None or " " in str(data):
        message = "a number with a dot, without blanks and thousands marks, is expected"
        yield refuse("number", message, str(data))
        return
    yield from decimals(attribute, exact)
    if attribute.type in {NUMBER, METRIC}:
        yield from limits(attribute, exact)
        yield from precision(attribute, exact)


def plain_amount(data: Json) -> Remarks:
    """Refuse the amount of a measurement in any but the plainest form, such as `1E+2` or `+5`.

    Source: pim-community-dev (MetricValueFactory).
    """
    if isinstance(data, str) and number(data) is not None and not _PLAIN.fullmatch(data):
        message = "an amount such as 12 or -1.5 is expected, without exponent, + or blanks"
        yield refuse("metric", message, data)


def decimals(attribute: Attribute, exact: Decimal) -> Remarks:
    """Refuse decimals where the attribute allows none; `5.0` is whole.

    Source: pim-community-dev (NotDecimalGuesser; decimal_places_strategy); recorded.
    """
    if not attribute.decimals_allowed and exact != exact.to_integral_value():
        yield refuse("decimals", "a whole number is expected", str(exact))
    places = attribute.decimal_places
    if places is None or places_of(exact) <= places:
        return
    if attribute.decimal_places_strategy == "forbid":
        message = f"at most {places} decimals are expected"
        yield refuse("decimals", message, str(exact))
    elif attribute.decimal_places_strategy == "round":
        message = f"at most {places} decimals are expected; the PIM rounds"
        yield warn("decimals", message, str(exact))


def limits(attribute: Attribute, exact: Decimal) -> Remarks:
    """Refuse numbers outside the attribute's range; without leave for negative ones it starts at 0.

    A number with a lower limit is at most 2^63 - 1 whatever the upper one.

    Source: pim-community-dev (RangeGuesser, RangeValidator); recorded.
    """
    low, high = attribute.number_min, attribute.number_max
    if not attribute.negative_allowed and (low is None or low < 0):
        low = Decimal(0)
    if low is not None or high is not None:
        high = Decimal(LARGEST_INTEGER) if high is None else min(high, Decimal(LARGEST_INTEGER))
    if low is not None and exact < low:
        message = f"at least {plain(low)} is expected"
        yield refuse("range", message, str(exact))
    if high is not None and exact > high:
        message = f"at most {plain(high)} is expected"
        yield refuse("range", message, str(exact))


def precision(attribute: Attribute, exact: Decimal) -> Remarks:
    """Say that the PIM gives another number back, since it passes through a float.

    Source: recorded: 12345678901234567890 is another one afterwards.
    """
    allowed = attribute.decimals_allowed
    if len(str(exact)) <= _SAFE_LENGTH or (not allowed and exact != exact.to_integral_value()):
        return
    if attribute.type == NUMBER:
        seen = Decimal(shown_number(exact, decimals_allowed=allowed))
        tolerance = Decimal(0)
    else:
        seen = Decimal(shown(exact, decimals_allowed=allowed, places=PLACES))
        tolerance = Decimal(5).scaleb(-PLACES - 1)
    if abs(seen - exact) > tolerance:
        message = f"fewer digits are expected; the PIM makes {seen} of it"
        yield warn("precision", message, str(exact))


def unit(structure: Structure, attribute: Attribute, code: Json) -> Remarks:
    """Refuse a unit that the attribute's measurement family does not have; case does not count.

    Source: pim-community-dev (MetricGuesser, MetricValueFactory); recorded, also for symbols.
    """
    if not isinstance(code, str):
        yield refuse("unit", "the code of a unit is expected", str(code))
    elif structure.unit(attribute.metric_family, code) is None:
        family = structure.measurement_families.find(attribute.metric_family or "")
        codes = "" if family is None else f" ({', '.join(family.units)})"
        message = f"a unit of {attribute.metric_family}{codes} is expected"
        yield refuse("unit", message, code)


def price_shape(data: Json) -> Sequence[Mapping[str, Json]] | None:
    """Give the prices of a list whose members have an amount and a currency, and nothing else.

    Source: pim-community-dev (PayloadFormatValidator); recorded.
    """
    prices = objects(data)
    shaped = prices is not None and all(
        set(one) == {"amount", "currency"}
        and isinstance(one["currency"], str)
        and not isinstance(one["amount"], bool)
        for one in prices
    )
    return prices if shaped else None


def currencies(structure: Structure, scope: str | None, codes: Sequence[str]) -> Remarks:
    """Refuse currencies that no channel has, and a second price in one; case counts.

    Of two prices in one currency the PIM keeps the last and says nothing; a price in a currency
    that is not one of the cell's channel is kept and never shown.

    Source: pim-community-dev (CurrencyValidator, NonExistentPriceCollectionValueFilter);
    recorded.
    """
    active = structure.active_currencies
    channel = None if scope is None else structure.channels.find(scope)
    for code in sorted(set(codes)):
        if code not in active:
            message = f"a currency of a channel is expected: {', '.join(sorted(active))}"
            yield refuse("currency", message, code)
        elif channel is not None and code not in channel.currencies:
            message = f"a currency of {channel.code} is expected; the PIM will not show this one"
            yield warn("currency", message, code)
        if codes.count(code) > 1:
            message = "one price in each currency is expected; the PIM keeps the last"
            yield refuse("currency", message, code)
