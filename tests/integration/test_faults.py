"""A PIM that misbehaves, is down, or does not let us in."""

import socket
from pathlib import Path

import pytest

from erp2pim import sandbox
from erp2pim.sandbox import Sandbox, faults
from tests.support.desk import Desk, booked, connect, item, values

ITEMS = [item(f"p{n}", Name=f"Drill {n}", Group="tools", Weight="1.5") for n in range(100)]


@pytest.fixture
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every pause between two tries be over at once."""
    monkeypatch.setattr("erp2pim.pim.retry.pause", lambda *_, **__: 0.0)


def desk_before(
    pim: Sandbox,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    connect(monkeypatch, pim)
    return Desk(folder, capsys)


def test_a_pim_that_is_down_is_told_and_nothing_counts_as_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("ERP2PIM_PIM_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setattr("erp2pim.report.progress._SECONDS_BETWEEN_LINES", 0.0)
    desk.configure(attempts=1)

    told = desk.run("sync", "--json", desk.export([*ITEMS, item("bad", Pieces="x")]))

    assert "done with" not in told.err

    assert told.code == 4
    assert booked(told.json) == {"read": 101, "items": 101, "rejected": 1, "not_sent": 100}
    assert told.json["error"]["where"] == "POST /api/oauth/v1/token"
    assert "error: the PIM gave no usable answer in 1 try" in told.err


def test_a_wrong_password_is_told_at_once_and_never_tried_again(
    desk: Desk, pim: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERP2PIM_PASSWORD", "wrong-password")

    told = desk.run("sync", "--json", desk.export(ITEMS))

    assert told.code == 4
    assert booked(told.json) == {"read": 100, "items": 100, "not_sent": 100}
    assert (told.json["requests"], pim.requests, pim.patch_requests) == (1, 1, 0)
    assert "error: the PIM refuses the credentials" in told.err
    assert "wrong-password" not in told.out + told.err


@pytest.mark.parametrize("fault", ["expired-token", "revoked-token"])
def test_a_token_that_dies_on_the_way_is_replaced(desk: Desk, pim: Sandbox, fault: str) -> None:
    desk.configure(batch_lines=10, workers=2)
    pim.queue.append(fault)

    told = desk.sync(desk.export(ITEMS))

    assert booked(told) == {"read": 100, "items": 100, "created": 100}
    assert told["exit_code"] == 0


@pytest.mark.usefixtures("_no_waiting")
@pytest.mark.parametrize("fault", sorted(faults.NAMES))
def test_a_fault_that_strikes_once_costs_nothing_in_the_end(
    desk: Desk, pim: Sandbox, fault: str
) -> None:
    desk.configure(batch_lines=50, workers=1)
    end_of_tokens = ["expired-token"] if fault == faults.REFUSED_REFRESH else []
    pim.queue.extend([*end_of_tokens, fault])

    told = desk.run("sync", "--json", desk.export(ITEMS))

    assert told.code == 0, told.err
    assert (told.json["items"], told.json["not_sent"], len(pim.products)) == (100, 0, 100)
    assert pim.queue == ([fault] if fault in faults.OF_LISTS else [])


MOODS = {"503": 0.02, "cut-before": 0.01, "cut-after": 0.01, "cut-middle": 0.01, "429": 0.01}
LINES = {"missing-lines": 0.02, "double-lines": 0.02, "shuffle-lines": 0.02, "garbage": 0.01}


@pytest.mark.usefixtures("_no_waiting")
def test_a_moody_pim_gets_everything_but_what_it_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = range(1000)
    refused = {f"p{n}" for n in numbers if n % 200 == 3}
    with sandbox.serve(faults={**MOODS, **LINES}, seed=7) as pim:
        desk = desk_before(pim, tmp_path, monkeypatch, capsys)
        desk.configure(batch_lines=5)
        pim.refuse.update(dict.fromkeys(refused, "it is ugly"))
        name = desk.export(item(f"p{n}", Name=f"Drill {n}") for n in numbers)

        told = desk.sync(name)

        assert told["exit_code"] == 1, told["error"]
        assert {reject["identifier"] for reject in told["rejects"]} == refused
        assert len(told["rejects"]) == len(refused)
        # A product whose answer was lost counts as updated: the second answer says so.
        assert told["created"] + told["updated"] == 1000 - len(refused)
        assert (told["items"], told["not_sent"]) == (1000, 0)
        assert set(pim.products) == {f"p{n}" for n in numbers} - refused
        assert told["patch_requests"] > 200
        pim.refuse.clear()
        again = desk.sync(name)
        assert (again["unchanged"], again["created"]) == (1000 - len(refused), len(refused))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_pim_that_goes_down_on_the_way_gets_the_rest_next_time(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seed: int,
) -> None:
    odds = {"503": 0.3}
    with sandbox.serve(faults=odds, seed=seed) as pim:
        desk = desk_before(pim, tmp_path, monkeypatch, capsys)
        desk.configure(batch_lines=5, workers=2, attempts=1)
        name = desk.export(ITEMS)

        first = desk.run("sync", "--json", name)

        there = len(pim.products)
        assert (first.code, 0 < there < 100) == (4, True)
        assert booked(first.json) == {
            "read": 100,
            "items": 100,
            "created": there,
            "not_sent": 100 - there,
        }
        odds.clear()
        second = desk.sync(name)
        assert booked(second) == {
            "read": 100,
            "items": 100,
            "unchanged": there,
            "created": 100 - there,
        }
        assert len(pim.products) == 100


def test_a_value_that_returns_after_a_lost_answer_is_sent_again(desk: Desk, pim: Sandbox) -> None:
    desk.configure(attempts=1)
    desk.sync(desk.export([item("A1", Name="old")]))
    pim.queue.extend(["cut-after"] * 2)  # an idle connection that was cut is opened once more
    lost = desk.run("sync", "--json", desk.export([item("A1", Name="new")]))
    assert (lost.code, lost.json["not_sent"]) == (4, 1)
    assert values(pim)["A1"]["name en_US"] == "new"

    told = desk.sync(desk.export([item("A1", Name="old")]))

    assert booked(told) == {"read": 1, "items": 1, "updated": 1}
    assert values(pim)["A1"]["name en_US"] == "old"


@pytest.mark.usefixtures("_no_waiting")
def test_one_line_that_the_pim_fails_on_costs_the_others_nothing(desk: Desk, pim: Sandbox) -> None:
    pim.queue.append("line-500")

    told = desk.sync(desk.export(ITEMS))

    assert booked(told)["items"] == 100
    assert told["created"] + told["updated"] == 100
    assert (told["exit_code"], len(pim.products)) == (0, 100)
