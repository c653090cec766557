"""Runs that are killed or asked to stop, and what the next one makes of it."""

import json
import os
import random
import signal
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from erp2pim import sandbox
from erp2pim.cli.signals import stopped_by_signals
from erp2pim.model import Body
from erp2pim.sandbox import Sandbox
from erp2pim.state.store import read_state
from tests.support import forks
from tests.support.desk import Desk, booked, connect, item, listing, values

LATENCY_S = 0.05
COUNT = 2000
ITEMS = [item(f"p{n}", Name=f"Drill {n}") for n in range(COUNT)]
LEAN = """\
version: 1
source: {record: /Export/Items/Item}
products: {identifier: Sku, values: {name: {type: text, path: Name, locale: en_US}}}
"""


@pytest.fixture
def slow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[tuple[Desk, Sandbox]]:
    """Give a desk before a PIM that takes its time."""
    with sandbox.serve(latency_s=LATENCY_S) as pim:
        connect(monkeypatch, pim)
        yield Desk(tmp_path, capsys), pim


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Look every few milliseconds, for at most so many seconds."""
    ends = time.monotonic() + seconds
    while not holds() and time.monotonic() < ends:
        time.sleep(0.002)


def known(desk: Desk) -> dict[str, tuple[bytes, Body]]:
    """Give what the state knows of the products."""
    keys = [f"p{n}" for n in range(COUNT)]
    with read_state(desk.state) as state:
        bodies = state.bodies("product", keys)
        return {
            key: (mark, bodies[key]) for key, mark in state.fingerprints("product", keys).items()
        }


@pytest.mark.slow
def test_killed_at_any_moment_and_run_again_it_comes_to_the_same_end(
    slow: tuple[Desk, Sandbox],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    desk, pim = slow
    desk.configure(batch_lines=20)
    desk.mapping.write_text(LEAN, encoding="utf-8")
    name = desk.export(ITEMS)
    luck = random.Random(20261124)  # noqa: S311  # the same moments each time
    for kill in range(20):
        process = forks.start(["--config", str(desk.config), "sync", name])
        if kill % 4:
            batches = len(pim.batches) + luck.randint(1, 6)
            wait_until(lambda: len(pim.batches) >= batches or process.exitcode is not None)  # noqa: B023  # called at once
            time.sleep(luck.uniform(0, 1.5 * LATENCY_S))
        else:  # somewhere before the first batch
            time.sleep(luck.uniform(0, 0.5))
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
    assert 0 < len(pim.products) < COUNT

    told = desk.sync(name)

    assert told["exit_code"] == 0
    assert told["unchanged"] + told["created"] + told["updated"] == COUNT
    (tmp_path / "undisturbed").mkdir()
    with sandbox.serve() as other:
        connect(monkeypatch, other)
        undisturbed = Desk(tmp_path / "undisturbed", capsys)
        undisturbed.mapping.write_text(LEAN, encoding="utf-8")
        undisturbed.sync(undisturbed.export(ITEMS))
        assert values(pim) == values(other)
        assert known(desk) == known(undisturbed)


def test_a_change_that_was_under_way_when_it_was_killed_is_sent_whole_next_time(
    slow: tuple[Desk, Sandbox],
) -> None:
    desk, pim = slow
    desk.sync(desk.export([item("A1", Name="old"), item("A2")]))
    name = desk.export([item("A1", Name="new"), item("A2")])
    process = forks.start(["--config", str(desk.config), "sync", name])
    wait_until(lambda: len(pim.batches) == 2)
    process.kill()
    process.join()

    told = desk.sync(desk.export([item("A1", Name="old"), item("A2")]))

    assert booked(told) == {"read": 2, "items": 2, "unchanged": 1, "updated": 1}
    assert values(pim)["A1"]["name en_US"] == "old"


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["SIGTERM", "SIGINT"]
)
def test_asked_to_stop_it_ends_what_is_under_way_and_the_next_run_does_the_rest(
    slow: tuple[Desk, Sandbox], number: signal.Signals, code: int
) -> None:
    desk, pim = slow
    desk.configure(batch_lines=20, workers=2)
    name = desk.export(ITEMS[:400])
    with desk.start("sync", "--json", name) as process:
        wait_until(lambda: len(pim.batches) >= 3)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)

    first = json.loads(out)
    there = len(pim.products)
    assert (process.returncode, first["exit_code"]) == (code, code)
    assert booked(first) == {"read": 400, "items": 400, "created": there, "not_sent": 400 - there}
    assert 0 < there <= 5 * 20
    assert "error: interrupted" in err
    assert "fix: run the same command again; it goes on where this one stopped" in err
    second = desk.sync(name)
    assert booked(second) == {
        "read": 400,
        "items": 400,
        "unchanged": there,
        "created": 400 - there,
    }
    assert f"exit {code}" in desk.run("runs").out


def test_asked_to_stop_while_standard_input_has_no_end_it_ends_at_once(
    slow: tuple[Desk, Sandbox],
) -> None:
    desk, pim = slow
    with desk.start("sync", "-") as process:
        assert process.stdin is not None
        process.stdin.write("<Export>")
        process.stdin.flush()
        wait_until(lambda: "under way" in desk.run("runs").out)
        process.terminate()
        code = process.wait(timeout=10)
        process.stdin.close()

    assert (code, pim.requests) == (143, 0)
    assert "exit 143" in desk.run("runs").out


def test_a_dry_run_after_a_killed_one_writes_nothing(slow: tuple[Desk, Sandbox]) -> None:
    desk, pim = slow
    desk.configure(batch_lines=20)
    name = desk.export(ITEMS[:200])
    process = forks.start(["--config", str(desk.config), "sync", name])
    wait_until(lambda: len(pim.batches) >= 5)
    process.kill()
    process.join()
    before = listing(desk.state)
    assert "state.db-shm" in before

    told = desk.run("diff", name)

    assert told.code == 0
    assert 0 < told.out.count("create p") < 200
    assert listing(desk.state) == before


@pytest.mark.parametrize("owner", ["erp", "pim"])
def test_asked_to_stop_while_it_waits_for_the_pim_it_ends_soon(
    slow: tuple[Desk, Sandbox], owner: str
) -> None:
    desk, pim = slow
    lean = LEAN.replace("locale: en_US", f"locale: en_US, owner: {owner}")
    desk.mapping.write_text(lean, encoding="utf-8")
    pim.queue.extend(["429"] * 50)
    process = forks.start(["--config", str(desk.config), "sync", desk.export(ITEMS[:5])])
    wait_until(lambda: len(pim.queue) < 50)
    assert process.pid is not None

    os.kill(process.pid, signal.SIGTERM)
    process.join(timeout=1.5)

    assert (process.exitcode, pim.products) == (143, {})


@pytest.mark.parametrize("command", ["sync", "diff"])
def test_asked_to_stop_while_it_reads_it_ends_there(
    slow: tuple[Desk, Sandbox], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    desk, pim = slow

    def reading(_: object, records: int) -> None:
        if records == 50:
            signal.raise_signal(signal.SIGTERM)
        assert records <= 51

    monkeypatch.setattr("erp2pim.report.progress.Lines.reading", reading)

    told = desk.run(command, "--json", desk.export(ITEMS[:100]))

    assert told.code == told.json["exit_code"] == 143
    assert (booked(told.json), pim.requests) == ({}, 0)


@pytest.fixture
def _ctrl_c_as_at_a_desk() -> Generator[None]:
    """Let SIGINT raise KeyboardInterrupt, though it may be ignored, as behind a shell's `&`."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c_as_at_a_desk")
def test_the_first_signal_asks_and_the_second_one_is_not_caught() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stopped_by_signals() as stop:
        signal.raise_signal(signal.SIGTERM)

        assert (stop.event.is_set(), stop.exit_code) == (True, 143)
        assert signal.getsignal(signal.SIGTERM) == before
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_signals_are_left_as_they_were_found() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    with stopped_by_signals():
        pass

    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == before


def test_ctrl_c_anywhere_else_ends_with_130(
    slow: tuple[Desk, Sandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = slow

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("erp2pim.cli.options.settings", interrupted)

    told = desk.run("check")

    assert (told.code, told.err.strip()) == (130, "")
