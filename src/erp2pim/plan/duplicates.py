"""Several records that name one item."""

from collections.abc import Sequence
from dataclasses import dataclass

from erp2pim.model import Body, Origin
from erp2pim.plan.compare import difference, united

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why several records for one item cannot be taken.

    Attributes:
        message: What was expected, with the places of all of them.
        value: What differs; None when the records as such are too many.
    """

    message: str
    value: str | None = None


def too_many(twins: Sequence[Origin]) -> Conflict:
    """Say that one record an item was expected."""
    return Conflict(f"one record with this identifier is expected; found {places(twins)}")


def merged(bodies: Sequence[Body], twins: Sequence[Origin]) -> Body | Conflict:
    """Unite what several records say; the same cell with two different values is a conflict."""
    whole, *others = bodies
    for body in others:
        both = united(whole, body)
        contradicted = difference(whole, both)
        if contradicted:
            name = _first_name(contradicted)
            return Conflict(f"one value for {name} is expected in {places(twins)}")
        whole = both
    return whole


def places(twins: Sequence[Origin]) -> str:
    """Name the records, at most five of them."""
    named = "; ".join(str(origin) for origin in twins[:_NAMED])
    return named if len(twins) <= _NAMED else f"{named}; and {len(twins) - _NAMED} more"


def _first_name(body: Body) -> str:
    values = body.get("values")
    return next(iter(values)) if isinstance(values, dict) and values else next(iter(body))
