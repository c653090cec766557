from itertools import pairwise

import orjson
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.pim import batches, line

SIZES = st.lists(st.integers(0, 50), max_size=60)


def test_a_line_is_compact_json_with_its_key_first() -> None:
    made = line("code", "Ä/1", {"family_variant": "by_color", "values": {}})

    assert made.identifier == "Ä/1"
    assert made.data == '{"code":"Ä/1","family_variant":"by_color","values":{}}'.encode()


@given(st.dictionaries(st.text(), st.text()))
def test_no_text_breaks_a_line(values: dict[str, str]) -> None:
    made = line("identifier", "A\n1", {"values": values})

    assert b"\n" not in made.data
    assert b"\r" not in made.data
    assert orjson.loads(made.data) == {"identifier": "A\n1", "values": values}


@given(SIZES, st.integers(1, 10), st.integers(1, 100))
def test_batches_lose_nothing_and_keep_the_order(sizes: list[int], most: int, room: int) -> None:
    things = list(enumerate(sizes))

    made = list(batches(things, max_lines=most, max_bytes=room, size=lambda each: each[1]))

    assert [each for batch in made for each in batch] == things
    assert all(made)


@given(SIZES, st.integers(1, 10), st.integers(1, 100))
def test_batches_pass_no_limit_but_for_one_line_that_is_too_large(
    sizes: list[int], most: int, room: int
) -> None:
    for batch in batches(sizes, max_lines=most, max_bytes=room, size=int):
        assert len(batch) <= most
        assert sum(batch) <= room or len(batch) == 1


@given(SIZES, st.integers(1, 10), st.integers(1, 100))
def test_batches_reach_a_limit_before_another_is_begun(
    sizes: list[int], most: int, room: int
) -> None:
    made = list(batches(sizes, max_lines=most, max_bytes=room, size=int))

    for batch, following in pairwise(made):
        assert len(batch) == most or sum(batch) + following[0] > room


def test_batches_take_only_what_they_give() -> None:
    source = iter(range(10))

    first = next(batches(source, max_lines=3, max_bytes=100, size=lambda _: 1))

    assert first == (0, 1, 2)
    assert next(source) == 4
