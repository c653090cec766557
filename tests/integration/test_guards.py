"""Guards: a plan that would do too much is not sent."""

import pytest

from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, booked, item

THIRTY = [item(f"p{n}", Weight="1", Active="1") for n in range(30)]


def with_guards(desk: Desk, **guards: int) -> None:
    desk.configure()
    keys = "".join(f"  {name}: {value}\n" for name, value in guards.items())
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(f"guards:\n{keys}")


def changed(count: int, **fields: str) -> list[str]:
    """Give thirty records of which so many differ from those of the first night."""
    fields = {"Weight": "1", "Active": "1", **fields}
    return [item(f"p{n}", **fields) for n in range(count)] + THIRTY[count:]


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Give a desk whose PIM holds thirty products."""
    desk.change_mapping("  family: Group\n", "  family: Group\n  enabled: \"Active = '1'\"\n")
    desk.change_mapping("path: Weight,", "path: Weight, absent: clear, empty: clear,")
    assert desk.sync(desk.export(THIRTY))["created"] == 30
    return desk


CASES = [
    (
        {"changed_percent": 30},
        changed(10, Name="Saw"),
        "33.4 % of the items would be changed; the guard allows 30 % (10 of 30)",
    ),
    (
        {"changed_items": 9},
        changed(10, Name="Saw"),
        "10 items would be changed; the guard allows 9",
    ),
    (
        {"disabled_percent": 10},
        changed(4, Active="0"),
        "13.4 % of the items would be disabled; the guard allows 10 % (4 of 30)",
    ),
    (
        {"disabled_items": 0},
        changed(1, Active="0"),
        "1 items would be disabled; the guard allows 0",
    ),
    (
        {"cleared_percent": 0},
        changed(3, Weight=""),
        "10.0 % of the items would have values cleared; the guard allows 0 % (3 of 30)",
    ),
    (
        {"cleared_items": 2},
        changed(3, Weight=""),
        "3 items would have values cleared; the guard allows 2",
    ),
    (
        {"rejected_percent": 5},
        changed(2, Weight="heavy"),
        "6.7 % of the items are refused by the mapping; the guard allows 5 % (2 of 30)",
    ),
    (
        {"rejected_items": 1},
        changed(2, Weight="heavy"),
        "2 items are refused by the mapping; the guard allows 1",
    ),
]


@pytest.mark.parametrize(
    ("guards", "items", "figures"), CASES, ids=[next(iter(case[0])) for case in CASES]
)
def test_a_plan_over_a_limit_is_not_sent_and_its_figures_are_told(
    filled: Desk, pim: Sandbox, guards: dict[str, int], items: list[str], figures: str
) -> None:
    with_guards(filled, **guards)
    before = pim.patch_requests

    told = filled.run("sync", "--json", filled.export(items))

    assert told.code == told.json["exit_code"] == 5
    assert pim.patch_requests == before
    assert told.json["error"]["what"] == figures
    assert f"error: {figures}\n" in told.err
    assert f"  at: {filled.folder}/export.xml\n" in told.err
    assert "erp2pim sync --force sends it" in told.err
    assert told.json["updated"] == 0
    assert booked(told.json)["items"] == 30


@pytest.mark.parametrize(
    ("guards", "items", "figures"), CASES, ids=[next(iter(case[0])) for case in CASES]
)
def test_force_sends_it_and_says_so(
    filled: Desk, guards: dict[str, int], items: list[str], figures: str
) -> None:
    with_guards(filled, **guards)

    told = filled.sync("--force", filled.export(items))

    assert told["exit_code"] == (1 if told["rejected"] else 0)
    assert told["not_sent"] == 0
    assert f"sent all the same, by --force: {figures}" in told["warnings"]


def test_a_dry_run_shows_that_a_guard_would_trip(filled: Desk) -> None:
    with_guards(filled, changed_percent=30)

    told = filled.run("diff", filled.export(changed(10, Name="Saw")))

    assert told.code == 0
    assert (
        "warning: sync would send nothing (exit 5): 33.4 % of the items would be changed; the guard"
        " allows 30 % (10 of 30)\n" in told.err
    )


def test_all_guards_that_trip_are_told(filled: Desk) -> None:
    with_guards(filled, changed_items=1, disabled_items=1)

    told = filled.run("sync", filled.export(changed(2, Active="0")))

    assert (
        "error: 2 items would be changed; the guard allows 1; "
        "2 items would be disabled; the guard allows 1\n" in told.err
    )


def test_a_plan_within_its_limits_is_sent(filled: Desk) -> None:
    with_guards(
        filled, changed_percent=50, changed_items=15, disabled_percent=0, rejected_percent=0
    )

    assert filled.sync(filled.export(changed(15, Name="Saw")))["updated"] == 15


def test_a_first_run_meets_no_guard(desk: Desk) -> None:
    with_guards(desk, changed_percent=0, changed_items=0, disabled_percent=0, cleared_percent=0)

    assert desk.sync(desk.export(THIRTY))["created"] == 30


def test_shares_of_small_exports_trip_nothing(filled: Desk) -> None:
    with_guards(filled, changed_percent=30)

    assert filled.sync(filled.export(changed(19, Name="Saw")[:19]))["updated"] == 19


def test_after_a_tripped_guard_the_next_run_sends_what_was_held_back(
    filled: Desk, pim: Sandbox
) -> None:
    with_guards(filled, changed_items=5)
    path = filled.export(changed(10, Name="Saw"))
    assert filled.run("sync", path).code == 5
    assert "exit 5" in filled.run("runs").out

    with_guards(filled, changed_items=10)

    assert filled.sync(path)["updated"] == 10
    assert {cell["data"] for cell in pim.products["p0"]["values"]["name"]} == {"Saw"}


def test_what_a_tripped_run_refused_is_kept_for_whoever_looks(filled: Desk) -> None:
    with_guards(filled, rejected_items=1)

    filled.run("sync", filled.export(changed(2, Weight="heavy")))

    assert filled.run("runs", "2").out.count("refused by the mapping") == 2
