"""When the workers may call: how long to wait, one pause for all, and how many calls at once."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import inf

from erp2pim.pim.patience import Patience
from erp2pim.pim.refusals import given_up, stopped

MOST_AT_ONCE = 4  # calls of one connection (Akeneo, rest-api/good-practices)
OPTION_GAP_S = 1 / 3  # 3 calls a second that write options (likewise); reading keeps it, too
STEADY_ANSWERS = 20
LONGEST_PAUSE_S = 300.0
_LOOK_FOR_STOP_S = 0.1


def pause(attempt: int, retry_after: float | None, *, jitter: float) -> float:
    """Give the seconds to wait after failed attempt number `attempt`, counted from 1.

    What the server asks for wins, unless that is no wait at all: tries that follow each other at
    once are used up before anything can have got better. Otherwise the wait doubles from 1 s to at
    most 60 s, and `jitter` (0 to 1) spreads it over its upper half so that workers don't march in
    step.
    """
    if retry_after:
        return retry_after
    return min(60.0, 2.0 ** min(attempt - 1, 6)) * (0.5 + jitter / 2)


def retry_after(value: str | None, *, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or an HTTP date, as seconds from 0 to 300.

    None when there is no such header or it cannot be read.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_PAUSE_S)
    moment = http_date(text)
    if moment is None:
        return None
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_PAUSE_S)


def http_date(value: str) -> datetime | None:
    """Read a date as HTTP headers write it; None when it cannot be read."""
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


class Pace:
    """The workers' common pace.

    Args:
        stop: Once set, no turn is given and every wait ends.
        clock: Monotonic seconds.
        sleep: Waits so many seconds; should return early when `stop` is set.
        give_up_after_s: How long the run may wait in all.

    Attributes:
        patience: What is left of that.
    """

    def __init__(
        self,
        *,
        stop: threading.Event,
        clock: Callable[[], float],
        sleep: Callable[[float], object],
        give_up_after_s: float = inf,
    ) -> None:
        self._stop = stop
        self._clock = clock
        self._sleep = sleep
        self.patience = Patience(give_up_after_s, clock=clock)
        self._turns = threading.Condition()
        self._calling = 0
        self._at_once = MOST_AT_ONCE
        self._steady = 0
        self._until = -inf
        self._next_of_options = -inf

    @contextmanager
    def turn(self, where: str) -> Generator[None]:
        """Hold one of the few places in which a call may be made.

        Args:
            where: The call, `METHOD /path`.

        Raises:
            PimError: The run was stopped, or has no time left; no call may be made.
        """
        self._enter(where)
        try:
            self._sleep_out_pause(where)
            with self.patience.busy():
                yield
        finally:
            self._leave()

    def rest(self, seconds: float, where: str) -> None:
        """Let this worker alone wait.

        Raises:
            PimError: The run was stopped, or has no time left for this wait.
        """
        self._go_on(where)
        if not self.patience.outlasts(seconds):
            raise given_up(self.patience.give_up_after_s, where=where)
        with self.patience.busy():
            self._sleep(seconds)
            self.patience.useless()
        self._go_on(where)

    def space_out(self, where: str) -> None:
        """Wait until one more call for options may begin.

        The PIM asks for this pace, so that it takes none of the run's patience.

        Raises:
            PimError: The run was stopped.
        """
        with self._turns:
            now = self._clock()
            begins = max(now, self._next_of_options)
            self._next_of_options = begins + OPTION_GAP_S
        if begins > now:
            self._sleep(begins - now)
        self._go_on(where)

    def hold(self, seconds: float) -> None:
        """Let no call of any worker begin for so many seconds from now."""
        with self._turns:
            self._until = max(self._until, self._clock() + seconds)

    def slow_down(self) -> None:
        """Halve the number of calls at once, down to one."""
        with self._turns:
            self._at_once = max(1, self._at_once // 2)
            self._steady = 0

    def steady(self) -> None:
        """Note a good answer; a row of them allows one more call at once, up to four."""
        with self._turns:
            self._steady += 1
            if self._steady >= STEADY_ANSWERS and self._at_once < MOST_AT_ONCE:
                self._at_once += 1
                self._steady = 0
                self._turns.notify()

    def _enter(self, where: str) -> None:
        with self._turns:
            self._go_on(where)
            while self._calling >= self._at_once:
                self._turns.wait(_LOOK_FOR_STOP_S)
                self._go_on(where)
            self._calling += 1

    def _leave(self) -> None:
        with self._turns:
            self._calling -= 1
            self._turns.notify()

    def _sleep_out_pause(self, where: str) -> None:
        """Wait to the end of the common pause, and longer if it was made longer meanwhile.

        Whoever has slept it out ends it, so that a wait ends by the sleep and not by the clock.
        """
        until = self._until
        while (seconds := until - self._clock()) > 0:
            self.rest(seconds, where)
            with self._turns:
                if self._until == until:
                    self._until = -inf
                until = self._until

    def _go_on(self, where: str) -> None:
        if self._stop.is_set():
            raise stopped(where)
