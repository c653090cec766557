"""Laws of a batch on its way, without a network: whatever comes back, every line has one end."""

import json
import threading
from collections.abc import Callable, Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from erp2pim.model import Accepted, Outcome, Refused, Unanswered
from erp2pim.pim import Line
from erp2pim.pim.pace import Pace
from erp2pim.pim.reply import Reply
from erp2pim.pim.retry import Tries
from erp2pim.pim.upsert import Sending
from tests.pim.clients import numbered

ATTEMPTS = 3
STATUSES = st.sampled_from([0, 200, 302, 400, 403, 404, 408, 413, 429, 500, 502, 503, 999])
TOLD = st.tuples(st.integers(0, 9), st.sampled_from([201, 204, 422, 500, 999, None]))
ANSWERS = st.one_of(
    st.lists(TOLD, max_size=8).map(
        lambda told: Reply(200, b"\n".join(_told(number, status) for number, status in told))
    ),
    st.builds(Reply, STATUSES, st.binary(max_size=10), retry_after=st.none() | st.just(1.0)),
)


def _told(number: int, status: int | None) -> bytes:
    message = f"message {number}"
    return json.dumps({"line": number, "status_code": status, "message": message}).encode()


def _sent(count: int, answer: Callable[[Sequence[Line]], Reply]) -> tuple[Sending, list[int]]:
    """Make a batch of so many lines, and a list to which the size of each request is added."""
    pace = Pace(stop=threading.Event(), clock=lambda: 0, sleep=lambda _: None)
    sizes: list[int] = []

    def send(lines: Sequence[Line]) -> Reply:
        sizes.append(len(lines))
        return answer(lines)

    def tries() -> Tries:
        return Tries("PATCH /x", attempts=ATTEMPTS, pace=pace, jitter=lambda: 0)

    return Sending(numbered(count), send, tries, attempts=ATTEMPTS, where="PATCH /x"), sizes


@given(st.integers(0, 8), st.lists(ANSWERS, min_size=1, max_size=30))
def test_every_line_has_exactly_one_outcome_whatever_the_pim_answers(
    count: int, replies: list[Reply]
) -> None:
    left = iter(replies)
    sending, sizes = _sent(count, lambda _: next(left, replies[-1]))

    outcomes = sending.outcomes()

    assert len(outcomes) == count
    assert all(isinstance(each, Accepted | Refused | Unanswered) for each in outcomes)
    assert len(sizes) <= (count + 2) * (2 * ATTEMPTS + 2)
    assert all(sizes)


@given(
    st.integers(1, 30),
    st.sets(st.integers(0, 29), max_size=4),
    st.sets(st.integers(0, 29), max_size=4),
    st.sets(st.integers(0, 29), max_size=4),
    st.randoms(use_true_random=False),
)
def test_the_outcome_is_that_of_the_line_whatever_happens_to_the_answers(
    count: int, killers: set[int], broken: set[int], refused: set[int], chance: Random
) -> None:
    def answer(lines: Sequence[Line]) -> Reply:
        places = [int(line.identifier[1:]) for line in lines]
        if killers.intersection(places):
            return Reply(500)
        told = [_told(number, status(place)) for number, place in enumerate(places, 1)]
        kept = [each for each in told if chance.random() < 0.9] or told
        return Reply(200, b"\n".join(chance.sample(kept, len(kept))))

    def status(place: int) -> int:
        return 500 if place in broken else 422 if place in refused else 201

    outcomes = _sent(count, answer)[0].outcomes()

    bad = killers | broken | refused
    expected: list[type[Outcome]] = [
        Refused if place in bad else Accepted for place in range(count)
    ]
    if killers.issuperset(range(count)):
        expected = [Unanswered] * count
    assert [type(each) for each in outcomes] == expected
