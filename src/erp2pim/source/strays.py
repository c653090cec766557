"""What stands where records are expected, and is none: the path is wrong, or the ERP's names."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from erp2pim.errors import ExportError
from erp2pim.mapping.names import Names, apart
from erp2pim.mapping.recordpath import RecordPath, record_path
from erp2pim.mapping.steps import Step, steps
from erp2pim.mapping.work import Reader
from erp2pim.source.files import ExportFile
from erp2pim.source.reader import events


def around(path: RecordPath) -> str | None:
    """Give the path of the elements that records on a path stand in; None for a path with none."""
    above = (steps(path.text) or ())[:-1]
    return _written(replace(step, predicates=()) for step in above) or None


def strays(
    export: ExportFile, records: Sequence[RecordPath], known: Iterable[RecordPath], reader: Reader
) -> Counter[tuple[str, str]]:
    """Count what stands beside where records would stand, by the path around it and its tag.

    An element of the right name that a predicate leaves out shows that the path is right: then
    there are none.

    Args:
        export: An export without records; read from its start.
        records: Where records stand.
        known: Where something else stands that the mapping reads.
        reader: How the export is parsed.
    """
    found: Counter[tuple[str, str]] = Counter()
    beside = list(_beside(records, reader.names))
    expected = [place for path in (*records, *known) for place in _through(path, reader.names)]
    places = [path for _, path in beside]
    for event, element in events(export, places, reader) if places else ():
        if event != "start":
            continue
        for parent, path in beside:
            if not path.fits(element):
                continue
            if any(each.stands(element) for each in records):
                return Counter()
            if not any(each.stands(element) for each in expected):
                found[parent, reader.names.clean(str(element.tag))] += 1
            break
    return found


def astray(
    found: Counter[tuple[str, str]], records: Sequence[RecordPath], *, name: str
) -> ExportError | None:
    """Refuse an export without records that holds other elements where they would stand.

    Args:
        found: Those elements.
        records: Where records are expected.
        name: The export.
    """
    if not found:
        return None
    wanted = " or ".join(path.text for path in records)
    parent, tag = _nearest(found, records)
    namespace, bare = apart(tag)
    times = "once" if found[parent, tag] == 1 else f"{found[parent, tag]} times"
    where = f" in the namespace {namespace}" if namespace else ""
    ways = ["correct source.record in the mapping"]
    if namespace:
        ways.append("write source.namespaces: ignore there")
    if max(found.values()) == 1:
        ways.append("write `gate: {empty: nothing}` if it is a head without records")
    return ExportError(
        f"no record stands at {wanted}; the nearest that exists is {parent}/{bare}{where}, {times}",
        where=name,
        fix=f"{', '.join(ways)}, or have the ERP write it again",
    )


def _nearest(found: Counter[tuple[str, str]], records: Sequence[RecordPath]) -> tuple[str, str]:
    """Give the one whose path is most like one of the records'; of equals, the most frequent."""

    def likeness(stray: tuple[tuple[str, str], int]) -> tuple[float, int]:
        (parent, tag), count = stray
        text = f"{parent}/{apart(tag)[1]}"
        alike = [difflib.SequenceMatcher(None, text, path.text).ratio() for path in records]
        return max(alike), count

    return max(found.items(), key=likeness)[0]


def _beside(records: Iterable[RecordPath], names: Names) -> Iterator[tuple[str, RecordPath]]:
    """Give, for each path that has one, what is around it and where all stands that is in there."""
    for path in records:
        parent = around(path)
        if parent is not None:
            above = (steps(path.text) or ())[:-1]
            yield parent, record_path(f"{_written(above)}/*", names)


def _through(path: RecordPath, names: Names) -> Iterator[RecordPath]:
    """Give the paths of all elements that a path leads through, and its own."""
    elements = [step for step in steps(path.text) or () if not step.attribute]
    for length in range(1, len(elements) + 1):
        yield record_path(_written(elements[:length]), names)


def _written(path: Iterable[Step]) -> str:
    return "".join(
        f"{'//' if step.axis == 'descendant' else '/'}{step.name}"
        + "".join(f"[{predicate}]" for predicate in step.predicates)
        for step in path
    )
