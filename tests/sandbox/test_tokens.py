import pytest
import requests

from erp2pim.sandbox import CLIENT_ID, PASSWORD, SECRET, USERNAME, Sandbox
from tests.sandbox.visitor import GRANT, Visitor

REFRESH = {"grant_type": "refresh_token"}
CLIENT = 'Parameter "client_id" is missing or does not match any client, or secret is invalid'
PASSWORD_GRANT = 'Parameter "grant_type", "username" or "password" is missing, empty or invalid'


def test_a_grant_gives_two_tokens_that_live_an_hour_and_longer(visitor: Visitor) -> None:
    answer = visitor.grant()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store, private"
    given = answer.json()
    assert (given["expires_in"], given["token_type"], given["scope"]) == (3600, "bearer", None)
    assert len(given["access_token"]) == len(given["refresh_token"]) == 64


def test_the_credentials_may_stand_in_a_form(pim: Sandbox) -> None:
    form = {"client_id": CLIENT_ID, "client_secret": SECRET, **GRANT}
    answer = requests.post(f"{pim.url}/api/oauth/v1/token", data=form, timeout=10)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"username": USERNAME, "password": PASSWORD}, PASSWORD_GRANT),
        ({**GRANT, "grant_type": "none"}, PASSWORD_GRANT),
        ({**GRANT, "username": ""}, PASSWORD_GRANT),
        (
            {**GRANT, "password": "wrong"},
            "No user found for the given username and password",
        ),
        (
            {**GRANT, "grant_type": "client_credentials"},
            "This grant type is not authorized for this client",
        ),
        (REFRESH, 'Parameter "grant_type" or "refresh_token" is missing or empty'),
        ({**REFRESH, "refresh_token": "x"}, "Refresh token is invalid or has expired"),
    ],
)
def test_a_grant_that_lacks_something_is_refused_in_the_pims_words(
    visitor: Visitor, form: dict[str, str], message: str
) -> None:
    answer = visitor.grant(**form)
    assert (answer.status_code, answer.json()) == (422, {"code": 422, "message": message})


@pytest.mark.parametrize("basic", ["Basic !", "Basic eDp5", "Bearer x", "Basic /w==", ""])
def test_a_grant_without_good_client_credentials_is_refused(pim: Sandbox, basic: str) -> None:
    answer = requests.post(
        f"{pim.url}/api/oauth/v1/token", json=GRANT, headers={"Authorization": basic}, timeout=10
    )
    assert (answer.status_code, answer.json()["message"]) == (422, CLIENT)


def test_a_grant_of_more_than_300_bytes_is_refused(visitor: Visitor) -> None:
    answer = visitor.grant(**GRANT, more="x" * 300)
    assert answer.status_code == 413


def test_a_grant_of_another_content_type_is_refused(pim: Sandbox) -> None:
    answer = requests.post(
        f"{pim.url}/api/oauth/v1/token", "x", headers={"Content-Type": "text/plain"}, timeout=10
    )
    assert answer.status_code == 415
    assert answer.json()["message"].endswith(
        'Only "application/json" or "application/x-www-form-urlencoded" are allowed.'
    )


def test_a_refresh_token_works_once(visitor: Visitor) -> None:
    visitor.log_in()
    old = visitor.tokens["refresh_token"]
    new = visitor.grant(**REFRESH, refresh_token=old).json()
    assert new["refresh_token"] != old
    assert visitor.grant(**REFRESH, refresh_token=old).status_code == 422
    visitor.tokens = new
    assert visitor.get("system-information") == {"version": "master", "edition": "CE"}


def test_expired_tokens_are_told_from_unknown_ones_and_can_be_refreshed(
    pim: Sandbox, visitor: Visitor
) -> None:
    visitor.log_in()
    pim.expire_tokens()
    answer = visitor.send("GET", "channels")
    assert (answer.status_code, answer.json()["message"]) == (
        401,
        "The access token provided has expired.",
    )
    refresh = visitor.tokens["refresh_token"]
    visitor.tokens = visitor.grant(**REFRESH, refresh_token=refresh).json()
    assert visitor.send("GET", "channels").status_code == 200


def test_revoked_tokens_are_unknown_and_cannot_be_refreshed(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    pim.revoke_tokens()
    answer = visitor.send("GET", "channels")
    assert (answer.status_code, answer.json()["message"]) == (
        401,
        "The access token provided is invalid.",
    )
    refresh = visitor.tokens["refresh_token"]
    assert visitor.grant(**REFRESH, refresh_token=refresh).status_code == 422


def test_without_a_token_nothing_but_the_root_is_shown(pim: Sandbox, visitor: Visitor) -> None:
    answer = visitor.send("GET", "channels", headers={"Authorization": None})
    assert answer.status_code == 401
    root = requests.get(f"{pim.url}/api/rest/v1", timeout=10).json()
    assert root["host"] == pim.url
    assert root["authentication"]["fos_oauth_server_token"]["route"] == "/api/oauth/v1/token"
    assert root["routes"]["pim_api_product_partial_update_list"] == {
        "route": "/api/rest/v1/products",
        "methods": ["PATCH"],
    }


def test_a_token_may_stand_in_the_query(visitor: Visitor) -> None:
    visitor.log_in()
    token = visitor.tokens["access_token"]
    answer = visitor.send(
        "GET", "channels", headers={"Authorization": None}, params={"access_token": token}
    )
    assert answer.status_code == 200
    assert token not in answer.text
