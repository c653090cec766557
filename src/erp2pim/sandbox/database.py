"""What requests changed, in one SQLite file, so that it is there again after a restart."""

import gc
import sqlite3
from contextlib import closing
from dataclasses import fields
from typing import Final, Self

import orjson

from erp2pim.sandbox import structure
from erp2pim.sandbox.php import Json, Object
from erp2pim.sandbox.store import Entity, Item, Store, Values

KINDS: Final = frozenset({"product", "product_model"})
MEDIA: Final = "media"
NAMES: Final = tuple(one.name for one in fields(Entity))
SCHEMA: Final = """
    CREATE TABLE IF NOT EXISTS items (
        kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, content BLOB,
        PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID
"""


class Database:
    """One file; every change is in it before an answer tells of it. Used under the store's lock."""

    def __init__(self, path: str) -> None:
        """Open the file, or make it.

        Raises:
            OSError: It cannot be opened, or is none of ours.
        """
        self._changes: dict[tuple[str, str], Item] = {}
        try:
            self._connection = sqlite3.connect(path, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = OFF")
            self._connection.execute(SCHEMA)
        except sqlite3.Error as error:
            raise OSError(f"{path}: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._connection.close()

    def load(self, store: Store) -> None:
        """Put all that the file holds into a store.

        What is loaded stays: looking through it for garbage would take most of the time.
        """
        gc.disable()
        try:
            self._load(store)
        finally:
            gc.enable()
        gc.freeze()

    def _load(self, store: Store) -> None:
        with closing(self._connection.execute("SELECT kind, body, content FROM items")) as rows:
            for kind, text, content in rows:
                body: Object = orjson.loads(text)
                if kind in KINDS:
                    store.add(_entity(body))
                elif kind == MEDIA:
                    store.media[body["code"]] = body | {"content": content}
                else:
                    structure.collection(store.catalog, kind, body).put(body)
        store.catalog.refresh()

    def write(self, kind: str, key: str, item: Item) -> None:
        """Have one item as it is now in the next commit; None removes it."""
        self._changes[kind, key] = item

    def commit(self) -> None:
        """Put all that changed into the file, as one transaction."""
        rows = [(*key, *_columns(item)) for key, item in self._changes.items() if item is not None]
        removed = [key for key, item in self._changes.items() if item is None]
        self._changes.clear()
        if rows or removed:
            with self._connection:
                self._connection.executemany(
                    "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?)", rows
                )
                self._connection.executemany(
                    "DELETE FROM items WHERE kind = ? AND key = ?", removed
                )


def _columns(item: Entity | Object) -> tuple[str, Json]:
    """Give an item's text, and the content of a media file."""
    body = _body(item) if isinstance(item, Entity) else dict(item)
    content = body.pop("content", None)
    return orjson.dumps(body).decode(), content


def _body(entity: Entity) -> Object:
    values = [
        [code, locale, scope, data]
        for code, cells in entity.values.items()
        for (locale, scope), data in cells.items()
    ]
    return {name: getattr(entity, name) for name in NAMES} | {"values": values}


def _entity(body: Object) -> Entity:
    values: Values = {}
    for code, locale, scope, data in body["values"]:
        values.setdefault(code, {})[locale, scope] = data
    filled: Object = {**body, "values": values}
    return Entity(**filled)
