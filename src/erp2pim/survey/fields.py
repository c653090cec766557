"""The values below a record: one path each, with what is known of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from erp2pim.survey.sketch import Sketch
from erp2pim.survey.spelling import Spelling
from erp2pim.survey.tree import Field, Node, Relative

COLUMN = "@column"
_TRIMMED = "normalize-space("


@dataclass(frozen=True, slots=True)
class Selector:
    """What tells the entries of a list apart.

    Attributes:
        each: The path from the record to the entries.
        key: The name, below an entry, of what tells it apart.
        text: What stands there.
        is_padded: Whether there are blanks around it in some record.
        value: The path from the entry to the value.
    """

    each: Relative
    key: str
    text: str
    value: Relative
    is_padded: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """The values of one path below the record.

    Attributes:
        names: lxml's names that lead from the record to it; () is the record's own text.
        path: The same as the mapping writes it.
        records: In how many records it occurs.
        times: How often in all.
        sketch: What the values are like.
        is_markup: Whether there are elements in the text.
    """

    names: Relative
    path: str
    records: int
    times: int
    sketch: Sketch
    is_markup: bool = False

    @property
    def repeats(self) -> bool:
        """Whether some record has it more than once."""
        return self.times > self.records


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Value):
    """The values of those entries of a list that have one key.

    Attributes:
        selector: Which entries are meant.
    """

    selector: Selector


V = TypeVar("V", bound=Value)


def values(records: Sequence[Node], spelled: Spelling) -> list[Value]:
    """Give all values below the records that stand at these places, in document order."""
    found: dict[str, Value] = {}
    for record in records:
        for value in _below(record, record, set(records), spelled):
            known = found.get(value.path)
            found[value.path] = value if known is None else _merged(known, value)
    return list(found.values())


def _below(node: Node, record: Node, records: set[Node], spelled: Spelling) -> Iterator[Value]:
    if node.sketch is not None:
        yield _value(node, record, spelled)
    for child in node.children.values():
        inside_text = node.is_markup and child.is_html
        if child not in records and not inside_text:
            yield from _below(child, record, records, spelled)


def _value(node: Node, record: Node, spelled: Spelling) -> Value:
    names = node.names()[record.depth + 1 :]
    return Value(
        names=names,
        path=spelled.below(names),
        records=_in_records(node, record),
        times=node.counted.times,
        sketch=node.sketch or Sketch(),
        is_markup=node.is_markup,
    )


def _in_records(node: Node, record: Node) -> int:
    if node is record:
        return record.counted.times
    within = node.counted.within
    return within[record.depth] if len(within) > record.depth else 0


def _merged(one: V, other: V) -> V:
    sketch = Sketch()
    sketch.merge(one.sketch)
    sketch.merge(other.sketch)
    return replace(
        one,
        records=one.records + other.records,
        times=one.times + other.times,
        sketch=sketch,
        is_markup=one.is_markup or other.is_markup,
    )


def entries(records: Sequence[Node], spelled: Spelling) -> list[Entry]:
    """Give the values of lists below the records, each entry told apart by its key."""
    found: dict[str, Entry] = {}
    for record in records:
        for node in _elements(record, set(records)):
            for selector, field in _selectors(node, record):
                made = _entry(selector, field, record, spelled)
                known = found.get(made.path)
                found[made.path] = made if known is None else _merged(known, made)
    return list(found.values())


def _selectors(node: Node, record: Node) -> Iterator[tuple[Selector, Field]]:
    """Give the entries of the lists at a place; XPath can't write a key with both quotes."""
    each = node.names()[record.depth + 1 :]
    for key, keyed in node.keyed.items():
        place = node.children.get(key)
        is_padded = place is not None and place.sketch is not None and place.sketch.blanks > 0
        for text, fields in keyed.fields.items() if keyed else ():
            if not {"'", '"'} <= set(text):
                for value, field in fields.items():
                    yield Selector(each, key, text, value, is_padded=is_padded), field


def _elements(node: Node, records: set[Node]) -> Iterator[Node]:
    yield node
    for child in node.children.values():
        if not child.is_attribute and child not in records and not node.is_markup:
            yield from _elements(child, records)


def _entry(selector: Selector, field: Field, record: Node, spelled: Spelling) -> Entry:
    within = field.counted.within
    key = key_path(spelled.name(selector.key), is_padded=selector.is_padded)
    return Entry(
        names=(*selector.each, *selector.value),
        path=selected(
            spelled.path(selector.each),
            f"{key}={quoted(selector.text)}",
            spelled.path(selector.value),
        ),
        records=within[record.depth] if len(within) > record.depth else field.counted.times,
        times=field.counted.times,
        sketch=field.sketch,
        selector=selector,
    )


def selected(each: str, where: str, value: str) -> str:
    """Write the path to one value of the entries that a condition chooses.

    Args:
        each: The path to the entries; empty where the record is the entry.
        where: The condition.
        value: The path from the entry to the value; empty for its text.
    """
    entry = f"{each or 'self::*'}[{where}]"
    if each or not value or "/" in value or where.startswith(_TRIMMED):
        return f"{entry}/{value}" if value else entry
    return f"{value}[../{where}]"


def key_path(name: str, *, is_padded: bool) -> str:
    """Write what tells entries apart, without the blanks around it where there are some."""
    return f"{_TRIMMED}{name})" if is_padded else name


def quoted(text: str) -> str:
    """Write a text as XPath does; one with both kinds of quotes has no such form."""
    return f'"{text}"' if "'" in text else f"'{text}'"
