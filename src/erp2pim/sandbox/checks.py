"""What follows from what is sent of a structure object, and what is wrong with it."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from erp2pim.sandbox.catalog import Catalog, Collection
from erp2pim.sandbox.php import Json, Object, date, is_numeric, number_format
from erp2pim.sandbox.refusal import Malformed, field_error, unknown_code, wrong_date
from erp2pim.sandbox.values import SELECTS

Errors: TypeAlias = Iterator[Object]

RESERVED: Final = re.compile(
    "id|categories|completeness|enabled|family|groups|associations|products|scope|values|category"
    "|parent|label|attributes|uuid|identifier|.*_(products|groups)",
    re.IGNORECASE,
)
"""Codes that no attribute may have (Structure's `validation/attribute.yml`)."""
AXES: Final = ("pim_catalog_simpleselect", "pim_catalog_boolean", "pim_catalog_metric")
MAX_LEVELS: Final = 2
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


def no_options(attribute: str) -> str:
    """Say that an attribute is no select."""
    only = f'Only attributes of type "{SELECTS[0]}", "{SELECTS[1]}" support options'
    return f'Attribute "{attribute}" does not support options. {only}'


def finish_attribute(catalog: Catalog, item: Object) -> None:
    """Write amounts and dates as they are kept, and the labels of the group."""
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
        raise wrong_date(name, "yyyy-mm-dd", value)
    return found.isoformat()


def check_attribute(_catalog: Catalog, item: Object) -> Errors:
    """Find what is missing and what has the wrong type."""
    if item["code"] and RESERVED.fullmatch(item["code"]):
        yield field_error("code", "This code is not available")
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


def check_of_type(_catalog: Catalog, item: Object) -> Errors:
    """Find what an attribute of the type lacks, and what it can't have."""
    for name in NEEDED.get(item["type"], ()):
        if item[name] is None:
            yield field_error(name, "This value should not be null.")
    for names, types in ONLY_OF.items():
        for name in names:
            if item[name] is not None and item["type"] not in types:
                yield field_error(name, "This value should be null.")


def finish_option(catalog: Catalog, item: Object) -> None:
    """Put a new option last."""
    if item["sort_order"] is None:
        others = catalog.options.get(item["attribute"], Collection())
        item["sort_order"] = max((one["sort_order"] for one in others), default=-1) + 1


def check_option(catalog: Catalog, item: Object) -> Errors:
    """Find an attribute that has no options."""
    attribute = catalog.attributes.get(item["attribute"]) or {}
    if attribute.get("type") not in SELECTS:
        yield field_error("attribute", no_options(item["attribute"]))


def finish_category(catalog: Catalog, item: Object) -> None:
    """Write the parent's code as the parent has it; a tree in use stays one (`CategoryUpdater`)."""
    parent = catalog.categories.get(item["parent"])
    item["parent"] = parent["code"] if parent else None
    trees = [channel["category_tree"] for channel in catalog.channels]
    stored = catalog.categories.get(item["code"])
    if parent and stored and stored["parent"] is None and stored["code"] in trees:
        who = "user" if stored["code"] == trees[0] else "channel"
        raise Malformed(f"You can't move a category tree linked to a {who}.")


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


def check_family(catalog: Catalog, item: Object) -> Errors:
    """Find a label or image that is no attribute of the family, or one of a wrong type."""
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


def finish_variant(catalog: Catalog, item: Object) -> None:
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


def check_variant(catalog: Catalog, item: Object) -> Errors:
    """Find wrong levels, axes and attributes."""
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


def check_association_type(_catalog: Catalog, item: Object) -> Errors:
    """Find a type that is both two-way and quantified."""
    if item["is_two_way"] and item["is_quantified"]:
        yield field_error("", "Association type can be either quantified or two-way")
