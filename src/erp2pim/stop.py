"""The wish to end early, which signals bring and the rooms look at."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from erp2pim.errors import ExitCode, Interrupted, PimError


@dataclass(slots=True)
class Stop:
    """The wish to end a run early.

    Attributes:
        event: Set when it is to end.
        exit_code: Why.
        at_once: Whether it may end in the midst of what it does.
    """

    event: threading.Event = field(default_factory=threading.Event)
    exit_code: ExitCode = ExitCode.INTERRUPTED
    at_once: bool = False

    @contextmanager
    def immediate(self) -> Generator[None]:
        """Let a signal end what may wait for others for ever, and leaves nothing half done."""
        self.check()
        self.at_once = True
        try:
            yield
        finally:
            self.at_once = False

    @contextmanager
    def explaining(self) -> Generator[None]:
        """Let a signal explain what the PIM could not be asked because of it.

        Raises:
            Interrupted: A signal came.
        """
        try:
            yield
        except PimError:
            self.check()
            raise

    def check(self) -> None:
        """End here if it is wished.

        Raises:
            Interrupted: It is.
        """
        if self.event.is_set():
            raise Interrupted(self.exit_code)
