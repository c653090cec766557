"""Products and models as the API returns them."""

from collections.abc import Collection as Group
from dataclasses import dataclass

from erp2pim.sandbox.refusal import Json, Object
from erp2pim.sandbox.store import Entity, Store, Values
from erp2pim.sandbox.values import TYPES


@dataclass(frozen=True, slots=True)
class Projection:
    """Which values a list shows; None shows all.

    Attributes:
        channels: Codes of the channels; values without a channel are always shown.
        locales: Codes of the locales; values without a locale are always shown.
    """

    attributes: Group[str] | None = None
    channels: Group[str] | None = None
    locales: Group[str] | None = None


ALL = Projection()


def show(
    store: Store, entity: Entity, host: str, *, by_uuid: bool = False, only: Projection = ALL
) -> Object:
    """Give an entity with what it has from its parents, in the API's form."""
    line = [*store.ancestors(entity), entity]
    shared: Object = {
        "categories": sorted({code for one in line for code in one.categories}),
        "values": _values(store, line, host, only),
        "created": entity.created,
        "updated": entity.updated,
        "associations": _associations(store, line, by_uuid=by_uuid),
        "quantified_associations": _quantified(store, line, by_uuid=by_uuid),
    }
    if entity.kind == "product_model":
        head: Object = {"code": entity.code, "family": entity.family}
        return head | {"family_variant": entity.family_variant, "parent": entity.parent} | shared
    head = {"uuid": entity.uuid} | ({} if by_uuid else {"identifier": entity.code})
    own = {"enabled": entity.enabled, "family": entity.family, "groups": entity.groups}
    return head | own | {"parent": entity.parent} | shared


def _values(store: Store, line: list[Entity], host: str, only: Projection) -> Object:
    values: Object = {}
    for entity in line:
        for code, cells in entity.values.items():
            attribute = store.catalog.attributes.get(code)
            if attribute is None or (only.attributes is not None and code not in only.attributes):
                continue
            kind = TYPES[attribute["type"]]
            shown = [
                {
                    "locale": locale,
                    "scope": scope,
                    "data": kind.show(attribute, data, store.catalog),
                }
                | _download(attribute["type"], data, host)
                for (locale, scope), data in sorted(cells.items(), key=_by_place)
                if (only.channels is None or scope is None or scope in only.channels)
                and (only.locales is None or locale is None or locale in only.locales)
            ]
            if shown:
                values[code] = shown
    return values


def _by_place(cell: tuple[tuple[str | None, str | None], Json]) -> tuple[str, str]:
    (locale, scope), _ = cell
    return scope or "", locale or ""


def _download(kind: str, data: Json, host: str) -> Object:
    if kind not in {"pim_catalog_image", "pim_catalog_file"}:
        return {}
    return {"_links": {"download": {"href": f"{host}/api/rest/v1/media-files/{data}/download"}}}


def _associations(store: Store, line: list[Entity], *, by_uuid: bool) -> Object:
    shown: Object = {}
    for kind in store.catalog.association_types:
        if not kind["is_quantified"]:
            lists = [entity.associations.get(kind["code"], {}) for entity in line]
            merged = {
                name: list(dict.fromkeys(link for one in lists for link in one.get(name, [])))
                for name in ("products", "product_models", "groups")
            }
            if not by_uuid:
                merged["products"] = [store.products[link].code for link in merged["products"]]
            shown[kind["code"]] = merged
    return shown


def _quantified(store: Store, line: list[Entity], *, by_uuid: bool) -> Object:
    shown: Object = {}
    for entity in line:
        for code, lists in entity.quantified.items():
            products = [
                {"uuid": link["uuid"], "quantity": link["quantity"]}
                if by_uuid
                else {
                    "identifier": store.products[link["uuid"]].code,
                    "quantity": link["quantity"],
                    "uuid": link["uuid"],
                }
                for link in lists.get("products", [])
                if link["uuid"] in store.products
            ]
            models = lists.get("product_models", [])
            if products or models:
                shown[code] = {"products": products, "product_models": models}
    return shown


def own_and_inherited(store: Store, entity: Entity) -> Values:
    """Give the values that an entity has, itself or from its parents."""
    return {
        c: cells for one in (*store.ancestors(entity), entity) for c, cells in one.values.items()
    }
