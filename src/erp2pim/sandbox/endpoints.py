"""Which collections the API has."""

from typing import Final

from erp2pim.sandbox import criteria, products
from erp2pim.sandbox.resources import Entities, Options, Resource, Structure, Variants
from erp2pim.sandbox.store import Entity


def _exact(entity: Entity | None, code: str) -> Entity | None:
    return entity if entity is not None and entity.code == code else None


RESOURCES: Final = (
    Resource("locales", "Locale", criteria.locales),
    Resource("currencies", "Currency"),
    Resource("attribute-groups", "Attribute group"),
    Structure("attributes", "Attribute", criteria.by(criteria.ATTRIBUTES)),
    Options("attributes/<owner>/options", "Attribute option"),
    Structure("families", "Family", criteria.by(criteria.FAMILIES)),
    Variants("families/<owner>/variants", "Family variant"),
    Structure("categories", "Category", criteria.categories),
    Structure("channels", "Channel"),
    Structure("association-types", "Association type"),
    Entities(
        "products",
        "Product",
        "identifier",
        products.patch_product,
        products.post_product,
        lambda store: [product for product in store.products.values() if product.code is not None],
        lambda store, code: _exact(store.product(code), code),
    ),
    Entities(
        "products-uuid",
        "Product",
        "uuid",
        products.patch_product_uuid,
        products.post_product_uuid,
        lambda store: list(store.products.values()),
        lambda store, uuid: store.products.get(uuid.lower()),
    ),
    Entities(
        "product-models",
        "Product model",
        "code",
        products.patch_model,
        products.post_model,
        lambda store: list(store.models.values()),
        lambda store, code: store.model(code),
    ),
)
