"""What the PIM holds besides its structure: products, product models and media files."""

import threading
import uuid
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self, TypeAlias

from erp2pim.model import Kind
from erp2pim.sandbox.catalog import Catalog, same
from erp2pim.sandbox.php import Json, Object
from erp2pim.sandbox.values import Cell

Values: TypeAlias = dict[str, dict[Cell, Json]]
Links: TypeAlias = dict[str, dict[str, list[Json]]]


def now() -> str:
    """Give the time as the API writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(slots=True)
class Entity:
    """A product or a product model, with what is its own: nothing of its parents.

    Attributes:
        kind: Which of the two.
        code: The product's identifier (None when it has none) or the model's code.
        uuid: The product's uuid; a model has one too, but does not show it.
        enabled: A product's status.
        family: Code of the family.
        family_variant: Code of the family variant, of models and variants.
        parent: Code of the model above.
        categories: Codes, sorted.
        values: Data by attribute and cell, as `values.TYPES` keeps it.
        associations: By association type, then `products` (uuids), `product_models`, `groups`.
        quantified: By association type, then `products` and `product_models`: lists of links.
        created: When it was first saved; empty before.
        updated: When it was last changed.
    """

    kind: Kind
    code: str | None
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    enabled: bool = True
    family: str | None = None
    family_variant: str | None = None
    parent: str | None = None
    categories: list[str] = field(default_factory=list[str])
    values: Values = field(default_factory=dict[str, dict[Cell, Json]])
    associations: Links = field(default_factory=dict[str, dict[str, list[Json]]])
    quantified: Links = field(default_factory=dict[str, dict[str, list[Json]]])
    created: str = ""
    updated: str = ""

    def draft(self) -> Self:
        """Give a copy to change; cells and lists are to be replaced, not changed in place."""
        twin = copy(self)
        twin.values = {code: dict(cells) for code, cells in self.values.items()}
        twin.associations = {code: dict(lists) for code, lists in self.associations.items()}
        twin.quantified = {code: dict(lists) for code, lists in self.quantified.items()}
        return twin


Item: TypeAlias = Entity | Object | None
Journal: TypeAlias = Callable[[str, str, Item], None]


class Store:
    """All entities, and the indexes that the PIM's database has on them.

    Attributes:
        journal: Told of every change: kind, key, and the item as it is now (None: removed).
        commit: Makes what was journalled last.
        catalog: The structure.
        lock: Held while anything is read or changed.
        products: The products by uuid.
        models: The product models by what `same` gives for their code.
        media: The media files by code.
        version: Grows with every change of an entity.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.journal: Journal = lambda _kind, _key, _item: None
        self.commit: Callable[[], None] = lambda: None
        self.lock = threading.RLock()
        self.products: dict[str, Entity] = {}
        self.models: dict[str, Entity] = {}
        self.media: dict[str, Object] = {}
        self.version = 0
        self._by_identifier: dict[str, Entity] = {}
        self._owners: dict[tuple[str, str], str] = {}
        self._children: dict[str, dict[str, Entity]] = {}

    def product(self, identifier: Json) -> Entity | None:
        """Find a product by identifier, whatever its case and accents."""
        return self._by_identifier.get(same(identifier)) if isinstance(identifier, str) else None

    def model(self, code: Json) -> Entity | None:
        """Find a product model by code, whatever its case and accents."""
        return self.models.get(same(code)) if isinstance(code, str) else None

    def owner(self, attribute: str, data: str) -> str | None:
        """Give the uuid of the product that holds a value of a unique attribute."""
        return self._owners.get((attribute, same(data)))

    def children(self, model: str) -> list[Entity]:
        """Give the models and variants right below a model."""
        return list(self._children.get(same(model), {}).values())

    def ancestors(self, entity: Entity) -> list[Entity]:
        """Give the models above an entity, the root first."""
        parent = self.model(entity.parent)
        return [] if parent is None else [*self.ancestors(parent), parent]

    def save(self, entity: Entity, before: Entity | None) -> None:
        """Keep an entity, instead of what it was before if it was there."""
        if before is not None:
            self._forget(before)
        entity.updated = now()
        entity.created = entity.created or entity.updated
        self.add(entity)
        self.journal(entity.kind, entity.uuid, entity)

    def settle(self) -> None:
        """Make all changes last; no answer tells of one before."""
        with self.lock:
            self.commit()

    def add(self, entity: Entity) -> None:
        """Keep an entity that is not there, as it is."""
        self.version += 1
        if entity.kind == "product":
            self.products[entity.uuid] = entity
        if entity.code is not None:
            self._by_code(entity)[same(entity.code)] = entity
        for key in self._unique_values(entity):
            self._owners[key] = entity.uuid
        if entity.parent is not None:
            self._children.setdefault(same(entity.parent), {})[entity.uuid] = entity

    def delete(self, entity: Entity) -> None:
        """Remove an entity, and all below it."""
        if entity.kind == "product_model":
            for child in self.children(entity.code or ""):
                self.delete(child)
        self._forget(entity)
        self.journal(entity.kind, entity.uuid, None)

    def _forget(self, entity: Entity) -> None:
        self.version += 1
        self.products.pop(entity.uuid, None)
        if entity.code is not None:
            self._by_code(entity).pop(same(entity.code), None)
        for key in self._unique_values(entity):
            self._owners.pop(key, None)
        if entity.parent is not None:
            self._children.get(same(entity.parent), {}).pop(entity.uuid, None)

    def _by_code(self, entity: Entity) -> dict[str, Entity]:
        return self._by_identifier if entity.kind == "product" else self.models

    def _unique_values(self, entity: Entity) -> list[tuple[str, str]]:
        return [
            (code, same(data))
            for code in self.catalog.unique
            for data in entity.values.get(code, {}).values()
            if isinstance(data, str)
        ]
