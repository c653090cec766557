"""Runs, items and rejects as rows of the state file."""

import sqlite3
import zlib
from collections.abc import Iterable
from typing import Any, TypeAlias

import orjson

from erp2pim.model import Reject, Run
from erp2pim.plan.change import Change

Row: TypeAlias = tuple[Any, ...]  # what SQLite gives has the types of the schema

RUN = "run, command, exports, started, ended, exit_code, ledger"


def run_of(row: Row) -> Run:
    """Give the run that a row of `RUN` holds."""
    number, command, exports, started, ended, exit_code, ledger = row
    counts = orjson.loads(ledger or "{}")
    return Run(number, command, orjson.loads(exports), started, ended, exit_code, counts)


def accept(database: sqlite3.Connection, run: int, change: Change) -> None:
    """Write that the PIM holds an item as a change leaves it."""
    database.execute(
        "INSERT INTO items (kind, key, identifier, duplicates, fingerprint, mark, siblings, run)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET identifier ="
        " excluded.identifier, duplicates = excluded.duplicates, fingerprint ="
        " excluded.fingerprint, mark = excluded.mark, siblings = excluded.siblings, run ="
        " excluded.run, unsure = 0",
        (
            *(change.kind, change.key, change.identifier, change.duplicates, change.fingerprint),
            *((None, None) if change.mark is None else (change.mark.digest, change.mark.items)),
            run,
        ),
    )
    if not change.whole and not change.is_new:
        return  # the PIM holds it as it is
    database.execute(
        "INSERT INTO bodies (kind, key, body) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET body = excluded.body",
        (change.kind, change.key, zlib.compress(orjson.dumps(change.whole), 1)),
    )


def add_rejects(database: sqlite3.Connection, run: int, rejects: Iterable[Reject]) -> None:
    """Write rejects behind those of the run that are there."""
    (last,) = database.execute(
        "SELECT coalesce(max(seq), 0) FROM rejects WHERE run = ?", (run,)
    ).fetchone()
    database.executemany(
        "INSERT INTO rejects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(run, seq, r.kind, r.identifier, r.origin.export, r.origin.record, r.origin.line),
                *(r.stage, r.rule, r.message, r.value),
            )
            for seq, r in enumerate(rejects, start=last + 1)
        ),
    )
