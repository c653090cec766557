"""What one export gives to all of its records: header values, tables, joined rows."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from lxml import etree

from erp2pim.mapping.values import Node


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of one table.

    Attributes:
        values: Values by key, in the order of the rows.
        parents: The key of the row above, by key.
    """

    values: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    parents: dict[str, str] = field(default_factory=dict[str, str])

    def path(self, key: str) -> tuple[list[str], bool]:
        """Give the first values from the root down to a key, and whether the root was reached.

        A parent that names no row ends the path.
        """
        names: list[str] = []
        at: str | None = key
        while at is not None and at in self.values:
            names.extend(self.values[at][:1])
            at = self.parents.get(at)
        return names[::-1], at is None

    def cycle(self) -> str | None:
        """Give a key that is its own ancestor; None where there is none."""
        sound: set[str] = set()
        for key in self.parents:
            walked: dict[str, None] = {}
            at: str | None = key
            while at is not None and at not in sound:
                if at in walked:
                    return at
                walked[at] = None
                at = self.parents.get(at)
            sound.update(walked)
        return None


@dataclass(slots=True)
class JoinRows:
    """The elements of one join, packed, by key."""

    rows: defaultdict[str, list[bytes]] = field(
        default_factory=lambda: defaultdict[str, list[bytes]](list)
    )

    def beside(self, record: etree._Element, keys: Sequence[str]) -> list[etree._Element]:
        """Give the elements of some keys, in the order of keys and then of the export.

        They belong to the record's own document, without which XPath would work on copies that
        have lost their ancestors; but they stand nowhere in it.
        """
        packed = b"".join(row for key in dict.fromkeys(keys) for row in self.rows.get(key, ()))
        if not packed:
            return []
        shelf = etree.fromstring(b"<shelf>" + packed + b"</shelf>", _PLAIN)
        record.append(shelf)
        record.remove(shelf)
        return list(shelf)


# It recovers, since what another one recovered may have prefixes that nobody declares.
_PLAIN = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)


def packed(element: etree._Element) -> bytes:
    """Pack an element for `JoinRows`."""
    return etree.tostring(element, encoding="utf-8", with_tail=False)


@dataclass(slots=True)
class Trace:
    """What a mapping makes use of.

    Attributes:
        nodes: What paths found in the record at hand.
        whole: What of it was read with all that is inside.
        rules: `file:line` of the rules that have given a value.
    """

    nodes: list[Node] = field(default_factory=list[Node])
    whole: list[Node] = field(default_factory=list[Node])
    rules: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class Given:
    """What one export gives, and what was decided on the way.

    Attributes:
        header: Header values by variable; no node where the export has none.
        tables: Rows by table.
        joins: Rows by join.
        decisions: How often each decision was taken, by the rule's place and the decision.
        codes: The texts that became codes, by rule's place and code.
        trace: What was read and what gave values; None where nobody wants to know.
    """

    header: Mapping[str, str | list[etree._Element]] = field(
        default_factory=dict[str, str | list[etree._Element]]
    )
    tables: dict[str, TableRows] = field(default_factory=dict[str, TableRows])
    joins: dict[str, JoinRows] = field(default_factory=dict[str, JoinRows])
    decisions: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    codes: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    trace: Trace | None = None

    def digest(self) -> bytes:
        """Give 16 bytes of all that records get from the export."""
        digest = blake2b(digest_size=16)
        for name, value in sorted(self.header.items()):
            digest.update(repr((name, value)).encode())
        for name, table in sorted(self.tables.items()):
            digest.update(repr((name, table.values, table.parents)).encode())
        for name, join in sorted(self.joins.items()):
            digest.update(name.encode())
            for key, rows in join.rows.items():
                digest.update(repr(key).encode())
                for row in rows:
                    digest.update(blake2b(row, digest_size=16).digest())
        return digest.digest()
