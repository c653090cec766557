"""An attribute's cells: values typed the way the PIM takes them."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from urllib.parse import urlsplit

from erp2pim.mapping.context import Here
from erp2pim.mapping.dates import ISO
from erp2pim.mapping.numbers import MAX_DIGITS, PLAIN, exact, rounded
from erp2pim.mapping.readings import Words
from erp2pim.mapping.rules import Rule
from erp2pim.mapping.schema import AttributeType
from erp2pim.mapping.unreadable import Instead, readable
from erp2pim.mapping.values import Found, State, Unmappable, Value, same
from erp2pim.model import FileCell, Json

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
        """Give the number that is sent; a division that does not end keeps 60 digits."""
        result = number
        if self.factor != 1 or self.divisor != 1:
            with localcontext() as context:
                context.prec = MAX_DIGITS
                result = number * self.factor / self.divisor
        return result if self.places is None else rounded(result, self.places)


@dataclass(slots=True)
class Draft:
    """The parts of an item while its cells are filled.

    Attributes:
        body: Properties and associations, by their name in the PIM.
        values: Entries by attribute.
        options: Labels by locale, by attribute and option.
        media: Cells of files.
    """

    body: dict[str, Json] = field(default_factory=dict[str, Json])
    values: dict[str, list[Json]] = field(default_factory=dict[str, list[Json]])
    options: dict[str, dict[str, dict[str, str]]] = field(
        default_factory=dict[str, dict[str, dict[str, str]]]
    )
    media: list[FileCell] = field(default_factory=list[FileCell])


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an attribute, as the mapping describes it.

    Attributes:
        name: The attribute's code.
        type: Its type, which says what the PIM takes.
        locale: The cell's locale; None where the attribute has one value for all.
        channel: The cell's channel (scope); None likewise.
        rule: Where its values come from.
        arithmetic: What happens to its numbers.
        unreadable: What to do with a text that is no number, date or boolean.
        options: The locale of labels of options that may have to be made; None where none may.
        root: The folder that files stand in.
    """

    name: str
    type: AttributeType
    locale: str | None
    channel: str | None
    rule: Rule
    arithmetic: Arithmetic
    unreadable: Instead = "reject"
    options: str | None = None
    root: str = ""

    @property
    def place(self) -> str:
        """`file:line` of its rule."""
        return self.rule.place

    def fill(self, here: Here, draft: Draft) -> None:
        """Put what the record gives into a draft; nothing where the PIM's value stays as it is.

        Raises:
            Unmappable: The values do not suit the type, or a policy says reject.
        """
        found = self.rule.find(here)
        if found.values and self.unreadable != "reject":
            kept = readable(found.values, self.typed, self.unreadable, (here, self.place))
            found = Found(kept, State.SILENT)
        if found.values:
            data = self.typed(found.values)
        elif self.rule.clears(found.state, here):
            data = _CLEARED.get(self.type)
        else:
            return
        if self.type in FILES:
            draft.media.append(self._file(None if data is None else str(data)))
            return
        entry = {"locale": self.locale, "scope": self.channel, "data": data}
        draft.values.setdefault(self.name, []).append(entry)
        if self.options is not None:
            self._name_options(found.values, self.options, draft)

    def _file(self, path: str | None) -> FileCell:
        is_optional = self.unreadable == "drop"
        return FileCell(
            attribute=self.name,
            locale=self.locale,
            scope=self.channel,
            path=path,
            root=self.root,
            place=self.rule.place,
            is_optional=is_optional,
        )

    def _name_options(self, values: Sequence[Value], locale: str, draft: Draft) -> None:
        named = draft.options.setdefault(self.name, {})
        for value in values:
            code = nfc(value.as_text())
            if not _OPTION_CODE.fullmatch(code):
                message = (
                    "the code of an option is expected: letters from a to z, digits and _, at most"
                    " 100; transform: [lower, code] makes one of a text"
                )
                raise Unmappable(message, code, rule=self.rule.place, what="option code")
            labels = {} if value.label is None else {locale: nfc(value.label)}
            named.setdefault(code, {}).update(labels)

    def typed(self, values: Sequence[Value]) -> Json:
        """Give values in the form that the PIM takes.

        Raises:
            Unmappable: They do not suit the type.
        """
        try:
            return _CONVERTERS[self.type](self, values)
        except Unmappable as finding:
            finding.rule = finding.rule or self.place
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
    numbers = PLAIN if value.plain else cell.rule.readings.numbers
    number = numbers.number(value.as_text())
    return number if value.constant else cell.arithmetic.apply(number)


def _boolean(cell: Cell, values: Sequence[Value]) -> Json:
    return same([boolean(cell.rule, value) for value in values], values)


def boolean(rule: Rule, value: Value) -> bool:
    """Read a value as a boolean; a condition is one already.

    Raises:
        Unmappable: The text is none of the declared words.
    """
    if isinstance(value.text, bool):
        return value.text
    words = _PLAIN_WORDS if value.plain else rule.readings.booleans
    return words.boolean(value.text)


def _date(cell: Cell, values: Sequence[Value]) -> Json:
    dates = [
        (ISO if value.plain else cell.rule.readings.dates).date(value.as_text()) for value in values
    ]
    return same(dates, values)


def _metric(cell: Cell, values: Sequence[Value]) -> Json:
    for value in values:
        if value.unit is None:
            raise Unmappable("a unit is expected beside the number", value.as_text(), what="unit")
    measures = [(exact(_read_number(cell, value)), value.unit) for value in values]
    shown = [value.reading(f"{value.text} {value.unit}") for value in values]
    amount, unit = same(measures, shown)
    return {"amount": amount, "unit": unit}


def _prices(cell: Cell, values: Sequence[Value]) -> Json:
    amounts: dict[str, str] = {}
    for value in values:
        currency = value.currency
        if currency is None:
            raise Unmappable(
                "a currency is expected beside the amount", value.as_text(), what="currency"
            )
        amount = exact(_read_number(cell, value))
        if amounts.setdefault(currency, amount) != amount:
            raise Unmappable(
                f"one amount in {currency} is expected",
                f"{amounts[currency]} and {amount}",
                what="two values",
            )
    return [{"amount": amounts[currency], "currency": currency} for currency in sorted(amounts)]


def _multiselect(_: Cell, values: Sequence[Value]) -> Json:
    return sorted({nfc(value.as_text()) for value in values})


def _list(_: Cell, values: Sequence[Value]) -> Json:
    return list(dict.fromkeys(value.as_text() for value in values))


def _link(_: Cell, values: Sequence[Value]) -> Json:
    identifier = same([nfc(value.as_text()) for value in values], values)
    return {"type": "product", "identifier": identifier}


def _file(_: Cell, values: Sequence[Value]) -> Json:
    return same([_inside(value.as_text()) for value in values], values)


def _inside(path: str) -> str:
    """Give a file's place below its folder; web addresses stay.

    Raises:
        Unmappable: The path leads out of the folder, or the address is none.
    """
    if re.match(r"https?://", path, re.IGNORECASE):
        return _address(path)
    parts = path.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or ":" in parts[0]:
        hint = "" if parts[0] else '; transform: {strip: "/"} takes a / away'
        expected = f"a path inside the folder of the files is expected{hint}"
        raise Unmappable(expected, path, what="file")
    return "/".join(parts)


def _address(text: str) -> str:
    try:
        urlsplit(text)
    except ValueError as error:
        expected = f"an address that can be read is expected: {error}"
        raise Unmappable(expected, text, what="file") from error
    return text


Converter = Callable[[Cell, Sequence[Value]], Json]
# Akeneo refuses null for prices (content/rest-api/update.md, PayloadFormatValidator).
_CLEARED: dict[AttributeType, Json] = {"price": [], "multiselect": [], "list": []}
FILES = {"image", "file"}
# Of an option that is made (Akeneo, AttributeOption's validation; recorded: `options.batch_mixed`).
_OPTION_CODE = re.compile(r"[a-zA-Z0-9_]{1,100}")
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
    "image": _file,
    "link": _link,
    "list": _list,
    "file": _file,
}
