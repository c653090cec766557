import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from erp2pim.errors import StateError
from erp2pim.model import Body, Item, Mark, Origin, Recognised, Reject, Run
from erp2pim.plan.change import Change, compared
from erp2pim.state.migrations import MIGRATIONS
from erp2pim.state.opening import translated
from erp2pim.state.store import State, open_state, read_state
from tests.support.desk import listing
from tests.support.held import cell, item, named

PIM = "https://pim.example.com"
ONE, TWO = named("eins", family="tools"), named("zwei", family="tools")


def change(state: State, body: Body, identifier: str = "A1", mark: Mark | None = None) -> Change:
    """Compare one item with what the state knows."""
    (found,) = compared(
        [Item("product", identifier, body, Origin("export.xml", 1, 2), mark=mark)], state
    )
    return found


def begin(state: State) -> int:
    return state.begin(command="sync", exports=["a.xml"], version="1.2", started="2026-11-24T03:00")


def take(state: State, *changes: Change) -> None:
    state.settle(begin(state), accepted=changes)


def refusal(state: State, found: Change) -> None:
    reject = Reject(found.kind, found.identifier, found.origin, "pim", None, "no", None)
    state.settle(begin(state), accepted=(), refused=[(found, reject)])


def test_what_was_accepted_is_known_when_the_state_is_opened_again(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE))

    with open_state(tmp_path, pim_url=PIM) as state:
        assert change(state, ONE).is_needed is False
        assert change(state, TWO).sent == named("zwei")
        assert state.bodies("product", ["a1", "b1"]) == {"a1": ONE}
        assert state.fingerprints("product_model", ["a1"]) == {}


def test_what_is_kept_outlives_a_process_that_never_closes_it(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as running:
        take(running, change(running, ONE), change(running, ONE, "B1"))
        running.doubt([change(running, TWO, "B1")])

        with read_state(tmp_path, pim_url=PIM) as state:
            assert dict(state.bodies("product", ["a1", "b1"])) == {"a1": ONE}


def test_questions_within_a_view_see_the_state_as_it_was_when_it_began(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as running, read_state(tmp_path, pim_url=PIM) as state:
        take(running, change(running, ONE))
        with state.view():
            seen = [dict(state.bodies("product", ["a1"]))]
            take(running, change(running, TWO))
            seen.append(dict(state.bodies("product", ["a1"])))

        assert seen == [{"a1": ONE}, {"a1": ONE}]
        assert state.bodies("product", ["a1"]) == {"a1": TWO}


def test_what_is_on_its_way_is_not_known_until_there_is_an_answer(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE))
        update = change(state, TWO)

        state.doubt([update])

        for body in (ONE, TWO):
            again = change(state, body)
            assert (again.is_new, again.sent) == (True, body)
        state.settle(1, accepted=[update])
        assert state.bodies("product", ["a1"]) == {"a1": TWO}


def test_a_value_that_returns_after_a_lost_answer_is_sent_again(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE))
        state.doubt([change(state, TWO)])

    with open_state(tmp_path, pim_url=PIM) as state:
        returned = change(state, ONE)

        assert returned.sent == ONE


def test_what_was_refused_leaves_the_pim_as_it_was(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE))
        update = change(state, TWO)
        state.doubt([update])

        refusal(state, update)

        assert change(state, ONE).is_needed is False
        assert change(state, TWO).sent == named("zwei")


def test_what_was_in_doubt_before_it_was_refused_stays_in_doubt(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE))
        state.doubt([change(state, TWO)])
        again = change(state, TWO)
        state.doubt([again])

        refusal(state, again)

        assert change(state, ONE).sent == ONE


def test_what_was_refused_at_first_is_not_known(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        first = change(state, ONE)
        state.doubt([first])

        refusal(state, first)

        assert change(state, ONE).is_new


@pytest.mark.parametrize("body", [TWO, {}], ids=["some", "nothing"])
def test_what_was_in_doubt_is_forgotten_when_the_whole_item_was_accepted(
    tmp_path: Path, body: Body
) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, {**ONE, "values": {"a": [cell("1")]}}))
        state.doubt([change(state, {"values": {"a": [cell("2")]}})])
        take(state, change(state, body))

        assert change(state, {"values": {"a": [cell("1")]}}).sent == {"values": {"a": [cell("1")]}}


def test_an_item_without_anything_to_say_is_known_too(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, {}))

        assert change(state, {}).is_needed is False
        assert change(state, ONE).sent == ONE


MARK = Mark(b"0123456789abcdef", 2)
ORIGIN = Origin("b.xml", 5, 9)


def test_a_record_is_recognised_once_all_its_items_are_held(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE, "A1", MARK))
        assert state.recognised(MARK.digest, ORIGIN) == ()

        take(state, change(state, ONE, "A2", MARK))

        assert state.recognised(MARK.digest, ORIGIN) == [
            Recognised("product", "a1", "A1", "reject", ORIGIN),
            Recognised("product", "a2", "A2", "reject", ORIGIN),
        ]
        assert state.recognised(b"another", ORIGIN) == ()


def test_a_record_is_not_recognised_while_an_item_of_it_is_in_doubt(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE, "A1", MARK), change(state, ONE, "A2", MARK))
        state.doubt([change(state, TWO, "A1")])

        assert state.recognised(MARK.digest, ORIGIN) == ()


def test_runs_are_told_the_newest_first(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        first, second, third = begin(state), begin(state), begin(state)
        state.end(second, ended="2026-11-24T03:07", exit_code=1, ledger={"read": 7})

        assert list(state.runs(2)) == [
            Run(third, "sync", ["a.xml"], "2026-11-24T03:00", None, None, {}),
            Run(second, "sync", ["a.xml"], "2026-11-24T03:00", "2026-11-24T03:07", 1, {"read": 7}),
        ]
        assert (state.run(first), state.run(99)) == (list(state.runs(9))[2], None)


def reject(record: int) -> Reject:
    origin = Origin("a.xml", record, None)
    return Reject("product", None, origin, "mapping", "m.yaml:1", "a number", "x")


def test_rejects_are_kept_by_run_and_in_order(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        first, second = begin(state), begin(state)
        state.note_rejects(first, [reject(n) for n in range(700)])
        state.note_rejects(second, [reject(7)])
        state.note_rejects(first, [reject(700)])

        assert [each.origin.record for each in state.rejects(first)] == list(range(701))
        assert list(state.rejects(second)) == [reject(7)]


def test_paths_are_remembered_once(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        state.note_paths(begin(state), ["/E/Row", "/E/Row/Sku"])
        state.note_paths(begin(state), ["/E/Row", "/E/Row/Name"])

        assert state.paths() == {"/E/Row", "/E/Row/Sku", "/E/Row/Name"}


def files(folder: Path) -> list[str]:
    return sorted(listing(folder))


def test_at_rest_the_state_is_one_file(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE))

    assert files(tmp_path) == ["state.db"]


def test_at_rest_the_state_is_one_file_after_a_run_that_failed_too(tmp_path: Path) -> None:
    with suppress(ZeroDivisionError), open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE))
        raise ZeroDivisionError
    before = listing(tmp_path)

    with read_state(tmp_path) as state:
        assert change(state, ONE).is_needed is False

    assert listing(tmp_path) == before
    assert files(tmp_path) == ["state.db"]


def test_somebody_who_reads_does_not_disturb_the_end_of_a_run(tmp_path: Path) -> None:
    with ExitStack() as reading:
        with open_state(tmp_path, pim_url=PIM) as running:
            state = reading.enter_context(read_state(tmp_path))
            take(running, change(running, ONE))
            assert change(state, ONE).is_needed is False

        assert state.bodies("product", ["a1"]) == {"a1": ONE}


def test_reading_changes_nothing(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE))
    before = listing(tmp_path)

    with read_state(tmp_path, pim_url=PIM) as state:
        assert change(state, ONE).is_needed is False
        assert listing(tmp_path) == before

    assert listing(tmp_path) == before


def test_reading_where_there_is_no_state_makes_none(tmp_path: Path) -> None:
    with read_state(tmp_path / "state", pim_url=PIM) as state:
        assert change(state, ONE).is_new
        assert list(state.runs(5)) == []

    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_transaction_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> Sequence[Change]:
        raise KeyboardInterrupt

    with open_state(tmp_path, pim_url=PIM) as state:
        run = begin(state)
        with pytest.raises(KeyboardInterrupt):
            state.settle(run, accepted=(each for each in [change(state, ONE), *broken()]))

        assert change(state, ONE).is_new
        take(state, change(state, TWO))
        assert state.bodies("product", ["a1"]) == {"a1": TWO}


KNOWN = "erp2pim.state.opening.MIGRATIONS"
MORE = "CREATE TABLE more (word TEXT) STRICT;"


def test_an_older_state_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE))
    monkeypatch.setattr(KNOWN, (*MIGRATIONS, MORE))
    with (
        pytest.raises(StateError, match=r"the state has version \d+; \d+ is expected"),
        read_state(tmp_path),
    ):
        pass

    with open_state(tmp_path, pim_url=PIM) as state:
        assert change(state, ONE).is_needed is False

    with read_state(tmp_path) as state:
        assert len(state.runs(5)) == 1


def test_a_step_that_fails_leaves_the_state_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, change(state, ONE))
    monkeypatch.setattr(KNOWN, (*MIGRATIONS, MORE + "DROP TABLE nowhere;"))
    with pytest.raises(StateError, match="nowhere"), open_state(tmp_path, pim_url=PIM):
        pass

    monkeypatch.setattr(KNOWN, (*MIGRATIONS, MORE))

    with open_state(tmp_path, pim_url=PIM) as state:
        assert change(state, ONE).is_needed is False


def test_the_state_of_a_newer_program_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KNOWN, (*MIGRATIONS, MORE))
    with open_state(tmp_path, pim_url=PIM):
        pass
    before = listing(tmp_path)
    monkeypatch.setattr(KNOWN, MIGRATIONS)

    for opened in (open_state(tmp_path, pim_url=PIM), read_state(tmp_path)):
        with pytest.raises(StateError) as refused, opened:
            pass
        version = len(MIGRATIONS)
        assert refused.value.what == (
            f"the state has version {version + 1}; this erp2pim knows {version}"
        )
        assert refused.value.fix == "use the newer erp2pim that wrote it"

    assert listing(tmp_path) == before


def test_the_state_of_another_pim_is_refused(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM):
        pass
    other = "https://other.example.com"
    before = listing(tmp_path)

    for opened in (open_state(tmp_path, pim_url=other), read_state(tmp_path, pim_url=other)):
        with pytest.raises(StateError) as refused, opened:
            pass
        assert refused.value.what == (
            f"the state tells what {PIM} accepted; the configuration names {other}"
        )
        assert refused.value.where == str(tmp_path / "state.db")
        assert "docs/operations.md, Moving to another PIM" in refused.value.fix

    assert listing(tmp_path) == before


@pytest.mark.parametrize("url", [f"{PIM}/", PIM.upper(), f"{PIM}:443"])
def test_a_state_is_of_the_same_pim_in_whatever_way_its_address_was_written(
    tmp_path: Path, url: str
) -> None:
    with open_state(tmp_path, pim_url=PIM):
        pass
    with closing(sqlite3.connect(tmp_path / "state.db")) as database:
        database.execute("UPDATE pim SET url = ?", (url,))
        database.commit()

    with open_state(tmp_path, pim_url=PIM), read_state(tmp_path, pim_url=PIM):
        pass


@pytest.mark.parametrize("damage", ["text", "cut", "page"])
def test_a_damaged_file_is_told_and_not_mended(tmp_path: Path, damage: str) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, *(change(state, ONE, f"p{number}") for number in range(200)))
    path = tmp_path / "state.db"
    raw = bytearray(path.read_bytes())
    if damage == "text":
        raw[:] = b"no database" * 1000
    elif damage == "cut":
        del raw[5000:]
    else:
        raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)

    for opened in (open_state(tmp_path, pim_url=PIM), read_state(tmp_path)):
        with pytest.raises(StateError) as refused, opened as state:
            state.bodies("product", [f"p{number}" for number in range(200)])
        assert refused.value.what.startswith("the state cannot be used: ")
        assert refused.value.where == str(path)


def test_a_damaged_body_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(zlib, "compress", lambda *_: b"damaged")
        with open_state(tmp_path, pim_url=PIM) as state:
            take(state, change(state, ONE))

    with read_state(tmp_path) as state, pytest.raises(StateError, match="cannot be used"):
        state.bodies("product", ["a1"])


def test_a_damaged_run_is_told(tmp_path: Path) -> None:
    with open_state(tmp_path, pim_url=PIM) as state:
        run = begin(state)
    with closing(sqlite3.connect(tmp_path / "state.db")) as database, database:
        database.execute("UPDATE runs SET ledger = 'damaged'")

    with read_state(tmp_path) as state:
        with pytest.raises(StateError, match="cannot be used"):
            state.runs(1)
        with pytest.raises(StateError, match="cannot be used"):
            state.run(run)


def test_a_place_that_cannot_hold_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "state.db").mkdir()

    for opened in (open_state(tmp_path, pim_url=PIM), read_state(tmp_path)):
        with pytest.raises(StateError, match="the state cannot be used"), opened:
            pass


def test_items_of_any_name_are_found_again(tmp_path: Path) -> None:
    names = ["'; DROP TABLE items; --", 'a"b', "ключ", "1", "ß"]
    with open_state(tmp_path, pim_url=PIM) as state:
        take(state, *(change(state, ONE, name) for name in names))

        changes = compared([item(name, ONE) for name in names], state)

    assert [each.identifier for each in changes if each.is_needed] == []


def test_a_state_that_another_program_is_busy_with_is_not_taken_for_a_damaged_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "state.db"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as browser,
        closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as ours,
    ):
        browser.execute("BEGIN EXCLUSIVE")

        with pytest.raises(StateError, match="busy") as refused, translated(path):
            ours.execute("BEGIN IMMEDIATE")

    assert "moved away" not in str(refused.value.fix)
