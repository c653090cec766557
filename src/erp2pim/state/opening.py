"""The state's file: opened, brought up to date, and held against what it must be."""

import sqlite3
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import orjson

from erp2pim.errors import StateError
from erp2pim.state.migrations import MIGRATIONS


def read_only(path: Path) -> str:
    """Give the address that opens a state without a byte being written.

    What a killed run left beside it is read, too; `mode=ro` alone would write the -shm file anew
    (SQLite, walIndexRecover; unixOpenSharedMemory has readonly_shm).
    """
    shm = path.with_name(f"{path.name}-shm")
    return f"{path.resolve().as_uri()}?mode=ro{'&readonly_shm=1' if shm.exists() else ''}"


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
        if url != pim_url:
            raise StateError(
                f"the state tells what {url} accepted; the configuration names {pim_url}",
                where=str(path),
                fix="name another folder with `state:` for another PIM",
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
    except (sqlite3.Error, zlib.error, orjson.JSONDecodeError) as error:
        raise StateError(
            f"the state cannot be used: {error}",
            where=str(path),
            fix="free some space or check the file's owner; a damaged file is restored from a "
            "backup, or moved away: then the next run sends every product again",
        ) from error
