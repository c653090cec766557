"""When a cell's data mean that there is no value."""

from erp2pim.model import Json
from erp2pim.structure.attribute import METRIC, PRICES

BLANKS = " \t\n\r\0\x0b"  # what PHP's trim() takes off


def is_empty(kind: str, data: Json) -> bool:
    """Say whether the PIM clears a cell of an attribute of some type: null, blanks, an empty list.

    A measurement without an amount and a price list without amounts are empty, too.

    Source: pim-community-dev (EntityWithValuesBuilder), and recorded.
    """
    if data is None:
        return True
    if isinstance(data, str):
        return not data.strip(BLANKS)
    if isinstance(data, dict):
        return not data or (kind == METRIC and _lacks_amount(data))
    if isinstance(data, (list, tuple)):
        return not data or (kind == PRICES and all(_lacks_amount(price) for price in data))
    return False


def _lacks_amount(measure: Json) -> bool:
    return isinstance(measure, dict) and "amount" in measure and measure["amount"] is None
