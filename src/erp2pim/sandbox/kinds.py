"""The rule book of the structure: what each kind of object has and what is checked of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from erp2pim.sandbox.catalog import Catalog, Collection
from erp2pim.sandbox.php import (
    Json,
    Object,
    date,
    entries,
    is_array,
    is_numeric,
    members,
    number_format,
    text,
)
from erp2pim.sandbox.refusal import Malformed, field_error, unknown_code
from erp2pim.sandbox.values import SELECTS, TYPES

Errors: TypeAlias = Iterator[Object]
Finish: TypeAlias = Callable[[Catalog, Object], None]
Check: TypeAlias = Callable[[Catalog, Object], Errors]

AXES: Final = ("pim_catalog_simpleselect", "pim_catalog_boolean", "pim_catalog_metric")
MAX_LEVELS: Final = 2
LONGEST_CODE: Final = 100
LONGEST_LABEL: Final = 100


def _one_or_all(value: Json) -> list[Json]:
    return members(value) if is_array(value) else [value]


def _one_if_any(value: Json) -> list[Json]:
    return [] if value in (None, "") else [value]


def _keys(value: Json) -> list[Json]:
    return [key for key, _ in entries(value)]


def _members_of_all(value: Json) -> list[Json]:
    return [code for one in members(value) for code in members(one)]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a property's codes must be codes of, and how the PIM says that they are not."""

    collection: Callable[[Catalog], Collection]
    kind: str
    reason: str
    codes: Callable[[Json], list[Json]] = _one_or_all


@dataclass(frozen=True, slots=True)
class Kind:
    """The rules of one kind of structure object.

    Attributes:
        label: How messages name it.
        properties: All that may be sent, with what a new object has.
        references: The properties that hold codes of other objects.
        integers: The properties that hold a whole number.
        ignored: What may be sent and is not looked at.
        immutable: What may not change.
        any_case: Whether a code sent in another case is the same code.
        longest_code: In characters.
        longest_label: In characters.
        finish: Works out what follows from what was sent, before validation.
        check: What validation finds, besides the code and the labels.
        check_last: What it finds only when it has found nothing else.
    """

    label: str
    properties: Mapping[str, Json]
    references: Mapping[str, tuple[Reference, ...]] = field(
        default_factory=dict[str, tuple[Reference, ...]]
    )
    integers: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    immutable: frozenset[str] = frozenset({"code"})
    any_case: bool = False
    longest_code: int = LONGEST_CODE
    longest_label: int = LONGEST_LABEL
    finish: Finish = lambda _catalog, _item: None
    check: Check = lambda _catalog, _item: iter(())
    check_last: Check = lambda _catalog, _item: iter(())


def no_options(attribute: str) -> str:
    """Say that an attribute is no select."""
    only = f'Only attributes of type "{SELECTS[0]}", "{SELECTS[1]}" support options'
    return f'Attribute "{attribute}" does not support options. {only}'


def _finish_attribute(catalog: Catalog, item: Object) -> None:
    for name, places in (("number_min", 4), ("number_max", 4), ("max_file_size", 2)):
        if is_numeric(item[name]):
            item[name] = number_format(item[name], places)
    for name in ("date_min", "date_max"):
        item[name] = _date(name, item[name])
    group = catalog.attribute_groups.get(item["group"])
    item["group_labels"] = group["labels"] if group else None
    if item["type"] == "pim_catalog_identifier":
        item |= {"unique": True, "is_main_identifier": item.get("is_main_identifier", False)}


def _date(name: str, value: Json) -> str | None:
    if value is None:
        return None
    found = date(value) if isinstance(value, str) else None
    if found is None:
        expected = f'a string with the format "yyyy-mm-dd" as data, "{text(value)}" given.'
        raise Malformed(f'Property "{name}" expects {expected}')
    return found.isoformat()


def _check_attribute(_catalog: Catalog, item: Object) -> Errors:
    for name in ("type", "group"):
        if item[name] is None:
            yield field_error(name, "This value should not be blank.")
    for name in (*FLAGS, "sort_order"):
        if item[name] is None:
            yield field_error(name, "This value should not be null.")
    for kind, (fits, names) in ATTRIBUTE_TYPES.items():
        for name in names:
            if item[name] is not None and not fits(item[name]):
                yield field_error(name, f"This value should be of type {kind}.")


def _check_of_type(_catalog: Catalog, item: Object) -> Errors:
    for name in NEEDED.get(item["type"], ()):
        if item[name] is None:
            yield field_error(name, "This value should not be null.")
    for names, types in ONLY_OF.items():
        for name in names:
            if item[name] is not None and item["type"] not in types:
                yield field_error(name, "This value should be null.")


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


def line(catalog: Catalog, code: str | None) -> list[str]:
    """Give a category's code and those of all above it."""
    category = catalog.categories.get(code)
    return [] if category is None else [category["code"], *line(catalog, category["parent"])]


def finish_family(catalog: Catalog, item: Object) -> None:
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
        for code in (*one["axes"], *one["attributes"]):
            if catalog.attributes.get(code) is None:
                reason = "The attribute does not exist"
                name = f"attribute_set_{one['level']}"
                raise unknown_code(name, "attribute code", reason, code)
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


def _attributes(codes: Callable[[Json], list[Json]]) -> Reference:
    return Reference(lambda c: c.attributes, "code", "The attribute does not exist", codes)


def _category(codes: Callable[[Json], list[Json]]) -> Reference:
    reason = "The category does not exist"
    return Reference(lambda c: c.categories, "category code", reason, codes)


_CHANNELS: Final = Reference(lambda c: c.channels, "code", "The channel does not exist", _keys)
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

FLAGS: Final = ("unique", "useable_as_grid_filter", "localizable", "scopable")
AMOUNTS: Final = ("pim_catalog_number", "pim_catalog_metric", "pim_catalog_price_collection")
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "pim_catalog_number": ("decimals_allowed", "negative_allowed"),
    "pim_catalog_metric": ("decimals_allowed", "negative_allowed"),
    "pim_catalog_price_collection": ("decimals_allowed",),
}
"""What an attribute of a type must say."""
ATTRIBUTE_TYPES: Final[Mapping[str, tuple[Callable[[Json], bool], tuple[str, ...]]]] = {
    "bool": (
        lambda value: isinstance(value, bool),
        (*FLAGS, "wysiwyg_enabled", "decimals_allowed", "negative_allowed"),
    ),
    "numeric": (
        is_numeric,
        ("max_characters", "sort_order", "max_file_size", "number_min", "number_max"),
    ),
    "string": (
        lambda value: isinstance(value, str),
        ("validation_regexp", "metric_family", "default_metric_unit"),
    ),
}
"""What an attribute's properties hold, by the PIM's word for it."""
ONLY_OF: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = {
    ("wysiwyg_enabled",): ("pim_catalog_textarea",),
    ("decimals_allowed", "number_min", "number_max"): AMOUNTS,
    ("negative_allowed",): AMOUNTS[:2],
    ("max_characters",): ("pim_catalog_identifier", "pim_catalog_text", "pim_catalog_textarea"),
    ("validation_rule", "validation_regexp"): ("pim_catalog_identifier", "pim_catalog_text"),
    ("max_file_size",): ("pim_catalog_image", "pim_catalog_file"),
    ("date_min", "date_max"): ("pim_catalog_date",),
    ("metric_family", "default_metric_unit"): ("pim_catalog_metric",),
}
"""Which properties only attributes of some types may have."""

KINDS: Final[Mapping[str, Kind]] = {
    "attributes": Kind(
        "Attribute",
        _ATTRIBUTE,
        {"group": (_GROUPS,), "available_locales": (_LOCALES,), "type": (_TYPES,)},
        ignored=frozenset({"is_read_only", "group_labels", "is_main_identifier"}),
        immutable=frozenset({"code", "type", "unique", "localizable", "scopable"}),
        longest_code=255,
        finish=_finish_attribute,
        check=_check_attribute,
        check_last=_check_of_type,
    ),
    "options": Kind(
        "Option",
        {"code": None, "attribute": None, "sort_order": None, "labels": {}},
        integers=frozenset({"sort_order"}),
        immutable=frozenset({"code", "attribute"}),
        any_case=True,
        longest_label=255,
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
            "attributes": (_attributes(_one_or_all),),
            "attribute_as_label": (_attributes(_one_or_all),),
            "attribute_as_image": (_attributes(_one_if_any),),
            "attribute_requirements": (_CHANNELS, _attributes(_members_of_all)),
        },
        finish=finish_family,
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
        {"parent": (_category(_one_if_any),)},
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
        {
            "locales": (_LOCALES,),
            "currencies": (_CURRENCIES,),
            "category_tree": (_category(_one_if_any),),
        },
    ),
    "association-types": Kind(
        "Association type",
        {"code": None, "labels": {}, "is_two_way": False, "is_quantified": False},
        immutable=frozenset({"code", "is_two_way", "is_quantified"}),
        check=_check_association_type,
    ),
}
