import json
import threading

import pytest

from erp2pim.errors import AuthError, PimError
from erp2pim.model import Accepted, Unanswered
from erp2pim.pim import Credentials, Pim
from tests.pim.clients import connect, lines
from tests.support.fakepim import CREDENTIALS, TOKEN, FakePim, Fault

CHANNELS = "/api/rest/v1/channels"


class _Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _channels(server: FakePim) -> None:
    server.resources[CHANNELS] = {"code": "shop"}


def _pim(server: FakePim, credentials: Credentials) -> Pim:
    return Pim(server.url, credentials, stop=threading.Event(), sleep=lambda _: None)


def test_the_first_token_is_asked_for_when_it_is_needed(server: FakePim) -> None:
    pim = connect(server)
    assert server.requests == []

    pim.get(CHANNELS)

    token, get = server.requests
    assert token.headers["Content-Type"] == "application/json"
    assert token.body == (
        b'{"grant_type":"password","username":"erp_4321","password":"p4ssword-of-it"}'
    )
    assert get.headers["Authorization"] == "Bearer access-1"


def test_one_token_serves_all_calls(server: FakePim) -> None:
    pim = connect(server)

    for _ in range(3):
        pim.get(CHANNELS)

    assert server.grants == ["password"]
    assert pim.requests == 4


@pytest.mark.parametrize(
    ("life_s", "good_for_s"),
    [(3600, 3540), (600, 540), (300, 270), (10, 9), (None, 3540), ("600", 3540), (0, 3540)],
    ids=repr,
)
def test_a_token_is_renewed_before_its_end(
    server: FakePim, life_s: object, good_for_s: float
) -> None:
    server.life_s = life_s
    clock = _Clock()
    pim = connect(server, clock=clock)
    pim.get(CHANNELS)

    clock.now += good_for_s - 0.1
    pim.get(CHANNELS)
    assert server.grants == ["password"]

    clock.now += 0.1
    pim.get(CHANNELS)
    assert server.grants == ["password", "refresh_token"]
    assert server.requests[-1].headers["Authorization"] == "Bearer access-2"


def test_each_renewal_uses_the_refresh_token_of_the_last(server: FakePim) -> None:
    clock = _Clock()
    pim = connect(server, clock=clock)

    for _ in range(3):
        pim.get(CHANNELS)
        clock.now += 3600

    assert server.grants == ["password", "refresh_token", "refresh_token"]


@pytest.mark.parametrize("fault", [None, Fault(status=400), Fault(status=401), Fault(status=403)])
def test_a_refused_refresh_is_followed_by_the_password(
    server: FakePim, fault: Fault | None
) -> None:
    clock = _Clock()
    pim = connect(server, clock=clock)
    pim.get(CHANNELS)
    server.revoke(refresh=True)
    server.token_faults.append(fault)

    clock.now += 3600
    pim.get(CHANNELS)

    assert server.grants[-1] == "password"
    assert server.requests[-1].headers["Authorization"] in {"Bearer access-2", "Bearer access-3"}


def test_a_token_without_a_refresh_token_is_renewed_by_password(server: FakePim) -> None:
    body = b'{"access_token":"access-x"}'
    server.token_faults.append(Fault(status=200, body=body))
    pim = connect(server)

    pim.get(CHANNELS)

    assert server.grants == ["password"]
    assert [each.headers["Authorization"] for each in server.requests if each.path == CHANNELS] == [
        "Bearer access-x",
        "Bearer access-1",
    ]


def test_a_revoked_token_is_renewed_once_and_the_call_repeated(server: FakePim) -> None:
    pim = connect(server)
    pim.get(CHANNELS)
    server.revoke()

    assert pim.upsert("products", lines("A")) == [Accepted(created=True)]

    assert server.grants == ["password", "refresh_token"]
    assert server.batches == [["A"], ["A"]]


def test_a_second_401_is_the_end(server: FakePim) -> None:
    server.faults.extend([Fault(status=401), Fault(status=401)])
    pim = connect(server)

    with pytest.raises(AuthError, match="refuses the token") as raised:
        pim.get(CHANNELS)

    assert raised.value.where == f"GET {CHANNELS}"
    assert pim.requests == 4


def test_workers_renew_a_refused_token_only_once(server: FakePim) -> None:
    pim = connect(server)
    pim.get(CHANNELS)
    server.revoke()
    together = threading.Barrier(4)
    server.rule = lambda each: Fault(delay_s=0.1) if each.method == "PATCH" else None
    outcomes: list[object] = []

    def work(name: str) -> None:
        together.wait()
        outcomes.extend(pim.upsert("products", lines(name)))

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [Accepted(created=True)] * 4
    assert server.grants == ["password", "refresh_token"]


@pytest.mark.parametrize(
    ("change", "said", "check"),
    [
        ({"secret": "wrong"}, "client_id", "pim.client_id and pim.secret"),
        ({"client_id": "wrong"}, "client_id", "Authorization header"),
        ({"password": "wrong"}, "No user found", "pim.username and pim.password"),
        ({"username": "wrong"}, "No user found", "pim.username and pim.password"),
        ({"password": "x" * 300}, "maximum allowed size", "300 bytes"),
    ],
)
def test_refused_credentials_are_told_at_once_and_never_tried_again(
    server: FakePim, change: dict[str, str], said: str, check: str
) -> None:
    settings = {
        "client_id": CREDENTIALS.client_id,
        "secret": CREDENTIALS.secret,
        "username": CREDENTIALS.username,
        "password": CREDENTIALS.password,
    }
    pim = _pim(server, Credentials(**{**settings, **change}))

    with pytest.raises(AuthError) as first:
        pim.get(CHANNELS)
    with pytest.raises(AuthError) as second:
        pim.get(CHANNELS)

    assert said in first.value.what
    assert first.value.where == f"POST {TOKEN}"
    assert check in first.value.fix
    assert vars(second.value) == vars(first.value)
    assert pim.requests == 1


@pytest.mark.parametrize("status", [400, 401, 403, 415])
def test_any_other_no_to_the_password_is_final_too(server: FakePim, status: int) -> None:
    server.token_faults.append(Fault(status=status, body=b"<h1>no</h1>"))
    pim = connect(server)

    with pytest.raises(AuthError, match=str(status)) as raised:
        pim.get(CHANNELS)

    assert "pim.client_id, pim.secret, pim.username and pim.password" in raised.value.fix
    assert pim.requests == 1


def test_what_is_no_token_endpoint_is_not_blamed_on_the_credentials(server: FakePim) -> None:
    server.token_faults.append(Fault(status=404))

    with pytest.raises(PimError, match="HTTP 404") as raised:
        connect(server).get(CHANNELS)

    assert not isinstance(raised.value, AuthError)
    assert "pim.url" in raised.value.fix


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(status=503),
        Fault(status=429),
        Fault(status=408),
        Fault(hangs_up=True),
        Fault(cut_at=20),
        Fault(status=200, body=b"<html>welcome</html>"),
        Fault(status=200, body=b""),
        Fault(status=200, body=b"[]"),
        Fault(status=200, body=b'{"access_token":""}'),
        Fault(status=200, body=b'{"access_token":7}'),
        Fault(status=200, body=json.dumps({"access_token": "a\r\nX-Evil: 1"}).encode()),
        Fault(status=200, body=json.dumps({"access_token": "tökén"}).encode()),
    ],
    ids=repr,
)
def test_a_token_endpoint_that_stumbles_is_asked_again(server: FakePim, fault: Fault) -> None:
    server.token_faults.append(fault)
    slept: list[float] = []
    pim = connect(server, slept=slept)

    assert pim.get(CHANNELS) == {"code": "shop"}

    assert slept == [1]
    assert pim.requests == 3


def test_a_token_endpoint_that_is_down_is_given_up(server: FakePim) -> None:
    server.token_faults.extend([Fault(status=503)] * 9)
    slept: list[float] = []
    pim = connect(server, slept=slept, attempts=4)

    with pytest.raises(PimError, match="in 4 tries; the last one: HTTP 503") as raised:
        pim.get(CHANNELS)

    assert raised.value.where == f"POST {TOKEN}"
    assert slept == [1, 2, 4]


def test_without_a_token_no_line_is_sent(server: FakePim) -> None:
    server.token_faults.append(Fault(status=422))
    pim = connect(server)

    first, second = pim.upsert("products", lines("A", "B"))

    assert isinstance(first, Unanswered)
    assert isinstance(first.cause, AuthError)
    assert first == second
    assert pim.patch_requests == 0
