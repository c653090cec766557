"""Tables and joined elements that stand elsewhere in an export, gathered before the records."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lxml import etree

from erp2pim.mapping.context import Context, Here
from erp2pim.mapping.given import Given, packed
from erp2pim.mapping.names import XML_NAMESPACE, XSI_NIL, apart
from erp2pim.mapping.recordpath import RecordPath
from erp2pim.mapping.rules import Rule
from erp2pim.mapping.scope import Scope
from erp2pim.mapping.values import Unmappable, local


@dataclass(frozen=True, slots=True)
class TableSource:
    """A table whose rows stand in an export.

    Attributes:
        name: Its name in the mapping.
        path: Where its rows stand.
        export: The other export that it stands in; None for the main one.
        scope: What starts at a row.
        key: What is looked up.
        value: What is found.
        parent: The key of the row above; None where rows stand in no hierarchy.
    """

    name: str
    path: RecordPath
    export: str | None
    scope: Scope
    key: Rule
    value: Rule
    parent: Rule | None

    def take(self, element: etree._Element, given: Given) -> None:
        """Keep what a row gives; a row without key gives nothing.

        Raises:
            Unmappable: The row's key or parent has two different values.
        """
        here = _enter(self.scope, element, given)
        key = self.key.one(here)
        if key is None:
            return
        table = given.tables[self.name]
        values = [value.as_text() for value in self.value.find(here).values]
        table.values.setdefault(key, []).extend(values)
        parent = None if self.parent is None else self.parent.one(here)
        if parent is not None:
            table.parents[key] = parent


@dataclass(frozen=True, slots=True)
class JoinSource:
    """Elements that belong to records.

    Attributes:
        name: The variable that they are bound to.
        path: Where they stand.
        export: The other export that they stand in; None for the main one.
        scope: What starts at such an element.
        key: What they are found by.
        match: The same of the record.
        used: Names that the mapping's paths mention; what is named otherwise is not kept. None
            for any name.
    """

    name: str
    path: RecordPath
    export: str | None
    scope: Scope
    key: Rule
    match: Rule
    used: AbstractSet[str] | None

    def take(self, element: etree._Element, given: Given) -> None:
        """Keep an element under each of its keys."""
        here = _enter(self.scope, element, given)
        keys = dict.fromkeys(value.as_text() for value in self.key.find(here).values)
        if keys:
            row = packed(element if self.used is None else _pruned(element, self.used))
            for key in keys:
                given.joins[self.name].rows[key].append(row)

    def rows(self, top: Here) -> list[etree._Element]:
        """Give the elements that belong to the record that starts here.

        Raises:
            Unmappable: What the record is matched by cannot be read.
        """
        keys: Sequence[str] = [value.as_text() for value in self.match.find(top).values]
        rows = top.context.given.joins[self.name].beside(top.element, keys)
        for row in rows:
            self.scope.names.tidy(row)
        return rows


def _enter(scope: Scope, element: etree._Element, given: Given) -> Here:
    context = Context(given, {})
    here = context.top = scope.enter(element, context)
    return here


def _pruned(element: etree._Element, used: AbstractSet[str]) -> etree._Element:
    """Empty, in place, the elements below one that no path names; names and order stay."""
    for child in list(element):
        if not isinstance(child.tag, str):
            continue
        if local(child) in used:
            _pruned(child, used)
        else:
            child.clear(keep_tail=True)
    for name in element.attrib:
        namespace, bare = apart(name)
        if bare not in used and name != XSI_NIL and namespace != XML_NAMESPACE:
            del element.attrib[name]
    return element


def check_tables(given: Given) -> None:
    """Hold that no row of a table stands above itself.

    Raises:
        Unmappable: One does.
    """
    for name, table in given.tables.items():
        key = table.cycle()
        if key is not None:
            raise Unmappable(f"the table {name}: a row that is not its own ancestor", key)
