"""The state folder: one run at a time, one PIM, no surprises."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from erp2pim.sandbox import Sandbox
from erp2pim.state.lock import locked
from tests.support.desk import Desk, item, listing

ITEMS = [item(f"p{n}", Name=f"Drill {n}" * 20) for n in range(1000)]


def test_a_second_run_at_the_same_time_is_turned_away(desk: Desk, pim: Sandbox) -> None:
    name = desk.export([item("A1")])

    with locked(desk.state):
        told = desk.run("sync", "--json", name)

    assert told.code == told.json["exit_code"] == 6
    assert (told.json["run"], pim.requests) == (None, 0)
    assert told.err.splitlines() == [
        "error: another run holds the state folder",
        f"  at: {desk.state}",
        "  fix: wait for it to end; a run that was killed does not hold it",
    ]
    assert desk.sync(name)["exit_code"] == 0


def test_looking_needs_no_lock(desk: Desk) -> None:
    name = desk.export([item("A1")])
    desk.sync(name)

    with locked(desk.state):
        assert desk.run("diff", name).code == 0
        assert desk.run("runs").code == 0


def test_the_state_of_another_pim_is_refused(
    desk: Desk, pim: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = desk.export([item("A1")])
    desk.sync(name)
    before = listing(desk.state)
    monkeypatch.setenv("ERP2PIM_PIM_URL", "http://127.0.0.1:9")

    for command in ("sync", "diff"):
        told = desk.run(command, name)

        assert told.code == 7
        assert f"error: the state tells what {pim.url} accepted" in told.err
    assert listing(desk.state) == before


def test_a_damaged_state_is_told_and_nothing_is_sent(desk: Desk, pim: Sandbox) -> None:
    name = desk.export([item("A1")])
    desk.sync(name)
    (desk.state / "state.db").write_bytes(b"not a database at all, but long enough" * 100)
    pim.batches.clear()

    for command in ("sync", "diff", "runs"):
        told = desk.run(*((command,) if command == "runs" else (command, name)))

        assert told.code == 7
        assert f"  at: {desk.state}/state.db" in told.err
    assert pim.batches == []


def test_a_state_that_was_moved_away_is_made_anew(desk: Desk, pim: Sandbox) -> None:
    name = desk.export([item("A1")])
    desk.sync(name)
    (desk.state / "state.db").unlink()

    told = desk.sync(name)

    assert (told["updated"], told["exit_code"], pim.batches) == (1, 0, [1, 1])


def test_a_folder_that_cannot_be_made_is_told(desk: Desk, pim: Sandbox) -> None:
    desk.state.write_text("a file stands in its place")

    told = desk.run("sync", desk.export([item("A1")]))

    assert (told.code, pim.requests) == (7, 0)
    assert told.err.startswith("error: the state folder cannot be written: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into any folder")
def test_a_folder_that_is_not_ours_is_told(desk: Desk, pim: Sandbox) -> None:
    desk.state.mkdir(mode=0o500)

    told = desk.run("sync", desk.export([item("A1")]))

    assert (told.code, pim.requests) == (7, 0)
    assert told.err.startswith("error: the state folder cannot be written: Permission denied")


FULL = """
import resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from erp2pim.cli import main
sys.exit(main(sys.argv[2:]))
"""


def on_a_small_disk(desk: Desk, limit: int, *args: str) -> "subprocess.CompletedProcess[str]":
    """Run a command that can write no file longer than the limit."""
    return subprocess.run(
        [sys.executable, "-c", FULL, str(limit), "--config", str(desk.config), *args],
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_disk_that_cannot_hold_the_plan_ends_the_run_before_anything_is_sent(
    desk: Desk, pim: Sandbox
) -> None:
    long = [item(f"p{n}", Name="Drill" * 1000) for n in range(1000)]

    told = on_a_small_disk(desk, 1_000_000, "sync", desk.export(long))

    assert told.returncode == 7, told.stderr
    assert "error: the plan cannot be kept on disk" in told.stderr
    assert pim.patch_requests == 0


@pytest.mark.slow
def test_a_disk_that_cannot_hold_the_state_ends_the_run_and_the_next_one_makes_up_for_it(
    desk: Desk, pim: Sandbox
) -> None:
    desk.configure(batch_lines=10)
    name = desk.export(ITEMS)

    told = on_a_small_disk(desk, 1_500_000, "sync", name)

    assert told.returncode == 7, told.stderr
    assert "error: the state cannot be used" in told.stderr
    assert 0 < len(pim.products) < 1000
    again = desk.sync(name)
    assert again["exit_code"] == 0
    assert again["unchanged"] + again["created"] + again["updated"] == 1000
    assert again["unchanged"] > 0
    assert len(pim.products) == 1000


def test_a_config_may_name_a_state_anywhere(desk: Desk, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else" / "where"
    text = desk.config.read_text(encoding="utf-8")
    desk.config.write_text(text.replace("state: state", f"state: {elsewhere}"), encoding="utf-8")

    desk.sync(desk.export([item("A1")]))

    assert sorted(listing(elsewhere)) == ["lock", "state.db"]
