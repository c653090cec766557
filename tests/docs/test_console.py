"""What the documents show is what the commands print."""

import re
import shlex
from pathlib import Path

import pytest

from erp2pim.cli import main
from erp2pim.config.connection import PimSettings
from erp2pim.config.media import MediaSettings
from erp2pim.config.safety import GateSettings, GuardSettings
from erp2pim.config.settings import SendSettings
from erp2pim.errors import ExitCode
from erp2pim.mapping.shape import Shape
from erp2pim.sandbox import CLIENT_ID, PASSWORD, SECRET, USERNAME, serve

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^ *```console\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
DOCUMENTS = ["README.md"]


def sessions(document: str) -> list[tuple[str, list[str]]]:
    text = (ROOT / document).read_text(encoding="utf-8")
    blocks = ["\n".join(line.strip() for line in b.splitlines()) for b in BLOCK.findall(text)]
    return [
        (command, shown.splitlines())
        for block in blocks
        for command, _, shown in (part.partition("\n") for part in block.split("$ ")[1:])
    ]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_shows_what_its_commands_print(
    document: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    with serve() as pim:
        for name, value in {
            "ERP2PIM_CONFIG": "examples/erp2pim.yaml",
            "ERP2PIM_STATE": str(tmp_path / "state"),
            "ERP2PIM_PIM_URL": pim.url,
            "ERP2PIM_CLIENT_ID": CLIENT_ID,
            "ERP2PIM_SECRET": SECRET,
            "ERP2PIM_USERNAME": USERNAME,
            "ERP2PIM_PASSWORD": PASSWORD,
        }.items():
            monkeypatch.setenv(name, value)
        for command, shown in sessions(document):
            program, *args = shlex.split(command)
            assert program == "erp2pim"

            main(args)

            printed = [line.strip() for line in capsys.readouterr().out.splitlines()]
            whole = shown[-1] != "…"
            expected = shown if whole else shown[:-1]
            found = printed if whole else printed[: len(expected)]
            assert list(map(without_port, found)) == list(map(without_port, expected))


def without_port(line: str) -> str:
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", line)


def test_the_readme_names_every_exit_code() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    rows = re.findall(r"^\| ([\d, ]+) \|", readme, re.MULTILINE)

    assert {int(code) for row in rows for code in row.split(",")} == {int(c) for c in ExitCode}


def test_the_readme_names_every_key_of_the_configuration() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    sections: dict[str, type[Shape]] = {
        "pim": PimSettings,
        "send": SendSettings,
        "gate": GateSettings,
        "guards": GuardSettings,
        "media": MediaSettings,
    }
    for section, model in sections.items():
        for key in model.key_names():
            assert f"`{section}.{key}`" in readme or f"`{section}.{key}:" in readme
