"""What becomes of a text that is no number, date, boolean or file as the mapping declares them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from erp2pim.mapping.context import Here
from erp2pim.mapping.values import Unmappable, Value

Instead: TypeAlias = Literal["reject", "drop"] | Value

TYPES = {"boolean", "date", "file", "image", "metric", "number", "price"}
_FINDINGS = {"boolean", "date", "file", "number"}


def readable(
    values: Sequence[Value],
    read: Callable[[Sequence[Value]], object],
    instead: Instead,
    where: tuple[Here, str],
) -> Sequence[Value]:
    """Give the values that can be read, and what stands for those that cannot.

    Args:
        values: What a rule found.
        read: Reads one, or raises Unmappable.
        instead: What to do with a text that cannot be read, or a path that leads elsewhere.
        where: Where the rule starts, and its place in the mapping: decisions are counted.

    Raises:
        Unmappable: A value can be read but not be taken.
    """
    here, place = where
    kept: list[Value] = []
    for value in values:
        try:
            read([value])
        except Unmappable as finding:
            if finding.what not in _FINDINGS or instead == "reject":
                raise
            here.context.decided(
                place, f"{finding.what}: {'dropped' if instead == 'drop' else 'replaced'}"
            )
            if instead != "drop":
                kept.append(replace(value, text=instead.text, constant=True))
        else:
            kept.append(value)
    return kept
