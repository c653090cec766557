"""Misbehaviour on command: a layer round the application that spoils requests and answers."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final, TypeAlias

from erp2pim.sandbox.oauth import Tokens
from erp2pim.sandbox.refusal import Object

Environ: TypeAlias = dict[str, Any]
Headers: TypeAlias = list[tuple[str, str]]
StartResponse: TypeAlias = Callable[..., Any]
Application: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

TOKEN_PATH: Final = "/api/oauth/v1/token"
SKIP_LINE: Final = "sandbox.skip_line"  # where in the batch, from 0.0 to 1.0; None: nowhere

_HTML: Final = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body><h1>{0}</h1></body>\r\n</html>\r\n"
)
_RATE: Final = '{"code":429,"message":"You have exceeded the limit of API requests per second."}'
_BROKEN: Final = '{"code":500,"message":"Internal Server Error"}'
_TOO_LARGE: Final = "413 Request Entity Too Large"

# Answers given instead of doing anything: status line and body.
ANSWERS: Final[Mapping[str, tuple[str, str]]] = {
    "408": ("408 Request Timeout", _HTML.format("408 Request Time-out")),
    "429": ("429 Too Many Requests", _RATE),
    "429-date": ("429 Too Many Requests", _RATE),
    "429-bare": ("429 Too Many Requests", _HTML.format("429 Too Many Requests")),
    "500": ("500 Internal Server Error", _BROKEN),
    "502": ("502 Bad Gateway", _HTML.format("502 Bad Gateway")),
    "503": ("503 Service Unavailable", _HTML.format("503 Service Temporarily Unavailable")),
    "504": ("504 Gateway Timeout", _HTML.format("504 Gateway Time-out")),
    "403-size": ("403 Forbidden", _HTML.format("403 Forbidden")),
    "413-size": (_TOO_LARGE, _HTML.format(_TOO_LARGE)),
}
SIZE: Final = frozenset({"403-size", "413-size"})
LINES: Final = frozenset({
    "missing-lines", "double-lines", "shuffle-lines", "no-identifier", "odd-status", "line-500",
})  # fmt: skip
BODIES: Final = frozenset({"cut-middle", "garbage", "empty", "slow"})
CUTS: Final = frozenset({"cut-before", "cut-after"})
TOKENS: Final = frozenset({"expired-token", "revoked-token"})
ON_TOKEN: Final = "refused-refresh"
NAMES: Final = frozenset({*ANSWERS, *LINES, *BODIES, *CUTS, *TOKENS, ON_TOKEN})


def check_names(names: Iterable[str]) -> None:
    """Refuse the name of a fault that doesn't exist."""
    unknown = sorted(name for name in names if name.removeprefix("token:") not in NAMES)
    if unknown:
        known = ", ".join(sorted(NAMES))
        raise ValueError(f"no such fault: {', '.join(unknown)}; known are {known}")


def fits(name: str, environ: Environ) -> bool:
    """Say whether a fault can hit a request: token faults the token endpoint, and so on."""
    at_token = environ["PATH_INFO"] == TOKEN_PATH
    if at_token or name == ON_TOKEN or name.startswith("token:"):
        return at_token and (name == ON_TOKEN or name.startswith("token:"))
    is_batch = environ["REQUEST_METHOD"] == "PATCH" and "collection" in environ.get(
        "CONTENT_TYPE", ""
    )
    return is_batch if name in LINES | SIZE else True


@dataclass(slots=True)
class Faults:
    """Spoils requests before and answers after the application.

    Attributes:
        odds: Probability of each fault for a request that it fits.
        queue: Faults that come first; each hits the next request that it fits.
    """

    application: Application
    tokens: Tokens
    odds: Mapping[str, float]
    random: random.Random
    queue: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        name = self._draw(environ).removeprefix("token:")
        if name in ANSWERS:
            return _answer(name, start_response)
        if name == "cut-before":
            raise ConnectionAbortedError(name)
        if name in {"expired-token", ON_TOKEN}:
            self.tokens.expire() if name == "expired-token" else self.tokens.revoke()
        if name == "revoked-token":
            self.tokens.revoke()
        environ[SKIP_LINE] = self.random.random() if name == "line-500" else None
        if name not in BODIES | LINES | CUTS:
            return self.application(environ, start_response)
        return self._spoilt(name, environ, start_response)

    def _draw(self, environ: Environ) -> str:
        with self._lock:
            for number, name in enumerate(self.queue):
                if fits(name, environ):
                    return self.queue.pop(number)
            luck = self.random.random()
        for name, odds in self.odds.items():
            if fits(name, environ):
                if luck < odds:
                    return name
                luck -= odds
        return ""

    def _spoilt(
        self, name: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let the application do all its work, then spoil what it says."""
        held: list[tuple[str, Headers]] = []
        body = b"".join(self.application(environ, lambda *given: held.append(given)))
        if name == "cut-after":
            raise ConnectionAbortedError(name)
        status, headers = held[0]
        kept = [(key, value) for key, value in headers if key.lower() != "content-length"]
        if name in LINES and status.startswith("200"):
            body = self._spoil_lines(name, body)
        if name == "garbage":
            body = b"<!doctype html>\x00\xff{" + body[::-1][:40]
        start_response(status, kept)
        return _pieces(name, b"" if name == "empty" else body)

    def _spoil_lines(self, name: str, body: bytes) -> bytes:
        lines = body.split(b"\n")
        victim = self.random.randrange(len(lines))
        if name == "missing-lines":
            del lines[victim::2]
        elif name == "double-lines":
            lines.insert(victim, lines[victim])
        elif name == "shuffle-lines":
            self.random.shuffle(lines)
        elif name in {"no-identifier", "odd-status"}:
            lines = [_changed(name, line, hit=n == victim) for n, line in enumerate(lines)]
        return b"\n".join(lines)


def _changed(name: str, line: bytes, *, hit: bool) -> bytes:
    answer: Object = json.loads(line)
    if name == "no-identifier":
        answer = {k: v for k, v in answer.items() if k not in {"identifier", "uuid", "code"}}
    elif hit:
        answer = {**answer, "status_code": 999}
    return json.dumps(answer).encode()


def _answer(name: str, start_response: StartResponse) -> Iterable[bytes]:
    status, body = ANSWERS[name]
    kind = "application/json" if body.startswith("{") else "text/html"
    headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    if name == "429":
        headers.append(("Retry-After", "1"))
    if name == "429-date":
        in_a_second = datetime.now(UTC) + timedelta(seconds=1)
        headers.append(("Retry-After", format_datetime(in_a_second, usegmt=True)))
    start_response(status, headers)
    return [body.encode()]


def _pieces(name: str, body: bytes) -> Iterator[bytes]:
    if name == "cut-middle":
        yield body[: max(len(body) * 2 // 3, 1)]
        raise ConnectionAbortedError(name)
    if name == "slow":
        step = len(body) // 20 + 1
        for start in range(0, len(body), step):
            yield body[start : start + step]
            time.sleep(0.05)
    else:
        yield body
