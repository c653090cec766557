"""Misbehaviour on command: a layer round the application that spoils requests and answers."""

import difflib
import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final, TypeAlias

from erp2pim.sandbox.oauth import Tokens
from erp2pim.sandbox.traffic import Traffic

Environ: TypeAlias = dict[str, Any]
Headers: TypeAlias = list[tuple[str, str]]
StartResponse: TypeAlias = Callable[..., Any]
Application: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

TOKEN_PATH: Final = "/api/oauth/v1/token"  # noqa: S105  # an address
UPLOAD_PATH: Final = "/api/rest/v1/media-files"
SKIP_LINE: Final = "sandbox.skip_line"
"""Where in the environ it says which line of a batch is to fail, from 0 to 1; None: no line."""
READ_LAG: Final = "sandbox.read_lag"
"""Where it says that a list is to be answered from an index that is some seconds old."""

_HTML: Final = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body><h1>{0}</h1></body>\r\n</html>\r\n"
)
_RATE: Final = '{"code":429,"message":"You have exceeded the limit of API requests per second."}'
_BROKEN: Final = '{"code":500,"message":"Internal Server Error"}'

# Answers given instead of doing anything: status line and body.
ANSWERS: Final[Mapping[str, tuple[str, str]]] = {
    "408": ("408 Request Timeout", _HTML.format("408 Request Time-out")),
    "429": ("429 Too Many Requests", _RATE),
    "429-date": ("429 Too Many Requests", _RATE),
    "429-bare": ("429 Too Many Requests", _HTML.format("429 Too Many Requests")),
    "429-clock": ("429 Too Many Requests", _RATE),
    "500": ("500 Internal Server Error", _BROKEN),
    "500-html": ("500 Internal Server Error", _HTML.format("500 Internal Server Error")),
    "502": ("502 Bad Gateway", _HTML.format("502 Bad Gateway")),
    "503": ("503 Service Unavailable", _HTML.format("503 Service Temporarily Unavailable")),
    "504": ("504 Gateway Timeout", _HTML.format("504 Gateway Time-out")),
    "403-size": ("403 Forbidden", _HTML.format("403 Forbidden")),
    "413-size": ("413 Content Too Large", _HTML.format("413 Request Entity Too Large")),
}
OF_BATCHES: Final = frozenset({
    "403-size", "413-size", "line-500",
    "missing-lines", "double-lines", "shuffle-lines", "no-identifier", "odd-status",
})  # fmt: skip
OF_LISTS: Final = frozenset({"read-lag"})
OF_ANSWERS: Final = frozenset({"cut-after", "cut-middle", "garbage", "empty", "slow"})
OF_TOKENS: Final = frozenset({"expired-token", "revoked-token"})
REFUSED_REFRESH: Final = "refused-refresh"
NAMES: Final = frozenset({
    *ANSWERS, *OF_BATCHES, *OF_LISTS, *OF_ANSWERS, *OF_TOKENS, "cut-before", REFUSED_REFRESH,
})  # fmt: skip
LISTS: Final = ("/products", "/products-uuid", "/product-models")
AHEAD: Final = timedelta(hours=1)
"""How far the PIM's clock runs ahead after it jumped."""
TRICKLE_PIECES: Final = 20
TRICKLE_PAUSE_S: Final = 0.05


def check_names(names: Iterable[str]) -> None:
    """Refuse the name of a fault that doesn't exist.

    Raises:
        ValueError: It names the known ones.
    """
    for name in names:
        bare = _bare(name)
        if bare not in NAMES:
            near = difflib.get_close_matches(bare, NAMES, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            known = ", ".join(sorted(NAMES))
            raise ValueError(f"no such fault: {name}; {hint}known are {known}")


def _bare(name: str) -> str:
    return name.removeprefix("token:").removeprefix("upload:")


def _fits(name: str, environ: Environ) -> bool:
    """Say whether a fault can hit a request: token faults the token endpoint, and so on."""
    if name.startswith("upload:"):
        return (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == ("POST", UPLOAD_PATH)
    at_token = environ["PATH_INFO"] == TOKEN_PATH
    if at_token or name == REFUSED_REFRESH or name.startswith("token:"):
        return at_token and (name == REFUSED_REFRESH or name.startswith("token:"))
    is_batch = environ["REQUEST_METHOD"] == "PATCH" and "+json" in environ.get("CONTENT_TYPE", "")
    lists = environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"].endswith(LISTS)
    return (is_batch or name not in OF_BATCHES) and (lists or name not in OF_LISTS)


class Faults:
    """Spoils requests before and answers after the application."""

    def __init__(
        self,
        application: Application,
        traffic: Traffic,
        tokens: Tokens,
        odds: Mapping[str, float],
        seed: int,
    ) -> None:
        self._application = application
        self._traffic = traffic
        self._tokens = tokens
        self._odds = odds
        self._random = random.Random(seed)  # noqa: S311  # the same seed gives the same faults
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request, as WSGI has it."""
        name = _bare(self._draw(environ))
        if name in ANSWERS:
            # What is left of a request would be taken for the next one of its connection.
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            return _answer(name, start_response)
        if name == "cut-before":
            raise ConnectionAbortedError(name)
        if name == "expired-token":
            self._tokens.expire()
        elif name == "revoked-token":
            self._tokens.revoke()
        elif name == REFUSED_REFRESH:
            self._tokens.forget_refresh_tokens()
        environ[READ_LAG] = name in OF_LISTS
        environ[SKIP_LINE] = self._random.random() if name == "line-500" else None
        if name in OF_ANSWERS | OF_BATCHES:
            return self._spoilt(name, environ, start_response)
        return self._application(environ, start_response)

    def _draw(self, environ: Environ) -> str:
        queue = self._traffic.queue
        check_names(queue)
        with self._lock:
            for number, name in enumerate(queue):
                if _fits(name, environ):
                    return queue.pop(number)
            luck = self._random.random()
        for name, odds in self._odds.items():
            if _fits(name, environ):
                if luck < odds:
                    return name
                luck -= odds
        return ""

    def _spoilt(
        self, name: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let the application do all its work, then spoil what it says."""
        held: list[tuple[str, Headers]] = []
        body = b"".join(self._application(environ, lambda *given: held.append(given)))
        if name == "cut-after":
            raise ConnectionAbortedError(name)
        status, headers = held[0]
        if name in OF_BATCHES and status.startswith("200") and body:
            body = self._spoil_lines(name, body)
        if name == "garbage":
            body = b"<!doctype html>\x00\xff{" + body[::-1][:40]
        start_response(status, [pair for pair in headers if pair[0] != "Content-Length"])
        return _pieces(name, b"" if name == "empty" else body)

    def _spoil_lines(self, name: str, body: bytes) -> bytes:
        lines = body.split(b"\n")
        victim = self._random.randrange(len(lines))
        if name == "missing-lines":
            del lines[victim::2]
        elif name == "double-lines":
            lines.insert(victim, lines[victim])
        elif name == "shuffle-lines":
            self._random.shuffle(lines)
        elif name == "no-identifier":
            lines = [_without_key(line) for line in lines]
        elif name == "odd-status":
            lines[victim] = json.dumps({**json.loads(lines[victim]), "status_code": 999}).encode()
        return b"\n".join(lines)


def _without_key(line: bytes) -> bytes:
    answer: dict[str, object] = json.loads(line)
    kept = {name: one for name, one in answer.items() if name not in {"identifier", "uuid", "code"}}
    return json.dumps(kept).encode()


def _answer(name: str, start_response: StartResponse) -> Iterable[bytes]:
    status, body = ANSWERS[name]
    kind = "application/json" if body.startswith("{") else "text/html"
    headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    if name == "429":
        headers.append(("Retry-After", "1"))
    if name in {"429-date", "429-clock"}:
        now = datetime.now(UTC) + (AHEAD if name == "429-clock" else timedelta())
        headers.append(("Date", format_datetime(now, usegmt=True)))
        headers.append(("Retry-After", format_datetime(now + timedelta(seconds=1), usegmt=True)))
    start_response(status, headers)
    return [body.encode()]


def _pieces(name: str, body: bytes) -> Iterator[bytes]:
    if name == "cut-middle":
        yield body[: len(body) * 2 // 3]
        raise ConnectionAbortedError(name)
    step = len(body) // TRICKLE_PIECES + 1 if name == "slow" else len(body) + 1
    for start in range(0, len(body), step):
        yield body[start : start + step]
        if name == "slow":
            time.sleep(TRICKLE_PAUSE_S)
