"""The state file."""

import sqlite3
import threading
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import orjson

from erp2pim.model import Body, Earlier, Kind, Origin, Recognised, Reject, Run, Taken, printable
from erp2pim.plan.change import Change
from erp2pim.state.opening import (
    check_pim,
    check_version,
    claim,
    migrate,
    opened,
    readable,
    translated,
    unusable,
)
from erp2pim.state.rows import RUN, Row, accept, add_rejects, run_of

_FILE = "state.db"
_TELLING_RUNS = 7  # a week of nights: one odd export does not move their median


@contextmanager
def open_state(folder: Path, *, pim_url: str) -> Generator["State"]:
    """Open the state for writing, made or brought up to date where needed; hold the lock first.

    Raises:
        StateError: The file is damaged, newer than this program, or belongs to another PIM.
    """
    path = folder / _FILE
    with opened(str(path), path) as database:
        with translated(path):
            migrate(database, path)
            claim(database, pim_url, path)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            check_pim(database, pim_url, path)  # a read makes the log, which shows readers the rest
        try:
            yield State(database, path)
        finally:
            # At rest without WAL, so that readers leave no files behind. One who reads just now
            # forbids it; the next run makes up for it.
            with suppress(sqlite3.Error):
                database.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def read_state(folder: Path, *, pim_url: str | None = None) -> Generator["State"]:
    """Open the state for reading; nothing is made or changed, and no state is an empty one.

    Raises:
        StateError: The file is damaged, of another version, or belongs to another PIM.
    """
    path = folder / _FILE
    with (
        readable(path) if path.exists() else nullcontext(":memory:") as name,
        opened(name, path) as db,
    ):
        with translated(path):
            if not path.exists():
                migrate(db, path)
            check_version(db, path)
            if pim_url is not None:
                check_pim(db, pim_url, path)
        yield State(db, path)


class State:
    """What the PIM last accepted, and the history of runs; may be used by several threads."""

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        """Take over a database of the current version."""
        self._database = database
        self._path = path
        self._lock = threading.Lock()

    @contextmanager
    def view(self) -> Generator[None]:
        """Let all questions within see the state as it is now: each costs a third less.

        Nothing can be noted within, and no other process can write: it is for the one that holds
        the folder's lock.
        """
        with translated(self._path):
            self._database.execute("BEGIN")
        try:
            yield
        finally:
            self._database.execute("COMMIT")

    def fingerprints(self, kind: Kind, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give the fingerprints of the items that the PIM is known to hold."""
        return dict(
            self._select(
                "SELECT key, fingerprint FROM items WHERE kind = ? AND unsure = 0 AND key IN"
                " (SELECT value FROM json_each(?))",
                (kind, orjson.dumps(keys).decode()),
            )
        )

    def bodies(self, kind: Kind, keys: Sequence[str]) -> Mapping[str, Body]:
        """Give all that the PIM accepted of ours, of the items that it is known to hold."""
        rows = self._select(
            "SELECT key, body FROM bodies JOIN items USING (kind, key)"
            " WHERE kind = ? AND unsure = 0 AND key IN (SELECT value FROM json_each(?))",
            (kind, orjson.dumps(keys).decode()),
        )
        with translated(self._path):
            return {key: orjson.loads(zlib.decompress(body)) for key, body in rows}

    def recognised(self, digest: bytes, origin: Origin) -> Sequence[Recognised]:
        """Give what a record became; nothing unless the PIM is known to hold all of it."""
        rows = self._select(
            "SELECT kind, key, identifier, duplicates, siblings FROM items"
            " WHERE mark = ? AND unsure = 0",
            (digest,),
        )
        if not rows or len(rows) != rows[0][-1]:
            return ()
        return [
            Recognised(kind, key, identifier, duplicates, origin)
            for kind, key, identifier, duplicates, _ in rows
        ]

    def doubt(self, changes: Sequence[Change]) -> None:
        """Note that these are on their way, durably: without an answer the PIM may hold either."""
        with self._transaction() as database:
            database.executemany(
                "UPDATE items SET unsure = 1 WHERE kind = ? AND key = ?",
                [(change.kind, change.key) for change in changes],
            )

    def settle(
        self,
        run: int,
        *,
        accepted: Iterable[Change],
        refused: Iterable[tuple[Change, Reject]] = (),
    ) -> None:
        """Note what the PIM said, durably: what it took, and what it refused and so still holds.

        What was in doubt before it was refused stays in doubt. A change without `whole` tells of
        an item that the PIM holds as it is.
        """
        refused = list(refused)
        with self._transaction() as database:
            for change in accepted:
                accept(database, run, change)
            database.executemany(
                "UPDATE items SET unsure = 0 WHERE kind = ? AND key = ?",
                [(change.kind, change.key) for change, _ in refused if not change.is_new],
            )
            add_rejects(database, run, (reject for _, reject in refused))

    def begin(self, *, command: str, exports: Sequence[str], version: str, started: str) -> int:
        """Begin a run and give its number."""
        with self._transaction() as database:
            row = database.execute(
                "INSERT INTO runs (command, exports, version, started) VALUES (?, ?, ?, ?)"
                " RETURNING run",
                (command, orjson.dumps([*map(printable, exports)]).decode(), version, started),
            ).fetchone()
            return int(row[0])

    def note_rejects(self, run: int, rejects: Iterable[Reject]) -> None:
        """Note what the mapping refused."""
        with self._transaction() as database:
            add_rejects(database, run, rejects)

    def paths(self) -> AbstractSet[str]:
        """Give the paths that records had in earlier runs."""
        return {path for (path,) in self._select("SELECT path FROM paths", ())}

    def note_paths(self, run: int, paths: Iterable[str]) -> None:
        """Note the paths that records have."""
        with self._transaction() as database:
            database.executemany(
                "INSERT OR IGNORE INTO paths VALUES (?, ?)", ((path, run) for path in paths)
            )

    def take(self, taken: Taken) -> None:
        """Note what a run takes, before it sends any of it."""
        with self._transaction() as database:
            database.execute(
                "INSERT INTO taken VALUES (?, ?, ?)", (taken.run, taken.digest, taken.written)
            )

    def earlier(self) -> Earlier:
        """Give what earlier runs tell; of seven at most how much they read.

        A run was done when it ended with everything sent, rejects or not. One that read nothing
        tells nothing of how much is usual.
        """
        reads = self._select(
            "SELECT json_extract(ledger, '$.read') AS read FROM runs"
            " WHERE exit_code IN (0, 1) AND read > 0 ORDER BY run DESC LIMIT ?",
            (_TELLING_RUNS,),
        )
        last = self._select(
            "SELECT run, digest, written, exit_code IS 0 FROM taken JOIN runs USING (run)"
            " ORDER BY run DESC LIMIT 1",
            (),
        )
        taken = [Taken(run, digest, written, bool(done)) for run, digest, written, done in last]
        return Earlier([read for (read,) in reads], taken[0] if taken else None)

    def end(self, run: int, *, ended: str, exit_code: int, ledger: Mapping[str, int]) -> None:
        """End a run."""
        with self._transaction() as database:
            database.execute(
                "UPDATE runs SET ended = ?, exit_code = ?, ledger = ? WHERE run = ?",
                (ended, exit_code, orjson.dumps(ledger).decode(), run),
            )

    def runs(self, limit: int) -> Sequence[Run]:
        """Give the newest runs, the newest first."""
        return self._runs("ORDER BY run DESC LIMIT ?", limit)

    def run(self, run: int) -> Run | None:
        """Give one run; None where there is none of that number."""
        return next(iter(self._runs("WHERE run = ?", run)), None)

    def rejects(self, run: int) -> Iterator[Reject]:
        """Give what was refused in a run, by the mapping first."""
        last = 0
        while rows := self._select(
            "SELECT seq, kind, identifier, export, record, line, stage, rule, message, value"
            " FROM rejects WHERE run = ? AND seq > ? ORDER BY seq LIMIT 500",
            (run, last),
        ):
            for _, kind, identifier, export, record, line, stage, rule, message, value in rows:
                origin = Origin(export, record, line)
                yield Reject(kind, identifier, origin, stage, rule, message, value)
            last = rows[-1][0]

    def _runs(self, which: str, number: int) -> Sequence[Run]:
        rows = self._select(f"SELECT {RUN} FROM runs {which}", (number,))  # noqa: S608  our own words
        with translated(self._path):
            return [run_of(row) for row in rows]

    def _select(self, query: str, values: Sequence[object]) -> list[Row]:
        try:
            with self._lock:
                return self._database.execute(query, values).fetchall()
        except (sqlite3.Error, ValueError) as error:  # no UTF-8
            raise unusable(error, self._path) from error

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._lock, translated(self._path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
