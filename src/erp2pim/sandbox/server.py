"""The sandbox as a server on loopback."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import resources
from typing import Final, TypeAlias

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from erp2pim.sandbox.app import build
from erp2pim.sandbox.database import Database
from erp2pim.sandbox.faults import Application, Environ, Faults, Headers, StartResponse, check_names
from erp2pim.sandbox.oauth import Tokens
from erp2pim.sandbox.php import Object
from erp2pim.sandbox.reading import show
from erp2pim.sandbox.refusal import Crash
from erp2pim.sandbox.store import Store
from erp2pim.sandbox.structure import load
from erp2pim.sandbox.traffic import Traffic

Write: TypeAlias = Callable[[bytes], object]

POLL_S: Final = 0.02


class Connection(WSGIRequestHandler):
    """One kept-alive HTTP/1.1 connection.

    Werkzeug's own handler closes the connection after every answer, because an application may
    leave part of a request unread; the sandbox's never does.
    """

    protocol_version = "HTTP/1.1"

    def run_wsgi(self) -> None:
        """Serve one request; whatever breaks off the answer closes the connection."""
        self.environ = self.make_environ()
        chunked = False

        def start_response(status: str, headers: Headers, _error: object = None) -> Write:
            nonlocal chunked
            code, _, reason = status.partition(" ")
            self.send_response_only(int(code), reason)
            for name, value in {"Date": self.date_time_string(), **dict(headers)}.items():
                self.send_header(name, value)
            chunked = code != "204" and "Content-Length" not in dict(headers)
            if chunked:
                self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            return self.wfile.write

        try:
            for piece in self.server.app(self.environ, start_response):
                if piece:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            if chunked:
                self.wfile.write(b"0\r\n\r\n")
        except (ConnectionError, TimeoutError, Crash):
            self.close_connection = True

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # werkzeug's name
        """Say nothing: the sandbox serves tests."""


class Server(ThreadedWSGIServer):
    """A threaded server that closes its open connections when it stops."""

    daemon_threads = True

    def __init__(self, port: int, application: Application) -> None:
        self._open: set[socket.socket] = set()
        with socket.create_server(("127.0.0.1", port)) as listener:
            # Werkzeug ends the process when it finds the port taken; this raises OSError.
            super().__init__("127.0.0.1", port, application, Connection, fd=listener.fileno())

    def process_request(self, request: object, client_address: object) -> None:
        """Serve a connection in a thread of its own."""
        if isinstance(request, socket.socket):
            request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(request)
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def shutdown_request(self, request: object) -> None:
        """Close a connection."""
        if isinstance(request, socket.socket):
            self._open.discard(request)
        super().shutdown_request(request)  # type: ignore[arg-type]

    def stop(self) -> None:
        """Take no more connections and close those that are open."""
        self.shutdown()
        self.server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@dataclass(slots=True)
class Sandbox(Traffic):
    """A running sandbox, for tests to look at and to set up.

    Attributes:
        url: Where it serves.
    """

    url: str
    _store: Store
    _tokens: Tokens
    _products: tuple[int, dict[str, Object]] = (-1, {})

    @property
    def products(self) -> dict[str, Object]:
        """The products that have an identifier, by it, as the API returns them."""
        with self._store.lock:
            if self._products[0] != self._store.version:
                shown = {
                    product.code: show(self._store, product, self.url)
                    for product in self._store.products.values()
                    if product.code is not None
                }
                self._products = (self._store.version, dict(sorted(shown.items())))
            return self._products[1]

    def expire_tokens(self) -> None:
        """End the life of all access tokens."""
        self._tokens.expire()

    def revoke_tokens(self) -> None:
        """Make all tokens unknown."""
        self._tokens.revoke()


@contextmanager
def serve(  # noqa: PLR0913  # each is a knob of its own
    *,
    catalog: Mapping[str, object] | None = None,
    port: int = 0,
    faults: Mapping[str, float] | None = None,
    seed: int = 0,
    latency_s: float = 0.0,
    database: str | None = None,
) -> Generator[Sandbox]:
    """Serve a sandbox PIM on loopback while the context lasts.

    Args:
        catalog: The structure, in the form of `catalog.json`; None for the demo catalogue.
        port: 0 for any free one.
        faults: Probability per request of each fault, by name.
        seed: Seed of the draw; the same seed and order of arrival give the same faults.
        latency_s: Time that every request waits before it is looked at.
        database: SQLite file that keeps what requests change; None keeps it in memory.

    Raises:
        NotACatalogError: The catalogue is none.
        ValueError: There is no such fault.
        OSError: The port is taken, or the database is none.
    """
    check_names(faults or {})
    store = Store(load(demo_catalog() if catalog is None else catalog))
    tokens = Tokens()
    sandbox = Sandbox("", store, tokens)
    application = build(store, tokens, sandbox).wsgi_app
    spoiler = Faults(application, sandbox, tokens, faults or {}, seed)

    def delayed(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        time.sleep(latency_s)
        return spoiler(environ, start_response)

    with ExitStack() as stack:
        if database is not None:
            file = stack.enter_context(Database(database))
            file.load(store)
            store.journal, store.commit = file.write, file.commit
        server = Server(port, delayed)
        thread = threading.Thread(target=server.serve_forever, args=(POLL_S,), daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.stop)
        sandbox.url = f"http://127.0.0.1:{server.port}"
        yield sandbox


def demo_catalog() -> Mapping[str, object]:
    """Give the catalogue that the sandbox has when none is named."""
    text = resources.files("erp2pim.sandbox").joinpath("catalog.json").read_text("utf-8")
    content: Mapping[str, object] = json.loads(text)
    return content
