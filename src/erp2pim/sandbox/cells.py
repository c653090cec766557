"""How requests set the values of products and product models, cell by cell."""

from erp2pim.sandbox.php import (
    Json,
    Object,
    entries,
    is_array,
    is_blank,
    is_list,
    is_object,
    members,
)
from erp2pim.sandbox.refusal import (
    Malformed,
    missing_key,
    unknown_attribute,
    unknown_property,
    wrong_shape,
    wrong_type,
)
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.validation import level_of
from erp2pim.sandbox.values import FILES, TYPES, Cell


def set_values(store: Store, draft: Entity, values: Json, *, known: bool) -> None:
    """Set the cells that belong to the entity's level; others are dropped without a word."""
    if not is_array(values):
        raise wrong_type("values", "an array", values)
    catalog, is_variant = store.catalog, draft.parent or draft.kind == "product_model"
    levels = catalog.levels(draft.family_variant)
    level = levels[level_of(store, draft)] if is_variant and levels else None
    for code, cells in entries(values):
        attribute = catalog.attribute(code)
        if attribute is None:
            raise unknown_property(code) if is_variant else unknown_attribute(code)
        if (level is None or code in level) and not (known and cells is None):
            for cell in _cells(code, cells):
                set_cell(store, draft, attribute, cell, known=known)


def _cells(code: str, cells: Json) -> list[Object]:
    if not is_array(cells):
        raise wrong_type(code, "an array", cells)
    for cell in members(cells):
        if not is_array(cell):
            raise wrong_shape(code, "one of the values is not an array")
        keys: Object = cell if is_object(cell) else {}
        for key in ("locale", "scope", "data"):
            if key not in keys:
                raise missing_key(code, key)
    return members(cells)


def set_cell(store: Store, draft: Entity, attribute: Object, cell: Object, *, known: bool) -> None:
    """Set or clear one cell; what is set comes last among the values.

    `known` says that the entity is a product that exists: its values go through the comparators.
    """
    code, kind, key = attribute["code"], attribute["type"], (cell["locale"], cell["scope"])
    data = cell["data"] if kind in FILES else _filled(kind, cell["data"], known=known)
    if kind in FILES and data is not None:
        _check_file(store, code, data)
    cells = draft.values.pop(code, {})
    if data is not None:
        _check_place(attribute, key)
        cells[key] = TYPES[kind].accept(attribute, data)
    else:
        cells.pop(own_spelling(store, key), None)
    if cells:
        draft.values[code] = cells


def _filled(kind: str, data: Json, *, known: bool) -> Json:
    """Give the data, or None when it counts as empty.

    A measurement of a known product is empty when it has no amount, whatever it is (Akeneo's
    `MetricComparator`; recorded: `5` and a list clear the value).
    """
    if kind == "pim_catalog_metric":
        keys: Object = data if is_object(data) else {}
        if keys.get("amount") is None and (known or "amount" in keys):
            return None
    if kind == "pim_catalog_price_collection" and is_list(data):
        data = [one for one in data if not is_object(one) or one.get("amount", 0) is not None]
    return None if data in (None, [], {}) or is_blank(data) else data


def _check_file(store: Store, code: str, data: Json) -> None:
    if not isinstance(data, str):
        raise wrong_type(code, "a string", data)
    if data not in store.media:
        raise Malformed(f'Property "{code}" expects a valid pathname as data, "{data}" given.')


def _check_place(attribute: Object, cell: Cell) -> None:
    """Refuse a locale or channel that the attribute does not want, or lacks."""
    locale, scope = cell
    wanted = bool(attribute["localizable"]), bool(attribute["scopable"])
    if wanted == (locale is not None, scope is not None):
        return
    seen = f"({scope or 'nothing'} was detected)", f"({locale or 'nothing'} was detected)"
    need = {
        (False, False): "requires neither a channel {} nor a locale {}.",
        (
            True,
            False,
        ): "does not require a value per channel {} but requires a value per locale {}.",
        (
            False,
            True,
        ): "requires a value per channel {} but does not require a value per locale {}.",
        (True, True): "requires a value per channel {} and a locale {}.",
    }[wanted]
    raise Malformed(f"The {attribute['code']} attribute {need.format(*seen)}")


def own_spelling(store: Store, cell: Cell) -> Cell:
    """Give a cell with the locale and channel in their own case."""
    locale, scope = cell
    channel = store.catalog.channels.get(scope)
    in_use = store.catalog.locales_in_use
    return in_use.get(locale.lower(), locale) if locale else None, channel[
        "code"
    ] if channel else scope
