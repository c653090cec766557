"""All that is known of an export that nobody has described."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from erp2pim.errors import ConfigError, ExportError
from erp2pim.mapping.steps import steps
from erp2pim.source.files import ExportFile
from erp2pim.survey.builder import Marks
from erp2pim.survey.candidates import Candidate, candidates
from erp2pim.survey.fields import Entry, Value, entries, values
from erp2pim.survey.lists import Languages, Pairs, languages, pairs
from erp2pim.survey.spelling import Spelling, spelling, standing
from erp2pim.survey.tree import Node, Tree
from erp2pim.survey.walk import Seen, read

_SHOWN_HEADER = 200


@dataclass(frozen=True, slots=True)
class Header:
    """A value outside of the records that is the same wherever it stands.

    Attributes:
        path: Its path from the root.
        value: What is known of it.
    """

    path: str
    value: Value


@dataclass(frozen=True, slots=True)
class Survey:
    """What an export looks like.

    Attributes:
        name: Its name, as given.
        encoding: The encoding that its first bytes declare.
        namespaces: Its namespaces by the first prefix that they are declared with.
        elements: How many elements it has, or had before it broke.
        lost: How many elements and attributes were not looked at since there were too many paths.
        spelled: How its names are written.
        candidates: The elements that may be records, the likeliest first.
        record: The path of the records that were looked into; None where there is none.
        nodes: Their places in the tree.
        records: How many there are, without a sheet's rows down to the one that names its columns.
        values: The values below the records.
        listed: The values of lists below the records, by their entries' keys.
        pairs: Lists of names and values below the records.
        languages: Elements below the records that say in which language they are.
        header: Values outside of the records.
        sheet: What marks the cells where the records are rows of which one names the columns;
            None where they are no such rows.
        error: Why the export was not read to its end; None where it was.
    """

    name: str
    encoding: str
    namespaces: Mapping[str, str]
    elements: int
    lost: int
    spelled: Spelling
    candidates: Sequence[Candidate]
    record: str | None
    records: int
    nodes: Sequence[Node]
    values: Sequence[Value]
    listed: Sequence[Entry]
    pairs: Sequence[Pairs]
    languages: Sequence[Languages]
    header: Sequence[Header]
    sheet: Marks | None
    error: ExportError | None


def survey(export: ExportFile, *, record: str | None = None) -> Survey:
    """Read an export to its end, or to where it breaks, and say what it looks like.

    Args:
        export: The file; read from its start.
        record: Where its records stand; None for where they most probably do.

    Raises:
        ConfigError: No element stands on that path.
        ExportError: The file or its archive cannot be read.
    """
    seen = read(export)
    spelled = spelling(seen.tree, seen.prefixes)
    found = candidates(seen.tree, spelled, seen.sheets.keys())
    path = record or (found[0].path if found else None)
    nodes = _standing(record, seen.tree, spelled) if record else found[0].nodes if found else ()
    below, listed = values(nodes, spelled), entries(nodes, spelled)
    sheet = _sheet(seen, nodes, spelled)
    return Survey(
        name=seen.name,
        encoding=seen.encoding,
        namespaces={prefix: uri for prefix, uri in seen.prefixes.items() if prefix != "xml"},
        elements=seen.elements,
        lost=seen.tree.lost,
        spelled=spelled,
        candidates=found,
        record=path,
        records=sum(node.counted.times for node in nodes) - (sheet.header if sheet else 0),
        nodes=nodes,
        values=below,
        listed=listed,
        pairs=pairs(below, listed, spelled),
        languages=languages(listed),
        header=_header(seen, nodes, spelled),
        sheet=sheet,
        error=seen.error,
    )


def _standing(path: str, tree: Tree, spelled: Spelling) -> Sequence[Node]:
    """Give the places of the elements that stand on a path that a person wrote.

    Raises:
        ConfigError: There are none, or the path has conditions.
    """
    cut = steps(path)
    if cut is None or not path.startswith("/") or any(s.attribute or s.predicates for s in cut):
        raise ConfigError(
            f"{path!r} is not an absolute path of names, such as /Export/Items/Item or //Item",
            fix="leave conditions in brackets out; they belong into source.record of the mapping",
        )
    found = standing(cut, tree, spelled)
    if not found:
        raise ConfigError(
            f"no element stands at {path}", fix="erp2pim inspect EXPORT without --record lists some"
        )
    return found


def _header(seen: Seen, records: Sequence[Node], spelled: Spelling) -> list[Header]:
    inside = set(records)
    found: list[Header] = []
    for node in _outside(seen.tree.root, inside):
        sketch = node.sketch
        if sketch is None or not sketch.is_exact or sketch.distinct != 1:
            continue
        path = "/" + spelled.path(node.names())
        times = node.counted.times
        found.append(Header(path, Value(node.names(), path, times, times, sketch)))
        if len(found) == _SHOWN_HEADER:
            break
    return found


def _outside(node: Node | None, records: set[Node]) -> Iterator[Node]:
    if node is None or node in records:
        return
    yield node
    for child in node.children.values():
        yield from _outside(child, records)


def _sheet(seen: Seen, records: Sequence[Node], spelled: Spelling) -> Marks | None:
    for node in records:
        if node in seen.sheets:
            marks = seen.sheets[node]
            index = marks.index and spelled.name(marks.index)
            return Marks(marks.header, index, marks.across and spelled.name(marks.across))
    return None
