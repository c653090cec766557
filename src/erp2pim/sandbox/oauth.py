"""Tokens, as the PIM gives and checks them."""

import base64
import binascii
import re
import secrets
import time
from collections.abc import Mapping
from typing import Final

from erp2pim.sandbox.php import Json, Object
from erp2pim.sandbox.refusal import Refusal

CLIENT_ID: Final = "sandbox_client"
SECRET: Final = "sandbox_secret"  # noqa: S105  # it opens nothing
USERNAME: Final = "sandbox"
PASSWORD: Final = "sandbox_password"  # noqa: S105  # it opens nothing

MAX_REQUEST_BYTES: Final = 300
LIFETIME_S: Final = 3600
REFRESH_LIFETIME_S: Final = 1_209_600
_GRANTS: Final = re.compile(
    r"authorization_code|token|password|client_credentials|refresh_token|https?://.+"
)


class Tokens:
    """The tokens that are out; each is known by its text.

    Expired access tokens are kept: the PIM tells them from unknown ones.
    """

    def __init__(self) -> None:
        self._access: dict[str, float] = {}
        self._refresh: dict[str, float] = {}

    def grant(self, form: Mapping[str, Json], basic: tuple[str, str] | None) -> Object:
        """Answer a token request.

        The checks come in the order of the OAuth 2 library: grant type, client, whether the
        client may use the grant, and only then the credentials.
        """
        kind = form.get("grant_type")
        by_refresh = kind == "refresh_token"
        missing = (
            'Parameter "grant_type" or "refresh_token" is missing or empty'
            if by_refresh
            else 'Parameter "grant_type", "username" or "password" is missing, empty or invalid'
        )
        if not isinstance(kind, str) or not _GRANTS.fullmatch(kind):
            raise Refusal(422, missing)
        if (basic or (form.get("client_id"), form.get("client_secret"))) != (CLIENT_ID, SECRET):
            raise Refusal(
                422,
                'Parameter "client_id" is missing or does not match any client, '
                "or secret is invalid",
            )
        if kind not in {"password", "refresh_token"}:
            raise Refusal(422, "This grant type is not authorized for this client")
        needed = ("refresh_token",) if by_refresh else ("username", "password")
        if not all(form.get(name) for name in needed):
            raise Refusal(422, missing)
        if by_refresh:
            if self._refresh.pop(str(form["refresh_token"]), 0.0) < time.monotonic():
                raise Refusal(422, "Refresh token is invalid or has expired")
        elif (form["username"], form["password"]) != (USERNAME, PASSWORD):
            raise Refusal(422, "No user found for the given username and password")
        return self._issue()

    def check(self, authorization: str | None, query_token: str | None) -> None:
        """Refuse a request without a good access token."""
        bearer = authorization.removeprefix("Bearer ") if authorization else None
        token = bearer if bearer != authorization else query_token
        if token is None:
            raise Refusal(401, "Full authentication is required to access this resource.")
        if token not in self._access:
            raise Refusal(401, "The access token provided is invalid.")
        if self._access[token] < time.monotonic():
            raise Refusal(401, "The access token provided has expired.")

    def expire(self) -> None:
        """End the life of all access tokens; the refresh tokens stay good."""
        self._access = dict.fromkeys(self._access, 0.0)

    def forget_refresh_tokens(self) -> None:
        """Make all refresh tokens unknown."""
        self._refresh.clear()

    def revoke(self) -> None:
        """Make all tokens unknown, as when the connection's secret is made anew."""
        self._access.clear()
        self._refresh.clear()

    def _issue(self) -> Object:
        access, refresh = secrets.token_hex(32), secrets.token_hex(32)
        self._access[access] = time.monotonic() + LIFETIME_S
        self._refresh[refresh] = time.monotonic() + REFRESH_LIFETIME_S
        return {
            "access_token": access,
            "expires_in": LIFETIME_S,
            "token_type": "bearer",
            "scope": None,
            "refresh_token": refresh,
        }


def basic_credentials(authorization: str | None) -> tuple[str, str] | None:
    """Read a Basic header; None when there is none that can be read."""
    if not authorization or not authorization.startswith("Basic "):
        return None
    try:
        text = base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, _, secret = text.partition(":")
    return name, secret
