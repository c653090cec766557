"""Items compared with what the PIM last accepted, cell by cell."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import cast

import orjson

from erp2pim.model import Body, Json
from erp2pim.place import Place

MEDIA = "media"
_CELLS = ("values", MEDIA)
_BY_KEY = (*_CELLS, "associations", "quantified_associations")


def fingerprint(body: Body) -> bytes:
    """Give 16 bytes that are equal when two bodies are, whatever the order of their keys."""
    return blake2b(orjson.dumps(body, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def parts(body: Body) -> Iterator[tuple[Place, Json]]:
    """Give everything a body says, part by part, at its place."""
    for name, content in body.items():
        if name in _CELLS:
            for code, cells in _map(content).items():
                for cell in _cells(cells):
                    yield Place(code, _code(cell["locale"]), _code(cell["scope"])), cell["data"]
        elif name in _BY_KEY:
            for code, links in _map(content).items():
                yield Place(f"{name}.{code}"), links
        else:
            yield Place(name), content


def difference(new: Body, old: Body) -> Body:
    """Give what of a new body must be sent to a PIM that holds the old one; empty when nothing.

    Cells of `values` and of files are compared one by one, since the PIM merges them one by one; a
    cell itself is replaced whole (Akeneo, content/rest-api/update.md).
    """
    changed: dict[str, Json] = {}
    for name, content in new.items():
        if name in _CELLS:
            cells = _changed_cells(_map(content), _map(old.get(name, {})))
            if cells:
                changed[name] = cells
        elif name in _BY_KEY:
            before = _map(old.get(name, {}))
            links = {k: v for k, v in _map(content).items() if k not in before or before[k] != v}
            if links:
                changed[name] = links
        elif name not in old or old[name] != content:
            changed[name] = content
    return changed


def united(old: Body, new: Body) -> Body:
    """Give what the PIM holds of ours after it took the new body: what is not named stays."""
    result = {**old, **new}
    for name in _BY_KEY:
        if name in old and name in new:
            before, after = _map(old[name]), _map(new[name])
            is_cells = name in _CELLS
            result[name] = _united_cells(before, after) if is_cells else {**before, **after}
    return result


def apart(changed: Body) -> tuple[Body, Body]:
    """Part what is patched from files, which are uploaded; a file that is to go is patched away."""
    patch = dict(changed)
    gone: dict[str, Json] = {}
    new: dict[str, Json] = {}
    for code, cells in _map(patch.pop(MEDIA, {})).items():
        for cell in _cells(cells):
            kept = gone if cell["data"] is None else new
            kept[code] = [*_cells(kept.get(code, ())), cell]
    if gone:
        patch["values"] = {**_map(patch.get("values", {})), **gone}
    return patch, {MEDIA: new} if new else {}


def without(whole: Body, pending: Body) -> Body:
    """Leave out associations by their type, and cells by their place."""
    result = dict(whole)
    for name, content in pending.items():
        kept: dict[str, Json] = {}
        for code, each in _map(whole.get(name, {})).items():
            left = _map(content).get(code)
            if left is None:
                kept[code] = each
            elif name in _CELLS:
                places = _by_place(left)
                kept[code] = [c for place, c in _by_place(each).items() if place not in places]
        result[name] = kept
    return result


def _changed_cells(new: Mapping[str, Json], old: Mapping[str, Json]) -> dict[str, Json]:
    changed: dict[str, Json] = {}
    for code, cells in new.items():
        before = _by_place(old.get(code, ()))
        differing = [
            cell
            for place, cell in _by_place(cells).items()
            if place not in before or before[place]["data"] != cell["data"]
        ]
        if differing:
            changed[code] = differing
    return changed


def _united_cells(old: Mapping[str, Json], new: Mapping[str, Json]) -> dict[str, Json]:
    result = dict(old)
    for code, cells in new.items():
        result[code] = list({**_by_place(old.get(code, ())), **_by_place(cells)}.values())
    return result


def _by_place(cells: Json) -> dict[tuple[Json, Json], Mapping[str, Json]]:
    return {(cell["locale"], cell["scope"]): cell for cell in _cells(cells)}


# A body is JSON whose form the mapping guarantees; the casts say so where JSON cannot.


def _map(content: Json) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", content)


def _cells(content: Json) -> Sequence[Mapping[str, Json]]:
    return cast("Sequence[Mapping[str, Json]]", content)


def _code(content: Json) -> str | None:
    return cast("str | None", content)
