"""Which products and models a list holds, and which of their values it shows."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from erp2pim.sandbox.catalog import Catalog, same
from erp2pim.sandbox.php import (
    Json,
    Object,
    decode,
    entries,
    is_array,
    is_list,
    is_object,
    type_name,
)
from erp2pim.sandbox.reading import Projection, own_and_inherited
from erp2pim.sandbox.refusal import Refusal, wrong_type
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.values import TYPES

Arguments: TypeAlias = Mapping[str, str]
Operators: TypeAlias = Mapping[str, Callable[[Json, Json], bool]]
Test: TypeAlias = Callable[[Entity], bool]

MAX_IDENTIFIERS: Final = 100
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
ATTRIBUTES: Final[Mapping[str, Operators]] = {
    "pim_catalog_identifier": TEXT,
    "pim_catalog_text": TEXT,
    "pim_catalog_textarea": TEXT,
    "pim_catalog_number": {**ORDER, **EMPTY},
    "pim_catalog_boolean": {**SAME, **EMPTY},
    "pim_catalog_date": {**ORDER, **EMPTY},
    "pim_catalog_metric": {**ORDER, **EMPTY},
    "pim_catalog_price_collection": EMPTY,
    "pim_catalog_simpleselect": {**LIST, **EMPTY},
    "pim_catalog_multiselect": {**LIST, **EMPTY},
    "pim_catalog_image": TEXT,
    "pim_catalog_file": TEXT,
}


def check_projection(catalog: Catalog, arguments: Arguments) -> None:
    """Refuse a list's attributes, scope and locales that don't exist."""
    codes = _listed(arguments.get("attributes")) or []
    _refuse_unknown("Attribute", "does not exist", "do not exist", [
        code for code in codes if catalog.attribute(code) is None
    ])  # fmt: skip
    scope = arguments.get("scope")
    channel = catalog.channels.get(scope)
    if scope is not None and channel is None:
        raise Refusal(422, f'Scope "{scope}" does not exist.')
    locales = _listed(arguments.get("locales")) or []
    one, many = "does not exist or is not activated", "do not exist or are not activated"
    unknown = [code for code in locales if code.lower() not in catalog.locales_in_use]
    _refuse_unknown("Locale", one, many, unknown)
    outside = [code for code in locales if channel and code not in channel["locales"]]
    tail = f'not activated for the scope "{scope}"'
    _refuse_unknown("Locale", f"is {tail}", f"are {tail}", outside)


def projection(catalog: Catalog, arguments: Arguments) -> Projection:
    """Say which values a list shows."""
    channel = catalog.channels.get(arguments.get("scope"))
    return Projection(
        attributes=_listed(arguments.get("attributes")),
        channels=[channel["code"]] if channel else None,
        locales=_listed(arguments.get("locales")) or (channel["locales"] if channel else None),
    )


def _listed(text: str | None) -> list[str] | None:
    return None if text is None else [code.strip() for code in text.split(",")]


def _refuse_unknown(label: str, one: str, many: str, codes: list[str]) -> None:
    if codes:
        noun, verb = (label, one) if len(codes) == 1 else (f"{label}s", many)
        raise Refusal(422, f'{noun} "{", ".join(codes)}" {verb}.')


def matching(store: Store, arguments: Arguments, *, models: bool) -> Test:
    """Give the test that an entity passes when it is in the scope and all filters match it."""
    catalog, search = store.catalog, _parse(arguments.get("search"), models=models)
    _check_categories(catalog, search.get("categories", []))
    for name in search:
        if name not in FIELDS and catalog.attribute(name) is None:
            what = "does not exist or you do not have permission to access it."
            raise Refusal(404, f'"{name}" {what}')
    channel = catalog.channels.get(arguments.get("scope"))
    if channel is not None and "categories" not in search:
        tree = {"operator": "IN CHILDREN", "value": [channel["category_tree"]]}
        search = search | {"categories": [tree]}
    context = {
        "locale": arguments.get("search_locale"),
        "scope": arguments.get("search_scope"),
    }
    tests = [
        _test(store, name, context | one, models=models)
        for name, filters in search.items()
        for one in filters
    ]
    return lambda entity: all(test(entity) for test in tests)


def _parse(text: str | None, *, models: bool) -> dict[str, list[Object]]:
    """Read a search; the shapes that the PIM refuses are refused in its words."""
    search: Json = {} if text is None else decode(text)
    if not is_array(search):
        raise Refusal(422 if models else 400, "Search query parameter should be valid JSON.")
    for name, filters in entries(search):
        if not is_list(filters) or not filters:
            raise Refusal(
                422,
                f'Structure of filter "{name}" should respect this structure: '
                f'{{"{name}":[{{"operator": "my_operator", "value": "my_value"}}]}}',
            )
        for one in filters:
            operator = one.get("operator") if is_object(one) else None
            if operator is None:
                raise Refusal(422, f'Operator is missing for the property "{name}".')
            if not isinstance(operator, str):
                what = f'"{type_name(operator)}" given.'
                raise Refusal(422, f"Operator has to be a string, {what}")
    return dict(entries(search))


def _check_categories(catalog: Catalog, filters: list[Object]) -> None:
    codes = [code for one in filters for code in one.get("value") or ()]
    unknown = [code for code in codes if catalog.categories.get(code) is None]
    if unknown:
        noun, verb = ("Category", "does") if len(unknown) == 1 else ("Categories", "do")
        raise Refusal(422, f'{noun} "{", ".join(unknown)}" {verb} not exist.')


def _test(store: Store, name: str, one: Object, *, models: bool) -> Test:
    """Give the test of one filter.

    `parent` with `=` asks for any model above, and only of products (Akeneo's
    `ApplyProductSearchQueryParametersToPQB`).
    """
    attribute = None if name in FIELDS else store.catalog.attribute(name)
    operators = FIELDS[name] if attribute is None else ATTRIBUTES[attribute["type"]]
    operator = operators.get(one["operator"])
    any_above = name == "parent" and one["operator"] == "="
    if operator is None or (models and (any_above or name in ONLY_OF_PRODUCTS)):
        shown = "ancestor.code" if any_above else name
        what = f'is not supported or does not support operator "{one["operator"]}"'
        raise Refusal(422, f'Filter on property "{shown}" {what}')
    value = _checked(store, name, one["operator"], one.get("value"))
    if attribute is None:
        read = _above if any_above else _field
        return lambda entity: operator(_folded(read(store, entity, name)), value)
    for flag, key in (("localizable", "locale"), ("scopable", "scope")):
        if attribute[flag] and one.get(key) is None:
            raise Refusal(422, f'Attribute "{name}" expects a {key}, none given.')
    cell, show = (one.get("locale"), one.get("scope")), TYPES[attribute["type"]].show

    def matches(entity: Entity) -> bool:
        data = own_and_inherited(store, entity).get(name, {}).get(cell)
        if data is None and one["operator"] == "EMPTY" and not _in_family(store, entity, name):
            return False
        shown = None if data is None else show(attribute, data, store.catalog)
        return operator(_folded(shown), value)

    return matches


def _in_family(store: Store, entity: Entity, attribute: str) -> bool:
    """Say whether an entity's family has an attribute: only then can its value be empty."""
    family = store.catalog.families.get(entity.family)
    return family is not None and attribute in family["attributes"]


def _folded(value: Json) -> Json:
    if is_list(value):
        return [_folded(one) for one in value]
    return same(value) if isinstance(value, str) else value


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
    if operator.startswith(("IN", "NOT IN")):
        value = _checked_list(store, name, value)
        if operator.endswith("IN CHILDREN"):
            return list(_with_children(store.catalog, {same(code) for code in value}))
    return _folded(value)


def _checked_list(store: Store, name: str, value: Json) -> list[Json]:
    is_identifier = name == "identifier"
    if not is_list(value):
        wrong = f"The {name} filter value should be an array"
        raise Refusal(422, wrong if is_identifier else str(wrong_type(name, "an array", value)))
    if is_identifier and not all(isinstance(one, str) for one in value):
        raise Refusal(422, 'Property "identifier" expects an array of strings as data.')
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
    for one in value if is_list(value) else [value]:
        try:
            datetime.strptime(str(one), TIME_FORMAT).replace(tzinfo=UTC)
        except ValueError:
            what = 'a string with the format "yyyy-mm-dd H:i:s" as data, "" given.'
            raise Refusal(422, f'Property "{name}" expects {what}') from None
    return value
