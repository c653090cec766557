"""How requests change the structure: attributes, options, families, categories, channels.

`KINDS` is the rule book: the properties that an object has, what they may refer to, what may not
change once it is stored, and what else the PIM checks.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from erp2pim.sandbox.catalog import Catalog, Collection, same
from erp2pim.sandbox.php import Json, Object, entries, is_array, is_object, members, number_format
from erp2pim.sandbox.refusal import (
    Refusal,
    field_error,
    invalid,
    unknown_code,
    unknown_property,
    wrong_shape,
    wrong_type,
)
from erp2pim.sandbox.store import Store, now
from erp2pim.sandbox.values import SELECTS, TYPES

Errors: TypeAlias = Iterator[Object]
Finish: TypeAlias = Callable[[Catalog, Object], None]
Check: TypeAlias = Callable[[Catalog, Object], Errors]

AXES: Final = ("pim_catalog_simpleselect", "pim_catalog_boolean", "pim_catalog_metric")
MAX_LEVELS: Final = 2
LONGEST_CODE: Final = 100
LONGEST_LABEL: Final = 255
NESTED: Final = frozenset({"attribute_requirements", "variant_attribute_sets", "conversion_units"})
IGNORED: Final = frozenset({"is_read_only", "group_labels", "is_main_identifier"})


@dataclass(frozen=True, slots=True)
class Reference:
    """What a property's codes must be codes of, and how the PIM says that they are not."""

    collection: Callable[[Catalog], Collection]
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Kind:
    """The rules of one kind of structure object.

    Attributes:
        label: How messages name it.
        properties: All that may be sent, with what a new object has.
        references: The properties that hold codes of other objects.
        immutable: What may not change.
        any_case: Whether a code sent in another case is the same code.
        longest_code: In characters.
        longest_label: In characters.
        finish: Works out what follows from what was sent, before validation.
        check: What validation finds, besides the code and the labels.
    """

    label: str
    properties: Mapping[str, Json]
    references: Mapping[str, Reference] = field(default_factory=dict[str, Reference])
    immutable: frozenset[str] = frozenset({"code"})
    any_case: bool = False
    longest_code: int = LONGEST_CODE
    longest_label: int = LONGEST_LABEL
    finish: Finish = lambda _catalog, _item: None
    check: Check = lambda _catalog, _item: iter(())


def update(catalog: Catalog, kind: Kind, data: Object, found: Object | None) -> Object:
    """Give the object that a request makes of a stored one, or of nothing."""
    item = dict(found) if found else {name: _copy(one) for name, one in kind.properties.items()}
    for name, value in data.items():
        if name in kind.properties:
            _check_type(name, kind.properties[name], value)
            _check_reference(catalog, kind, name, value)
            item[name] = _merged(item.get(name), value)
        elif name not in IGNORED:
            raise unknown_property(name)
    if found and kind.any_case and item["code"].lower() == found["code"].lower():
        item["code"] = found["code"]
    kind.finish(catalog, item)
    errors = [*_immutable(kind, item, found), *_code(kind, item), *_labels(catalog, kind, item)]
    errors += kind.check(catalog, item)
    if errors:
        raise invalid(errors)
    return item


def keep(store: Store, kind: str, item: Object, doom: list[str]) -> None:
    """Put a checked object into the catalogue, with what follows for others.

    Args:
        store: Where the catalogue is.
        kind: The object's kind, a key of `KINDS`.
        item: The object.
        doom: What makes every later line of the same batch fail; a category that is moved below
            itself does so (recorded: `poison.categories`).
    """
    catalog = store.catalog
    if kind == "categories":
        item["updated"] = now()
        if item["code"] in _line(catalog, item["parent"]):
            number = [one["code"] for one in catalog.categories].index(item["code"]) + 1
            doom.append(f"Cannot set child as parent to node: {number}")
        if doom:
            raise Refusal(422, doom[0])
    collection(catalog, kind, item).put(item)
    store.journal(kind, f"{item.get('attribute', '')}/{same(item['code'])}", item)
    catalog.refresh()
    for family in catalog.families if kind == "channels" else ():
        _finish_family(catalog, family)
        store.journal("families", f"/{same(family['code'])}", family)


def collection(catalog: Catalog, kind: str, item: Object) -> Collection:
    """Give the collection that an object of a kind belongs to."""
    if kind == "options":
        return catalog.options.setdefault(item["attribute"], Collection())
    return {
        "attributes": catalog.attributes,
        "families": catalog.families,
        "variants": catalog.family_variants,
        "categories": catalog.categories,
        "channels": catalog.channels,
        "association-types": catalog.association_types,
    }[kind]


def taken() -> Refusal:
    """Give the refusal of a POST with a code that exists."""
    return invalid([field_error("code", "This value is already used.")])


def no_options(attribute: str) -> str:
    """Say that an attribute is no select."""
    only = f'Only attributes of type "{SELECTS[0]}", "{SELECTS[1]}" support options'
    return f'Attribute "{attribute}" does not support options. {only}'


def _copy(value: Json) -> Json:
    return value.copy() if is_array(value) else value


def _check_type(name: str, default: Json, value: Json) -> None:
    """Refuse a scalar where the property holds a list or object, and the other way round."""
    if name == "sort_order" and not isinstance(value, int | None):
        raise wrong_type(name, "an integer", value)
    if not is_array(default):
        if is_array(value):
            raise wrong_type(name, "a scalar", value)
        return
    if not is_array(value):
        raise wrong_type(name, "an array", value)
    if name not in NESTED and any(is_array(one) for one in members(value)):
        raise wrong_shape(name, f"one of the {name} is not a scalar")


def _check_reference(catalog: Catalog, kind: Kind, name: str, value: Json) -> None:
    reference = kind.references.get(name)
    if reference is None or value in (None, ""):
        return
    codes = list(value) if is_object(value) else members(value) if is_array(value) else [value]
    for code in codes:
        if reference.collection(catalog).get(code) is None:
            raise unknown_code(name, reference.kind, reference.reason, code)


def _merged(before: Json, value: Json) -> Json:
    """Merge an object key by key, empty texts removing a key; anything else replaces."""
    if not is_object(before):
        return value
    merged = before | dict(entries(value))
    return {key: one for key, one in merged.items() if one not in (None, "")}


def _immutable(kind: Kind, item: Object, found: Object | None) -> Errors:
    for name in sorted(kind.immutable):
        if found is not None and item[name] != found[name]:
            yield field_error(name, "This property cannot be changed.")


def _code(kind: Kind, item: Object) -> Errors:
    code = item["code"]
    if code in (None, ""):
        yield field_error("code", "This value should not be blank.")
        return
    if not re.fullmatch(r"[a-zA-Z0-9_]+", code):
        what = "code may contain only letters, numbers and underscores"
        yield field_error("code", f"{kind.label} {what}")
    if len(code) > kind.longest_code:
        yield field_error("code", _too_long(kind.longest_code))


def _labels(catalog: Catalog, kind: Kind, item: Object) -> Errors:
    for locale, label in item.get("labels", {}).items():
        if catalog.locales.get(locale) is None:
            language, _, region = locale.partition("_")
            yield field_error("labels", f'The locale "{language}_{region}" does not exist.')
        if len(str(label)) > kind.longest_label:
            yield field_error("labels", _too_long(kind.longest_label))


def _too_long(longest: int) -> str:
    return f"This value is too long. It should have {longest} characters or less."


def _finish_attribute(catalog: Catalog, item: Object) -> None:
    for name, places in (("number_min", 4), ("number_max", 4), ("max_file_size", 2)):
        if item[name] is not None:
            item[name] = number_format(item[name], places)
    group = catalog.attribute_groups.get(item["group"])
    item["group_labels"] = group["labels"] if group else None
    if item["type"] == "pim_catalog_identifier":
        item |= {"unique": True, "is_main_identifier": item.get("is_main_identifier", False)}


def _check_attribute(_catalog: Catalog, item: Object) -> Errors:
    for name in ("type", "group"):
        if item[name] is None:
            yield field_error(name, "This value should not be blank.")


def _finish_option(catalog: Catalog, item: Object) -> None:
    if item["sort_order"] is None:
        others = catalog.options.get(item["attribute"], Collection())
        item["sort_order"] = max((one["sort_order"] for one in others), default=-1) + 1


def _check_option(catalog: Catalog, item: Object) -> Errors:
    attribute = catalog.attributes.get(item["attribute"]) or {}
    if attribute.get("type") not in SELECTS:
        yield field_error("attribute", no_options(item["attribute"]))


def _finish_category(catalog: Catalog, item: Object) -> None:
    parent = catalog.categories.get(item["parent"])
    item["parent"] = parent["code"] if parent else None


def _line(catalog: Catalog, code: str | None) -> list[str]:
    """Give a category's code and those of all above it."""
    category = catalog.categories.get(code)
    return [] if category is None else [category["code"], *_line(catalog, category["parent"])]


def _finish_family(catalog: Catalog, item: Object) -> None:
    """Have the main identifier in the family, and required in all channels."""
    main, required = catalog.main_identifier, item["attribute_requirements"]
    item["attributes"] = sorted({*item["attributes"], main})
    item["attribute_as_label"] = item["attribute_as_label"] or main
    item["attribute_requirements"] = {
        channel["code"]: sorted({*required.get(channel["code"], ()), main})
        for channel in catalog.channels
    }


def _check_family(catalog: Catalog, item: Object) -> Errors:
    for name, types in (
        ("attribute_as_label", ('"pim_catalog_text" and "pim_catalog_identifier"', "types")),
        ("attribute_as_image", ('"pim_catalog_image"', "type")),
    ):
        attribute = catalog.attributes.get(item[name])
        if attribute is None:
            continue
        if attribute["code"] not in item["attributes"]:
            yield field_error(name, f'Property "{name}" must belong to the family')
        if f'"{attribute["type"]}"' not in types[0]:
            what = f"only supports {types[0]} attribute {types[1]} for the family"
            yield field_error(name, f'Property "{name}" {what}')


def _finish_variant(catalog: Catalog, item: Object) -> None:
    """Put the axes, and at the last level all unique attributes, among a level's attributes."""
    family = catalog.families.get(item["family"]) or {"attributes": []}
    sets = sorted(item["variant_attribute_sets"], key=lambda one: one["level"])
    unique = [
        code for code in family["attributes"] if (catalog.attribute(code) or {}).get("unique")
    ]
    for one in sets:
        last = unique if one is sets[-1] else []
        one["attributes"] = list(dict.fromkeys([*one["attributes"], *one["axes"], *last]))
    item["variant_attribute_sets"] = sets


def _check_variant(catalog: Catalog, item: Object) -> Errors:
    name, sets = "variant_attribute_sets", item["variant_attribute_sets"]
    family = catalog.families.get(item["family"]) or {"attributes": [], "code": None}
    if not sets:
        yield field_error(name, "There should be at least one level defined in the family variant")
    if len(sets) > MAX_LEVELS:
        yield field_error(name, f'Family variant cannot have more than "{MAX_LEVELS}" level')
    for one in sets:
        if not one["axes"]:
            what = "one attribute defined as axis for the attribute set for level"
            yield field_error(name, f'There should be at least {what} "{one["level"]}"')
        for code in one["axes"]:
            if (catalog.attribute(code) or {}).get("type") not in AXES:
                what = (
                    "must be a boolean, a simple select, a simple reference data or a measurement"
                )
                yield field_error(name, f'Variant axes "{code}" {what}')
        for code in sorted({*one["attributes"]} - {*one["axes"]} - {*family["attributes"]}):
            what = f'attribute cannot be added to "{item["code"]}" family variant, as it is not an'
            of_family = f'attribute of the "{family["code"]}" family'
            yield field_error(name, f'"{code}" {what} {of_family}')


def _check_association_type(_catalog: Catalog, item: Object) -> Errors:
    if item["is_two_way"] and item["is_quantified"]:
        yield field_error("", "Association type can be either quantified or two-way")


_ATTRIBUTES: Final = Reference(lambda c: c.attributes, "code", "The attribute does not exist")
_CATEGORIES: Final = Reference(
    lambda c: c.categories, "category code", "The category does not exist"
)
_CHANNELS: Final = Reference(lambda c: c.channels, "code", "The channel does not exist")
_CURRENCIES: Final = Reference(
    lambda c: c.currencies, "currency code", "The currency does not exist"
)
_GROUPS: Final = Reference(
    lambda c: c.attribute_groups, "code", "The attribute group does not exist"
)
_LOCALES: Final = Reference(lambda c: c.locales, "locale code", "The locale does not exist")
_TYPES: Final = Reference(
    lambda _: Collection({"code": code} for code in TYPES),
    "attribute type",
    "The attribute type does not exist",
)
_ATTRIBUTE: Final[Mapping[str, Json]] = {
    **dict.fromkeys(("code", "type", "group")),
    **dict.fromkeys(("unique", "useable_as_grid_filter", "localizable", "scopable"), False),
    "allowed_extensions": [],
    "available_locales": [],
    "labels": {},
    "guidelines": {},
    **dict.fromkeys(("metric_family", "default_metric_unit", "reference_data_name")),
    **dict.fromkeys(("max_characters", "validation_rule", "validation_regexp")),
    **dict.fromkeys(("wysiwyg_enabled", "number_min", "number_max", "decimals_allowed")),
    **dict.fromkeys(("negative_allowed", "date_min", "date_max", "max_file_size")),
    **dict.fromkeys(("minimum_input_length", "auto_option_sorting", "default_value")),
    "sort_order": 0,
}

KINDS: Final[Mapping[str, Kind]] = {
    "attributes": Kind(
        "Attribute",
        _ATTRIBUTE,
        {"group": _GROUPS, "available_locales": _LOCALES, "type": _TYPES},
        frozenset({"code", "type", "unique", "localizable", "scopable"}),
        longest_code=255,
        finish=_finish_attribute,
        check=_check_attribute,
    ),
    "options": Kind(
        "Option",
        {"code": None, "attribute": None, "sort_order": None, "labels": {}},
        immutable=frozenset({"code", "attribute"}),
        any_case=True,
        finish=_finish_option,
        check=_check_option,
    ),
    "families": Kind(
        "Family",
        {
            "code": None,
            "attributes": [],
            "attribute_as_label": None,
            "attribute_as_image": None,
            "attribute_requirements": {},
            "labels": {},
        },
        {
            "attributes": _ATTRIBUTES,
            "attribute_as_label": _ATTRIBUTES,
            "attribute_as_image": _ATTRIBUTES,
            "attribute_requirements": _CHANNELS,
        },
        finish=_finish_family,
        check=_check_family,
    ),
    "variants": Kind(
        "Family variant",
        {"code": None, "family": None, "labels": {}, "variant_attribute_sets": []},
        finish=_finish_variant,
        check=_check_variant,
    ),
    "categories": Kind(
        "Category",
        {"code": None, "parent": None, "labels": {}},
        {"parent": _CATEGORIES},
        longest_label=100,
        finish=_finish_category,
    ),
    "channels": Kind(
        "Channel",
        {
            "code": None,
            "currencies": [],
            "locales": [],
            "category_tree": None,
            "conversion_units": {},
            "labels": {},
        },
        {"locales": _LOCALES, "currencies": _CURRENCIES, "category_tree": _CATEGORIES},
    ),
    "association-types": Kind(
        "Association type",
        {"code": None, "labels": {}, "is_two_way": False, "is_quantified": False},
        immutable=frozenset({"code", "is_two_way", "is_quantified"}),
        check=_check_association_type,
    ),
}
