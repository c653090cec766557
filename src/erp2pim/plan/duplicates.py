"""Several records that name one item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from erp2pim.model import Body, Json, Origin
from erp2pim.plan.compare import difference, parts, united

_Types: TypeAlias = Mapping[str, Mapping[str, Json]]  # sorts of links by association type

NAMED = 5


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
    """Unite what several records say; the same cell with two different values is a conflict.

    Each record adds to categories, groups and associations: that an item is in one is not
    contradicted by another record that names another.
    """
    whole, *others = bodies
    for body in others:
        lists = _lists(whole, body)
        whole = {**whole, **lists}
        both = united(whole, {**body, **lists})
        contradicted = difference(whole, both)
        if contradicted:
            name = next(parts(contradicted))[0].name
            return Conflict(f"one value for {name} is expected in {places(twins)}")
        whole = both
    return whole


def _lists(first: Body, second: Body) -> Body:
    """Give the lists of codes that both bodies have, each with what either of them says."""
    found: dict[str, Json] = {
        name: _either(first[name], second[name])
        for name in ("categories", "groups")
        if name in first and name in second
    }
    if "associations" in first and "associations" in second:
        types, more = (cast("_Types", body["associations"]) for body in (first, second))
        found["associations"] = {
            type_: {
                sort: _either(types.get(type_, {}).get(sort, ()), more.get(type_, {}).get(sort, ()))
                for sort in {**types.get(type_, {}), **more.get(type_, {})}
            }
            for type_ in {**types, **more}
        }
    return found


def _either(codes: Json, others: Json) -> Json:
    return sorted({*cast("Sequence[str]", codes), *cast("Sequence[str]", others)})


def places(twins: Sequence[Origin | str], count: int | None = None) -> str:
    """Name the records, at most five of them; they are `count` where not all are given."""
    named = "; ".join(str(origin) for origin in twins[:NAMED])
    left = (count or len(twins)) - NAMED
    return f"{named}; and {left} more" if left > 0 else named
