"""Links between products and models: plain, two-way, and with a quantity."""

from collections.abc import Callable, Mapping
from typing import Final

from erp2pim.sandbox.payload import is_uuid
from erp2pim.sandbox.php import Json, Object, entries, is_array, is_list, is_object, members
from erp2pim.sandbox.refusal import Malformed, Refusal, unknown_code, wrong_shape, wrong_type
from erp2pim.sandbox.store import Entity, Store

PLAIN: Final = "associations"
QUANTIFIED: Final = "quantified_associations"
TWO_WAY_HELP: Final = (
    "https://help.akeneo.com/pim/serenity/articles/manage-your-association-types.html"
    "#create-a-2-way-association-type"
)
TWO_WAY_SELF: Final = (
    "A 2-way association only allows two different products or product models to be associated"
)


def scalars(name: str, value: Json) -> list[Json]:
    """Give the members of an array of scalars; refuse anything else."""
    if not is_array(value):
        raise wrong_type(name, "an array", value)
    if any(is_array(member) for member in members(value)):
        raise wrong_shape(name, f"one of the {name} is not a scalar")
    return members(value)


def set_plain(store: Store, draft: Entity, value: Json) -> None:
    """Set the links that are given; each list replaces the one that is there."""
    if not is_array(value):
        raise wrong_type(PLAIN, "an array", value)
    for lists in members(value):
        if not is_array(lists):
            raise wrong_type(PLAIN, "an array", lists)
        for links in members(lists):
            scalars(PLAIN, links)
    for code, lists in entries(value):
        _check_lists(code, dict(entries(lists)))
    for code, lists in entries(value):
        kind = store.catalog.association_types.get(code)
        if kind is None or kind["is_quantified"]:
            reason = "The association type does not exist or is quantified"
            raise unknown_code(PLAIN, "association type code", reason, code)
        _set_lists(store, draft, kind, dict(entries(lists)))


def set_quantified(store: Store, draft: Entity, value: Json) -> None:
    """Set the links with a quantity that are given; each list replaces the one that is there."""
    if not is_array(value):
        raise wrong_type(QUANTIFIED, "an array", value)
    for code, lists in entries(value):
        if not is_array(lists):
            raise wrong_shape(QUANTIFIED, f'"{code}" should contain an array')
        if is_list(lists) and lists:
            raise wrong_shape(QUANTIFIED, f'entity type in "{code}" should be a string')
        kind = store.catalog.association_types.get(code)
        own = draft.quantified.setdefault(kind["code"] if kind else code, {})
        for name, links in entries(lists):
            if not is_array(links):
                raise wrong_shape(QUANTIFIED, f'"{code}[{name}]" should contain an array')
            own[name] = [_link(store, name, link) for link in members(links)]


def mirror(store: Store, draft: Entity, found: Entity | None) -> None:
    """Keep the other side of two-way associations in step with a saved entity."""
    mine = "products" if draft.kind == "product" else "product_models"
    me = draft.uuid if draft.kind == "product" else draft.code
    finders: Mapping[str, Callable[[str], Entity | None]] = {
        "products": store.products.get,
        "product_models": store.model,
    }
    for kind in store.catalog.association_types:
        code = kind["code"]
        after = draft.associations.get(code, {})
        before = found.associations.get(code, {}) if found else {}
        for name, find in finders.items() if kind["is_two_way"] else ():
            for link in {*after.get(name, ()), *before.get(name, ())}:
                other = find(link)
                if other is not None:
                    lists = other.associations.setdefault(code, {})
                    rest = [one for one in lists.get(mine, []) if one != me]
                    lists[mine] = [*rest, me] if link in after.get(name, ()) else rest
                    store.journal(other.kind, other.uuid, other)


def _check_lists(code: str, lists: Object) -> None:
    wrong = f'association format is not valid for the association type "{code}"'
    given = {name: members(links) for name, links in lists.items() if links is not None}
    if not set(given) & set(FINDERS):
        raise wrong_shape(PLAIN, f"{wrong}.")
    if {"products", "product_uuids"} <= set(given):
        raise wrong_shape(PLAIN, f'{wrong}, only one of "products" or "product_uuids" is expected')
    for name, links in given.items():
        if not all(isinstance(link, str) for link in links):
            raise wrong_shape(PLAIN, f"{wrong}.")
        if name == "product_uuids" and not all(is_uuid(link) for link in links):
            raise wrong_shape(PLAIN, f'{wrong}, "product_uuids" expects an array of valid uuids.')


def _set_lists(store: Store, draft: Entity, kind: Object, lists: Object) -> None:
    own = draft.associations.setdefault(kind["code"], {})
    for name, find in FINDERS.items():
        if lists.get(name) is not None:
            links = [find(store, link) for link in dict.fromkeys(members(lists[name]))]
            own["products" if name == "product_uuids" else name] = links
            if kind["is_two_way"] and (draft.uuid in links or draft.code in links):
                raise Refusal(422, TWO_WAY_SELF, page=TWO_WAY_HELP)


def _by_uuid(store: Store, uuid: str) -> Json:
    if uuid.lower() not in store.products:
        raise unknown_code(PLAIN, "product uuid", "The product does not exist", uuid)
    return uuid.lower()


def _by_identifier(store: Store, identifier: str) -> Json:
    product = store.product(identifier)
    if product is None:
        raise Malformed(
            f"The “associations” property expects a valid product identifier. The {identifier} "
            "product does not exist or your connection does not have permission to access it."
        )
    return product.uuid


def _model(store: Store, code: str) -> Json:
    model = store.model(code)
    if model is None:
        reason = "The product model does not exist"
        raise unknown_code(PLAIN, "product model identifier", reason, code)
    return model.code


def _group(_store: Store, code: str) -> Json:
    raise unknown_code(PLAIN, "group code", "The group does not exist", code)


FINDERS: Final[Mapping[str, Callable[[Store, str], Json]]] = {
    "product_uuids": _by_uuid,
    "products": _by_identifier,
    "product_models": _model,
    "groups": _group,
}
"""How each list's links are found; a catalogue file knows no groups."""


def _link(store: Store, name: str, link: Json) -> Object:
    """Check one link with a quantity; a product that exists is kept by its uuid."""
    keys: Object = link if is_object(link) else {}
    quantity, identifier, uuid = (keys.get(key) for key in ("quantity", "identifier", "uuid"))
    for wrong, what in (
        (quantity is None, 'the key "quantity"'),
        (identifier is None and uuid is None, 'one of these keys: "identifier" or "uuid"'),
        (not isinstance(identifier, str | None), "a valid identifier"),
        (uuid is not None and not is_uuid(uuid), "a valid uuid"),
        (not isinstance(quantity, int) or isinstance(quantity, bool), "a valid quantity"),
    ):
        if wrong:
            raise wrong_shape(QUANTIFIED, f"a quantified association should contain {what}")
    product = store.product(identifier) if name == "products" else None
    if product is not None:
        return {"uuid": product.uuid, "quantity": quantity}
    return {key: value for key, value in keys.items() if key in {"identifier", "uuid", "quantity"}}
