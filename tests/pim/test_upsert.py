import json
import threading
from collections.abc import Callable, Mapping

import pytest

from erp2pim.errors import PimError
from erp2pim.model import Accepted, Outcome, Refused, Unanswered
from erp2pim.pim import line
from tests.pim.clients import connect, lines, numbered
from tests.support.fakepim import LINES, FakePim, Fault, Request

CREATED, UPDATED = Accepted(created=True), Accepted(created=False)
PATH = "PATCH /api/rest/v1/products"
FORBIDDEN = b'{"code":403,"message":"Access forbidden. You are not allowed to create products."}'


def _cause(outcome: Outcome) -> PimError:
    assert isinstance(outcome, Unanswered)
    return outcome.cause


def _sequence(
    *answers: Mapping[str, object] | None, of: str
) -> Callable[[str], Mapping[str, object] | None]:
    """Answer one line with each of these in turn, the last of them for ever."""
    left = list(answers)

    def judge(identifier: str) -> Mapping[str, object] | None:
        if identifier != of:
            return None
        return left.pop(0) if len(left) > 1 else left[0]

    return judge


def _killers(*identifiers: str, fault: Fault | None = None) -> Callable[[Request], Fault | None]:
    """Let any batch with one of these lines fail as a whole."""
    aborted = fault or Fault(status=500, body=b'{"code":500,"message":"Internal Server Error"}')
    return lambda each: aborted if set(identifiers) & set(each.identifiers) else None


def test_a_batch_goes_out_as_lines_and_every_line_has_its_outcome(server: FakePim) -> None:
    server.products["B"] = {}
    server.refuse("C")
    pim = connect(server)

    outcomes = pim.upsert("products", lines("A", "B", "C"))

    assert outcomes == [
        CREATED,
        UPDATED,
        Refused(422, "Validation failed. weight: is out of range", "weight"),
    ]
    sent = server.requests[-1]
    assert (sent.method, sent.path) == ("PATCH", "/api/rest/v1/products")
    assert sent.headers["Content-Type"] == LINES
    assert sent.body == (
        b'{"identifier":"A","enabled":true}\n'
        b'{"identifier":"B","enabled":true}\n'
        b'{"identifier":"C","enabled":true}'
    )
    assert server.products["A"] == {"identifier": "A", "enabled": True}
    assert (pim.requests, pim.patch_requests) == (2, 1)


def test_models_go_to_their_own_resource(server: FakePim) -> None:
    made = [line("code", "M", {"family_variant": "by_color"})]

    assert connect(server).upsert("product-models", made) == [CREATED]

    assert server.requests[-1].path == "/api/rest/v1/product-models"


def test_options_go_to_their_attribute_at_most_three_requests_a_second(server: FakePim) -> None:
    slept: list[float] = []
    pim = connect(server, slept=slept)
    red = line("code", "red", {"labels": {"en_US": "Red"}})

    outcomes = [pim.upsert("attributes/color/options", [red]) for _ in range(3)]
    pim.upsert("products", lines("A"))

    assert outcomes == [[CREATED], [UPDATED], [UPDATED]]
    assert [each.path for each in server.requests if each.method == "PATCH"] == [
        *3 * ["/api/rest/v1/attributes/color/options"],
        "/api/rest/v1/products",
    ]
    assert slept == pytest.approx([1 / 3, 2 / 3])


def test_no_lines_make_no_request(server: FakePim) -> None:
    assert connect(server).upsert("products", []) == []
    assert server.requests == []


@pytest.mark.parametrize("chunked", [True, False])
def test_lines_come_back_in_any_order(server: FakePim, chunked: bool) -> None:  # noqa: FBT001
    server.chunked = chunked
    server.refuse("p0")
    server.faults.append(Fault(lines=lambda answers: answers[::-1]))

    outcomes = connect(server).upsert("products", numbered(3))

    assert [type(each) for each in outcomes] == [Refused, Accepted, Accepted]
    assert len(server.batches) == 1


def test_only_the_lines_without_an_answer_are_asked_again(server: FakePim) -> None:
    server.faults.append(Fault(lines=lambda answers: [answers[0], answers[3]]))
    slept: list[float] = []

    outcomes = connect(server, slept=slept).upsert("products", numbered(5))

    assert outcomes == [CREATED, UPDATED, UPDATED, CREATED, UPDATED]
    assert server.batches == [["p0", "p1", "p2", "p3", "p4"], ["p1", "p2", "p4"]]


@pytest.mark.parametrize("chunked", [True, False])
def test_the_complete_lines_of_a_cut_answer_count(
    server: FakePim,
    chunked: bool,  # noqa: FBT001  # pytest's parameters are given by name
) -> None:
    server.chunked = chunked
    server.faults.append(Fault(cut_at=130))

    outcomes = connect(server).upsert("products", numbered(5))

    assert len(outcomes) == 5
    assert all(isinstance(each, Accepted) for each in outcomes)
    first, second = server.batches
    assert 0 < len(second) < len(first)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=200, body=b""),
        Fault(status=200, body=b"<html>welcome</html>"),
        Fault(status=200, body=b'{"code":200,"message":"ok"}'),
        Fault(status=408),
        Fault(status=429),
        Fault(status=500),
        Fault(status=502, works=True),
        Fault(status=503),
        Fault(status=504, works=True),
        Fault(cut_at=10),
        Fault(cut_at=0),
        Fault(lines=lambda _: []),
        Fault(lines=lambda answers: [each.replace(b'"line": ', b'"line": 9') for each in answers]),
        Fault(lines=lambda answers: [each.replace(b"status_code", b"status") for each in answers]),
        Fault(raw=b"garbage"),
    ],
    ids=[
        "nothing",
        "a page",
        "a body for the whole batch",
        "too late",
        "too many requests",
        "an error",
        "a bad gateway after the work was done",
        "not at home",
        "too slow a gateway after the work was done",
        "cut within the first line",
        "cut at once",
        "no line",
        "numbers of other lines",
        "lines without a status",
        "garbage",
    ],
)
def test_a_try_without_any_answer_is_followed_by_the_same_again(
    server: FakePim, fault: Fault
) -> None:
    server.faults.append(fault)
    slept: list[float] = []

    outcomes = connect(server, slept=slept).upsert("products", numbered(3))

    assert all(isinstance(each, Accepted) for each in outcomes)
    assert server.batches == [["p0", "p1", "p2"]] * 2
    assert slept == [1]


@pytest.mark.parametrize("works", [True, False])
def test_a_connection_cut_before_or_after_the_work_loses_nothing(
    server: FakePim,
    works: bool,  # noqa: FBT001  # pytest's parameters are given by name
) -> None:
    server.keeps_connections = False
    server.faults.append(Fault(hangs_up=True, works=works))

    outcomes = connect(server).upsert("products", numbered(2))

    assert outcomes == [Accepted(created=not works)] * 2


def test_lines_without_identifiers_and_answered_twice_count_once(server: FakePim) -> None:
    def twice(answers: list[bytes]) -> list[bytes]:
        bare = [{k: v for k, v in json.loads(a).items() if k != "identifier"} for a in answers]
        return [json.dumps(each).encode() for each in bare for _ in range(2)]

    server.faults.append(Fault(lines=twice))

    assert connect(server).upsert("products", numbered(2)) == [CREATED] * 2
    assert len(server.batches) == 1


def test_a_line_with_two_different_answers_is_asked_again(server: FakePim) -> None:
    contradiction = b'{"line":2,"status_code":422,"message":"no"}'
    server.faults.append(Fault(lines=lambda answers: [*answers, contradiction]))

    assert connect(server).upsert("products", numbered(3)) == [CREATED, UPDATED, CREATED]
    assert server.batches[1:] == [["p1"]]


def test_progress_gives_all_tries_back(server: FakePim) -> None:
    down, one = Fault(status=503), Fault(lines=lambda answers: answers[:1])
    server.faults.extend([down, one, down, one, down])

    outcomes = connect(server, attempts=2).upsert("products", numbered(3))

    assert all(isinstance(each, Accepted) for each in outcomes)


def test_a_pim_that_stays_down_leaves_the_rest_unanswered_and_keeps_what_it_said(
    server: FakePim,
) -> None:
    server.faults.append(Fault(lines=lambda answers: answers[:2]))
    server.rule = lambda _: Fault(status=503)
    slept: list[float] = []

    outcomes = connect(server, slept=slept).upsert("products", numbered(4))

    assert outcomes[:2] == [CREATED, CREATED]
    cause = _cause(outcomes[2])
    assert outcomes[3] == Unanswered(cause)
    assert cause.where == PATH
    assert cause.what == "the PIM gave no usable answer in 6 tries; the last one: HTTP 503"
    assert slept == [1, 2, 4, 8, 16]


@pytest.mark.parametrize("status", [500, 502, 503, 599, 302, 999, 200, 399])
def test_a_line_that_fails_is_sent_again_alone(server: FakePim, status: int) -> None:
    server.judge = _sequence({"status_code": status, "message": "x"}, None, of="p1")
    slept: list[float] = []

    outcomes = connect(server, slept=slept).upsert("products", numbered(3))

    assert outcomes == [CREATED] * 3
    assert server.batches == [["p0", "p1", "p2"], ["p1"]]
    assert slept == [1]


def test_a_line_that_goes_on_failing_is_refused_with_its_status_and_words(server: FakePim) -> None:
    server.judge = _sequence({"status_code": 500, "message": "Internal Server Error"}, of="p1")
    slept: list[float] = []

    outcomes = connect(server, slept=slept).upsert("products", numbered(3))

    assert outcomes == [CREATED, Refused(500, "Internal Server Error", None), CREATED]
    assert server.batches == [["p0", "p1", "p2"]] + [["p1"]] * 5
    assert slept == [1, 2, 4, 8, 16]


def test_lines_that_fail_because_they_met_others_all_pass_alone(server: FakePim) -> None:
    seen: set[str] = set()

    def judge(identifier: str) -> Mapping[str, object] | None:
        met = identifier not in seen
        seen.add(identifier)
        return {"status_code": 500, "message": "Internal Server Error"} if met else None

    server.judge = judge
    pim = connect(server)

    assert pim.upsert("products", numbered(30)) == [CREATED] * 30

    assert pim.patch_requests == 31


def test_a_batch_whose_lines_all_go_on_failing_does_not_take_a_request_for_each_try(
    server: FakePim,
) -> None:
    server.judge = lambda _: {"status_code": 500, "message": "Internal Server Error"}
    pim = connect(server)

    outcomes = pim.upsert("products", numbered(100))

    assert outcomes == [Refused(500, "Internal Server Error", None)] * 100
    alone = [each for (each,) in server.batches[1:]]
    assert alone == [f"p{number}" for number in range(50)]


def test_lines_poisoned_by_a_neighbour_pass_alone(server: FakePim) -> None:
    poisoned = {"status_code": 422, "message": "Cannot set child as parent to node: 169"}
    bad = "p1"

    def spread(answers: list[bytes]) -> list[bytes]:
        return [answers[0]] + [
            json.dumps({"line": number, **poisoned}).encode() for number in (2, 3, 4)
        ]

    server.judge = lambda identifier: poisoned if identifier == bad else None
    server.faults.append(Fault(lines=spread))

    outcomes = connect(server).upsert("products", numbered(4))

    assert outcomes == [
        CREATED,
        Refused(422, "Cannot set child as parent to node: 169", None),
        UPDATED,
        UPDATED,
    ]
    assert server.batches[1:] == [["p1"], ["p2"], ["p3"]]


@pytest.mark.parametrize(
    "reason",
    [
        {"errors": [{"property": "family", "message": "no"}]},
        {"_links": {"documentation": {"href": "http://api.akeneo.com"}}},
    ],
    ids=["errors", "link"],
)
def test_lines_that_were_told_why_are_refused_at_once(
    server: FakePim, reason: Mapping[str, object]
) -> None:
    server.judge = lambda _: {"status_code": 422, "message": "same", **reason}

    outcomes = connect(server).upsert("products", numbered(3))

    assert all(isinstance(each, Refused) for each in outcomes)
    assert len(server.batches) == 1


def test_one_line_refused_without_a_reason_is_refused_at_once(server: FakePim) -> None:
    server.judge = lambda identifier: {"status_code": 400, "message": f"bad {identifier}"}

    outcomes = connect(server).upsert("products", numbered(2))

    assert outcomes == [Refused(400, "bad p0", None), Refused(400, "bad p1", None)]
    assert len(server.batches) == 1


def test_a_batch_with_too_many_lines_for_the_pim_is_halved(server: FakePim) -> None:
    slept: list[float] = []

    outcomes = connect(server, slept=slept).upsert("products", numbered(150))

    assert outcomes == [CREATED] * 150
    assert [len(each) for each in server.batches] == [150, 75, 75]
    assert slept == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(413, b"<h1>Request Entity Too Large</h1>"), (403, b"<h1>Forbidden</h1>"), (403, FORBIDDEN)],
    ids=["413", "403 of a firewall", "403 of the PIM"],
)
def test_a_batch_that_is_too_large_is_halved_until_it_passes(
    server: FakePim, status: int, body: bytes
) -> None:
    small = len(numbered(1)[0].data) * 3 + 2
    server.rule = lambda each: Fault(status=status, body=body) if len(each.body) > small else None

    outcomes = connect(server).upsert("products", numbered(10))

    assert outcomes == [CREATED] * 10
    assert [len(each) for each in server.batches] == [10, 5, 2, 3, 5, 2, 3]
    assert [each for batch in server.batches if len(batch) <= 3 for each in batch] == [
        f"p{number}" for number in range(10)
    ]


def test_a_batch_is_halved_as_often_as_it_takes(server: FakePim) -> None:
    server.rule = lambda each: Fault(status=403) if len(each.identifiers) > 1 else None

    outcomes = connect(server).upsert("products", numbered(100))

    assert outcomes == [CREATED] * 100


def test_a_line_that_is_too_large_alone_is_refused(server: FakePim) -> None:
    server.rule = _killers("p1", fault=Fault(status=413))

    outcomes = connect(server).upsert("products", numbered(3))

    assert outcomes == [CREATED, Refused(413, "the line is too large: HTTP 413", None), CREATED]


def test_a_lack_of_rights_stops_the_batch(server: FakePim) -> None:
    server.rule = lambda _: Fault(status=403, body=FORBIDDEN)
    pim = connect(server)

    outcomes = pim.upsert("products", numbered(100))

    cause = _cause(outcomes[0])
    assert outcomes == [Unanswered(cause)] * 100
    assert "Access forbidden. You are not allowed to create products." in cause.what
    assert "role" in cause.fix
    assert pim.patch_requests <= 8


def test_a_firewall_that_forbids_everything_stops_the_batch(server: FakePim) -> None:
    server.rule = lambda _: Fault(status=403, body=b"<h1>blocked</h1>")
    pim = connect(server)

    outcomes = pim.upsert("products", numbered(100))

    assert {_cause(each).what for each in outcomes} == {"the PIM refused the request: HTTP 403"}
    assert "firewall" in _cause(outcomes[0]).fix
    assert pim.patch_requests <= 25


def test_a_firewall_that_forbids_everything_after_a_while_stops_the_batch(server: FakePim) -> None:
    server.faults.append(Fault(lines=lambda answers: answers[:10]))
    server.rule = lambda _: Fault(status=403)
    pim = connect(server)

    outcomes = pim.upsert("products", numbered(100))

    assert outcomes[:10] == [CREATED] * 10
    assert all("HTTP 403" in _cause(each).what for each in outcomes[10:])
    assert pim.patch_requests <= 25


def test_a_firewall_that_forbids_one_line_stops_no_other(server: FakePim) -> None:
    server.rule = _killers("p1", fault=Fault(status=403))
    pim = connect(server)

    outcomes = pim.upsert("products", numbered(4))

    assert [outcomes[0], *outcomes[2:]] == [CREATED] * 3
    assert "firewall" in _cause(outcomes[1]).fix
    assert server.batches == [["p0", "p1", "p2", "p3"], ["p0", "p1"], ["p0"], ["p1"], ["p2", "p3"]]


@pytest.mark.parametrize(
    "fault",
    [None, Fault(status=200, body=b""), Fault(status=200, body=b"PHP Fatal error")],
    ids=["500", "empty", "garbage"],
)
def test_one_line_that_aborts_the_request_is_found(server: FakePim, fault: Fault | None) -> None:
    server.rule = _killers("p7", fault=fault)
    pim = connect(server)

    outcomes = pim.upsert("products", numbered(100))

    bad = outcomes.pop(7)
    assert outcomes == [CREATED] * 99
    assert isinstance(bad, Refused if fault is None else Unanswered)
    assert pim.patch_requests <= 30


def test_a_line_that_aborts_the_request_is_refused_with_the_pims_words(server: FakePim) -> None:
    server.rule = _killers("p1")

    outcomes = connect(server).upsert("products", numbered(2))

    message = 'the PIM fails on this line: HTTP 500, no line was answered, "Internal Server Error"'
    assert outcomes == [CREATED, Refused(500, message, None)]


def test_a_pim_that_fails_on_everything_after_a_part_of_a_batch_refuses_none_of_the_rest(
    server: FakePim,
) -> None:
    server.faults.append(Fault(lines=lambda answers: answers[:10]))
    server.rule = lambda _: Fault(
        status=500, body=b'{"code":500,"message":"Internal Server Error"}'
    )
    pim = connect(server)

    outcomes = pim.upsert("products", numbered(100))

    assert outcomes[:10] == [CREATED] * 10
    assert all("HTTP 500" in _cause(each).what for each in outcomes[10:])
    assert pim.patch_requests <= 100


def test_some_lines_that_abort_the_request_are_all_found(server: FakePim) -> None:
    bad = {3, 4, 50, 98, 99}
    server.rule = _killers(*(f"p{number}" for number in bad))

    outcomes = connect(server).upsert("products", numbered(100))

    assert {n for n, each in enumerate(outcomes) if isinstance(each, Refused)} == bad
    assert sum(isinstance(each, Accepted) for each in outcomes) == 95


@pytest.mark.parametrize("count", [1, 2, 3, 10, 100])
@pytest.mark.parametrize("body", [b"", b'{"code":500,"message":"Internal Server Error"}'])
def test_a_pim_that_fails_on_everything_is_given_up_soon(
    server: FakePim, count: int, body: bytes
) -> None:
    server.rule = lambda _: Fault(status=500, body=body)
    slept: list[float] = []
    pim = connect(server, slept=slept)

    outcomes = pim.upsert("products", numbered(count))

    assert all("HTTP 500" in _cause(each).what for each in outcomes)
    assert all(_cause(each).where == PATH for each in outcomes)
    assert pim.patch_requests <= min(6 * count, 22)
    assert sum(slept) <= 70


def test_a_pim_that_fails_for_a_while_is_waited_for(server: FakePim) -> None:
    server.faults.extend([Fault(status=500)] * 6)

    outcomes = connect(server).upsert("products", numbered(100))

    assert outcomes == [CREATED] * 100


@pytest.mark.parametrize("status", [400, 404, 406, 409, 415, 422, 202, 304])
def test_what_no_other_batch_would_change_stops_the_batch(server: FakePim, status: int) -> None:
    body = b"" if status == 304 else b'{"code":0,"message":"no"}'
    server.faults.append(Fault(status=status, body=body))
    pim = connect(server)

    outcomes = pim.upsert("products", numbered(3))

    assert f"HTTP {status}" in _cause(outcomes[0]).what
    assert outcomes == [outcomes[0]] * 3
    assert pim.patch_requests == 1


def test_a_redirect_stops_the_batch(server: FakePim) -> None:
    server.faults.append(Fault(status=301, headers={"Location": "https://other.example/x"}))

    outcomes = connect(server).upsert("products", numbered(2))

    assert "redirects (HTTP 301) to https://other.example/x" in _cause(outcomes[0]).what


def test_stopping_in_a_wait_leaves_the_rest_unanswered(server: FakePim) -> None:
    stop = threading.Event()
    server.faults.append(Fault(lines=lambda answers: answers[:1]))

    def down(_: Request) -> Fault:
        stop.set()
        return Fault(status=503)

    server.rule = down
    pim = connect(server, stop=stop)

    outcomes = pim.upsert("products", numbered(3))

    assert outcomes[0] == CREATED
    assert "the run was stopped" in _cause(outcomes[1]).what
    assert pim.patch_requests == 2
