"""Dates as an export writes them, declared by example or by strptime pattern."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache

from erp2pim.mapping.values import Unmappable

_MOMENT = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?$", re.DOTALL)
_WORDS = (
    ("Thursday", "%A"),
    ("Thu", "%a"),
    ("December", "%B"),
    ("Dec", "%b"),
    ("2026", "%Y"),
    ("31", "%d"),
    ("12", "%m"),
    ("26", "%y"),
    ("23", "%H"),
    ("11", "%I"),
    ("59", "%M"),
    ("59", "%S"),
    ("PM", "%p"),
    ("GMT", "%Z"),
    ("UTC", "%Z"),
    ("+0000", "%z"),
    ("+00:00", "%z"),
)
_SECONDS = re.compile(r"-?\d+", re.ASCII)
_WIDTHS = {"Y": 4, "y": 2, "m": 2, "d": 2, "j": 3, "H": 2, "I": 2, "M": 2, "S": 2}
_GLUED = re.compile(rf"(?:%[{''.join(_WIDTHS)}]){{2,}}+(?!%f)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SINCE_EPOCH = {str(int(_MOMENT.timestamp())): 1, f"{int(_MOMENT.timestamp())}000": 1000}


class DateExampleError(ValueError):
    """The example of a date does not show how dates are written."""


@dataclass(frozen=True)
class DateFormats:
    """How an export writes dates; several ways are tried in order.

    Attributes:
        examples: The examples or patterns they were declared by; none for ISO dates.
    """

    examples: tuple[str, ...] = ()

    def date(self, text: str) -> str:
        """Read a date and write it as the PIM takes it: `YYYY-MM-DD`; a time of day is left out.

        Raises:
            Unmappable: No format fits, or there is no such day.
        """
        for pattern in self._patterns:
            day = _iso(text) if pattern == "iso" else _day(text, pattern)
            if day is not None:
                return day.isoformat()
        shown = " or ".join(self.examples) or "2026-12-31"
        raise Unmappable(f"a date written like {shown} is expected", text, what="date")

    @cached_property
    def _patterns(self) -> tuple[str | int, ...]:
        return tuple(pattern_of(example) for example in self.examples) or ("iso",)


ISO = DateFormats()


def date_formats(examples: Sequence[str]) -> DateFormats:
    """Read the declaration.

    Raises:
        DateExampleError: An example is neither the last second of 2026 nor a strptime pattern.
    """
    for example in examples:
        pattern_of(example)
    return DateFormats(tuple(examples))


def pattern_of(example: str) -> str | int:
    """Give an example's strptime pattern, `iso`, or the parts of a second since 1970 began.

    Raises:
        DateExampleError: It does not show day, month and year.
    """
    if example in _SINCE_EPOCH:
        return _SINCE_EPOCH[example]
    if _ISO.match(example) and _iso(example) == _MOMENT.date():
        return "iso"
    pattern = example if "%" in example else _by_example(example)
    try:
        shown = datetime.strptime(_MOMENT.strftime(pattern), pattern)  # noqa: DTZ007  the day only
    except ValueError as error:
        raise DateExampleError(f"{example!r} is not a strptime pattern: {error}") from error
    if shown.date() != _MOMENT.date():
        raise DateExampleError(
            f"{example!r} does not show how dates are written; write 31 December 2026, 23:59:59 "
            'the way the export does, such as "31.12.2026", or a pattern such as "%Y%m%d"'
        )
    return pattern


def _by_example(example: str) -> str:
    pattern = example
    for shown, directive in _WORDS:
        pattern = re.sub(rf"(?<!%){re.escape(shown)}", directive, pattern, count=1)
    return pattern


def _iso(text: str) -> date | None:
    if _ISO.match(text) is None:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


@lru_cache(maxsize=4096)  # an export holds few days, and strptime is slow
def _day(text: str, pattern: str | int) -> date | None:
    try:
        if isinstance(pattern, int):
            if _SECONDS.fullmatch(text) is None:
                return None
            return (_EPOCH + timedelta(seconds=int(text) // pattern)).date()
        if not re.search(_glued(pattern), text):
            return None
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007  the day only
    except (ValueError, OverflowError):
        return None


def _glued(pattern: str) -> str:
    """Give a regular expression for the digits of numbers that nothing parts.

    All of them must be there: strptime takes 10126 by %d%m%y for the 10th of January.
    """
    runs = (run.replace("%", "") for run in _GLUED.findall(pattern))
    widths = (sum(_WIDTHS[directive] for directive in run) for run in runs)
    return ".*".join(rf"(?<!\d)\d{{{width}}}(?!\d)" for width in widths)
