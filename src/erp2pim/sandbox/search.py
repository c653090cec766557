"""The `search` parameter of the lists."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from erp2pim.model import identity
from erp2pim.sandbox.reading import own_and_inherited
from erp2pim.sandbox.refusal import Json, Object, Refusal
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.values import TYPES
from erp2pim.sandbox.wire import decode

MAX_IDENTIFIERS: Final = 100
Operators: TypeAlias = Mapping[str, Callable[[Json, Json], bool]]


def _folded(value: Json) -> Json:
    if isinstance(value, list):
        return [_folded(one) for one in value]
    return identity(value) if isinstance(value, str) else value


def _any_in(data: Json, wanted: Json) -> bool:
    return any(one in wanted for one in (data if isinstance(data, list) else [data]))


# What each operator says of (data, value asked for), both folded as the search engine does.
EQUALITY: Final[Operators] = {
    "=": lambda data, value: bool(data == value),
    "!=": lambda data, value: bool(data != value),
}
EMPTINESS: Final[Operators] = {
    "EMPTY": lambda data, _value: data in (None, [], ""),
    "NOT EMPTY": lambda data, _value: data not in (None, [], ""),
}
MEMBERSHIP: Final[Operators] = {
    "IN": _any_in,
    "NOT IN": lambda data, value: not _any_in(data, value),
}
ORDER: Final[Operators] = {
    **EQUALITY,
    "<": lambda data, value: data is not None and bool(data < value),
    "<=": lambda data, value: data is not None and bool(data <= value),
    ">": lambda data, value: data is not None and bool(data > value),
    ">=": lambda data, value: data is not None and bool(data >= value),
}
RANGE: Final[Operators] = {
    **ORDER,
    "BETWEEN": lambda data, value: data is not None and bool(value[0] <= data <= value[1]),
    "NOT BETWEEN": lambda data, value: data is not None and not value[0] <= data <= value[1],
}
TEXT: Final[Operators] = {
    **EQUALITY,
    **EMPTINESS,
    **MEMBERSHIP,
    "STARTS WITH": lambda data, value: (data or "").startswith(value),
    "CONTAINS": lambda data, value: value in (data or ""),
    "DOES NOT CONTAIN": lambda data, value: value not in (data or ""),
}
FIELDS: Final[Mapping[str, Operators]] = {
    "identifier": TEXT,
    "uuid": MEMBERSHIP,
    "family": {**MEMBERSHIP, **EMPTINESS},
    "enabled": EQUALITY,
    "parent": {"=": EQUALITY["="], "IN": _any_in, **EMPTINESS},
    "groups": {**MEMBERSHIP, **EMPTINESS},
    "categories": {
        **MEMBERSHIP,
        "UNCLASSIFIED": EMPTINESS["EMPTY"],
        "IN OR UNCLASSIFIED": lambda data, value: not data or _any_in(data, value),
        "IN CHILDREN": _any_in,
        "NOT IN CHILDREN": MEMBERSHIP["NOT IN"],
    },
    "created": RANGE,
    "updated": {**RANGE, "SINCE LAST N DAYS": ORDER[">"]},
}
"""Operators by field of a product."""

ATTRIBUTES: Final[Mapping[str, Operators]] = {
    "pim_catalog_identifier": TEXT,
    "pim_catalog_text": TEXT,
    "pim_catalog_textarea": TEXT,
    "pim_catalog_number": {**ORDER, **EMPTINESS},
    "pim_catalog_boolean": {**EQUALITY, **EMPTINESS},
    "pim_catalog_date": {**RANGE, **EMPTINESS},
    "pim_catalog_metric": {**ORDER, **EMPTINESS},
    "pim_catalog_price_collection": EMPTINESS,
    "pim_catalog_simpleselect": {**MEMBERSHIP, **EMPTINESS},
    "pim_catalog_multiselect": {**MEMBERSHIP, **EMPTINESS},
    "pim_catalog_image": TEXT,
    "pim_catalog_file": TEXT,
}
"""Operators by attribute type."""


def parse(text: str | None) -> Mapping[str, list[Object]]:
    """Read a search; the shapes that the PIM refuses are refused in its words."""
    if text is None:
        return {}
    search = decode(text.encode())
    if not isinstance(search, dict | list):
        raise Refusal(400, "Search query parameter should be valid JSON.")
    for name, filters in search.items() if isinstance(search, dict) else ():
        if not isinstance(filters, list) or not all(isinstance(one, dict) for one in filters):
            raise Refusal(
                422,
                f'Structure of filter "{name}" should respect this structure: '
                f'{{"{name}":[{{"operator": "my_operator", "value": "my_value"}}]}}',
            )
        for one in filters:
            if "operator" not in one:
                raise Refusal(422, f'Operator is missing for the property "{name}".')
    return search if isinstance(search, dict) else {}


def matching(store: Store, search: Mapping[str, list[Object]]) -> Callable[[Entity], bool]:
    """Give the test that a product or model passes when all filters match it."""
    tests = [_test(store, name, one) for name, filters in search.items() for one in filters]
    return lambda entity: all(test(entity) for test in tests)


def _test(store: Store, name: str, one: Object) -> Callable[[Entity], bool]:
    attribute = None if name in FIELDS else store.catalog.attribute(name)
    if name not in FIELDS and attribute is None:
        raise Refusal(404, f'"{name}" does not exist or you do not have permission to access it.')
    operators = FIELDS[name] if attribute is None else ATTRIBUTES[attribute["type"]]
    operator = operators.get(one["operator"])
    if operator is None:
        raise Refusal(
            422,
            f'Filter on property "{name}" is not supported or does not support operator '
            f'"{one["operator"]}"',
        )
    value = _checked(store, name, one["operator"], one.get("value"))
    if attribute is None:
        return lambda entity: operator(_folded(_field(store, entity, name)), value)
    for flag, key, word in (("localizable", "locale", "locale"), ("scopable", "scope", "scope")):
        if attribute[flag] and one.get(key) is None:
            raise Refusal(422, f'Attribute "{name}" expects a {word}, none given.')
    cell = (one.get("locale"), one.get("scope"))
    show = TYPES[attribute["type"]].show

    def matches(entity: Entity) -> bool:
        data = own_and_inherited(store, entity).get(name, {}).get(cell)
        return operator(None if data is None else _folded(show(attribute, data, store.catalog)), value)

    return matches


def _field(store: Store, entity: Entity, name: str) -> Json:
    if name in {"created", "updated"}:
        return datetime.fromisoformat(getattr(entity, name)).strftime("%Y-%m-%d %H:%M:%S")
    if name == "categories":
        line = [*store.ancestors(entity), entity]
        return [code for one in line for code in one.categories]
    return getattr(entity, {"identifier": "code"}.get(name, name))


def _checked(store: Store, name: str, operator: str, value: Json) -> Json:
    """Check the value asked for and give it in the form that the data is compared in."""
    if name == "identifier" and operator in {"IN", "NOT IN"}:
        if not isinstance(value, list):
            raise Refusal(422, "The identifier filter value should be an array")
        if not all(isinstance(one, str) for one in value):
            raise Refusal(422, 'Property "identifier" expects an array of strings as data.')
        if len(value) > MAX_IDENTIFIERS:
            raise Refusal(
                400,
                f"The identifier filter can't contain more than {MAX_IDENTIFIERS} "
                "product identifiers.",
            )
    if name in {"created", "updated"}:
        return _dates(name, operator, value)
    if name == "family" and isinstance(value, list):
        for code in value:
            if store.catalog.families.get(code) is None:
                raise Refusal(422, f'Object "family" with code "{code}" does not exist')
    if name == "categories" and isinstance(value, list):
        wanted = {identity(code) for code in value}
        return [*wanted, *_below(store, wanted)] if "CHILDREN" in operator else list(wanted)
    return _folded(value)


def _below(store: Store, codes: set[str]) -> set[str]:
    children = {
        identity(category["code"])
        for category in store.catalog.categories
        if category["parent"] is not None and identity(category["parent"]) in codes
    }
    return children | _below(store, children) if children else children


def _dates(name: str, operator: str, value: Json) -> Json:
    if operator == "SINCE LAST N DAYS":
        start = datetime.now(UTC) - timedelta(days=int(value))
        return start.strftime("%Y-%m-%d %H:%M:%S")
    for one in value if isinstance(value, list) else [value]:
        try:
            datetime.strptime(str(one), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        except ValueError:
            raise Refusal(
                422,
                f'Property "{name}" expects a string with the format "yyyy-mm-dd H:i:s" '
                'as data, "" given.',
            ) from None
    return value
