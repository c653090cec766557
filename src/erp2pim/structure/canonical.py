"""The one form of a cell's data that is equal exactly when the PIM calls two of them equal."""

import re
from collections.abc import Callable, Mapping

from erp2pim.model import Json
from erp2pim.structure import attribute as types
from erp2pim.structure.attribute import Attribute
from erp2pim.structure.emptiness import is_empty
from erp2pim.structure.numerals import PLACES, PRICE_PLACES, number, plain, shown, shown_number
from erp2pim.structure.shapes import members, objects, texts

_BREAKS = re.compile(r"[\r\n]+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def canonical(attribute: Attribute, data: Json) -> Json:
    """Give data in the form in which the PIM gives them back, codes without regard to case.

    What is no value is None, and what the PIM would refuse stays as it is. The canonical form of
    a canonical form is itself.

    Source: recorded.
    """
    if is_empty(attribute.type, data):
        return None
    form = _FORMS.get(attribute.type)
    return data if form is None else form(attribute, data)


def _line(_: Attribute, data: Json) -> Json:
    """Turn line breaks into a blank (recorded)."""
    return _BREAKS.sub(" ", data) if isinstance(data, str) else data


def _number(attribute: Attribute, data: Json) -> Json:
    exact = number(data)
    if exact is None:
        return data
    return shown_number(exact, decimals_allowed=attribute.decimals_allowed)


def _date(_: Attribute, data: Json) -> Json:
    """Keep the day: the time and the zone are the server's."""
    return data[:10] if isinstance(data, str) and _DAY.match(data) else data


def _amount(attribute: Attribute, data: Json, places: int) -> Json:
    exact = number(data)
    if exact is None:
        return data
    return shown(exact, decimals_allowed=attribute.decimals_allowed, places=places)


def _metric(attribute: Attribute, data: Json) -> Json:
    unit = data.get("unit") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(unit, str) or "amount" not in data:
        return data
    return {"amount": _amount(attribute, data["amount"], PLACES), "unit": unit.upper()}


def _prices(attribute: Attribute, data: Json) -> Json:
    """Sort by currency; the last amount of a currency counts, and none is no price."""
    prices = objects(data)
    if prices is None:
        return data
    amounts: dict[str, Json] = {}
    for price in prices:
        currency = price.get("currency")
        if not isinstance(currency, str) or "amount" not in price:
            return data
        if price["amount"] is not None:
            amounts[currency] = _amount(attribute, price["amount"], PRICE_PLACES)
    return [{"amount": amounts[currency], "currency": currency} for currency in sorted(amounts)]


def _code(_: Attribute, data: Json) -> Json:
    return data.lower() if isinstance(data, str) else data


def _set(_: Attribute, data: Json) -> Json:
    """Sort codes, each once."""
    codes = texts(data)
    return data if codes is None else sorted({code.lower() for code in codes})


def _list(_: Attribute, data: Json) -> Json:
    """Keep the order of codes."""
    codes = texts(data)
    return data if codes is None else [code.lower() for code in codes]


def _table(attribute: Attribute, data: Json) -> Json:
    """Write number cells as text, as the PIM does, and leave out cells without a value."""
    rows = members(data)
    if rows is None:
        return data
    numbers = {one.code for one in attribute.table_configuration if one.data_type == "number"}
    return [
        {
            code: _plain_number(cell) if code in numbers else cell
            for code, cell in row.items()
            if not is_empty("", cell)
        }
        if isinstance(row, Mapping)
        else row
        for row in rows
    ]


def _plain_number(cell: Json) -> Json:
    exact = number(cell)
    return cell if exact is None else plain(exact)


_FORMS: Mapping[str, Callable[[Attribute, Json], Json]] = {
    types.TEXT: _line,
    types.NUMBER: _number,
    types.DATE: _date,
    types.METRIC: _metric,
    types.PRICES: _prices,
    types.SELECT: _code,
    types.MULTISELECT: _set,
    types.RECORD: _code,
    types.RECORDS: _list,
    types.ASSETS: _list,
    types.TABLE: _table,
    **dict.fromkeys(types.REFERENCES, _code),
    **dict.fromkeys(types.MULTI_REFERENCES, _set),
}
