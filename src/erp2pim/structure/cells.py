"""Checks of one cell: where it stands, and its data by the attribute's type."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from erp2pim.model import Json, Kind
from erp2pim.structure import attribute as types
from erp2pim.structure.amounts import metric_remarks, number_remarks, price_remarks
from erp2pim.structure.attribute import Attribute
from erp2pim.structure.catalogue import Structure
from erp2pim.structure.choices import (
    boolean_remarks,
    file_remarks,
    multiselect_remarks,
    product_link_remarks,
    reference_remarks,
    references_remarks,
    select_remarks,
)
from erp2pim.structure.dates import date_remarks
from erp2pim.structure.emptiness import is_empty
from erp2pim.structure.findings import Remarks, refuse, warn
from erp2pim.structure.places import place_remarks
from erp2pim.structure.tables import table_remarks
from erp2pim.structure.texts import blanks, identifier_remarks, text_remarks

Spot: TypeAlias = tuple[str | None, str | None]  # locale, scope
Check: TypeAlias = Callable[[Structure, Attribute, str | None, Json], Remarks]


def cell_remarks(
    structure: Structure, kind: Kind, attribute: Attribute, spot: Spot, data: Json
) -> Remarks:
    """Check a cell; what clears it is looked at less closely."""
    if not is_empty(attribute.type, data):
        yield from place_remarks(structure, attribute, *spot)
        yield from _CHECKS.get(attribute.type, _unchecked)(structure, attribute, spot[1], data)
        return
    for remark in place_remarks(structure, attribute, *spot):
        yield remark._replace(severity="warn")  # where nothing can be, clearing does nothing
    yield from clearing(kind, attribute, data)


def clearing(kind: Kind, attribute: Attribute, data: Json) -> Remarks:
    """Refuse what clears other attributes, but not this one.

    Source: pim-community-dev (PayloadFormatValidator, MediaAttributeSetter); recorded.
    """
    if attribute.type == types.BOOLEAN:
        yield from boolean_remarks(data)
    elif attribute.type in types.FILES:
        yield from file_remarks(attribute, data)
    elif (
        attribute.type == types.PRICES
        and kind == "product"
        and (data is None or isinstance(data, str))
    ):
        yield refuse("price", "[] is expected to clear prices")
    yield from blanks(data)


def _unchecked(_structure: Structure, attribute: Attribute, _: str | None, data: Json) -> Remarks:
    """Say that a type is not known here."""
    message = f"what an attribute of the type {attribute.type} takes is not known here"
    yield warn("type", message, str(data))


_CHECKS: Mapping[str, Check] = {
    types.TEXT: lambda _, attribute, __, data: text_remarks(attribute, data),
    types.TEXTAREA: lambda _, attribute, __, data: text_remarks(attribute, data),
    types.IDENTIFIER: lambda _, attribute, __, data: identifier_remarks(attribute, data),
    types.NUMBER: lambda _, attribute, __, data: number_remarks(attribute, data),
    types.BOOLEAN: lambda _, __, ___, data: boolean_remarks(data),
    types.DATE: lambda _, attribute, __, data: date_remarks(attribute, data),
    types.METRIC: lambda structure, attr, _, data: metric_remarks(structure, attr, data),
    types.PRICES: price_remarks,
    types.SELECT: lambda structure, attr, _, data: select_remarks(structure, attr, data),
    types.MULTISELECT: lambda structure, attr, _, data: multiselect_remarks(structure, attr, data),
    **dict.fromkeys(types.FILES, lambda _, attribute, __, data: file_remarks(attribute, data)),
    types.TABLE: lambda _, attribute, __, data: table_remarks(attribute, data),
    types.PRODUCT_LINK: lambda _, __, ___, data: product_link_remarks(data),
    **dict.fromkeys(
        {types.RECORD, *types.REFERENCES}, lambda _, __, ___, data: reference_remarks(data)
    ),
    **dict.fromkeys(
        {types.RECORDS, types.ASSETS, *types.MULTI_REFERENCES},
        lambda _, __, ___, data: references_remarks(data),
    ),
}
