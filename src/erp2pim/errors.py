"""Everything that stops a run, sorted by what the reader can do about it.

Erp2pimError
├── ConfigError     2   the command line, a configuration file or the mapping
├── ExportError     3   the export was refused; nothing was sent
├── PimError        4   the PIM could not be reached or refused us
│   ├── AuthError   4   the PIM refused the credentials; never retried
│   └── RefusalError 4  the PIM refused a request, and would again
├── GuardError      5   the plan looks wrong; nothing was sent
├── LockError       6   another run holds the state folder
├── StateError      7   the state or the spool on disk cannot be used
├── Interrupted     130 or 143   a signal ended the run
└── BooksError      70  the ledger does not balance: a bug
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes, the same for every command."""

    DONE = 0
    REJECTS = 1
    CONFIG = 2
    EXPORT = 3
    PIM = 4
    GUARD = 5
    LOCKED = 6
    STATE = 7
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


class Erp2pimError(Exception):
    """What failed, where, and what to do about it.

    Attributes:
        what: The failure, naming the thing; lower case, no full stop. Never a secret.
        where: `file:line:column`, record and key, or `METHOD /path`; empty when there is no place.
        fix: An order or a command to run; empty when there is none.
    """

    exit_code: ExitCode = ExitCode.BUG

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake in a file that a person wrote.

    Attributes:
        file: The file's name as the person gave it.
        line: Counted from 1; 0 when the whole file is meant.
        column: Counted from 1; 0 when the whole file is meant.
        message: What is wrong, with the value seen and the values allowed.
    """

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}"


class ConfigError(Erp2pimError):
    """The command line, a configuration file or the mapping is wrong.

    Attributes:
        faults: All faults found, in the order in which they stand in the files.
    """

    exit_code = ExitCode.CONFIG

    def __init__(
        self, what: str, *, where: str = "", fix: str = "", faults: Sequence[Fault] = ()
    ) -> None:
        super().__init__(what, where=where, fix=fix)
        self.faults = tuple(sorted(faults))


class ExportError(Erp2pimError):
    """The export was refused; nothing was sent."""

    exit_code = ExitCode.EXPORT


class PimError(Erp2pimError):
    """The PIM could not be reached, or refused what it was asked."""

    exit_code = ExitCode.PIM


class AuthError(PimError):
    """The PIM refused the credentials; asking again would not help."""


class RefusalError(PimError):
    """The PIM itself does not take this kind of request, and says why."""


class GuardError(Erp2pimError):
    """The plan looks wrong; nothing was sent."""

    exit_code = ExitCode.GUARD


class LockError(Erp2pimError):
    """Another run holds the state folder."""

    exit_code = ExitCode.LOCKED


class StateError(Erp2pimError):
    """The state or the spool on disk cannot be used."""

    exit_code = ExitCode.STATE


class Interrupted(Erp2pimError):
    """A signal ended the run; what was in flight is saved."""

    exit_code = ExitCode.INTERRUPTED

    def __init__(self, exit_code: ExitCode) -> None:
        super().__init__(
            "interrupted", fix="run the same command again; it goes on where this one stopped"
        )
        self.exit_code = exit_code


class BooksError(Erp2pimError):
    """The ledger does not balance; this is a bug in erp2pim."""
