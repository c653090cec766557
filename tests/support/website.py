"""A web site on loopback that serves what a test puts there."""

import ssl
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True)
class Page:
    """One answer.

    Attributes:
        body: Its body.
        status: Its status.
        headers: Its headers, besides the length of the body.
        length: The length that it claims; None for the body's own, 0 to claim none.
        hangs: Whether it stays open behind the body until the test is over.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    hangs: bool = False


@dataclass
class Site:
    """The site.

    Attributes:
        host: Its address and port.
        pages: Answers by path with query; all else is not found.
        requests: Path and headers of each request.
        over: Set when the test is over.
    """

    host: str
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://{self.host}"


@contextmanager
def website(certificate: Path | None = None) -> Generator[Site]:
    """Serve a site while the context lasts; by https where a file holds a certificate and a key."""
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.requests.append((self.path, dict(self.headers.items())))
            page = site.pages.get(self.path, Page(status=404))
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            length = len(page.body) if page.length is None else page.length
            if length:
                self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(page.body)
            self.wfile.flush()
            if page.hangs:
                site.over.wait(30)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        site.host = f"127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield site
        finally:
            site.over.set()
            server.shutdown()
            thread.join()
