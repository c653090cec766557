"""How requests change products and product models."""

from typing import Final

from erp2pim.sandbox import associations
from erp2pim.sandbox.cells import own_spelling, set_cell, set_values
from erp2pim.sandbox.payload import check_format, check_no_duplicates
from erp2pim.sandbox.php import Json, Object, entries, is_object
from erp2pim.sandbox.properties import (
    IGNORED,
    IGNORED_IN_MODELS,
    MODEL_SETTERS,
    SETTERS,
    check_model_family,
)
from erp2pim.sandbox.refusal import (
    Crash,
    Malformed,
    Refusal,
    field_error,
    invalid,
    mismatch,
    unknown_attribute,
    unknown_property,
)
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.validation import changed_cells, validate
from erp2pim.sandbox.values import TYPES

NO_IDENTIFIER: Final = (
    "Validation failed. The identifier field is required for this endpoint. If you want to "
    "manipulate products without identifiers, please use products-uuid endpoints."
)
NO_VARIANT_GROUP: Final = (
    'Property "variant_group" does not exist anymore. Check the link below to understand why.'
)
VARIANTS_PAGE: Final = "http://api.akeneo.com/documentation/products-with-variants.html"


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
    _check_code(data.get("code", code))
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
    _check_code(data.get("code") or "")
    return _update(store, Entity("product_model", None), data, None)


def link_file(store: Store, entity: Entity, target: Object, file: Object) -> None:
    """Keep an uploaded file and put it into the value that it is for; both or neither."""
    attribute = store.catalog.attribute(target["attribute"])
    if attribute is None:
        raise Refusal(422, str(unknown_attribute(target["attribute"])))
    draft = entity.draft()
    store.media[file["code"]] = file
    try:
        set_cell(store, draft, attribute, target | {"data": file["code"]}, known=True)
        validate(store, draft, entity)
    except (Malformed, Refusal) as error:
        del store.media[file["code"]]
        raise error if isinstance(error, Refusal) else Refusal(422, str(error)) from error
    store.journal("media", file["code"], file)
    _save(store, draft, entity)


def _check_code(code: Json) -> None:
    if not isinstance(code, str):
        raise Malformed("The code field requires a string.")


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
            set_values(store, draft, value, known=is_product and found is not None)
        elif name in setters:
            setters[name](store, draft, value)
        elif name not in ignored:
            raise unknown_property(name)
    if is_product:
        draft.code = draft.values.get(store.catalog.main_identifier, {}).get((None, None))
    elif "family" in data:
        check_model_family(draft, data["family"])
    validate(store, draft, found)
    return _save(store, draft, found)


def _save(store: Store, draft: Entity, found: Entity | None) -> Entity:
    """Save a draft unless it says what is stored already, be it in another form."""
    for code, cell, data in list(changed_cells(draft, found)):
        attribute, key = store.catalog.attribute(code), own_spelling(store, cell)
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
