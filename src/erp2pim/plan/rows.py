"""Changes and rejects as rows of the spool."""

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

import orjson

from erp2pim.model import Duplicates, Item, Mark, Origin, Recognised, Reject, identity
from erp2pim.plan.change import Change

Row: TypeAlias = tuple[Any, ...]  # what SQLite gives has the types of the schema
Fate = Literal["unchanged", "renewed", "changed", "rejected", "merged"]

CHANGE = (
    "seq, kind, key, identifier, export, record, line, fingerprint, patch, links, whole, is_new,"
    " was_created, duplicates, mark, siblings"
)
REJECT = "seq, kind, identifier, export, record, line, rule, message, value"


def row_of(
    entry: Item | Reject | Recognised, duplicates: Duplicates, changes: Iterator[Change]
) -> tuple[object, ...]:
    """Give the row of an entry, whose changes come in the order of the items."""
    place = (entry.origin.export, entry.origin.record, entry.origin.line)
    what: tuple[object, ...]
    key: str | None
    match entry:
        case Item():
            change = next(changes)
            fate, *rest = outcome(change)
            mapped = orjson.dumps(entry.body) if duplicates == "merge" else None
            key = change.key
            what = (fate, mapped, *rest, None, None, None)
        case Recognised():
            key, what = entry.key, ("unchanged", *[None] * 12)
        case Reject():
            key = None if entry.identifier is None else identity(entry.identifier)
            what = ("rejected", *[None] * 9, entry.rule, entry.message, entry.value)
    return (entry.kind, key, entry.identifier, *place, duplicates, *what)


def outcome(change: Change) -> tuple[Fate, *tuple[object, ...]]:
    """Give fate, fingerprint, patch, links, whole, is_new, is_child, mark and siblings."""
    mark = (None, None) if change.mark is None else (change.mark.digest, change.mark.items)
    if not change.whole and not change.is_needed:
        fate: Fate = "unchanged" if change.mark is None else "renewed"
        return fate, change.fingerprint, None, None, None, False, False, *mark
    is_alone = change.is_new or bool(change.patch)
    return (
        "changed" if change.is_needed else "renewed",
        change.fingerprint,
        orjson.dumps(change.patch) if is_alone else None,
        orjson.dumps(change.links) if change.links else None,
        orjson.dumps(change.whole),
        change.is_new,
        bool(change.whole.get("parent")),
        *mark,
    )


def change_of(row: Row) -> Change:
    """Give the change that a row of `CHANGE` holds."""
    seq, kind, key, identifier, *place, mark, patch, links, whole, is_new, created = row[:13]
    duplicates, digest, siblings = row[13:]
    return Change(
        kind=kind,
        key=key,
        identifier=identifier,
        origin=Origin(*place),
        fingerprint=mark,
        patch=orjson.loads(patch or "{}"),
        links=orjson.loads(links or "{}"),
        whole=orjson.loads(whole or "{}"),
        is_new=bool(is_new),
        seq=seq,
        was_created=bool(created),
        duplicates=duplicates,
        mark=None if digest is None else Mark(digest, siblings),
    )


def reject_of(row: Row) -> Reject:
    """Give the reject that a row of `REJECT` holds."""
    _, kind, identifier, *place, rule, message, value = row
    return Reject(
        kind=kind,
        identifier=identifier,
        origin=Origin(*place),
        stage="mapping",
        rule=rule,
        message=message,
        value=value,
    )
