"""Exports in memory, and what the survey says of them."""

import io
from collections.abc import Iterable

from erp2pim.source.files import ExportFile
from erp2pim.survey.fields import Value
from erp2pim.survey.survey import Survey, survey


def looked_at(xml: str | bytes, *, record: str | None = None) -> Survey:
    """Survey an export."""
    content = xml if isinstance(xml, bytes) else xml.encode()
    return survey(ExportFile("export.xml", io.BytesIO(content)), record=record)


def value(found: Survey, path: str) -> Value:
    """Give what was found at a path below the record."""
    return {each.path: each for each in [*found.values, *found.listed]}[path]


def items(inner: Iterable[str]) -> str:
    """Give an export of these items."""
    return (
        "<Export><Items>" + "".join(f"<Item>{each}</Item>" for each in inner) + "</Items></Export>"
    )
