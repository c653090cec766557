"""What is worth a look though nothing failed."""

import difflib
from collections.abc import Iterator, Sequence

from erp2pim.ledger import Ledger
from erp2pim.mapping.layout import Layout
from erp2pim.mapping.proof import WARNED
from erp2pim.mapping.steps import steps
from erp2pim.mapping.work import CompiledMapping
from erp2pim.run.values import Result

_MOST_DOUBTS = 20
_NEAREST = 3
_NEAR_ENOUGH = 0.5


def warnings(exports: Sequence[str], mapping: CompiledMapping, result: Result) -> Iterator[str]:
    """Give what a plan shows of the mapping: paths that found nothing, tables never hit.

    Only where all records were mapped: those that did not change might have had such a path.
    """
    if result.ledger.read == 0:
        where = " or ".join(each.path.text for each in mapping.records)
        hint = "; if it has a namespace, write source.namespaces: ignore" if "//" in where else ""
        yield f"{', '.join(exports)}: no record stands at {where}{hint}"
        return
    if result.recognised:
        return
    known = list(dict.fromkeys(_relative(mapping, result)))
    yield from dict.fromkeys(_without_nodes(mapping, result.layout, known))
    for table in mapping.unused_tables():
        why = "was never asked" if table.missed is None else f"does not know {table.missed!r}"
        yield f"{table.place}: the table {table.name} was of no use to any record: it {why}"


def _without_nodes(mapping: CompiledMapping, layout: Layout, known: Sequence[str]) -> Iterator[str]:
    for each in mapping.unmatched():
        text = each.path.text
        if each.fallback and _may_stand(text, known):
            continue
        hint = _namespace(text, layout) or _nearest(text, known) or _constant(text)
        found = f"the path {text} found nothing in the whole export{each.condition}"
        yield f"{each.place}: {found}{hint}"


def doubts(ledger: Ledger) -> Iterator[str]:
    """Give what the structure has against items that are sent all the same, with its rule.

    The most frequent comes first.
    """
    found = [
        (place, decision.removeprefix(WARNED), count)
        for (place, decision), count in ledger.decisions.most_common()
        if decision.startswith(WARNED)
    ]
    for place, message, count in found[:_MOST_DOUBTS]:
        where = f"{place}: " if place else ""
        yield f"{where}{message} ({count} {'item' if count == 1 else 'items'})"
    if len(found) > _MOST_DOUBTS:
        yield f"{len(found) - _MOST_DOUBTS} more such findings; --json lists all decisions"


def _namespace(text: str, layout: Layout) -> str | None:
    """Say which name of a path has a namespace in the export that the path does not name."""
    for step in steps(text) or ():
        uri = None if step.attribute else layout.namespaces.get(step.name)
        if uri is not None:
            return f"; <{step.name}> has the namespace {uri}: write source.namespaces: ignore"
    return None


def _nearest(text: str, known: Sequence[str]) -> str:
    if text in known:
        return "; only records have it that are skipped or refused, or that the rule is not for"
    ends: dict[str, list[str]] = {}
    for path in known:
        for end in {path, path.rpartition("/")[2]}:
            ends.setdefault(end, []).append(path)
    close = [text] if text in ends else difflib.get_close_matches(text, ends, cutoff=_NEAR_ENOUGH)
    near = list(dict.fromkeys(path for end in close for path in ends[end]))[:_NEAREST]
    return f"; the nearest that exist: {', '.join(near)}" if near else ""


def _constant(text: str) -> str:
    return f"; if a constant is meant, write {{value: {text}}}" if text.isidentifier() else ""


def _may_stand(text: str, known: Sequence[str]) -> bool:
    """Say whether records have such a path, but for its predicates, or whether nobody can tell."""
    cut = steps(text)
    if cut is None or any(step.axis != "child" for step in cut):
        return True
    names = [("@" if step.attribute else "") + step.name.rpartition(":")[2] for step in cut]
    return "*" in names or "/".join(names) in known


def _relative(mapping: CompiledMapping, result: Result) -> Iterator[str]:
    """Give the paths that exist, as rules write them: from the record."""
    for path in result.layout.counts():
        for records in mapping.records:
            inside = path.removeprefix(f"{records.path.text}/")
            if inside != path:
                yield inside
