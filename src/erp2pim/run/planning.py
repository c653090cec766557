"""Exports become a plan; nothing is sent."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from erp2pim.errors import ExportError, PimError
from erp2pim.ledger import Ledger
from erp2pim.mapping.work import Mapped
from erp2pim.model import Duplicates, Item, Mark, Recognised, Reject, Skipped
from erp2pim.plan.change import Accepted
from erp2pim.run.drift import note_families
from erp2pim.run.files import FilesBeside
from erp2pim.run.gate import Visit
from erp2pim.run.options import ask
from erp2pim.run.owned import leave_to_the_pim
from erp2pim.run.values import Result, Rooms
from erp2pim.run.warnings import doubts, warnings
from erp2pim.source.files import open_export
from erp2pim.source.prior import beside, gather
from erp2pim.source.records import records

_BLOCK = 100
_MOST_REPORTS = 200
_MOST_ATTRIBUTES = 10_000

Entry: TypeAlias = Item | Reject | Recognised


def plan(exports: Sequence[str], rooms: Rooms, accepted: Accepted) -> Result:
    """Read, map and compare whole exports; nothing is sent.

    Raises:
        ExportError: An export was refused, by the gate or for what it holds.
        Interrupted: A signal came.
        PimError: What people keep in the PIM cannot be read.
        StateError: The spool or the state gave out.
    """
    result = Result(None, Ledger())
    visit = Visit(exports, rooms, result)
    if not visit.enter():
        return result
    entries = _mapped(exports, rooms, result, accepted, visit)
    while block := list(islice(entries, _BLOCK)):
        rooms.spool.add(block, accepted)
    visit.leave()
    rooms.spool.settle_duplicates(accepted)
    for attribute, rule in rooms.mapping.unique.items():
        rooms.spool.settle_unique(attribute, rule)
    if rooms.mapping.owners and rooms.pim is not None:
        with rooms.stop.explaining():
            told = leave_to_the_pim(rooms.spool, rooms.mapping.owners, rooms.pim)
            result.warnings.extend(islice(told, _MOST_REPORTS))
            if left := sum(1 for _ in told):
                result.warnings.append(f"{left} more values differ whose owner is report")
    structure = rooms.mapping.structure
    rooms.spool.settle_options({} if structure is None else structure.attribute_options)
    counts = rooms.spool.counts()
    ledger = result.ledger
    ledger.merged = counts.get("merged", 0)
    ledger.items = sum(counts.values()) - ledger.merged
    ledger.unchanged = counts.get("unchanged", 0) + counts.get("renewed", 0)
    ledger.rejected = counts.get("rejected", 0)
    result.warnings.extend(doubts(ledger))
    result.warnings.extend(warnings(exports, rooms.mapping, result))
    return result


def _mapped(
    exports: Sequence[str], rooms: Rooms, result: Result, accepted: Accepted, visit: Visit
) -> Iterator[tuple[Entry, Duplicates]]:
    codes: dict[tuple[str, str], str] = {}
    ledger = result.ledger
    for name in exports:
        before = ledger.read
        with ExitStack() as stack:
            with rooms.stop.immediate():  # standard input may never end
                export = stack.enter_context(open_export(name))
            given = rooms.mapping.given(ledger.decisions, codes)
            gather(export, rooms.mapping, given, others=beside(name, rooms.others))
            marker = rooms.mapping.marker(given)
            files = FilesBeside(name, rooms, ledger.decisions)
            for number, element, origin in records(export, rooms.mapping):
                rooms.stop.check()
                ledger.read += 1
                rooms.progress.reading(ledger.read)
                digest = None if marker is None else marker.digest(element)
                known = () if digest is None else accepted.recognised(digest, origin)
                if known:
                    result.recognised += 1
                    ledger.extra += len(known) - 1
                    for item in known:
                        yield item, item.duplicates
                    continue
                result.layout.add(element, rooms.mapping.records[number].path.text)
                if result.layout.most_attributes > _MOST_ATTRIBUTES:
                    raise ExportError(
                        f"an element has {result.layout.most_attributes} attributes",
                        where=str(origin),
                        fix=f"have the ERP write what no more than {_MOST_ATTRIBUTES} can describe",
                    )
                became = rooms.mapping.items(number, element, origin, given)
                if isinstance(became, Skipped):
                    ledger.skipped_by[became.reason] += 1
                else:
                    ledger.extra += len(became) - 1
                    note_families(result, became)
                    for entry, duplicates in became if digest is None else _marked(became, digest):
                        yield files.look(entry) if isinstance(entry, Item) else entry, duplicates
            result.warnings.extend(export.repairs)
            visit.read(name, export, ledger.read - before)


def _marked(became: Sequence[Mapped], digest: bytes) -> Iterator[Mapped]:
    """Give items what their record is recognised by; none where it could not all be recognised.

    Files are looked at each time: they change without their record.
    """
    mark = Mark(digest, len(became))
    whole = all(
        isinstance(item, Item) and not item.media and kind != "merge" for item, kind in became
    )
    for item, duplicates in became:
        if whole and isinstance(item, Item):
            yield replace(item, mark=mark), duplicates
        else:
            yield item, duplicates


def foresee(result: Result, rooms: Rooms) -> None:
    """Count, in a plan that is not sent, what sending would make, create and update."""
    try:
        ask(rooms, result)
    except PimError as error:
        told = f"whether the PIM has the options already cannot be asked: {error}"
        result.warnings.append(told)
    result.options_made = sum(rooms.spool.options.counts().values())
    for change in rooms.spool.changes():
        if change.is_new:
            result.ledger.created += 1
        else:
            result.ledger.updated += 1
    result.ledger.check()
