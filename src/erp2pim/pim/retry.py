"""Trying again: the one place where a call gets another chance."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import TypeVar

from erp2pim.pim.pace import Pace, pause
from erp2pim.pim.refusals import given_up, worn_out
from erp2pim.pim.reply import Reply

T = TypeVar("T")


class Tries:
    """The tries that one call has.

    Args:
        where: The call, `METHOD /path`.
        attempts: How often it may be sent in all.
        pace: Where the waiting is done.
        jitter: Gives a number from 0 to 1 for each wait.

    Attributes:
        failed: How often it failed since the beginning or since the last `restart`.
    """

    def __init__(
        self, where: str, *, attempts: int, pace: Pace, jitter: Callable[[], float]
    ) -> None:
        self._where = where
        self._attempts = attempts
        self._pace = pace
        self._jitter = jitter
        self.failed = 0

    @property
    def is_last(self) -> bool:
        """Whether one more failure uses them up."""
        return self.failed + 1 >= self._attempts

    def again(self, reply: Reply) -> None:
        """Count a failure, and wait before the next try.

        When the server asks for a wait, or for fewer calls, all workers wait together.

        Raises:
            PimError: The tries are used up, the run was stopped, or it has no time left.
        """
        self.failed += 1
        self._pace.patience.useless()
        together = reply.status == HTTPStatus.TOO_MANY_REQUESTS or reply.retry_after is not None
        seconds = pause(self.failed, reply.retry_after, jitter=self._jitter())
        if together:
            self._pace.hold(seconds)
        if self.failed >= self._attempts:
            raise worn_out(reply, attempts=self.failed, where=self._where)
        if not self._pace.patience.outlasts(seconds):
            limit = self._pace.patience.give_up_after_s
            raise given_up(limit, where=self._where, reply=reply)
        if not together:
            self._pace.rest(seconds, self._where)

    def rest(self, attempt: int) -> None:
        """Wait as after failed attempt number `attempt`, without counting one.

        Raises:
            PimError: The run was stopped, or has no time left.
        """
        self._pace.rest(pause(attempt, None, jitter=self._jitter()), self._where)

    def restart(self) -> None:
        """Give all tries back: the call has got somewhere."""
        self.failed = 0
        self._pace.patience.useful()


def ask(send: Callable[[], Reply], tries: Tries, *, read: Callable[[bytes], T]) -> T | Reply:
    """Send until there is an answer that sending again would not change.

    Args:
        send: Sends the call once.
        tries: How often.
        read: Reads the body of a 200; raises ValueError for one that is cut or garbled, which
            then counts as a failed try.

    Returns:
        What was read, or the reply that says no.

    Raises:
        PimError: The tries are used up, or the run was stopped.
    """
    while True:
        reply = send()
        if reply.status == HTTPStatus.OK:
            try:
                answer = read(reply.body)
            except ValueError:
                reply = replace(reply, status=0, fault=reply.fault or "HTTP 200, body unreadable")
            else:
                tries.restart()
                return answer
        if not reply.transient:
            return reply
        tries.again(reply)
