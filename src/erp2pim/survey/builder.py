"""The tree of an export's paths, built from what the parser tells of every tag."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from erp2pim.mapping.names import XSI_NIL
from erp2pim.survey.fields import COLUMN
from erp2pim.survey.tree import Keyed, Node, Relative, Tree

_DEEPEST = 64
_MOST_LEAVES = 80
_NEAR = 2
_LONGEST_KEY = 80
_BEFORE_DOUBT = 50
_LONGEST_LIST = 200
_FULL = 2
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(slots=True)
class _Frame:
    """An element that is still open.

    Attributes:
        node: Its place; None where there are too many places.
        number: It is the so-many-th element of the file.
        texts: Its own text so far.
        leaves: The values at and near it, with the names that lead to them.
        has_child: Whether an element stands inside.
        nil: Whether it says `xsi:nil`.
        cells: Its cells, where it is a row of a sheet: column, path to the text, text.
        covered: How many further columns the last of them covers.
    """

    node: Node | None
    number: int
    texts: list[str] = field(default_factory=list[str])
    leaves: list[tuple[Relative, str]] = field(default_factory=list[tuple[Relative, str]])
    has_child: bool = False
    nil: bool = False
    cells: list[tuple[int, Relative, str]] = field(default_factory=list[tuple[int, Relative, str]])
    covered: int = 0


@dataclass(slots=True)
class Marks:
    """What says in which columns the cells of a sheet stand; attributes by lxml's names.

    Attributes:
        header: The number of the row that names the columns.
        index: Says in which column a cell stands; None where no cell has it.
        across: Says how many further columns a cell covers; None where no cell has it.
    """

    header: int = 1
    index: str | None = None
    across: str | None = None


class Builder:
    """What lxml tells of every tag (its parser target interface), put into a tree.

    It has no `doctype`: where a target has one, lxml takes the DOCTYPE away from libxml2, which
    then refuses the entities declared there (saxparser.pxi, `_connectTarget`).

    Attributes:
        tree: The paths so far.
        elements: How many elements began.
        prefixes: Namespace by the first prefix it was declared with; "" is the default one.
        sheets: Places whose elements are rows of cells, one of the first naming the columns.
    """

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.tree = Tree()
        self.elements = 0
        self.prefixes: dict[str, str] = {}
        self.sheets: dict[Node, Marks] = {}
        self._headers: dict[Node, dict[int, str]] = {}
        self._open: list[_Frame] = []
        self._around: list[int] = []

    def start_ns(self, prefix: str, uri: str) -> None:
        """A namespace is declared."""
        self.prefixes.setdefault(prefix or "", uri)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.elements += 1
        above = self._open[-1] if self._open else None
        node = self._place(above, tag)
        frame = _Frame(node, self.elements)
        if above is not None:
            above.has_child = True
        if node is not None:
            node.counted.count(self._around)
        self._open.append(frame)
        self._around.append(self.elements)
        if node is not None and attributes:
            self._note_attributes(frame, node, attributes)

    def data(self, text: str) -> None:
        """Text stands in the element that is open."""
        self._open[-1].texts.append(text)

    def end(self, _: str) -> None:
        """The element that began last ends."""
        frame = self._open.pop()
        self._around.pop()
        node = frame.node
        if node is None:
            return
        text = "".join(frame.texts)
        self._note_text(frame, node, text)
        above = self._open[-1] if self._open else None
        if above is not None and above.node is not None:
            self._hand_up(frame, node, above, text)
        if frame.cells:
            self._note_row(frame, node)
        if node.listens:
            self._note_lists(frame, node)

    def end_ns(self, _: str) -> None:
        """A namespace's element ended."""

    def comment(self, _: str) -> None:
        """A comment says nothing of the data."""

    def pi(self, _target: str, _text: str | None = None) -> None:
        """Neither does an instruction for another program."""

    def close(self) -> None:
        """The file ends."""

    def _place(self, above: _Frame | None, tag: str) -> Node | None:
        if above is None:
            return self.tree.place(None, tag)
        if above.node is None or len(self._open) >= _DEEPEST:
            self.tree.lost += 1
            return None
        return self.tree.place(above.node, tag)

    def _note_attributes(self, frame: _Frame, node: Node, attributes: Mapping[str, str]) -> None:
        for name, text in attributes.items():
            if name == XSI_NIL:
                frame.nil = text in {"true", "1"}
            if name.startswith(_XSI):
                continue
            place = self.tree.place(node, f"@{name}")
            if place is not None:
                place.counted.count(self._around)
                place.add(text)
                frame.leaves.append(((f"@{name}",), text.strip()))

    def _note_text(self, frame: _Frame, node: Node, text: str) -> None:
        has_text = bool(text) and not text.isspace()
        if frame.has_child:
            if has_text:
                node.is_markup = True
                text = " ".join(text.split())
                node.add(text)
                frame.leaves.append(((), text))
            return
        if frame.nil and not has_text:
            node.add("")
            if node.sketch is not None:
                node.sketch.nil += 1
            return
        if has_text or not frame.leaves:
            node.add(text)
            frame.leaves.append(((), text.strip()))

    def _hand_up(self, frame: _Frame, node: Node, above: _Frame, text: str) -> None:
        """Let the element above know of the values near it."""
        place = above.node
        if node.is_html:
            above.texts.append(text)
        if node.is_cell:
            self._note_cell(frame, above)
        if node.is_html or place is None or not _wants_values(place):
            return
        room = _MOST_LEAVES - len(above.leaves)
        for path, value in frame.leaves[: max(room, 0)]:
            if len(path) <= _NEAR:
                above.leaves.append(((node.name, *path), value))

    def _note_cell(self, frame: _Frame, above: _Frame) -> None:
        """Note in which column of its row a cell stands, and its text."""
        index, across = (_marked(frame, ending) for ending in ("index", "mergeacross"))
        last = above.cells[-1][0] if above.cells else 0
        column = last + above.covered + 1 if index is None else index[1]
        above.covered = 0 if across is None else across[1]
        texts = [leaf for leaf in frame.leaves if not (leaf[0] and leaf[0][-1][0] == "@")]
        path, text = texts[0] if texts else ((), "")
        above.cells.append((column, path, text))
        marks = None if above.node is None else self.sheets.get(above.node)
        if marks is not None:
            marks.index = marks.index if index is None else index[0]
            marks.across = marks.across if across is None else across[0]

    def _note_lists(self, frame: _Frame, node: Node) -> None:
        times = Counter(path for path, _ in frame.leaves)
        for path, key in frame.leaves:
            is_key = len(path) == 1 and times[path] == 1 and node.children[path[0]].is_key
            if is_key and 0 < len(key) <= _LONGEST_KEY:
                self._note_entry(frame, node, path, key)
        if node.counted.times > _BEFORE_DOUBT:
            node.listens = any(node.keyed.values())

    def _note_entry(self, frame: _Frame, node: Node, path: Relative, key: str) -> None:
        keyed = node.keyed.setdefault(path[0], Keyed())
        if keyed is None:
            return
        others = [leaf for leaf in frame.leaves if leaf[0] != path]
        is_list = node.children[path[0]].is_language or _may_be_list(node)
        if not is_list or not keyed.add(key, others, self._around, self.tree):
            keyed.drop(self.tree)
            node.keyed[path[0]] = None

    def _note_row(self, frame: _Frame, node: Node) -> None:
        """Count the cells of a sheet's row by the column that the first full row names."""
        headers = self._headers.get(node)
        if headers is None:
            named = {column: text for column, _, text in frame.cells if text}
            if len(named) < _FULL:
                return
            self._headers[node] = named if _name_columns(list(named.values())) else {}
            if self._headers[node]:
                self.sheets.setdefault(node, Marks(header=node.counted.times))
            return
        cell = next((child for child in node.children.values() if child.is_cell), None)
        if cell is None:
            return
        keyed = cell.keyed.setdefault(COLUMN, Keyed())
        for column, path, text in frame.cells:
            header = headers.get(column, "")
            if keyed is not None and header and (path or text):
                keyed.add(header, [(path, text)], [*self._around, frame.number], self.tree)


def _marked(cell: _Frame, ending: str) -> tuple[str, int] | None:
    """Give the attribute of a cell whose name ends so, and its number."""
    for path, value in cell.leaves:
        if len(path) == 1 and path[0].casefold().endswith(ending) and value.isdecimal():
            return path[0], int(value)
    return None


def _name_columns(texts: Sequence[str]) -> bool:
    """Say whether the texts of a sheet's first full row can be the names of its columns."""
    return len(texts) == len(set(texts)) and not any(text.isdecimal() for text in texts)


def _wants_values(place: Node) -> bool:
    """Say whether an element, or the one around it, may be an entry or holds a cell's text."""
    return place.listens or place.is_cell or (place.above or place).listens


def _may_be_list(node: Node) -> bool:
    """Say whether there are lists of entries, not so many entries alone or in a single list."""
    counted = node.counted
    if counted.times <= _BEFORE_DOUBT or not counted.within:
        return True
    return counted.within[-1] < counted.times <= _LONGEST_LIST * counted.within[-1]
