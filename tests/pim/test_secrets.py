import json
import threading
import traceback
from pathlib import Path

import pytest

from erp2pim.errors import PimError
from erp2pim.model import Refused, Unanswered
from erp2pim.pim import Credentials, Pim
from erp2pim.pim.transport import Call
from tests.pim.clients import connect, lines
from tests.support.fakepim import CREDENTIALS, FakePim, Fault

SECRETS = (CREDENTIALS.secret, CREDENTIALS.password, "access-", "refresh-", "pa55")


def _shown(error: BaseException) -> str:
    text = "".join(traceback.format_exception(error))
    return text + repr(error) + repr(vars(error))


def _clean(text: str) -> bool:
    return not any(secret in text for secret in SECRETS)


def test_credentials_and_calls_show_no_secret() -> None:
    assert repr(CREDENTIALS) == "Credentials()"
    assert repr(Call("POST", "/x", body=b"secret")) == (
        "Call(method='POST', path='/x', content_type=None, is_repeatable=True, is_digested=False)"
    )


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=422, body=json.dumps({"message": f"no {CREDENTIALS.password}!"}).encode()),
        Fault(status=422, body=json.dumps({"message": f"no {CREDENTIALS.secret}!"}).encode()),
        Fault(status=404, body=b"access-1"),
        Fault(raw=b"access-1\r\n\r\n"),
        Fault(status=200, body=b'{"access_token":"access-1\\n"}'),
        Fault(status=302, headers={"Location": "http://me:pa55@x.example/?t=access-1"}),
    ],
    ids=repr,
)
def test_no_error_shows_a_secret(server: FakePim, fault: Fault) -> None:
    server.token_faults.extend([fault] * 6)

    with pytest.raises(PimError) as raised:
        connect(server).get("/api/rest/v1/channels")

    assert _clean(_shown(raised.value))


def test_a_password_in_the_address_is_neither_sent_nor_shown(server: FakePim) -> None:
    url = server.url.replace("//", "//me:pa55@")
    pim = Pim(url, CREDENTIALS, stop=threading.Event(), attempts=1)
    server.faults.append(Fault(hangs_up=True))

    with pytest.raises(PimError) as raised:
        pim.get("/api/rest/v1/channels")

    assert _clean(_shown(raised.value))
    assert server.grants == ["password"]


@pytest.mark.parametrize("host", ["", "*:1"])
def test_a_password_in_an_address_that_is_none_is_not_shown(host: str) -> None:
    pim = Pim(f"http://me:pa55@{host}", CREDENTIALS, stop=threading.Event())

    with pytest.raises(PimError) as raised:
        pim.get("/api/rest/v1/channels")

    assert _clean(_shown(raised.value))


def test_no_netrc_is_read(server: FakePim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password pa55\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.resources["/x"] = 1

    assert connect(server).get("/x") == 1

    assert server.requests[-1].headers["Authorization"] == "Bearer access-1"


def test_secrets_of_any_script_reach_the_pim(server: FakePim) -> None:
    odd = Credentials("1_ü", "sécrèt€", "erp", "pässwörd")

    with pytest.raises(PimError, match="client_id"):
        Pim(server.url, odd, stop=threading.Event()).get("/x")


def test_the_pims_words_are_one_clean_line(server: FakePim) -> None:
    server.judge = lambda _: {"status_code": 422, "message": "a\nb\x1b[2J" + "x" * 600}

    (outcome,) = connect(server).upsert("products", lines("A"))

    assert isinstance(outcome, Refused)
    assert outcome.message.startswith("a b [2Jx")
    assert len(outcome.message) == 500


def test_words_of_a_whole_request_are_one_clean_line(server: FakePim) -> None:
    message = "a\r\nb\x1b[2J" + "x" * 600
    server.faults.append(Fault(status=400, body=json.dumps({"message": message}).encode()))

    (outcome,) = connect(server).upsert("products", lines("A"))

    assert isinstance(outcome, Unanswered)
    assert outcome.cause.what.isprintable()
    assert len(outcome.cause.what) < 600
