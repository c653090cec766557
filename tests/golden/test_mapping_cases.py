"""Runs the cases in the folder `mapping`: one file each, which needs no knowledge of Python.

A case has these keys:

- `mapping`: the mapping, as it would stand in mapping.yaml
- `files`: further files beside the mapping, by name (only where the mapping names some)
- `record`: the XML that holds the record, or several
- `expect`: what each record becomes: an item, a reject, or that it is skipped

An item is written with the names that `erp2pim diff` prints: `identifier`, `family`, and the cells
as `name [de_DE]` or `name [de_DE, print]`. A reject is `reject: {identifier, at, message, value}`,
a record that is left out `skipped: the reason`. Every value is a text, but for true, false and
null. To add a case, copy a file and change it; its name says what it shows.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from erp2pim.model import Item, Json, Reject, Skipped
from tests.unit.mapping.mapped import mapped

CASES = sorted(Path(__file__).with_name("mapping").glob("*.yaml"))


class Texts(yaml.BaseLoader):
    """YAML in which everything is a text, but for true, false and null."""


Texts.add_implicit_resolver("!bool", re.compile("true|false"), "tf")
Texts.add_implicit_resolver("!null", re.compile("null"), "n")
Texts.add_constructor("!bool", lambda _, node: node.value == "true")
Texts.add_constructor("!null", lambda _, __: None)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_record_becomes_what_the_case_expects(path: Path) -> None:
    case = yaml.load(path.read_text(encoding="utf-8"), Texts)  # noqa: S506  # it makes texts only
    assert (
        {"mapping", "record", "expect"} <= case.keys() <= {"mapping", "record", "expect", "files"}
    )
    for name, text in case.get("files", {}).items():
        Path(name).write_text(text, encoding="utf-8")

    found = [_shown(each) for each in mapped(case["mapping"], case["record"])]

    expected = case["expect"]
    assert found == (expected if isinstance(expected, list) else [expected])


def _shown(became: Item | Reject | Skipped) -> Mapping[str, Json]:
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
