"""How requests change the structure: attributes, options, families, categories, channels …

`KINDS` is the rule book: the properties that an object has, what they may refer to, and what may
not change once it is stored.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from erp2pim.sandbox.catalog import Catalog, Collection
from erp2pim.sandbox.payload import members
from erp2pim.sandbox.refusal import (
    Json,
    Object,
    Refusal,
    field_error,
    invalid,
    php_type,
    unknown_code,
    unknown_property,
    wrong_shape,
    wrong_type,
)
from erp2pim.sandbox.store import now
from erp2pim.sandbox.values import TYPES, fixed

SELECTS: Final = ("pim_catalog_simpleselect", "pim_catalog_multiselect")
AXES: Final = ("pim_catalog_simpleselect", "pim_catalog_boolean", "pim_catalog_metric")
Errors = Iterator[Object]


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
        longest: Longest code, in characters.
        references: The properties that hold codes of other objects.
        immutable: What may not change; a code may always change its case for `any_case`.
        finish: Works out what follows from what was sent, before validation.
        problems: What validation finds, besides the code and the labels.
    """

    label: str
    properties: Mapping[str, Json]
    longest: int = 100
    references: Mapping[str, Reference] = field(default_factory=dict)
    immutable: frozenset[str] = frozenset({"code"})
    any_case: bool = False
    finish: Callable[[Catalog, Object], None] = lambda _catalog, _item: None
    problems: Callable[[Catalog, Object], Errors] = lambda _catalog, _item: iter(())


def update(catalog: Catalog, kind: Kind, data: Object, found: Object | None) -> Object:
    """Give the object that a request makes of a stored one, or of nothing, checked."""
    item = dict(found) if found else {k: _copy(v) for k, v in kind.properties.items()}
    for name, value in data.items():
        if name not in kind.properties and name not in IGNORED:
            raise unknown_property(name)
        if name in kind.properties:
            _check_type(name, kind.properties[name], value)
            _check_reference(catalog, kind, name, value)
            item[name] = _merged(item.get(name), value)
    if found and kind.any_case and item["code"].lower() == found["code"].lower():
        item["code"] = found["code"]
    kind.finish(catalog, item)
    errors = [*_immutable(kind, item, found), *_code(kind, item), *_labels(catalog, kind, item)]
    errors += kind.problems(catalog, item)
    if errors:
        raise invalid(errors)
    return item


def taken() -> Refusal:
    """Give the refusal of a POST with a code that exists."""
    return invalid([field_error("code", "This value is already used.")])


IGNORED: Final = frozenset({"is_read_only", "group_labels", "is_main_identifier"})


def _copy(value: Json) -> Json:
    return value.copy() if isinstance(value, dict | list) else value


def _check_type(name: str, default: Json, value: Json) -> None:
    """Refuse a scalar where the property holds a list or object, and the other way round."""
    kind = php_type(value)
    if name == "sort_order" and kind not in {"integer", "NULL"}:
        raise wrong_type(name, "an integer", value)
    if php_type(default) != "array":
        if kind == "array":
            raise wrong_type(name, "a scalar", value)
        return
    if kind != "array":
        raise wrong_type(name, "an array", value)
    if name not in NESTED and any(php_type(one) == "array" for one in members(value)):
        raise wrong_shape(name, f"one of the {name} is not a scalar")


NESTED: Final = frozenset({"attribute_requirements", "variant_attribute_sets", "conversion_units"})


def _check_reference(catalog: Catalog, kind: Kind, name: str, value: Json) -> None:
    reference = kind.references.get(name)
    if reference is None or value in (None, ""):
        return
    codes = list(value) if isinstance(value, list | dict) else [value]
    for code in codes:
        if reference.collection(catalog).get(code) is None:
            raise unknown_code(name, reference.kind, reference.reason, code)


def _merged(before: Json, value: Json) -> Json:
    """Merge an object key by key, empty texts removing a key; anything else replaces."""
    if not isinstance(before, dict):
        return value
    merged = before | value if isinstance(value, dict) else before
    return {key: one for key, one in merged.items() if one not in (None, "")}


def _immutable(kind: Kind, item: Object, found: Object | None) -> Errors:
    for name in sorted(kind.immutable if found else ()):
        if found is not None and item[name] != found[name]:
            yield field_error(name, "This property cannot be changed.")


def _code(kind: Kind, item: Object) -> Errors:
    code = item["code"]
    if code in (None, ""):
        yield field_error("code", "This value should not be blank.")
        return
    if not re.fullmatch(r"[a-zA-Z0-9_]+", code):
        yield field_error(
            "code", f"{kind.label} code may contain only letters, numbers and underscores"
        )
    if len(code) > kind.longest:
        yield field_error("code", _too_long(kind.longest))


def _labels(catalog: Catalog, kind: Kind, item: Object) -> Errors:
    longest = 100 if kind.label == "Category" else 255
    for locale, label in item.get("labels", {}).items():
        if catalog.locales.get(locale) is None:
            language, _, region = locale.partition("_")
            yield field_error("labels", f'The locale "{language}_{region}" does not exist.')
        if len(str(label)) > longest:
            yield field_error("labels", _too_long(longest))


def _too_long(longest: int) -> str:
    return f"This value is too long. It should have {longest} characters or less."


def _finish_attribute(catalog: Catalog, item: Object) -> None:
    for name, places in (("number_min", 4), ("number_max", 4), ("max_file_size", 2)):
        if item[name] is not None:
            item[name] = fixed(item[name], places)
    group = catalog.attribute_groups.get(item["group"])
    item["group_labels"] = group["labels"] if group else None
    if item["type"] == "pim_catalog_identifier":
        item |= {"unique": True, "is_main_identifier": item.get("is_main_identifier", False)}


def _attribute_problems(_catalog: Catalog, item: Object) -> Errors:
    for name in ("type", "group"):
        if item[name] is None:
            yield field_error(name, "This value should not be blank.")


def _option_problems(catalog: Catalog, item: Object) -> Errors:
    attribute = catalog.attributes.get(item["attribute"]) or {}
    if attribute.get("type") not in SELECTS:
        yield field_error("attribute", no_options(item["attribute"]))


def no_options(attribute: str) -> str:
    return (
        f'Attribute "{attribute}" does not support options. '
        f'Only attributes of type "{SELECTS[0]}", "{SELECTS[1]}" support options'
    )


def _finish_option(catalog: Catalog, item: Object) -> None:
    if item["sort_order"] is None:
        others = catalog.options.get(item["attribute"], Collection())
        item["sort_order"] = max((o["sort_order"] for o in others), default=-1) + 1


def _finish_category(catalog: Catalog, item: Object) -> None:
    parent = catalog.categories.get(item["parent"])
    item["parent"] = parent["code"] if parent else None


def _finish_family(catalog: Catalog, item: Object) -> None:
    main = catalog.main_identifier
    item["attributes"] = sorted({*item["attributes"], main})
    item["attribute_as_label"] = item["attribute_as_label"] or main
    required = item["attribute_requirements"]
    item["attribute_requirements"] = {
        channel["code"]: sorted({*required.get(channel["code"], ()), main})
        for channel in catalog.channels
    }


def _family_problems(catalog: Catalog, item: Object) -> Errors:
    for name, types in (
        ("attribute_as_label", ("pim_catalog_text", "pim_catalog_identifier")),
        ("attribute_as_image", ("pim_catalog_image",)),
    ):
        attribute = catalog.attributes.get(item[name])
        if attribute is None:
            continue
        if attribute["code"] not in item["attributes"]:
            yield field_error(name, f'Property "{name}" must belong to the family')
        if attribute["type"] not in types:
            only = " and ".join(f'"{one}"' for one in types)
            plural = "types" if len(types) > 1 else "type"
            yield field_error(
                name, f'Property "{name}" only supports {only} attribute {plural} for the family'
            )


def _finish_variant(catalog: Catalog, item: Object) -> None:
    """Put axes and, at the last level, all unique attributes of the family where they belong."""
    family = catalog.families.get(item["family"]) or {"attributes": []}
    sets = sorted(item["variant_attribute_sets"], key=lambda one: one["level"])
    for one in sets:
        unique = [
            code
            for code in family["attributes"]
            if one is sets[-1] and (catalog.attributes.get(code) or {}).get("unique")
        ]
        one["attributes"] = list(dict.fromkeys([*one["attributes"], *one["axes"], *unique]))
    item["variant_attribute_sets"] = sets


def _variant_problems(catalog: Catalog, item: Object) -> Errors:
    name, sets = "variant_attribute_sets", item["variant_attribute_sets"]
    family = catalog.families.get(item["family"]) or {"attributes": []}
    if not sets:
        yield field_error(name, "There should be at least one level defined in the family variant")
    if len(sets) > 2:
        yield field_error(name, 'Family variant cannot have more than "2" level')
    for one in sets:
        if not one["axes"]:
            yield field_error(
                name,
                "There should be at least one attribute defined as axis for the attribute set "
                f'for level "{one["level"]}"',
            )
        for code in one["axes"]:
            if (catalog.attributes.get(code) or {}).get("type") not in AXES:
                yield field_error(
                    name,
                    f'Variant axes "{code}" must be a boolean, a simple select, '
                    "a simple reference data or a measurement",
                )
        for code in set(one["attributes"]) - set(one["axes"]) - set(family["attributes"]):
            yield field_error(
                name,
                f'"{code}" attribute cannot be added to "{item["code"]}" family variant, '
                f'as it is not an attribute of the "{family["code"]}" family',
            )


def _association_problems(_catalog: Catalog, item: Object) -> Errors:
    if item["is_two_way"] and item["is_quantified"]:
        yield field_error("", "Association type can be either quantified or two-way")


_ATTRIBUTES: Final = Reference(lambda c: c.attributes, "code", "The attribute does not exist")
_LOCALES: Final = Reference(lambda c: c.locales, "locale code", "The locale does not exist")

KINDS: Final[Mapping[str, Kind]] = {
    "attributes": Kind(
        "Attribute",
        {
            "code": None,
            "type": None,
            "group": None,
            "unique": False,
            "useable_as_grid_filter": False,
            "allowed_extensions": [],
            "metric_family": None,
            "default_metric_unit": None,
            "reference_data_name": None,
            "available_locales": [],
            "max_characters": None,
            "validation_rule": None,
            "validation_regexp": None,
            "wysiwyg_enabled": None,
            "number_min": None,
            "number_max": None,
            "decimals_allowed": None,
            "negative_allowed": None,
            "date_min": None,
            "date_max": None,
            "max_file_size": None,
            "minimum_input_length": None,
            "sort_order": 0,
            "localizable": False,
            "scopable": False,
            "labels": {},
            "guidelines": {},
            "auto_option_sorting": None,
            "default_value": None,
        },
        longest=255,
        references={
            "group": Reference(
                lambda c: c.attribute_groups, "code", "The attribute group does not exist"
            ),
            "available_locales": _LOCALES,
            "type": Reference(
                lambda _: Collection({"code": code} for code in TYPES),
                "attribute type",
                "The attribute type does not exist",
            ),
        },
        immutable=frozenset({"code", "type", "unique", "localizable", "scopable"}),
        finish=_finish_attribute,
        problems=_attribute_problems,
    ),
    "options": Kind(
        "Option",
        {"code": None, "attribute": None, "sort_order": None, "labels": {}},
        immutable=frozenset({"code", "attribute"}),
        any_case=True,
        finish=_finish_option,
        problems=_option_problems,
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
        references={
            "attributes": _ATTRIBUTES,
            "attribute_as_label": _ATTRIBUTES,
            "attribute_as_image": _ATTRIBUTES,
            "attribute_requirements": Reference(
                lambda c: c.channels, "code", "The channel does not exist"
            ),
        },
        finish=_finish_family,
        problems=_family_problems,
    ),
    "variants": Kind(
        "Family variant",
        {"code": None, "family": None, "labels": {}, "variant_attribute_sets": []},
        finish=_finish_variant,
        problems=_variant_problems,
    ),
    "categories": Kind(
        "Category",
        {"code": None, "parent": None, "labels": {}},
        references={
            "parent": Reference(
                lambda c: c.categories, "category code", "The category does not exist"
            )
        },
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
        references={
            "locales": _LOCALES,
            "currencies": Reference(
                lambda c: c.currencies, "currency code", "The currency does not exist"
            ),
            "category_tree": Reference(
                lambda c: c.categories, "category code", "The category does not exist"
            ),
        },
    ),
    "association-types": Kind(
        "Association type",
        {"code": None, "labels": {}, "is_two_way": False, "is_quantified": False},
        immutable=frozenset({"code", "is_two_way", "is_quantified"}),
        problems=_association_problems,
    ),
}


def keep(catalog: Catalog, kind: str, item: Object, doom: list[str]) -> None:
    """Put an object into the catalogue, with what follows for others.

    Args:
        catalog: Where it goes.
        kind: Its kind, a key of `KINDS`.
        item: The checked object.
        doom: What makes every later line of the same batch fail; a category that is moved below
            itself does so (recorded: `poison.categories`).
    """
    if kind == "categories":
        item["updated"] = now()
        if item["code"] in _line(catalog, item["parent"]):
            number = [one["code"] for one in catalog.categories].index(item["code"]) + 1
            doom.append(f"Cannot set child as parent to node: {number}")
        if doom:
            raise Refusal(422, doom[0])
    if kind == "options":
        catalog.options.setdefault(item["attribute"], Collection()).put(item)
    else:
        collections = {"association-types": "association_types", "variants": "family_variants"}
        getattr(catalog, collections.get(kind, kind)).put(item)
    catalog.refresh()
    if kind == "channels":
        for family in catalog.families:
            _finish_family(catalog, family)


def _line(catalog: Catalog, code: str | None) -> list[str]:
    """Give a category's code and those of all above it."""
    category = catalog.categories.get(code)
    return [] if category is None else [category["code"], *_line(catalog, category["parent"])]
