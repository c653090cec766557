"""The structure of the PIM: attributes, families, channels …, found as MySQL finds them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from erp2pim.model import identity
from erp2pim.sandbox.refusal import Json, Object


_IGNORED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def same(code: str) -> str:
    """Give what two codes have in common that the database takes for the same.

    Its collation has no regard for case, accents and control characters (recorded: a PATCH of
    `products\\u0000x` found `products\\u0001x`).
    """
    return identity(_IGNORED.sub("", code))


def in_order(code: str) -> str:
    """Give the key that the database sorts codes by: `_` comes before digits and letters."""
    return same(code).replace("_", " ")


class Collection:
    """Objects by code, in the order in which they came; case and accents of a code don't count."""

    def __init__(self, items: Iterable[Object] = ()) -> None:
        self._items = {same(item["code"]): item for item in items}

    def put(self, item: Object) -> None:
        self._items[same(item["code"])] = item

    def get(self, code: Json) -> Object | None:
        return self._items.get(same(code)) if isinstance(code, str) else None

    def __iter__(self) -> Iterator[Object]:
        return iter(self._items.values())


@dataclass(slots=True)
class Catalog:
    """One PIM's structure.

    Attributes:
        options: The options of each select attribute, by the attribute's code.
        family_variants: The family variants of all families, each with its `family`.
        locales_in_use: Codes of the locales that some channel has; only these are active.
        currencies_in_use: Codes of the currencies that some channel has.
        main_identifier: Code of the attribute that holds the identifier.
    """

    channels: Collection = field(default_factory=Collection)
    locales: Collection = field(default_factory=Collection)
    currencies: Collection = field(default_factory=Collection)
    attributes: Collection = field(default_factory=Collection)
    attribute_groups: Collection = field(default_factory=Collection)
    families: Collection = field(default_factory=Collection)
    categories: Collection = field(default_factory=Collection)
    association_types: Collection = field(default_factory=Collection)
    measurement_families: Collection = field(default_factory=Collection)
    family_variants: Collection = field(default_factory=Collection)
    options: dict[str, Collection] = field(default_factory=dict)
    locales_in_use: dict[str, str] = field(default_factory=dict)
    currencies_in_use: frozenset[str] = frozenset()
    main_identifier: str = "sku"

    @classmethod
    def read(cls, source: Mapping[str, Json]) -> Self:
        """Read a catalogue file: the lists of the API, and variants and options by their owner."""
        catalog = cls(
            **{
                name: Collection(dict(item) for item in items)
                for name, items in source.items()
                if isinstance(items, list)
            }
        )
        for family, variants in source.get("family_variants", {}).items():
            for variant in variants:
                catalog.family_variants.put({**variant, "family": family})
        for attribute, options in source.get("attribute_options", {}).items():
            catalog.options[attribute] = Collection(dict(option) for option in options)
        catalog.refresh()
        return catalog

    def refresh(self) -> None:
        """Work out anew what follows from the channels and attributes."""
        self.locales_in_use = {
            locale.lower(): locale for channel in self.channels for locale in channel["locales"]
        }
        self.currencies_in_use = frozenset(
            currency for channel in self.channels for currency in channel["currencies"]
        )
        for locale in self.locales:
            locale["enabled"] = locale["code"].lower() in self.locales_in_use
        identifiers = [a for a in self.attributes if a["type"] == "pim_catalog_identifier"]
        main = [a for a in identifiers if a.get("is_main_identifier")] or identifiers
        self.main_identifier = main[0]["code"] if main else "sku"

    def attribute(self, code: str) -> Object | None:
        """Find an attribute; unlike all other codes, case counts."""
        found = self.attributes.get(code)
        return found if found is not None and found["code"] == code else None

    def unit(self, family: str | None, code: str) -> str | None:
        """Give a unit's own spelling; None when the measurement family does not have it."""
        found = self.measurement_families.get(family)
        units = {} if found is None else found["units"]
        return next((unit for unit in units if unit.lower() == code.lower()), None)

    def option(self, attribute: str, code: str) -> str | None:
        """Give an option's own spelling; None when the attribute does not have it."""
        found = self.options.get(attribute, Collection()).get(code)
        return None if found is None else found["code"]

    def levels(self, variant: str) -> list[set[str]]:
        """Give the attributes of each level of a family variant, the common ones first."""
        found = self.family_variants.get(variant)
        family = self.families.get(found["family"]) if found else None
        if found is None or family is None:
            return []
        sets = sorted(found["variant_attribute_sets"], key=lambda level: level["level"])
        own = [set(level["attributes"]) for level in sets]
        return [set(family["attributes"]).difference(*own), *own]

    def axes(self, variant: str, level: int) -> list[str]:
        found = self.family_variants.get(variant)
        sets = found["variant_attribute_sets"] if found else []
        return next((list(one["axes"]) for one in sets if one["level"] == level), [])
