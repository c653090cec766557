"""When a cell's data mean that there is no value."""

from collections.abc import Mapping, Sequence

from erp2pim.model import Json

BLANKS = " \t\n\r\0\x0b"  # what PHP's trim() takes off


def is_empty(data: Json) -> bool:
    """Say whether the PIM clears the cell: null, blanks, an empty list.

    A measurement without an amount and a price list without amounts are empty, too.

    Source: akeneo-api.md §9 and §10.1 (EntityWithValuesBuilder), and recorded.
    """
    if data is None:
        return True
    if isinstance(data, str):
        return not data.strip(BLANKS)
    if isinstance(data, Mapping):
        return not data or ("amount" in data and data["amount"] is None)
    if isinstance(data, Sequence):
        return all(isinstance(one, Mapping) and "amount" in one and is_empty(one) for one in data)
    return False
