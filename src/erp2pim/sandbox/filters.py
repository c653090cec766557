"""The filters of a search for products or models: what they take, and whom they select."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from erp2pim.sandbox.catalog import Catalog, same
from erp2pim.sandbox.php import Json, Object, is_array, is_list, is_numeric, text
from erp2pim.sandbox.reading import own_and_inherited
from erp2pim.sandbox.refusal import Refusal, wrong_shape, wrong_type
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.values import TYPES

Operators: TypeAlias = Mapping[str, Callable[[Json, Json], bool]]
Test: TypeAlias = Callable[[Entity], bool]

MAX_IDENTIFIERS: Final = 100
PAIR: Final = 2
TIME_FORMAT: Final = "%Y-%m-%d %H:%M:%S"


def _any_in(data: Json, wanted: Json) -> bool:
    return any(one in wanted for one in (data if is_list(data) else [data]))


# What each operator says of (data, value asked for), both without regard to case and accents.
EMPTY: Final[Operators] = {
    "EMPTY": lambda data, _value: data in (None, [], ""),
    "NOT EMPTY": lambda data, _value: data not in (None, [], ""),
}
SAME: Final[Operators] = {
    "=": lambda data, value: bool(data == value),
    "!=": lambda data, value: bool(data != value),
}
LIST: Final[Operators] = {"IN": _any_in, "NOT IN": lambda data, value: not _any_in(data, value)}
ORDER: Final[Operators] = {
    **SAME,
    "<": lambda data, value: data is not None and bool(data < value),
    "<=": lambda data, value: data is not None and bool(data <= value),
    ">": lambda data, value: data is not None and bool(data > value),
    ">=": lambda data, value: data is not None and bool(data >= value),
}
TIME: Final[Operators] = {
    **ORDER,
    "BETWEEN": lambda data, value: bool(value[0] <= data <= value[1]),
    "NOT BETWEEN": lambda data, value: not value[0] <= data <= value[1],
}
TEXT: Final[Operators] = {
    **SAME,
    **LIST,
    **EMPTY,
    "STARTS WITH": lambda data, value: (data or "").startswith(value),
    "CONTAINS": lambda data, value: value in (data or ""),
    "DOES NOT CONTAIN": lambda data, value: value not in (data or ""),
}
FIELDS: Final[Mapping[str, Operators]] = {
    "identifier": TEXT,
    "uuid": LIST,
    "family": {**LIST, **EMPTY},
    "enabled": SAME,
    "parent": {"=": lambda data, value: value in data, "IN": _any_in, **EMPTY},
    "groups": {**LIST, **EMPTY},
    "categories": {
        **LIST,
        "UNCLASSIFIED": EMPTY["EMPTY"],
        "IN OR UNCLASSIFIED": lambda data, value: not data or _any_in(data, value),
        "IN CHILDREN": _any_in,
        "NOT IN CHILDREN": LIST["NOT IN"],
    },
    "created": TIME,
    "updated": {**TIME, "SINCE LAST N DAYS": ORDER[">"]},
}
ONLY_OF_PRODUCTS: Final = frozenset({"uuid", "enabled", "groups"})


def _folded(value: Json) -> Json:
    if is_list(value):
        return [_folded(one) for one in value]
    return same(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Filter:
    """The filters on the values of an attribute type.

    Attributes:
        operators: What can be asked.
        fits: Whether a value can be asked for, where the operator takes one that is no list.
        expected: What such a value has to be.
        key: Gives what is compared of the value, and of the data as it is shown.
    """

    operators: Operators
    fits: Callable[[Json], bool] = lambda _value: True
    expected: str = ""
    key: Callable[[Json], Json] = _folded


UNSEARCHED: Final = Filter({})
TEXTUAL: Final = Filter(TEXT, lambda value: isinstance(value, str), "a string")
ATTRIBUTES: Final[Mapping[str, Filter]] = {
    "pim_catalog_identifier": TEXTUAL,
    "pim_catalog_text": TEXTUAL,
    "pim_catalog_textarea": TEXTUAL,
    "pim_catalog_number": Filter({**ORDER, **EMPTY}, is_numeric, "a numeric", float),
    "pim_catalog_boolean": Filter(
        {**SAME, **EMPTY}, lambda value: isinstance(value, bool), "a boolean"
    ),
    "pim_catalog_date": Filter(
        {**ORDER, **EMPTY},
        lambda value: isinstance(value, str),
        'a string with the format "yyyy-mm-dd"',
        lambda date: date[:10],
    ),
    "pim_catalog_metric": Filter(EMPTY),
    "pim_catalog_price_collection": Filter(EMPTY),
    "pim_catalog_simpleselect": Filter({**LIST, **EMPTY}),
    "pim_catalog_multiselect": Filter({**LIST, **EMPTY}),
    "pim_catalog_image": TEXTUAL,
    "pim_catalog_file": TEXTUAL,
}


def matcher(store: Store, name: str, one: Object, *, models: bool) -> Test:
    """Give the test of one filter.

    `parent` with `=` asks for any model above, and only of products (Akeneo's
    `ApplyProductSearchQueryParametersToPQB`).
    """
    attribute = None if name in FIELDS else store.catalog.attribute(name)
    operators = FIELDS[name] if attribute is None else _filter(attribute).operators
    operator = one["operator"]
    any_above = name == "parent" and operator == "="
    if operator not in operators or (models and (any_above or name in ONLY_OF_PRODUCTS)):
        shown = "ancestor.code" if any_above else name
        what = f'is not supported or does not support operator "{operator}"'
        raise Refusal(422, f'Filter on property "{shown}" {what}')
    if attribute is not None:
        return _value_test(store, attribute, one)
    value = _checked(store, name, operator, one.get("value"))
    read, ask = (_above if any_above else _field), operators[operator]
    return lambda entity: ask(_folded(read(store, entity, name)), value)


def _value_test(store: Store, attribute: Object, one: Object) -> Test:
    name, rules = attribute["code"], _filter(attribute)
    operator, value = one["operator"], one.get("value")
    if operator in LIST:
        value = frozenset(_folded(_checked_list(store, name, value)))
    elif operator not in EMPTY:
        if not rules.fits(value):
            raise Refusal(422, str(wrong_type(name, rules.expected, value)))
        value = rules.key(value)
    for flag, key in (("localizable", "locale"), ("scopable", "scope")):
        if attribute[flag] and one.get(key) is None:
            raise Refusal(422, f'Attribute "{name}" expects a {key}, none given.')
    cell, show = (one.get("locale"), one.get("scope")), TYPES[attribute["type"]].show

    def matches(entity: Entity) -> bool:
        data = own_and_inherited(store, entity).get(name, {}).get(cell)
        if data is None and operator == "EMPTY" and not _in_family(store, entity, name):
            return False
        seen = None if data is None else rules.key(show(attribute, data, store.catalog))
        return rules.operators[operator](seen, value)

    return matches


def _filter(attribute: Object) -> Filter:
    return ATTRIBUTES.get(attribute["type"], UNSEARCHED)


def _in_family(store: Store, entity: Entity, attribute: str) -> bool:
    """Say whether an entity's family has an attribute: only then can its value be empty."""
    family = store.catalog.families.get(entity.family)
    return family is not None and attribute in family["attributes"]


def _above(store: Store, entity: Entity, _name: str) -> Json:
    return [model.code for model in store.ancestors(entity)]


def _field(store: Store, entity: Entity, name: str) -> Json:
    if name in {"created", "updated"}:
        return datetime.fromisoformat(getattr(entity, name)).strftime(TIME_FORMAT)
    if name == "categories":
        return [code for one in (*store.ancestors(entity), entity) for code in one.categories]
    return None if name == "groups" else getattr(entity, {"identifier": "code"}.get(name, name))


def _checked(store: Store, name: str, operator: str, value: Json) -> Json:
    """Check the value asked for and give it in the form that the data is compared in."""
    if name == "enabled" and not isinstance(value, bool):
        raise Refusal(422, str(wrong_type(name, "a boolean", value)))
    if name in {"created", "updated"}:
        return _times(name, operator, value)
    if name == "identifier" and operator not in {*LIST, *EMPTY} and not isinstance(value, str):
        raise Refusal(422, str(wrong_type(name, "a string", value)))
    if operator.startswith(("IN", "NOT IN")):
        value = _checked_list(store, name, value)
        if operator.endswith("IN CHILDREN"):
            return _with_children(store.catalog, {same(text(code)) for code in value})
        return frozenset(_folded(value))
    return _folded(value)


def _checked_list(store: Store, name: str, value: Json) -> list[Json]:
    is_identifier = name == "identifier"
    if not is_list(value):
        wrong = f"The {name} filter value should be an array"
        raise Refusal(422, wrong if is_identifier else str(wrong_type(name, "an array", value)))
    if is_identifier and not all(isinstance(one, str) for one in value):
        raise Refusal(422, 'Property "identifier" expects an array of strings as data.')
    for one in filter(is_array, value):
        raise Refusal(422, str(wrong_type(name, "a string", one)))
    if is_identifier and len(value) > MAX_IDENTIFIERS:
        what = f"can't contain more than {MAX_IDENTIFIERS} product identifiers."
        raise Refusal(400, f"The identifier filter {what}")
    for code in value if name == "family" else ():
        if store.catalog.families.get(code) is None:
            raise Refusal(422, f'Object "family" with code "{code}" does not exist')
    return value


def _with_children(catalog: Catalog, codes: set[str]) -> set[str]:
    below = {same(one["code"]) for one in catalog.categories if same(one["parent"] or "") in codes}
    return codes | _with_children(catalog, below) if below else codes


def _times(name: str, operator: str, value: Json) -> Json:
    if operator == "SINCE LAST N DAYS":
        if not isinstance(value, int):
            raise Refusal(422, str(wrong_type(name, "an integer", value)))
        return (datetime.now(UTC) - timedelta(days=value)).strftime(TIME_FORMAT)
    pair = operator.endswith("BETWEEN")
    if pair and not (is_list(value) and len(value) == PAIR):
        what = 'should contain 2 strings with the format "yyyy-mm-dd H:i:s"'
        raise Refusal(422, str(wrong_shape(name, what)))
    for one in value if pair else [value]:
        try:
            datetime.strptime(str(one), TIME_FORMAT).replace(tzinfo=UTC)
        except ValueError:
            what = 'a string with the format "yyyy-mm-dd H:i:s" as data, "" given.'
            raise Refusal(422, f'Property "{name}" expects {what}') from None
    return value
