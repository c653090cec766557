"""How cases write what a record becomes: with the names that `erp2pim diff` prints, as texts."""

import re
from collections.abc import Iterator, Mapping

import yaml

from erp2pim.model import Item, Json, Reject, Skipped


class Texts(yaml.BaseLoader):
    """YAML in which everything is a text, but for true, false, null and what is marked `!int`."""


Texts.add_implicit_resolver("!bool", re.compile("true|false"), "tf")
Texts.add_implicit_resolver("!null", re.compile("null"), "n")
Texts.add_constructor("!bool", lambda _, node: node.value == "true")
Texts.add_constructor("!null", lambda _, __: None)
Texts.add_constructor("!int", lambda _, node: int(node.value))


def shown(became: Item | Reject | Skipped) -> Mapping[str, Json]:
    """Give what a record became as a case writes it."""
    match became:
        case Item():
            parts = list(_parts(became))
            assert len(dict(parts)) == len(parts)
            return dict(parts)
        case Reject():
            return {
                "reject": {
                    "identifier": became.identifier,
                    "at": became.rule,
                    "message": became.message,
                    "value": became.value,
                }
            }
        case Skipped():
            return {"skipped": became.reason}


def _parts(item: Item) -> Iterator[tuple[str, Json]]:
    yield "identifier", item.identifier
    for name, content in item.body.items():
        if name != "values":
            yield name, content
    values = item.body.get("values", {})
    assert isinstance(values, Mapping)
    for code, cells in values.items():
        for cell in cells:  # type: ignore[union-attr]  # values are lists of cells
            assert isinstance(cell, Mapping)
            assert sorted(cell) == ["data", "locale", "scope"]
            where = ", ".join(str(cell[key]) for key in ("locale", "scope") if cell[key])
            yield f"{code} [{where}]" if where else code, cell["data"]
