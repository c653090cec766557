from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.model import Body, Json, Origin
from erp2pim.plan.change import Change
from erp2pim.plan.guards import Fate, Figures, Guards, Limit, figures

ORIGIN = Origin("export.xml", 1, 1)


def change(patch: Body, *, is_new: bool = False, links: Body | None = None) -> Change:
    return Change("product", "a", "A", ORIGIN, b"", patch, links or {}, {}, is_new)


def cell(data: Json) -> Body:
    return {"values": {"name": [{"locale": None, "scope": None, "data": data}]}}


def told(counts: Mapping[Fate, int], items: int, **limits: Limit) -> list[str]:
    every: dict[Fate, int] = {"rejected": 0, "changed": 0, "disabled": 0, "cleared": 0, **counts}
    return list(Guards(limits).trips(Figures(items, every)))  # type: ignore[arg-type]  # keywords


def counted(*changes: Change) -> Mapping[Fate, int]:
    return figures(changes, items=10, rejected=0).counts


def test_a_share_over_its_limit_is_told_with_its_figures() -> None:
    assert told({"changed": 35}, 85, changed=Limit(percent=Decimal(30))) == [
        "41.2 % of the items would be changed; the guard allows 30 % (35 of 85)"
    ]


def test_a_number_over_its_limit_is_told() -> None:
    assert told({"disabled": 6}, 8, disabled=Limit(items=5)) == [
        "6 items would be disabled; the guard allows 5"
    ]


def test_what_is_just_allowed_trips_nothing() -> None:
    assert told({"changed": 30}, 100, changed=Limit(percent=Decimal(30), items=30)) == []


def test_each_limit_is_told_by_itself() -> None:
    limit = Limit(percent=Decimal(10), items=10)

    assert len(told({"rejected": 11, "cleared": 12}, 100, rejected=limit, cleared=limit)) == 4


def test_the_share_shown_is_above_the_share_allowed_however_near() -> None:
    (line,) = told({"changed": 30_001}, 100_000, changed=Limit(percent=Decimal(30)))

    assert line.startswith("30.1 % of the items")


@pytest.mark.parametrize(("items", "trips"), [(19, False), (20, True)])
def test_shares_hold_for_plans_of_twenty_items_or_more(items: int, *, trips: bool) -> None:
    assert bool(told({"changed": items}, items, changed=Limit(percent=Decimal(30)))) is trips


def test_numbers_hold_for_small_plans_too() -> None:
    assert told({"changed": 3}, 3, changed=Limit(items=2)) != []


def test_an_empty_plan_trips_nothing() -> None:
    assert (
        list(Guards({"changed": Limit(Decimal(0), 0)}, 0).trips(figures((), items=0, rejected=0)))
        == []
    )


def test_an_item_that_is_created_is_neither_changed_nor_disabled_nor_cleared() -> None:
    created = change({"enabled": False, **cell(None)}, is_new=True)

    assert counted(created) == {"rejected": 0, "changed": 0, "disabled": 0, "cleared": 0}


def test_an_item_of_the_pim_that_is_disabled_counts_as_changed_too() -> None:
    assert counted(change({"enabled": False}), change({"enabled": True})) == {
        "rejected": 0,
        "changed": 2,
        "disabled": 1,
        "cleared": 0,
    }


@pytest.mark.parametrize(
    "sent",
    [
        change(cell(None)),
        change(cell([])),
        change(cell("")),
        change({"family": None}),
        change({"categories": []}),
        change({}, links={"associations": {"X_SELL": {"products": [], "groups": []}}}),
    ],
    ids=["null", "no options", "empty text", "no family", "no categories", "no associations"],
)
def test_what_is_written_over_with_nothing_counts_as_cleared(sent: Change) -> None:
    assert counted(sent)["cleared"] == 1


@pytest.mark.parametrize(
    "sent",
    [
        change(cell("x")),
        change(cell(0)),
        change(cell(False)),  # noqa: FBT003  a cell's data
        change({"enabled": False}),
        change({}, links={"associations": {"X_SELL": {"products": ["B"], "groups": []}}}),
        change({}, links={"associations": {"X_SELL": {}}}),
    ],
    ids=["text", "zero", "no", "disabled", "one association", "no list of associations"],
)
def test_what_holds_something_does_not(sent: Change) -> None:
    assert counted(sent)["cleared"] == 0


def test_several_cells_cleared_are_one_item() -> None:
    assert counted(change({"family": None, "categories": [], **cell(None)}))["cleared"] == 1


@given(st.integers(20, 500), st.integers(0, 500), st.integers(0, 100))
def test_a_guard_trips_if_and_only_if_the_share_is_over_the_limit(
    items: int, count: int, percent: int
) -> None:
    count = min(count, items)

    tripped = told({"changed": count}, items, changed=Limit(percent=Decimal(percent)))

    assert bool(tripped) is (count / items > percent / 100 + 1e-12)
