"""Checks of what an item has besides values: its family, its categories, its parent."""

from collections.abc import Callable, Collection, Mapping, Sequence

from erp2pim.model import Body, Json, Kind
from erp2pim.structure.catalogue import Structure
from erp2pim.structure.findings import Remarks, refuse, warn
from erp2pim.structure.links import is_uuid
from erp2pim.structure.shapes import texts

_PRODUCT = frozenset({
    "associations", "categories", "enabled", "family", "groups", "parent",
    "quantified_associations", "values",
})  # fmt: skip
_MODEL = frozenset({
    "associations", "categories", "family", "family_variant", "parent",
    "quantified_associations", "values",
})  # fmt: skip
_IGNORED = frozenset({
    "created", "identifier", "metadata", "parent_associations", "quality_scores", "updated",
})  # fmt: skip
_IGNORED_IN_PRODUCTS = _IGNORED | {"completenesses", "uuid"}
_ENABLED = (True, False, 0, 1, "0", "1")
_CHECKED_ELSEWHERE = frozenset({"associations", "quantified_associations", "values"})


def property_remarks(structure: Structure, kind: Kind, body: Body, name: str) -> Remarks:
    """Check one property of an item; values and associations are checked elsewhere.

    Source: pim-community-dev (PayloadFormatValidator, for the uuid).
    """
    if kind == "product" and name == "uuid" and not _fits_uuid(body["uuid"]):
        yield refuse("uuid", "a uuid is expected")
        return
    yield from known(kind, name)
    if name in (_PRODUCT if kind == "product" else _MODEL) - _CHECKED_ELSEWHERE:
        yield from _CHECKS[name](structure, kind, body)


def known(kind: Kind, name: str) -> Remarks:
    """Refuse properties that the PIM does not have; say so of those that it leaves aside.

    Source: recorded.
    """
    is_product = kind == "product"
    if name in (_IGNORED_IN_PRODUCTS if is_product else _IGNORED):
        message = "a property that can be set is expected; the PIM leaves this one as it is"
        yield warn("property", message, name)
    elif name not in (_PRODUCT if is_product else _MODEL):
        owner = "product" if is_product else "product model"
        yield refuse("property", f"a property of a {owner} is expected", name)


def enabled(_structure: Structure, _kind: Kind, body: Body) -> Remarks:
    """Refuse anything but true and false; the PIM takes 0 and 1, too.

    Source: pim-community-dev (EnabledFieldSetter); recorded.
    """
    value = body["enabled"]
    if isinstance(value, float | Mapping | Sequence) and not isinstance(value, str):
        is_fit = False
    else:
        is_fit = value is not None and value in _ENABLED
    if not is_fit:
        yield refuse("enabled", "true or false is expected")


def family(structure: Structure, kind: Kind, body: Body) -> Remarks:
    """Refuse a family that does not exist, and for a model one that its variant is not of.

    Null or an empty text takes a product out of its family.

    Source: pim-community-dev (FamilyFieldSetter, ProductModelUpdater); recorded.
    """
    code = body["family"]
    if kind == "product" and code in (None, ""):
        return
    found = structure.families.find(code) if isinstance(code, str) else None
    if found is None:
        message = f"a family is expected: {_some(structure.families)}"
        yield refuse("family", message)
        return
    named = body.get("family_variant")
    variant = structure.family_variants.find(named) if isinstance(named, str) else None
    if kind == "product_model" and variant is not None and variant.family != found.code:
        message = f"{variant.family} is expected, the family of {variant.code}"
        yield refuse("family", message)


def family_variant(structure: Structure, _kind: Kind, body: Body) -> Remarks:
    """Refuse a family variant that does not exist.

    Source: pim-community-dev (ProductModelUpdater); recorded.
    """
    code = body["family_variant"]
    if not isinstance(code, str) or structure.family_variants.find(code) is None:
        message = f"a family variant is expected: {_some(structure.family_variants)}"
        yield refuse("family variant", message)


def parent(_structure: Structure, _kind: Kind, body: Body) -> Remarks:
    """Refuse a parent that is no code; whether the model exists the PIM alone knows.

    Null makes a simple product of a variant; an empty text does not.

    Source: pim-community-dev (ParentFieldSetter); recorded.
    """
    if not isinstance(body["parent"], str | None) or body["parent"] == "":
        message = "the code of a product model is expected"
        yield refuse("parent", message)


def categories(structure: Structure, _kind: Kind, body: Body) -> Remarks:
    """Refuse categories that do not exist; case does not count.

    Source: pim-community-dev (CategoryFieldSetter); recorded.
    """
    codes = texts(body["categories"])
    if codes is None:
        message = "a list of category codes is expected"
        yield refuse("category", message)
        return
    unknown = [code for code in codes if structure.categories.find(code) is None]
    if unknown:
        message = "categories that the PIM has are expected"
        yield refuse("category", message, ", ".join(unknown))


def groups(_structure: Structure, _kind: Kind, body: Body) -> Remarks:
    """Refuse anything but a list of codes; whether the groups exist the PIM alone knows.

    Source: pim-community-dev (GroupFieldSetter).
    """
    if texts(body["groups"]) is None:
        yield refuse("group", "a list of group codes is expected")


def _fits_uuid(value: Json) -> bool:
    return value in (None, "") or is_uuid(value)


def _some(codes: Collection[str]) -> str:
    first = list(codes)[:20]
    return ", ".join(first) + (" …" if len(codes) > len(first) else "")


_CHECKS: Mapping[str, Callable[[Structure, Kind, Body], Remarks]] = {
    "enabled": enabled,
    "family": family,
    "family_variant": family_variant,
    "parent": parent,
    "categories": categories,
    "groups": groups,
}
