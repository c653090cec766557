"""Elements of an export, one after the other, while the file streams by in flat memory.

A pull parser is fed in pieces. After each piece everything that was read and that no path can
reach is dropped from the tree, so that neither millions of records nor a long tail behind them
stay in memory. Dropping by piece rather than by element is why this is no `iterparse`.

Where paths reach out of the element, the file is fed tag by tag, which takes about three times as
long as by piece: what stands behind the element is then never in the tree, however the pieces fall.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from lxml import etree

from erp2pim.errors import ExportError
from erp2pim.mapping.names import apart
from erp2pim.mapping.recordpath import RecordPath
from erp2pim.mapping.work import Reader
from erp2pim.source.ampersands import MOST_TOLD, Ampersands
from erp2pim.source.files import ExportFile
from erp2pim.source.illformed import LIMITS, illformed, limited
from erp2pim.source.sealed import NoOtherFile

_PIECE = 1 << 16
_LAST_EXACT_LINE = 65_534
_CUT_SHORT = {"ERR_TAG_NOT_FINISHED", "ERR_DOCUMENT_EMPTY", "ERR_DOCUMENT_END"}
_TAGS = re.compile(rb"\A\x00|[^>]*>\x00?|[^>]+")  # in UTF-16LE, > is two bytes, the second is 0
# XML_MAX_ERRORS in libxml2's parserInternals.h. Behind a first mistake, it does not tell that a
# file runs on behind its root, and behind so many nothing at all: a comment put behind the file
# shows whether the parser came to it, and that the root was closed.
_MOST_LOGGED = 100
_END = "erp2pim: the end"
_BLANKS = b"\0 \t\r\n"  # in UTF-16, every other byte of what is ASCII is 0


def elements(
    export: ExportFile, paths: Sequence[RecordPath], reader: Reader
) -> Iterator[tuple[int, etree._Element]]:
    """Give the complete elements that stand on one of the paths, in the order of their start tags.

    An element is valid until the next one is asked for. If the consumer stops early, the rest of
    the file is neither read nor checked.

    Args:
        export: The file; read from its start.
        paths: Where the elements stand; each comes with the number of its path.
        reader: How the export is parsed; elements come with clean names.

    Raises:
        ExportError: The file is not well-formed or cut short; told with line and column.
    """
    nests = any(path.nests for path in paths) or len(paths) > 1
    is_plain = not nests and not any(path.asks for path in paths)
    keep = _kept(paths, reader)
    done: etree._Element | None = None
    for event, element in events(export, paths, reader):
        if event == "start" or not any(path.stands(element) for path in paths):
            continue
        if nests and _inside_another(element, paths):
            continue
        if done is not None and _is_dropped(done, keep):
            _remove(done)
        done = element
        reader.names.tidy(element)
        if is_plain:
            yield 0, element
            continue
        for inner in element.iter(etree.Element) if nests else (element,):
            for number, path in enumerate(paths):
                if path.fits(inner):
                    yield number, inner


def events(
    export: ExportFile, paths: Sequence[RecordPath], reader: Reader
) -> Iterator[tuple[str, etree._Element]]:
    """Give start and end of every element that may stand on one of the paths, and of the root."""
    root_tag = root_name(export, reader)
    filters = [tag for path in paths for tag in path.tags or ()]
    tags = None if any(path.tags is None for path in paths) else [*filters, root_tag]
    parser = _parser(export, tags, reader)
    keep = _kept(paths, reader)
    root: etree._Element | None = None
    mender = Ampersands() if reader.recover else None
    verbatim = reader.names.verbatim
    for is_whole in _fed(parser, export, mender, by_tag=keep != frozenset()):
        for event, element in parser.read_events():
            root = element if root is None else root
            if not verbatim:
                for ancestor in element.iterancestors():
                    reader.names.tidy_one(ancestor)
            yield event, element
        if is_whole:
            _prune(root, paths, keep)


def root_name(export: ExportFile, reader: Reader) -> str:
    """Give the tag of the root element; leaves the file at its start.

    Raises:
        ExportError: The file holds no XML.
    """
    parser = _parser(export, None, reader)
    export.rewind()
    for _ in _fed(parser, export, Ampersands() if reader.recover else None):
        for _, element in parser.read_events():
            export.rewind()
            return str(element.tag)
    raise _beyond_repair("the export holds no element", f"{export.name}:1:1")  # it recovers


def _parser(export: ExportFile, tags: Sequence[str] | None, reader: Reader) -> etree.XMLPullParser:
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=tags,
        resolve_entities="internal",
        load_dtd=False,
        no_network=True,
        huge_tree=reader.huge,
        recover=reader.recover,
    )
    parser.resolvers.add(NoOtherFile(export.name))
    return parser


def exact_line(element: etree._Element, *, after: int | None) -> int | None:
    """Give the line of an element's start tag; None where the parser has lost count.

    Past its limit, libxml2 (xmlGetLineNo) may give the line of a node that stands further up.

    Args:
        element: Any but the first of a file comes behind another one.
        after: The line of that one; 1 for the first.
    """
    line = element.sourceline
    if line is None or after is None:
        return None
    return line if after <= line <= _LAST_EXACT_LINE else None


def _kept(paths: Sequence[RecordPath], reader: Reader) -> AbstractSet[str] | None:
    kept: set[str] = set()
    for names in (reader.keep, *(path.outside for path in paths)):
        if names is None:
            return None
        kept |= names
    return kept


def _is_dropped(element: etree._Element, keep: AbstractSet[str] | None) -> bool:
    if keep is None:
        return False
    return not isinstance(element.tag, str) or apart(element.tag)[1] not in keep


def _fed(
    parser: etree.XMLPullParser,
    export: ExportFile,
    mender: Ampersands | None,
    *,
    by_tag: bool = False,
) -> Iterator[bool]:
    """Feed the file piece by piece, or tag by tag; the consumer looks at the tree after each.

    What is given is whether a whole piece was fed.
    """
    head = end = b""
    try:
        for piece in _pieces(export, mender):
            head = head or piece
            end = piece.rstrip(_BLANKS)[-1:] or end
            *parts, last = _TAGS.findall(piece) if by_tag else (piece,)
            for part in parts:
                parser.feed(part)
                yield False
            parser.feed(last)
            yield True
        is_marked = mender is not None and len(parser.feed_error_log) > 0
        if mender is not None and is_marked:
            parser.feed(mender.encoded(f"<!--{_END}-->"))
        root = parser.close()
        yield False
        if mender is not None:
            _note_repairs(parser, export, mender, end)
        if is_marked and not _ends_with_mark(root):
            what = "the export is cut short, runs on behind its end or meets a limit of the parser"
            raise _beyond_repair(what, export.name)
    except etree.XMLSyntaxError as error:
        raise illformed(error, name=export.name, head=head) from error


def _pieces(export: ExportFile, mender: Ampersands | None) -> Iterator[bytes]:
    while piece := export.read(_PIECE):
        if piece := piece if mender is None else mender.mended(piece):
            yield piece
    if mender is not None and (piece := mender.rest()):
        yield piece


def _ends_with_mark(root: etree._Element) -> bool:
    """Say whether all was read: else the mark stands within the root element, or nowhere."""
    last = root
    while (following := last.getnext()) is not None:
        last = following
    return last is not root and last.text == _END


def _note_repairs(
    parser: etree.XMLPullParser, export: ExportFile, mender: Ampersands, end: bytes
) -> None:
    """Note on the export what was repaired first, and how much more.

    Args:
        parser: The parser, closed.
        export: What it read.
        mender: What mended the export before.
        end: The last byte of the file that is not blank; libxml2 counts a tag as closed that is
            cut in its middle.

    Raises:
        ExportError: The root element is not closed, something follows it, entities of the export
            are lost, or a limit of the parser ended it before the export ends.
    """
    repairs = list(mender.repairs)
    for count, entry in enumerate(parser.feed_error_log):
        message = " ".join(entry.message.split())[:200]
        place = f"{export.name}:{entry.line}:{entry.column}"
        if entry.type in LIMITS:
            raise limited(message, where=place)
        if entry.type_name in _CUT_SHORT or end != b">":
            raise _beyond_repair(
                f"the export is cut short or runs on behind its end: {message}", place
            )
        if mender.declares and not entry.type_name.startswith("NS_"):
            raise _beyond_repair(
                f"entities that the export declares are lost behind a mistake: {message}", place
            )
        if count < MOST_TOLD:
            repairs.append((entry.line, entry.column, message))
    export.repairs = [
        f"{export.name}:{line}:{column}: repaired: {what}"
        for line, column, what in sorted(repairs)[:MOST_TOLD]
    ]
    told = len(parser.feed_error_log)
    if left := mender.count + told - len(export.repairs):
        number = f"{left} or more" if told >= _MOST_LOGGED else str(left)
        export.repairs.append(
            f"{export.name}: {number} further repairs; have the ERP write well-formed XML"
        )


def _beyond_repair(what: str, where: str) -> ExportError:
    fix = "have the ERP write it again; source.recover does not mend this"
    return ExportError(what, where=where, fix=fix)


def _inside_another(element: etree._Element, paths: Sequence[RecordPath]) -> bool:
    """Say whether an element will come along with one around it that is still open."""
    return any(path.stands(above) for above in element.iterancestors() for path in paths)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _prune(
    root: etree._Element | None, paths: Sequence[RecordPath], keep: AbstractSet[str] | None
) -> None:
    """Drop what was read before the place where the parser stands, down to what is looked for."""
    node = root
    while node is not None and len(node) and not any(path.stands(node) for path in paths):
        last = node[-1]
        for sibling in node[:-1]:
            if _is_dropped(sibling, keep):
                node.remove(sibling)
        node = last if isinstance(last.tag, str) else None
