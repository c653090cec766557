"""A bar on a terminal."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


class Bar:
    """How far a run is, as a bar."""

    def __init__(self, progress: Progress, every: int) -> None:
        """Take over a started rich progress, which moves with every so many records."""
        self._progress = progress
        self._every = every
        self._reading = progress.add_task("reading", total=None)
        self._sending: TaskID | None = None

    def reading(self, records: int) -> None:
        """Move the count of records."""
        if records % self._every == 0:
            self._progress.update(self._reading, completed=records)

    def sending(self, done: int, total: int) -> None:
        """Move the bar of changes."""
        if self._sending is None:
            self._progress.remove_task(self._reading)
            self._sending = self._progress.add_task("sending", total=total)
        self._progress.update(self._sending, completed=done)


@contextmanager
def bar(stream: IO[str], *, every: int) -> Generator[Bar]:
    """Draw a bar; nothing of it stays when it ends.

    Args:
        stream: The terminal.
        every: It moves with every so many records.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        yield Bar(progress, every)
