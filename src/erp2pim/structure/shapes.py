"""JSON lists by what they hold."""

from collections.abc import Mapping, Sequence

from erp2pim.model import Json


def members(data: Json) -> Sequence[Json] | None:
    """Give the members of a list; None for anything else."""
    return data if isinstance(data, Sequence) and not isinstance(data, str) else None


def texts(data: Json) -> list[str] | None:
    """Give the members of a list of texts; None for anything else."""
    every = members(data)
    found = [one for one in every or () if isinstance(one, str)]
    return None if every is None or len(found) < len(every) else found


def objects(data: Json) -> list[Mapping[str, Json]] | None:
    """Give the members of a list of objects; None for anything else."""
    every = members(data)
    found = [one for one in every or () if isinstance(one, Mapping)]
    return None if every is None or len(found) < len(every) else found
