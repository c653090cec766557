"""The command line itself: which configuration, which command, which exit code."""

import json
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest

from erp2pim import __version__
from erp2pim.cli import cli, main
from erp2pim.sandbox import Sandbox, serve
from tests.support.desk import Desk, item


def call(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """Run a command without naming a configuration."""
    capsys.readouterr()
    code = main(args)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize(
    "args",
    [
        ["no-such-command"],
        ["sync"],
        ["sync", "--no-such-option", "export.xml"],
        ["runs", "seven"],
        ["schema", "export"],
        ["sync", "--with", "no-equals-sign", "export.xml"],
        ["sandbox", "--fault", "503"],
        ["sandbox", "--fault", "503=2"],
        ["sandbox", "--fault", "503=nan"],
        ["sandbox", "--fault", "nonsense=0.5"],
        ["sandbox", "--catalog", "mapping.yaml"],
        ["sandbox", "--port", "70000"],
    ],
    ids=" ".join,
)
def test_a_command_line_that_is_wrong_ends_with_2(
    desk: Desk, capsys: pytest.CaptureFixture[str], args: list[str]
) -> None:
    code, out, err = call(capsys, "--config", str(desk.config), *args)

    assert (code, out) == (2, "")
    assert "Error: " in err or err.startswith("error: ")


@pytest.mark.parametrize(
    ("args", "option"),
    [
        (["sync", "--with", "x", "export.xml"], "--with"),
        (["sandbox", "--fault", "503"], "--fault"),
        (["sandbox", "--fault", "503=2"], "--fault"),
    ],
    ids=["sync --with", "sandbox --fault 503", "sandbox --fault 503=2"],
)
def test_a_value_that_an_option_cannot_take_is_told_with_the_option_before_anything_begins(
    desk: Desk, args: list[str], option: str
) -> None:
    told = desk.run(*args)

    assert f"Error: Invalid value for '{option}': " in told.err
    assert not desk.state.exists()


@pytest.mark.parametrize("name", [None, *sorted(cli.commands)])
def test_help_fits_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str | None
) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    _, out, _ = call(capsys, *([] if name is None else [name]), "--help")

    head, _, commands = out.partition("Commands:")
    assert [line for line in head.splitlines() if len(line) > 60] == []
    assert bool(commands) == (name in {None, "structure"})


def test_help_and_version_need_no_configuration(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert call(capsys, "--version") == (0, f"erp2pim, version {__version__}\n", "")
    for args in (["--help"], ["-h"], ["sync", "--help"], ["runs", "-h"]):
        code, out, err = call(capsys, *args)
        assert (code, err) == (0, "")
        assert out.startswith("Usage: erp2pim")


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_the_list_of_commands_says_of_each_what_its_own_help_begins_with(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    listed = {
        command: words
        for command, _, words in (
            line.strip().partition(" ")
            for line in call(capsys, "--help")[1].partition("Commands:")[2].splitlines()
        )
    }

    own = call(capsys, name, "--help")[1].splitlines()[2]

    assert listed[name].strip() == own.strip()


@pytest.mark.parametrize(
    "args",
    [["--version"], ["--help"], *([name, "--help"] for name in ("schema", "check", "sandbox"))],
    ids=" ".join,
)
def test_a_command_loads_no_more_than_it_needs(args: list[str]) -> None:
    code = f"import sys; from erp2pim.cli import main; main({args}); print(*sys.modules)"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = set(said.stdout.splitlines()[-1].split())
    assert "erp2pim.cli" in loaded
    assert loaded.isdisjoint({"erp2pim.pim", "erp2pim.survey", "requests", "rich"})


def test_every_exit_code_is_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "--help")

    codes = " ".join(out.split()).partition("Exit codes: ")[2]
    for said in (
        "0 done",
        "1 done, but",
        "2 command line",
        "3 the export",
        "4 the PIM",
        "5 a guard",
    ):
        assert said in codes
    for said in ("6 another run", "7 state", "70 a bug", "130 and 143 interrupted"):
        assert said in codes


def test_there_is_no_configuration(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    code, out, err = call(capsys, "sync", "export.xml")

    assert (code, out) == (2, "")
    places = "erp2pim.yaml, config/erp2pim.yaml, /etc/erp2pim/erp2pim.yaml"
    assert err.splitlines() == [
        f"error: there is no configuration; looked for {places}",
        "  fix: name one with --config or in ERP2PIM_CONFIG",
    ]


def test_the_configuration_is_looked_for_in_this_order(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = desk.config.read_text(encoding="utf-8")
    desk.config.unlink()
    places = ["given.yaml", "by-env.yaml", "erp2pim.yaml", "config/erp2pim.yaml"]
    (desk.folder / "config").mkdir()
    for place in places:
        up = "../" if "/" in place else ""
        where = text.replace("mapping: ", f"mapping: {up}").replace("state: ", f"state: {up}")
        (desk.folder / place).write_text(where, encoding="utf-8")
    monkeypatch.setenv("ERP2PIM_CONFIG", "by-env.yaml")

    used = [call(capsys, "--config", "given.yaml", "check"), call(capsys, "check")]
    monkeypatch.setenv("ERP2PIM_CONFIG", "")
    used.append(call(capsys, "check"))
    (desk.folder / "erp2pim.yaml").unlink()
    used.append(call(capsys, "check"))

    assert [(code, out.splitlines()[0]) for code, out, _ in used] == [
        (0, f"configuration {place}: in order") for place in places
    ]


def test_a_named_configuration_that_is_not_there_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, err = call(capsys, "--config", "nowhere.yaml", "check")

    assert code == 2
    assert err.splitlines() == [
        "error: there is no configuration",
        "  at: nowhere.yaml",
        "  fix: check the path",
    ]


def test_the_environment_goes_before_the_file(
    desk: Desk, pim: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.configure(batch_lines=50)
    monkeypatch.setenv("ERP2PIM_SEND_BATCH_LINES", "2")
    monkeypatch.setenv("ERP2PIM_STATE", "elsewhere")

    desk.sync(desk.export([item("A1"), item("A2"), item("A3")]))

    assert sorted(pim.batches) == [1, 2]
    assert (desk.folder / "elsewhere" / "state.db").exists()


def test_check_tells_that_all_is_in_order_and_sends_nothing(desk: Desk, pim: Sandbox) -> None:
    told = desk.run("check")

    assert (told.code, told.err, pim.requests) == (0, "", 0)
    assert told.out.splitlines()[0] == f"configuration {desk.config}: in order"
    assert f"mapping {desk.mapping}: in order" in told.out
    assert not desk.state.exists()


def test_check_online_asks_the_pim(desk: Desk, pim: Sandbox) -> None:
    told = desk.run("check", "--online")

    assert told.code == 0
    assert told.out.splitlines()[2:] == [
        f"PIM {pim.url}: takes the credentials, version master",
        f"PIM {pim.url}: lets the connection create and update products",
    ]
    assert (pim.products, sum(pim.batches)) == ({}, 0)


def test_check_online_finds_wrong_credentials(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP2PIM_USERNAME", "nobody")

    told = desk.run("check", "--online")

    assert told.code == 4
    assert "error: the PIM refuses the credentials" in told.err


def test_all_faults_of_a_file_are_told_with_their_places(desk: Desk) -> None:
    desk.change_mapping("identifier: Sku", "identifer: Sku")
    desk.change_mapping("{type: number, path: Pieces}", "{type: integer, path: Pieces}")

    told = desk.run("check")

    assert told.code == 2
    assert told.err.startswith(f"error: the mapping {desk.mapping} is wrong\n")
    faults = [line for line in told.err.splitlines() if line.startswith(f"  {desk.mapping}:")]
    assert [line.split(":")[1] for line in faults] == ["7", "12"]


def test_an_environment_variable_that_is_not_set_is_a_fault(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ERP2PIM_PASSWORD")

    told = desk.run("check")

    assert told.code == 2
    assert "7:13: the environment variable ERP2PIM_PASSWORD is not set" in told.err


def test_the_history_is_told(desk: Desk, pim: Sandbox) -> None:
    pim.refuse["A2"] = "it is ugly"
    name = desk.export([item("A1"), item("A2")])
    desk.sync(name)
    pim.refuse.clear()
    desk.sync(name)

    told, first = desk.run("runs"), desk.run("runs", "1")

    assert (told.code, first.code) == (0, 0)
    heads = told.out.splitlines()[::2]
    assert [head.split(":")[0] for head in heads] == ["run 2", "run 1"]
    assert heads[0].endswith(f", sync {name}: exit 0")
    assert heads[1].endswith(f", sync {name}: exit 1")
    assert told.out.splitlines()[1::2] == [
        "  read 2, items 2, unchanged 1, created 1",
        "  read 2, items 2, created 1, rejected 1",
    ]
    assert first.out.splitlines()[2].startswith(
        f"A2 ({name}: record 2, line 3): refused by the PIM"
    )


def test_twenty_runs_are_told_at_most(desk: Desk) -> None:
    name = desk.export([])
    for _ in range(22):
        desk.run("sync", name)

    heads = [line for line in desk.run("runs").out.splitlines() if line.startswith("run ")]

    assert [head.split(":")[0] for head in heads] == [f"run {n}" for n in range(22, 2, -1)]


def test_a_history_that_is_not_there_is_empty(desk: Desk) -> None:
    none, missing = desk.run("runs"), desk.run("runs", "7")

    assert (none.code, none.out) == (0, "")
    assert missing.code == 2
    assert missing.err.splitlines()[0] == "error: there is no run 7"
    assert not desk.state.exists()


@pytest.mark.parametrize("file", ["config", "mapping"])
def test_a_schema_names_every_key(capsys: pytest.CaptureFixture[str], file: str) -> None:
    code, out, _ = call(capsys, "schema", file)

    schema = json.loads(out)
    assert code == 0
    wanted = {"config": {"pim", "mapping", "state"}, "mapping": {"source", "products", "tables"}}
    assert wanted[file] <= set(schema["properties"])
    assert schema["additionalProperties"] is False


def test_a_bug_leaves_a_log_and_ends_with_70(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(desk.folder))

    def broken(*_: object) -> None:
        raise ZeroDivisionError("in the middle")

    monkeypatch.setattr("erp2pim.cli.options.settings", broken)

    told = desk.run("check")

    (log,) = desk.folder.glob("erp2pim-bug-*.log")
    assert (told.code, told.out) == (70, "")
    assert told.err == f"error: this is a bug in erp2pim\n  fix: report it with {log}\n"
    text = log.read_text(encoding="utf-8")
    assert text.startswith(f"erp2pim {__version__}, Python {sys.version.split()[0]}")
    assert text.endswith("ZeroDivisionError: in the middle\n")
    assert log.stat().st_mode & 0o077 == 0


def test_a_bug_for_whose_log_there_is_no_room_is_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(desk.folder / "nowhere"))
    monkeypatch.setattr("erp2pim.cli.options.settings", lambda *_: 1 / 0)

    told = desk.run("check")

    assert (told.code, told.out) == (70, "")
    assert told.err.startswith(
        "error: this is a bug in erp2pim\n  fix: report it with what follows"
    )
    assert told.err.endswith("ZeroDivisionError: division by zero\n")


def test_books_that_do_not_balance_are_a_bug(
    desk: Desk, pim: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("erp2pim.plan.spool.Spool.counts", lambda _: {"changed": 7})

    told = desk.run("sync", "--json", desk.export([item("A1")]))

    assert told.code == told.json["exit_code"] == 70
    assert (
        "error: the books do not balance: 1 items came from the records, 7 were planned" in told.err
    )
    assert list(pim.products) == ["A1"]
    assert "exit 70" in desk.run("runs").out


def test_the_script_that_is_installed_is_the_same_command() -> None:
    script = Path(sys.executable).with_name("erp2pim")

    said = subprocess.run([str(script), "--version"], capture_output=True, text=True, check=True)

    assert said.stdout == f"erp2pim, version {__version__}\n"


def test_a_sandbox_on_a_port_that_is_taken_is_told(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = desk.run("sandbox", "--port", str(taken.getsockname()[1]))

    assert told.code == 2
    assert told.err.startswith("error: the sandbox cannot be served: ")


def test_a_fault_that_the_sandbox_does_not_know_is_told_with_those_that_it_knows(
    desk: Desk,
) -> None:
    told = desk.run("sandbox", "--fault", "5003=0.5")

    assert told.code == 2
    assert "no such fault: 5003; did you mean 503? known are 403-size, 408, " in told.err


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "[[[", "{}", '{"foo": 1}', '{"channels": 3}', '{"family_variants": []}'),
        '{"channels": [], "measurement_families": [{"code": "Weight"}]}',
    ],
)
def test_a_catalogue_that_is_none_is_told_with_its_place_and_a_way_out(
    desk: Desk, text: str
) -> None:
    file = desk.folder / "file"
    file.write_text(text, encoding="utf-8")

    told = desk.run("sandbox", "--catalog", str(file))

    assert told.code == 2
    assert told.err.startswith("error: the catalogue cannot be served: ")
    assert f"  at: {file}\n  fix: name a file that erp2pim structure pull wrote\n" in told.err


def test_a_database_that_is_none_is_told(desk: Desk) -> None:
    file = desk.folder / "file"
    file.write_text("[]", encoding="utf-8")

    told = desk.run("sandbox", "--database", str(file))

    assert told.code == 2
    assert told.err.startswith("error: the sandbox cannot be served: ")


def test_a_catalogue_that_was_pulled_is_served(desk: Desk) -> None:
    desk.run("structure", "pull")

    with desk.start("sandbox", "--catalog", str(desk.folder / "structure.json")) as process:
        assert process.stdout is not None
        served = process.stdout.readline()
        process.terminate()

    assert served.startswith("export ERP2PIM_PIM_URL=http://127.0.0.1:")


def test_a_sandbox_keeps_what_it_was_told_in_a_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(desk.folder / "pim.sqlite")
    with desk.start("sandbox", "--database", file) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip().partition("=")[2]
        monkeypatch.setenv("ERP2PIM_PIM_URL", url)
        desk.sync(desk.export([item("A1")]))
        process.terminate()

    with serve(database=file) as pim:
        assert list(pim.products) == ["A1"]


def test_a_sandbox_tells_how_to_reach_it_and_ends_with_a_signal(desk: Desk) -> None:
    with desk.start("sandbox", "--fault", "503=0.0") as process:
        assert process.stdout is not None
        said = dict(
            line.removeprefix("export ").strip().split("=", 1)
            for line in (process.stdout.readline() for _ in range(5))
        )
        url = f"{said['ERP2PIM_PIM_URL']}/api/rest/v1"
        with urllib.request.urlopen(url) as answer:  # noqa: S310  # our own address
            assert answer.status == 200
        process.terminate()

    assert sorted(said) == [
        *("ERP2PIM_CLIENT_ID", "ERP2PIM_PASSWORD", "ERP2PIM_PIM_URL", "ERP2PIM_SECRET"),
        "ERP2PIM_USERNAME",
    ]
    assert process.returncode == 0
