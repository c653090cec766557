"""What of an export a mapping makes use of, and what of the mapping an export makes use of."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from erp2pim.mapping.given import Trace
from erp2pim.mapping.layout import Layout, above, path_of
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
                mapping.items(number, element, origin, given)
                found = (path_of(node, element, path) for node in trace.nodes)
                used.update(each for each in found if each is not None)
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
        },
        silent=[place for place in mapping.rules if place not in trace.rules],
        paths=list(counts),
    )
