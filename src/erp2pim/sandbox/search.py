"""The `search` parameter of the lists."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from erp2pim.model import identity
from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.reading import Projection, own_and_inherited
from erp2pim.sandbox.refusal import Json, Object, Refusal, php_type, wrong_type
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
    "parent": {"=": lambda data, value: value in data, "IN": _any_in, **EMPTINESS},
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

ONLY_PRODUCTS: Final = frozenset({"uuid", "enabled", "groups"})
"""Fields that product models don't have."""

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


def check_projection(catalog: Catalog, arguments: Mapping[str, str]) -> None:
    """Refuse a list's attributes, scope and locales that don't exist."""
    codes = _listed(arguments.get("attributes")) or []
    unknown = [code for code in codes if catalog.attribute(code) is None]
    if unknown:
        raise Refusal(422, _missing("Attribute", "does not exist", "do not exist", unknown))
    scope = arguments.get("scope")
    channel = catalog.channels.get(scope)
    if scope is not None and channel is None:
        raise Refusal(422, f'Scope "{scope}" does not exist.')
    locales = _listed(arguments.get("locales")) or []
    unknown = [code for code in locales if code.lower() not in catalog.locales_in_use]
    if unknown:
        one, many = "does not exist or is not activated", "do not exist or are not activated"
        raise Refusal(422, _missing("Locale", one, many, unknown))
    outside = [code for code in locales if channel and code not in channel["locales"]]
    if outside:
        tail = f'not activated for the scope "{scope}"'
        raise Refusal(422, _missing("Locale", f"is {tail}", f"are {tail}", outside))


def projection(catalog: Catalog, arguments: Mapping[str, str]) -> Projection:
    """Say which values a list shows."""
    channel = catalog.channels.get(arguments.get("scope"))
    return Projection(
        attributes=_listed(arguments.get("attributes")),
        channels=[channel["code"]] if channel else None,
        locales=_listed(arguments.get("locales")) or (channel["locales"] if channel else None),
    )


def _listed(text: str | None) -> list[str] | None:
    return None if text is None else [code.strip() for code in text.split(",")]


def _missing(label: str, one: str, many: str, codes: list[str]) -> str:
    plural = len(codes) > 1
    return f'{label}{"s" if plural else ""} "{", ".join(codes)}" {many if plural else one}.'


def matching(
    store: Store, arguments: Mapping[str, str], *, models: bool
) -> Callable[[Entity], bool]:
    """Give the test that an entity passes when it is in the scope and all filters match it."""
    search = _parse(arguments.get("search"), models=models)
    _check_categories(store.catalog, search)
    channel = store.catalog.channels.get(arguments.get("scope"))
    if channel is not None and "categories" not in search:
        tree = {"operator": "IN CHILDREN", "value": [channel["category_tree"]]}
        search = search | {"categories": [tree]}
    for name in search:
        if name not in FIELDS and store.catalog.attribute(name) is None:
            raise Refusal(
                404, f'"{name}" does not exist or you do not have permission to access it.'
            )
    context = {
        "locale": arguments.get("search_locale"), "scope": arguments.get("search_scope")
    }  # fmt: skip
    tests = [
        _test(store, name, context | one, models=models)
        for name, filters in search.items()
        for one in filters
    ]
    return lambda entity: all(test(entity) for test in tests)


def _parse(text: str | None, *, models: bool) -> dict[str, list[Object]]:
    """Read a search; the shapes that the PIM refuses are refused in its words."""
    search = {} if text is None else decode(text.encode())
    if not isinstance(search, dict | list):
        raise Refusal(422 if models else 400, "Search query parameter should be valid JSON.")
    if not isinstance(search, dict):
        search = {str(number): one for number, one in enumerate(search)}
    for name, filters in search.items():
        if not isinstance(filters, list) or not filters:
            raise Refusal(
                422,
                f'Structure of filter "{name}" should respect this structure: '
                f'{{"{name}":[{{"operator": "my_operator", "value": "my_value"}}]}}',
            )
        for one in filters:
            operator = one.get("operator") if isinstance(one, dict) else None
            if operator is None:
                raise Refusal(422, f'Operator is missing for the property "{name}".')
            if not isinstance(operator, str):
                kind = php_type(operator)
                raise Refusal(422, f'Operator has to be a string, "{kind}" given.')
    return search


def _check_categories(catalog: Catalog, search: Mapping[str, list[Object]]) -> None:
    codes = [code for one in search.get("categories", ()) for code in one.get("value") or ()]
    unknown = [code for code in codes if catalog.categories.get(code) is None]
    if len(unknown) > 1:
        raise Refusal(422, f'Categories "{", ".join(unknown)}" do not exist.')
    if unknown:
        raise Refusal(422, f'Category "{unknown[0]}" does not exist.')


def _test(store: Store, name: str, one: Object, *, models: bool) -> Callable[[Entity], bool]:
    attribute = None if name in FIELDS else store.catalog.attribute(name)
    operators = FIELDS[name] if attribute is None else ATTRIBUTES[attribute["type"]]
    operator = operators.get(one["operator"])
    by_ancestor = name == "parent" and one["operator"] == "="
    if operator is None or (models and (by_ancestor or name in ONLY_PRODUCTS)):
        shown = "ancestor.code" if by_ancestor else name
        raise Refusal(
            422,
            f'Filter on property "{shown}" is not supported or does not support operator '
            f'"{one["operator"]}"',
        )
    value = _checked(store, name, one["operator"], one.get("value"))
    if attribute is None:
        return lambda entity: operator(_folded(_field(store, entity, name, by_ancestor)), value)
    for flag, key in (("localizable", "locale"), ("scopable", "scope")):
        if attribute[flag] and one.get(key) is None:
            raise Refusal(422, f'Attribute "{name}" expects a {key}, none given.')
    cell = (one.get("locale"), one.get("scope"))

    def matches(entity: Entity) -> bool:
        data = own_and_inherited(store, entity).get(name, {}).get(cell)
        if data is not None:
            data = TYPES[attribute["type"]].show(attribute, data, store.catalog)
        elif "EMPTY" == one["operator"] and not _in_family(store, entity, name):
            return False
        return operator(_folded(data), value)

    return matches


def _in_family(store: Store, entity: Entity, attribute: str) -> bool:
    """Say whether an entity's family has an attribute; only then can its value be empty."""
    family = store.catalog.families.get(entity.family)
    return family is not None and attribute in family["attributes"]


def _field(store: Store, entity: Entity, name: str, by_ancestor: bool) -> Json:  # noqa: FBT001
    if by_ancestor:
        return [one.code for one in store.ancestors(entity)]
    if name in {"created", "updated"}:
        return datetime.fromisoformat(getattr(entity, name)).strftime("%Y-%m-%d %H:%M:%S")
    if name == "categories":
        line = [*store.ancestors(entity), entity]
        return [code for one in line for code in one.categories]
    return getattr(entity, {"identifier": "code"}.get(name, name))


def _checked(store: Store, name: str, operator: str, value: Json) -> Json:
    """Check the value asked for and give it in the form that the data is compared in."""
    if name == "enabled" and not isinstance(value, bool):
        raise Refusal(422, str(wrong_type(name, "a boolean", value)))
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
    if operator.startswith(("IN", "NOT IN")) and not isinstance(value, list):
        raise Refusal(422, str(wrong_type(name, "an array", value)))
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
        if php_type(value) != "integer":
            raise Refusal(422, str(wrong_type(name, "an integer", value)))
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
