"""JSON lists by what they hold.

JSON is dict, list and tuple here. To ask for the abstract Mapping and Sequence, several times for
every cell of every item, takes ten times as long.
"""

from collections.abc import Mapping, Sequence

from erp2pim.model import Json


def members(data: Json) -> Sequence[Json] | None:
    """Give the members of a list; None for anything else."""
    return data if isinstance(data, (list, tuple)) else None


def texts(data: Json) -> list[str] | None:
    """Give the members of a list of texts; None for anything else."""
    every = members(data)
    found = [one for one in every or () if isinstance(one, str)]
    return None if every is None or len(found) < len(every) else found


def objects(data: Json) -> list[Mapping[str, Json]] | None:
    """Give the members of a list of objects; None for anything else."""
    every = members(data)
    found: list[Mapping[str, Json]] = [one for one in every or () if isinstance(one, dict)]
    return None if every is None or len(found) < len(every) else found
