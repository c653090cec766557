"""The API's collections: what each one lists, finds, changes and creates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from erp2pim.sandbox import products, search, structure
from erp2pim.sandbox.catalog import Catalog, Collection, in_order
from erp2pim.sandbox.reading import Projection, show
from erp2pim.sandbox.refusal import Json, Malformed, Object, Refusal
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.wire import decode

Arguments = Mapping[str, str]


@dataclass(slots=True)
class Call:
    """One request to a collection.

    Attributes:
        owner: Code in the middle of the address: an option's attribute, a variant's family.
        arguments: The query's parameters.
        host: Scheme and host that links begin with.
        doom: What makes all further lines of the batch fail.
        refuse: Messages by identifier: these are refused.
    """

    owner: str = ""
    arguments: Arguments = field(default_factory=dict)
    host: str = ""
    doom: list[str] = field(default_factory=list)
    refuse: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resource:
    """One collection; this class is the read-only ones that a catalogue file gives.

    Attributes:
        path: Address below the root, `<owner>` standing for the call's owner.
        label: How messages name one item.
        collection: The items.
        key: Name of the property that an item is found by.
        filters: Tests of the `search` parameter by property.
        by_code: Whether the list is sorted by code; else it keeps the file's order.
    """

    path: str
    label: str
    collection: Callable[[Store, str], Collection]
    key: str = "code"
    filters: Mapping[str, Callable[[Catalog, Object, Json], bool]] = field(default_factory=dict)
    by_code: bool = True
    cursor: bool = False

    def items(self, store: Store, call: Call) -> list[tuple[str, Json]]:
        """Give the items that the search selects, with their keys, in the list's order."""
        items = list(self.collection(store, call.owner))
        for name, operator, value in _criteria(call.arguments.get("search")):
            test = self.filters.get(name)
            if test is None:
                raise Refusal(
                    422,
                    f'Filter on property "{name}" is not supported or does not support '
                    f'operator "{operator}"',
                )
            items = [item for item in items if test(store.catalog, item, value)]
        if self.by_code:
            items.sort(key=lambda item: in_order(item["code"]))
        return [(item["code"], item) for item in items]

    def find(self, store: Store, call: Call, code: str) -> Json:
        item = self.collection(store, call.owner).get(code)
        if item is None:
            raise Refusal(404, f'{self.label} "{code}" does not exist.')
        return item

    def shown(self, store: Store, item: Json, call: Call) -> Object:
        shown = {name: value for name, value in item.items() if name != "family"}
        if self.path == "categories" and call.arguments.get("with_position") == "true":
            shown["position"] = _position(store.catalog, item)
        return shown


@dataclass(frozen=True, slots=True)
class Structure(Resource):
    """A collection of structure objects that requests may change.

    Attributes:
        kind: Which rules hold, a key of `structure.KINDS`.
        page: End of the reference's anchors for one item.
    """

    kind: str = ""
    page: str = ""

    def change(self, store: Store, call: Call, code: str, data: Object) -> tuple[int, str]:
        """Create or update one item; give the status and its code."""
        found = self.collection(store, call.owner).get(code)
        if found is None and data.get("code", code) != code:
            raise Refusal(422, products.mismatch("code", data["code"], code))
        return self._keep(store, call, {"code": code} | data, found, f"patch_{self.page}")

    def create(self, store: Store, call: Call, data: Object) -> str:
        """Create one item; give its code."""
        if self.collection(store, call.owner).get(data.get("code")) is not None:
            raise structure.taken()
        page = f"post_{self.page.removesuffix('__code_')}"
        return self._keep(store, call, data, None, page)[1]

    def _keep(
        self, store: Store, call: Call, data: Object, found: Object | None, page: str
    ) -> tuple[int, str]:
        data = _owned(store.catalog, self.kind, call.owner, data, found)
        kind = structure.KINDS[self.kind]
        try:
            item = structure.update(store.catalog, kind, data, found)
        except Malformed as error:
            raise error.refusal(page) from error
        structure.keep(store.catalog, self.kind, item, call.doom)
        return (204 if found else 201), item["code"]


def _owned(catalog: Catalog, kind: str, owner: str, data: Object, found: Object | None) -> Object:
    """Say in an option or variant whose it is."""
    if kind == "options":
        if catalog.attributes.get(owner) is None:
            raise Refusal(404, f'Attribute "{owner}" does not exist.')
        if found is None and data.get("attribute", owner) != owner:
            raise Refusal(422, products.mismatch("attribute code", data["attribute"], owner))
        return {"attribute": owner} | data
    if kind == "variants":
        family = catalog.families.get(owner)
        if family is None:
            raise Refusal(404, f'Family "{owner}" does not exist.')
        return data | {"family": family["code"]}
    return data


def _options(store: Store, owner: str) -> Collection:
    return store.catalog.options.get(owner, Collection())


def _variants(store: Store, owner: str) -> Collection:
    family = store.catalog.families.get(owner)
    if family is None:
        raise Refusal(404, f'Family "{owner}" does not exist.')
    return Collection(v for v in store.catalog.family_variants if v["family"] == family["code"])


@dataclass(frozen=True, slots=True)
class Options(Structure):
    """The options of one attribute; only select attributes can be read."""

    def items(self, store: Store, call: Call) -> list[tuple[str, Json]]:
        _select(store, call.owner)
        return Structure.items(self, store, call)

    def find(self, store: Store, call: Call, code: str) -> Json:
        _select(store, call.owner)
        item = self.collection(store, call.owner).get(code)
        if item is None:
            raise Refusal(
                404,
                f'Attribute option "{code}" does not exist or is not an option of the '
                f'attribute "{call.owner}".',
            )
        return item

    def shown(self, store: Store, item: Json, call: Call) -> Object:
        in_use = store.catalog.locales_in_use.values()
        labels = {locale: text for locale, text in item["labels"].items() if locale in in_use}
        return item | {"labels": labels}


def _select(store: Store, owner: str) -> None:
    attribute = store.catalog.attributes.get(owner)
    if attribute is None:
        raise Refusal(404, f'Attribute "{owner}" does not exist.')
    if attribute["type"] not in structure.SELECTS:
        raise Refusal(404, f"{structure.no_options(owner)}.")


def _criteria(text: str | None) -> list[tuple[str, Json, Json]]:
    """Read a structure list's search: property, operator and value of each filter."""
    if text is None:
        return []
    found = decode(text.encode())
    if not isinstance(found, dict):
        raise Refusal(400, "The search query parameter must be a valid JSON.")
    return [
        (name, one.get("operator"), one.get("value"))
        for name, filters in found.items()
        for one in filters
    ]


def _position(catalog: Catalog, category: Object) -> int:
    """Give a category's place among those with its parent, from 1; a root's is 1."""
    if category["parent"] is None:
        return 1
    siblings = [one for one in catalog.categories if one["parent"] == category["parent"]]
    return siblings.index(category) + 1


def _below(catalog: Catalog, category: Object, top: Json) -> bool:
    parent = catalog.categories.get(category["parent"])
    return parent is not None and (parent["code"] == top or _below(catalog, parent, top))


@dataclass(frozen=True, slots=True)
class Entities:
    """Products by identifier, products by uuid, or product models.

    Attributes:
        label: What the route's name is made of.
        noun: How messages name one item.
        page: End of the reference's anchors for one item.
        patch: Creates or updates one.
        post: Creates one.
        all: Gives all that the collection lists.
        get: Finds one by exact key.
    """

    path: str
    label: str
    noun: str
    key: str
    page: str
    patch: Callable[[Store, str, Object], tuple[int, Entity]]
    post: Callable[[Store, Object], Entity]
    all: Callable[[Store], Sequence[Entity]]
    get: Callable[[Store, str], Entity | None]
    cursor: bool = True

    def items(self, store: Store, call: Call) -> list[tuple[str, Json]]:
        search.check_projection(store.catalog, call.arguments)
        test = search.matching(store, call.arguments, models=self.key == "code")
        found = {self.key_of(entity): entity for entity in self.all(store) if test(entity)}
        return sorted(found.items())

    def key_of(self, entity: Entity) -> str:
        return entity.uuid if self.key == "uuid" else entity.code or ""

    def find(self, store: Store, call: Call, code: str) -> Json:
        entity = self.get(store, code)
        if entity is None:
            raise Refusal(
                404,
                f'{self.noun} "{code}" does not exist or you do not have permission to access it.',
            )
        return entity

    def shown(self, store: Store, item: Json, call: Call) -> Object:
        only = search.projection(store.catalog, call.arguments)
        return show(store, item, call.host, by_uuid=self.key == "uuid", only=only)

    def change(self, store: Store, call: Call, code: str, data: Object) -> tuple[int, str]:
        if code in call.refuse:
            message = call.refuse[code]
            raise Refusal(
                422, "Validation failed.", errors=[{"property": "values", "message": message}]
            )
        try:
            status, entity = self.patch(store, code, data)
        except Malformed as error:
            raise error.refusal(f"patch_{self.page}") from error
        return status, self.key_of(entity)

    def create(self, store: Store, call: Call, data: Object) -> str:
        try:
            return self.key_of(self.post(store, data))
        except Malformed as error:
            raise error.refusal(f"post_{self.path.replace('-', '_')}") from error

    def remove(self, store: Store, call: Call, code: str) -> None:
        store.delete(self.find(store, call, code))


def _exact(entity: Entity | None, code: str) -> Entity | None:
    return entity if entity is not None and entity.code == code else None


PRODUCTS: Final = Entities(
    "products",
    "Product",
    "Product",
    "identifier",
    "products__code_",
    products.patch_product,
    products.post_product,
    lambda store: [product for product in store.products.values() if product.code is not None],
    lambda store, code: _exact(store.product(code), code),
)
PRODUCTS_UUID: Final = Entities(
    "products-uuid",
    "Product uuid",
    "Product",
    "uuid",
    "products_uuid__uuid_",
    products.patch_product_uuid,
    products.post_product_uuid,
    lambda store: list(store.products.values()),
    lambda store, uuid: store.products.get(uuid.lower()),
)
MODELS: Final = Entities(
    "product-models",
    "Product model",
    "Product model",
    "code",
    "product_models__code_",
    products.patch_model,
    products.post_model,
    lambda store: list(store.models.values()),
    lambda store, code: store.model(code),
)
_CODE_IN: Final[Mapping[str, Callable[[Catalog, Object, Json], bool]]] = {
    "code": lambda _catalog, item, value: item["code"] in value,
}
_ENABLED: Final[Mapping[str, Callable[[Catalog, Object, Json], bool]]] = {
    "enabled": lambda _catalog, item, value: bool(item["enabled"] == value),
}
READ_ONLY: Final = (
    Resource("locales", "Locale", lambda s, _: s.catalog.locales, filters=_ENABLED),
    Resource("currencies", "Currency", lambda s, _: s.catalog.currencies, filters=_ENABLED),
    Resource("attribute-groups", "Attribute group", lambda s, _: s.catalog.attribute_groups),
)
CHANGEABLE: Final = (
    PRODUCTS,
    PRODUCTS_UUID,
    MODELS,
    Structure(
        "attributes",
        "Attribute",
        lambda store, _: store.catalog.attributes,
        filters={
            **_CODE_IN,
            "type": lambda _, item, value: item["type"] in value,
            "is_main_identifier": lambda _, item, value: item.get("is_main_identifier") == value,
        },
        kind="attributes",
        page="attributes__code_",
    ),
    Options(
        "attributes/<owner>/options",
        "Attribute option",
        _options,
        kind="options",
        page="attributes__attribute_code__options__code_",
    ),
    Structure(
        "families",
        "Family",
        lambda store, _: store.catalog.families,
        filters=_CODE_IN,
        kind="families",
        page="families__code_",
    ),
    Structure(
        "families/<owner>/variants",
        "Family variant",
        _variants,
        kind="variants",
        page="families__family_code__variants__code_",
    ),
    Structure(
        "categories",
        "Category",
        lambda store, _: store.catalog.categories,
        filters={
            **_CODE_IN,
            "parent": _below,
            "is_root": lambda _, item, value: (item["parent"] is None) == value,
            "updated": lambda _, item, value: item["updated"] > value,
        },
        by_code=False,
        kind="categories",
        page="categories__code_",
    ),
    Structure(
        "channels",
        "Channel",
        lambda s, _: s.catalog.channels,
        kind="channels",
        page="channels__code_",
    ),
    Structure(
        "association-types",
        "Association type",
        lambda store, _: store.catalog.association_types,
        kind="association-types",
        page="association_types__code_",
    ),
)
