"""A proxy on loopback that hates what passes through it; it knows HTTP and nothing of erp2pim.

What it does to a request is drawn from a seed.
"""

import json
import random
import socket
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from typing import IO
from urllib.parse import urlsplit

from tests.support.malice import ENDING, FAULTS, LARGE, Answered, Asked, Draw, Visit


class Hostile:
    """The proxy.

    Args:
        target: The PIM's address.
        seed: Of all that is drawn.
        share: The part of requests that meet a fault.

    Attributes:
        share: The same; 0 lets everything pass.
        url: Where it listens.
        met: How often each fault was met.
        strayed: Requests that followed a redirect to another host.
    """

    def __init__(self, target: str, *, seed: int, share: float) -> None:
        self.share = share
        self.met: Counter[str] = Counter()
        self.strayed: list[bytes] = []
        address = urlsplit(target)
        self._target = (address.hostname or "", address.port or 80)
        self._draw = random.Random(seed)  # noqa: S311  # no secret
        self._lock = threading.Lock()
        self._old: deque[Answered] = deque(maxlen=50)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._elsewhere = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._away = f"http://127.0.0.1:{self._elsewhere.getsockname()[1]}/api/oauth/v1/token"

    def serve(self) -> None:
        """Serve in threads of their own until it is closed."""
        for listener, with_each in (
            (self._listener, self._connection),
            (self._elsewhere, self._stray),
        ):
            threading.Thread(target=self._accept, args=(listener, with_each), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        for listener in (self._listener, self._elsewhere):
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _accept(self, listener: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=serve, args=(client,), daemon=True).start()

    def _stray(self, client: socket.socket) -> None:
        with closing(client), suppress(OSError):
            self.strayed.append(client.recv(65536))

    def _connection(self, client: socket.socket) -> None:
        with closing(client), suppress(OSError, ValueError):
            client.settimeout(120)
            stream = client.makefile("rb")
            while (asked := _asked(stream)) is not None:
                if not self._answer(client, asked):
                    return

    def _answer(self, client: socket.socket, asked: Asked) -> bool:
        """Answer a request; say whether the connection goes on."""
        with self._lock:
            draw = random.Random(self._draw.getrandbits(64))  # noqa: S311  # no secret
            faults = FAULTS[asked.kind]
            names = [n for n in faults if n != "forbid-large" or len(asked.body) > LARGE]
            weights = [0.1 if each in ENDING else 1 for each in names]
            name = draw.choices(names, weights)[0] if draw.random() < self.share else ""
            self.met[name or "none"] += 1
        visit = Visit(client, asked, draw, self._away, self._forward, self._replay)
        if not name:
            client.sendall(visit.answer().raw())
            return True
        return faults[name](visit)

    def _forward(self, asked: Asked) -> Answered:
        answered = exchange(self._target, asked)
        with self._lock:
            if asked.kind == "lines" and answered.status == 200:
                self._old.append(answered)
        return answered

    def _replay(self, asked: Asked, draw: Draw) -> bytes | None:
        """Give an earlier answer to other lines than these."""
        sent = {next(iter(json.loads(line).values())) for line in asked.body.splitlines()}
        with self._lock:
            old = draw.choice(self._old) if self._old else None
        if old is None or sent & {
            json.loads(x).get("identifier", json.loads(x).get("code"))
            for x in old.body.splitlines()
        }:
            return None
        return old.raw()


def exchange(target: tuple[str, int], asked: Asked) -> Answered:
    """Ask the PIM over a connection of its own."""
    with closing(socket.create_connection(target, timeout=120)) as upstream:
        kept = [f"{name}: {value}" for name, value in asked.headers.items() if name != "connection"]
        head = "\r\n".join([asked.line, *kept, "connection: close", "", ""])
        upstream.sendall(head.encode("latin-1") + asked.body)
        stream = upstream.makefile("rb")
        status = int(stream.readline().split()[1])
        headers = _headers(stream)
        if headers.get("transfer-encoding") != "chunked":
            return Answered(status, headers, stream.read())
        body = b""
        while size := int(stream.readline(), 16):
            body += stream.read(size)
            stream.readline()
        return Answered(status, headers, body)


def _asked(stream: IO[bytes]) -> Asked | None:
    line = stream.readline().decode("latin-1").strip()
    if not line:
        return None
    headers = _headers(stream)
    return Asked(line, headers, stream.read(int(headers.get("content-length", "0"))))


def _headers(stream: IO[bytes]) -> dict[str, str]:
    found: dict[str, str] = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        found[name.strip().lower()] = value.strip()
    return found


@contextmanager
def hostile(target: str, *, seed: int, share: float) -> Generator[Hostile]:
    """Serve a hostile proxy before the PIM at an address."""
    proxy = Hostile(target, seed=seed, share=share)
    proxy.serve()
    try:
        yield proxy
    finally:
        proxy.close()
