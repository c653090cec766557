"""Where in a family variant an item stands, and so which attributes may have values there."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from erp2pim.model import Body, Kind
from erp2pim.structure.catalogue import Family, FamilyVariant, Structure
from erp2pim.structure.findings import Remarks, warn

# The checks that say that an attribute does not belong to an item.
MISPLACED = frozenset({"level", "outside family"})
_NAMES = ("the root product model", "the product model below the root", "the variant product")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item may stand.

    Attributes:
        family: The family that the item names; None where it names none that is known.
        levels: Each family variant that it may belong to, with its level there, from 0; empty
            where the item is a simple product, or nobody can know.
        attributes: The attributes that belong there; None where nobody can know.
    """

    family: Family | None
    levels: Sequence[tuple[FamilyVariant, int]]
    attributes: AbstractSet[str] | None


def standing(structure: Structure, kind: Kind, body: Body, variant: str | None) -> Standing:
    """Work out where an item stands.

    Args:
        structure: The PIM's structure.
        kind: What the item is.
        body: What is said of it.
        variant: Its family variant, where somebody knows it; else it is the one that the body
            names, or one of the body's family.
    """
    code = body.get("family")
    family = structure.families.find(code) if isinstance(code, str) else None
    named = body.get("family_variant") if variant is None and kind == "product_model" else variant
    found = structure.family_variants.find(named) if isinstance(named, str) else None
    has_parent = isinstance(body.get("parent"), str) and body["parent"] != ""
    if found is None and not has_parent:
        return Standing(family, (), None if family is None else structure.members[family.code])
    levels = [
        (one, level)
        for one in ([found] if found is not None else _possible(structure, family))
        if (level := _level(kind, one, has_parent=has_parent)) is not None
    ]
    if not levels:
        return Standing(family, (), None)
    own = [structure.spread[one.code][level] for one, level in levels]
    return Standing(family, levels, own[0].union(*own[1:]))


def _possible(structure: Structure, family: Family | None) -> Collection[FamilyVariant]:
    if family is None:
        return structure.family_variants.values()
    return structure.variants_of.get(family.code, ())


def _level(kind: Kind, variant: FamilyVariant, *, has_parent: bool) -> int | None:
    """Give the level of an item in a family variant; None where it cannot stand in it."""
    last = len(variant.variant_attribute_sets)
    if kind == "product":
        return last
    level = 1 if has_parent else 0
    return level if level < last else None


def axis_remarks(stands: Standing, body: Body) -> Remarks:
    """Say that an axis has no value, without which the PIM makes no such model or variant.

    An item that it has already may go without.

    Source: pim-community-dev (NotEmptyVariantAxesValidator); recorded.
    """
    values = body.get("values")
    filled: Collection[str] = values.keys() if isinstance(values, Mapping) else ()
    lacking = [
        [axis for axis in _axes(variant, level) if axis not in filled]
        for variant, level in stands.levels
    ]
    if lacking and all(lacking):
        message = "a value of each axis is expected; without it the PIM makes no new item"
        yield warn("axis", message, ", ".join(lacking[0]))


def root_remarks(kind: Kind, body: Body) -> Remarks:
    """Say that a model names neither what it is a root for, nor what it stands below.

    Source: recorded.
    """
    if kind == "product_model" and not body.keys() & {"family_variant", "parent"}:
        message = "a family variant is expected; without it the PIM makes no new model"
        yield warn("family variant", message, "none")


def _axes(variant: FamilyVariant, level: int) -> Sequence[str]:
    return variant.variant_attribute_sets[level - 1].axes if level else ()


def level_remarks(structure: Structure, stands: Standing, code: str) -> Remarks:
    """Say that an attribute does not belong where the item stands.

    Of several family variants that the item may belong to all must say so.
    """
    if stands.attributes is None or code in stands.attributes:
        return
    if stands.levels:
        yield from wrong_level(structure, stands.levels[0][0], code)
    elif stands.family is not None:
        yield from outside_family(stands.family, code)


def wrong_level(structure: Structure, variant: FamilyVariant, code: str) -> Remarks:
    """Say that the PIM drops a value without a word, since it belongs to another level.

    Source: pim-community-dev (AttributeFilter); recorded.
    """
    levels = structure.spread[variant.code]
    own = next((number for number, codes in enumerate(levels) if code in codes), None)
    if own is None:
        where = f"it is not in the family {variant.family}"
    else:
        where = f"in {variant.code} it belongs to {_NAMES[-1 if own == len(levels) - 1 else own]}"
    yield warn("level", f"{where}; the PIM drops it here without a word", code)


def outside_family(family: Family, code: str) -> Remarks:
    """Say that a simple product's value is outside its family, where people hardly see it.

    Source: recorded.
    """
    message = (
        f"an attribute of the family {family.code} is expected; the PIM keeps the value, but it "
        "does not count for completeness"
    )
    yield warn("outside family", message, code)
