"""What the plan would do to one item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from erp2pim.model import Body, Duplicates, Item, Json, Kind, Mark, Origin, Recognised, identity
from erp2pim.plan.compare import apart, difference, fingerprint, united

LINKS = ("associations", "quantified_associations")


class Accepted(Protocol):
    """What the PIM last accepted, by the identity of the item."""

    def fingerprints(self, kind: Kind, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Give the fingerprint of the body that was mapped last, for the keys that are known."""
        ...

    def bodies(self, kind: Kind, keys: Sequence[str]) -> Mapping[str, Body]:
        """Give all that the PIM accepted of ours, for the keys that are known."""
        ...

    def recognised(self, digest: bytes, origin: Origin) -> Sequence[Recognised]:
        """Give what a record became; nothing unless the PIM is known to hold all of it."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """One item, compared.

    Attributes:
        kind: What it is.
        key: Its identity.
        identifier: Its identifier or code as the export writes it.
        origin: The record it came from.
        fingerprint: Of the body that the mapping gave.
        patch: What must be sent, without the identifier, associations and files.
        links: Associations that must be sent.
        media: Cells of files that must be sent, under `media`.
        whole: What the PIM will hold of ours then; empty when there is nothing to send.
        is_new: Whether the PIM is not known to have it.
        seq: Its number in the spool.
        was_created: Whether the PIM created it when its patch was sent.
        was_refused: Whether the PIM refused its associations.
        duplicates: What its kind does when several records give one identifier.
        mark: By what its record is recognised next time; None where it cannot be.
    """

    kind: Kind
    key: str
    identifier: str
    origin: Origin
    fingerprint: bytes
    patch: Body
    links: Body
    whole: Body
    is_new: bool
    media: Body = field(default_factory=dict[str, Json])
    seq: int = 0
    was_created: bool = False
    was_refused: bool = False
    duplicates: Duplicates = "reject"
    mark: Mark | None = None

    @property
    def sent(self) -> Body:
        """All that must be sent."""
        return {**self.patch, **self.links, **self.media}

    @property
    def is_needed(self) -> bool:
        """Whether anything must be sent."""
        return self.is_new or bool(self.sent)


def compared(items: Sequence[Item], accepted: Accepted) -> list[Change]:
    """Compare items with what the PIM last accepted; give a change for each, in their order."""
    seen = [(item, identity(item.identifier), fingerprint(item.body)) for item in items]
    prints: dict[tuple[Kind, str], bytes] = {}
    bodies: dict[tuple[Kind, str], Body] = {}
    kinds: set[Kind] = {item.kind for item in items}
    for kind in sorted(kinds):
        keys = {key: mark for item, key, mark in seen if item.kind == kind}
        known = accepted.fingerprints(kind, list(keys))
        differing = [key for key, mark in known.items() if keys[key] != mark]
        prints.update({(kind, key): mark for key, mark in known.items()})
        bodies.update({(kind, k): body for k, body in accepted.bodies(kind, differing).items()})
    return [
        _change(item, key, mark, prints.get((item.kind, key)), bodies.get((item.kind, key)))
        for item, key, mark in seen
    ]


def _change(item: Item, key: str, mark: bytes, known: bytes | None, old: Body | None) -> Change:
    patch: Body = {}
    whole: Body = {}
    if known != mark:
        patch = item.body if old is None else difference(item.body, old)
        whole = item.body if old is None else united(old, item.body)
    patch, media = apart(patch)
    return Change(
        kind=item.kind,
        key=key,
        identifier=item.identifier,
        origin=item.origin,
        fingerprint=mark,
        patch={name: part for name, part in patch.items() if name not in LINKS},
        links={name: part for name, part in patch.items() if name in LINKS},
        media=media,
        whole=whole,
        is_new=known is None,
        mark=item.mark,
    )
