"""A run in plain lines."""

from collections.abc import Iterator, Mapping

import orjson

from erp2pim.errors import Erp2pimError, Fault
from erp2pim.ledger import Ledger
from erp2pim.model import Body, Json, Reject, Run
from erp2pim.place import Place
from erp2pim.plan.change import Change
from erp2pim.plan.compare import parts
from erp2pim.report.text import fit

_OF_A_FILE = {"name", "size", "digest"}
_ON_THE_WEB = {"name", "address"}
_SHOWN_DIGITS = 12


def error_lines(error: Erp2pimError) -> Iterator[str]:
    """Give an error in its parts: every fault on a line of its own, and what to do."""
    yield f"error: {fit(error.what, longest=600)}"
    faults: tuple[Fault, ...] = getattr(error, "faults", ())
    for fault in faults:
        yield f"  {fit(str(fault), longest=600)}"
    if error.where:
        yield f"  at: {fit(error.where)}"
    if error.fix:
        yield f"  fix: {fit(error.fix, longest=600)}"


def ledger_lines(ledger: Ledger, *, foreseen: bool = False) -> Iterator[str]:
    """Give the books: what came in, then what became of it.

    Args:
        ledger: The counts.
        foreseen: Whether created and updated tell what would happen.
    """
    yield f"records: {_listed(_records(ledger))}"
    yield f"items: {_listed(_items(ledger, foreseen=foreseen))}"


def options_line(made: int, *, foreseen: bool = False) -> str:
    """Give how many options of selects were made, or would be."""
    return f"options: {made} {'to be ' if foreseen else ''}made"


def reject_line(reject: Reject) -> str:
    """Give a reject on one line: the item, where it stands, who refused it, and why."""
    name = "without identifier" if reject.identifier is None else fit(reject.identifier)
    rule = f" {fit(reject.rule)}:" if reject.rule else ""
    value = "" if reject.value is None else f"; found {fit(repr(reject.value))}"
    stage = "refused by the PIM" if reject.stage == "pim" else "refused by the mapping"
    origin = fit(str(reject.origin))
    return f"{name} ({origin}): {stage}:{rule} {fit(reject.message, longest=500)}{value}"


def change_lines(change: Change, old: Body | None) -> Iterator[str]:
    """Give a change cell by cell, old and new where the old is known."""
    verb = "create" if change.is_new else "update"
    yield f"{verb} {fit(change.identifier)} ({fit(str(change.origin))})"
    before: Mapping[Place, Json] = {} if old is None else dict(parts(old))
    for part, new in parts(change.sent):
        was = f"{shown(before[part])} → " if part in before else ""
        yield f"  {fit(str(part))}: {was}{shown(new)}"


def shown(data: Json) -> str:
    """Give a cell's data in a form that fits a line."""
    if isinstance(data, Mapping) and set(data) == _OF_A_FILE:
        digest = str(data["digest"])[:_SHOWN_DIGITS]
        return f"{fit(str(data['name']))} ({data['size']} bytes, sha256 {digest}…)"
    if isinstance(data, Mapping) and set(data) == _ON_THE_WEB:
        return fit(str(data["address"]))
    return fit(orjson.dumps(data).decode())


def _records(ledger: Ledger) -> Iterator[str]:
    yield f"{ledger.read} read"
    if ledger.skipped:
        reasons = ", ".join(f"{fit(name)}: {n}" for name, n in sorted(ledger.skipped_by.items()))
        yield f"{ledger.skipped} skipped ({reasons})"
    if ledger.extra:
        yield f"{ledger.extra} extra"
    if ledger.merged:
        yield f"{ledger.merged} merged"


def _items(ledger: Ledger, *, foreseen: bool) -> Iterator[str]:
    would = "to be " if foreseen else ""
    yield f"{ledger.items} in all"
    yield f"{ledger.unchanged} unchanged"
    yield f"{ledger.created} {would}created"
    yield f"{ledger.updated} {would}updated"
    yield f"{ledger.rejected} rejected"
    if not foreseen:
        yield f"{ledger.not_sent} not sent"


def _listed(parts_: Iterator[str]) -> str:
    return ", ".join(parts_)


def run_lines(run: Run) -> Iterator[str]:
    """Give one run of the history on two lines."""
    end = f"exit {run.exit_code}" if run.ended else "under way or killed"
    yield f"run {run.run}: {run.started}, {run.command} {fit(' '.join(run.exports))}: {end}"
    if run.ledger:
        yield "  " + ", ".join(f"{name} {count}" for name, count in run.ledger.items() if count)
