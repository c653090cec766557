"""States that a killed run, a power cut or a copy left in parts, read without changing any."""

import random
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from erp2pim.errors import StateError
from erp2pim.model import Run
from erp2pim.state.store import open_state, read_state
from tests.support.desk import listing

PIM = "https://pim.example.com"


def begin(folder: Path, exports: Sequence[str] = ("a.xml",)) -> None:
    with open_state(folder, pim_url=PIM) as state:
        number = state.begin(command="sync", exports=exports, version="1", started="2026-11-24")
        state.end(number, ended="2026-11-24", exit_code=0, ledger={"read": 5})


def copied_while_open(folder: Path, to: Path, *parts: str) -> None:
    """Copy some files of a state to which a run is written just now."""
    with open_state(folder, pim_url=PIM) as state:
        state.begin(command="sync", exports=["b.xml"], version="1", started="2026-11-25")
        for part in parts:
            shutil.copy(folder / part, to / part)


def runs(folder: Path) -> list[int]:
    with read_state(folder, pim_url=PIM) as state:
        return [run.run for run in state.runs(9)]


@pytest.mark.parametrize(
    ("parts", "known"),
    [
        (("state.db", "state.db-wal", "state.db-shm"), [2, 1]),
        (("state.db", "state.db-wal"), [2, 1]),
        (("state.db",), [1]),
    ],
    ids=["all", "without shm", "the file alone"],
)
def test_a_state_in_parts_is_read_as_far_as_it_goes_and_no_byte_is_written(
    tmp_path: Path, parts: Sequence[str], known: list[int]
) -> None:
    running, copy = tmp_path / "running", tmp_path / "copy"
    running.mkdir()
    copy.mkdir()
    begin(running)
    copied_while_open(running, copy, *parts)
    before = listing(copy)

    assert runs(copy) == known
    assert listing(copy) == before


def test_a_change_that_a_power_cut_broke_off_is_taken_back_for_the_reader(tmp_path: Path) -> None:
    begin(tmp_path)
    copy = tmp_path / "copy"
    copy.mkdir()
    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as database:
        database.executescript("PRAGMA cache_size = 1; BEGIN; DELETE FROM runs")
        database.execute("UPDATE pim SET url = ?", ("x" * 100_000,))
        for part in ("state.db", "state.db-journal"):
            shutil.copy(tmp_path / part, copy / part)
    before = listing(copy)

    assert runs(copy) == [1]
    assert listing(copy) == before


def test_bytes_that_turned_are_told_or_harmless(tmp_path: Path) -> None:
    begin(tmp_path, ["é" * 300])
    path = tmp_path / "state.db"
    whole = path.read_bytes()
    luck = random.Random(7)  # noqa: S311  # no secret
    told = 0
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(luck.choice([1, 3, 30])):
            damaged[luck.randrange(len(damaged))] = luck.randrange(256)
        path.write_bytes(damaged)
        told += is_told(tmp_path)
    assert 0 < told < 300


def is_told(folder: Path) -> bool:
    try:
        with read_state(folder, pim_url=PIM) as state:
            assert all(isinstance(run, Run) for run in state.runs(9))
            state.earlier()
    except StateError:
        return True
    return False
