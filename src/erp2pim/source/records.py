"""What the mapping asks of an export: the header's values, then record after record."""

from collections.abc import Iterator, Mapping

from lxml import etree

from erp2pim.errors import ExportError
from erp2pim.mapping.items import CompiledMapping
from erp2pim.mapping.recordpath import RecordPath
from erp2pim.mapping.values import Variables, local, plain_text
from erp2pim.model import Origin
from erp2pim.source.files import ExportFile
from erp2pim.source.reader import Reading, elements, events, exact_line, root_name


def records(
    export: ExportFile, mapping: CompiledMapping
) -> Iterator[tuple[etree._Element, Origin]]:
    """Give the records of an export, each valid until the next one is asked for.

    Raises:
        ExportError: The file is not well-formed, cut short, or another kind of document.
    """
    _check_root(export, mapping)
    found = elements(export, [mapping.record], _reading(mapping))
    for number, (_, element) in enumerate(found, start=1):
        yield element, Origin(export.name, number, exact_line(element))


def header_values(export: ExportFile, mapping: CompiledMapping) -> Variables:
    """Give the header's values by variable, each the first in the file; an absent one is no node.

    The file is read as far as the last of them, or whole where one is absent.
    """
    found: dict[str, str | list[etree._Element]] = {}
    missing: dict[str, RecordPath] = dict(mapping.header)
    if missing:
        for event, element in events(export, list(missing.values()), _reading(mapping)):
            found.update(_header_hits(event, element, missing, mapping))
            missing = {name: path for name, path in missing.items() if name not in found}
            if not missing:
                break
    return found | {name: [] for name in missing}


def _header_hits(
    event: str,
    element: etree._Element,
    missing: Mapping[str, RecordPath],
    mapping: CompiledMapping,
) -> Iterator[tuple[str, str]]:
    for name, path in missing.items():
        if (event == "start" and path.attribute is None) or not path.stands(element):
            continue
        mapping.names.tidy(element)
        if not path.fits(element):
            continue
        text = plain_text(element) if path.attribute is None else element.get(path.attribute)
        if text is not None:
            yield name, text.strip()


def _check_root(export: ExportFile, mapping: CompiledMapping) -> None:
    tag = root_name(export, huge=mapping.huge)
    if not mapping.record.may_start_with(tag):
        raise ExportError(
            f"the root element is <{local(etree.Element(tag))}>; "
            f"records are expected at {mapping.record.text}",
            where=export.name,
            fix="check source.record and source.namespaces in the mapping, or the file",
        )


def _reading(mapping: CompiledMapping) -> Reading:
    return Reading(mapping.names, huge=mapping.huge, keep=mapping.keep)
