"""An attribute's cells: values typed the way the PIM takes them."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from erp2pim.mapping.dates import ISO
from erp2pim.mapping.numbers import PLAIN, exact, rounded
from erp2pim.mapping.paths import Here
from erp2pim.mapping.readings import Words
from erp2pim.mapping.rules import Rule
from erp2pim.mapping.schema import AttributeType
from erp2pim.mapping.values import Unmappable, Value, same
from erp2pim.model import Json

_PLAIN_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What happens to a number after it was read.

    Attributes:
        factor: It is multiplied by this …
        divisor: … and divided by this.
        places: It is then rounded half up to so many decimals; None keeps all.
    """

    factor: Decimal = Decimal(1)
    divisor: Decimal = Decimal(1)
    places: int | None = None

    def apply(self, number: Decimal) -> Decimal:
        """Give the number that is sent."""
        result = number * self.factor / self.divisor
        return result if self.places is None else rounded(result, self.places)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an attribute, as the mapping describes it.

    Attributes:
        attribute: The attribute's code.
        type: Its type, which says what the PIM takes.
        locale: The cell's locale; None where the attribute has one value for all.
        channel: The cell's channel (scope); None likewise.
        rule: Where its values come from.
        arithmetic: What happens to its numbers.
    """

    attribute: str
    type: AttributeType
    locale: str | None
    channel: str | None
    rule: Rule
    arithmetic: Arithmetic

    def entry(self, here: Here) -> Json:
        """Give the entry of `values`, None where the PIM's value is left as it is.

        Raises:
            Unmappable: The values do not suit the type, or a policy says reject.
        """
        found = self.rule.find(here)
        if found.values:
            data = self._typed(found.values)
        elif self.rule.clears(found.state):
            data = _CLEARED.get(self.type)
        else:
            return None
        return {"locale": self.locale, "scope": self.channel, "data": data}

    def _typed(self, values: Sequence[Value]) -> Json:
        try:
            return _CONVERTERS[self.type](self, values)
        except Unmappable as finding:
            finding.rule = finding.rule or self.rule.place
            raise


def _text(_: Cell, values: Sequence[Value]) -> Json:
    return same([nfc(value.as_text()) for value in values], values)


def nfc(text: str) -> str:
    """Compose a text's characters, since the PIM compares texts as they are."""
    return unicodedata.normalize("NFC", text)


def _number(cell: Cell, values: Sequence[Value]) -> Json:
    numbers = [exact(_read_number(cell, value)) for value in values]
    return same(numbers, values)


def _read_number(cell: Cell, value: Value) -> Decimal:
    """Read a value as the cell's number."""
    if value.constant:
        return PLAIN.number(value.as_text())
    return cell.arithmetic.apply(cell.rule.readings.numbers.number(value.as_text()))


def _boolean(cell: Cell, values: Sequence[Value]) -> Json:
    return same([boolean(cell.rule, value) for value in values], values)


def boolean(rule: Rule, value: Value) -> bool:
    """Read a value as a boolean; a condition is one already.

    Raises:
        Unmappable: The text is none of the declared words.
    """
    if isinstance(value.text, bool):
        return value.text
    words = _PLAIN_WORDS if value.constant else rule.readings.booleans
    return words.boolean(value.text)


def _date(cell: Cell, values: Sequence[Value]) -> Json:
    dates = [
        (ISO if value.constant else cell.rule.readings.dates).date(value.as_text())
        for value in values
    ]
    return same(dates, values)


def _metric(cell: Cell, values: Sequence[Value]) -> Json:
    for value in values:
        if value.unit is None:
            raise Unmappable("a unit is expected beside the number", value.as_text())
    measures = [(exact(_read_number(cell, value)), value.unit) for value in values]
    amount, unit = same(measures, values)
    return {"amount": amount, "unit": unit}


def _prices(cell: Cell, values: Sequence[Value]) -> Json:
    amounts: dict[str, str] = {}
    for value in values:
        currency = value.currency
        if currency is None:
            raise Unmappable("a currency is expected beside the amount", value.as_text())
        amount = exact(_read_number(cell, value))
        if amounts.setdefault(currency, amount) != amount:
            raise Unmappable(
                f"one amount in {currency} is expected", f"{amounts[currency]} and {amount}"
            )
    return [{"amount": amounts[currency], "currency": currency} for currency in sorted(amounts)]


def _multiselect(_: Cell, values: Sequence[Value]) -> Json:
    return sorted({value.as_text() for value in values})


Converter = Callable[[Cell, Sequence[Value]], Json]
# Akeneo refuses null for prices (content/rest-api/update.md, PayloadFormatValidator).
_CLEARED: dict[AttributeType, Json] = {"price": [], "multiselect": []}
_CONVERTERS: dict[AttributeType, Converter] = {
    "text": _text,
    "textarea": _text,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "metric": _metric,
    "price": _prices,
    "select": _text,
    "multiselect": _multiselect,
}
