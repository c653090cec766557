"""The gate: which exports are let in. Values in, a verdict out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median
from typing import Literal

from erp2pim.errors import ExportError
from erp2pim.mapping.recordpath import RecordPath
from erp2pim.model import Taken
from erp2pim.source.looks import Look

MTIME: Literal["mtime"] = "mtime"

_MOST_DIGITS = 18  # of a number of records: Python reads no more than 4,300
_AGAIN = "have the ERP write it again"


@dataclass(frozen=True, slots=True)
class Gate:
    """What is asked of exports.

    Attributes:
        settle_s: Seconds between two looks at a file; 0 for a single look.
        companion: Suffix of the file that must stand beside an export.
        declared: Where an export says how many records it holds.
        band: Lowest and highest number of records, in parts of the median of earlier runs.
        written: Where an export says when it was written.
        repeated: What to do with the export that the last run was done with.
        missing: What to do where there is no export at all.
        empty: What to do with an export without records; None refuses it where even the elements
            around its records are absent, or hold others instead.
    """

    settle_s: float = 0
    companion: str | None = None
    declared: RecordPath | None = None
    band: tuple[Decimal, Decimal] | None = None
    written: RecordPath | Literal["mtime"] | None = None
    repeated: Literal["read", "nothing"] = "read"
    missing: Literal["refuse", "nothing"] = "refuse"
    empty: Literal["refuse", "nothing"] | None = None


def unsettled(
    first: Mapping[str, Look | None], second: Mapping[str, Look | None]
) -> ExportError | None:
    """Refuse files that somebody writes, by two looks at them."""
    return _changed(
        first,
        second,
        what="the export is still being written",
        fix="run the same command again when the ERP is done, or later in the night",
    )


def touched(
    first: Mapping[str, Look | None], last: Mapping[str, Look | None]
) -> ExportError | None:
    """Refuse files that changed while they were read: what was read may be half of each."""
    return _changed(
        first,
        last,
        what="the export changed while it was read",
        fix="run the same command again when the ERP is done; it should write under another name"
        " and rename the file when it is whole",
    )


def _changed(
    first: Mapping[str, Look | None], last: Mapping[str, Look | None], *, what: str, fix: str
) -> ExportError | None:
    for name, look in first.items():
        if look != last[name]:
            return ExportError(f"{what}: {_differ(look, last[name])}", where=name, fix=fix)
    return None


def miscounted(read: int, declared: str | None, *, name: str, path: str) -> ExportError | None:
    """Refuse an export that holds another number of records than it says, or says none."""
    if declared is None or not declared.isdecimal() or len(declared) > _MOST_DIGITS:
        seen = "nothing" if declared is None else repr(declared)
        return ExportError(
            f"the number of records is expected at {path}; found {seen}",
            where=name,
            fix=f"check gate.declared, or {_AGAIN}",
        )
    if int(declared) != read:
        return ExportError(
            f"{read} records were read; the export declares {int(declared)} at {path}",
            where=name,
            fix=f"{_AGAIN}; it lost records, or source.record in the mapping does not find all",
        )
    return None


def outside(
    read: int, earlier: Sequence[int], band: tuple[Decimal, Decimal], *, name: str
) -> ExportError | None:
    """Refuse a number of records that is out of a band around the median of earlier runs.

    Without an earlier run there is nothing to hold it against.
    """
    if not earlier:
        return None
    usual = median(Decimal(each) for each in earlier)
    low, high = (part * usual for part in band)
    if low <= read <= high:
        return None
    runs = "the last run" if len(earlier) == 1 else f"the last {len(earlier)} runs"
    return ExportError(
        f"{read} records were read; {low:f} to {high:f} are expected, since {runs} had "
        f"{usual:f} in the middle",
        where=name,
        fix="see whether the export is whole; if it is, erp2pim sync --force takes it",
    )


def undated(written: str | None, *, name: str, path: str) -> ExportError | None:
    """Refuse an export that does not say, in a form that can be compared, when it was written."""
    if written is not None and moment(written) is not None:
        return None
    seen = "nothing" if written is None else repr(written)
    return ExportError(
        f"the time of writing is expected at {path}, as 2026-12-31T23:59:59 or as a number that"
        f" grows; found {seen}",
        where=name,
        fix=f"check gate.written, or {_AGAIN}",
    )


def outdated(written: str, last: Taken | None, *, name: str) -> ExportError | None:
    """Refuse an export that was written before the last one that was taken."""
    before = None if last is None or last.written is None else moment(last.written)
    now = moment(written)
    if last is None or before is None or now is None or before[0] != now[0] or before <= now:
        return None
    return ExportError(
        f"the export was written at {written}; run {last.run} took one of {last.written} already",
        where=name,
        fix="name the newest export; to go back to this one, erp2pim sync --force takes it",
    )


def moment(text: str) -> tuple[str, Decimal] | None:
    """Give a time of writing as what can be compared with others of its kind."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return "number", Decimal(text)
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return "time", Decimal((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp())


def _differ(one: Look | None, other: Look | None) -> str:
    if one is None or other is None:
        return "it is gone" if other is None else "it appeared"
    if one.inode != other.inode:
        return "another file stands in its place"
    if one.size != other.size:
        return f"it had {one.size} bytes and has {other.size}"
    return "it was written to"
