"""What the catalogue of one PIM looks like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from erp2pim.structure.attribute import IDENTIFIER, Attribute, Labels, Names
from erp2pim.structure.codes import Codes


@dataclass(frozen=True, slots=True)
class Family:
    """A family of products.

    Attributes:
        attribute_requirements: The attributes that make a product complete, by channel.
    """

    code: str
    attributes: Names = ()
    attribute_requirements: Mapping[str, Names] = field(default_factory=dict[str, Names])
    attribute_as_label: str | None = None
    attribute_as_image: str | None = None
    labels: Labels = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a family variant below the root models.

    Attributes:
        level: 1 or 2.
        axes: The attributes by which siblings differ.
        attributes: All that have their values here, axes included.
    """

    level: int
    axes: Names = ()
    attributes: Names = ()


@dataclass(frozen=True, slots=True)
class FamilyVariant:
    """How the values of a family are spread over models and variants.

    Attributes:
        family: The family's code.
        variant_attribute_sets: The levels below the root, from above.
    """

    code: str
    family: str = ""
    variant_attribute_sets: Sequence[Level] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel (scope) with its locales and currencies."""

    code: str
    locales: Names = ()
    currencies: Names = ()
    category_tree: str | None = None


@dataclass(frozen=True, slots=True)
class Switched:
    """A locale or currency, which may be switched off."""

    code: str
    enabled: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a measurement family."""

    code: str
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class MeasurementFamily:
    """A measurement family with its units."""

    code: str
    standard_unit_code: str = ""
    units: Codes[Unit] = field(default_factory=Codes[Unit])


@dataclass(frozen=True, slots=True)
class AssociationType:
    """An association type."""

    code: str
    is_two_way: bool = False
    is_quantified: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """A category; without a parent it is the root of a tree."""

    code: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a select attribute."""

    code: str
    labels: Labels = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Structure:
    """The structure of one PIM, at one time.

    Attributes:
        version: The PIM's version and edition; empty where the PIM does not tell.
        pulled: The day it was read, ISO 8601; empty where nobody knows.
        locales: Those that are enabled.
        currencies: Likewise.
        attribute_options: Options by the attribute's code; an attribute that is not in here has
            options that nobody has read.
    """

    version: str = ""
    pulled: str = ""
    channels: Codes[Channel] = field(default_factory=Codes[Channel])
    locales: Codes[Switched] = field(default_factory=Codes[Switched])
    currencies: Codes[Switched] = field(default_factory=Codes[Switched])
    attributes: Codes[Attribute] = field(default_factory=Codes[Attribute])
    families: Codes[Family] = field(default_factory=Codes[Family])
    family_variants: Codes[FamilyVariant] = field(default_factory=Codes[FamilyVariant])
    association_types: Codes[AssociationType] = field(default_factory=Codes[AssociationType])
    categories: Codes[Category] = field(default_factory=Codes[Category])
    measurement_families: Codes[MeasurementFamily] = field(default_factory=Codes[MeasurementFamily])
    attribute_options: Mapping[str, Codes[Option]] = field(default_factory=dict[str, Codes[Option]])

    @cached_property
    def main_identifier(self) -> Attribute | None:
        """The attribute that holds a product's identifier; None where the PIM has none.

        A PIM that does not mark it has only one (Akeneo, before 7.0).
        """
        found = [one for one in self.attributes.values() if one.type == IDENTIFIER]
        return next((one for one in found if one.is_main_identifier), found[0] if found else None)

    @cached_property
    def active_locales(self) -> Mapping[str, str]:
        """The locales that may hold values, by their lower-case code.

        A locale is active when a channel has it.
        """
        codes = {one for channel in self.channels.values() for one in channel.locales}
        return {code.lower(): code for code in sorted({*codes, *self.locales})}

    @cached_property
    def active_currencies(self) -> frozenset[str]:
        """The currencies that prices may have: those of all channels (Akeneo, CurrencyValidator).

        Case counts (recorded).
        """
        return frozenset(one for channel in self.channels.values() for one in channel.currencies)

    @cached_property
    def variants_of(self) -> Mapping[str, Sequence[FamilyVariant]]:
        """The family variants of each family, by its code."""
        found: dict[str, list[FamilyVariant]] = {}
        for variant in self.family_variants.values():
            found.setdefault(variant.family, []).append(variant)
        return found

    @cached_property
    def members(self) -> Mapping[str, frozenset[str]]:
        """The attributes of each family, by its code."""
        return {code: frozenset(family.attributes) for code, family in self.families.items()}

    @cached_property
    def spread(self) -> Mapping[str, Sequence[frozenset[str]]]:
        """The attributes of each level of each family variant; first those of the root models."""
        return {code: self._levels(variant) for code, variant in self.family_variants.items()}

    def _levels(self, variant: FamilyVariant) -> Sequence[frozenset[str]]:
        own = [frozenset(level.attributes) for level in variant.variant_attribute_sets]
        family = self.families.find(variant.family)
        every = frozenset(family.attributes) if family is not None else frozenset[str]()
        return [every.difference(*own), *own]

    def option(self, attribute: str, code: str) -> Option | None:
        """Find an option: case does not count, accents do (Akeneo, AttributeOptionsExist)."""
        options = self.attribute_options.get(attribute)
        found = None if options is None else options.find(code)
        return found if found is not None and found.code.lower() == code.lower() else None

    def unit(self, family: str | None, code: str) -> Unit | None:
        """Find a unit of a measurement family; case does not count."""
        found = self.measurement_families.find(family) if family else None
        unit = None if found is None else found.units.find(code)
        return unit if unit is not None and unit.code.lower() == code.lower() else None
