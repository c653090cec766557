"""Products and models as the API returns them."""

from collections.abc import Collection as Group
from dataclasses import dataclass
from typing import Final

from erp2pim.sandbox.catalog import Catalog, Collection
from erp2pim.sandbox.php import Json, Object, is_list, json_order
from erp2pim.sandbox.store import Entity, Store, Values
from erp2pim.sandbox.values import FILES, SELECTS, TYPES, Cell


@dataclass(frozen=True, slots=True)
class Projection:
    """Which values a list shows; None shows all.

    Attributes:
        attributes: Codes of the attributes.
        channels: Codes of the channels; values without a channel are always shown.
        locales: Codes of the locales; values without a locale are always shown.
        options: Whether values of selects show their options.
    """

    attributes: Group[str] | None = None
    channels: Group[str] | None = None
    locales: Group[str] | None = None
    options: bool = False

    def has(self, code: str, cell: Cell) -> bool:
        """Say whether a cell of an attribute is shown."""
        return all(
            chosen is None or one is None or one in chosen
            for chosen, one in zip(
                (self.attributes, self.locales, self.channels), (code, *cell), strict=True
            )
        )


ALL: Final = Projection()


def show(
    store: Store, entity: Entity, host: str, *, by_uuid: bool = False, only: Projection = ALL
) -> Object:
    """Give an entity with what it has from its parents, in the API's form."""
    line = [*store.ancestors(entity), entity]
    own: Object = {
        "parent": entity.parent,
        "values": _values(store, own_and_inherited(store, entity), host, only),
        "created": entity.created,
        "updated": entity.updated,
        "associations": _associations(store, line, by_uuid=by_uuid),
        "quantified_associations": _quantified(store, line, by_uuid=by_uuid),
    }
    categories = sorted({code for one in line for code in one.categories})
    if entity.kind == "product_model":
        head = {"code": entity.code, "family": entity.family}
        variant = {"family_variant": entity.family_variant, "parent": entity.parent}
        return head | variant | {"categories": categories} | own
    keys = {"uuid": entity.uuid} | ({} if by_uuid else {"identifier": entity.code})
    state = {"enabled": entity.enabled, "family": entity.family, "categories": categories}
    return keys | state | {"groups": list[str]()} | own


def own_and_inherited(store: Store, entity: Entity) -> Values:
    """Give the values that an entity has, itself or from its parents."""
    line = (*store.ancestors(entity), entity)
    return {code: cells for one in line for code, cells in one.values.items()}


def _values(store: Store, values: Values, host: str, only: Projection) -> Object:
    shown: Object = {}
    for attribute in _in_order(store.catalog, values):
        code, kind = attribute["code"], TYPES[attribute["type"]]
        entries = [
            {"locale": cell[0], "scope": cell[1], "data": kind.show(attribute, data, store.catalog)}
            | (_download(host, data) if attribute["type"] in FILES else {})
            | (_linked(store.catalog, attribute, data) if only.options else {})
            for cell, data in sorted(values[code].items(), key=_by_place)
            if only.has(code, cell)
        ]
        if entries:
            shown[code] = entries
    return shown


def _in_order(catalog: Catalog, values: Values) -> list[Object]:
    """Give the attributes type by type, and those of a type as MySQL keeps them."""
    known = (catalog.attribute(code) for code in sorted(values, key=json_order))
    found = [attribute for attribute in known if attribute is not None]
    types = dict.fromkeys((*SELECTS, "pim_catalog_price_collection", *FILES))
    types |= dict.fromkeys(attribute["type"] for attribute in found)
    return [attribute for kind in types for attribute in found if attribute["type"] == kind]


def _by_place(cell: tuple[Cell, Json]) -> tuple[str, str]:
    (locale, scope), _ = cell
    return scope or "", locale or ""


def _download(host: str, code: str) -> Object:
    return {"_links": {"download": {"href": f"{host}/api/rest/v1/media-files/{code}/download"}}}


def _linked(catalog: Catalog, attribute: Object, data: Json) -> Object:
    """Give the options that a select's value names (Akeneo, concepts/products)."""
    if attribute["type"] not in SELECTS:
        return {}
    found = catalog.options.get(attribute["code"], Collection())
    options = {
        option["code"]: {name: option[name] for name in ("attribute", "code", "labels")}
        for option in map(found.get, data if is_list(data) else [data])
        if option is not None
    }
    return {"linked_data": options if is_list(data) else next(iter(options.values()), None)}


def _associations(store: Store, line: list[Entity], *, by_uuid: bool) -> Object:
    """Give all association types that have no quantities, also those without a link."""
    shown: Object = {}
    plain = [kind["code"] for kind in store.catalog.association_types if not kind["is_quantified"]]
    for code in sorted(plain, key=json_order if line[-1].kind == "product" else None):
        lists = [entity.associations.get(code, {}) for entity in line]
        merged = {
            name: list(dict.fromkeys(link for one in lists for link in one.get(name, ())))
            for name in ("products", "product_models", "groups")
        }
        products = [store.products[link] for link in merged["products"] if link in store.products]
        merged["products"] = [one.uuid if by_uuid else one.code for one in products]
        shown[code] = merged
    return shown


def _quantified(store: Store, line: list[Entity], *, by_uuid: bool) -> Object:
    """Give the association types with quantities that have a link."""
    shown: Object = {}
    for code, lists in (pair for entity in line for pair in entity.quantified.items()):
        products = [
            {"quantity": link["quantity"], "uuid": product.uuid}
            if by_uuid
            else {"identifier": product.code, "quantity": link["quantity"]}
            for link in lists.get("products", ())
            if (product := store.products.get(link["uuid"])) is not None
        ]
        models = lists.get("product_models", [])
        if products or models:
            shown[code] = {"product_models": models, "products": products}
    return shown
