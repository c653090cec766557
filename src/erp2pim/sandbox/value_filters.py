"""Filters on the values of attributes: what each type's filter takes, and whom it selects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.operators import BETWEEN, EMPTY, LIST, ORDER, SAME, TEXT, Operators, folded
from erp2pim.sandbox.php import Json, Object, is_array, is_list, is_numeric, is_object, type_name
from erp2pim.sandbox.reading import own_and_inherited
from erp2pim.sandbox.refusal import (
    Malformed,
    Refusal,
    unknown_code,
    wrong_date,
    wrong_shape,
    wrong_type,
)
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.values import TYPES

Asked: TypeAlias = Callable[[Catalog, Object, Json], Json]
Seen: TypeAlias = Callable[[Catalog, Object, Json, Json], Json]

PAIR: Final = 2
STEPS: Final[Mapping[str, Callable[[float, float], float]]] = {
    "mul": lambda amount, by: amount * by,
    "div": lambda amount, by: amount / by,
    "add": lambda amount, by: amount + by,
    "sub": lambda amount, by: amount - by,
}


def codes(name: str, value: Json) -> list[Json]:
    """Give the members of a list of codes; refuse anything else."""
    if not is_list(value):
        raise wrong_type(name, "an array", value)
    for one in filter(is_array, value):
        raise wrong_type(name, "a string", one)
    return value


def _of(kind: type, expected: str) -> Asked:
    """Give the check of a value that has to be of a type."""

    def asked(_catalog: Catalog, attribute: Object, value: Json) -> Json:
        if not isinstance(value, kind):
            raise wrong_type(attribute["code"], expected, value)
        return folded(value)

    return asked


def _number(_catalog: Catalog, attribute: Object, value: Json) -> Json:
    if not is_numeric(value):
        raise wrong_type(attribute["code"], "a numeric", value)
    return float(value)


def _date(_catalog: Catalog, attribute: Object, value: Json) -> Json:
    code = attribute["code"]
    if is_list(value) and len(value) != PAIR:
        raise wrong_shape(code, 'should contain 2 strings with the format "yyyy-mm-dd"')
    for one in value if is_list(value) else [value]:
        try:
            datetime.strptime(str(one), "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            raise wrong_date(code, "yyyy-mm-dd", one) from None
    return value


def _measure(catalog: Catalog, attribute: Object, value: Json) -> Json:
    code, family = attribute["code"], attribute["metric_family"]
    data = TYPES[attribute["type"]].accept(attribute, value)
    if not is_numeric(data["amount"]):
        what = f'has to be a numeric, "{type_name(data["amount"])}" given'
        raise wrong_shape(code, f'key "amount" {what}')
    if catalog.unit(family, data["unit"]) != data["unit"]:
        reason = f'The unit does not exist in the attribute\'s family "{family}"'
        raise unknown_code(code, "unit", reason, data["unit"])
    return _in_standard_unit(catalog, attribute, data, None)


def _in_standard_unit(catalog: Catalog, attribute: Object, data: Json, _asked: Json) -> Json:
    family: Object = catalog.measurement_families.get(attribute["metric_family"]) or {}
    amount = float(data["amount"])
    for step in family["units"][data["unit"]]["convert_from_standard"]:
        amount = STEPS[step["operator"]](amount, float(step["value"]))
    return amount


def _price(catalog: Catalog, attribute: Object, value: Json) -> Json:
    code = attribute["code"]
    if not is_object(value):
        raise wrong_type(code, "an array", value)
    [price] = TYPES[attribute["type"]].accept(attribute, [value])
    if not is_numeric(price["amount"]):
        raise wrong_type(code, "a numeric", price["amount"])
    if price["currency"] not in catalog.currencies_in_use:
        raise unknown_code(code, "currency", "The currency does not exist", price["currency"])
    return float(price["amount"])


def _in_currency(_catalog: Catalog, _attribute: Object, data: Json, asked: Json) -> Json:
    amounts = {price["currency"]: float(price["amount"]) for price in data}
    return amounts.get(asked["currency"]) if asked else data


@dataclass(frozen=True, slots=True)
class Filter:
    """The filter on the values of an attribute type.

    Attributes:
        operators: What can be asked.
        asked: Checks the value that is asked for, where the operator takes one that is no list,
            and gives it as it is compared.
        seen: Gives data, as it is shown, as it is compared to a value that is asked for.
    """

    operators: Operators
    asked: Asked = lambda _catalog, _attribute, value: folded(value)
    seen: Seen = lambda _catalog, _attribute, data, _asked: folded(data)


TEXTUAL: Final = Filter(TEXT, _of(str, "a string"))
SELECT: Final = Filter({**LIST, **EMPTY})
DATES: Final = {name: ORDER[name] for name in ("<", "=", ">", "!=")} | {**BETWEEN, **EMPTY}
FILTERS: Final[Mapping[str, Filter]] = {
    "pim_catalog_identifier": TEXTUAL,
    "pim_catalog_text": TEXTUAL,
    "pim_catalog_textarea": TEXTUAL,
    "pim_catalog_number": Filter(
        {**ORDER, **EMPTY}, _number, lambda _catalog, _attribute, data, _asked: float(data)
    ),
    "pim_catalog_boolean": Filter({**SAME, **EMPTY}, _of(bool, "a boolean")),
    "pim_catalog_date": Filter(DATES, _date, lambda _catalog, _attribute, data, _asked: data[:10]),
    "pim_catalog_metric": Filter({**ORDER, **EMPTY}, _measure, _in_standard_unit),
    "pim_catalog_price_collection": Filter({**ORDER, **EMPTY}, _price, _in_currency),
    "pim_catalog_simpleselect": SELECT,
    "pim_catalog_multiselect": SELECT,
    "pim_catalog_image": TEXTUAL,
    "pim_catalog_file": TEXTUAL,
}
UNSEARCHED: Final = Filter({})


def operators(attribute: Object) -> Operators:
    """Say what can be asked of an attribute."""
    return FILTERS.get(attribute["type"], UNSEARCHED).operators


def test(store: Store, attribute: Object, one: Object) -> Callable[[Entity], bool]:
    """Give the test of one filter on an attribute; of what has no value only `EMPTY` is true."""
    catalog, name, rules = store.catalog, attribute["code"], FILTERS[attribute["type"]]
    sign, given, ask = one["operator"], one.get("value"), rules.operators[one["operator"]]
    locale, scope = (_place(attribute, one, *flag) for flag in FLAGS)
    if scope is not None and catalog.channels.get(scope) is None:
        raise Refusal(422, f'Attribute "{name}" expects an existing scope, "{scope}" given.')
    try:
        value = None if sign in EMPTY else _checked(catalog, attribute, sign, given)
    except Malformed as error:
        raise Refusal(422, str(error)) from error

    def matches(entity: Entity) -> bool:
        data = own_and_inherited(store, entity).get(name, {}).get((locale, scope))
        if data is None:
            return sign == "EMPTY" and _in_family(store, entity, name)
        shown = TYPES[attribute["type"]].show(attribute, data, catalog)
        seen = rules.seen(catalog, attribute, shown, given)
        return seen is not None and bool(ask(seen, value))

    return matches


FLAGS: Final = (("localizable", "locale"), ("scopable", "scope"))


def _place(attribute: Object, one: Object, flag: str, key: str) -> str | None:
    """Give the locale or channel that is asked for, where the attribute has one."""
    if attribute[flag] and one.get(key) is None:
        raise Refusal(422, f'Attribute "{attribute["code"]}" expects a {key}, none given.')
    return one[key] if attribute[flag] else None


def _checked(catalog: Catalog, attribute: Object, sign: str, value: Json) -> Json:
    if sign in LIST:
        return frozenset(folded(codes(attribute["code"], value)))
    if sign in BETWEEN and not is_list(value):
        raise wrong_type(attribute["code"], "an array", value)
    return FILTERS[attribute["type"]].asked(catalog, attribute, value)


def _in_family(store: Store, entity: Entity, attribute: str) -> bool:
    """Say whether an entity's family has an attribute: only then can its value be empty."""
    family = store.catalog.families.get(entity.family)
    return family is not None and attribute in family["attributes"]
