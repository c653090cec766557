"""How requests set the properties of products and product models that are no values."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from erp2pim.sandbox import associations
from erp2pim.sandbox.associations import scalars
from erp2pim.sandbox.php import Json, is_array, type_name
from erp2pim.sandbox.refusal import Malformed, immutable, unknown_code, wrong_shape, wrong_type
from erp2pim.sandbox.store import Entity, Store

Setter: TypeAlias = Callable[[Store, Entity, Json], None]

SHARED_IGNORED: Final = frozenset({
    "identifier", "created", "updated", "metadata", "quality_scores", "parent_associations",
})  # fmt: skip


def _scalar(name: str, value: Json) -> None:
    if is_array(value):
        raise wrong_type(name, "a scalar", value)


def _codes(name: str, noun: str, value: Json) -> list[str]:
    """Give the codes of an array of codes; refuse anything else."""
    codes = scalars(name, value)
    for code in codes:
        if not isinstance(code, str):
            what = f'one of the {noun} codes is not a string, "{type_name(code)}" given'
            raise wrong_shape(name, what)
    return codes


def _set_enabled(_store: Store, draft: Entity, value: Json) -> None:
    _scalar("enabled", value)
    words = {"0": False, "1": True}
    known = value if isinstance(value, bool) else words.get(str(value))
    if known is None or isinstance(value, float):
        raise wrong_type("enabled", "a boolean", value)
    draft.enabled = known


def _set_family(store: Store, draft: Entity, value: Json) -> None:
    _scalar("family", value)
    if not isinstance(value, str | None):
        raise wrong_type("family", "a string", value)
    family = store.catalog.families.get(value)
    if value and family is None:
        raise Malformed(f"The {value} family does not exist in your PIM.")
    draft.family = family["code"] if family else None


def _set_parent(store: Store, draft: Entity, value: Json) -> None:
    _scalar("parent", value)
    if value in (None, ""):
        if draft.parent is not None:
            raise immutable("parent", value)
        return
    model = store.model(value)
    if model is None:
        reason = "The parent product model does not exist"
        raise unknown_code("parent", "parent code", reason, value)
    if draft.parent and draft.family_variant != model.family_variant:
        raise Malformed(
            f'New parent "{model.code}" of variant product "{draft.code}" must have the same '
            f'family variant "{draft.family_variant}" than the previous parent'
        )
    if draft.parent is None:
        own = store.catalog.levels(model.family_variant)[-1]
        draft.values = {code: cells for code, cells in draft.values.items() if code in own}
    draft.parent, draft.family_variant = model.code, model.family_variant
    draft.family = draft.family or model.family


def _set_categories(store: Store, draft: Entity, value: Json) -> None:
    codes: set[str] = set()
    for code in _codes("categories", "category", value):
        category = store.catalog.categories.get(code)
        if category is None:
            raise Malformed(f"The {code} category does not exist in your PIM.")
        codes.add(category["code"])
    draft.categories = sorted(codes)


def _set_groups(_store: Store, _draft: Entity, value: Json) -> None:
    for code in _codes("groups", "group", value):
        raise unknown_code("groups", "group code", "The group does not exist", code)


def _set_code(_store: Store, draft: Entity, value: Json) -> None:
    draft.code = value


def _set_family_variant(store: Store, draft: Entity, value: Json) -> None:
    if value is None:
        raise Malformed('Property "family_variant" does not expect an empty value.')
    _scalar("family_variant", value)
    current = draft.family_variant
    if not value and current is not None:
        return
    if draft.created and str(value).lower() != str(current).lower():
        raise immutable("family_variant", value)
    if not draft.created and current not in {None, value}:
        raise Malformed(
            f'The parent is not a product model of the family variant "{value}" '
            f'but belongs to the family "{current}".'
        )
    variant = store.catalog.family_variants.get(value)
    if variant is None:
        reason = "The family variant does not exist"
        raise unknown_code("family_variant", "family variant code", reason, value)
    draft.family_variant, draft.family = variant["code"], variant["family"]


def check_model_family(draft: Entity, value: Json) -> None:
    """Refuse a family that is not the one of the model's variant."""
    if draft.created and value != draft.family:
        raise immutable("family", "array" if is_array(value) else value)
    if value in (None, ""):
        raise Malformed('Property "family" does not expect an empty value.')
    if not isinstance(value, str):
        raise wrong_type("family", "a string", value)
    if draft.family_variant is not None and value != draft.family:
        variant = f'the family of the variant "{draft.family_variant}".'
        raise Malformed(f'The family "{value}" does not match {variant}')


def _set_model_parent(store: Store, draft: Entity, value: Json) -> None:
    if draft.parent is not None and value is None:
        raise immutable("parent", None)
    if not value:
        return
    if draft.created and draft.parent is None:
        raise immutable("parent", value)
    parent = store.model(value)
    if parent is None:
        reason = "The product model does not exist"
    elif parent.parent is not None:
        reason = "The new parent of the product model must be a root product model"
    elif draft.family_variant not in {None, parent.family_variant}:
        reason = "The new parent of the product model must be of the same family variant"
    else:
        draft.parent = parent.code
        draft.family_variant, draft.family = parent.family_variant, parent.family
        return
    raise unknown_code("parent", "parent code", reason, value)


SHARED_SETTERS: Final[Mapping[str, Setter]] = {
    "categories": _set_categories,
    "associations": associations.set_plain,
    "quantified_associations": associations.set_quantified,
}
SETTERS: Final[Mapping[str, Setter]] = {
    **SHARED_SETTERS,
    "enabled": _set_enabled,
    "family": _set_family,
    "parent": _set_parent,
    "groups": _set_groups,
}
IGNORED: Final = SHARED_IGNORED | {"uuid", "completenesses"}
MODEL_SETTERS: Final[Mapping[str, Setter]] = {
    **SHARED_SETTERS,
    "code": _set_code,
    "family_variant": _set_family_variant,
    "parent": _set_model_parent,
}
IGNORED_IN_MODELS: Final = SHARED_IGNORED | {"family"}
