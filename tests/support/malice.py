"""What a hostile proxy does to one request, or to the answer to it.

No fault invents a verdict on a line: whatever reads the answers with care can find out what the
PIM has said, or that it has not.
"""

import random
import socket
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

HTML = b"<html>\x1b]0;owned\x07<h1>Sorry</h1>" + b"<p>Come back later.</p>" * 40
TOO_LONG_S = 1.6  # longer than the client waits
LARGE = 4_000
CHUNKED = {"Content-Length": "", "Transfer-Encoding": "chunked"}
Draw: TypeAlias = random.Random


@dataclass(frozen=True)
class Asked:
    """A request as it came: its first line, its headers with lower-case names, its body."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """Which fault suits it: `token`, `refresh`, `lines` or `read`."""
        if "/oauth/" in self.line:
            return "refresh" if b'"refresh_token"' in self.body else "token"
        return "lines" if self.line.startswith("PATCH") and self.body else "read"


@dataclass(frozen=True)
class Answered:
    """The PIM's whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def raw(self, headers: Mapping[str, str] | None = None, *, body: bytes | None = None) -> bytes:
        """Give it as bytes on the wire, with another body or other headers where named."""
        content = self.body if body is None else body
        told = {"Content-Type": self.headers.get("content-type", "text/plain")}
        told |= {"Content-Length": str(len(content))}
        told |= headers or {}
        lines = [f"HTTP/1.1 {self.status} Whatever", *(f"{n}: {v}" for n, v in told.items() if v)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


@dataclass(frozen=True)
class Visit:
    """One request at the proxy, and what can be done with it."""

    client: socket.socket
    asked: Asked
    draw: Draw
    away: str
    forward: Callable[[Asked], Answered] = field(repr=False)
    replay: Callable[[Asked, Draw], bytes | None] = field(repr=False)

    def answer(self) -> Answered:
        """Let the PIM answer."""
        return self.forward(self.asked)

    def send(self, data: bytes, *, goes_on: bool = False) -> bool:
        """Send bytes, and say whether the connection goes on."""
        self.client.sendall(data)
        return goes_on

    def reset(self) -> bool:
        """Let the connection end with RST."""
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False


Fault: TypeAlias = Callable[[Visit], bool]


def _closes(data: Callable[[Visit], bytes]) -> Fault:
    """Send bytes that need not be HTTP, and close."""
    return lambda visit: visit.send(data(visit))


def _refuses(
    status: int, headers: Mapping[str, str] | None = None, *, works: bool = False
) -> Fault:
    """Answer a status with a page for people, whether or not the PIM has done the work."""

    def fault(visit: Visit) -> bool:
        if works:
            visit.answer()
        page = Answered(status, {"content-type": "text/html"}, HTML)
        return visit.send(page.raw(headers), goes_on=True)

    return fault


def _cuts(visit: Visit) -> bool:
    """End an answer anywhere, also within a line."""
    whole = visit.answer().raw()
    return visit.send(whole[: visit.draw.randrange(len(whole))])


def _cuts_chunks(visit: Visit) -> bool:
    answer = visit.answer()
    head = answer.raw(CHUNKED, body=b"")
    half = answer.body[: visit.draw.randrange(len(answer.body) + 1)]
    return visit.send(head + b"%x\r\n" % (len(half) + 7) + half)


def _breaks_chunks(visit: Visit) -> bool:
    answer = visit.answer()
    head = answer.raw(CHUNKED, body=b"")
    size = visit.draw.choice([b"", b"-5", b"zz", b"f" * 40, b"0x10"])
    return visit.send(head + size + b"\r\n" + answer.body + b"\r\n0\r\n\r\n")


def _miscounts(visit: Visit) -> bool:
    """Declare another length; what is behind it stays on the connection."""
    answer = visit.answer()
    length = visit.draw.choice([len(answer.body) // 2, len(answer.body) + 9, -1, "many", 10**30])
    return visit.send(
        answer.raw({"Content-Length": str(length)}), goes_on=visit.draw.random() < 0.5
    )


def _trickles(visit: Visit) -> bool:
    data = visit.answer().raw()
    for start in range(0, len(data), max(1, len(data) // 40)):
        visit.send(data[start : start + max(1, len(data) // 40)])
        time.sleep(0.01)
    return True


def _is_late(visit: Visit) -> bool:
    data = visit.answer().raw()
    time.sleep(TOO_LONG_S)
    return visit.send(data, goes_on=True)


def _stalls(visit: Visit) -> bool:
    """Send a part, and no more in time."""
    data = visit.answer().raw()
    visit.send(data[: visit.draw.randrange(len(data))])
    time.sleep(TOO_LONG_S)
    return False


def _resets(visit: Visit) -> bool:
    return visit.reset()


def _works_and_resets(visit: Visit) -> bool:
    whole = visit.answer().raw()
    visit.send(whole[: visit.draw.randrange(len(whole))])
    return visit.reset()


def _floods(visit: Visit) -> bool:
    """Answer with more headers, or a longer one, than anyone reads."""
    many = {f"X-{n}": "flood" for n in range(500)}
    return visit.send(visit.answer().raw(visit.draw.choice([many, {"X": "flood" * 20_000}])))


def _redirects(visit: Visit) -> bool:
    status = visit.draw.choice([301, 302, 303, 307, 308])
    page = Answered(status, {"content-type": "text/html"}, HTML)
    return visit.send(page.raw({"Location": visit.away}), goes_on=True)


def _asks_to_wait(visit: Visit) -> bool:
    moment = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 1))
    wait = visit.draw.choice(["0", "1", moment, "soon", "-3", "", "\x85"])
    return _refuses(visit.draw.choice([429, 503]), {"Retry-After": wait})(visit)


def _forbids_large(visit: Visit) -> bool:
    return _refuses(visit.draw.choice([403, 413]))(visit)


def _replays(visit: Visit) -> bool:
    """Give an old answer in place of this one, whether or not the PIM has done the work."""
    old = visit.replay(visit.asked, visit.draw)
    if visit.draw.random() < 0.5:
        visit.answer()
    return visit.send(old or visit.answer().raw(), goes_on=True)


def _mixes_up(visit: Visit) -> bool:
    """Give the answer, and behind it an old one that nobody has asked for."""
    old = visit.replay(visit.asked, visit.draw)
    return visit.send(visit.answer().raw() + (old or b""), goes_on=True)


def _pretends_packed(visit: Visit) -> bool:
    return visit.send(visit.answer().raw({"Content-Encoding": "gzip"}), goes_on=True)


def _begins_before(visit: Visit) -> bool:
    early = b"HTTP/1.1 100 Continue\r\n\r\n" * 3
    return visit.send(early + visit.answer().raw(), goes_on=True)


def _spoils(change: Callable[[list[bytes], Draw], Sequence[bytes]]) -> Fault:
    """Change the lines of an answer."""

    def fault(visit: Visit) -> bool:
        answer = visit.answer()
        lines = change(answer.body.split(b"\n"), visit.draw)
        return visit.send(answer.raw(body=b"\n".join(lines)), goes_on=True)

    return fault


def _dropped(lines: list[bytes], draw: Draw) -> Sequence[bytes]:
    return [line for line in lines if draw.random() < 0.6]


def _doubled(lines: list[bytes], draw: Draw) -> Sequence[bytes]:
    return [line for line in lines for _ in range(draw.choice([1, 2, 3]))]


def _shuffled(lines: list[bytes], draw: Draw) -> Sequence[bytes]:
    return draw.sample(lines, len(lines))


def _garbled(lines: list[bytes], draw: Draw) -> Sequence[bytes]:
    """Put bytes into lines that make them no JSON, or no verdict on a line of ours."""
    return [
        line if draw.random() < 0.5 else draw.choice(GARBAGE).replace(b"@", line) for line in lines
    ]


GARBAGE = (
    *(b"@@", b"@}", b"{@", b"\x00@", b"\xff\xfe@", b"<p>@</p>", b"[@]", b"null", b"", b"17"),
    b'{"line":0,"status_code":204}',
    b'{"line":true,"status_code":204}',
    b'{"line":1.0,"status_code":204}',
    b'{"line":"1","status_code":204}',
    b'{"line":123456789012345678901234567890,"status_code":204}',
    b'{"line":1,"status_code":999}',
    b'{"line":1,"status_code":null}',
    b'{"line":1,"identifier":"\\ud800","status_code":204}',
    b'{"line":1,"status_code":500,"message":"\\u001b]0;owned\\u0007"}',
    b"[" * 5000,
    b"x" * 100_000,
)
_ANYWHERE: Mapping[str, Fault] = {
    "cut-before": _closes(lambda _: b""),
    "cut-after": _closes(lambda visit: visit.answer().body[:0]),
    "cut": _cuts,
    "cut-chunks": _cuts_chunks,
    "broken-chunks": _breaks_chunks,
    "wrong-length": _miscounts,
    "reset-before": _resets,
    "reset-after": _works_and_resets,
    "trickle": _trickles,
    "late": _is_late,
    "stall": _stalls,
    "header-flood": _floods,
    "no-http": _closes(lambda visit: visit.draw.randbytes(300)),
    "no-gzip": _pretends_packed,
    "early-hints": _begins_before,
    "wait": _asks_to_wait,
    "408": _refuses(408),
    "500": _refuses(500),
    "502": _refuses(502),
    "502-after": _refuses(502, works=True),
    "503": _refuses(503),
    "504": _refuses(504),
    "504-after": _refuses(504, works=True),
    "200-empty": _closes(lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    "200-page": _refuses(200),
    "redirect": _redirects,
    "401": _refuses(401),
}
FAULTS: Mapping[str, Mapping[str, Fault]] = {
    "token": _ANYWHERE,
    "refresh": {**_ANYWHERE, "refused-refresh": _refuses(422), "forbidden-refresh": _refuses(403)},
    "read": _ANYWHERE,
    "lines": {
        **_ANYWHERE,
        "forbid-large": _forbids_large,
        "replay": _replays,
        "mix-up": _mixes_up,
        "drop-lines": _spoils(_dropped),
        "double-lines": _spoils(_doubled),
        "shuffle-lines": _spoils(_shuffled),
        "garble-lines": _spoils(_garbled),
    },
}
ENDING = {"redirect"}  # no try after it can help: it is to be met, but seldom
