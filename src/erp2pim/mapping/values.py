"""Texts on their way from the record to the item, and the reasons why one may not go on."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum, auto
from html import escape
from typing import TypeAlias, TypeVar

from lxml import etree

from erp2pim.mapping.names import XSI_NIL, apart


class Unmappable(Exception):
    """The record cannot become an item.

    Attributes:
        message: What was expected, with the place in the record.
        value: The text seen; None when there was none.
        rule: `file:line` of the rule; empty until the rule's own frame is reached.
        what: The kind of finding, as decisions are counted by it.
    """

    def __init__(
        self, message: str, value: str | None = None, *, rule: str = "", what: str = "other"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.value = value
        self.rule = rule
        self.what = what


class State(Enum):
    """Why there is no value."""

    ABSENT = auto()
    EMPTY = auto()
    NO_VALUE = auto()
    NIL = auto()
    SILENT = auto()


# Values, what holds them, and where they are looked for are made some eighty times a record: they
# are not frozen, since to make a frozen one takes six times as long, a tuple twice as long.
@dataclass(slots=True)
class Value:
    """One value found.

    Attributes:
        text: Its text; a bool where the path is a condition.
        owner: The element that it came from; None for constants and computed texts.
        constant: Whether it stands in the mapping, and is sent as it is written there.
        unit: The unit that belongs to it; None where no rule gave one.
        currency: Its currency, likewise.
        label: The label of the option that it names, likewise.
        tabled: Whether a table that stands in the mapping gave it.
    """

    text: str | bool
    owner: etree._Element | None = None
    constant: bool = False
    unit: str | None = None
    currency: str | None = None
    label: str | None = None
    tabled: bool = False

    @property
    def plain(self) -> bool:
        """Whether its numbers, dates and booleans are written the PIM's way."""
        return self.constant or self.tabled

    def reading(self, text: str) -> "Value":
        """Give the value with another text."""
        return Value(
            text, self.owner, self.constant, self.unit, self.currency, self.label, self.tabled
        )

    def tabled_as(self, text: str, *, plain: bool) -> "Value":
        """Give the value with the text of a table; whether that is written the PIM's way."""
        return Value(text, self.owner, self.constant, self.unit, self.currency, self.label, plain)

    def as_text(self) -> str:
        """Give the text.

        Raises:
            Unmappable: The value is a condition's.
        """
        if isinstance(self.text, bool):
            raise Unmappable("the path is a condition; a text is expected", str(self.text).lower())
        return self.text


@dataclass(slots=True)
class Found:
    """What a rule found: values, or the reason why there are none."""

    values: Sequence[Value]
    state: State = State.ABSENT


@dataclass(slots=True)
class Leaf:
    """An attribute of the export, or a text by itself, with the element that it stands on.

    Attributes:
        owner: That element.
        text: The text.
        name: lxml's name of the attribute; None for a text by itself.
    """

    owner: etree._Element
    text: str
    name: str | None = None


Node: TypeAlias = etree._Element | Leaf | str | bool
Texts = Callable[[etree._Element], str]

_STRING = etree.XPath("string()")

ABSENT = Found(())
SILENT = Found((), State.SILENT)


T = TypeVar("T")


def same(read_as: Sequence[T], values: Sequence[Value]) -> T:
    """Give the one thing that all values were read as.

    Raises:
        Unmappable: Two of them differ.
    """
    if len(read_as) == 1:
        return read_as[0]
    for index, other in enumerate(read_as):
        if other != read_as[0]:
            raise Unmappable(
                "one value is expected; (a/b)[1] is the first of all, a/b[1] the first of each a",
                f"{values[0].text} and {values[index].text}",
                what="two values",
            )
    return read_as[0]


def plain_text(element: etree._Element) -> str:
    """Give an element's text, CDATA included, comments left out.

    Raises:
        Unmappable: The element has child elements; their texts are never glued.
    """
    if len(element) == 0:
        return element.text or ""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            raise Unmappable(
                f"<{local(element)}> has child elements such as <{local(child)}>; "
                "a deeper path, as: text or as: markup is expected",
                " ".join("".join(element.itertext()).split()),
                what="child elements",
            )
        parts.append(child.tail or "")
    return "".join(parts)


def all_text(element: etree._Element) -> str:
    """Give the texts of an element and of everything in it, as XPath's string() does."""
    return str(_STRING(element))


def inner_markup(element: etree._Element) -> str:
    """Give an element's content as HTML; a text without child elements is HTML already."""
    if not any(isinstance(child.tag, str) for child in element):
        return plain_text(element)
    bare = deepcopy(element)
    for node in bare.iter(etree.Element):
        node.tag = local(node)
    etree.cleanup_namespaces(bare)
    parts = [escape(bare.text or "", quote=False)]
    parts.extend(etree.tostring(child, encoding="unicode") for child in bare)
    return "".join(parts)


def local(element: etree._Element) -> str:
    """Give an element's name without its namespace."""
    return apart(str(element.tag))[1]


def read(nodes: Sequence[Node], *, trim: bool, no_value: frozenset[str], texts: Texts) -> Found:
    """Turn nodes into values; empty ones vanish, and if all do, say which kind they were.

    Args:
        nodes: What a path found, in document order.
        trim: Whether blanks at both ends are cut before anything else is asked.
        no_value: Texts that mean that there is no value; "" is not among them unless it means so.
        texts: How an element becomes a text.
    """
    values: list[Value] = []
    state = State.ABSENT
    for node in nodes:
        if isinstance(node, bool):
            values.append(Value(node))
            continue
        owner: etree._Element | None
        if isinstance(node, etree._Element):
            owner, text = node, texts(node)
            if not text.strip() and node.get(XSI_NIL) in {"true", "1"}:
                state = State.NIL
                continue
        else:
            owner, text = (node.owner, node.text) if isinstance(node, Leaf) else (None, node)
        text = text.strip() if trim else text
        if text in no_value:
            if state is not State.NIL:
                state = State.NO_VALUE if text else State.EMPTY
        else:
            values.append(Value(text, owner))
    return Found(values, state)
