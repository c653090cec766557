"""Law of dates: what is written the way an example shows reads back as the same day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.mapping.dates import date_formats

WAYS: dict[str, Callable[[date], str]] = {
    "31.12.2026": lambda day: f"{day.day:02}.{day.month:02}.{day.year:04}",
    "12/31/2026": lambda day: f"{day.month:02}/{day.day:02}/{day.year:04}",
    "20261231": lambda day: f"{day.year:04}{day.month:02}{day.day:02}",
    "311226": lambda day: f"{day.day:02}{day.month:02}{day.year % 100:02}",
    "2026-12-31": date.isoformat,
    "1798761599": lambda day: f"{datetime.combine(day, time(), UTC).timestamp():.0f}",
    "1798761599000": lambda day: f"{datetime.combine(day, time(), UTC).timestamp():.0f}999",
}


@pytest.mark.parametrize("example", WAYS)
@given(st.dates(date(1970, 1, 2), date(2068, 12, 31)))
def test_what_is_written_the_way_an_example_shows_reads_back(example: str, day: date) -> None:
    text = WAYS[example](day)

    assert date_formats([example]).date(text) == day.isoformat()
