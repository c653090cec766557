"""What of an export a mapping makes use of, and what of the mapping an export makes use of."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from erp2pim.mapping.given import Trace
from erp2pim.mapping.layout import Layout, above, paths_of
from erp2pim.mapping.recordpath import RecordPath
from erp2pim.mapping.steps import steps
from erp2pim.mapping.work import CompiledMapping
from erp2pim.source.files import open_export
from erp2pim.source.prior import beside, gather
from erp2pim.source.records import records


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was not made use of.

    Attributes:
        read: Records read.
        unmapped: How often each path was seen that no rule's path leads to or through.
        silent: `file:line` of the rules that never gave a value.
        paths: All paths seen.
    """

    read: int
    unmapped: Mapping[str, int]
    silent: Sequence[str]
    paths: Sequence[str]


def coverage(
    exports: Sequence[str], mapping: CompiledMapping, others: Mapping[str, str]
) -> Coverage:
    """Map whole exports and see what is left over; nothing is sent.

    Raises:
        ExportError: An export was refused.
    """
    trace = Trace()
    layout = Layout()
    used: set[str] = set()
    whole: set[str] = set()
    read = 0
    for name in exports:
        with open_export(name) as export:
            given = mapping.given(Counter(), {}, trace)
            gather(export, mapping, given, others=beside(name, dict(others)))
            for number, element, origin in records(export, mapping):
                path = mapping.records[number].path.text
                read += 1
                layout.add(element, path)
                trace.nodes.clear()
                trace.whole.clear()
                mapping.items(number, element, origin, given)
                used.update(paths_of(trace.nodes, element, path))
                whole.update(paths_of(trace.whole, element, path))
    used.update([each for path in used for each in above(path)])
    counts = layout.counts()
    return Coverage(
        read=read,
        unmapped={
            path: count
            for path, count in counts.items()
            if path not in used
            and path.rpartition("/")[2].removeprefix("@") not in mapping.mentioned
            and not any(path == records.path.text for records in mapping.records)
            and whole.isdisjoint(above(path))
            and not any(_is_in_another(path, records.path) for records in mapping.records)
        },
        silent=[place for place in mapping.rules if place not in trace.rules],
        paths=list(counts),
    )


def _is_in_another(path: str, record: RecordPath) -> bool:
    """Say whether a path leads into a record within the record, which is looked at by itself."""
    inside = path.removeprefix(f"{record.text}/")
    own = (steps(record.text) or ())[-1:]
    return (
        record.nests
        and inside != path
        and any(step.name.rpartition(":")[2] in inside.split("/") for step in own)
    )
