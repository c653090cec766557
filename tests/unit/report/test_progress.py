"""How far a run is, shown in the way that suits the stream."""

import io
from collections.abc import Iterator

from rich.progress import Progress

from erp2pim.report.bar import Bar
from erp2pim.report.progress import Lines, Quiet, shown


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def told(seconds: list[float]) -> tuple[Lines, list[str]]:
    """Give plain lines by a clock that shows these seconds, and what they wrote."""
    clock: Iterator[float] = iter(seconds)
    lines: list[str] = []
    return Lines(lines.append, lambda: next(clock)), lines


def test_nothing_is_written_before_ten_seconds() -> None:
    progress, lines = told([0, 9.9, 9.9])

    progress.reading(1000)
    progress.sending(1, 2)

    assert lines == []


def test_a_line_is_written_every_ten_seconds() -> None:
    progress, lines = told([0, 10, 10, 15, 20, 20, 29, 30, 30])

    for records in (1000, 2000, 3000):
        progress.reading(records)
    for done in (1, 2):
        progress.sending(done, 7)

    assert lines == ["read 1000 records", "read 3000 records", "done with 2 of 7 changes"]


def test_the_clock_is_looked_at_every_thousand_records() -> None:
    progress, lines = told([0, 99, 99])

    for records in range(1, 2000):
        progress.reading(records)

    assert lines == ["read 1000 records"]


def test_a_pipe_gets_plain_lines_and_a_quiet_run_nothing() -> None:
    stream = io.StringIO()

    with shown(stream, quiet=False) as lines, shown(stream, quiet=True) as quiet:
        assert isinstance(lines, Lines)
        assert isinstance(quiet, Quiet)
        quiet.reading(1000)
        quiet.sending(1, 1)

    assert stream.getvalue() == ""


def test_a_quiet_run_is_quiet_on_a_terminal_too() -> None:
    stream = Terminal()

    with shown(stream, quiet=True) as quiet:
        quiet.reading(1000)
        quiet.sending(1, 1)

    assert stream.getvalue() == ""


def test_a_bar_moves_with_every_so_many_records_and_then_with_changes() -> None:
    progress = Progress(disable=True)
    bar = Bar(progress, every=1000)

    bar.reading(2000)
    bar.reading(2001)
    read = [(task.description, task.completed) for task in progress.tasks]
    bar.sending(1, 4)

    assert read == [("reading", 2000)]
    assert [(task.description, task.completed, task.total) for task in progress.tasks] == [
        ("sending", 1, 4)
    ]


def test_a_terminal_gets_a_bar_that_leaves_nothing_behind() -> None:
    stream = Terminal()

    with shown(stream, quiet=False) as bar:
        bar.reading(1)
        bar.reading(2000)
        bar.sending(1, 4)
        bar.sending(4, 4)

    written = stream.getvalue()
    assert "sending" in written
    assert "4/4" in written
    assert written.rstrip().endswith("\x1b[2K")
