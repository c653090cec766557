"""Signals that end a run in good order."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from erp2pim.errors import ExitCode, Interrupted
from erp2pim.stop import Stop

_CODES = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


@contextmanager
def stopped_by_signals() -> Generator[Stop]:
    """Let SIGINT and SIGTERM end the run after what is under way; a second one ends it at once."""
    stop = Stop()
    before = {number: signal.getsignal(number) for number in _CODES}

    def end(number: int, _: FrameType | None) -> None:
        stop.exit_code = _CODES[signal.Signals(number)]
        stop.event.set()
        for each, handler in before.items():
            signal.signal(each, handler)
        if stop.at_once:
            raise Interrupted(stop.exit_code)

    for number in _CODES:
        signal.signal(number, end)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
