"""What a PIM holds, in memory, and items to compare with it."""

from collections.abc import Mapping, Sequence

from erp2pim.model import Body, Item, Json, Kind, Origin, Recognised, identity
from erp2pim.plan.compare import fingerprint

Key = tuple[Kind, str]


class Held:
    """What the PIM last accepted, with nothing recognised by its bytes."""

    def __init__(self, *items: Item) -> None:
        self._bodies = {(item.kind, identity(item.identifier)): item.body for item in items}

    def fingerprints(self, kind: Kind, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: fingerprint(body) for key, body in self.bodies(kind, keys).items()}

    def bodies(self, kind: Kind, keys: Sequence[str]) -> Mapping[str, Body]:
        return {key: self._bodies[kind, key] for key in keys if (kind, key) in self._bodies}

    def recognised(self, _digest: bytes, _origin: Origin) -> Sequence[Recognised]:
        return ()


def item(
    identifier: str, body: Body | None = None, *, record: int = 1, kind: Kind = "product"
) -> Item:
    return Item(kind, identifier, body or {}, Origin("export.xml", record, record + 1))


def cell(data: Json, locale: str | None = None, scope: str | None = None) -> dict[str, Json]:
    return {"locale": locale, "scope": scope, "data": data}


def named(name: str, **more: Json) -> Body:
    """Give a body with a name in German, and more of it."""
    return {"values": {"name": [cell(name, "de_DE")]}, **more}
