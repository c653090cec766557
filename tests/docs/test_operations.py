"""What the pages for operators say holds for the program."""

import re
import shlex
import shutil
import sqlite3
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from erp2pim.cli import cli
from erp2pim.config.connection import PimSettings
from erp2pim.config.settings import load
from erp2pim.errors import ExitCode
from erp2pim.sandbox.faults import NAMES
from erp2pim.state.store import open_state

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "operations.md").read_text(encoding="utf-8")

NEEDS_A_PERSON = {
    ExitCode.REJECTS,
    ExitCode.CONFIG,
    ExitCode.EXPORT,
    ExitCode.GUARD,
    ExitCode.STATE,
    ExitCode.BUG,
}


def command_of(line: str) -> list[str]:
    """Give the arguments of an erp2pim that stands in a line."""
    words = shlex.split(line)
    return words[next(i for i, word in enumerate(words) if word.endswith("erp2pim")) + 1 :]


def check_command(words: list[str]) -> None:
    """Let the command line read a command; nothing is run."""
    with click.Context(cli) as context:
        _, command, rest = cli.resolve_command(context, words)
        assert command is not None
        command.make_context("erp2pim", list(rest), parent=context)


def unit(name: str) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    for line in (DOCS / "systemd" / name).read_text(encoding="utf-8").splitlines():
        key, mark, value = line.partition("=")
        if mark and not line.startswith("#"):
            keys.setdefault(key, []).append(value)
    return keys


@pytest.fixture(scope="module")
def job() -> dict[str, Any]:
    text = (DOCS / "kubernetes" / "cronjob.yaml").read_text(encoding="utf-8")
    job: dict[str, Any] = yaml.safe_load(text)
    return job


def test_every_exit_code_has_its_row() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \|", PAGE, re.MULTILINE)

    assert {int(code) for row in rows for code in row.split(",")} == {int(c) for c in ExitCode}


def test_the_crontab_line_is_a_command() -> None:
    (line,) = (line for line in PAGE.splitlines() if line.startswith("30 2 * * *"))

    check_command(command_of(line))


def test_every_link_of_the_pages_leads_to_a_file() -> None:
    for page in (DOCS / "operations.md", ROOT / "SECURITY.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page, target)


def test_the_configuration_that_the_page_proposes_is_in_order(tmp_path: Path) -> None:
    (proposed,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    base = "pim: {url: https://x.example, client_id: a, secret: b, username: c, password: d}"
    path = tmp_path / "erp2pim.yaml"
    text = f"version: 1\n{base}\nmapping: mapping.yaml\nstate: state\n{proposed}"
    path.write_text(text, encoding="utf-8")

    settings = load(path, {})

    assert settings.gate.band == "0.5..2.0"
    assert settings.guards.cleared_items == 200


def test_a_state_is_told_of_the_new_address_of_its_pim_as_the_page_says(tmp_path: Path) -> None:
    (statement,) = re.findall(r'state\.db "(UPDATE [^"]+)"', PAGE)
    with open_state(tmp_path, pim_url="https://old.example.com"):
        pass

    with sqlite3.connect(tmp_path / "state.db") as database:
        database.execute(statement)
    database.close()

    with open_state(tmp_path, pim_url="https://pim.example.com") as state:
        assert state.runs(1) == []


def test_the_units_are_what_systemd_takes(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("needs systemd-analyze, which is not there")
    for name in ("erp2pim.service", "erp2pim.timer"):
        text = (DOCS / "systemd" / name).read_text(encoding="utf-8")
        here = text.replace("/opt/erp2pim/bin/erp2pim", shutil.which("true") or "/bin/true")
        (tmp_path / name).write_text(here, encoding="utf-8")

    told = subprocess.run(
        [analyze, "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        check=False,
        capture_output=True,
        text=True,
    )

    ours = [line for line in told.stderr.splitlines() if "erp2pim" in line]
    assert (told.returncode, ours) == (0, [])


def test_the_unit_runs_a_command_and_leaves_to_a_person_what_needs_one() -> None:
    keys = unit("erp2pim.service")

    check_command(command_of(keys["ExecStart"][0]))
    assert {int(code) for code in keys["RestartPreventExitStatus"][0].split()} == NEEDS_A_PERSON
    assert keys["SuccessExitStatus"] == [str(int(ExitCode.TERMINATED))]


def test_so_does_the_cronjob(job: dict[str, Any]) -> None:
    spec = job["spec"]["jobTemplate"]["spec"]
    (container,) = spec["template"]["spec"]["containers"]

    check_command(container["args"])
    (codes,) = (rule["onExitCodes"] for rule in spec["podFailurePolicy"]["rules"][1:])
    assert set(codes["values"]) == NEEDS_A_PERSON
    assert codes["containerName"] == container["name"]
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    assert spec["template"]["spec"]["restartPolicy"] == "Never"


def test_the_image_holds_what_its_build_needs_and_is_the_one_that_the_cronjob_runs(
    job: dict[str, Any],
) -> None:
    steps = (DOCS / "kubernetes" / "Containerfile").read_text(encoding="utf-8")
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", steps, re.MULTILINE)
    files = " ".join(copied).split()
    assert {"pyproject.toml", project["readme"], *project["license-files"]} <= set(files)
    assert [name for name in files if not (ROOT / name).exists()] == []
    assert set(re.findall(r"--(?:build-)?constraint (\S+)", steps)) == {"constraints.txt"}
    assert f"USER {pod['securityContext']['runAsUser']}" in steps.splitlines()
    image = f"erp2pim:{project['version']}"
    assert pod["containers"][0]["image"] == image
    assert f"-t {image} ." in steps
    assert f"-t {image} ." in PAGE


def test_the_cronjob_mounts_what_it_names(job: dict[str, Any]) -> None:
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
    named = [*container["args"], *(each["value"] for each in container["env"])]

    assert {mount["name"] for mount in container["volumeMounts"]} == {
        volume["name"] for volume in pod["volumes"]
    }
    assert {f"/{path.split('/')[1]}" for path in named if path.startswith("/")} == mounted


def test_variables_of_units_and_cronjob_are_known(job: dict[str, Any]) -> None:
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    names = [each["name"] for each in pod["containers"][0]["env"]]
    names += [text.partition("=")[0] for text in unit("erp2pim.service")["Environment"]]

    known = {"TMPDIR", "ERP2PIM_CONFIG", "ERP2PIM_STATE"}
    known |= {f"ERP2PIM_PIM_{key.upper()}" for key in PimSettings.key_names()}
    assert set(names) <= known


def test_a_person_can_stop_a_run_and_what_is_in_flight_is_awaited(job: dict[str, Any]) -> None:
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]

    assert pod["terminationGracePeriodSeconds"] > 60
    assert unit("erp2pim.service")["TimeoutStopSec"] == ["3min"]


def test_every_fault_of_the_sandbox_is_told() -> None:
    table = PAGE.partition("| fault | what happens |")[2]
    first = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    named = [name for cell in first for name in re.findall("`([^`]+)`", cell)]
    assert sorted(named) == sorted(NAMES)
