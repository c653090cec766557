"""Which collections the API has."""

from typing import Final

from erp2pim.sandbox import criteria, products
from erp2pim.sandbox.catalog import Collection
from erp2pim.sandbox.refusal import Refusal
from erp2pim.sandbox.resources import Call, Entities, Options, Resource, Structure
from erp2pim.sandbox.store import Entity


def _options(call: Call) -> Collection:
    return call.store.catalog.options.get(call.owner, Collection())


def _variants(call: Call) -> Collection:
    family = call.store.catalog.families.get(call.owner)
    if family is None:
        raise Refusal(404, f'Family "{call.owner}" does not exist.')
    variants = call.store.catalog.family_variants
    return Collection(one for one in variants if one["family"] == family["code"])


def _exact(entity: Entity | None, code: str) -> Entity | None:
    return entity if entity is not None and entity.code == code else None


READ_ONLY: Final = (
    Resource("locales", "Locale", lambda call: call.store.catalog.locales, criteria.locales),
    Resource("currencies", "Currency", lambda call: call.store.catalog.currencies),
    Resource(
        "attribute-groups", "Attribute group", lambda call: call.store.catalog.attribute_groups
    ),
)
CHANGEABLE: Final = (
    Entities(
        "products",
        "Product",
        "Product",
        "identifier",
        "products__code_",
        products.patch_product,
        products.post_product,
        lambda store: [product for product in store.products.values() if product.code is not None],
        lambda store, code: _exact(store.product(code), code),
    ),
    Entities(
        "products-uuid",
        "Product uuid",
        "Product",
        "uuid",
        "products_uuid__uuid_",
        products.patch_product_uuid,
        products.post_product_uuid,
        lambda store: list(store.products.values()),
        lambda store, uuid: store.products.get(uuid.lower()),
    ),
    Entities(
        "product-models",
        "Product model",
        "Product model",
        "code",
        "product_models__code_",
        products.patch_model,
        products.post_model,
        lambda store: list(store.models.values()),
        lambda store, code: store.model(code),
    ),
    Structure(
        "attributes",
        "Attribute",
        lambda call: call.store.catalog.attributes,
        criteria.by(criteria.ATTRIBUTES),
        kind="attributes",
        page="attributes__code_",
    ),
    Options(
        "attributes/<owner>/options",
        "Attribute option",
        _options,
        kind="options",
        page="attributes__attribute_code__options__code_",
        of=' or is not an option of the attribute "{}"',
    ),
    Structure(
        "families",
        "Family",
        lambda call: call.store.catalog.families,
        criteria.by(criteria.FAMILIES),
        kind="families",
        page="families__code_",
    ),
    Structure(
        "families/<owner>/variants",
        "Family variant",
        _variants,
        kind="variants",
        page="families__family_code__variants__code__",
        of=' or is not a variant of the family "{}"',
    ),
    Structure(
        "categories",
        "Category",
        lambda call: call.store.catalog.categories,
        criteria.by(criteria.CATEGORIES, bad_json=f"{criteria.BAD_JSON}: Syntax error"),
        by_code=False,
        kind="categories",
        page="categories__code_",
    ),
    Structure(
        "channels",
        "Channel",
        lambda call: call.store.catalog.channels,
        kind="channels",
        page="channels__code_",
    ),
    Structure(
        "association-types",
        "Association type",
        lambda call: call.store.catalog.association_types,
        kind="association-types",
        page="association_types__code_",
    ),
)
