"""Checks of date cells."""

import re
from datetime import datetime

from erp2pim.model import Json
from erp2pim.structure.attribute import Attribute
from erp2pim.structure.findings import Remarks, refuse

_LENGTH = 10
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def date_remarks(attribute: Attribute, data: Json) -> Remarks:
    """Check a date cell that is not empty.

    A day that no month has is refused, since the PIM makes another day of it and says nothing.

    Source: pim-community-dev (DateValueFactory); recorded: 2020-02-30 becomes 2020-03-01.
    """
    if not isinstance(data, str) or not _DATE.match(data):
        yield refuse("date", "a date such as 2026-12-31 is expected")
    elif _moment(data[:_LENGTH]) is None:
        message = "a day of the calendar is expected; the PIM makes another day of it"
        yield refuse("date", message)
    elif (moment := _moment(data)) is None:
        yield refuse("date", "a date such as 2026-12-31, alone or with a time, is expected")
    else:
        yield from limits(attribute, moment)


def limits(attribute: Attribute, moment: datetime) -> Remarks:
    """Refuse dates before the attribute's first or after its last; the last day begins at 0:00.

    Source: pim-community-dev (RangeGuesser for dates, RangeValidator); recorded.
    """
    low, high = (_moment(limit or "") for limit in (attribute.date_min, attribute.date_max))
    if low is not None and _like(moment, low) < low:
        message = f"a date from {low:%Y-%m-%d} is expected"
        yield refuse("range", message)
    if high is not None and _like(moment, high) > high:
        message = f"a date up to {high:%Y-%m-%d} is expected"
        yield refuse("range", message)


def _moment(text: str) -> datetime | None:
    """Read a date with or without a time, as ISO 8601 has it; None for what is none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _like(moment: datetime, limit: datetime) -> datetime:
    """Give a date without a zone the zone of the limit: both are the PIM's own."""
    return moment.replace(tzinfo=limit.tzinfo) if moment.tzinfo is None else moment
