"""The structure of a PIM, read over its API."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from erp2pim.errors import PimError
from erp2pim.model import Json
from erp2pim.pim import ROOT, Pim
from erp2pim.run.pages import object_of, pages
from erp2pim.run.searching import named
from erp2pim.structure import NotAStructureError, Structure, from_json
from erp2pim.structure.attribute import SELECTS
from erp2pim.structure.codes import Coded, Codes

_LISTS = (
    "channels",
    "locales",
    "currencies",
    "attributes",
    "families",
    "association-types",
    "categories",
)
T = TypeVar("T", bound=Coded)


def pull(pim: Pim, *, selects: Collection[str] | None, today: str) -> Structure:
    """Read the structure of a PIM.

    Args:
        pim: The PIM.
        selects: The attributes whose options are read, as far as they are selects; None for all.
        today: The day, ISO 8601.

    Raises:
        PimError: It cannot be had, or is not what the PIM's API gives.
    """
    found: dict[str, Json] = {
        "version": _version(pim.find(f"{ROOT}/system-information")),
        "pulled": today,
        "measurement_families": measurements(pim),
    }
    for name in _LISTS:
        found[name.replace("-", "_")] = list(pages(pim, f"{ROOT}/{name}"))
    known = read(found)
    found["family_variants"] = {
        code: list(pages(pim, variants_path(code))) for code in known.families
    }
    wanted = [
        attribute.code
        for attribute in known.attributes.values()
        if attribute.type in SELECTS and (selects is None or attribute.code in selects)
    ]
    found["attribute_options"] = {code: list(pages(pim, options_path(code))) for code in wanted}
    return read(found)


def read(found: Json) -> Structure:
    """Give what the API's lists say, by their names.

    Raises:
        PimError: It is not what the PIM's API gives.
    """
    try:
        return from_json(found)
    except NotAStructureError as error:
        raise PimError(
            f"the PIM's structure is not as its API describes it: {error}", where=f"GET {ROOT}"
        ) from error


@dataclass(frozen=True, slots=True)
class Share:
    """The things of a structure that a run makes use of, by their codes."""

    attributes: Collection[str]
    families: Collection[str]
    family_variants: Collection[str]
    association_types: Collection[str]

    def of(self, structure: Structure) -> Structure:
        """Give these things of a structure, with its channels and the units of the attributes."""
        attributes = _these(structure.attributes, self.attributes)
        units = {one.metric_family for one in attributes.values() if one.metric_family}
        return Structure(
            channels=structure.channels,
            attributes=attributes,
            families=_these(structure.families, self.families),
            family_variants=_these(structure.family_variants, self.family_variants),
            association_types=_these(structure.association_types, self.association_types),
            measurement_families=_these(structure.measurement_families, units),
        )


def _these(things: Codes[T], codes: Collection[str]) -> Codes[T]:
    return Codes(thing for code in codes if (thing := things.find(code)) is not None)


def again(pim: Pim, known: Structure) -> Structure:
    """Read anew what a share of a structure holds, in a few requests.

    Raises:
        PimError: It cannot be had, or is not what the PIM's API gives.
    """
    found: dict[str, Json] = {
        name: list(named(pim, f"{ROOT}/{name}", "code", list(codes)))
        for name, codes in (("attributes", known.attributes), ("families", known.families))
    }
    found["channels"] = list(pages(pim, f"{ROOT}/channels"))
    if known.association_types:
        found["association_types"] = list(pages(pim, f"{ROOT}/association-types"))
    if known.measurement_families:
        found["measurement_families"] = measurements(pim)
    found["family_variants"] = {
        family: list(pages(pim, variants_path(family)))
        for family in sorted({one.family for one in known.family_variants.values()})
    }
    return read(found)


def _version(information: Json) -> str:
    """Give the version and the edition; nothing where the PIM does not tell (before 6.0)."""
    told = object_of(information)
    return " ".join(str(told[name]) for name in ("edition", "version") if told.get(name))


def measurements(pim: Pim) -> Json:
    """Give the measurement families, which are not paged; an old PIM has another list (4.0)."""
    families = pim.find(f"{ROOT}/measurement-families")
    return list(pages(pim, f"{ROOT}/measure-families")) if families is None else families


def variants_path(family: str) -> str:
    """Give the path of a family's variants."""
    return f"{ROOT}/families/{quote(family, safe='')}/variants"


def options_path(attribute: str) -> str:
    """Give the path of an attribute's options."""
    return f"{ROOT}/{options_resource(attribute)}"


def options_resource(attribute: str) -> str:
    """Give where the PIM takes lines of an attribute's options."""
    return f"attributes/{quote(attribute, safe='')}/options"
