"""Options that a plan needs and the PIM may not have."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

import orjson

from erp2pim.model import Body, Options

_SCHEMA = """
CREATE TABLE options (
    attribute TEXT NOT NULL,
    key TEXT NOT NULL,
    code TEXT NOT NULL,
    labels TEXT NOT NULL,
    is_needed INTEGER NOT NULL DEFAULT 0,
    cause TEXT,
    PRIMARY KEY (attribute, key)
) STRICT, WITHOUT ROWID
"""
_BLOCK = 500


@dataclass(frozen=True, slots=True)
class NewOption:
    """An option that is to be made.

    Attributes:
        attribute: The select's code.
        code: Its own code.
        labels: By locale.
    """

    attribute: str
    code: str
    labels: Mapping[str, str]

    def __str__(self) -> str:
        labels = ", ".join(f"{locale}: {label}" for locale, label in sorted(self.labels.items()))
        return f"{self.attribute}.{self.code}" + (f" ({labels})" if labels else "")


def key(code: str) -> str:
    """Give what an option is found by: case does not count (recorded: `options.batch_mixed`)."""
    return code.lower()


def chosen(body: Body, attributes: Collection[str]) -> Iterator[tuple[str, str]]:
    """Give the options that a body names, each as its attribute and key."""
    values = body.get("values")
    if not isinstance(values, Mapping):
        return
    for attribute in attributes:
        cells = values.get(attribute)
        for cell in cells if isinstance(cells, list | tuple) else ():
            data = cell.get("data") if isinstance(cell, Mapping) else None
            for code in data if isinstance(data, list | tuple) else (data,):
                if isinstance(code, str):
                    yield attribute, key(code)


def _each(items: Iterable[Options]) -> Iterator[NewOption]:
    for options in items:
        for attribute, those in options.items():
            yield from (NewOption(attribute, code, labels) for code, labels in those.items())


class Lacking:
    """The options, kept with the plan; each once, whatever the case in which records write it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Begin with none."""
        self._database = database
        self._database.execute(_SCHEMA)

    def add(self, items: Iterable[Options]) -> None:
        """Add what items may need; the label that came first counts."""
        found: dict[tuple[str, str], NewOption] = {}
        for option in _each(items):
            at = option.attribute, key(option.code)
            first = found.setdefault(at, option)
            if first.labels != option.labels:
                found[at] = replace(first, labels={**option.labels, **first.labels})
        self._database.executemany(
            "INSERT INTO options (attribute, key, code, labels) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET labels = json_patch(excluded.labels, labels)"
            " WHERE labels != excluded.labels",
            [(*at, each.code, orjson.dumps(each.labels).decode()) for at, each in found.items()],
        )

    def keep(self, bodies: Iterable[Body]) -> None:
        """Forget the options that none of these bodies names."""
        attributes = self.attributes()
        if not attributes:
            return
        left = iter(bodies)
        while block := list(islice(left, _BLOCK)):
            self._database.executemany(
                "UPDATE options SET is_needed = 1 WHERE attribute = ? AND key = ?",
                {each for body in block for each in chosen(body, attributes)},
            )
        self._database.execute("DELETE FROM options WHERE NOT is_needed")

    def attributes(self) -> list[str]:
        """Give the selects that options are to be made of."""
        query = "SELECT DISTINCT attribute FROM options WHERE cause IS NULL ORDER BY attribute"
        return [attribute for (attribute,) in self._database.execute(query)]

    def of(self, attribute: str) -> Iterator[NewOption]:
        """Give the options that are to be made of a select, by their codes."""
        last = ""
        query = (
            "SELECT key, code, labels FROM options"
            " WHERE attribute = ? AND cause IS NULL AND key > ? ORDER BY key LIMIT ?"
        )
        while rows := self._database.execute(query, (attribute, last, _BLOCK)).fetchall():
            for _, code, labels in rows:
                yield NewOption(attribute, code, orjson.loads(labels))
            last = rows[-1][0]

    def all(self) -> Iterator[NewOption]:
        """Give all options that are to be made, select by select."""
        for attribute in self.attributes():
            yield from self.of(attribute)

    def counts(self) -> Mapping[str, int]:
        """Give how many are to be made, by the select."""
        return dict(
            self._database.execute(
                "SELECT attribute, count(*) FROM options WHERE cause IS NULL"
                " GROUP BY attribute ORDER BY attribute"
            )
        )

    def drop(self, attribute: str, codes: Iterable[str]) -> None:
        """Forget options that the PIM has."""
        self._database.executemany(
            "DELETE FROM options WHERE attribute = ? AND key = ?",
            ((attribute, key(code)) for code in codes),
        )

    def fail(self, options: Iterable[NewOption], cause: str) -> None:
        """Note why options cannot be made."""
        self._database.executemany(
            "UPDATE options SET cause = ? WHERE attribute = ? AND key = ?",
            [(cause, option.attribute, key(option.code)) for option in options],
        )

    def causes(self) -> Mapping[str, Mapping[str, str]]:
        """Say which options cannot be made and why, by attribute and key."""
        told: dict[str, dict[str, str]] = {}
        query = "SELECT attribute, key, code, cause FROM options WHERE cause IS NOT NULL"
        for attribute, found, code, cause in self._database.execute(query):
            message = f"the option {code} of {attribute} cannot be made: {cause}"
            told.setdefault(attribute, {})[found] = message
        return told
