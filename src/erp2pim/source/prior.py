"""What an export gives to all of its records, gathered in passes of their own before them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from erp2pim.errors import ExportError
from erp2pim.mapping.given import Given
from erp2pim.mapping.joins import JoinSource, TableSource, check_tables
from erp2pim.mapping.values import Unmappable
from erp2pim.mapping.work import CompiledMapping
from erp2pim.source.files import ExportFile, open_export
from erp2pim.source.reader import elements, exact_line
from erp2pim.source.records import header_values


def gather(
    export: ExportFile,
    mapping: CompiledMapping,
    given: Given,
    *,
    others: Callable[[str], str],
) -> None:
    """Fill in header values, tables and joined elements.

    Args:
        export: The main export.
        mapping: Says what is to be gathered.
        given: What is filled in.
        others: Gives the path of another export by the name that the mapping has for it.

    Raises:
        ExportError: An export was refused, or the rows of a table stand above themselves.
    """
    given.header = header_values(export, mapping)
    sources: defaultdict[str | None, list[TableSource | JoinSource]] = defaultdict(list)
    all_sources: list[TableSource | JoinSource] = [
        *mapping.tables.values(),
        *mapping.joins.values(),
    ]
    for source in all_sources:
        sources[source.export].append(source)
    for name, wanted in sources.items():
        with ExitStack() as stack:
            file = export if name is None else stack.enter_context(open_export(others(name)))
            _take(file, wanted, mapping, given)
    try:
        check_tables(given)
    except Unmappable as finding:
        raise ExportError(
            f"{finding.message} is expected: {finding.value}", where=export.name
        ) from finding


def beside(main: str, given_names: Mapping[str, str]) -> Callable[[str], str]:
    """Give where other exports stand: as named on the command line, or beside the main one."""
    return lambda name: given_names.get(name, str(Path(main).parent / name))


def _take(
    export: ExportFile,
    wanted: Sequence[TableSource | JoinSource],
    mapping: CompiledMapping,
    given: Given,
) -> None:
    line: int | None = 1
    rows: Counter[int] = Counter()
    for number, element in elements(export, [source.path for source in wanted], mapping.reader):
        line = exact_line(element, after=line)
        rows[number] += 1
        try:
            wanted[number].take(element, given)
        except Unmappable as finding:
            where = export.name if line is None else f"{export.name}:{line}"
            raise _refused(wanted[number], rows[number], finding, where) from finding


def _refused(
    source: TableSource | JoinSource, row: int, finding: Unmappable, where: str
) -> ExportError:
    seen = "" if finding.value is None else f"; found {finding.value!r}"
    return ExportError(
        f"row {row} of {source.name} cannot be read: {finding.message}{seen}",
        where=where,
        fix=f"see {finding.rule or 'the mapping'}, or have the ERP mend the row",
    )
