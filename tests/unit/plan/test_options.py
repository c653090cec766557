from collections.abc import Iterator

import pytest

from erp2pim.model import Body, Options
from erp2pim.plan.guards import Guards
from erp2pim.plan.options import Lacking, NewOption, chosen
from erp2pim.plan.spool import open_spool
from tests.support.held import cell


@pytest.fixture
def lacking() -> Iterator[Lacking]:
    with open_spool() as spool:
        yield spool.options


@pytest.mark.parametrize("together", [True, False])
def test_an_option_is_kept_once_with_its_first_code_and_the_first_label_in_each_language(
    lacking: Lacking, *, together: bool
) -> None:
    items: list[Options] = [
        {"color": {"Red": {}}},
        {"color": {"RED": {"en_US": "Red"}, "moss": {}}},
        {"color": {"red": {"en_US": "RED", "de_DE": "Rot"}}, "size": {"red": {}}},
    ]

    for block in (items,) if together else ([each] for each in items):
        lacking.add(block)

    assert list(lacking.all()) == [
        NewOption("color", "moss", {}),
        NewOption("color", "Red", {"en_US": "Red", "de_DE": "Rot"}),
        NewOption("size", "red", {}),
    ]
    assert lacking.counts() == {"color": 2, "size": 1}


def test_only_what_a_body_names_is_kept(lacking: Lacking) -> None:
    lacking.add([{"color": {"red": {}, "moss": {}}, "size": {"s": {}, "m": {}, "l": {}}}])
    values = {"color": [cell("RED", "en_US"), cell(None, "de_DE")], "name": [cell("moss")]}

    lacking.keep([{"values": values}, {"values": {"size": [cell(["S", "m"])]}}, {"family": "l"}])

    assert [str(each) for each in lacking.all()] == ["color.red", "size.m", "size.s"]


def test_more_options_than_fit_a_page_are_all_given(lacking: Lacking) -> None:
    codes = sorted(f"c{n}" for n in range(1201))
    lacking.add([{"color": {code: {} for code in codes}}])

    assert [option.code for option in lacking.of("color")] == codes


def test_what_the_pim_has_or_refuses_is_not_made(lacking: Lacking) -> None:
    lacking.add([{"color": {"Red": {}, "Moss": {}, "sky": {}}, "size": {"s": {}}}])

    lacking.drop("color", ["RED", "unheard_of"])
    lacking.fail([NewOption("color", "Moss", {}), NewOption("size", "s", {})], "no")

    assert [str(each) for each in lacking.all()] == ["color.sky"]
    assert lacking.attributes() == ["color"]
    assert lacking.causes() == {
        "color": {"moss": "the option Moss of color cannot be made: no"},
        "size": {"s": "the option s of size cannot be made: no"},
    }


@pytest.mark.parametrize(
    "body",
    [{}, {"values": None}, {"values": {"color": None}}, {"values": {"color": [None, cell({})]}}],
    ids=["nothing", "no values", "no cells", "no codes"],
)
def test_a_body_without_options_names_none(body: Body) -> None:
    assert list(chosen(body, ["color"])) == []


def test_the_guard_on_options_names_the_selects_that_most_would_be_made_of() -> None:
    counts = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}

    assert list(Guards(new_options=21).trips_on_options(counts)) == []
    assert list(Guards(new_options=20).trips_on_options(counts)) == [
        "21 options would be made (6 of f, 5 of e, 4 of d, 3 of c, 2 of b …); the guard allows 20"
    ]
