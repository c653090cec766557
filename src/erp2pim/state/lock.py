"""One run at a time in a state folder."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from erp2pim.errors import LockError, StateError


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Hold the folder for this process; the system frees it when the process ends in any way.

    Raises:
        LockError: Another run holds it.
        StateError: The folder cannot be made, written or locked.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (folder / "lock").open("ab")
    except OSError as error:
        raise StateError(
            f"the state folder cannot be written: {error.strerror}",
            where=str(folder),
            fix="check its owner, or name another folder with `state:`",
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockError(
                "another run holds the state folder",
                where=str(folder),
                fix="wait for it to end; a run that was killed does not hold it",
            ) from error
        except OSError as error:
            raise StateError(
                f"the state folder cannot be locked: {error.strerror}",
                where=str(folder),
                fix="name a folder on a disk that knows locks with `state:`",
            ) from error
        yield
