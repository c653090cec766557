"""The values below a record: one path each, with what is known of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from erp2pim.survey.sketch import Sketch
from erp2pim.survey.spelling import Spelling
from erp2pim.survey.tree import Field, Node, Relative

COLUMN = "@column"


@dataclass(frozen=True, slots=True)
class Selector:
    """What tells the entries of a list apart.

    Attributes:
        each: The path from the record to the entries.
        key: The name, below an entry, of what tells it apart.
        text: What stands there.
        value: The path from the entry to the value.
    """

    each: Relative
    key: str
    text: str
    value: Relative


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
        selector: Which entries of a list are meant; None for all that the names lead to.
    """

    names: Relative
    path: str
    records: int
    times: int
    sketch: Sketch
    is_markup: bool = False
    selector: Selector | None = None

    @property
    def repeats(self) -> bool:
        """Whether some record has it more than once."""
        return self.times > self.records


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


def _merged(one: Value, other: Value) -> Value:
    sketch = Sketch()
    sketch.merge(one.sketch)
    sketch.merge(other.sketch)
    return Value(
        names=one.names,
        path=one.path,
        records=one.records + other.records,
        times=one.times + other.times,
        sketch=sketch,
        is_markup=one.is_markup or other.is_markup,
        selector=one.selector,
    )


def entries(records: Sequence[Node], spelled: Spelling) -> list[Value]:
    """Give the values of lists below the records, each entry told apart by its key."""
    found: dict[str, Value] = {}
    for record in records:
        for node in _elements(record, set(records)):
            for key, keyed in node.keyed.items():
                for text, fields in keyed.fields.items() if keyed else ():
                    for value, field in fields.items():
                        each = node.names()[record.depth + 1 :]
                        made = _entry(Selector(each, key, text, value), field, record, spelled)
                        known = found.get(made.path)
                        found[made.path] = made if known is None else _merged(known, made)
    return list(found.values())


def _elements(node: Node, records: set[Node]) -> Iterator[Node]:
    yield node
    for child in node.children.values():
        if not child.is_attribute and child not in records and not node.is_markup:
            yield from _elements(child, records)


def _entry(selector: Selector, field: Field, record: Node, spelled: Spelling) -> Value:
    within = field.counted.within
    each = spelled.path(selector.each)
    where = f"{spelled.name(selector.key)}={quoted(selector.text)}"
    names = (*selector.each, *selector.value)
    return Value(
        names=names,
        path=_selected(each, where, selector.value, spelled),
        records=within[record.depth] if len(within) > record.depth else field.counted.times,
        times=field.counted.times,
        sketch=field.sketch,
        selector=selector,
    )


def _selected(each: str, where: str, value: Relative, spelled: Spelling) -> str:
    """Write the path to one value of the entries that a condition chooses."""
    below = spelled.path(value)
    if each:
        return f"{each}[{where}]" + (f"/{below}" if below else "")
    return f"{below}[../{where}]" if below else f".[{where}]"


def quoted(text: str) -> str:
    """Write a text as XPath does; XPath 1.0 has no escape, so one kind of quote is given up."""
    mark = '"' if "'" in text else "'"
    return f"{mark}{text.replace(mark, ' ')}{mark}"
