"""Law of mistyped settings: told with their place or a way out, or a run; never a crash."""

import io
import re
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from erp2pim.cli import main
from tests.conftest import ROOT
from tests.property.run.mutants import OF_TEXTS, mutant

EXAMPLES = ROOT / "examples"
COMMANDS = {
    "erp2pim.yaml": ["diff", "night-1.xml"],
    "mapping.yaml": ["diff", "night-1.xml"],
    "families.csv": ["diff", "night-1.xml"],
    "mapping.tests.yaml": ["test"],
}
CONFIG = b"""\
version: 1
pim:
  url: http://127.0.0.1:9
  client_id: ${HOME}
  secret: "a b"
  username: c
  password_file: password
  allow_http: true
mapping: mapping.yaml
state: state
send: {batch_lines: 50, workers: 2, timeout_s: 30, attempts: 3, give_up_after_s: 600}
gate:
  settle_s: 0.001
  band: 0.5..2.0
  written: /Export/@created
  repeated: nothing
  missing: refuse
  empty: nothing
guards: {rejected_percent: 5, changed_items: 100, min_items: 20}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("mapping.yaml", "mapping.tests.yaml", "families.csv", "night-1.xml"):
        shutil.copy(EXAMPLES / name, tmp_path)
    (tmp_path / "erp2pim.yaml").write_bytes(CONFIG)
    (tmp_path / "password").write_text("d", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(desk: Path, name: str, content: bytes, *command: str) -> int:
    """Hold one text to the law; give the exit code."""
    (desk / name).write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["--config", str(desk / "erp2pim.yaml"), *command])
    told = out.getvalue() + err.getvalue()
    assert code in {0, 1, 2, 3}, told
    if code in {2, 3}:
        place = re.escape(str(desk)) + r"/[\w.-]+(:\d+){1,2}: |^  fix: |^  at: "
        assert re.search(place, told, re.MULTILINE), told
    return code


@pytest.mark.parametrize("name", COMMANDS)
def test_mistyped_settings_are_told_or_work(desk: Path, name: str) -> None:
    content = (desk / name).read_bytes()

    codes = {
        check(desk, name, mutant(content, f"{name} {seed}", OF_TEXTS), *COMMANDS[name])
        for seed in range(25)
    }

    assert len(codes) > 1


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_so_are_hundreds_of_them(desk: Path, name: str) -> None:
    content = (desk / name).read_bytes()

    for seed in range(1000, 1200):
        check(desk, name, mutant(content, f"{name} {seed}", OF_TEXTS), *COMMANDS[name])
