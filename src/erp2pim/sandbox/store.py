"""What the PIM holds besides its structure: products, product models and media files."""

import threading
import uuid
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from erp2pim.model import Kind
from erp2pim.sandbox.catalog import Catalog, same
from erp2pim.sandbox.refusal import Json, Object
from erp2pim.sandbox.values import Cell

Values: TypeAlias = dict[str, dict[Cell, Json]]
Links: TypeAlias = dict[str, dict[str, list[Json]]]


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(slots=True)
class Entity:
    """A product or a product model, with what is its own: nothing of its parents.

    Attributes:
        code: The product's identifier (None when it has none) or the model's code.
        associations: By association type, then `products` (uuids), `product_models`, `groups`.
        quantified: By association type, then `products` and `product_models`: lists of links.
    """

    kind: Kind
    code: str | None
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    enabled: bool = True
    family: str | None = None
    family_variant: str | None = None
    parent: str | None = None
    categories: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    values: Values = field(default_factory=dict)
    associations: Links = field(default_factory=dict)
    quantified: Links = field(default_factory=dict)
    created: str = ""
    updated: str = ""

    def draft(self) -> "Entity":
        """Give a copy that can be changed without changing this one; cells are replaced, not changed."""
        twin = copy(self)
        twin.values = {code: dict(cells) for code, cells in self.values.items()}
        twin.associations = {code: dict(lists) for code, lists in self.associations.items()}
        twin.quantified = {code: dict(lists) for code, lists in self.quantified.items()}
        return twin


class Store:
    """All entities, and the indexes that the PIM's database has on them.

    Attributes:
        lock: Held while a resource is read or changed.
        version: Grows with every change.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.lock = threading.RLock()
        self.products: dict[str, Entity] = {}
        self.models: dict[str, Entity] = {}
        self.media: dict[str, Object] = {}
        self.version = 0
        self._by_identifier: dict[str, Entity] = {}
        self._unique: dict[tuple[str, str], str] = {}
        self._children: dict[str, dict[str, Entity]] = {}

    def product(self, identifier: Json) -> Entity | None:
        """Find a product by identifier, whatever its case and accents."""
        return self._by_identifier.get(same(identifier)) if isinstance(identifier, str) else None

    def model(self, code: Json) -> Entity | None:
        return self.models.get(same(code)) if isinstance(code, str) else None

    def owner(self, attribute: str, data: str) -> str | None:
        """Give the uuid of the product that holds a value of a unique attribute."""
        return self._unique.get((attribute, same(data)))

    def children(self, parent: str) -> list[Entity]:
        return list(self._children.get(same(parent), {}).values())

    def ancestors(self, entity: Entity) -> list[Entity]:
        """Give the entity's parents, the root first."""
        parent = self.model(entity.parent)
        return [] if parent is None else [*self.ancestors(parent), parent]

    def save(self, entity: Entity, before: Entity | None = None) -> None:
        """Keep an entity, instead of what it was before if it was there."""
        if before is not None:
            self._forget(before)
        self.version += 1
        entity.updated = now()
        entity.created = entity.created or entity.updated
        if entity.kind == "product":
            self.products[entity.uuid] = entity
        if entity.code is not None:
            self._by_code(entity)[same(entity.code)] = entity
        for key in self._unique_values(entity):
            self._unique[key] = entity.uuid
        if entity.parent is not None:
            self._children.setdefault(same(entity.parent), {})[entity.uuid] = entity

    def delete(self, entity: Entity) -> None:
        """Remove an entity and all below it."""
        for child in self.children(entity.code or "") if entity.kind == "product_model" else ():
            self.delete(child)
        self._forget(entity)
        self.version += 1

    def _forget(self, entity: Entity) -> None:
        self.products.pop(entity.uuid, None)
        if entity.code is not None:
            self._by_code(entity).pop(same(entity.code), None)
        for key in self._unique_values(entity):
            self._unique.pop(key, None)
        if entity.parent is not None:
            self._children.get(same(entity.parent), {}).pop(entity.uuid, None)

    def _by_code(self, entity: Entity) -> dict[str, Entity]:
        return self._by_identifier if entity.kind == "product" else self.models

    def _unique_values(self, entity: Entity) -> list[tuple[str, str]]:
        return [
            (code, same(data))
            for code, cells in entity.values.items()
            if (self.catalog.attributes.get(code) or {}).get("unique")
            for data in cells.values()
            if isinstance(data, str)
        ]
