import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.errors import PimError
from erp2pim.model import Accepted, Unanswered
from erp2pim.pim import Pim
from erp2pim.pim.pace import Pace
from erp2pim.pim.patience import Patience
from erp2pim.pim.reply import Reply
from erp2pim.pim.retry import Tries, ask
from tests.pim.clients import lines
from tests.support.fakepim import CREDENTIALS, FakePim, Fault

UNAVAILABLE = Fault(status=503, body=b"down")


class _Time:
    """A clock that stands still but for the sleeping and for what a test says."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def _pace(time: _Time, give_up_after_s: float) -> Pace:
    return Pace(
        stop=threading.Event(), clock=time, sleep=time.sleep, give_up_after_s=give_up_after_s
    )


def _pim(server: FakePim, time: _Time, *, give_up_after_s: float, attempts: int = 20) -> Pim:
    return Pim(
        server.url,
        CREDENTIALS,
        attempts=attempts,
        timeout_s=5,
        give_up_after_s=give_up_after_s,
        stop=threading.Event(),
        jitter=lambda: 1.0,
        clock=time,
        sleep=time.sleep,
    )


def _lets_wait(patience: Patience, *, at_most: float) -> bool:
    return patience.outlasts(at_most) and not patience.outlasts(at_most + 0.001)


def test_time_before_a_failure_counts_and_time_before_a_useful_answer_does_not() -> None:
    time = _Time()
    patience = Patience(100, clock=time)

    with patience.busy():
        time.now = 30
        patience.useless()
        time.now = 70
        patience.useful()
        time.now = 72
        patience.useless()

    assert _lets_wait(patience, at_most=68)


def test_time_in_which_nobody_calls_or_waits_does_not_count() -> None:
    time = _Time()
    patience = Patience(100, clock=time)

    time.now = 5000
    with patience.busy():
        time.now = 5010
    patience.useless()

    assert _lets_wait(patience, at_most=90)


def test_the_time_of_two_who_wait_at_once_counts_once() -> None:
    time = _Time()
    patience = Patience(100, clock=time)

    with patience.busy(), patience.busy():
        time.now = 10
        patience.useless()
        patience.useless()

    assert _lets_wait(patience, at_most=90)


def test_who_joins_the_waiting_does_not_begin_its_count_anew() -> None:
    time = _Time()
    patience = Patience(100, clock=time)

    with patience.busy():
        time.now = 6
        with patience.busy():
            time.now = 10
        patience.useless()

    assert _lets_wait(patience, at_most=90)


def test_a_pim_that_is_down_is_given_up_when_the_time_is_used_up(server: FakePim) -> None:
    time = _Time()
    server.rule = lambda _: UNAVAILABLE
    pim = _pim(server, time, give_up_after_s=100)

    outcomes = pim.upsert("products", lines("A", "B"))

    assert [type(outcome) for outcome in outcomes] == [Unanswered, Unanswered]
    assert isinstance(outcomes[0], Unanswered)
    cause = outcomes[0].cause
    assert cause.what == (
        "the PIM gives no useful answer, and the run may wait for 100 s in all;"
        " the last answer: HTTP 503"
    )
    assert cause.where == "PATCH /api/rest/v1/products"
    assert "send.give_up_after_s" in cause.fix
    assert time.slept == [1, 2, 4, 8, 16, 32]


def test_the_time_is_that_of_all_calls_together(server: FakePim) -> None:
    time = _Time()
    pim = _pim(server, time, give_up_after_s=10)
    ended: list[str] = []

    for number in range(5):
        server.faults.extend([UNAVAILABLE, UNAVAILABLE])
        (outcome,) = pim.upsert("products", lines(f"p{number}"))
        ended.append(type(outcome).__name__)

    assert ended == [*["Accepted"] * 3, "Unanswered", "Unanswered"]
    assert sum(time.slept) <= 10


def test_a_wait_that_the_server_asks_for_is_not_begun_when_it_is_too_long(
    server: FakePim,
) -> None:
    time = _Time()
    server.faults.append(Fault(status=429, headers={"Retry-After": "120"}))
    pim = _pim(server, time, give_up_after_s=100)

    (outcome,) = pim.upsert("products", lines("A"))

    assert isinstance(outcome, Unanswered)
    assert time.slept == []


def test_a_useful_answer_after_some_waiting_is_taken(server: FakePim) -> None:
    time = _Time()
    server.faults.extend([UNAVAILABLE] * 3)
    pim = _pim(server, time, give_up_after_s=7)

    assert pim.upsert("products", lines("A")) == [Accepted(created=True)]
    assert time.slept == [1, 2, 4]


@given(
    st.lists(st.sampled_from([0, 200, 408, 429, 503]), max_size=60),
    st.integers(1, 400),
    st.floats(0, 30),
)
def test_a_run_never_waits_longer_than_it_may(
    statuses: list[int], give_up_after_s: int, answer_s: float
) -> None:
    time = _Time()
    pace = _pace(time, give_up_after_s)
    left = list(statuses)
    lost = 0.0

    def send() -> Reply:
        nonlocal lost
        status = left.pop() if left else 503
        with pace.turn("GET /"):
            time.now += answer_s
            lost += 0 if status == 200 else answer_s
            return Reply(status, b"{}", retry_after=50 if status == 429 else None)

    def ask_on() -> None:
        while True:
            tries = Tries("GET /", attempts=20, pace=pace, jitter=lambda: 0.5)
            ask(send, tries, read=lambda body: body)

    with pytest.raises(PimError):
        ask_on()

    assert sum(time.slept) + lost <= give_up_after_s + answer_s + 0.001
