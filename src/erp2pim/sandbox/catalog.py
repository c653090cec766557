"""The structure of the PIM: attributes, families, channels …, found as MySQL finds them."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from erp2pim.model import identity
from erp2pim.sandbox.php import Json, Object

_IGNORED: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@functools.lru_cache(maxsize=100_000)
def same(code: str) -> str:
    r"""Give what two codes have in common that the database takes for the same.

    Its collation has no regard for case, accents and control characters (recorded: a PATCH of
    `products\u0000x` found `products\u0001x`).
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
        """Add an object, or put it in the place of the one with its code."""
        self._items[same(item["code"])] = item

    def get(self, code: Json) -> Object | None:
        """Find an object; None for what is no code."""
        return self._items.get(same(code)) if isinstance(code, str) else None

    def __iter__(self) -> Iterator[Object]:
        return iter(self._items.values())


class Catalog:
    """One PIM's structure, read from a catalogue file: the API's lists, by their names.

    Attributes:
        options: The options of each select attribute, by the attribute's code.
        family_variants: The family variants of all families, each with its `family`.
        locales_in_use: The locales that some channel has, by lower-case code; only these are
            active.
        currencies_in_use: Codes of the currencies that some channel has.
        main_identifier: Code of the attribute that holds the identifier.
        unique: Codes of the attributes of which no two products have the same value.
    """

    def __init__(self, source: Mapping[str, Json]) -> None:
        def collection(name: str) -> Collection:
            return Collection(dict(item) for item in source.get(name, ()))

        self.channels = collection("channels")
        self.locales = collection("locales")
        self.currencies = collection("currencies")
        self.attributes = collection("attributes")
        self.attribute_groups = collection("attribute_groups")
        self.attribute_types = collection("attribute_types")
        self.families = collection("families")
        self.categories = collection("categories")
        self.association_types = collection("association_types")
        self.measurement_families = collection("measurement_families")
        self.family_variants = Collection(
            {**variant, "family": family}
            for family, variants in source.get("family_variants", {}).items()
            for variant in variants
        )
        self.options = {
            attribute: Collection(dict(option) for option in options)
            for attribute, options in source.get("attribute_options", {}).items()
        }
        self._attributes: dict[str, Object] = {}
        self.locales_in_use: dict[str, str] = {}
        self.currencies_in_use: frozenset[str] = frozenset()
        self.main_identifier = "sku"
        self.unique: list[str] = []
        self.refresh()

    def refresh(self) -> None:
        """Work out anew what follows from the channels and attributes."""
        self._attributes = {attribute["code"]: attribute for attribute in self.attributes}
        codes = [locale for channel in self.channels for locale in channel["locales"]]
        self.locales_in_use = {locale.lower(): locale for locale in codes}
        self.currencies_in_use = frozenset(
            currency for channel in self.channels for currency in channel["currencies"]
        )
        for locale in self.locales:
            locale["enabled"] = locale["code"].lower() in self.locales_in_use
        self.unique = [a["code"] for a in self.attributes if a.get("unique")]
        identifiers = [a for a in self.attributes if a["type"] == "pim_catalog_identifier"]
        main = [a for a in identifiers if a.get("is_main_identifier")] or identifiers
        self.main_identifier = main[0]["code"] if main else "sku"

    def named(self, name: str) -> Collection:
        """Give a collection by its name in addresses."""
        found: Collection = getattr(self, name.replace("-", "_"))
        return found

    def attribute(self, code: str) -> Object | None:
        """Find an attribute; unlike with all other codes, case counts."""
        return self._attributes.get(code)

    def unit(self, family: str | None, code: str) -> str | None:
        """Give a unit's own spelling; None when the measurement family does not have it."""
        found = self.measurement_families.get(family)
        units: Object = {} if found is None else found["units"]
        return next((unit for unit in units if unit.lower() == code.lower()), None)

    def option(self, attribute: str, code: str) -> str | None:
        """Give an option's own spelling; None when the attribute does not have it."""
        found = self.options.get(attribute, Collection()).get(code)
        return None if found is None else found["code"]

    def levels(self, variant: str | None) -> list[set[str]]:
        """Give the attributes of each level of a family variant, the common ones first."""
        found = self.family_variants.get(variant)
        if found is None:
            return []
        family = self.families.get(found["family"]) or {"attributes": ()}
        own = [set(one["attributes"]) for one in self._sets(found)]
        return [set(family["attributes"]).difference(*own), *own]

    def axes(self, variant: str | None) -> list[list[str]]:
        """Give the axes of each level of a family variant; the common level has none."""
        found = self.family_variants.get(variant)
        return [[], *(list(one["axes"]) for one in self._sets(found))] if found else []

    def _sets(self, variant: Object) -> list[Object]:
        return sorted(variant["variant_attribute_sets"], key=lambda one: one["level"])
