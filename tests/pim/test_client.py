import socket
import threading
import time

import pytest

from erp2pim import __version__
from erp2pim.errors import AuthError, PimError
from erp2pim.pim import Pim, transport
from erp2pim.pim.pace import MOST_AT_ONCE
from tests.pim.clients import connect, lines, numbered
from tests.support.fakepim import CREDENTIALS, FakePim, Fault

CHANNELS = "/api/rest/v1/channels"


@pytest.fixture(autouse=True)
def _channels(server: FakePim) -> None:
    server.resources[CHANNELS] = {"code": "shop"}


def test_a_resource_is_read_as_json(server: FakePim) -> None:
    pim = connect(server)

    assert pim.get(CHANNELS, {"limit": "100", "search": '{"code":["é&"]}'}) == {"code": "shop"}

    request = server.requests[-1]
    assert request.query == {"limit": "100", "search": '{"code":["é&"]}'}
    assert request.headers["User-Agent"] == f"erp2pim/{__version__}"
    assert request.headers["Accept"] == "*/*"
    assert (pim.requests, pim.patch_requests) == (2, 0)


def test_a_resource_that_may_be_missing_is_none_when_it_is(server: FakePim) -> None:
    pim = connect(server)

    assert pim.find(CHANNELS) == {"code": "shop"}
    assert pim.find("/api/rest/v1/families/nope") is None


def test_a_missing_right_is_not_a_missing_resource(server: FakePim) -> None:
    server.faults.append(Fault(status=403))

    with pytest.raises(PimError, match="HTTP 403") as raised:
        connect(server).find(CHANNELS)

    assert raised.value.where == f"GET {CHANNELS}"


def test_a_path_in_the_pims_address_is_kept(server: FakePim) -> None:
    server.resources["/pim" + CHANNELS] = [1]
    server.token_faults.append(Fault(status=200, body=b'{"access_token":"access-x"}'))
    server.tokens.add("access-x")
    pim = Pim(server.url + "/pim/", CREDENTIALS, stop=threading.Event())

    assert pim.get(CHANNELS) == [1]

    assert server.requests[0].path == "/pim/api/oauth/v1/token"


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=408),
        Fault(status=429),
        Fault(status=500),
        Fault(status=502, body=b"<html>Bad Gateway</html>"),
        Fault(status=503),
        Fault(status=504),
        Fault(status=599),
        Fault(hangs_up=True),
        Fault(cut_at=0),
        Fault(cut_at=5),
        Fault(status=200, body=b""),
        Fault(status=200, body=b"<html>welcome</html>"),
        Fault(status=200, body=b'{"cut":', headers={"Content-Encoding": "gzip"}),
        Fault(raw=b"garbage\r\n\r\n"),
        Fault(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        Fault(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}"),
        Fault(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{"),
        Fault(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n{}{}{}"),
    ],
    ids=repr,
)
def test_what_may_pass_is_tried_again(server: FakePim, fault: Fault) -> None:
    server.keeps_connections = False
    server.faults.append(fault)
    slept: list[float] = []
    pim = connect(server, slept=slept)

    assert pim.get(CHANNELS) == {"code": "shop"}

    assert slept == [1]
    assert pim.requests == 3


@pytest.mark.parametrize(
    ("fault", "last"),
    [
        (Fault(status=503), "HTTP 503"),
        (Fault(status=429), "HTTP 429"),
        (Fault(hangs_up=True), "the connection was cut"),
        (Fault(status=200, body=b"{"), "HTTP 200, body unreadable"),
        (Fault(raw=b"SSH-2.0-x\r\n"), "an answer that is not HTTP"),
        (Fault(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n"), "was cut"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_does_not_pass_is_given_up_and_named(server: FakePim, fault: Fault, last: str) -> None:
    server.keeps_connections = False
    server.rule = lambda _: fault
    slept: list[float] = []
    pim = connect(server, slept=slept)

    with pytest.raises(PimError, match=rf"in 6 tries; the last one: .*{last}") as raised:
        pim.get(CHANNELS)

    assert raised.value.where == f"GET {CHANNELS}"
    assert slept == [1, 2, 4, 8, 16]
    assert pim.requests == 7


def test_one_attempt_is_one_request(server: FakePim) -> None:
    server.rule = lambda _: Fault(status=503)
    slept: list[float] = []

    with pytest.raises(PimError, match="in 1 try;"):
        connect(server, slept=slept, attempts=1).get(CHANNELS)

    assert slept == []


@pytest.mark.parametrize(
    ("status", "fix"),
    [
        (400, "no proxy"),
        (403, "role"),
        (404, "pim.url"),
        (405, ""),
        (406, ""),
        (409, ""),
        (413, ""),
        (415, ""),
        (422, ""),
        (201, ""),
        (204, ""),
        (300, ""),
        (304, ""),
        (600, ""),
        (999, ""),
    ],
)
def test_any_other_answer_is_told_at_once(server: FakePim, status: int, fix: str) -> None:
    body = b"" if status in {204, 304} else b'{"code":0,"message":"so\\nit is"}'
    server.faults.append(Fault(status=status, body=body))
    pim = connect(server)

    with pytest.raises(PimError, match=f"HTTP {status}") as raised:
        pim.get(CHANNELS)

    assert not isinstance(raised.value, AuthError)
    assert (', "so it is"' in raised.value.what) == bool(body)
    assert raised.value.where == f"GET {CHANNELS}"
    assert fix in raised.value.fix
    assert pim.requests == 2


def test_a_body_that_is_not_the_pims_is_never_quoted(server: FakePim) -> None:
    server.faults.append(Fault(status=400, body=b"<h1>nginx</h1>"))

    with pytest.raises(PimError) as raised:
        connect(server).get(CHANNELS)

    assert raised.value.what == "the PIM refused the request: HTTP 400"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_never_followed(server: FakePim, status: int) -> None:
    there = server.url.replace("//", "//me:pa55@") + CHANNELS + "?access_token=x#y"
    server.faults.append(Fault(status=status, headers={"Location": there}))
    pim = connect(server)

    with pytest.raises(PimError) as raised:
        pim.get(CHANNELS)

    assert raised.value.what == (f"the PIM redirects (HTTP {status}) to {server.url}{CHANNELS}")
    assert "pim.url" in raised.value.fix
    assert pim.requests == 2


@pytest.mark.parametrize(
    ("location", "told"),
    [("/login?x=1", "to /login"), ("http://[::1", "an address that cannot be read")],
)
def test_odd_redirects_are_told_too(server: FakePim, location: str, told: str) -> None:
    server.faults.append(Fault(status=302, headers={"Location": location}))

    with pytest.raises(PimError, match=told):
        connect(server).get(CHANNELS)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(server: FakePim, status: int) -> None:
    server.faults.append(Fault(status=status, headers={"Retry-After": "7"}))
    slept: list[float] = []

    connect(server, slept=slept).get(CHANNELS)

    assert slept == [7]


def test_a_retry_after_date_is_counted_from_the_servers_clock(server: FakePim) -> None:
    date, later = "Tue, 24 Nov 2020 06:00:00 GMT", "Tue, 24 Nov 2020 06:00:09 GMT"
    head = f"HTTP/1.1 429 Too Many\r\nDate: {date}\r\nRetry-After: {later}\r\n"
    server.faults.append(Fault(raw=f"{head}Content-Length: 0\r\n\r\n".encode()))
    slept: list[float] = []

    connect(server, slept=slept).get(CHANNELS)

    assert slept == [9]


def test_a_429_holds_all_workers(server: FakePim) -> None:
    now = [0.0]
    held = threading.Event()
    go_on = threading.Event()

    def sleep(seconds: float) -> None:
        held.set()
        go_on.wait(5)
        now[0] += seconds

    server.faults.append(Fault(status=429, headers={"Retry-After": "7"}))
    pim = Pim(server.url, CREDENTIALS, stop=threading.Event(), clock=lambda: now[0], sleep=sleep)
    workers = [threading.Thread(target=pim.get, args=(CHANNELS,)) for _ in range(2)]

    workers[0].start()
    held.wait(5)
    workers[1].start()
    time.sleep(0.1)
    made_while_held = len(server.requests)
    go_on.set()
    for worker in workers:
        worker.join()

    assert made_while_held == 2
    assert len(server.requests) == 4


def _serves_at_once(server: FakePim, pim: Pim, expected: int) -> bool:
    """Tell whether of eight calls so many are served together, and not one more."""
    answer = threading.Event()
    server.rule = lambda _: Fault(until=answer)
    threads = [threading.Thread(target=pim.get, args=(CHANNELS,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 5
    while server.serving < expected and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    served = server.serving
    answer.set()
    for thread in threads:
        thread.join()
    return served == expected


def test_after_a_429_fewer_calls_are_made_at_once_and_later_four_again(server: FakePim) -> None:
    pim = connect(server, timeout_s=30)
    pim.get(CHANNELS)
    assert _serves_at_once(server, pim, MOST_AT_ONCE)

    server.faults.append(Fault(status=429))
    pim.get(CHANNELS)
    assert _serves_at_once(server, pim, MOST_AT_ONCE // 2)

    server.rule = lambda _: None
    for _ in range(60):
        pim.get(CHANNELS)
    assert _serves_at_once(server, pim, MOST_AT_ONCE)


def test_an_idle_connection_that_was_dropped_is_no_fault(server: FakePim) -> None:
    slept: list[float] = []
    pim = connect(server, slept=slept, attempts=1)
    pim.get(CHANNELS)
    server.faults.append(Fault(hangs_up=True))

    pim.get(CHANNELS)

    assert slept == []
    assert pim.requests == 4


def test_a_connection_is_opened_again_at_no_cost_only_once(server: FakePim) -> None:
    pim = connect(server, attempts=1)
    pim.get(CHANNELS)
    server.faults.extend([Fault(hangs_up=True)] * 2)

    with pytest.raises(PimError, match="the connection was cut"):
        pim.get(CHANNELS)

    assert pim.requests == 4


def test_a_new_connection_that_is_dropped_is_a_fault(server: FakePim) -> None:
    server.keeps_connections = False
    pim = connect(server, attempts=1)
    pim.get(CHANNELS)
    server.faults.append(Fault(hangs_up=True))

    with pytest.raises(PimError, match="the connection was cut"):
        pim.get(CHANNELS)

    assert pim.requests == 3


def test_a_server_that_is_silent_is_given_up(server: FakePim) -> None:
    server.rule = lambda _: Fault(delay_s=0.5)
    pim = connect(server, timeout_s=0.1, attempts=2)

    with pytest.raises(PimError, match="no answer in time"):
        pim.get(CHANNELS)


def test_an_answer_that_trickles_is_cut_after_ten_time_outs(server: FakePim) -> None:
    server.rule = lambda _: Fault(status=200, body=b" " * 600, pause_s=0.003)
    pim = connect(server, timeout_s=0.05, attempts=1, clock=time.monotonic)

    with pytest.raises(PimError, match="an answer that does not end"):
        pim.get(CHANNELS)


def test_an_answer_without_end_is_cut(server: FakePim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_MOST_BYTES", 1000)
    server.rule = lambda _: Fault(status=200, body=b" " * 5000)

    with pytest.raises(PimError, match="more than 1000 bytes"):
        connect(server, attempts=1).get(CHANNELS)


def test_a_pim_that_is_not_there_is_named(server: FakePim) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server.url = f"http://127.0.0.1:{free.getsockname()[1]}"

        with pytest.raises(PimError, match="the connection was refused") as raised:
            connect(server).get(CHANNELS)

    assert raised.value.where == "POST /api/oauth/v1/token"


@pytest.mark.parametrize("url", ["pim.example", "ftp://127.0.0.1", "http://", "http://*:1"])
def test_an_address_that_is_none_is_told_at_once(server: FakePim, url: str) -> None:
    server.url = url
    slept: list[float] = []

    with pytest.raises(PimError, match="no request can be sent") as raised:
        connect(server, slept=slept).get(CHANNELS)

    assert "pim.url" in raised.value.fix
    assert slept == []


def test_a_plain_server_spoken_to_in_tls_is_tried_again(server: FakePim) -> None:
    server.url = server.url.replace("http:", "https:")

    with pytest.raises(PimError, match="no secure connection"):
        connect(server, attempts=2).get(CHANNELS)


def test_counters_are_exact_under_threads(server: FakePim) -> None:
    pim = connect(server)

    def work(name: int) -> None:
        for number in range(20):
            pim.get(CHANNELS)
            pim.upsert("products", lines(f"{name}-{number}"))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert pim.requests == len(server.requests) == 161
    assert pim.patch_requests == len(server.batches) == 80
    assert len(server.products) == 80
    assert server.grants == ["password"]


def test_once_stopped_no_request_is_made(server: FakePim) -> None:
    stop = threading.Event()
    pim = connect(server, stop=stop)
    stop.set()

    with pytest.raises(PimError, match="the run was stopped"):
        pim.get(CHANNELS)

    assert pim.requests == 0


def test_stopping_ends_a_wait_at_once(server: FakePim) -> None:
    stop = threading.Event()
    server.rule = lambda _: Fault(status=429, headers={"Retry-After": "250"})
    pim = Pim(server.url, CREDENTIALS, stop=stop)
    threading.Timer(0.2, stop.set).start()
    began = time.monotonic()

    with pytest.raises(PimError, match="the run was stopped"):
        pim.get(CHANNELS)

    assert time.monotonic() - began < 5


def test_a_batch_in_flight_is_finished_when_the_run_is_stopped(server: FakePim) -> None:
    stop = threading.Event()
    pim = connect(server, stop=stop)
    pim.get(CHANNELS)

    def stop_it(_: object) -> Fault:
        stop.set()
        return Fault(lines=lambda answers: answers[:2])

    server.rule = stop_it

    outcomes = pim.upsert("products", numbered(3))

    assert [type(each).__name__ for each in outcomes] == ["Accepted", "Accepted", "Unanswered"]
    assert len(server.batches) == 1
