"""An export read once, tag by tag, into the tree of its paths; no element is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from erp2pim.errors import ExportError
from erp2pim.source.files import ExportFile
from erp2pim.source.illformed import NAMED, illformed
from erp2pim.source.sealed import NoOtherFile
from erp2pim.survey.builder import Builder, Marks
from erp2pim.survey.tree import Node, Tree

_PIECE = 1 << 16
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_MARKS = ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


@dataclass(frozen=True, slots=True)
class Seen:
    """An export as it was read.

    Attributes:
        name: Its name, as given.
        encoding: What its bytes are, as its first ones say.
        elements: How many elements were read.
        tree: Its paths.
        prefixes: Namespace by the first prefix it was declared with; "" is the default one.
        sheets: Places whose elements are rows of cells, one of the first naming the columns.
        error: Why it was not read to its end; None where it was.
    """

    name: str
    encoding: str
    elements: int
    tree: Tree
    prefixes: Mapping[str, str]
    sheets: Mapping[Node, Marks]
    error: ExportError | None


def read(export: ExportFile) -> Seen:
    """Read an export to its end, or to where it breaks.

    Raises:
        ExportError: The file or its archive cannot be read.
    """
    builder = Builder()
    parser = etree.XMLParser(  # type: ignore[call-overload]  # the stubs ask for doctype
        target=builder,  # pyright: ignore[reportArgumentType]
        resolve_entities="internal",
        load_dtd=False,
        no_network=True,
    )
    parser.resolvers.add(NoOtherFile(export.name))
    export.rewind()
    head = piece = export.read(_PIECE)
    error: ExportError | None = None
    try:
        while piece:
            parser.feed(piece)
            piece = export.read(_PIECE)
        error = _undeclared(parser, export.name)
        parser.close()
    except etree.XMLSyntaxError as broken:
        error = illformed(broken, name=export.name, head=head)
    return Seen(
        name=export.name,
        encoding=encoding(head),
        elements=builder.elements,
        tree=builder.tree,
        prefixes=builder.prefixes,
        sheets=builder.sheets,
        error=error,
    )


def encoding(head: bytes) -> str:
    """Give the encoding that the first bytes of an XML file declare."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return f"{name} with a byte order mark"
    declared = _DECLARED.search(head[:400])
    return declared[1].decode("ascii") if declared else "UTF-8"


def _undeclared(parser: etree.XMLParser, name: str) -> ExportError | None:
    """Give the first entity that no text stands for.

    To libxml2 it is a warning where the DOCTYPE names another file, and the text goes missing.
    """
    for entry in parser.feed_error_log:
        if entry.type_name == "WAR_UNDECLARED_ENTITY":
            message = " ".join(entry.message.split())[:200]
            return ExportError(
                f"the export is not well-formed XML: {message}",
                where=f"{name}:{entry.line}:{max(entry.column, 1)}",
                fix=NAMED,
            )
    return None
