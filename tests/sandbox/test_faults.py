import json
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from erp2pim.sandbox import Sandbox, serve
from tests.sandbox.visitor import COLLECTION, GRANT, Visitor

IDENTIFIERS = tuple(f"p{n}" for n in range(9))


def send(visitor: Visitor, identifiers: Iterable[str] = IDENTIFIERS) -> requests.Response:
    body = "\n".join(json.dumps({"identifier": one}) for one in identifiers)
    return visitor.send("PATCH", "products", body.encode(), {"Content-Type": COLLECTION})


def lines(answer: requests.Response) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.text.split("\n")]


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("408", (408, "text/html", None)),
        ("429", (429, "application/json", "1")),
        ("429-bare", (429, "text/html", None)),
        ("500", (500, "application/json", None)),
        ("500-html", (500, "text/html", None)),
        ("502", (502, "text/html", None)),
        ("503", (503, "text/html", None)),
        ("504", (504, "text/html", None)),
        ("403-size", (403, "text/html", None)),
        ("413-size", (413, "text/html", None)),
    ],
)
def test_an_answer_in_place_of_the_pims_leaves_everything_undone(
    pim: Sandbox, visitor: Visitor, name: str, head: tuple[int, str, str | None]
) -> None:
    visitor.log_in()
    pim.queue.append(name)
    answer = send(visitor)
    told = answer.headers["Content-Type"], answer.headers.get("Retry-After")
    assert (answer.status_code, *told) == head
    assert str(answer.status_code) in answer.text
    assert pim.products == {}
    assert (pim.queue, send(visitor).status_code) == ([], 200)


def test_the_pace_can_be_asked_for_by_a_date(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.queue.append("429-date")
    answer = send(visitor)
    moment = parsedate_to_datetime(answer.headers["Retry-After"])
    assert abs((moment - datetime.now(UTC)).total_seconds()) < 5


def test_the_clock_of_the_pim_can_be_an_hour_ahead(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.queue.append("429-clock")
    headers = send(visitor).headers
    theirs, asked = (parsedate_to_datetime(headers[name]) for name in ("Date", "Retry-After"))
    assert (asked - theirs).total_seconds() == 1
    assert abs((theirs - datetime.now(UTC)).total_seconds() - 3600) < 5


@pytest.mark.parametrize(("name", "done"), [("cut-before", 0), ("cut-after", 9)])
def test_the_connection_is_cut_without_an_answer(
    pim: Sandbox, visitor: Visitor, name: str, done: int
) -> None:
    visitor.log_in()
    pim.queue.append(name)
    with pytest.raises(requests.ConnectionError):
        send(visitor)
    assert len(pim.products) == done


def test_the_answer_is_cut_in_the_middle_when_all_is_done(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.queue.append("cut-middle")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        send(visitor)
    assert len(pim.products) == 9


@pytest.mark.parametrize(
    ("name", "content"), [("garbage", b"<!doctype html>\0\xff{"), ("empty", b"")]
)
def test_the_answer_says_nothing_of_what_was_done(
    pim: Sandbox, visitor: Visitor, name: str, content: bytes
) -> None:
    visitor.log_in()
    pim.queue.append(name)
    answer = send(visitor)
    assert answer.status_code == 200
    assert answer.content[: len(content) or None] == content
    assert len(pim.products) == 9


def test_a_slow_answer_comes_in_pieces(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.queue.append("slow")
    answer = send(visitor)
    assert answer.elapsed.total_seconds() < 0.5  # until the head
    assert [one["identifier"] for one in lines(answer)] == list(IDENTIFIERS)


def test_lines_are_missing_from_the_answer(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.queue.append("missing-lines")
    answered = [one["identifier"] for one in lines(send(visitor))]
    assert answered == [one for one in IDENTIFIERS if one in answered]
    assert len(answered) < 9 == len(pim.products)


def test_a_line_of_the_answer_comes_twice(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.queue.append("double-lines")
    answered = [one["identifier"] for one in lines(send(visitor))]
    assert (len(answered), set(answered)) == (10, set(IDENTIFIERS))


def test_the_lines_of_the_answer_are_in_another_order(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.queue.append("shuffle-lines")
    answered = [one["identifier"] for one in lines(send(visitor))]
    assert answered != list(IDENTIFIERS)
    assert sorted(answered) == sorted(IDENTIFIERS)


def test_the_lines_of_the_answer_have_no_identifier(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.queue.append("no-identifier")
    assert lines(send(visitor)) == [{"line": n, "status_code": 201} for n in range(1, 10)]


def test_a_line_of_the_answer_has_a_status_that_does_not_exist(
    pim: Sandbox, visitor: Visitor
) -> None:
    visitor.log_in()
    pim.queue.append("odd-status")
    assert sorted(one["status_code"] for one in lines(send(visitor))) == [201] * 8 + [999]
    assert len(pim.products) == 9


def test_one_line_of_a_batch_fails_and_is_not_done(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.queue.append("line-500")
    failed = [one["identifier"] for one in lines(send(visitor)) if one["status_code"] == 500]
    assert set(pim.products) == set(IDENTIFIERS) - set(failed)
    assert len(failed) == 1


@pytest.mark.parametrize(
    ("name", "message", "refreshed"),
    [
        ("expired-token", "The access token provided has expired.", 200),
        ("revoked-token", "The access token provided is invalid.", 422),
    ],
)
def test_tokens_end_in_the_middle_of_the_work(
    pim: Sandbox, visitor: Visitor, name: str, message: str, refreshed: int
) -> None:
    visitor.log_in()
    pim.queue.append(name)
    answer = send(visitor)
    assert (answer.status_code, answer.json()["message"]) == (401, message)
    assert pim.products == {}
    refresh = {"grant_type": "refresh_token", "refresh_token": visitor.tokens["refresh_token"]}
    assert visitor.grant(**refresh).status_code == refreshed


def test_a_refresh_is_refused_but_not_a_grant(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.queue += ["refused-refresh", "refused-refresh"]
    assert visitor.get("channels")
    refresh = {"grant_type": "refresh_token", "refresh_token": visitor.tokens["refresh_token"]}
    assert visitor.grant(**refresh).status_code == 422
    assert visitor.grant().status_code == 200
    assert pim.queue == []


def test_the_token_endpoint_is_hit_only_by_name(pim: Sandbox, visitor: Visitor) -> None:
    pim.queue += ["503", "token:502", "token:cut-after", "token:garbage"]
    assert visitor.grant().status_code == 502
    with pytest.raises(requests.ConnectionError):
        visitor.grant()
    assert visitor.grant().text.startswith("<!doctype")
    visitor.log_in()
    assert pim.queue == ["503"]
    assert send(visitor).status_code == 503


def test_what_is_new_is_not_in_the_lists_at_once(pim: Sandbox, visitor: Visitor) -> None:
    send(visitor)
    pim.queue.append("read-lag")
    assert visitor.get("products/p1")["identifier"] == "p1"
    assert visitor.codes("products") == []
    assert visitor.codes("products") == list(IDENTIFIERS)


def test_faults_of_batches_leave_other_requests_alone(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.queue += ["missing-lines", "429"]
    assert visitor.send("GET", "channels").status_code == 429
    assert visitor.send("GET", "channels").status_code == 200
    assert pim.queue == ["missing-lines"]
    assert len(lines(send(visitor))) < 9


def statuses(seed: int) -> list[int]:
    with serve(faults={"503": 0.3, "429": 0.3}, seed=seed) as pim:
        visitor = Visitor(pim)
        visitor.log_in()
        return [visitor.send("GET", "channels").status_code for _ in range(40)]


def test_chance_is_drawn_from_the_seed() -> None:
    first = statuses(1)
    assert set(first) == {200, 429, 503}
    assert first == statuses(1)
    assert first != statuses(2)


def test_queued_faults_come_before_those_by_chance() -> None:
    with serve(faults={"503": 1.0}) as pim:
        visitor = Visitor(pim)
        visitor.log_in()
        pim.queue.append("429")
        answers = [visitor.send("GET", "channels").status_code for _ in range(2)]
    assert answers == [429, 503]


def test_a_fault_that_is_not_known_is_refused_with_the_known_ones() -> None:
    with (
        pytest.raises(
            ValueError, match=r"no such fault: 418; did you mean 408\? known are"
        ) as caught,
        serve(faults={"418": 0.1}),
    ):
        pass
    known = str(caught.value).partition("known are ")[2].split(", ")
    assert {"cut-middle", "refused-refresh", "slow"} <= set(known)
    with serve(faults={f"token:{name}": 0.0 for name in known} | dict.fromkeys(known, 0.0)):
        pass


def test_the_token_endpoint_is_not_hit_by_chance() -> None:
    with serve(faults={"503": 1.0}) as pim:
        answers = {
            requests.post(f"{pim.url}/api/oauth/v1/token", json=GRANT, timeout=10).status_code
            for _ in range(5)
        }
    assert answers == {422}
