"""The API's collections: what each one lists, finds, shows, changes and creates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final, TypeAlias

from erp2pim.sandbox import checks, completeness, kinds, paging, search, structure
from erp2pim.sandbox.catalog import Catalog, Collection, in_order
from erp2pim.sandbox.criteria import Search, everything
from erp2pim.sandbox.php import Json, Object
from erp2pim.sandbox.reading import Projection, show
from erp2pim.sandbox.refusal import Malformed, Refusal, mismatch
from erp2pim.sandbox.store import Entity, Store
from erp2pim.sandbox.values import SELECTS

LAG: Final = timedelta(seconds=5)

Keyed: TypeAlias = tuple[str, Json]  # an item with what it is found by


@dataclass(slots=True)
class Call:
    """One request to a collection.

    Attributes:
        store: What the PIM holds.
        owner: Code in the middle of the address: an option's attribute, a variant's family.
        arguments: The query's parameters.
        host: Scheme and host that links begin with.
        place: Absolute address of the collection.
        refuse: Messages by identifier: these products and models are refused.
        lags: Whether the index that lists are answered from is some seconds old.
        doom: What makes all further lines of the batch fail.
    """

    store: Store
    owner: str
    arguments: Mapping[str, str]
    host: str
    place: str
    refuse: Mapping[str, str]
    lags: bool = False
    doom: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Resource:
    """One collection; this class is for those that only a catalogue file fills.

    Attributes:
        path: Address below the root, `<owner>` standing for the call's owner.
        label: How messages name one item.
        search: Gives the test of the `search` parameter.
    """

    path: str
    label: str
    search: Search = everything

    cursor: ClassVar = False
    """Whether the list has `search_after`."""
    key: ClassVar = "code"
    of: ClassVar = ""
    """How a missing item's message goes on, `{}` standing for the owner."""

    def collection(self, call: Call) -> Collection:
        """Give the items."""
        return call.store.catalog.named(self.path)

    def readable(self, call: Call) -> Collection:
        """Give the items to one who wants to read them."""
        return self.collection(call)

    def items(self, call: Call) -> list[Keyed]:
        """Give the items that the search selects, in the list's order."""
        chosen = self.search(call.store, call.arguments.get("search"))
        items = [item for item in self.readable(call) if chosen(item)]
        if self.path != "categories":  # they keep their own order
            items.sort(key=lambda item: in_order(item["code"]))
        return [(item["code"], item) for item in items]

    def find(self, call: Call, code: str) -> Json:
        """Find one item."""
        item = self.readable(call).get(code)
        if item is None:
            owner = self.of.format(call.owner)
            raise Refusal(404, f'{self.label} "{code}" does not exist{owner}.')
        return item

    def shown(self, call: Call, item: Json) -> Object:
        """Give an item in the API's form."""
        if self.path != "categories":
            return {name: one for name, one in item.items() if name not in {"family", "updated"}}
        shown = {name: item[name] for name in ("code", "parent", "updated", "labels")}
        if call.arguments.get("with_position") == "true":
            shown["position"] = _position(call.store.catalog, item)
        return shown

    def listed(self, call: Call, items: Sequence[Json]) -> list[Object]:
        """Give items in the form that they have in a list."""
        return [self.shown(call, item) for item in items]


class Structure(Resource):
    """A collection of structure objects that requests may change."""

    page: ClassVar = ""
    """End of the reference's anchors for one item, where the address does not say it."""

    def change(self, call: Call, code: str, data: Object) -> tuple[int, str]:
        """Create or update one item; give the status and its code."""
        found = self.collection(call).get(code)
        if found is None and data.get("code", code) != code:
            raise mismatch("code", data["code"], code)
        return self._keep(call, {"code": code} | data, found)

    def create(self, call: Call, data: Object) -> tuple[int, str]:
        """Create one item; give the status and its code."""
        if self.collection(call).get(data.get("code")) is not None:
            raise structure.taken()
        return self._keep(call, data, None, posted=True)

    def owned(self, _call: Call, data: Object, _found: Object | None) -> Object:
        """Say in an item whose it is."""
        return data

    def _keep(
        self, call: Call, data: Object, found: Object | None, *, posted: bool = False
    ) -> tuple[int, str]:
        kind = self.path.rpartition("/")[2]
        page = self.page or f"{self.path.replace('-', '_')}__code_"
        try:
            data = self.owned(call, data, found)
            item = structure.update(call.store.catalog, kinds.KINDS[kind], data, found)
        except Malformed as error:
            post = f"post_{page.rstrip('_').removesuffix('__code')}"
            raise error.refusal(post if posted else f"patch_{page}") from error
        structure.keep(call.store, kind, item, call.doom)
        return (204 if found else 201), item["code"]


class Variants(Structure):
    """The variants of one family."""

    page = "families__family_code__variants__code__"
    of = ' or is not a variant of the family "{}"'

    def collection(self, call: Call) -> Collection:
        """Give the variants of the call's family, which must exist."""
        family = call.store.catalog.families.get(call.owner)
        if family is None:
            raise Refusal(404, f'Family "{call.owner}" does not exist.')
        variants = call.store.catalog.family_variants
        return Collection(one for one in variants if one["family"] == family["code"])

    def owned(self, call: Call, data: Object, _found: Object | None) -> Object:
        """Say in a variant of which family it is."""
        family = call.store.catalog.families.get(call.owner) or {"code": call.owner}
        return data | {"family": family["code"]}


class Options(Structure):
    """The options of one attribute; only those of select attributes can be read."""

    page = "attributes__attribute_code__options__code_"
    of = ' or is not an option of the attribute "{}"'

    def collection(self, call: Call) -> Collection:
        """Give the options of the call's attribute."""
        return call.store.catalog.options.get(call.owner, Collection())

    def owned(self, call: Call, data: Object, found: Object | None) -> Object:
        """Say in an option of which attribute it is."""
        if call.store.catalog.attributes.get(call.owner) is None:
            raise Refusal(404, f'Attribute "{call.owner}" does not exist.')
        if found is None and data.get("attribute", call.owner) != call.owner:
            raise mismatch("attribute code", data["attribute"], call.owner)
        return {"attribute": call.owner} | data

    def readable(self, call: Call) -> Collection:
        """Give the options of the call's attribute, which must be a select."""
        attribute = call.store.catalog.attributes.get(call.owner)
        if attribute is None:
            raise Refusal(404, f'Attribute "{call.owner}" does not exist.')
        if attribute["type"] not in SELECTS:
            raise Refusal(404, f"{checks.no_options(call.owner)}.")
        return self.collection(call)

    def shown(self, call: Call, item: Json) -> Object:
        """Give an option with its labels in active locales."""
        in_use = call.store.catalog.locales_in_use.values()
        labels = {locale: text for locale, text in item["labels"].items() if locale in in_use}
        return {**item, "labels": labels}


@dataclass(frozen=True, slots=True)
class Entities:
    """Products by identifier, products by uuid, or product models.

    Attributes:
        path: Address below the root.
        label: How messages name one item.
        key: Name of the property that an item is found by.
        patch: Creates or updates one.
        post: Creates one.
        all: Gives all that the collection lists.
        get: Finds one by exact key.
    """

    path: str
    label: str
    key: str
    patch: Callable[[Store, str, Object], tuple[int, Entity]]
    post: Callable[[Store, Object], Entity]
    all: Callable[[Store], Sequence[Entity]]
    get: Callable[[Store, str], Entity | None]

    cursor: ClassVar = True

    def items(self, call: Call) -> list[Keyed]:
        """Give the entities that the search selects, by key."""
        search.check_projection(call.store.catalog, call.arguments)
        found = self.all(call.store)
        for test in search.tests(call.store, call.arguments, models=self.key == "code"):
            found = [one for one in found if test(one)]
        if call.lags:
            old = (datetime.now(UTC) - LAG).isoformat()
            found = [one for one in found if one.created < old]
        return [(self.key_of(one), one) for one in sorted(found, key=self.key_of)]

    def key_of(self, entity: Entity) -> str:
        """Give what an entity is found by."""
        return entity.uuid if self.key == "uuid" else entity.code or ""

    def find(self, call: Call, code: str) -> Entity:
        """Find one entity."""
        entity = self.get(call.store, code)
        if entity is None:
            what = "does not exist or you do not have permission to access it."
            raise Refusal(404, f'{self.label} "{code}" {what}')
        return entity

    def shown(self, call: Call, item: Entity) -> Object:
        """Give an entity in the API's form; what restricts a list does not restrict it."""
        switches = {name: one for name, one in call.arguments.items() if name in paging.SWITCHES}
        return self._shown(call, item, search.projection(call.store.catalog, switches))

    def listed(self, call: Call, items: Sequence[Entity]) -> list[Object]:
        """Give entities with the values that a list is asked for."""
        only = search.projection(call.store.catalog, call.arguments)
        return [self._shown(call, item, only) for item in items]

    def _shown(self, call: Call, item: Entity, only: Projection) -> Object:
        body = show(call.store, item, call.host, by_uuid=self.key == "uuid", only=only)
        if call.arguments.get("with_quality_scores") == "true":
            body["quality_scores"] = []  # they are worked out later, by a job
        if self.key != "code" and call.arguments.get("with_completenesses") == "true":
            body["completenesses"] = completeness.shown(call.store, item, only)
        return body

    def change(self, call: Call, code: str, data: Object) -> tuple[int, str]:
        """Create or update one; give the status and its key."""
        if code in call.refuse:
            error = {"property": "values", "message": call.refuse[code]}
            raise Refusal(422, "Validation failed.", errors=[error])
        try:
            status, entity = self.patch(call.store, code, data)
        except Malformed as error:
            end = "uuid" if self.key == "uuid" else "code"
            raise error.refusal(f"patch_{self.path.replace('-', '_')}__{end}_") from error
        return status, self.key_of(entity)

    def create(self, call: Call, data: Object) -> tuple[int, str]:
        """Create one; give the status and its key."""
        try:
            return 201, self.key_of(self.post(call.store, data))
        except Malformed as error:
            raise error.refusal(f"post_{self.path.replace('-', '_')}") from error

    def remove(self, call: Call, code: str) -> None:
        """Delete one, and all below it."""
        call.store.delete(self.find(call, code))


def _position(catalog: Catalog, category: Object) -> int:
    """Give a category's place among those with its parent, from 1; a root's is 1."""
    siblings = [one for one in catalog.categories if one["parent"] == category["parent"]]
    return 1 if category["parent"] is None else siblings.index(category) + 1
