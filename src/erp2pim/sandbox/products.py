"""How a PATCH changes a product or a product model."""

from collections.abc import Callable, Mapping
from typing import Final

from erp2pim.sandbox.payload import check_format, check_no_duplicates, is_uuid, members
from erp2pim.sandbox.refusal import (
    Crash,
    Json,
    Malformed,
    Object,
    Refusal,
    field_error,
    immutable,
    invalid,
    php_type,
    unknown_code,
    unknown_property,
    wrong_shape,
    wrong_type,
)
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.validation import FILES, changed_cells, level_of, validate
from erp2pim.sandbox.values import TYPES, Cell

Setter = Callable[[Store, Entity, Json], None]

IGNORED: Final = frozenset({
    "identifier", "uuid", "created", "updated", "metadata", "quality_scores", "completenesses",
    "parent_associations",
})  # fmt: skip
IGNORED_IN_MODELS: Final = IGNORED - {"uuid", "completenesses"} | {"family", "parent"}
NO_IDENTIFIER: Final = (
    "Validation failed. The identifier field is required for this endpoint. If you want to "
    "manipulate products without identifiers, please use products-uuid endpoints."
)
TWO_WAY_HELP: Final = (
    "https://help.akeneo.com/pim/serenity/articles/manage-your-association-types.html"
    "#create-a-2-way-association-type"
)


def patch_product(store: Store, identifier: str, data: Object) -> tuple[int, Entity]:
    """Create or update the product with an identifier; give the status and what is stored."""
    named = data.get("identifier", identifier)
    if named in (None, ""):
        raise Refusal(422, NO_IDENTIFIER, page="patch_products_uuid__uuid_")
    check_format(store.catalog, data)
    check_no_duplicates(data)
    found = store.product(identifier)
    if found is None and named != identifier:
        raise Refusal(422, mismatch("identifier", named, identifier))
    converted = found is not None and found.parent is None and bool(data.get("parent"))
    if converted and store.model(data["parent"]) is None:
        raise Refusal(422, f'The given product model "{data["parent"]}" does not exist')
    draft = found.draft() if found else Entity("product", None)
    stored = _update(store, draft, _identified(store, data, named), found)
    return (204 if found and not converted else 201), stored


def patch_product_uuid(store: Store, uuid: str, data: Object) -> tuple[int, Entity]:
    """Create or update the product with a uuid; its identifier is a value like others."""
    check_format(store.catalog, data | {"uuid": data.get("uuid", uuid)})
    if data.get("identifier") is not None:
        raise unknown_property("identifier")
    check_no_duplicates(data)
    uuid = uuid.lower()
    found = store.products.get(uuid)
    if data.get("uuid", uuid).lower() != uuid:
        raise Refusal(422, mismatch("uuid", data["uuid"], uuid))
    if data.get("values", {}) is None:
        raise Crash
    draft = found.draft() if found else Entity("product", None, uuid=uuid)
    stored = _update(store, draft, _by_uuid(data), found)
    return (204 if found else 201), stored


def patch_model(store: Store, code: str, data: Object) -> tuple[int, Entity]:
    """Create or update the product model with a code."""
    found = store.model(code)
    if found is None and data.get("code", code) != code:
        raise Refusal(422, mismatch("code", data["code"], code))
    draft = found.draft() if found else Entity("product_model", code)
    stored = _update(store, draft, {"code": code} | data, found)
    return (204 if found else 201), stored


def post_product(store: Store, data: Object) -> Entity:
    """Create a product; one with a taken identifier fails validation."""
    identifier = data.get("identifier")
    if identifier in (None, ""):
        raise Refusal(422, NO_IDENTIFIER, page="post_products_uuid")
    check_format(store.catalog, data)
    check_no_duplicates(data)
    return _update(store, Entity("product", None), _identified(store, data, identifier), None)


def post_product_uuid(store: Store, data: Object) -> Entity:
    """Create a product with the uuid that is given, or with a new one."""
    check_format(store.catalog, data)
    if data.get("identifier") is not None:
        raise unknown_property("identifier")
    draft = Entity("product", None)
    if data.get("uuid"):
        draft.uuid = data["uuid"].lower()
    if draft.uuid in store.products:
        message = f"The {draft.uuid} uuid is already used for another product."
        raise invalid([field_error("uuid", message)])
    check_no_duplicates(data)
    return _update(store, draft, _by_uuid(data), None)


def post_model(store: Store, data: Object) -> Entity:
    return _update(store, Entity("product_model", None), data, None)


def link_file(store: Store, entity: Entity, target: Object, file: Object) -> None:
    """Keep an uploaded file and put it into a value, at once; on refusal neither is done."""
    code = target["attribute"]
    attribute = store.catalog.attribute(code)
    if attribute is None:
        raise Refusal(422, f"The {code} attribute does not exist in your PIM.")
    store.media[file["code"]] = file
    draft = entity.draft()
    cell = {"locale": target["locale"], "scope": target["scope"], "data": file["code"]}
    try:
        _set_cell(store, draft, attribute, cell, known=True)
        validate(store, draft, entity)
    except Malformed as error:
        del store.media[file["code"]]
        raise Refusal(422, str(error)) from error
    except Refusal:
        del store.media[file["code"]]
        raise
    _save(store, draft, entity)


def _identified(store: Store, data: Object, identifier: Json) -> Object:
    """Put the identifier among the values, over what is there."""
    main = store.catalog.main_identifier
    values = {code: cells for code, cells in dict(data.get("values") or {}).items() if code != main}
    values[main] = [{"locale": None, "scope": None, "data": identifier}]
    return data | {"values": values}


def mismatch(key: str, named: Json, address: str) -> str:
    """Say that a body names another resource than the address."""
    return (
        f'The {key} "{named}" provided in the request body must match '
        f'the {key} "{address}" provided in the url.'
    )


def _by_uuid(data: Object) -> Object:
    """Name the associated products as the setter knows them when they are given by uuid."""
    associations = data.get("associations")
    if not isinstance(associations, dict):
        return data
    renamed = {
        code: {"product_uuids" if key == "products" else key: value for key, value in lists.items()}
        if isinstance(lists, dict)
        else lists
        for code, lists in associations.items()
    }
    return data | {"associations": renamed}


def _update(store: Store, draft: Entity, data: Object, found: Entity | None) -> Entity:
    """Set the properties in the order of the PIM, validate, and save what changed."""
    is_product = draft.kind == "product"
    setters, ignored = (SETTERS, IGNORED) if is_product else (MODEL_SETTERS, IGNORED_IN_MODELS)
    if is_product and found is not None:
        if found.parent and "parent" in data and data["parent"] is None:
            _leave_parent(store, draft)
        _check_attributes_exist(store, data.get("values"))
    first = {"parent": data["parent"]} if "parent" in data and data["parent"] is not None else {}
    if not is_product and "parent" in data:
        first = {"parent": data["parent"]}
    for name, value in (first | data).items():
        if name == "values":
            _set_values(store, draft, value, found)
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


def _check_attributes_exist(store: Store, values: Json) -> None:
    for code in values if isinstance(values, dict) else ():
        if store.catalog.attribute(code) is None:
            raise Malformed(f"The {code} attribute does not exist in your PIM.")


def _save(store: Store, draft: Entity, found: Entity | None) -> Entity:
    """Save a draft unless it says the same as what is stored, be it in another form."""
    for code, cell, data in list(changed_cells(draft, found)):
        attribute = store.catalog.attributes.get(code) or {}
        show, key = TYPES[attribute["type"]].show, _own_spelling(store, cell)
        before = found.values.get(code, {}).get(key) if found else None
        del draft.values[code][cell]
        same = before is not None and (
            show(attribute, data, store.catalog) == show(attribute, before, store.catalog)
        )
        draft.values[code][key] = before if same else data
    if found is None or draft != found:
        store.save(draft, found)
        _mirror(store, draft, found)
    return draft


def _set_values(store: Store, draft: Entity, values: Json, found: Entity | None) -> None:
    if php_type(values) != "array":
        raise wrong_type("values", "an array", values)
    catalog, is_variant = store.catalog, draft.parent or draft.kind == "product_model"
    levels = catalog.levels(draft.family_variant or "")
    level = levels[level_of(store, draft)] if is_variant and levels else None
    for code, cells in values.items() if isinstance(values, dict) else ():
        attribute = catalog.attribute(code)
        if attribute is None and is_variant:
            raise unknown_property(code)
        if attribute is None:
            raise Malformed(f"The {code} attribute does not exist in your PIM.")
        if level is None or code in level:
            for cell in _checked_cells(code, cells):
                known = found is not None and draft.kind == "product"
                _set_cell(store, draft, attribute, cell, known=known)


def _checked_cells(code: str, cells: Json) -> list[Object]:
    if cells is None:
        return []
    if php_type(cells) != "array":
        raise wrong_type(code, "an array", cells)
    for cell in members(cells):
        if not isinstance(cell, dict):
            raise wrong_shape(code, "one of the values is not an array")
        for key in ("locale", "scope", "data"):
            if key not in cell:
                raise Malformed(f'Property "{code}" expects an array with the key "{key}".')
    return members(cells)


def _set_cell(store: Store, draft: Entity, attribute: Object, cell: Object, *, known: bool) -> None:
    """Set or clear one cell; what is set comes last among the values."""
    code, kind, key = attribute["code"], attribute["type"], (cell["locale"], cell["scope"])
    data = cell["data"] if kind in FILES else _filled(kind, cell["data"], known=known)
    if kind in FILES and data is not None:
        _check_file(store, code, data)
    cells = draft.values.pop(code, {})
    if data is not None:
        _check_place(attribute, *key)
        cells[key] = TYPES[kind].accept(attribute, data)
    else:
        cells.pop(_own_spelling(store, key), None)
    if cells:
        draft.values[code] = cells


def _check_file(store: Store, code: str, data: Json) -> None:
    if not isinstance(data, str):
        raise wrong_type(code, "a string", data)
    if data not in store.media:
        raise Malformed(f'Property "{code}" expects a valid pathname as data, "{data}" given.')


def _own_spelling(store: Store, cell: Cell) -> Cell:
    """Give a cell with the locale and channel in their own case."""
    locale, scope = cell
    channel = store.catalog.channels.get(scope)
    in_use = store.catalog.locales_in_use
    return in_use.get(locale.lower(), locale) if locale else None, (channel or {"code": scope})[
        "code"
    ]


def _filled(kind: str, data: Json, *, known: bool) -> Json:
    """Give the data, or None when it counts as empty.

    A measurement of an existing entity without an amount counts as empty whatever it is
    (Akeneo's `MetricComparator`; recorded: `5` and a list clear the value).
    """
    if kind == "pim_catalog_metric":
        amount = data.get("amount") if isinstance(data, dict) else None
        named = isinstance(data, dict) and "amount" in data
        return data if amount is not None or (data and not known and not named) else None
    if kind == "pim_catalog_price_collection" and isinstance(data, list):
        data = [p for p in data if not isinstance(p, dict) or p.get("amount", 0) is not None]
    blank = isinstance(data, str) and not data.strip(" \t\n\r\0\x0b")
    return None if blank or data in (None, [], {}) else data


def _check_place(attribute: Object, locale: str | None, scope: str | None) -> None:
    """Refuse a locale or channel that the attribute does not want, or lacks."""
    wanted = (bool(attribute["localizable"]), bool(attribute["scopable"]))
    if wanted == (locale is not None, scope is not None):
        return
    seen = f"({scope or 'nothing'} was detected)", f"({locale or 'nothing'} was detected)"
    needs = {
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
    }
    raise Malformed(f"The {attribute['code']} attribute {needs[wanted].format(*seen)}")


def _leave_parent(store: Store, draft: Entity) -> None:
    """Turn a variant into a simple product that keeps what it had from its parents."""
    for ancestor in store.ancestors(draft):
        draft.values = {**{c: dict(v) for c, v in ancestor.values.items()}, **draft.values}
        draft.categories = sorted({*draft.categories, *ancestor.categories})
        for code, lists in ancestor.associations.items():
            own = draft.associations.setdefault(code, {})
            for name, links in lists.items():
                own[name] = list(dict.fromkeys([*links, *own.get(name, [])]))
    draft.parent = draft.family_variant = None


def _scalar(name: str, value: Json) -> None:
    if php_type(value) == "array":
        raise wrong_type(name, "a scalar", value)


def _scalars(name: str, value: Json) -> list[Json]:
    if php_type(value) != "array":
        raise wrong_type(name, "an array", value)
    if any(php_type(item) == "array" for item in members(value)):
        raise wrong_shape(name, f"one of the {name} is not a scalar")
    return members(value)


def _check_code(name: str, noun: str, code: Json) -> None:
    if not isinstance(code, str):
        kind = php_type(code)
        raise wrong_shape(name, f'one of the {noun} codes is not a string, "{kind}" given')


def _set_enabled(_store: Store, draft: Entity, value: Json) -> None:
    _scalar("enabled", value)
    known = {"boolean": bool(value), "integer": value == 1, "string": value == "1"}
    if php_type(value) not in known or str(value) not in {"True", "False", "0", "1"}:
        raise wrong_type("enabled", "a boolean", value)
    draft.enabled = known[php_type(value)]


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
        raise unknown_code(
            "parent", "parent code", "The parent product model does not exist", value
        )
    if draft.parent and draft.family_variant != model.family_variant:
        raise Malformed(
            f'New parent "{model.code}" of variant product "{draft.code}" must have the same '
            f'family variant "{draft.family_variant}" than the previous parent'
        )
    if draft.parent is None:
        last = store.catalog.levels(model.family_variant or "")[-1]
        draft.values = {code: cells for code, cells in draft.values.items() if code in last}
    draft.parent, draft.family_variant = model.code, model.family_variant
    draft.family = draft.family or model.family


def _set_categories(store: Store, draft: Entity, value: Json) -> None:
    codes: set[str] = set()
    for code in _scalars("categories", value):
        _check_code("categories", "category", code)
        category = store.catalog.categories.get(code)
        if category is None:
            raise Malformed(f"The {code} category does not exist in your PIM.")
        codes.add(category["code"])
    draft.categories = sorted(codes)


def _set_groups(_store: Store, _draft: Entity, value: Json) -> None:
    for code in _scalars("groups", value):
        _check_code("groups", "group", code)
        raise unknown_code("groups", "group code", "The group does not exist", code)


def _set_associations(store: Store, draft: Entity, value: Json) -> None:
    if php_type(value) != "array":
        raise wrong_type("associations", "an array", value)
    types: Mapping[str, Json] = value if isinstance(value, dict) else dict(enumerate(value))
    for lists in types.values():
        if php_type(lists) != "array":
            raise wrong_type("associations", "an array", lists)
        for links in members(lists):
            _scalars("associations", links)
    for code, lists in types.items():
        _check_lists(code, lists)
    for code, lists in types.items():
        kind = store.catalog.association_types.get(code)
        if kind is None or kind["is_quantified"]:
            reason = "The association type does not exist or is quantified"
            raise unknown_code("associations", "association type code", reason, code)
        own = draft.associations.setdefault(kind["code"], {})
        for name, links in lists.items():
            if links is not None and name in _FINDERS:
                found = [_FINDERS[name](store, link) for link in dict.fromkeys(links)]
                own["products" if name == "product_uuids" else name] = found
                if kind["is_two_way"] and (draft.uuid in found or draft.code in found):
                    raise Refusal(422, _TWO_WAY_SELF, page=TWO_WAY_HELP)


_TWO_WAY_SELF: Final = (
    "A 2-way association only allows two different products or product models to be associated"
)


def _check_lists(code: str, lists: Json) -> None:
    wrong = f'association format is not valid for the association type "{code}"'
    given = {name: links for name, links in lists.items() if links is not None} if lists else {}
    if not set(given) & set(_FINDERS):
        raise wrong_shape("associations", f"{wrong}.")
    if {"products", "product_uuids"} <= set(given):
        reason = f'{wrong}, only one of "products" or "product_uuids" is expected'
        raise wrong_shape("associations", reason)
    for name, links in given.items():
        if any(not isinstance(link, str) for link in links):
            raise wrong_shape("associations", f"{wrong}.")
        if name == "product_uuids" and not all(is_uuid(link) for link in links):
            reason = f'{wrong}, "product_uuids" expects an array of valid uuids.'
            raise wrong_shape("associations", reason)


def _product_by_identifier(store: Store, identifier: str) -> str:
    product = store.product(identifier)
    if product is None:
        raise Malformed(
            "The “associations” property expects a valid product identifier. "
            f"The {identifier} product does not exist or your connection does not have "
            "permission to access it."
        )
    return product.uuid


def _product_by_uuid(store: Store, uuid: str) -> str:
    if uuid.lower() not in store.products:
        raise unknown_code("associations", "product uuid", "The product does not exist", uuid)
    return uuid.lower()


def _model_by_code(store: Store, code: str) -> str:
    model = store.model(code)
    if model is None or model.code is None:
        reason = "The product model does not exist"
        raise unknown_code("associations", "product model identifier", reason, code)
    return model.code


def _no_group(_store: Store, code: str) -> str:
    raise unknown_code("associations", "group code", "The group does not exist", code)


_FINDERS: Final[Mapping[str, Callable[[Store, str], str]]] = {
    "product_uuids": _product_by_uuid,
    "products": _product_by_identifier,
    "product_models": _model_by_code,
    "groups": _no_group,
}


def _mirror(store: Store, draft: Entity, found: Entity | None) -> None:
    """Keep the other side of two-way associations in step."""
    for kind in store.catalog.association_types:
        if not kind["is_two_way"]:
            continue
        mine = "products" if draft.kind == "product" else "product_models"
        me = draft.uuid if draft.kind == "product" else draft.code
        after = draft.associations.get(kind["code"], {})
        before = found.associations.get(kind["code"], {}) if found else {}
        for name, find in (("products", store.products.get), ("product_models", store.model)):
            for other in {*after.get(name, []), *before.get(name, [])}:
                entity = find(other)
                if entity is not None:
                    lists = entity.associations.setdefault(kind["code"], {})
                    rest = [link for link in lists.get(mine, []) if link != me]
                    lists[mine] = [*rest, me] if other in after.get(name, []) else rest


def _set_quantified(store: Store, draft: Entity, value: Json) -> None:
    name = "quantified_associations"
    if php_type(value) != "array":
        raise wrong_type(name, "an array", value)
    for code, lists in value.items() if isinstance(value, dict) else enumerate(value):
        if php_type(lists) != "array":
            raise wrong_shape(name, f'"{code}" should contain an array')
        if not isinstance(lists, dict) and lists:
            raise wrong_shape(name, f'entity type in "{code}" should be a string')
        kind = store.catalog.association_types.get(code)
        own = draft.quantified.setdefault(kind["code"] if kind else code, {})
        for which, links in dict(lists).items():
            if not isinstance(links, list):
                raise wrong_shape(name, f'"{code}[{which}]" should contain an array')
            own[which] = [_link(store, link, which) for link in links]


def _link(store: Store, link: Json, which: str) -> Object:
    """Check one link with a quantity; a product is kept by its uuid where it exists."""
    one, keys = "a quantified association should contain", link if isinstance(link, dict) else {}
    quantity, identifier, uuid = keys.get("quantity"), keys.get("identifier"), keys.get("uuid")
    faults = (
        (quantity is None, 'the key "quantity"'),
        (identifier is None and uuid is None, 'one of these keys: "identifier" or "uuid"'),
        (not isinstance(identifier, str | None), "a valid identifier"),
        (uuid is not None and not is_uuid(uuid), "a valid uuid"),
        (php_type(quantity) != "integer", "a valid quantity"),
    )
    for wrong, what in faults:
        if wrong:
            raise wrong_shape("quantified_associations", f"{one} {what}")
    product = store.product(identifier) if which == "products" else None
    kept = (
        {"uuid": product.uuid}
        if product
        else {k: keys[k] for k in ("identifier", "uuid") if k in keys}
    )
    return kept | {"quantity": quantity}


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
    if draft.created and current is not None and str(value).lower() != current.lower():
        raise immutable("family_variant", value)
    if current is not None and value != current and not draft.created:
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
    """A model's family follows from its variant; what is sent must be the same."""
    if draft.created and value != draft.family:
        raise immutable("family", value if php_type(value) != "array" else "array")
    if value in (None, ""):
        raise Malformed('Property "family" does not expect an empty value.')
    if not isinstance(value, str):
        raise wrong_type("family", "a string", value)
    if draft.family_variant is not None and value != draft.family:
        raise Malformed(
            f'The family "{value}" does not match the family of the variant '
            f'"{draft.family_variant}".'
        )


def _set_model_parent(store: Store, draft: Entity, value: Json) -> None:
    if value is None and draft.parent is not None:
        raise immutable("parent", None)
    if not value:
        return
    if draft.created and draft.parent is None:
        raise immutable("parent", value)
    parent = store.model(value)
    reason = (
        "The product model does not exist"
        if parent is None
        else "The new parent of the product model must be a root product model"
        if parent.parent
        else "The new parent of the product model must be of the same family variant"
        if draft.family_variant not in (None, parent.family_variant)
        else ""
    )
    if parent is None or reason:
        raise unknown_code("parent", "parent code", reason, value)
    draft.parent = parent.code
    draft.family_variant, draft.family = parent.family_variant, parent.family


_SHARED: Final[Mapping[str, Setter]] = {
    "categories": _set_categories,
    "associations": _set_associations,
    "quantified_associations": _set_quantified,
}
SETTERS: Final[Mapping[str, Setter]] = {
    **_SHARED,
    "enabled": _set_enabled,
    "family": _set_family,
    "parent": _set_parent,
    "groups": _set_groups,
}
MODEL_SETTERS: Final[Mapping[str, Setter]] = {
    **_SHARED,
    "code": _set_code,
    "family_variant": _set_family_variant,
    "parent": _set_model_parent,
}
