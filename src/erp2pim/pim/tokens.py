"""The token: one for all workers, renewed before it ends."""

import re
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import orjson

from erp2pim.errors import AuthError
from erp2pim.model import Json
from erp2pim.pim.refusals import refusal, told
from erp2pim.pim.reply import Reply
from erp2pim.pim.retry import Tries, ask
from erp2pim.pim.transport import Call

_PATH = "/api/oauth/v1/token"
_LIFE_S = 3600.0  # Akeneo's own, where the answer does not say
_MARGIN_S = 60.0
_VISIBLE = re.compile(r"[!-~]+")
# What the token endpoint answers when the credentials, or their form, are wrong: mostly 422.
_REFUSED = frozenset({400, 401, 403, 413, 415, 422})


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a connection of the PIM is opened with; never shown."""

    client_id: str = field(repr=False)
    secret: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Token:
    """A token and when to renew it, on our monotonic clock."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    renew_at: float


class Tokens:
    """Hands out the token that all workers share.

    Args:
        send: Sends a call once, with this Authorization header.
        tries: Gives the tries of a call.
        credentials: What the PIM's connection page shows.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        send: Callable[[Call, str], Reply],
        tries: Callable[[Call], Tries],
        credentials: Credentials,
        *,
        clock: Callable[[], float],
    ) -> None:
        self._send = send
        self._tries = tries
        self._credentials = credentials
        self._clock = clock
        self._lock = threading.Lock()
        self._token: _Token | None = None
        self._refused: AuthError | None = None

    def current(self) -> str:
        """Give a token that is good for now; the first one is asked for here.

        Raises:
            AuthError: The PIM refuses the credentials. It is asked only once.
            PimError: No token could be had.
        """
        with self._lock:
            if self._token is None or self._clock() >= self._token.renew_at:
                self._token = self._renewed()
            return self._token.access

    def instead_of(self, refused: str) -> str:
        """Give another token than the one that was refused, renewed only if nobody has yet."""
        with self._lock:
            if self._token is None or self._token.access == refused:
                self._token = self._renewed()
            return self._token.access

    def _renewed(self) -> _Token:
        """Get a token by the refresh token, or else by password.

        A refresh token serves once, and dies with the connection's password (Akeneo,
        CheckAuthenticationSecurityEndToEnd): being refused is in the order of things.
        """
        if self._refused is not None:
            raise AuthError(self._refused.what, where=self._refused.where, fix=self._refused.fix)
        if self._token is not None and self._token.refresh:
            token = self._granted(grant_type="refresh_token", refresh_token=self._token.refresh)
            if isinstance(token, _Token):
                return token
        return self._by_password()

    def _by_password(self) -> _Token:
        token = self._granted(
            grant_type="password",
            username=self._credentials.username,
            password=self._credentials.password,
        )
        if isinstance(token, _Token):
            return token
        if token.status not in _REFUSED:
            raise refusal(token, where=f"POST {_PATH}")
        self._refused = self._refusal(token)
        raise self._refused

    def _granted(self, **grant: str) -> _Token | Reply:
        """Ask for a token. The PIM takes at most 300 bytes (PIM-9648), so the JSON is compact."""
        call = Call("POST", _PATH, body=orjson.dumps(grant), content_type="application/json")
        asked_at = self._clock()
        answer = ask(lambda: self._send(call, self._basic()), self._tries(call), read=_read)
        if isinstance(answer, Reply):
            return answer
        access, refresh, life = answer
        return _Token(access, refresh, asked_at + life - min(_MARGIN_S, life / 10))

    def _basic(self) -> str:
        login = f"{self._credentials.client_id}:{self._credentials.secret}"
        return f"Basic {b64encode(login.encode()).decode()}"

    def _refusal(self, reply: Reply) -> AuthError:
        said = told(reply)
        for secret in (self._credentials.secret, self._credentials.password):
            said = said.replace(secret, "***") if secret else said
        return AuthError(
            f"the PIM refuses the credentials: {said}",
            where=f"POST {_PATH}",
            fix=_fix(reply.status, said),
        )


def _read(body: bytes) -> tuple[str, str, float]:
    """Read access token, refresh token and life in seconds.

    Raises:
        ValueError: There is no token that a header could carry.
    """
    answer = _object(body)
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not (isinstance(access, str) and _VISIBLE.fullmatch(access)):
        raise ValueError("no access_token")
    return access, refresh if isinstance(refresh, str) else "", _life_s(answer.get("expires_in"))


def _object(body: bytes) -> Mapping[str, Json]:
    answer: Json = orjson.loads(body)
    return answer if isinstance(answer, Mapping) else {}


def _life_s(expires_in: Json) -> float:
    if isinstance(expires_in, int | float) and expires_in > 0:
        return float(expires_in)
    return _LIFE_S


def _fix(status: int, said: str) -> str:
    """Name the settings to check (the messages: Akeneo, GetAccessTokenIntegration)."""
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return "pim.username and pim.password are too long: the request may have 300 bytes"
    if "client_id" in said:
        return (
            "check pim.client_id and pim.secret; if they are right, the PIM's web server may drop"
            " the Authorization header (Apache does without SetEnvIf or CGIPassAuth)"
        )
    if "username and password" in said:
        return "check pim.username and pim.password: a connection has a user of its own"
    return "check pim.client_id, pim.secret, pim.username and pim.password"
