"""The published JSON Schemas are those of the program."""

import json
from pathlib import Path

import pytest

from erp2pim.cli import main

CONFIG = Path(__file__).parents[2] / "config"


@pytest.mark.parametrize(("name", "file"), [("config", "erp2pim"), ("mapping", "mapping")])
def test_a_published_schema_is_what_the_command_prints(
    name: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["schema", name])

    published = json.loads((CONFIG / f"{file}.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(capsys.readouterr().out), (
        f"refresh it: erp2pim schema {name} > config/{file}.schema.json"
    )
