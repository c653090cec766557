"""Items compared with what the PIM last accepted, cell by cell."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple, cast

import orjson

from erp2pim.model import Body, Json

_BY_KEY = ("values", "associations", "quantified_associations")


class Part(NamedTuple):
    """One thing of an item that can differ by itself.

    Attributes:
        name: `family`, `enabled` … or an attribute's code; associations are `associations.X_SELL`.
        locale: The cell's locale; None where it has none.
        scope: The cell's channel; None where it has none.
    """

    name: str
    locale: str | None = None
    scope: str | None = None

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.locale, self.scope) if part)
        return f"{self.name} [{where}]" if where else self.name


def fingerprint(body: Body) -> bytes:
    """Give 16 bytes that are equal when two bodies are, whatever the order of their keys."""
    return blake2b(orjson.dumps(body, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def parts(body: Body) -> Iterator[tuple[Part, Json]]:
    """Give everything a body says, part by part."""
    for name, content in body.items():
        if name == "values":
            for code, cells in _map(content).items():
                for cell in _cells(cells):
                    yield Part(code, _code(cell["locale"]), _code(cell["scope"])), cell["data"]
        elif name in _BY_KEY:
            for code, links in _map(content).items():
                yield Part(f"{name}.{code}"), links
        else:
            yield Part(name), content


def difference(new: Body, old: Body) -> Body:
    """Give what of a new body must be sent to a PIM that holds the old one; empty when nothing.

    Cells of `values` are compared one by one, since the PIM merges them one by one; a cell itself
    is replaced whole (Akeneo, content/rest-api/update.md).
    """
    changed: dict[str, Json] = {}
    for name, content in new.items():
        if name == "values":
            values = _changed_cells(_map(content), _map(old.get(name, {})))
            if values:
                changed[name] = values
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
            result[name] = {**_map(old[name]), **_map(new[name])}
    if "values" in old and "values" in new:
        result["values"] = _united_values(_map(old["values"]), _map(new["values"]))
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


def _united_values(old: Mapping[str, Json], new: Mapping[str, Json]) -> dict[str, Json]:
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
