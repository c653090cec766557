"""How long a run waits in all for a PIM that gives no useful answer."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

GIVE_UP_AFTER_S = 3600.0


class Patience:
    """The waiting of all workers together, in seconds that passed for the run.

    What counts is the time in which nothing useful came: pauses, and requests that failed. While
    one worker gets useful answers, the others' waiting costs the run nothing.

    Args:
        give_up_after_s: How many such seconds the run has.
        clock: Monotonic seconds.

    Attributes:
        give_up_after_s: The same.
    """

    def __init__(self, give_up_after_s: float, *, clock: Callable[[], float]) -> None:
        self.give_up_after_s = give_up_after_s
        self._clock = clock
        self._lock = threading.Lock()
        self._waited = 0.0
        self._busy = 0
        self._since = 0.0

    @contextmanager
    def busy(self) -> Generator[None]:
        """Let time count while a worker calls or waits: nothing counts while none does."""
        with self._lock:
            if self._busy == 0:
                self._since = self._clock()
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1

    def useful(self) -> None:
        """Note an answer that got a call further: the time up to it was not lost."""
        with self._lock:
            self._since = self._clock()

    def useless(self) -> None:
        """Note a failure, or the end of a pause: the time since the last note was lost."""
        with self._lock:
            now = self._clock()
            self._waited += now - self._since
            self._since = now

    def outlasts(self, seconds: float) -> bool:
        """Say whether the run may wait for so many seconds more."""
        with self._lock:
            return self._waited + seconds <= self.give_up_after_s
