"""HTTP: one request, one reply."""

import hashlib
import http.client
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.auth import AuthBase

from erp2pim import __version__
from erp2pim.pim.lost import dropped, lost, why
from erp2pim.pim.pace import Pace, http_date, retry_after
from erp2pim.pim.reply import Reply

_PIECE = 256  # bytes: what a cut connection may cost of the lines that had come
_LARGE_PIECE = 64 * 1024
_MOST_BYTES = 64 * 1024 * 1024
_LONGEST = 10  # times the time-out, for an answer that trickles
_HTTP_1_1 = 11
_OF_OPTIONS = re.compile(r"/attributes/[^/]+/options$")
_CUT = (requests.RequestException, ValueError)  # http.client raises this for a negative chunk
_ENDLESS = "an answer that does not end"


class Stream(Protocol):
    """A body that is read while it is sent, anew for each try."""

    def __len__(self) -> int:
        """Give the number of its bytes."""
        ...

    def __iter__(self) -> Iterator[bytes]:
        """Give its bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        method: Its method.
        path: Its path below the PIM's address, from the first slash on.
        params: Its query.
        body: Its body; may hold secrets.
        content_type: What the body is.
        is_repeatable: Whether it may be carried out twice.
        is_digested: Whether the SHA-256 of the answer's body is wanted in its place.
    """

    method: Literal["GET", "PATCH", "POST"]
    path: str
    params: Mapping[str, str] | None = field(default=None, repr=False)
    body: bytes | Stream | None = field(default=None, repr=False)
    content_type: str | None = None
    is_repeatable: bool = True
    is_digested: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class _Authorization(AuthBase):
    """The Authorization header; given explicitly, it keeps requests from reading netrc."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._value
        return request


class _Session(requests.Session):
    """A session that looks at no redirect: requests would read its target even unfollowed."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Give none."""


class Transport:
    """Sends requests, each worker thread over a connection of its own.

    Args:
        url: The PIM's address. A user and a password in it are left out: the PIM's own
            credentials are sent, and nobody else's.
        pace: Gives each request its turn.
        timeout_s: The longest silence of the server.
        clock: Monotonic seconds.

    Attributes:
        requests: All requests sent so far.
        patch_requests: Those that may have changed something.
    """

    def __init__(
        self, url: str, pace: Pace, *, timeout_s: float, clock: Callable[[], float]
    ) -> None:
        self._root = _root(url)
        self._pace = pace
        self._timeout_s = timeout_s
        self._clock = clock
        self._of_thread = threading.local()
        self._counting = threading.Lock()
        self.requests = 0
        self.patch_requests = 0

    def send(self, call: Call, authorization: str) -> Reply:
        """Send one request and read its answer, whatever that is.

        A connection that the server dropped while it was idle is opened again, once. This may
        repeat a request that the server has already carried out, so only such a call is sent again
        that may be.

        Args:
            call: The request.
            authorization: Its Authorization header.

        Raises:
            PimError: The run was stopped, or this address can never answer.
        """
        reused = self._connection_kept and call.is_repeatable
        reply, was_dropped = self._take_turn(call, authorization)
        return self._take_turn(call, authorization)[0] if reused and was_dropped else reply

    def _take_turn(self, call: Call, authorization: str) -> tuple[Reply, bool]:
        if _OF_OPTIONS.search(call.path):
            self._pace.space_out(str(call))
        with self._pace.turn(str(call)):
            self._count(call)
            try:
                reply, was_dropped = self._exchange(call, authorization), False
            except requests.RequestException as error:
                self._connection_kept = False
                reply, was_dropped = lost(error, where=str(call)), dropped(error)
            self._note(reply)
        return reply, was_dropped

    def _exchange(self, call: Call, authorization: str) -> Reply:
        started = self._clock()
        with self._session.request(
            call.method,
            self._root + call.path,
            params=call.params,
            data=call.body,
            headers={"Content-Type": call.content_type} if call.content_type else None,
            auth=_Authorization(authorization),
            timeout=self._timeout_s,
            allow_redirects=False,
            stream=True,
        ) as response:
            read = self._digest if call.is_digested and response.ok else self._read
            body, fault = read(response, started)
            self._connection_kept = not fault and _keeps_connection(response)
            return _reply(response, body, fault)

    def _read(self, response: requests.Response, started: float) -> tuple[bytes, str]:
        """Read a body as far as it comes; say why, if that is not to its end.

        A body shorter than its declared length is no fault here: each reader of a body finds out
        what is missing, and what had come is worth having.
        """
        response.raw.enforce_content_length = False
        body = bytearray()
        try:
            for piece in response.iter_content(_PIECE):
                body += piece
                if len(body) > _MOST_BYTES:
                    return bytes(body), f"more than {_MOST_BYTES} bytes"
                if self._clock() - started > _LONGEST * self._timeout_s:
                    return bytes(body), _ENDLESS
        except _CUT as error:
            return bytes(body), why(error)
        return bytes(body), ""

    def _digest(self, response: requests.Response, started: float) -> tuple[bytes, str]:
        """Read a body of any size to its end and give its SHA-256; none where it is cut."""
        response.raw.enforce_content_length = True
        digest = hashlib.sha256()
        try:
            for piece in response.iter_content(_LARGE_PIECE):
                digest.update(piece)
                if self._clock() - started > _LONGEST * self._timeout_s:
                    return b"", _ENDLESS
        except _CUT as error:
            return b"", why(error)
        return digest.digest(), ""

    def _note(self, reply: Reply) -> None:
        if reply.status == http.client.TOO_MANY_REQUESTS:
            self._pace.slow_down()
        elif not reply.transient:
            self._pace.steady()

    def _count(self, call: Call) -> None:
        with self._counting:
            self.requests += 1
            self.patch_requests += call.method == "PATCH"

    @property
    def _session(self) -> requests.Session:
        session = getattr(self._of_thread, "session", None)
        if not isinstance(session, _Session):
            session = _Session()
            session.headers["User-Agent"] = f"erp2pim/{__version__}"
            self._of_thread.session = session
        return session

    @property
    def _connection_kept(self) -> bool:
        return bool(getattr(self._of_thread, "connection_kept", False))

    @_connection_kept.setter
    def _connection_kept(self, kept: bool) -> None:
        self._of_thread.connection_kept = kept


def _root(url: str) -> str:
    address = urlsplit(url)
    host = address.netloc.rpartition("@")[2]
    return urlunsplit((address.scheme, host, address.path.rstrip("/"), "", ""))


def _reply(response: requests.Response, body: bytes, fault: str) -> Reply:
    """Make a reply; a date in Retry-After is counted from the server's own clock."""
    headers = response.headers
    now = http_date(headers.get("Date", "")) or datetime.now(UTC)
    return Reply(
        status=response.status_code,
        body=body,
        fault=fault,
        retry_after=retry_after(headers.get("Retry-After"), now=now),
        location=headers.get("Location", "") if response.is_redirect else "",
    )


def _keeps_connection(response: requests.Response) -> bool:
    return (
        response.raw.version == _HTTP_1_1
        and response.headers.get("Connection", "").lower() != "close"
    )
