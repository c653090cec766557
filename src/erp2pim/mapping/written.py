"""What can be said of a mapping by looking at how it is written."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from erp2pim.mapping import schema
from erp2pim.mapping.context import REST
from erp2pim.mapping.faults import Loc

_Kind: TypeAlias = schema.Products | schema.ProductModels

SORTS = ("products", "product_models", "groups")


def kinds(file: schema.MappingFile) -> Iterator[tuple[_Kind, Loc]]:
    """Give all kinds, each with the keys that lead to it; models first, as they are sent."""
    for name in ("product_models", "products"):
        written: _Kind | list[_Kind] = getattr(file, name)
        if isinstance(written, list):
            yield from ((kind, (name, index)) for index, kind in enumerate(written))
        else:
            yield written, (name,)


def cells(written: schema.Attribute, loc: Loc) -> Sequence[tuple[schema.Cell, Loc]]:
    """Give the rules of an attribute, each with the keys that lead to it; a path is one, too."""
    if isinstance(written, list):
        return [(cell, (*loc, index)) for index, cell in enumerate(written)]
    return [(schema.Cell(path=written) if isinstance(written, str) else written, loc)]


def mentions_rest(written: schema.Source | None) -> bool:
    """Say whether `$rest` stands anywhere in a rule."""
    if written is None or isinstance(written, str):
        return f"${REST}" in (written or "")
    entries = [written.path] if isinstance(written.path, str) else written.path or ()
    return any(map(mentions_rest, (*entries, *(written.all or ()), *(written.concat or ()))))


def step_names(written: schema.Transforms | None) -> list[str]:
    """Give the names of the steps of `transform`."""
    each = written if isinstance(written, list) else [written or {}]
    return [name for names in each for name in ([names] if isinstance(names, str) else names)]
