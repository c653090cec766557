"""Codes in the PIM's own spelling, wherever it has one."""

from collections.abc import Callable, Mapping

from erp2pim.model import Body, Json
from erp2pim.structure.attribute import METRIC, MULTISELECT, PRICES, SELECT, Attribute
from erp2pim.structure.catalogue import Structure
from erp2pim.structure.codes import Coded, Codes
from erp2pim.structure.shapes import members


def spelled(structure: Structure, body: Body) -> Body:
    """Give a body with the PIM's spelling of its codes; what the PIM does not have stays as it is.

    Spelled are family, family variant, categories, association types, locales, channels, options,
    units and currencies. Attributes, identifiers and models' codes are not.
    """
    result = dict(body)
    for name, spell in _SPELLERS.items():
        if name in result:
            result[name] = spell(structure, result[name])
    return result


def _code(codes: Codes[Coded], code: Json) -> Json:
    found = codes.find(code) if isinstance(code, str) and code else None
    return code if found is None else found.code


def _categories(structure: Structure, codes: Json) -> Json:
    return _each(codes, lambda code: _code(structure.categories, code))


def _associations(structure: Structure, types: Json) -> Json:
    if not isinstance(types, dict):
        return types
    return {str(_code(structure.association_types, code)): one for code, one in types.items()}


def _values(structure: Structure, values: Json) -> Json:
    if not isinstance(values, dict):
        return values
    result = dict(values)
    for code, cells in values.items():
        attribute = structure.attributes.own(code)
        if attribute is not None:
            result[code] = _cells(structure, attribute, cells)
    return result


def _cells(structure: Structure, attribute: Attribute, cells: Json) -> Json:
    return _each(cells, lambda cell: _cell(structure, attribute, cell))


def _cell(structure: Structure, attribute: Attribute, cell: Json) -> Json:
    if not isinstance(cell, dict):
        return cell
    found: dict[str, Json] = {}
    locale, scope, spell = cell.get("locale"), cell.get("scope"), _DATA.get(attribute.type)
    if isinstance(locale, str):
        found["locale"] = structure.active_locales.get(locale.lower(), locale)
    if isinstance(scope, str):
        found["scope"] = _code(structure.channels, scope)
    if spell is not None and "data" in cell:
        found["data"] = spell(structure, attribute, cell["data"])
    return {**cell, **found} if found else cell


def _option(structure: Structure, attribute: Attribute, code: Json) -> Json:
    found = structure.option(attribute.code, code) if isinstance(code, str) else None
    return code if found is None else found.code


def _options(structure: Structure, attribute: Attribute, codes: Json) -> Json:
    return _each(codes, lambda code: _option(structure, attribute, code))


def _metric(structure: Structure, attribute: Attribute, data: Json) -> Json:
    unit = data.get("unit") if isinstance(data, dict) else None
    found = structure.unit(attribute.metric_family, unit) if isinstance(unit, str) else None
    if found is None or not isinstance(data, dict):
        return data
    return {**data, "unit": found.code}


def _prices(structure: Structure, _: Attribute, prices: Json) -> Json:
    return _each(prices, lambda price: _price(structure, price))


def _price(structure: Structure, price: Json) -> Json:
    currency = price.get("currency") if isinstance(price, dict) else None
    if not isinstance(price, dict) or not isinstance(currency, str):
        return price
    upper = currency.upper()
    return {**price, "currency": upper} if upper in structure.active_currencies else price


def _each(data: Json, spell: Callable[[Json], Json]) -> Json:
    every = members(data)
    return data if every is None else [spell(member) for member in every]


_SPELLERS: Mapping[str, Callable[[Structure, Json], Json]] = {
    "family": lambda structure, code: _code(structure.families, code),
    "family_variant": lambda structure, code: _code(structure.family_variants, code),
    "categories": _categories,
    "associations": _associations,
    "quantified_associations": _associations,
    "values": _values,
}
_DATA: Mapping[str, Callable[[Structure, Attribute, Json], Json]] = {
    SELECT: _option,
    MULTISELECT: _options,
    METRIC: _metric,
    PRICES: _prices,
}
