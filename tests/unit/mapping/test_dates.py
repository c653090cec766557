"""Dates as the export writes them, declared by example or by strptime pattern."""

import pytest

from erp2pim.mapping.dates import DateExampleError, date_formats
from tests.unit.mapping.mapped import data, faults, refused, written


@pytest.mark.parametrize(
    ("example", "text", "expected"),
    [
        pytest.param("31.12.2026", "05.03.2024", "2024-03-05", id="day first"),
        pytest.param("31.12.2026", "5.3.2024", "2024-03-05", id="without leading zeros"),
        pytest.param("12/31/2026", "03/05/2024", "2024-03-05", id="month first"),
        pytest.param("31/12/26", "05/03/24", "2024-03-05", id="two digits of the year"),
        pytest.param("20261231", "20240305", "2024-03-05", id="glued"),
        pytest.param("261231", "240305", "2024-03-05", id="glued and short"),
        pytest.param("31122026", "05032024", "2024-03-05", id="glued, day first"),
        pytest.param("2026-12-31", "2024-03-05", "2024-03-05", id="ISO"),
        pytest.param("2026-12-31", "2024-03-05T23:30:00-05:00", "2024-03-05", id="ISO with time"),
        pytest.param("2026-12-31T23:59:59Z", "2024-03-05", "2024-03-05", id="ISO without time"),
        pytest.param("31.12.2026 23:59:59", "05.03.2024 10:15:00", "2024-03-05", id="with time"),
        pytest.param("31.12.2026 23:59", "05.03.2024 10:15", "2024-03-05", id="with minutes"),
        pytest.param("20261231235959", "20240305101500", "2024-03-05", id="glued with time"),
        pytest.param("12/31/2026 11:59 PM", "03/05/2024 10:15 AM", "2024-03-05", id="twelve hours"),
        pytest.param("31 Dec 2026", "05 Mar 2024", "2024-03-05", id="short month"),
        pytest.param("December 31, 2026", "March 5, 2024", "2024-03-05", id="month in full"),
        pytest.param(
            "Thu, 31 Dec 2026 23:59:59 GMT",
            "Tue, 05 Mar 2024 10:15:00 GMT",
            "2024-03-05",
            id="RFC 822 in Greenwich",
        ),
        pytest.param(
            "Thu, 31 Dec 2026 23:59:59 +0000",
            "Tue, 05 Mar 2024 23:30:00 -0500",
            "2024-03-05",
            id="RFC 822 elsewhere",
        ),
        pytest.param("1798761599", "1709596799", "2024-03-04", id="seconds since 1970"),
        pytest.param("1798761599000", "1709596800000", "2024-03-05", id="milliseconds"),
        pytest.param("1798761599", "-1", "1969-12-31", id="a second before 1970"),
        pytest.param("%Y%m%d", "20240305", "2024-03-05", id="pattern"),
        pytest.param("%d.%m.%y", "05.03.24", "2024-03-05", id="short pattern"),
        pytest.param("%Y%m%d%H%M%S%f", "20240305101500123", "2024-03-05", id="parts of a second"),
        pytest.param("%Y week %j", "2024 week 065", "2024-03-05", id="day of the year"),
        pytest.param("31.12.2026", "29.02.2024", "2024-02-29", id="leap day"),
    ],
)
def test_a_date_is_read_the_way_the_example_shows(example: str, text: str, expected: str) -> None:
    assert date_formats([example]).date(text) == expected


@pytest.mark.parametrize(
    ("example", "text"),
    [
        pytest.param("31.12.2026", "2024-03-05", id="ISO for German"),
        pytest.param("31.12.2026", "30.02.2024", id="no such day"),
        pytest.param("31.12.2026", "29.02.2023", id="no leap year"),
        pytest.param("31.12.2026", "05.03.2024 10:15", id="a time that the example does not show"),
        pytest.param("31.12.2026", "05.03.24", id="two digits for four"),
        pytest.param("31.12.2026", "00.00.0000", id="zeros"),
        pytest.param("12/31/2026", "31/12/2026", id="day first for month first"),
        pytest.param("20261231", "2024035", id="a digit too few"),
        pytest.param("%d%m%y", "10126", id="a lost leading zero"),
        pytest.param("20261231", "202403051", id="a digit too many"),
        pytest.param("2026-12-31", "2024-03-05 soon", id="words behind an ISO date"),
        pytest.param("2026-12-31", "20240305", id="ISO without dashes"),
        pytest.param("2026-12-31", "2024-W10-2", id="ISO week"),
        pytest.param("1798761599", "tomorrow", id="words for seconds"),
        pytest.param("1798761599", "1.5", id="parts of a second"),
        pytest.param("1798761599", "9" * 30, id="seconds without end"),
        pytest.param("1798761599", "1_709_596_799", id="seconds with underscores"),
    ],
)
def test_a_date_that_is_written_otherwise_is_refused(example: str, text: str) -> None:
    assert refused(f"<D>{text}</D>", f"{{path: D, type: date, dates: '{example}'}}") == (
        f"a date written like {example} is expected",
        text,
    )


def test_several_ways_are_tried_in_their_order() -> None:
    rules = '{path: D, type: date, dates: ["31/12/2026", "12/31/2026", "%Y%m%d"]}'

    assert data("<D>03/05/2024</D>", rules) == "2024-05-03"
    assert data("<D>03/25/2024</D>", rules) == "2024-03-25"
    assert data("<D>20240305</D>", rules) == "2024-03-05"
    assert refused("<D>2024-03-05</D>", rules) == (
        "a date written like 31/12/2026 or 12/31/2026 or %Y%m%d is expected",
        "2024-03-05",
    )


def test_dates_are_iso_unless_declared() -> None:
    assert data("<D>2015-01-23T01:23:45</D>", "{path: D, type: date}") == "2015-01-23"
    assert refused("<D>23.01.2015</D>", "{path: D, type: date}") == (
        "a date written like 2026-12-31 is expected",
        "23.01.2015",
    )


def test_a_constant_date_is_iso_whatever_the_export_writes() -> None:
    rule = "{value: 2026-03-05, type: date}"

    assert data("", rule, source='dates: "31.12.2026"') == "2026-03-05"


@pytest.mark.parametrize("example", ["", "01.02.2026", "2026", "dd.mm.yyyy", "%H:%M", "%Q", "%"])
def test_an_example_that_does_not_show_the_last_day_of_2026_is_a_fault(example: str) -> None:
    with pytest.raises(DateExampleError):
        date_formats([example])


def test_a_wrong_example_is_told_at_its_place() -> None:
    (fault,) = faults(written("a: {path: D, type: date, dates: dd.mm.yyyy}"))

    assert fault == (
        "5:37: 'dd.mm.yyyy' does not show how dates are written; write 31 December 2026, "
        '23:59:59 the way the export does, such as "31.12.2026", or a pattern such as "%Y%m%d"'
    )
