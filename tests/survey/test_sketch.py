import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.survey.looks import NUMBERS, Look
from erp2pim.survey.sketch import MOST_WORDS, Distinct, Sketch


def sketch(*texts: str) -> Sketch:
    made = Sketch()
    for text in texts:
        made.add(text)
    return made


@given(st.lists(st.text(max_size=4), max_size=120))
def test_few_different_values_are_counted_exactly(texts: list[str]) -> None:
    made = sketch(*texts)

    stripped = {text.strip() for text in texts} - {""}
    known = {*made.no_value}
    assert made.times == len(texts)
    assert made.is_exact
    assert made.distinct == len(stripped - known)


@pytest.mark.parametrize("many", [2_000, 60_000])
def test_many_different_values_are_estimated_to_within_a_fifth(many: int) -> None:
    made = sketch(*(f"SKU-{number:07d}" for number in range(many)))

    assert not made.is_exact
    assert many * 0.8 < made.distinct < many * 1.2
    assert made.share_alone == 1.0


def test_a_value_that_comes_twice_among_many_shows() -> None:
    made = sketch(*(f"{number % 3_000}" for number in range(6_000)))

    assert made.share_alone == 0.0


def test_the_sample_stays_within_its_limit() -> None:
    distinct = Distinct()
    for number in range(10_000):
        distinct.add(str(number))

    assert len(distinct.times) == Distinct.LIMIT


@given(st.lists(st.text("abc", max_size=6)), st.lists(st.text("abc", max_size=6)))
def test_two_sketches_merged_count_what_one_would(one: list[str], other: list[str]) -> None:
    merged = sketch(*one)
    merged.merge(sketch(*other))

    whole = sketch(*one, *other)
    assert (merged.times, merged.empty, merged.longest) == (
        whole.times,
        whole.empty,
        whole.longest,
    )
    assert merged.distinct == whole.distinct


def test_sketches_of_many_values_merge() -> None:
    merged = sketch(*(f"a{number}" for number in range(MOST_WORDS + 1)))
    merged.merge(sketch("a0", "b"))
    merged.merge(sketch(*(f"c{number}" for number in range(MOST_WORDS + 1))))

    assert merged.words is None
    assert merged.distinct == 2 * MOST_WORDS + 3
    assert merged.share_alone == (2 * MOST_WORDS + 2) / (2 * MOST_WORDS + 3)


def test_what_means_that_there_is_no_value_is_kept_apart() -> None:
    made = sketch("0000-00-00", "n/a", " ", "12")

    assert dict(made.no_value) == {"0000-00-00": 1, "n/a": 1}
    assert (made.empty, made.filled, made.distinct) == (1, 1, 1)


def test_the_first_way_in_order_wins_among_equals() -> None:
    assert sketch("1", "2").best("number", NUMBERS) == (Look("number", "1234.56"), 1.0)
    assert sketch("1,5", "2").best("number", NUMBERS) == (Look("number", "1.234,56"), 1.0)
    assert sketch("word").best("number", NUMBERS) == (None, 0.0)
