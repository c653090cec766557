"""How far a run is: a bar on a terminal, now and then a line in a pipe, nothing when quiet."""

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from erp2pim.report.bar import Bar

_SECONDS_BETWEEN_LINES = 10.0
_RECORDS_BETWEEN_LOOKS = 1000


class Quiet:
    """Nobody is told."""

    def reading(self, records: int) -> None:
        """Say nothing."""

    def sending(self, done: int, total: int) -> None:
        """Say nothing."""


class Lines:
    """A plain line from time to time."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float]) -> None:
        """Begin.

        Args:
            write: Takes one line.
            clock: Monotonic seconds.
        """
        self._write = write
        self._clock = clock
        self._next = clock() + _SECONDS_BETWEEN_LINES

    def reading(self, records: int) -> None:
        """Say so, if it is time."""
        if records % _RECORDS_BETWEEN_LOOKS == 0:
            self._say(f"read {records} records")

    def sending(self, done: int, total: int) -> None:
        """Say so, if it is time."""
        self._say(f"done with {done} of {total} changes")

    def _say(self, line: str) -> None:
        if self._clock() >= self._next:
            self._write(line)
            self._next = self._clock() + _SECONDS_BETWEEN_LINES


@contextmanager
def shown(stream: IO[str], *, quiet: bool) -> Generator["Quiet | Lines | Bar"]:
    """Show progress on a stream in the way that suits it."""
    if quiet:
        yield Quiet()
    elif not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield Lines(lambda line: print(line, file=stream), time.monotonic)
    else:
        from erp2pim.report.bar import bar  # noqa: PLC0415  rich is a tenth of a short run

        with bar(stream, every=_RECORDS_BETWEEN_LOOKS) as drawn:
            yield drawn
