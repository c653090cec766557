"""What the PIM finds wrong with a product or model whose shape is right: the `errors[]`.

The errors come in groups; those of a later group show only when the earlier groups have none.
"""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from erp2pim.sandbox import media
from erp2pim.sandbox.catalog import Catalog
from erp2pim.sandbox.php import Json, Object, number_format
from erp2pim.sandbox.refusal import field_error, invalid, value_error
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.values import FILES, LONGEST_TEXT, PLACES, SELECTS, TYPES, Cell, too_long

Errors: TypeAlias = Iterator[Object]
MAX_LINKS: Final = 100
ONE_LEVEL: Final = 2  # the common level, and one below
MAX_QUANTITY: Final = 2_147_483_647
# PHP looks at bytes here: \s is ASCII, and \v is also 0x85, which is a part of some letters.
_CODE: Final = re.compile(rb"(?!\s)[^,;]+(?<!\s)", re.DOTALL)
_BREAK: Final = re.compile(rb"[\n\v\f\r\x85]")
_IDENTIFIER: Final = "pim_catalog_identifier"


def validate(store: Store, draft: Entity, found: Entity | None) -> None:
    """Refuse a changed entity that breaks a rule; of its values, the changed ones are looked at."""
    for group in (_basics, _variant, _axes_taken):
        errors = list(group(store, draft, found))
        if errors:
            raise invalid(errors)


def changed_cells(draft: Entity, found: Entity | None) -> Iterator[tuple[str, Cell, Json]]:
    """Give the cells that hold other data than before, with the data."""
    before = found.values if found else {}
    for code, cells in draft.values.items():
        for cell, data in cells.items():
            if before.get(code, {}).get(cell) != data:
                yield code, cell, data


def level_of(store: Store, entity: Entity) -> int:
    """Give the level of a variant or model in its family variant: 0 is the root model's."""
    if entity.kind == "product":
        return max(len(store.catalog.levels(entity.family_variant)) - 1, 0)
    return 0 if entity.parent is None else 1


def _basics(store: Store, draft: Entity, found: Entity | None) -> Errors:
    check = _identity_errors if draft.kind == "product" else _model_errors
    yield from check(store, draft, found)
    yield from _value_errors(store, draft, found)
    for code, lists in draft.quantified.items():
        yield from _quantified_errors(store, code, lists)


def _identity_errors(store: Store, draft: Entity, found: Entity | None) -> Errors:
    if draft.code is not None and (found is None or draft.code != found.code):
        other = store.product(draft.code)
        if other is not None and other.uuid != draft.uuid:
            message = f"The {draft.code} identifier is already used for another product."
            yield field_error("identifier", message)
        yield from _code_errors("identifier", store.catalog.main_identifier, draft.code)
    version = draft.uuid[14]
    if found is None and version != "4":
        message = f'The version of the uuid "{draft.uuid}" should be 4, {version} given.'
        yield field_error("uuid", message)


def _code_errors(name: str, label: str, code: str) -> Errors:
    if not _CODE.fullmatch(code.encode()):
        message = "This field should not contain any comma or semicolon or leading/trailing space"
        yield field_error(name, message)
    if _BREAK.search(code.encode()):
        yield field_error(name, "This field should not contain any line break")
    if len(code) > LONGEST_TEXT:
        yield field_error(name, too_long(label, LONGEST_TEXT))


def _model_errors(store: Store, draft: Entity, found: Entity | None) -> Errors:
    other = store.model(draft.code)
    if other is not None and other.uuid != draft.uuid:
        yield field_error("code", "The same code is already set on another product model.")
    if not draft.code:
        yield field_error("code", "The product model code must not be empty.")
    elif found is None or draft.code != found.code:
        yield from _code_errors("code", "code", draft.code)
    if draft.family_variant is None:
        yield field_error("family_variant", "The product model family variant must not be empty.")
    elif draft.parent and len(store.catalog.axes(draft.family_variant)) == ONE_LEVEL:
        yield field_error("parent", f'The product model "{draft.code}" cannot have a parent')


def _value_errors(store: Store, draft: Entity, found: Entity | None) -> Errors:
    catalog = store.catalog
    touched = [
        (attribute, cell, data)
        for code, cell, data in changed_cells(draft, found)
        if (attribute := catalog.attribute(code)) is not None
    ]
    selects = [one for one in touched if one[0]["type"] in SELECTS]
    for attribute, cell, data in selects:
        yield from _type_errors(catalog, attribute, cell, data)
    for attribute, cell, _ in touched:
        yield from _scope_errors(catalog, attribute["code"], cell)
    for attribute, cell, _ in touched:
        yield from _locale_errors(catalog, attribute, cell)
    for attribute, cell, data in touched:
        if attribute["type"] not in SELECTS:
            yield from _type_errors(catalog, attribute, cell, data)
            yield from _more_errors(store, draft, attribute, cell, data)


def _type_errors(catalog: Catalog, attribute: Object, cell: Cell, data: Json) -> Errors:
    for message, extra in TYPES[attribute["type"]].problems(attribute, data, catalog):
        yield value_error(attribute["code"], cell, message, extra)


def _scope_errors(catalog: Catalog, code: str, cell: Cell) -> Errors:
    scope = cell[1]
    if scope is not None and catalog.channels.get(scope) is None:
        what = f"The {scope} channel (scope) must exist in your PIM"
        message = f"The {code} attribute requires a value per channel. {what}"
        yield value_error(code, cell, message, {})


def _locale_errors(catalog: Catalog, attribute: Object, cell: Cell) -> Errors:
    locale, scope = cell
    if locale is None:
        return
    code, channel = attribute["code"], catalog.channels.get(scope)
    wrong = f"The {code} attribute requires a valid locale. The {locale} locale"
    available = attribute.get("available_locales")
    if locale.lower() not in catalog.locales_in_use:
        yield value_error(code, cell, f"{wrong} does not exist.", {})
    elif channel is not None and locale.lower() not in map(str.lower, channel["locales"]):
        yield value_error(code, cell, f"{wrong} is not bound to the {scope} channel.", {})
    elif available and locale not in available:
        message = f"The {locale} locale is not available on the {code} attribute."
        yield value_error(code, cell, message, {})


def _more_errors(store: Store, draft: Entity, attribute: Object, cell: Cell, data: Json) -> Errors:
    """Find what a value's type alone does not show: about files, and about unique values."""
    code, catalog = attribute["code"], store.catalog
    if attribute["type"] in FILES:
        for message in media.faults(attribute, store.media[data]):
            yield value_error(code, cell, message, {})
    if not attribute.get("unique") or code == catalog.main_identifier:
        return
    if attribute["type"] == _IDENTIFIER:
        yield from _code_errors("identifier", code, data)
    if isinstance(data, str) and store.owner(code, data) not in {None, draft.uuid}:
        taken = f"The {data} value is already set on another product"
        if attribute["type"] == _IDENTIFIER:
            yield field_error("identifier", f"{taken} for the {code} identifier attribute.")
        else:
            start = f"The {code} attribute can not have the same value more than once."
            yield value_error(code, cell, f"{start} {taken}.", {})


def _quantified_errors(store: Store, code: str, lists: dict[str, list[Json]]) -> Errors:
    path = f"quantifiedAssociations.{code}"
    kind = store.catalog.association_types.get(code)
    if kind is None:
        message = (
            "This association type doesn't exist. "
            "Please make sure it hasn't been deleted in the meantime."
        )
        yield field_error(path, message)
    elif not kind["is_quantified"]:
        message = (
            f'"{kind["code"]}" can\u2019t be used for associations with quantities. Please, choose '
            'a different association type with quantities or use the "associations" property.'
        )
        yield field_error(path, message)
    for name in sorted(set(lists) - {"products", "product_models"}):
        what = "You can only associate products or product models."
        yield field_error(path, f'The link type "{name}" doesn\'t exist. {what}')
    yield from _link_errors(store, path, lists)


def _link_errors(store: Store, path: str, lists: dict[str, list[Json]]) -> Errors:
    names = {"products": "products", "product_models": "product models"}
    for name in names:
        for number, link in enumerate(lists.get(name, [])):
            if not 1 <= link["quantity"] <= MAX_QUANTITY:
                message = (
                    f'"{link["quantity"]}" is an invalid quantity. '
                    f"Please, write a value between 1 and {MAX_QUANTITY}."
                )
                yield field_error(f"{path}.{name}[{number}].quantity", message)
    for name, words in names.items():
        links = [link for link in lists.get(name, []) if not _exists(store, name, link)]
        if links:
            missing = ", ".join(link.get("identifier") or link["uuid"] for link in links)
            message = (
                f"The following {words} don't exist: {missing}. "
                f"Please make sure the {words} haven't been deleted in the meantime."
            )
            yield field_error(f"{path}.{name}", message)
    if sum(len(lists.get(name, [])) for name in names) > MAX_LINKS:
        message = (
            f"You've reached the limit of {MAX_LINKS} associations. "
            "Please, delete some existing associations before adding new ones."
        )
        yield field_error(path, message)


def _exists(store: Store, name: str, link: Object) -> bool:
    if name == "product_models":
        return store.model(link.get("identifier")) is not None
    return link.get("uuid") in store.products or store.product(link.get("identifier")) is not None


def _variant(store: Store, draft: Entity, _found: Entity | None) -> Errors:
    """Check what must hold of a product model, or of a product below one."""
    if draft.parent is None and draft.kind == "product":
        return
    catalog, level, above = store.catalog, level_of(store, draft), store.ancestors(draft)
    levels, axes = catalog.levels(draft.family_variant), catalog.axes(draft.family_variant)
    owner = catalog.family_variants.get(draft.family_variant) or {"family": None}
    if draft.family not in {None, owner["family"]}:
        yield field_error("family", "The variant product family must be the same than its parent")
    for code in (code for step in axes[: level + 1] for code in step):
        if not any(code in entity.values for entity in (*above, draft)):
            what = "cannot be empty, as it is defined as an axis for this entity"
            yield field_error("attribute", f'Attribute "{code}" {what}')
    if draft.kind == "product" and len(above) != level:
        message = (
            f'The variant product cannot have product model "{draft.parent}" as parent, '
            "(this product model can only have other product models as children)"
        )
        yield field_error("parent", message)
    for code in sorted(set(draft.values) - levels[level]):
        what = "to this entity as it is not in the attribute set"
        yield field_error("attribute", f'Cannot set the property "{code}" {what}')
    if draft.family is None:
        message = (
            f'The family cannot be "null" because your product with the {draft.code} identifier '
            "is a variant product."
        )
        yield field_error("family", message)


def _axes_taken(store: Store, draft: Entity, _found: Entity | None) -> Errors:
    """Find a sibling with the same values of the axes."""
    axes = store.catalog.axes(draft.family_variant)
    if draft.parent is None or not axes[level_of(store, draft)]:
        return
    codes = axes[level_of(store, draft)]
    mine = _combination(draft, codes)
    for other in store.children(draft.parent):
        if other.uuid != draft.uuid and _combination(other, codes).lower() == mine.lower():
            what = "variant product" if draft.kind == "product" else "product model"
            message = (
                f'Cannot set value "{mine}" for the attribute axis "{",".join(codes)}" on {what} '
                f'"{draft.code or draft.uuid}", as the {what} "{other.code or other.uuid}" already '
                "has this value"
            )
            yield field_error("attribute", message)
            return


def _combination(entity: Entity, axes: list[str]) -> str:
    return ",".join(_axis_text(entity.values.get(code, {}).get((None, None))) for code in axes)


def _axis_text(data: Json) -> str:
    if isinstance(data, str):
        return f"[{data}]"
    if isinstance(data, bool):
        return "1" if data else ""
    return f"{number_format(data['amount'], PLACES)} {data['unit']}" if data else ""
