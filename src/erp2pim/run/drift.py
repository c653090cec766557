"""Whether the PIM has changed under the mapping since its structure was read."""

from collections.abc import Iterable, Iterator, Sequence

from erp2pim.errors import PimError
from erp2pim.mapping.work import Mapped
from erp2pim.model import Item
from erp2pim.pim import Pim
from erp2pim.plan.change import LINKS
from erp2pim.run.catalogue import Share, again
from erp2pim.run.glances import glances
from erp2pim.run.values import Result, Rooms
from erp2pim.structure import Difference, Structure, differences, touches

_MOST_TOLD = 10


def note_families(result: Result, became: Iterable[Mapped]) -> None:
    """Keep which families and family variants items have."""
    for item, _ in became:
        if isinstance(item, Item):
            for name, codes in (
                ("family", result.families),
                ("family_variant", result.family_variants),
            ):
                code = item.body.get(name)
                if isinstance(code, str):
                    codes.add(code)


def drift(rooms: Rooms, result: Result) -> Iterator[str]:
    """Say what the PIM has changed that touches the mapping; not where nothing would be sent.

    What has a rule, families of the items, their variants, channels and units are read again, long
    lists at a glance: some requests. Where they cannot be, and drift is only warned of, so is this.

    Raises:
        Interrupted: A signal came.
        PimError: The PIM cannot be read, and drift is to stop the run.
    """
    counts = rooms.spool.counts()
    structure, pim = rooms.mapping.structure, rooms.pim
    if structure is None or pim is None or not (counts.get("changed") or counts.get("rejected")):
        return
    try:
        with rooms.stop.explaining():
            found = list(_changes(structure, pim, rooms, result))
    except PimError as error:
        if rooms.guards.drift == "stop":
            raise
        yield f"whether the PIM has changed its structure cannot be asked: {error}"
        return
    yield from told(found, since=structure.pulled)


def told(found: Sequence[Difference], *, since: str) -> Iterator[str]:
    """Give a line for each change, and one that says what to do."""
    for change in found[:_MOST_TOLD]:
        yield f"the PIM has changed since its structure was read{_on(since)}: {change}"
    if found:
        more = f"{len(found) - _MOST_TOLD} more changes; " if len(found) > _MOST_TOLD else ""
        yield f"{more}erp2pim structure diff shows all, erp2pim structure pull takes them over"


def _on(day: str) -> str:
    return f" on {day}" if day else ""


def _changes(structure: Structure, pim: Pim, rooms: Rooms, result: Result) -> Iterator[Difference]:
    rules = {*rooms.mapping.touched}
    if structure.main_identifier is not None:
        rules.add(structure.main_identifier.code)
    types = [code for name, _, code in map(_parted, rules) if name in LINKS]
    known = Share(rules, result.families, result.family_variants, types).of(structure)
    for change in differences(known, again(pim, known)):
        if touches(change, rules):
            yield change
    yield from glances(structure, pim, rules, refused=bool(result.ledger.rejected))


def _parted(rule: str) -> tuple[str, str, str]:
    return rule.partition(".")
