"""Exports in memory, read by a path or by a mapping, as texts that a test can compare."""

import io
import tempfile
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from lxml import etree

from erp2pim.config.mappingfile import load_mapping
from erp2pim.mapping.names import names
from erp2pim.mapping.recordpath import record_path
from erp2pim.mapping.work import CompiledMapping, Reader
from erp2pim.model import Item, Origin
from erp2pim.source.files import ExportFile
from erp2pim.source.prior import beside, gather
from erp2pim.source.reader import elements
from erp2pim.source.records import records


@contextmanager
def pieces_of(size: int) -> Generator[None]:
    """Let exports be fed to the parser in pieces of so many bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("erp2pim.source.reader._PIECE", size)
        yield


def opened(document: bytes) -> ExportFile:
    return ExportFile("export.xml", io.BytesIO(document))


def found(  # noqa: PLR0913  the ways to read a file, all but two of them by name
    document: bytes,
    path: str,
    *,
    namespaces: Mapping[str, str | Sequence[str]] | Literal["ignore"] | None = None,
    keep: AbstractSet[str] | None = frozenset(),
    huge: bool = False,
    recover: bool = False,
) -> list[str]:
    """Give the elements on a path as XML."""
    known = names(namespaces or {})
    reading = Reader(known, keep=keep, huge=huge, recover=recover)
    return [
        etree.tostring(element, encoding="unicode", with_tail=False)
        for _, element in elements(opened(document), [record_path(path, known)], reading)
    ]


def compiled(text: str) -> CompiledMapping:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return load_mapping(path)


def naming(record: str, *paths: str, source: str = "") -> CompiledMapping:
    """Give a mapping whose products are identified by what the paths find, joined by `|`."""
    parts = ", ".join(f'{{path: "{path}", default: "-"}}' for path in paths)
    identifier = f'{{concat: [{parts}], join: "|"}}' if paths else "{value: X}"
    text = f'version: 1\nsource:\n  record: "{record}"\n{source}\nproducts:\n'
    return compiled(f"{text}  identifier: {identifier}\n")


def identifiers(document: bytes, mapping: CompiledMapping) -> list[str]:
    """Give the identifiers of the items in an export, each of whose records gives one item."""
    seen: list[str] = []
    given = mapping.given(Counter(), {})
    gather(opened(document), mapping, given, others=beside("export.xml", {}))
    for number, element, origin in records(opened(document), mapping):
        became = mapping.items(number, element, origin, given)
        assert isinstance(became, list)
        ((item, _),) = became
        assert isinstance(item, Item), item
        seen.append(item.identifier)
    return seen


def origins(document: bytes, mapping: CompiledMapping) -> list[Origin]:
    return [origin for _, _, origin in records(opened(document), mapping)]
