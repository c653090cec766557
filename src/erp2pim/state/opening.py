"""The state's file: opened, brought up to date, and held against what it must be."""

import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from erp2pim.address import spelled_once
from erp2pim.errors import StateError
from erp2pim.state.migrations import MIGRATIONS


@contextmanager
def readable(path: Path) -> Generator[str]:
    """Give SQLite's name for a state that is to be read without a byte being written beside it.

    What a killed run left beside it is read, too. `mode=ro` alone would write the -shm file anew
    (SQLite, walIndexRecover; unixOpenSharedMemory has readonly_shm), and fails where it must and
    cannot: parts that were copied, or left by a power cut, are put together elsewhere.

    Raises:
        StateError: The parts cannot be read or copied.
    """
    log, shared, journal = (path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))
    with ExitStack() as stack:
        try:
            if journal.exists() or (_logs_ahead(path) and not shared.exists()):
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="erp2pim-"))
                for part in filter(Path.exists, (path, log, journal)):
                    shutil.copyfile(part, Path(folder) / part.name)
                name = f"{(Path(folder) / path.name).as_uri()}?mode=rw"
            else:
                how = "&readonly_shm=1" if shared.exists() else ""
                name = f"{path.resolve().as_uri()}?mode=ro{how}"
        except OSError as error:
            raise unusable(error.strerror or error, path) from error
        yield name


def _logs_ahead(path: Path) -> bool:
    """Tell whether a state is in WAL mode (SQLite, file format, offset 18)."""
    with path.open("rb") as file:
        return file.read(20)[18:] == b"\x02\x02"


def migrate(database: sqlite3.Connection, path: Path) -> None:
    """Bring a state up to date, each step in a transaction of its own.

    Raises:
        StateError: It is newer than this program.
    """
    version = check_version(database, path, upgrade=True)
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        database.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")


def check_version(database: sqlite3.Connection, path: Path, *, upgrade: bool = False) -> int:
    """Give the version of a state.

    Raises:
        StateError: It is newer than this program, or older and not to be brought up to date.
    """
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise StateError(
            f"the state has version {version}; this erp2pim knows {len(MIGRATIONS)}",
            where=str(path),
            fix="use the newer erp2pim that wrote it",
        )
    if version < len(MIGRATIONS) and not upgrade:
        raise StateError(
            f"the state has version {version}; {len(MIGRATIONS)} is expected",
            where=str(path),
            fix="run erp2pim sync once; it brings the state up to date",
        )
    return int(version)


def claim(database: sqlite3.Connection, pim_url: str, path: Path) -> None:
    """Make a state that belongs to no PIM yet one of this PIM.

    Raises:
        StateError: It belongs to another one.
    """
    if database.execute("SELECT count(*) FROM pim").fetchone() == (0,):
        database.execute("INSERT INTO pim VALUES (?)", (pim_url,))
    check_pim(database, pim_url, path)


def check_pim(database: sqlite3.Connection, pim_url: str, path: Path) -> None:
    """Hold a state against the PIM that the configuration names.

    Raises:
        StateError: It belongs to another one.
    """
    for (url,) in database.execute("SELECT url FROM pim"):
        if spelled_once(url) != pim_url:
            raise StateError(
                f"the state tells what {url} accepted; the configuration names {pim_url}",
                where=str(path),
                fix="name another folder with `state:` for another PIM; where the same PIM only has"
                " a new address, tell the state as docs/operations.md, Moving to another PIM, says",
            )


@contextmanager
def opened(name: str, path: Path) -> Generator[sqlite3.Connection]:
    """Open SQLite's `name`, a path or an address, and close it in the end.

    Raises:
        StateError: It cannot be opened.
    """
    with translated(path):
        database = sqlite3.connect(
            name, isolation_level=None, check_same_thread=False, uri=name.startswith("file:")
        )
    try:
        yield database
    finally:
        database.close()


@contextmanager
def translated(path: Path) -> Generator[None]:
    """Tell what SQLite and damaged contents say as a fault of the state.

    Raises:
        StateError: It cannot be used.
    """
    try:
        yield
    except (sqlite3.Error, zlib.error, ValueError) as error:  # no JSON, or no UTF-8
        raise unusable(error, path) from error


def unusable(error: Exception | str, path: Path) -> StateError:
    """Give the fault of the state for what SQLite or its contents say."""
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
        return StateError(
            "another program is busy with the state",
            where=str(path),
            fix="run the same command again when it has ended: a backup, or a database browser",
        )
    return StateError(
        f"the state cannot be used: {error}",
        where=str(path),
        fix="free some space or check the file's owner; a damaged file is restored from a "
        "backup, or moved away: then the next run sends every product again",
    )
