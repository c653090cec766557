"""The rule book of the structure: what each kind of object has and what holds of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.checks import (
    Errors,
    check_association_type,
    check_attribute,
    check_family,
    check_of_type,
    check_option,
    check_variant,
    finish_attribute,
    finish_category,
    finish_family,
    finish_option,
    finish_variant,
)
from erp2pim.sandbox.php import Json, Object, entries, is_array, members

Finish: TypeAlias = Callable[[Catalog, Object], None]
Check: TypeAlias = Callable[[Catalog, Object], Errors]

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
    """What a property's codes must be codes of.

    Attributes:
        collection: Its name in addresses.
        noun: How the PIM calls one of its items.
        kind: How it calls such a code.
        codes: Gives the codes that a value has.
    """

    collection: str
    noun: str
    kind: str = "code"
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


def _attributes(codes: Callable[[Json], list[Json]]) -> Reference:
    return Reference("attributes", "attribute", codes=codes)


_CATEGORY: Final = Reference("categories", "category", "category code", _one_if_any)
_ATTRIBUTE: Final[Mapping[str, Json]] = {
    **dict.fromkeys(("code", "type", "group")),
    **dict.fromkeys(("unique", "useable_as_grid_filter"), False),
    "allowed_extensions": [],
    **dict.fromkeys(("metric_family", "default_metric_unit", "reference_data_name")),
    "available_locales": [],
    **dict.fromkeys(("max_characters", "validation_rule", "validation_regexp")),
    **dict.fromkeys(("wysiwyg_enabled", "number_min", "number_max", "decimals_allowed")),
    **dict.fromkeys(("negative_allowed", "date_min", "date_max", "max_file_size")),
    "minimum_input_length": None,
    "sort_order": 0,
    **dict.fromkeys(("localizable", "scopable"), False),
    "labels": {},
    "guidelines": {},
    **dict.fromkeys(("auto_option_sorting", "default_value")),
}

KINDS: Final[Mapping[str, Kind]] = {
    "attributes": Kind(
        "Attribute",
        _ATTRIBUTE,
        {
            "group": (Reference("attribute-groups", "attribute group"),),
            "available_locales": (Reference("locales", "locale", "locale code"),),
            "type": (Reference("attribute-types", "attribute type", "attribute type"),),
        },
        ignored=frozenset({"is_read_only", "group_labels", "is_main_identifier"}),
        immutable=frozenset({"code", "type", "unique", "localizable", "scopable"}),
        longest_code=255,
        finish=finish_attribute,
        check=check_attribute,
        check_last=check_of_type,
    ),
    "options": Kind(
        "Option",
        {"code": None, "attribute": None, "sort_order": None, "labels": {}},
        integers=frozenset({"sort_order"}),
        immutable=frozenset({"code", "attribute"}),
        any_case=True,
        longest_label=255,
        finish=finish_option,
        check=check_option,
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
            "attribute_requirements": (
                Reference("channels", "channel", codes=_keys),
                _attributes(_members_of_all),
            ),
        },
        finish=finish_family,
        check=check_family,
    ),
    "variants": Kind(
        "Family variant",
        {"code": None, "family": None, "labels": {}, "variant_attribute_sets": []},
        finish=finish_variant,
        check=check_variant,
    ),
    "categories": Kind(
        "Category",
        {"code": None, "parent": None, "labels": {}},
        {"parent": (_CATEGORY,)},
        finish=finish_category,
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
            "locales": (Reference("locales", "locale", "locale code"),),
            "currencies": (Reference("currencies", "currency", "currency code"),),
            "category_tree": (_CATEGORY,),
        },
    ),
    "association-types": Kind(
        "Association type",
        {"code": None, "labels": {}, "is_two_way": False, "is_quantified": False},
        immutable=frozenset({"code", "is_two_way", "is_quantified"}),
        check=check_association_type,
    ),
}
