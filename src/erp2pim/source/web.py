"""Files on the web: fetched from hosts that the configuration names, and from nowhere inside."""

import errno
import hashlib
import http.client
import ipaddress
import os
import socket
import ssl
import tempfile
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from erp2pim import __version__

_PIECE = 64 * 1024
_SILENCE_S = 30
_LONGEST_S = 300.0
_MOST_HOPS = 5
_MOST_BYTES = 100 * 1024 * 1024
_PORTS = {"https": 443, "http": 80}
_MOVED = frozenset({301, 302, 303, 307, 308})
_NEVER = tuple(
    map(
        ipaddress.ip_network,
        (
            # They stand for others: what they lead to cannot be told from them (RFC 3056, 6052).
            "2002::/16",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            # The link-local services of AWS, also its credentials (AWS, IPv6 on AWS).
            "fd00:ec2::/32",
        ),
    )
)
# Outside of the latter IPv6 has none (IANA, IPv6 Global Unicast Address Assignments).
_PUBLIC = tuple(map(ipaddress.ip_network, ("0.0.0.0/0", "2000::/3")))


class UnfetchableError(Exception):
    """A file cannot be fetched; the text says why, or what is expected instead."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched, kept on disk while it is needed.

    Attributes:
        size: Its bytes.
        digest: SHA-256 of them, in hexadecimal digits.
    """

    size: int
    digest: str
    _file: IO[bytes]

    def pieces(self) -> Iterator[bytes]:
        """Give its bytes, from the start."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece


@dataclass(frozen=True, slots=True)
class Web:
    """What of the web may be fetched.

    Attributes:
        hosts: Names of hosts, `*.example.com` for all below one; with a port where it is not that
            of the scheme.
        allow_http: Whether http:// may be used.
        allow_private: Whether a host may have an address on this machine or in a private network.
            Link-local addresses and their like, where clouds keep their secrets, are never asked.
    """

    hosts: Sequence[str]
    allow_http: bool = False
    allow_private: bool = False

    def check(self, address: str) -> SplitResult:
        """Take an address apart that may be fetched, as far as can be told without asking for it.

        Raises:
            UnfetchableError: It may not.
        """
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise UnfetchableError(f"an address that can be read is expected: {error}") from error
        if parts.scheme == "http" and not self.allow_http:
            raise UnfetchableError("an address with https:// is expected, or media.allow_http")
        if parts.scheme not in _PORTS:
            raise UnfetchableError("an address with https:// is expected")
        if parts.username is not None or parts.password is not None:
            raise UnfetchableError("an address without user and password is expected")
        host = parts.hostname or ""
        usual = _PORTS[parts.scheme]
        named = host if port in {None, usual} else f"{host}:{port}"
        names = {named, f"{host}:{port or usual}"}
        if not any(_fits(name, pattern) for name in names for pattern in self.hosts):
            raise UnfetchableError(f"a host of media.hosts is expected; this one is {named}")
        return parts

    @contextmanager
    def fetched(self, address: str, most_bytes: int | None) -> Generator[Fetched]:
        """Fetch a file to a temporary one that goes when the block ends.

        Args:
            address: Where it lies.
            most_bytes: A larger one is not fetched; None for 100 MB.

        Raises:
            UnfetchableError: It cannot or must not be fetched.
        """
        with ExitStack() as stack:
            try:
                file = stack.enter_context(tempfile.TemporaryFile(buffering=0, prefix="erp2pim-"))
                size, digest = self._fetch(address, most_bytes or _MOST_BYTES, file)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise UnfetchableError(f"the file cannot be fetched: {_why(error)}") from error
            yield Fetched(size, digest, file)

    def _fetch(self, address: str, most_bytes: int, file: IO[bytes]) -> tuple[int, str]:
        """Follow redirects, each of which must be allowed, to the file; write it."""
        for _ in range(_MOST_HOPS + 1):
            parts = self.check(address)
            with self._connected(parts) as connection:
                connection.request("GET", _target(parts), headers=_HEADERS)
                with connection.getresponse() as answer:
                    if answer.status not in _MOVED:
                        return _save(answer, most_bytes, file)
                    address = urljoin(address, answer.getheader("Location") or "")
        raise UnfetchableError(f"at most {_MOST_HOPS} redirects are expected")

    @contextmanager
    def _connected(self, parts: SplitResult) -> Generator[http.client.HTTPConnection]:
        """Connect to an address that was checked, so that no later answer of the DNS counts."""
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or _PORTS[parts.scheme]
        connection = _Connection(host, port, self._addresses(host, port), parts.scheme)
        watch = threading.Timer(_LONGEST_S, connection.break_off)
        watch.daemon = True
        watch.start()
        try:
            yield connection
        finally:
            watch.cancel()
            connection.close()

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        """Give the addresses of a host, all of which must be allowed."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        for address in addresses:
            if not _is_allowed(address, allow_private=self.allow_private):
                raise UnfetchableError(
                    f"a public address is expected; {host} has {address}: media.allow_private lets"
                    " it be asked if it is no link-local one"
                )
        return addresses


class _Connection(http.client.HTTPConnection):
    """A connection to one of some addresses, whatever the DNS says now."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], scheme: str) -> None:
        super().__init__(host, port, timeout=_SILENCE_S)
        self.default_port = _PORTS[scheme]
        self._addresses = addresses
        self._scheme = scheme
        self._asked: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the first address that answers."""
        for number, address in enumerate(self._addresses, start=1):
            try:
                self.sock = socket.create_connection((address, self.port), _SILENCE_S)
                break
            except OSError:
                if number == len(self._addresses):
                    raise
        self._asked = self.sock
        if self._scheme == "https":
            self.sock = self._asked = _trust().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def break_off(self) -> None:
        """End an exchange that does not end by itself."""
        if self._asked is not None:
            with suppress(OSError):  # it has ended
                self._asked.shutdown(socket.SHUT_RDWR)


_HEADERS = {"User-Agent": f"erp2pim/{__version__}", "Accept-Encoding": "identity"}


def _trust() -> ssl.SSLContext:
    """Trust what the machine trusts, and the authority that REQUESTS_CA_BUNDLE names."""
    context = ssl.create_default_context()
    if bundle := os.environ.get("REQUESTS_CA_BUNDLE"):
        is_folder = Path(bundle).is_dir()
        context.load_verify_locations(**{"capath" if is_folder else "cafile": bundle})
    return context


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    return f"{path}?{query}" if query else path


def _save(answer: http.client.HTTPResponse, most_bytes: int, file: IO[bytes]) -> tuple[int, str]:
    """Write the body of an answer; give its size and digest."""
    if answer.status != HTTPStatus.OK:
        raise UnfetchableError(f"the file cannot be fetched: HTTP {answer.status}")
    if answer.getheader("Content-Encoding", "identity") != "identity":
        raise UnfetchableError("the file as it is is expected; the server has packed it")
    if answer.length is None and not answer.chunked:
        raise UnfetchableError("an answer that says how long it is is expected")
    size, digest = 0, hashlib.sha256()
    while piece := answer.read(_PIECE):
        size += len(piece)
        if size > most_bytes:
            limit = most_bytes / 1024 / 1024
            raise UnfetchableError(f"a file of at most {limit:g} MB is expected")
        digest.update(piece)
        if file.write(piece) < len(piece):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if answer.length:
        raise UnfetchableError("the file cannot be fetched: the answer was cut")
    if size == 0:
        raise UnfetchableError("a file with something in it is expected; this one is empty")
    return size, digest.hexdigest()


def _fits(host: str, pattern: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _is_allowed(address: str, *, allow_private: bool) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    plain = getattr(found, "ipv4_mapped", None) or found
    if plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        return False
    if any(plain in net for net in _NEVER):
        return False
    return allow_private or (plain.is_global and any(plain in net for net in _PUBLIC))


def _why(error: Exception) -> str:
    """Say in a few words what went wrong; the text of an answer is not among them."""
    match error:
        case ssl.SSLCertVerificationError():
            return "the certificate is not trusted"
        case socket.gaierror() | UnicodeError():
            return "the host's name is not known"
        case TimeoutError():
            return "no answer in time"
        case OSError() if error.strerror:
            return error.strerror
        case _:
            return f"no usable answer ({type(error).__name__})"
