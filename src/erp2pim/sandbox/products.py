"""How requests change products and product models."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from erp2pim.sandbox import associations
from erp2pim.sandbox.associations import scalars
from erp2pim.sandbox.payload import check_format, check_no_duplicates
from erp2pim.sandbox.php import (
    Json,
    Object,
    entries,
    is_array,
    is_blank,
    is_list,
    is_object,
    members,
    type_name,
)
from erp2pim.sandbox.refusal import (
    Crash,
    Malformed,
    Refusal,
    field_error,
    immutable,
    invalid,
    mismatch,
    missing_key,
    unknown_attribute,
    unknown_code,
    unknown_property,
    wrong_shape,
    wrong_type,
)
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.validation import changed_cells, level_of, validate
from erp2pim.sandbox.values import FILES, TYPES, Cell

Setter: TypeAlias = Callable[[Store, Entity, Json], None]

NO_IDENTIFIER: Final = (
    "Validation failed. The identifier field is required for this endpoint. If you want to "
    "manipulate products without identifiers, please use products-uuid endpoints."
)
NO_VARIANT_GROUP: Final = (
    'Property "variant_group" does not exist anymore. Check the link below to understand why.'
)
VARIANTS_PAGE: Final = "http://api.akeneo.com/documentation/products-with-variants.html"
SHARED_IGNORED: Final = frozenset({
    "identifier", "created", "updated", "metadata", "quality_scores", "parent_associations",
})  # fmt: skip


def patch_product(store: Store, identifier: str, data: Object) -> tuple[int, Entity]:
    """Create or update the product with an identifier; give the status and what is stored."""
    named = data.get("identifier", identifier)
    if named in (None, ""):
        raise Refusal(422, NO_IDENTIFIER, page="patch_products_uuid__uuid_")
    check_format(store.catalog, data)
    check_no_duplicates(data)
    found = store.product(identifier)
    if found is None and named != identifier:
        raise mismatch("identifier", named, identifier)
    converted = found is not None and found.parent is None and bool(data.get("parent"))
    if converted and store.model(data["parent"]) is None:
        raise Refusal(422, f'The given product model "{data["parent"]}" does not exist')
    if "variant_group" in data:
        raise Refusal(422, NO_VARIANT_GROUP, page=VARIANTS_PAGE)
    draft = found.draft() if found else Entity("product", None)
    stored = _update(store, draft, _identified(store, data, named), found)
    return (204 if found and not converted else 201), stored


def patch_product_uuid(store: Store, uuid: str, data: Object) -> tuple[int, Entity]:
    """Create or update the product with a uuid; its identifier is a value like others."""
    _check_without_identifier(store, data | {"uuid": data.get("uuid", uuid)})
    check_no_duplicates(data)
    uuid = uuid.lower()
    if data.get("uuid", uuid).lower() != uuid:
        raise mismatch("uuid", data["uuid"], uuid)
    if data.get("values", {}) is None:
        raise Crash
    found = store.products.get(uuid)
    draft = found.draft() if found else Entity("product", None, uuid=uuid)
    return (204 if found else 201), _update(store, draft, _by_uuid(data), found)


def patch_model(store: Store, code: str, data: Object) -> tuple[int, Entity]:
    """Create or update the product model with a code."""
    found = store.model(code)
    if found is None and data.get("code", code) != code:
        raise mismatch("code", data["code"], code)
    draft = found.draft() if found else Entity("product_model", code)
    return (204 if found else 201), _update(store, draft, {"code": code} | data, found)


def post_product(store: Store, data: Object) -> Entity:
    """Create a product; a taken identifier fails validation."""
    if data.get("identifier") in (None, ""):
        raise Refusal(422, NO_IDENTIFIER, page="post_products_uuid")
    check_format(store.catalog, data)
    check_no_duplicates(data)
    data = _identified(store, data, data["identifier"])
    return _update(store, Entity("product", None), data, None)


def post_product_uuid(store: Store, data: Object) -> Entity:
    """Create a product with the uuid that is given, or with a new one."""
    _check_without_identifier(store, data)
    draft = Entity("product", None)
    draft.uuid = (data.get("uuid") or draft.uuid).lower()
    if draft.uuid in store.products:
        message = f"The {draft.uuid} uuid is already used for another product."
        raise invalid([field_error("uuid", message)])
    check_no_duplicates(data)
    return _update(store, draft, _by_uuid(data), None)


def post_model(store: Store, data: Object) -> Entity:
    """Create a product model; a taken code fails validation."""
    return _update(store, Entity("product_model", None), data, None)


def link_file(store: Store, entity: Entity, target: Object, file: Object) -> None:
    """Keep an uploaded file and put it into the value that it is for; both or neither."""
    attribute = store.catalog.attribute(target["attribute"])
    if attribute is None:
        raise Refusal(422, str(unknown_attribute(target["attribute"])))
    draft = entity.draft()
    store.media[file["code"]] = file
    try:
        _set_cell(store, draft, attribute, target | {"data": file["code"]}, known=True)
        validate(store, draft, entity)
    except (Malformed, Refusal) as error:
        del store.media[file["code"]]
        raise error if isinstance(error, Refusal) else Refusal(422, str(error)) from error
    store.journal("media", file["code"], file)
    _save(store, draft, entity)


def _check_without_identifier(store: Store, data: Object) -> None:
    check_format(store.catalog, data)
    if data.get("identifier") is not None:
        raise unknown_property("identifier")


def _identified(store: Store, data: Object, identifier: Json) -> Object:
    """Put the identifier among the values, over what is there."""
    main = store.catalog.main_identifier
    values = {code: cells for code, cells in entries(data.get("values") or {}) if code != main}
    return data | {"values": values | {main: [{"locale": None, "scope": None, "data": identifier}]}}


def _by_uuid(data: Object) -> Object:
    """Name the associated products as the setter names those that are given by uuid."""
    given = data.get("associations")
    if not is_object(given):
        return data
    renamed = {
        code: {"product_uuids" if key == "products" else key: one for key, one in lists.items()}
        if is_object(lists)
        else lists
        for code, lists in given.items()
    }
    return data | {"associations": renamed}


def _update(store: Store, draft: Entity, data: Object, found: Entity | None) -> Entity:
    """Set the properties in the order of the PIM, validate, and save what changed."""
    is_product = draft.kind == "product"
    setters, ignored = (SETTERS, IGNORED) if is_product else (MODEL_SETTERS, IGNORED_IN_MODELS)
    if is_product and found is not None:
        if found.parent and "parent" in data and data["parent"] is None:
            _leave_parent(store, draft)
        _check_attributes(store, data.get("values"))
    comes_first = "parent" in data and (data["parent"] is not None or not is_product)
    first = {"parent": data["parent"]} if comes_first else {}
    for name, value in (first | data).items():
        if name == "values":
            _set_values(store, draft, value, known=is_product and found is not None)
        elif name in setters:
            setters[name](store, draft, value)
        elif name not in ignored:
            raise unknown_property(name)
    if is_product:
        draft.code = draft.values.get(store.catalog.main_identifier, {}).get((None, None))
    elif "family" in data:
        _check_model_family(draft, data["family"])
    validate(store, draft, found)
    return _save(store, draft, found)


def _save(store: Store, draft: Entity, found: Entity | None) -> Entity:
    """Save a draft unless it says what is stored already, be it in another form."""
    for code, cell, data in list(changed_cells(draft, found)):
        attribute, key = store.catalog.attribute(code), _own_spelling(store, cell)
        before = found.values.get(code, {}).get(key) if found else None
        del draft.values[code][cell]
        unchanged = before is not None and (
            attribute is not None and _shown(store, attribute, data, before)
        )
        draft.values[code][key] = before if unchanged else data
    if found is None or draft != found:
        store.save(draft, found)
        associations.mirror(store, draft, found)
    return draft


def _shown(store: Store, attribute: Object, data: Json, before: Json) -> bool:
    """Say whether two data of an attribute are shown as the same."""
    show = TYPES[attribute["type"]].show
    return bool(show(attribute, data, store.catalog) == show(attribute, before, store.catalog))


def _check_attributes(store: Store, values: Json) -> None:
    for code, _ in entries(values or {}):
        if store.catalog.attribute(code) is None:
            raise unknown_attribute(code)


def _set_values(store: Store, draft: Entity, values: Json, *, known: bool) -> None:
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
                _set_cell(store, draft, attribute, cell, known=known)


def _cells(code: str, cells: Json) -> list[Object]:
    if not is_array(cells):
        raise wrong_type(code, "an array", cells)
    for cell in members(cells):
        if not is_array(cell):
            raise wrong_shape(code, "one of the values is not an array")
        for key in ("locale", "scope", "data"):
            if not is_object(cell) or key not in cell:
                raise missing_key(code, key)
    return members(cells)


def _set_cell(store: Store, draft: Entity, attribute: Object, cell: Object, *, known: bool) -> None:
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
        cells.pop(_own_spelling(store, key), None)
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


def _own_spelling(store: Store, cell: Cell) -> Cell:
    """Give a cell with the locale and channel in their own case."""
    locale, scope = cell
    channel = store.catalog.channels.get(scope)
    in_use = store.catalog.locales_in_use
    return in_use.get(locale.lower(), locale) if locale else None, channel[
        "code"
    ] if channel else scope


def _leave_parent(store: Store, draft: Entity) -> None:
    """Turn a variant into a simple product that keeps what it had from its parents."""
    for model in reversed(store.ancestors(draft)):
        inherited = {code: dict(cells) for code, cells in model.values.items()}
        draft.values = inherited | draft.values
        draft.categories = sorted({*draft.categories, *model.categories})
        for code, lists in model.associations.items():
            own = draft.associations.setdefault(code, {})
            for name, links in lists.items():
                own[name] = list(dict.fromkeys([*links, *own.get(name, [])]))
    draft.parent = draft.family_variant = None


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
    _scalar("code", value)
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


def _check_model_family(draft: Entity, value: Json) -> None:
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
