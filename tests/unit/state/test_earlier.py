import sqlite3
from pathlib import Path

from erp2pim.model import Earlier, Taken
from erp2pim.state.migrations import MIGRATIONS
from erp2pim.state.store import State, open_state, read_state

URL = "https://pim.example.com"


def run(state: State, *, read: int, exit_code: int, taken: bool = True) -> int:
    number = state.begin(command="sync", exports=["e.xml"], version="1", started="2026-11-24")
    if taken:
        state.take(Taken(number, bytes([number]), f"2026-11-{number:02}"))
    state.end(number, ended="2026-11-24", exit_code=exit_code, ledger={"read": read})
    return number


def test_a_first_run_has_nothing_behind_it(tmp_path: Path) -> None:
    with read_state(tmp_path) as state:
        assert state.earlier() == Earlier([], None)


def test_the_last_seven_runs_that_were_done_tell_how_much_is_usual(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=URL) as state:
        for read in range(1, 9):
            run(state, read=read, exit_code=read % 2)

        assert list(state.earlier().reads) == [8, 7, 6, 5, 4, 3, 2]


def test_runs_that_were_not_done_or_read_nothing_tell_nothing(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=URL) as state:
        run(state, read=5, exit_code=0)
        for exit_code in (3, 4, 5, 130, 143):
            run(state, read=99, exit_code=exit_code)
        run(state, read=0, exit_code=0)
        state.begin(command="sync", exports=["e.xml"], version="1", started="2026-11-24")

        assert state.earlier().reads == [5]


def test_what_the_last_run_took_is_known_and_whether_it_was_done(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=URL) as state:
        run(state, read=5, exit_code=0)
        assert state.earlier().last == Taken(1, b"\x01", "2026-11-01", done=True)

        run(state, read=5, exit_code=0, taken=False)
        assert state.earlier().last == Taken(1, b"\x01", "2026-11-01", done=True)

        run(state, read=5, exit_code=1)
        assert state.earlier().last == Taken(3, b"\x03", "2026-11-03", done=False)


def test_a_clock_that_was_set_back_puts_no_run_before_another(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=URL) as state:
        for started in ("2030-01-01", "2026-11-24", "1970-01-01"):
            number = state.begin(command="sync", exports=["e"], version="1", started=started)
            state.take(Taken(number, None, started))
            state.end(number, ended=started, exit_code=0, ledger={"read": number})

        assert [run.run for run in state.runs(9)] == [3, 2, 1]
        assert state.earlier() == Earlier([3, 2, 1], Taken(3, None, "1970-01-01", done=True))


def test_a_run_that_was_killed_is_the_last_all_the_same(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=URL) as state:
        run(state, read=5, exit_code=0)
        killed = state.begin(command="sync", exports=["e.xml"], version="1", started="2026-11-24")
        state.take(Taken(killed, None, None))

        assert state.earlier().last == Taken(killed, None, None, done=False)


def test_a_state_that_knows_of_no_exports_is_brought_up_to_date(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "state.db")
    database.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
    database.close()

    with open_state(tmp_path, pim_url=URL) as state:
        assert run(state, read=5, exit_code=0) == 1
        assert state.earlier().last == Taken(1, b"\x01", "2026-11-01", done=True)
