"""Clients for the tests of this room."""

import threading
from collections.abc import Callable

from erp2pim.pim import Line, Pim, line
from tests.support.fakepim import CREDENTIALS, FakePim


def connect(  # noqa: PLR0913  # a client has that many settings
    server: FakePim,
    *,
    slept: list[float] | None = None,
    attempts: int = 6,
    timeout_s: float = 5,
    stop: threading.Event | None = None,
    clock: Callable[[], float] | None = None,
) -> Pim:
    """Make a client that does not sleep, but notes how long it would have, always the longest."""
    return Pim(
        server.url,
        CREDENTIALS,
        attempts=attempts,
        timeout_s=timeout_s,
        stop=stop or threading.Event(),
        jitter=lambda: 1.0,
        clock=clock or (lambda: 0.0),
        sleep=(slept if slept is not None else []).append,
    )


def lines(*identifiers: str) -> list[Line]:
    return [line("identifier", each, {"enabled": True}) for each in identifiers]


def numbered(count: int) -> list[Line]:
    return lines(*(f"p{number}" for number in range(count)))
