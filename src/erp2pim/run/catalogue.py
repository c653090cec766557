"""The structure of a PIM, read over its API."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast
from urllib.parse import parse_qsl, quote, urlsplit

from erp2pim.errors import PimError
from erp2pim.model import Json
from erp2pim.pim import Pim
from erp2pim.run.searching import named
from erp2pim.structure import NotAStructureError, Structure, from_json
from erp2pim.structure.attribute import SELECTS
from erp2pim.structure.codes import Coded, Codes

ROOT = "/api/rest/v1"
_PAGE = {"limit": "100"}
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
    found["family_variants"] = {
        code: list(pages(pim, f"{ROOT}/families/{quote(code, safe='')}/variants"))
        for code in _codes(found["families"])
    }
    wanted = [
        str(attribute["code"])
        for attribute in _objects(found["attributes"])
        if attribute.get("type") in SELECTS and (selects is None or attribute["code"] in selects)
    ]
    found["attribute_options"] = {code: list(pages(pim, options_path(code))) for code in wanted}
    return _read(found)


def _read(found: Json) -> Structure:
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

    def of(self, structure: Structure) -> Structure:
        """Give these things of a structure, with its channels and the units of the attributes."""
        attributes = _these(structure.attributes, self.attributes)
        units = {one.metric_family for one in attributes.values() if one.metric_family}
        return Structure(
            channels=structure.channels,
            attributes=attributes,
            families=_these(structure.families, self.families),
            family_variants=_these(structure.family_variants, self.family_variants),
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
    if known.measurement_families:
        found["measurement_families"] = measurements(pim)
    found["family_variants"] = {
        family: list(pages(pim, f"{ROOT}/families/{quote(family, safe='')}/variants"))
        for family in sorted({one.family for one in known.family_variants.values()})
    }
    return _read(found)


def _version(information: Json) -> str:
    """Give the version and the edition; nothing where the PIM does not tell (before 6.0)."""
    told = _object(information)
    return " ".join(str(told[name]) for name in ("edition", "version") if told.get(name))


def measurements(pim: Pim) -> Json:
    """Give the measurement families, which are not paged; an old PIM has another list (4.0)."""
    families = pim.find(f"{ROOT}/measurement-families")
    return list(pages(pim, f"{ROOT}/measure-families")) if families is None else families


def options_path(attribute: str) -> str:
    """Give the path of an attribute's options."""
    return f"{ROOT}/attributes/{quote(attribute, safe='')}/options"


def pages(pim: Pim, path: str) -> Iterator[Json]:
    """Give all members of a list, page by page.

    The link to the next page may name a host that only the PIM knows, so that its query alone is
    followed; it is there, too, when nothing follows.

    Raises:
        PimError: The answer is no page, or the pages lead nowhere.
    """
    query: Mapping[str, str] = _PAGE
    while True:
        items, following = _page(pim.get(path, query), path)
        yield from items
        if following is None or not items:
            return
        if following == query:
            raise PimError("the PIM's pages go round in a circle", where=f"GET {path}")
        query = following


def _page(answer: Json, path: str) -> tuple[Sequence[Json], Mapping[str, str] | None]:
    """Give the members of a page and the query of the next one; None where it is the last."""
    page = _object(answer)
    items = _object(page.get("_embedded")).get("items")
    if isinstance(items, str) or not isinstance(items, Sequence):
        raise PimError("the PIM's answer is no page of a list", where=f"GET {path}")
    link = _object(_object(page.get("_links")).get("next")).get("href")
    following = dict(parse_qsl(urlsplit(link).query)) if isinstance(link, str) else None
    return items, following


def page_of(answer: Json, path: str) -> Sequence[Json]:
    """Give the members of one page of a list.

    Raises:
        PimError: It is no page.
    """
    return _page(answer, path)[0]


def _object(answer: Json) -> Mapping[str, Json]:
    """Give an object of JSON, an empty one for anything else."""
    return answer if isinstance(answer, Mapping) else dict[str, Json]()


def _objects(items: Json) -> Sequence[Mapping[str, Json]]:
    return [_object(one) for one in cast("Sequence[Json]", items)]


def _codes(items: Json) -> Sequence[str]:
    return [str(one["code"]) for one in _objects(items)]
