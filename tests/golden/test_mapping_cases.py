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

from pathlib import Path

import pytest
import yaml

from tests.golden.cases import Texts, shown
from tests.unit.mapping.mapped import mapped

CASES = sorted(Path(__file__).with_name("mapping").glob("*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_record_becomes_what_the_case_expects(path: Path) -> None:
    case = yaml.load(path.read_text(encoding="utf-8"), Texts)  # noqa: S506  # it makes texts only
    assert (
        {"mapping", "record", "expect"} <= case.keys() <= {"mapping", "record", "expect", "files"}
    )
    for name, text in case.get("files", {}).items():
        Path(name).write_text(text, encoding="utf-8")

    found = [shown(each) for each in mapped(case["mapping"], case["record"])]

    expected = case["expect"]
    assert found == (expected if isinstance(expected, list) else [expected])
