"""What requests changed, in one SQLite file, so that it is there again after a restart."""

import json
import sqlite3
from contextlib import closing
from dataclasses import fields
from typing import Final, Self

from erp2pim.sandbox import structure
from erp2pim.sandbox.php import Json, Object
from erp2pim.sandbox.store import Entity, Store

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
    """One file; every change is in it before the answer goes out. Used under the store's lock."""

    def __init__(self, path: str) -> None:
        """Open the file, or make it.

        Raises:
            OSError: It cannot be opened, or is none of ours.
        """
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
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
        """Put all that the file holds into a store."""
        with closing(self._connection.execute("SELECT kind, body, content FROM items")) as rows:
            for kind, text, content in rows:
                body: Object = json.loads(text)
                if kind in KINDS:
                    store.add(_entity(body))
                elif kind == MEDIA:
                    store.media[body["code"]] = body | {"content": content}
                else:
                    structure.collection(store.catalog, kind, body).put(body)
        store.catalog.refresh()

    def write(self, kind: str, key: str, item: Entity | Object | None) -> None:
        """Keep one item as it is now; None removes it."""
        if item is None:
            self._connection.execute("DELETE FROM items WHERE kind = ? AND key = ?", (kind, key))
            return
        body = _body(item) if isinstance(item, Entity) else item
        content: Json = body.get("content") if kind == MEDIA else None
        text = json.dumps({name: one for name, one in body.items() if name != "content"})
        row = (kind, key, text, content)
        self._connection.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?)", row)


def _body(entity: Entity) -> Object:
    values = [
        [code, locale, scope, data]
        for code, cells in entity.values.items()
        for (locale, scope), data in cells.items()
    ]
    return {name: getattr(entity, name) for name in NAMES} | {"values": values}


def _entity(body: Object) -> Entity:
    entity = Entity(body["kind"], body["code"])
    for name in NAMES:
        setattr(entity, name, body[name])
    entity.values = {}
    for code, locale, scope, data in body["values"]:
        entity.values.setdefault(code, {})[locale, scope] = data
    return entity
