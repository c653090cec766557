"""Keys of a rule that would have no effect where they stand: each is a fault."""

import re
from collections.abc import Iterator, Mapping

from erp2pim.mapping import schema
from erp2pim.mapping.faults import Faults, Loc
from erp2pim.mapping.origins import Pairs
from erp2pim.mapping.spots import Level

_NUMERIC = ("number", "metric", "price")
_SELECTS = ("select", "multiselect")
_FOR_TYPES: dict[str, tuple[str, ...]] = {
    "unit": ("metric",),
    "currency": ("price",),
    "columns": ("table",),
    "times": _NUMERIC,
    "divide": _NUMERIC,
    "round": _NUMERIC,
    "options": _SELECTS,
    "label": _SELECTS,
    "root": ("file", "image"),
}
_NEEDED = {"metric": "unit", "price": "currency"}
_OF_THE_WHOLE = ("absent", "empty", "nil", "dates", "booleans", "numbers")
_OF_A_CELL = ("times", "divide", "round")
_RESERVED = {
    "channel": "the channel of the cell",
    "locale": "the locale of the cell",
    "rest": "what a number left over",
}
_WITH_COLUMNS = {"each", "columns", "type", "locale", "channel", "locales", "channels", "owner"}


def check_name(name: str, loc: Loc, faults: Faults) -> None:
    """Hold that a name can be a variable and is not one that has a meaning already."""
    if name in _RESERVED:
        faults.add(loc, f"${name} is reserved: {_RESERVED[name]}; take another name")
    elif not re.fullmatch(r"[^\W\d][\w.\-]*", name):
        faults.add(loc, f"{name!r} cannot be a variable: a letter, then letters, digits, _, - or .")


def idle(rule: schema.Rule, level: Level) -> Iterator[tuple[str, str]]:
    """Give keys without effect, whatever the attribute's type is, each with what to do.

    Args:
        rule: The rule as it was written.
        level: What it stands for.
    """
    if not isinstance(rule.path, str):
        for key, written in (("as", rule.as_), ("trim", rule.trim)):
            if written is not None:
                yield key, f"{key} goes with one path: write it beside that path"
    if rule.quantity is not None:
        yield "quantity", "quantity is for associations"
    for key in _OF_THE_WHOLE if level == "entry" else ():
        if getattr(rule, key) is not None:
            yield key, f"{key} counts for a whole rule, not for one entry of it: write it there"
    for key in _OF_A_CELL if level != "cell" else ():
        if getattr(rule, key) is not None:
            yield key, f"{key} counts for the number of an attribute: write it beside its type"


def unsuited(cell: schema.Cell, kind: schema.AttributeType) -> Iterator[tuple[str, str]]:
    """Give keys that an attribute of this type has no use for."""
    for key, kinds in _FOR_TYPES.items():
        if getattr(cell, key) is not None and kind not in kinds:
            yield key, f"{key} is for {_listed(kinds)}; the type is {kind}"
    if cell.label is not None and cell.options is None:
        yield "label", "label names an option that is made: write options: create, too"
    if cell.columns is not None:
        for key in sorted(cell.model_fields_set - _WITH_COLUMNS):
            yield key.rstrip("_"), f"{key.rstrip('_')} does not go with columns"


def lacking(
    cell: schema.Cell, kind: schema.AttributeType, pairs: Mapping[str, Pairs]
) -> str | None:
    """Say what an attribute of this type needs and none of its entries has.

    Args:
        cell: The rule as it was written.
        kind: The type.
        pairs: The lists of pairs; an unknown one is another fault.
    """
    if kind == "table" and cell.columns is None:
        return "a table needs each: and columns:"
    needed = _NEEDED.get(kind)
    if needed is None or _gives(cell, needed, pairs):
        return None
    example = "{value: KILOGRAM}" if needed == "unit" else "{value: EUR}"
    return f"a {kind} needs {needed}: a path, or a constant such as {example}"


def _gives(rule: schema.Source, needed: str, pairs: Mapping[str, Pairs]) -> bool:
    if isinstance(rule, str):
        return False
    if getattr(rule, needed) is not None:
        return True
    if rule.pair is not None:
        named = pairs.get(rule.pair.partition(".")[0])
        return named is None or (needed == "unit" and named.value.unit is not None)
    entries = [*(rule.path if isinstance(rule.path, list) else ()), *(rule.all or ())]
    return any(_gives(entry, needed, pairs) for entry in entries)


def _listed(names: tuple[str, ...]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
