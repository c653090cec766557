"""What a list of products or models is asked for: which ones, and which of their values."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.filters import FIELDS, Test, matcher
from erp2pim.sandbox.php import (
    Json,
    Object,
    decode,
    entries,
    is_array,
    is_list,
    is_object,
    members,
    text,
    type_name,
)
from erp2pim.sandbox.reading import Projection
from erp2pim.sandbox.refusal import Refusal
from erp2pim.sandbox.store import Store

Arguments: TypeAlias = Mapping[str, str]

NOT_ACTIVE: Final = ("does not exist or is not activated", "do not exist or are not activated")


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
    unknown = [code for code in locales if code.lower() not in catalog.locales_in_use]
    _refuse_unknown("Locale", *NOT_ACTIVE, unknown)
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
        options=arguments.get("with_attribute_options") == "true",
    )


def _listed(codes: str | None) -> list[str] | None:
    return None if codes is None else [code.strip() for code in codes.split(",")]


def _refuse_unknown(label: str, one: str, many: str, codes: list[str]) -> None:
    if codes:
        noun, verb = (label, one) if len(codes) == 1 else (f"{label}s", many)
        raise Refusal(422, f'{noun} "{", ".join(codes)}" {verb}.')


def tests(store: Store, arguments: Arguments, *, models: bool) -> list[Test]:
    """Give the tests that an entity passes when it is in the scope and all filters match it."""
    catalog, search = store.catalog, parse(arguments.get("search"), models=models)
    _check_categories(catalog, search.get("categories", []))
    for name in search:
        if name not in FIELDS and catalog.attribute(name) is None:
            what = "does not exist or you do not have permission to access it."
            raise Refusal(404, f'"{name}" {what}')
    _check_locales(catalog, search, arguments.get("search_locale"))
    channel = catalog.channels.get(arguments.get("scope"))
    if channel is not None and "categories" not in search:
        tree = {"operator": "IN CHILDREN", "value": [channel["category_tree"]]}
        search = search | {"categories": [tree]}
    context = {"locale": arguments.get("search_locale"), "scope": arguments.get("search_scope")}
    return [
        matcher(store, name, context | one, models=models)
        for name, filters in search.items()
        for one in filters
    ]


def parse(given: str | None, *, models: bool) -> dict[str, list[Object]]:
    """Read a search; the shapes that the PIM refuses are refused in its words."""
    search: Json = {} if given is None else decode(given)
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


def _check_locales(catalog: Catalog, search: Mapping[str, list[Object]], given: str | None) -> None:
    """Refuse locales of filters that are not active (Akeneo's `ValidateSearchLocale`)."""
    codes: dict[str, None] = {}
    for name, one in ((name, one) for name, each in search.items() for one in each):
        locale: Json = one.get("locale")
        many: Json = one.get("locales") or []
        if name != "completeness" and not isinstance(locale, str | None):
            raise Refusal(422, f'Property "{name}" expects a string with the key "locale".')
        if many and (name != "completeness" or not is_list(many)):
            key = "locales" if name == "completeness" else "locale"
            raise Refusal(422, f'Property "{name}" expects an array with the key "{key}".')
        codes |= dict.fromkeys(code for code in (locale, *many) if code)
    codes |= dict.fromkeys([given] if given else [])
    unknown = [code for code in codes if code.lower() not in catalog.locales_in_use]
    _refuse_unknown("Locale", *NOT_ACTIVE, unknown)


def _check_categories(catalog: Catalog, filters: list[Object]) -> None:
    codes = [code for one in filters for code in members(one.get("value")) if not is_array(code)]
    unknown = [text(code) for code in codes if catalog.categories.get(code) is None]
    if unknown:
        noun, verb = ("Category", "does") if len(unknown) == 1 else ("Categories", "do")
        raise Refusal(422, f'{noun} "{", ".join(unknown)}" {verb} not exist.')
