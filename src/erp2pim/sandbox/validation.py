"""What the PIM finds wrong with a product or model whose shape is right: the `errors[]`.

The errors come in groups; those of a later group show only when the earlier groups have none.
"""

import re
from collections.abc import Callable, Iterator

from erp2pim.sandbox import media
from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.refusal import Json, Object, field_error, invalid
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.values import TYPES, Cell, fixed

Errors = Iterator[Object]
SELECTS = frozenset({"pim_catalog_simpleselect", "pim_catalog_multiselect"})
FILES = frozenset({"pim_catalog_image", "pim_catalog_file"})


def validate(store: Store, draft: Entity, found: Entity | None) -> None:
    """Raise the refusal of a changed entity that breaks a rule; only what changed is looked at."""
    for group in (_basics, _variant, _axes_taken):
        errors = list(group(store, draft, found))
        if errors:
            raise invalid(errors)


def changed_cells(draft: Entity, found: Entity | None) -> Iterator[tuple[str, Cell, Json]]:
    """Give the cells that hold other data than before."""
    before = found.values if found else {}
    for code, cells in draft.values.items():
        for cell, data in cells.items():
            if before.get(code, {}).get(cell) != data:
                yield code, cell, data


def code_errors(name: str, label: str, code: str) -> Errors:
    """Check an identifier or a model's code."""
    if not re.fullmatch(r"(?!\s)[^,;]+(?<!\s)", code, re.DOTALL):
        yield field_error(
            name, "This field should not contain any comma or semicolon or leading/trailing space"
        )
    if re.search(r"[\r\n]", code):
        yield field_error(name, "This field should not contain any line break")
    if len(code) > 255:
        yield field_error(
            name,
            f"The {label} attribute must not contain more than 255 characters. "
            "The submitted value is too long.",
        )


def _basics(store: Store, draft: Entity, found: Entity | None) -> Errors:
    if draft.kind == "product":
        yield from _identity_errors(store, draft, found)
    else:
        yield from _model_errors(store, draft, found)
    yield from _value_errors(store, draft, found)
    yield from _quantified_errors(store, draft)


def _identity_errors(store: Store, draft: Entity, found: Entity | None) -> Errors:
    if draft.code is not None and (found is None or draft.code != found.code):
        other = store.product(draft.code)
        if other is not None and other.uuid != draft.uuid:
            yield field_error(
                "identifier", f"The {draft.code} identifier is already used for another product."
            )
        yield from code_errors("identifier", store.catalog.main_identifier, draft.code)
    if found is None and draft.uuid[14] != "4":
        yield field_error(
            "uuid", f'The version of the uuid "{draft.uuid}" should be 4, {draft.uuid[14]} given.'
        )


def _model_errors(store: Store, draft: Entity, found: Entity | None) -> Errors:
    other = store.model(draft.code)
    if other is not None and other.uuid != draft.uuid:
        yield field_error("code", "The same code is already set on another product model.")
    if not draft.code:
        yield field_error("code", "The product model code must not be empty.")
    elif found is None or draft.code != found.code:
        yield from code_errors("code", "code", draft.code)
    if draft.family_variant is None:
        yield field_error("family_variant", "The product model family variant must not be empty.")
    elif draft.parent and len(store.catalog.levels(draft.family_variant)) == 2:
        yield field_error("parent", f'The product model "{draft.code}" cannot have a parent')


def _value_errors(store: Store, draft: Entity, found: Entity | None) -> Errors:
    catalog, touched = store.catalog, list(changed_cells(draft, found))
    for selects in (True, False):
        for code, cell, data in touched:
            attribute = catalog.attributes.get(code)
            if attribute is None or (attribute["type"] in SELECTS) != selects:
                continue
            for message, extra in TYPES[attribute["type"]].problems(attribute, data, catalog):
                yield _value_error(code, cell, message) | extra
            if attribute["type"] in FILES:
                for message in media.faults(attribute, store.media[data]):
                    yield _value_error(code, cell, message)
            if attribute.get("unique") and code != catalog.main_identifier:
                yield from _unique_errors(store, draft, attribute, cell, data)
        for errors in (_scope_errors, _locale_errors) if selects else ():
            for code, cell, _ in touched:
                yield from errors(catalog, catalog.attributes.get(code) or {}, cell)


def _value_error(code: str, cell: Cell, message: str) -> Object:
    place = {"attribute": code, "locale": cell[0], "scope": cell[1]}
    return {"property": "values", "message": message, **place}


def _scope_errors(catalog: Catalog, attribute: Object, cell: Cell) -> Errors:
    code, scope = attribute["code"], cell[1]
    if scope is not None and catalog.channels.get(scope) is None:
        message = (
            f"The {code} attribute requires a value per channel. "
            f"The {scope} channel (scope) must exist in your PIM"
        )
        yield _value_error(code, cell, message)


def _locale_errors(catalog: Catalog, attribute: Object, cell: Cell) -> Errors:
    locale, scope = cell
    if locale is None:
        return
    code, channel = attribute["code"], catalog.channels.get(scope)
    wrong = f"The {code} attribute requires a valid locale. The {locale} locale"
    available = attribute.get("available_locales")
    if locale.lower() not in catalog.locales_in_use:
        yield _value_error(code, cell, f"{wrong} does not exist.")
    elif channel is not None and locale not in channel["locales"]:
        yield _value_error(code, cell, f"{wrong} is not bound to the {scope} channel.")
    elif available and locale not in available:
        message = f"The {locale} locale is not available on the {code} attribute."
        yield _value_error(code, cell, message)


def _unique_errors(
    store: Store, draft: Entity, attribute: Object, cell: Cell, data: Json
) -> Errors:
    code = attribute["code"]
    if not isinstance(data, str) or store.owner(code, data) in (None, draft.uuid):
        return
    if attribute["type"] == "pim_catalog_identifier":
        yield field_error(
            "identifier",
            f"The {data} value is already set on another product "
            f"for the {code} identifier attribute.",
        )
    else:
        yield _value_error(
            code,
            cell,
            f"The {code} attribute can not have the same value more than once. "
            f"The {data} value is already set on another product.",
        )


def _quantified_errors(store: Store, draft: Entity) -> Errors:
    for code, lists in draft.quantified.items():
        path = f"quantifiedAssociations.{code}"
        kind = store.catalog.association_types.get(code)
        if kind is None:
            yield field_error(
                path,
                "This association type doesn't exist. "
                "Please make sure it hasn't been deleted in the meantime.",
            )
        elif not kind["is_quantified"]:
            yield field_error(
                path,
                f'"{kind["code"]}" can’t be used for associations with quantities. Please, choose a '
                'different association type with quantities or use the "associations" property.',
            )
        yield from _link_errors(store, path, lists)


def _link_errors(store: Store, path: str, lists: dict[str, list[Json]]) -> Errors:
    for name in sorted(set(lists) - {"products", "product_models"}):
        yield field_error(
            path,
            f'The link type "{name}" doesn\'t exist. '
            "You can only associate products or product models.",
        )
    targets: tuple[tuple[str, str, Callable[[Object], bool]], ...] = (
        ("products", "products", lambda link: _product_exists(store, link)),
        (
            "product_models",
            "product models",
            lambda link: store.model(link["identifier"]) is not None,
        ),
    )
    for name, _, _ in targets:
        for number, link in enumerate(lists.get(name, [])):
            if not 1 <= link["quantity"] <= 2_147_483_647:
                yield field_error(
                    f"{path}.{name}[{number}].quantity",
                    f'"{link["quantity"]}" is an invalid quantity. '
                    "Please, write a value between 1 and 2147483647.",
                )
    for name, words, exists in targets:
        missing = [link for link in lists.get(name, []) if not exists(link)]
        if missing:
            shown = ", ".join(link.get("identifier") or link["uuid"] for link in missing)
            yield field_error(
                f"{path}.{name}",
                f"The following {words} don't exist: {shown}. "
                f"Please make sure the {words} haven't been deleted in the meantime.",
            )
    if sum(len(lists.get(name, [])) for name, _, _ in targets) > 100:
        yield field_error(
            path,
            "You've reached the limit of 100 associations. "
            "Please, delete some existing associations before adding new ones.",
        )


def _product_exists(store: Store, link: Object) -> bool:
    return link.get("uuid") in store.products or store.product(link.get("identifier")) is not None


def _variant(store: Store, draft: Entity, _found: Entity | None) -> Errors:
    if draft.parent is None and draft.kind == "product":
        return
    variant = draft.family_variant or ""
    parent = store.model(draft.parent)
    levels = store.catalog.levels(variant)
    if draft.kind == "product":
        owner = store.catalog.family_variants.get(variant)
        if owner is not None and draft.family not in (None, owner["family"]):
            yield field_error(
                "family", "The variant product family must be the same than its parent"
            )
    level = level_of(store, draft)
    ancestors = store.ancestors(draft)
    for step in range(1, level + 1):
        for code in store.catalog.axes(variant, step):
            if not any(code in entity.values for entity in (*ancestors, draft)):
                yield field_error(
                    "attribute",
                    f'Attribute "{code}" cannot be empty, as it is defined as an axis for this entity',
                )
    if draft.kind == "product" and parent is not None and len(ancestors) != len(levels) - 1:
        yield field_error(
            "parent",
            f'The variant product cannot have product model "{parent.code}" as parent, '
            "(this product model can only have other product models as children)",
        )
    for code in sorted(set(draft.values) - levels[level] if levels else ()):
        yield field_error(
            "attribute",
            f'Cannot set the property "{code}" to this entity as it is not in the attribute set',
        )
    if draft.kind == "product" and draft.family is None:
        yield field_error(
            "family",
            f'The family cannot be "null" because your product with the {draft.code} identifier '
            "is a variant product.",
        )


def level_of(store: Store, entity: Entity) -> int:
    """Give the level of a variant or model: 0 is the root model's."""
    if entity.kind == "product":
        return max(len(store.catalog.levels(entity.family_variant or "")) - 1, 0)
    return 0 if entity.parent is None else 1


def _axes_taken(store: Store, draft: Entity, _found: Entity | None) -> Errors:
    axes = store.catalog.axes(draft.family_variant or "", level_of(store, draft))
    if draft.parent is None or not axes:
        return
    mine = _combination(draft, axes)
    for other in store.children(draft.parent):
        if other.uuid != draft.uuid and _combination(other, axes).lower() == mine.lower():
            what = "variant product" if draft.kind == "product" else "product model"
            yield field_error(
                "attribute",
                f'Cannot set value "{mine}" for the attribute axis "{",".join(axes)}" on {what} '
                f'"{draft.code or draft.uuid}", as the {what} "{other.code or other.uuid}" '
                "already has this value",
            )
            return


def _combination(entity: Entity, axes: list[str]) -> str:
    return ",".join(_axis_text(entity.values.get(code, {}).get((None, None))) for code in axes)


def _axis_text(data: Json) -> str:
    if isinstance(data, str):
        return f"[{data}]"
    if isinstance(data, dict):
        return f"{fixed(data['amount'], 4)} {data['unit']}"
    return "1" if data is True else ""
