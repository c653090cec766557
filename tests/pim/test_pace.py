import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.errors import PimError
from erp2pim.pim.pace import MOST_AT_ONCE, OPTION_GAP_S, STEADY_ANSWERS, Pace, pause, retry_after
from erp2pim.pim.reply import Reply
from erp2pim.pim.retry import Tries

NOW = datetime(2026, 11, 24, 6, 0, 0, tzinfo=UTC)


class _Time:
    """A clock that stands still but for the sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> _Time:
    return _Time()


@pytest.fixture
def pace(time: _Time) -> Pace:
    return Pace(stop=threading.Event(), clock=lambda: time.now, sleep=time.sleep)


def _lets(pace: Pace, expected: int) -> bool:
    """Tell whether of six calls so many get a turn, and not one more, while none ends."""
    begun = threading.Semaphore(0)
    end = threading.Event()

    def call() -> None:
        with pace.turn("GET /"):
            begun.release()
            end.wait(10)

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    enough = all(begun.acquire(timeout=5) for _ in range(expected))
    more = begun.acquire(timeout=0.15)
    end.set()
    for thread in threads:
        thread.join()
    return enough and not more


def test_waits_double_from_one_second_to_sixty() -> None:
    assert [pause(n, None, jitter=1.0) for n in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert pause(10_000, None, jitter=1.0) == 60


@given(st.integers(1, 50), st.floats(0, 1))
def test_jitter_stays_in_the_upper_half(attempt: int, jitter: float) -> None:
    whole = pause(attempt, None, jitter=1.0)

    assert whole / 2 <= pause(attempt, None, jitter=jitter) <= whole


def test_what_the_server_asks_for_wins() -> None:
    assert pause(5, 3.0, jitter=0.5) == 3.0


@pytest.mark.parametrize("asked", [None, 0.0])
def test_a_server_that_asks_for_no_wait_is_given_time_all_the_same(asked: float | None) -> None:
    assert pause(5, asked, jitter=1.0) == 16


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("300", 300.0),
        ("301", 300.0),
        ("9" * 5000, 300.0),
        ("Tue, 24 Nov 2026 06:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 05:00:00 GMT", 0.0),
        ("Wed, 25 Nov 2026 06:00:00 GMT", 300.0),
        ("Tue, 24 Nov 2026 06:00:30 -0000", 30.0),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("Mon, 99999999999999999999 Dec 9999 23:59:59 -2359", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_of_at_most_five_minutes(
    value: str | None, seconds: float | None
) -> None:
    assert retry_after(value, now=NOW) == seconds


@given(st.text() | st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ [+-]?\d+"))
def test_no_retry_after_breaks_the_reader(value: str) -> None:
    seconds = retry_after(value, now=NOW)

    assert seconds is None or 0 <= seconds <= 300


def test_a_pause_holds_the_next_call_and_only_once(pace: Pace, time: _Time) -> None:
    pace.hold(7)

    with pace.turn("GET /"):
        pass
    with pace.turn("GET /"):
        pass

    assert time.slept == [7]


@pytest.mark.parametrize(
    ("reply", "alone", "together"),
    [
        (Reply(503), [1.0], []),
        (Reply(0), [1.0], []),
        (Reply(503, retry_after=7.0), [], [7.0]),
        (Reply(429), [], [1.0]),
    ],
    ids=["fails", "no answer", "asks for a wait", "asks for fewer calls"],
)
def test_all_wait_where_the_server_asks_for_it_and_else_the_one_that_failed(
    pace: Pace, time: _Time, reply: Reply, alone: list[float], together: list[float]
) -> None:
    tries = Tries("GET /", attempts=5, pace=pace, jitter=lambda: 1.0)

    tries.again(reply)
    slept = list(time.slept)
    with pace.turn("GET /another"):
        pass

    assert (slept, time.slept[len(slept) :]) == (alone, together)


def test_the_longer_of_two_pauses_holds(pace: Pace, time: _Time) -> None:
    pace.hold(7)
    pace.hold(3)

    with pace.turn("GET /"):
        assert time.now == 7


def test_a_pause_made_longer_while_it_is_waited_for_is_waited_for_too() -> None:
    time = _Time()

    def sleep(seconds: float) -> None:
        if not time.slept:
            held.hold(10)
        time.sleep(seconds)

    held = Pace(stop=threading.Event(), clock=lambda: time.now, sleep=sleep)
    held.hold(7)

    with held.turn("GET /"):
        pass

    assert time.slept == [7, 3]


def test_a_pause_that_passed_holds_nobody(pace: Pace, time: _Time) -> None:
    pace.hold(7)
    time.now = 8

    with pace.turn("GET /"):
        pass

    assert time.slept == []


def test_at_most_four_calls_are_made_at_once(pace: Pace) -> None:
    assert _lets(pace, 4)


def test_slowing_down_halves_the_calls_at_once_down_to_one(pace: Pace) -> None:
    pace.slow_down()
    assert _lets(pace, 2)

    for _ in range(5):
        pace.slow_down()
    assert _lets(pace, 1)


def test_steady_answers_raise_the_pace_again_and_never_above_four(pace: Pace) -> None:
    pace.slow_down()

    for _ in range(STEADY_ANSWERS - 1):
        pace.steady()
    assert _lets(pace, 2)

    pace.steady()
    assert _lets(pace, 3)

    for _ in range(10 * STEADY_ANSWERS):
        pace.steady()
    assert _lets(pace, MOST_AT_ONCE)


def test_calls_for_options_begin_at_most_three_times_a_second(pace: Pace, time: _Time) -> None:
    for seconds in (0, 0, 0.25, 5, 0):
        time.now += seconds
        pace.space_out("GET /")

    assert time.slept == pytest.approx([1 / 3, 1 / 3 - 0.25, 1 / 3])


def test_the_pace_of_options_costs_the_run_no_patience(time: _Time) -> None:
    pace = Pace(
        stop=threading.Event(), clock=lambda: time.now, sleep=time.sleep, give_up_after_s=0.1
    )

    for _ in range(10):
        pace.space_out("GET /")

    assert time.now == pytest.approx(9 * OPTION_GAP_S)
    assert pace.patience.outlasts(0.1)


def test_a_run_that_was_stopped_does_not_wait_for_options(time: _Time) -> None:
    stop = threading.Event()
    pace = Pace(stop=stop, clock=lambda: time.now, sleep=lambda _: stop.set())
    pace.space_out("GET /")

    with pytest.raises(PimError, match="was stopped"):
        pace.space_out("GET /")


def test_a_stopped_run_gives_no_turn() -> None:
    stop = threading.Event()
    stop.set()
    pace = Pace(stop=stop, clock=lambda: 0, sleep=lambda _: None)

    with pytest.raises(PimError, match="the run was stopped") as raised, pace.turn("GET /x"):
        pass

    assert raised.value.where == "GET /x"


def test_stopping_ends_the_wait_of_all_who_stand_in_line() -> None:
    stop = threading.Event()
    pace = Pace(stop=stop, clock=lambda: 0, sleep=lambda _: None)
    for _ in range(3):
        pace.slow_down()
    refused: list[PimError] = []

    def call() -> None:
        try:
            with pace.turn("GET /"):
                pass
        except PimError as error:
            refused.append(error)

    with pace.turn("GET /"):
        thread = threading.Thread(target=call)
        thread.start()
        stop.set()
        thread.join(5)

    assert len(refused) == 1
