"""A PIM for tests: a real server on loopback that keeps products and misbehaves when told to."""

import base64
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from erp2pim.pim import Credentials

LINES = "application/vnd.akeneo.collection+json"
TOKEN = "/api/oauth/v1/token"
CREDENTIALS = Credentials("1_client", "s3cret-key", "erp_4321", "p4ssword-of-it")


@dataclass(frozen=True)
class Request:
    """A request as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def for_token(self) -> bool:
        return self.path.endswith(TOKEN)

    @property
    def identifiers(self) -> list[str]:
        return [next(iter(json.loads(line).values())) for line in self.body.splitlines()]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request.

    Attributes:
        status: Answers this, with `body`, instead of the right answer.
        works: Carries the request out all the same.
        lines: Changes the lines of a right answer.
        cut_at: Sends only so many bytes of the body and closes the connection.
        hangs_up: Closes the connection without an answer.
        raw: Sends these bytes instead of an HTTP answer, and closes the connection.
        delay_s: Waits before it answers.
        until: Answers only when this is set.
        pause_s: Waits between the bytes of the body.
    """

    status: int | None = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    works: bool = False
    lines: Callable[[list[bytes]], list[bytes]] | None = None
    cut_at: int | None = None
    hangs_up: bool = False
    raw: bytes = b""
    delay_s: float = 0
    until: threading.Event | None = None
    pause_s: float = 0


@dataclass
class FakePim:
    """The server's memory.

    Attributes:
        url: Where it listens.
        products: Bodies by identifier or code, as last accepted.
        resources: What a GET of a path gives.
        requests: All requests, in the order in which they came in.
        faults: One for each API request to come, None for one that goes well.
        token_faults: The same for the token endpoint.
        rule: Gives the fault of any API request that `faults` has none for.
        judge: Gives the answer to a line, without its number; None to accept it.
        grants: The grant types asked for, in order.
        tokens: The access tokens that are good.
        refresh_tokens: The refresh tokens that are good.
        life_s: How long a token is said to live.
        chunked: Whether batch answers are streamed, one chunk a line.
        keeps_connections: Whether a connection serves more than one request.
        serving: How many requests are being served now.
    """

    url: str
    products: dict[str, dict[str, object]] = field(default_factory=dict)
    resources: dict[str, object] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    faults: deque[Fault | None] = field(default_factory=deque)
    token_faults: deque[Fault | None] = field(default_factory=deque)
    rule: Callable[[Request], Fault | None] = lambda _: None
    judge: Callable[[str], Mapping[str, object] | None] = lambda _: None
    grants: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    refresh_tokens: set[str] = field(default_factory=set)
    life_s: object = 3600
    chunked: bool = False
    keeps_connections: bool = True
    serving: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def batches(self) -> list[list[str]]:
        """The identifiers of each PATCH that came in."""
        return [each.identifiers for each in self.requests if each.method == "PATCH"]

    def refuse(self, *identifiers: str) -> None:
        """Refuse these for a reason, as the PIM does."""
        error = {"property": "values", "message": "is out of range", "attribute": "weight"}
        refusal = {"status_code": 422, "message": "Validation failed.", "errors": [error]}
        self.judge = lambda identifier: refusal if identifier in identifiers else None

    def revoke(self, *, refresh: bool = False) -> None:
        """Let all access tokens die, and the refresh tokens too."""
        self.tokens.clear()
        if refresh:
            self.refresh_tokens.clear()

    def grant(self, request: Request) -> tuple[int, object]:
        asked = json.loads(request.body)
        self.grants.append(asked["grant_type"])
        login = base64.b64decode(request.headers.get("Authorization", "").partition(" ")[2])
        if len(request.body) > 300:
            return 413, _error(413, "Request content exceeded the maximum allowed size")
        if login.decode() != f"{CREDENTIALS.client_id}:{CREDENTIALS.secret}":
            return 422, _error(422, 'Parameter "client_id" is missing or does not match any client')
        if asked["grant_type"] == "password":
            good = (asked["username"], asked["password"]) == (
                CREDENTIALS.username,
                CREDENTIALS.password,
            )
            message = "No user found for the given username and password"
        else:
            good = asked["refresh_token"] in self.refresh_tokens
            message = "Refresh token is invalid or has expired"
        return self._tokens() if good else (422, _error(422, message))

    def serve(self, request: Request) -> tuple[int, object]:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return 401, _error(401, "The access token provided is invalid.")
        if request.method == "GET":
            if request.path not in self.resources:
                return 404, _error(404, "Not found")
            return 200, self.resources[request.path]
        if request.headers.get("Content-Type") != LINES:
            return 415, _error(415, "Only application/vnd.akeneo.collection+json is allowed.")
        lines = request.body.split(b"\n") if request.body else []  # recorded: products.body_empty
        if len(lines) > 100:
            return 413, _error(413, "Too many resources to process, 100 is the maximum allowed.")
        return 200, [self._line(number, line) for number, line in enumerate(lines, 1)]

    def _line(self, number: int, line: bytes) -> bytes:
        body: dict[str, object] = json.loads(line)
        key, identifier = next(iter(body.items()))
        answer = self.judge(str(identifier))
        if answer is None:
            created = str(identifier) not in self.products
            self.products.setdefault(str(identifier), {}).update(body)
            answer = {"status_code": 201 if created else 204}
        return json.dumps({"line": number, key: identifier, **answer}).encode()

    def _tokens(self) -> tuple[int, object]:
        number = len(self.grants)
        access, refresh = f"access-{number}", f"refresh-{number}"
        self.tokens.add(access)
        self.refresh_tokens = {refresh}
        return 200, {
            "access_token": access,
            "expires_in": self.life_s,
            "token_type": "bearer",
            "scope": None,
            "refresh_token": refresh,
        }


@contextmanager
def fake_pim() -> Generator[FakePim]:
    """Run a fake PIM on a free port of loopback."""
    server = _Server(("127.0.0.1", 0), _Endpoint)
    server.pim = FakePim(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.pim
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pim: FakePim

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is no error of ours."""


class _Endpoint(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        pim, request = self.server.pim, self._request()
        with pim.lock:
            pim.requests.append(request)
            pim.serving += 1
            fault = self._fault(request)
        try:
            self._answer(request, fault)
        finally:
            with pim.lock:
                pim.serving -= 1

    def _request(self) -> Request:
        url = urlsplit(self.path)
        return Request(
            self.command,
            url.path,
            dict(parse_qsl(url.query)),
            dict(self.headers),
            self.rfile.read(int(self.headers.get("Content-Length", 0))),
        )

    def _fault(self, request: Request) -> Fault:
        pim = self.server.pim
        faults = pim.token_faults if request.for_token else pim.faults
        fault = faults.popleft() if faults else None
        if fault is None and not request.for_token:
            fault = pim.rule(request)
        return fault or Fault()

    def _answer(self, request: Request, fault: Fault) -> None:
        pim = self.server.pim
        time.sleep(fault.delay_s)
        if fault.until is not None:
            fault.until.wait(10)
        if fault.raw:
            self.wfile.write(fault.raw)
        if fault.raw or (fault.hangs_up and not fault.works):
            self.close_connection = True
            return
        if fault.status is not None and not fault.works:
            self._send(fault.status, [fault.body], fault)
            return
        with pim.lock:
            status, answer = (pim.grant if request.for_token else pim.serve)(request)
        if fault.hangs_up:
            self.close_connection = True
        elif fault.status is not None:
            self._send(fault.status, [fault.body], fault)
        elif isinstance(answer, list) and request.method == "PATCH":
            self._send(status, (fault.lines or list)(answer), fault, LINES)
        else:
            self._send(status, [json.dumps(answer).encode()], fault)

    def _send(
        self, status: int, lines: list[bytes], fault: Fault, kind: str = "application/json"
    ) -> None:
        chunked = self.server.pim.chunked and kind == LINES
        self.close_connection = not self.server.pim.keeps_connections or fault.cut_at is not None
        self.send_response(status)
        for name, value in {"Content-Type": kind, **fault.headers}.items():
            self.send_header(name, value)
        if self.close_connection and fault.cut_at is None:
            self.send_header("Connection", "close")
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
            body = b"".join(map(_chunk, _joined(lines))) + b"0\r\n\r\n"
        else:
            body = b"".join(_joined(lines))
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self._write(body[: fault.cut_at], fault.pause_s)

    def _write(self, body: bytes, pause_s: float) -> None:
        for piece in (body[i : i + 1] for i in range(len(body))) if pause_s else [body]:
            self.wfile.write(piece)
            time.sleep(pause_s)


def _joined(lines: list[bytes]) -> list[bytes]:
    return [line if i == 0 else b"\n" + line for i, line in enumerate(lines)]


def _chunk(piece: bytes) -> bytes:
    return f"{len(piece):x}\r\n".encode() + piece + b"\r\n"


def _error(code: int, message: str) -> dict[str, object]:
    return {"code": code, "message": message}
