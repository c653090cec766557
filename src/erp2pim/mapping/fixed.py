"""Constants and defaults that a mapping itself gives an attribute, held against the structure."""

from collections.abc import Iterator

from erp2pim.mapping import schema
from erp2pim.mapping.build import Builder
from erp2pim.mapping.cells import Cell
from erp2pim.mapping.spots import Spot
from erp2pim.mapping.values import Unmappable, Value
from erp2pim.structure.cells import cell_remarks

# What has a unit or a currency beside it, or travels apart, is held against it with its record.
_WITH_MORE = frozenset({"metric", "price", "image", "file"})
_BEFORE_IT_IS_SENT = ("table", "transform", "split", "join")
# These have faults of their own.
_TOLD_ELSEWHERE = frozenset({"locale", "channel", "option"})


def check_fixed(builder: Builder, cell: Cell, entry: schema.Cell, spot: Spot) -> None:
    """Note a fault for a constant or a default that would be refused with every record."""
    for key, text in _texts(entry):
        for message in _refusals(builder, cell, text):
            builder.faults.add(spot.at(key).loc, f"{cell.name}: {message}; found {text!r}")


def _texts(entry: schema.Cell) -> Iterator[tuple[str, str]]:
    is_sent = all(getattr(entry, key) is None for key in _BEFORE_IT_IS_SENT)
    if entry.value and is_sent:
        yield "value", entry.value
    if entry.default:
        yield "default", entry.default


def _refusals(builder: Builder, cell: Cell, text: str) -> Iterator[str]:
    structure = builder.structure
    attribute = None if structure is None else structure.attributes.get(cell.name)
    if structure is None or attribute is None or cell.type in _WITH_MORE:
        return
    try:
        data = cell.typed([Value(text, constant=True)])
    except Unmappable as finding:
        yield finding.message
        return
    spot = cell.locale, cell.channel
    for remark in cell_remarks(structure, "product", attribute, spot, data):
        if remark.severity == "reject" and remark.check not in _TOLD_ELSEWHERE:
            yield remark.message
