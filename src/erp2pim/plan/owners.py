"""Who owns what: values and lists that people keep in the PIM beside what the ERP says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias, cast

from erp2pim.mapping.schema.rules import Owner
from erp2pim.model import Body, Json
from erp2pim.place import Place
from erp2pim.plan.change import LINKS, Change
from erp2pim.plan.compare import MEDIA, parts

Owners: TypeAlias = Mapping[str, Owner]

_PROPERTIES = ("parent", "family", "family_variant", "enabled", "categories", "groups")


def is_touched(change: Change, owners: Owners) -> bool:
    """Say whether a change would write what the ERP does not own alone."""
    return any(owners.get(part.name, "erp") != "erp" for part, _ in parts(change.sent))


def respected(change: Change, held: Body, owners: Owners) -> Change:
    """Give a change that leaves to the PIM what is the PIM's.

    `pim` fills only what is empty, `report` writes nothing, `add` keeps what a list holds.

    Args:
        change: What would be sent.
        held: What the PIM holds now; empty where it has no such item.
        owners: By part.
    """
    now = dict(parts(held))
    kept = [
        (part, new)
        for part, wanted in parts(change.sent)
        for new in _kept(wanted, now.get(part), owners.get(part.name, "erp"))
    ]
    files = {part for part, _ in parts(change.media)}
    body = body_of([pair for pair in kept if pair[0] not in files])
    media = cells_of([pair for pair in kept if pair[0] in files])
    return replace(
        change,
        patch={name: each for name, each in body.items() if name not in LINKS},
        links={name: each for name, each in body.items() if name in LINKS},
        media={MEDIA: media} if media else {},
    )


def reports(change: Change, held: Body, owners: Owners) -> Iterator[tuple[Place, Json, Json]]:
    """Give the parts that are only reported, as the PIM has them and as the ERP has them."""
    now = dict(parts(held))
    for part, wanted in parts(change.sent):
        if owners.get(part.name) == "report":
            yield part, now.get(part), wanted


def body_of(kept: Sequence[tuple[Place, Json]]) -> Body:
    """Put parts together again to a body without files."""
    body: dict[str, Json] = {}
    values: list[tuple[Place, Json]] = []
    for part, data in kept:
        name, dot, code = part.name.partition(".")
        if dot and name in LINKS:
            cast("dict[str, Json]", body.setdefault(name, {}))[code] = data
        elif name in _PROPERTIES:
            body[name] = data
        else:
            values.append((part, data))
    if values:
        body["values"] = cells_of(values)
    return body


def cells_of(kept: Sequence[tuple[Place, Json]]) -> dict[str, Json]:
    """Put parts together again to cells by attribute."""
    cells: dict[str, list[Json]] = {}
    for part, data in kept:
        cell = {"locale": part.locale, "scope": part.scope, "data": data}
        cells.setdefault(part.name, []).append(cell)
    return dict(cells)


def _kept(wanted: Json, now: Json, owner: Owner) -> Sequence[Json]:
    """Give what is to be written, which may be null; nothing where nothing is."""
    match owner:
        case "erp":
            return [wanted]
        case "report":
            return []
        case "pim":
            return [wanted] if _is_empty(now) and not _is_empty(wanted) else []
        case "add":
            both = _both(wanted, now)
            return [] if both == now else [both]


def _is_empty(data: Json) -> bool:
    if isinstance(data, Mapping):
        return all(_is_empty(each) for each in data.values())
    return data is None or data in ("", [], ())


def _both(wanted: Json, now: Json) -> Json:
    """Unite lists of codes or of prices, and association types list by list."""
    if isinstance(wanted, Mapping):
        held: Mapping[str, Json] = now if isinstance(now, Mapping) else {}
        return {**held, **{name: _both(each, held.get(name)) for name, each in wanted.items()}}
    ours = {_name(each): each for each in cast("Sequence[Json]", wanted or ())}
    theirs = {_name(each): each for each in cast("Sequence[Json]", now or ())}
    # A code that is there already is there in the PIM's own spelling; a price may have changed.
    added = {name: x for name, x in ours.items() if name not in theirs or isinstance(x, Mapping)}
    united = {**theirs, **added}
    return now if united == theirs else [united[name] for name in sorted(united)]


def _name(entry: Json) -> str:
    """Give what tells one entry of a list from another: codes match whatever their case."""
    if isinstance(entry, Mapping):
        found = entry.get("currency") or entry.get("identifier") or entry.get("code")
        return str(found).casefold()
    return str(entry).casefold()
