"""Changes and rejects as rows of the spool."""

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

import orjson

from erp2pim.model import Body, Duplicates, Item, Mark, Origin, Recognised, Reject, identity
from erp2pim.plan.change import Change
from erp2pim.plan.stages import first

Row: TypeAlias = tuple[Any, ...]  # what SQLite gives has the types of the schema
Fate = Literal["unchanged", "renewed", "changed", "rejected", "merged"]

CHANGE = (
    "seq, kind, key, identifier, export, record, line, fingerprint, patch, links, media, whole,"
    " is_new, was_created, was_refused, duplicates, mark, siblings"
)
REJECT = "seq, kind, identifier, export, record, line, rule, message, value"


def row_of(
    entry: Item | Reject | Recognised, duplicates: Duplicates, changes: Iterator[Change]
) -> tuple[object, ...]:
    """Give the row of an entry, whose changes come in the order of the items.

    A recognised one's ends with its fate.
    """
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
            key, what = entry.key, ("unchanged",)
        case Reject():
            key = None if entry.identifier is None else identity(entry.identifier)
            what = ("rejected", *[None] * 11, entry.rule, entry.message, entry.value)
    return (entry.kind, key, entry.identifier, *place, duplicates, *what)


def outcome(change: Change) -> tuple[Fate, *tuple[object, ...]]:
    """Give fate, fingerprint, patch, links, media, whole, is_new, is_child, awaits and the mark."""
    mark = (None, None) if change.mark is None else (change.mark.digest, change.mark.items)
    if not change.whole and not change.is_needed:
        fate: Fate = "unchanged" if change.mark is None else "renewed"
        return fate, change.fingerprint, None, None, None, None, False, False, None, *mark
    return (
        "changed" if change.is_needed else "renewed",
        change.fingerprint,
        *(orjson.dumps(share) if share else None for share in shares(change)),
        orjson.dumps(change.whole),
        change.is_new,
        bool(change.whole.get("parent")),
        first(change) if change.is_needed else None,
        *mark,
    )


def shares(change: Change) -> tuple[Body, Body, Body]:
    """Give what of a change is sent one after the other."""
    return change.patch, change.links, change.media


def change_of(row: Row) -> Change:
    """Give the change that a row of `CHANGE` holds."""
    seq, kind, key, identifier, *place, mark, patch, links, media, whole = row[:12]
    is_new, created, refused, duplicates, digest, siblings = row[12:]
    return Change(
        kind=kind,
        key=key,
        identifier=identifier,
        origin=Origin(*place),
        fingerprint=mark,
        patch=orjson.loads(patch or "{}"),
        links=orjson.loads(links or "{}"),
        media=orjson.loads(media or "{}"),
        whole=orjson.loads(whole or "{}"),
        is_new=bool(is_new),
        seq=seq,
        was_created=bool(created),
        was_refused=bool(refused),
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
