"""An item held against the structure of the PIM that it is meant for."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import NoneType

from erp2pim.model import Body, Json, Kind
from erp2pim.place import Place
from erp2pim.structure.attribute import IDENTIFIER, Attribute
from erp2pim.structure.catalogue import Structure
from erp2pim.structure.cells import Spot, cell_remarks
from erp2pim.structure.findings import Finding, Remarks, finding, refuse
from erp2pim.structure.levels import (
    Standing,
    axis_remarks,
    level_remarks,
    root_remarks,
    standing,
)
from erp2pim.structure.links import plain_remarks, quantified_remarks
from erp2pim.structure.properties import property_remarks
from erp2pim.structure.shapes import members
from erp2pim.structure.texts import code_remarks, length, rule

_CODE_OR_NONE = (str, NoneType)
_LISTS = {"product": "products", "product_model": "product_models"}
_CODE = Attribute("code", IDENTIFIER)


def findings(
    structure: Structure, kind: Kind, identifier: str, body: Body, *, variant: str | None = None
) -> list[Finding]:
    """Give all that is to be said of an item before it is sent.

    Whether items, files and groups exist, whether a value is unique, and what the item has in the
    PIM already is not known here.

    Args:
        structure: The PIM's structure.
        kind: What the item is.
        identifier: Its identifier or code.
        body: One line of a batch PATCH without the identifier or code, in the PIM's spelling.
        variant: Its family variant, where somebody knows it: that of a variant product's parent.
    """
    return list(_all(structure, kind, identifier, body, variant))


def _all(
    structure: Structure, kind: Kind, identifier: str, body: Body, variant: str | None
) -> Iterator[Finding]:
    item = _Item(structure, kind, identifier, standing(structure, kind, body, variant))
    name = "identifier" if kind == "product" else "code"
    yield from _told(name, _identity(item), identifier)
    yield from _told("family_variant", root_remarks(kind, body), None)
    yield from _told("values", axis_remarks(item.stands, body), None)
    for name, content in body.items():
        yield from _told(name, property_remarks(structure, kind, body, name), content)
        if name == "values":
            yield from _values(item, content)
        elif name in {"associations", "quantified_associations"}:
            yield from _associations(item, name, content)


@dataclass(frozen=True, slots=True)
class _Item:
    """The item that is looked at."""

    structure: Structure
    kind: Kind
    identifier: str
    stands: Standing


def _told(name: str, remarks: Remarks, data: Json) -> Iterator[Finding]:
    for remark in remarks:
        yield finding(Place(name), remark, data)


def _identity(item: _Item) -> Remarks:
    """Check an identifier or code.

    Source: recorded.
    """
    if not item.identifier:
        yield refuse("identifier", "an identifier is expected")
        return
    own = item.structure.main_identifier if item.kind == "product" else None
    yield from code_remarks(item.identifier)
    yield from length(own or _CODE, item.identifier)
    yield from rule(own or _CODE, item.identifier)


def _associations(item: _Item, name: str, content: Json) -> Iterator[Finding]:
    if not isinstance(content, dict):
        if content not in ([], ()):
            remark = refuse("association", "an object of association types is expected")
            yield finding(Place(name), remark, content)
        return
    own = _LISTS[item.kind], item.identifier
    for code, lists in content.items():
        remarks = (
            plain_remarks(item.structure, own, code, lists)
            if name == "associations"
            else quantified_remarks(item.structure, code, lists)
        )
        yield from _told(f"{name}.{code}", remarks, lists)


def _values(item: _Item, values: Json) -> Iterator[Finding]:
    if not isinstance(values, dict):
        if values not in (None, [], ()):
            remark = refuse("values", "an object of attributes is expected")
            yield finding(Place("values"), remark, values)
        return
    for code, cells in values.items():
        attribute = item.structure.attributes.own(code)
        if attribute is None:
            yield from _told(code, _unknown(item.structure, code), code)
            continue
        yield from _told(code, level_remarks(item.structure, item.stands, code), code)
        every = members(cells)
        if every is None:
            remark = refuse("cell", "a list of cells is expected")
            yield finding(Place(code), remark, cells)
        else:
            yield from _cells(item, attribute, every)


def _unknown(structure: Structure, code: str) -> Remarks:
    """Refuse an attribute that the PIM does not have; case counts.

    Source: recorded.
    """
    near = structure.attributes.find(code)
    hint = "" if near is None else f"; did you mean {near.code}?"
    yield refuse("attribute", f"an attribute of the PIM is expected{hint}")


def _cells(item: _Item, attribute: Attribute, cells: Sequence[Json]) -> Iterator[Finding]:
    seen: set[Spot] = set()
    for cell in cells:
        spot = _spot(cell)
        if spot is None or not isinstance(cell, dict):
            message = "a cell is expected: {locale: …, scope: …, data: …}"
            yield finding(Place(attribute.code), refuse("cell", message), cell)
            continue
        data = cell["data"]
        for remark in _cell(item, attribute, spot, data, seen):
            yield finding(Place(attribute.code, *spot), remark, data)
        if data is not None:
            seen.add(spot)


def _cell(
    item: _Item, attribute: Attribute, spot: Spot, data: Json, seen: AbstractSet[Spot]
) -> Remarks:
    yield from cell_remarks(item.structure, item.kind, attribute, spot, data)
    if spot in seen and data is not None:
        yield from _twice()
    if attribute is item.structure.main_identifier and item.kind == "product":
        yield from _same_identifier(item.identifier, data)


def _spot(cell: Json) -> Spot | None:
    """Give a cell's locale and channel; None where it is no cell.

    Source: pim-community-dev (PayloadFormatValidator); recorded.
    """
    if not isinstance(cell, dict) or not ("locale" in cell and "scope" in cell and "data" in cell):
        return None
    locale, scope = cell["locale"], cell["scope"]
    if isinstance(locale, _CODE_OR_NONE) and isinstance(scope, _CODE_OR_NONE):
        return locale, scope
    return None


def _twice() -> Remarks:
    """Refuse a second value for one locale and channel.

    Source: pim-community-dev (DuplicateValueChecker); recorded.
    """
    message = "one value for each locale and channel is expected"
    yield refuse("cell twice", message)


def _same_identifier(identifier: str, data: Json) -> Remarks:
    """Refuse a value of the identifier attribute that differs: the PIM leaves it aside.

    Source: recorded.
    """
    if data != identifier:
        message = f"{identifier} is expected, the product's identifier; the PIM ignores any other"
        yield refuse("identifier", message)
