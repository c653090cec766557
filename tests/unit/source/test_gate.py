from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.errors import ExportError
from erp2pim.mapping.names import names
from erp2pim.mapping.recordpath import record_path
from erp2pim.model import Taken
from erp2pim.source.gate import (
    miscounted,
    moment,
    outdated,
    outside,
    touched,
    undated,
    unsettled,
)
from erp2pim.source.looks import Look
from erp2pim.source.strays import around

LOOK = Look((1, 7), 100, 5)
BAND = Decimal("0.5"), Decimal("2.0")


def told(verdict: ExportError | None) -> str:
    assert verdict is not None
    assert verdict.where == "export.xml"
    assert verdict.fix
    return verdict.what


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (Look((1, 7), 140, 6), "it had 100 bytes and has 140"),
        (Look((1, 7), 100, 6), "it was written to"),
        (Look((1, 8), 100, 5), "another file stands in its place"),
        (None, "it is gone"),
    ],
    ids=["grown", "written to", "replaced", "gone"],
)
def test_a_file_that_does_not_look_the_same_is_refused(last: Look | None, words: str) -> None:
    first, second = {"a": LOOK, "export.xml": LOOK}, {"a": LOOK, "export.xml": last}

    assert told(unsettled(first, second)) == f"the export is still being written: {words}"
    assert told(touched(first, second)) == f"the export changed while it was read: {words}"


def test_a_file_that_appears_while_others_are_read_is_a_change() -> None:
    assert told(touched({"export.xml": None}, {"export.xml": LOOK})).endswith("it appeared")


def test_a_file_that_looks_the_same_passes() -> None:
    assert unsettled({"export.xml": LOOK}, {"export.xml": LOOK}) is None
    assert touched({"export.xml": LOOK}, {"export.xml": LOOK}) is None


def count(read: int, declared: str | None) -> ExportError | None:
    return miscounted(read, declared, name="export.xml", path="/E/Count")


def test_a_declared_number_of_records_must_be_the_number_read() -> None:
    assert count(12, "12") is None
    assert count(12, "012") is None
    assert told(count(11, "12")) == "11 records were read; the export declares 12 at /E/Count"


@pytest.mark.parametrize(
    ("declared", "seen"),
    [(None, "nothing"), ("", "''"), ("1.0", "'1.0'"), ("9" * 5000, repr("9" * 5000))],
)
def test_a_number_of_records_that_cannot_be_read_is_refused(
    declared: str | None, seen: str
) -> None:
    expected = f"the number of records is expected at /E/Count; found {seen}"

    assert told(count(12, declared)) == expected


def test_a_number_of_records_outside_of_the_band_is_refused_with_both_bounds() -> None:
    verdict = outside(49, [100, 90, 110], BAND, name="export.xml")

    assert told(verdict) == (
        "49 records were read; 50.0 to 200.0 are expected, since the last 3 runs had 100 in the"
        " middle"
    )
    assert verdict is not None
    assert "--force" in verdict.fix


@pytest.mark.parametrize("read", [50, 100, 200])
def test_both_ends_of_the_band_belong_to_it(read: int) -> None:
    assert outside(read, [100], BAND, name="export.xml") is None


def test_a_first_run_has_no_band() -> None:
    assert outside(0, [], BAND, name="export.xml") is None


def test_one_odd_run_among_others_does_not_move_the_band() -> None:
    assert outside(100, [100, 90, 100_000, 110, 95], BAND, name="export.xml") is None


bounds = st.tuples(
    st.decimals(0, 1, places=2, allow_nan=False), st.decimals(1, 10, places=2, allow_nan=False)
)
counts = st.lists(st.integers(1, 10**7), min_size=1, max_size=7)


@given(st.integers(1, 10**7), st.integers(1, 7), bounds)
def test_what_every_earlier_run_read_always_passes(
    usual: int, runs: int, band: tuple[Decimal, Decimal]
) -> None:
    assert outside(usual, [usual] * runs, band, name="x") is None


@given(counts, bounds, st.integers(0, 10**8))
def test_a_number_is_refused_if_and_only_if_it_is_outside(
    earlier: list[int], band: tuple[Decimal, Decimal], read: int
) -> None:
    ordered = sorted(earlier)
    half = len(ordered) // 2
    twice = ordered[half] + ordered[~half]

    refused = outside(read, earlier, band, name="x") is not None

    assert refused is not (band[0] * twice <= 2 * read <= band[1] * twice)


@given(counts, bounds, st.integers(0, 10**8))
def test_the_order_of_earlier_runs_does_not_matter(
    earlier: list[int], band: tuple[Decimal, Decimal], read: int
) -> None:
    refused = [outside(read, runs, band, name="x") for runs in (earlier, sorted(earlier))]

    assert (refused[0] is None) is (refused[1] is None)


def old(written: str, last: str | None) -> ExportError | None:
    return outdated(written, Taken(4, None, last), name="export.xml")


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2026-11-23", "2026-11-24"),
        ("2026-11-24T05:59:59", "2026-11-24T06:00:00+00:00"),
        ("2026-11-24T06:59:59+01:00", "2026-11-24T06:00:00Z"),
        ("41", "42"),
        ("9", "10"),
        ("20261124060000122", "20261124060000123"),
    ],
)
def test_an_export_written_before_the_last_one_is_refused(written: str, last: str) -> None:
    assert told(old(written, last)) == (
        f"the export was written at {written}; run 4 took one of {last} already"
    )
    assert old(last, written) is None
    assert old(last, last) is None


@pytest.mark.parametrize("last", [None, "2026-11-24", "soon"])
def test_what_cannot_be_compared_with_the_last_one_passes(last: str | None) -> None:
    assert old("41", last) is None
    assert outdated("41", None, name="export.xml") is None


@pytest.mark.parametrize("written", [None, "", "24.11.2026", "x"])
def test_an_export_that_does_not_say_when_it_was_written_is_refused(written: str | None) -> None:
    verdict = undated(written, name="export.xml", path="/E/@at")

    assert told(verdict).startswith("the time of writing is expected at /E/@at")


def test_an_export_that_says_when_it_was_written_passes() -> None:
    assert undated("2026-11-24", name="export.xml", path="/E/@at") is None
    assert undated("²", name="export.xml", path="/E/@at") is not None


@given(st.datetimes(), st.datetimes())
def test_times_are_in_the_order_in_which_they_passed(one: datetime, other: datetime) -> None:
    first, second = moment(one.isoformat()), moment(other.isoformat())

    assert first is not None
    assert second is not None
    assert (first < second) is (one < other)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/Export/Items/Item", "/Export/Items"),
        ("/Export/Items[@kind='a/b']/Item[@x]", "/Export/Items"),
        ("/Export//Item", "/Export"),
        ("/Export//Items/Item", "/Export//Items"),
        ("//Item", None),
        ("/Item", None),
    ],
)
def test_records_stand_in_the_elements_above_them(path: str, expected: str | None) -> None:
    assert around(record_path(path, names({}))) == expected
