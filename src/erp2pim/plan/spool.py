"""The plan on disk: every item of a run, so that all is known before anything is sent."""

import sqlite3
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Literal

import orjson

from erp2pim.errors import StateError
from erp2pim.model import Duplicates, Item, Kind, Origin, Recognised, Reject
from erp2pim.plan.change import Accepted, Change, compared
from erp2pim.plan.duplicates import Conflict, merged, too_many
from erp2pim.plan.options import Lacking
from erp2pim.plan.rows import CHANGE, REJECT, Fate, Row, change_of, outcome, reject_of, row_of
from erp2pim.plan.stages import Share, Stage
from erp2pim.plan.unique import refuse_shared

_BLOCK = 500
_SCHEMA = """
CREATE TABLE items (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT,
    identifier TEXT,
    export TEXT NOT NULL,
    record INTEGER NOT NULL,
    line INTEGER,
    duplicates TEXT NOT NULL,
    fate TEXT NOT NULL,
    mapped BLOB,
    fingerprint BLOB,
    patch BLOB,
    links BLOB,
    media BLOB,
    whole BLOB,
    is_new INTEGER,
    is_child INTEGER,
    awaits TEXT,
    was_created INTEGER,
    was_refused INTEGER,
    mark BLOB,
    siblings INTEGER,
    rule TEXT,
    message TEXT,
    value TEXT
) STRICT;
CREATE TABLE files (
    path BLOB PRIMARY KEY,
    size INTEGER NOT NULL,
    digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_digest ON files (digest);
"""
_INSERT_KNOWN = (
    "INSERT INTO items (kind, key, identifier, export, record, line, duplicates, fate)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT = (
    "INSERT INTO items (kind, key, identifier, export, record, line, duplicates, fate, mapped,"
    " fingerprint, patch, links, media, whole, is_new, is_child, awaits, mark, siblings, rule,"
    " message, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SENT = "fate = 'changed'"


@contextmanager
def open_spool() -> Generator["Spool"]:
    """Open an empty spool in a temporary folder that goes when the block ends.

    Raises:
        StateError: The disk is full or cannot be written.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix="erp2pim-")
    except OSError as error:
        raise _unusable(error) from error
    with folder as name:
        database = sqlite3.connect(Path(name) / "plan.db", isolation_level=None)
        try:
            database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            database.executescript(_SCHEMA)
            database.execute("BEGIN")
            yield Spool(database)
        except sqlite3.Error as error:
            raise _unusable(error) from error
        finally:
            database.close()


def _bytes(path: str) -> bytes:
    """Give a path as the bytes that it is on disk, which need not be UTF-8 (PEP 383)."""
    return path.encode(errors="surrogateescape")


def _unusable(error: Exception) -> StateError:
    return StateError(
        f"the plan cannot be kept on disk: {error}",
        fix="free some space, or name another folder in TMPDIR",
    )


class Spool:
    """All items of a run, with what is to become of each.

    Attributes:
        options: Options that its items need and the PIM may lack.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        """Take over an empty database."""
        self._database = database
        self.options = Lacking(database)

    def add(
        self,
        entries: Sequence[tuple[Item | Reject | Recognised, Duplicates]],
        accepted: Accepted,
    ) -> None:
        """Add what some records became, in the order of the export.

        Args:
            entries: Each with what its kind does when several records give one identifier.
            accepted: What the PIM last accepted.
        """
        items = [entry for entry, _ in entries if isinstance(entry, Item)]
        changes = compared(items, accepted)
        both = zip(items, changes, strict=True)
        self.options.add(item.options for item, change in both if item.options and change.patch)
        rows = iter(changes)
        for is_known, group in groupby(entries, lambda each: isinstance(each[0], Recognised)):
            self._database.executemany(
                _INSERT_KNOWN if is_known else _INSERT,
                (row_of(entry, duplicates, rows) for entry, duplicates in group),
            )

    def settle_duplicates(self, accepted: Accepted) -> None:
        """Decide what becomes of records that name one item, wherever in the exports they stand."""
        self._database.execute("CREATE INDEX by_key ON items (kind, key) WHERE key IS NOT NULL")
        groups = self._database.execute(
            "SELECT kind, key FROM items WHERE key IS NOT NULL"
            " GROUP BY kind, key HAVING count(*) > 1 ORDER BY kind, key"
        ).fetchall()
        for kind, key in groups:
            self._settle(kind, key, accepted)

    def settle_options(self, known: Mapping[str, Iterable[str]]) -> None:
        """Keep the options that what will be sent names, but for those that the PIM has.

        Args:
            known: Codes of options that the PIM is known to have, by attribute.
        """
        for attribute in self.options.attributes():
            self.options.drop(attribute, known.get(attribute, ()))
        rows = self._rows("seq, patch", f"{_SENT} AND patch IS NOT NULL", ())
        self.options.keep(orjson.loads(patch) for _, patch in rows)

    def settle_unique(self, attribute: str, rule: str) -> None:
        """Refuse changes that would give several products one value of a unique attribute.

        Args:
            attribute: Its code.
            rule: `file:line` of its rule.
        """
        refuse_shared(self._database, attribute, rule)

    def counts(self) -> Mapping[Fate, int]:
        """Give the number of items by what becomes of them."""
        return dict(self._database.execute("SELECT fate, count(*) FROM items GROUP BY fate"))

    def changes(self, fate: Literal["changed", "renewed"] = "changed") -> Iterator[Change]:
        """Give the changes in the order of the exports.

        Those of fate `renewed` have nothing to send; only what the state knows of them changes.
        """
        return map(change_of, self._rows(CHANGE, "fate = ?", (fate,)))

    def stage(self, stage: Stage) -> Iterator[Change]:
        """Give the changes of one stage in the order of the exports.

        Associations and files are given only where what is sent before them was.
        """
        values: tuple[object, ...] = (stage.kind, stage.share)
        condition = "kind = ? AND awaits = ?"
        if stage in {Stage.ROOT_MODELS, Stage.SUB_MODELS}:
            condition += " AND is_child = ?"
            values = (*values, stage is Stage.SUB_MODELS)
        return map(change_of, self._rows(CHANGE, f"{_SENT} AND {condition}", values))

    def keep_file(self, path: str, size: int, digest: str) -> None:
        """Keep what a file holds that was looked at."""
        self._database.execute("INSERT INTO files VALUES (?, ?, ?)", (_bytes(path), size, digest))

    def file(self, path: str) -> tuple[int, str] | None:
        """Give size and digest of a file; None where nobody looked at it."""
        query = "SELECT size, digest FROM files WHERE path = ?"
        found: tuple[int, str] | None = self._database.execute(query, (_bytes(path),)).fetchone()
        return found

    def path_of(self, digest: str) -> str:
        """Give a file that holds what a digest is of, one that was looked at."""
        query = "SELECT path FROM files WHERE digest = ? LIMIT 1"
        found: bytes = self._database.execute(query, (digest,)).fetchone()[0]
        return found.decode(errors="surrogateescape")

    def rewrite(self, change: Change) -> None:
        """Replace what a change sends."""
        fate, *rest = outcome(change)
        self._database.execute(
            "UPDATE items SET fate = ?, patch = ?, links = ?, media = ?, awaits = ? WHERE seq = ?",
            (fate, *rest[1:4], rest[7], change.seq),
        )

    def go_on(self, change: Change, share: Share) -> None:
        """Note what became of a change so far, and which share of it is sent next."""
        self._database.execute(
            "UPDATE items SET was_created = ?, was_refused = ?, awaits = ? WHERE seq = ?",
            (change.was_created, change.was_refused, share, change.seq),
        )

    def rejects(self) -> Iterator[Reject]:
        """Give what the mapping refused, in the order of the exports."""
        return map(reject_of, self._rows(REJECT, "fate = 'rejected'", ()))

    def _rows(self, columns: str, condition: str, values: tuple[object, ...]) -> Iterator[Row]:
        last = 0
        query = f"SELECT {columns} FROM items WHERE {condition} AND seq > ? ORDER BY seq LIMIT ?"  # noqa: S608  our own names
        while rows := self._database.execute(query, (*values, last, _BLOCK)).fetchall():
            yield from rows
            last = rows[-1][0]

    def _settle(self, kind: Kind, key: str, accepted: Accepted) -> None:
        twins = self._database.execute(
            "SELECT seq, export, record, line, duplicates, fate, mapped FROM items"
            " WHERE kind = ? AND key = ? ORDER BY seq",
            (kind, key),
        ).fetchall()
        origins = [Origin(export, record, line) for _, export, record, line, *_ in twins]
        match twins[0][4]:
            case "reject":
                for twin in twins:
                    self._refuse(twin[0], too_many(origins))
            case "first":
                self._leave_out(twins[1:])
            case "last":
                self._leave_out(twins[:-1])
            case _:
                self._leave_out(twins[1:])
                self._merge(kind, twins, origins, accepted)

    def _merge(
        self,
        kind: Kind,
        twins: Sequence[Row],
        origins: Sequence[Origin],
        accepted: Accepted,
    ) -> None:
        first = twins[0][0]
        if any(fate == "rejected" for *_, fate, _ in twins):
            found = next(i for i, (*_, fate, _) in enumerate(twins) if fate == "rejected")
            self._refuse(first, Conflict(f"{origins[found]} of this item was refused"))
            return
        body = merged([orjson.loads(mapped) for *_, mapped in twins], origins)
        if isinstance(body, Conflict):
            self._refuse(first, body)
            return
        (identifier,) = self._database.execute(
            "SELECT identifier FROM items WHERE seq = ?", (first,)
        ).fetchone()
        (change,) = compared([Item(kind, identifier, body, origins[0])], accepted)
        self._database.execute(
            "UPDATE items SET fate = ?, fingerprint = ?, patch = ?, links = ?, media = ?,"
            " whole = ?, is_new = ?, is_child = ?, awaits = ?, mark = ?, siblings = ?"
            " WHERE seq = ?",
            (*outcome(change), first),
        )

    def _refuse(self, seq: int, conflict: Conflict) -> None:
        self._database.execute(
            "UPDATE items SET fate = 'rejected', rule = NULL, message = ?, value = ? WHERE seq = ?"
            " AND fate != 'rejected'",
            (conflict.message, conflict.value, seq),
        )

    def _leave_out(self, twins: Sequence[Row]) -> None:
        self._database.executemany(
            "UPDATE items SET fate = 'merged' WHERE seq = ?", [(twin[0],) for twin in twins]
        )
