"""What the mapping asks of an export: the header's values, then record after record."""

from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from erp2pim.errors import ExportError
from erp2pim.mapping.names import apart
from erp2pim.mapping.recordpath import RecordPath
from erp2pim.mapping.values import Unmappable, plain_text
from erp2pim.mapping.work import CompiledMapping
from erp2pim.model import Origin
from erp2pim.source.files import ExportFile
from erp2pim.source.reader import elements, events, exact_line, root_name
from erp2pim.source.sheet import Sheet


def records(
    export: ExportFile, mapping: CompiledMapping
) -> Iterator[tuple[int, etree._Element, Origin]]:
    """Give the records of an export, each valid until the next one is asked for.

    Each comes with the number of its path in `mapping.records`. The row that names a sheet's
    columns is no record.

    Raises:
        ExportError: The file is not well-formed, cut short, or another kind of document.
    """
    _check_root(export, mapping)
    paths = [records.path for records in mapping.records]
    sheet = Sheet(mapping.reader.header_row, mapping.reader.index, mapping.reader.across)
    line: int | None = 1
    number = 0
    for path, element in elements(export, paths, mapping.reader):
        line = exact_line(element, after=line)
        if sheet.takes(element):
            continue
        number += 1
        yield path, element, Origin(export.name, number, line)


def header_values(
    export: ExportFile, mapping: CompiledMapping
) -> Mapping[str, str | list[etree._Element]]:
    """Give the header's values by variable, each the first in the file; an absent one is no node.

    The file is read as far as the last of them, or whole where one is absent.

    Raises:
        ExportError: The file is refused, or an element that holds elements stands for a value.
    """
    found: dict[str, str | list[etree._Element]] = {}
    missing: dict[str, RecordPath] = dict(mapping.header)
    if missing:
        for event, element in events(export, list(missing.values()), mapping.reader):
            found.update(_header_hits(event, element, missing, export, mapping))
            missing = {name: path for name, path in missing.items() if name not in found}
            if not missing:
                break
    return found | {name: [] for name in missing}


def _header_hits(
    event: str,
    element: etree._Element,
    missing: Mapping[str, RecordPath],
    export: ExportFile,
    mapping: CompiledMapping,
) -> Iterator[tuple[str, str]]:
    for name, path in missing.items():
        too_early = event == "start" and (path.attribute is None or not path.at_start)
        if too_early or not path.stands(element):
            continue
        mapping.reader.names.tidy(element)
        if not path.fits(element):
            continue
        text = _text(element, path, export)
        if text is not None:
            yield name, text.strip()


def _text(element: etree._Element, path: RecordPath, export: ExportFile) -> str | None:
    if path.attribute is not None:
        return element.get(path.attribute)
    try:
        return plain_text(element)
    except Unmappable as finding:
        line = exact_line(element, after=1)
        raise ExportError(
            f"the value at {path.text} cannot be read: {finding.message}",
            where=export.name if line is None else f"{export.name}:{line}",
            fix="name an element that holds a text, or have the ERP write one there",
        ) from finding


def _check_root(export: ExportFile, mapping: CompiledMapping) -> None:
    tag = root_name(export, mapping.reader)
    paths = [records.path for records in mapping.records]
    if not any(path.may_start_with(tag) for path in paths):
        raise ExportError(
            f"the root element is <{apart(tag)[1]}>; "
            f"records are expected at {' and '.join(path.text for path in paths)}",
            where=export.name,
            fix=_advice(tag, paths),
        )


def _advice(root: str, paths: Sequence[RecordPath]) -> str:
    namespace, name = apart(root)
    if namespace and any(path.may_start_with(name) for path in paths):
        return f"its namespace is {namespace}: write source.namespaces: ignore in the mapping"
    return "check source.record and source.namespaces in the mapping, or the file"
