"""A mapping on disk and an export in memory, put together the way a run does."""

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent, indent

import pytest

from erp2pim.config.mappingfile import load_mapping
from erp2pim.errors import ConfigError
from erp2pim.mapping.work import CompiledMapping
from erp2pim.model import Body, Item, Json, Reject, Skipped
from erp2pim.source.files import ExportFile
from erp2pim.source.prior import beside, gather
from erp2pim.source.records import records

FILE = Path("mapping.yaml")
FIRST_RULE = 5


def written(rules: str = "", *, source: str = "", product: str = "", more: str = "") -> str:
    """Give a mapping of `/Export/Item`; the first of the rules for values stands at line 5."""
    blocks = [
        "version: 1\nproducts:\n  identifier: Sku",
        "  values:\n" + _block(rules, 4) if rules else "",
        _block(product, 2),
        "source:\n  record: /Export/Item",
        _block(source, 2),
        dedent(more),
    ]
    return "\n".join(block for block in blocks if block) + "\n"


def _block(text: str, depth: int) -> str:
    return indent(dedent(text).strip("\n"), " " * depth)


def loaded(text: str) -> CompiledMapping:
    FILE.write_text(text, encoding="utf-8")
    return load_mapping(FILE)


def export_of(record: str) -> str:
    return f"<Export><Item><Sku>A1</Sku>{record}</Item></Export>"


def mapped(mapping: str, export: str | bytes) -> list[Item | Reject | Skipped]:
    """Give what each record of an export becomes."""
    compiled = loaded(mapping)
    raw = export.encode() if isinstance(export, str) else export
    return become(compiled, ExportFile("export.xml", io.BytesIO(raw)))


def become(
    mapping: CompiledMapping,
    export: ExportFile,
    decisions: Counter[tuple[str, str]] | None = None,
    *,
    others: Mapping[str, str] | None = None,
) -> list[Item | Reject | Skipped]:
    """Give what each record of an export becomes, in order; count what is decided on the way.

    Other exports stand where `others` says, or beside this one.
    """
    given = mapping.given(Counter() if decisions is None else decisions, {})
    gather(export, mapping, given, others=beside(export.name, others or {}))
    became: list[Item | Reject | Skipped] = []
    for path, element, origin in records(export, mapping):
        found = mapping.items(path, element, origin, given)
        became.extend([found] if isinstance(found, Skipped) else [item for item, _ in found])
    return became


def bodies(mapping: str, export: str | bytes) -> list[Body | Reject | Skipped]:
    """Give the body of each item that an export becomes, and what else comes of a record."""
    return [each.body if isinstance(each, Item) else each for each in mapped(mapping, export)]


def one(
    record: str, rules: str = "", *, source: str = "", product: str = "", more: str = ""
) -> Item | Reject | Skipped:
    """Give what one record becomes."""
    mapping = written(rules, source=source, product=product, more=more)
    (became,) = mapped(mapping, export_of(record))
    return became


def body(record: str, rules: str = "", **mapping: str) -> Mapping[str, Json]:
    """Give the body of the item that one record becomes."""
    became = one(record, rules, **mapping)
    if not isinstance(became, Item):
        pytest.fail(f"no item: {became}")
    return became.body


def data(record: str, rule: str, **mapping: str) -> Json:
    """Give the data of the cell that one rule gives, or `left` where it says nothing."""
    found = body(record, f"a: {rule}", **mapping)
    if found == {}:
        return "left"
    (entry,) = _cells(found["values"], "a")
    return entry["data"]


def _cells(values: Json, code: str) -> Sequence[Mapping[str, Json]]:
    if not isinstance(values, Mapping):
        pytest.fail(f"no values: {values}")
    cells = values[code]
    if not isinstance(cells, list):
        pytest.fail(f"no cells: {cells}")
    return cells


def reject(record: str, rules: str = "", **mapping: str) -> Reject:
    """Give why one record becomes no item."""
    became = one(record, rules, **mapping)
    if not isinstance(became, Reject):
        pytest.fail(f"no reject: {became}")
    return became


def refused(record: str, rule: str, **mapping: str) -> tuple[str, str | None]:
    """Give message and value of the reject that one rule causes."""
    found = reject(record, f"a: {rule}", **mapping)
    assert (found.identifier, found.rule) == ("A1", f"{FILE}:{FIRST_RULE}")
    return found.message, found.value


def faults(mapping: str) -> list[str]:
    """Give what is wrong with a mapping, each as `line:column: message`."""
    with pytest.raises(ConfigError) as caught:
        loaded(mapping)
    return [str(fault).removeprefix(f"{FILE}:") for fault in caught.value.faults]
