"""Files are fetched from the hosts that are named, and from nowhere inside."""

import hashlib
import socket
from collections.abc import Generator, Sequence

import pytest

from erp2pim.source import web
from erp2pim.source.web import UnfetchableError, Web
from tests.support.website import Page, Site, website

NAMED = Web(["img.example.com", "*.cdn.example", "old.example:8080"])


@pytest.fixture
def site() -> Generator[Site]:
    with website() as served:
        yield served


def inside(site: Site, *more: str) -> Web:
    return Web([site.host, *more], allow_http=True, allow_private=True)


def fetch(there: Web, address: str, most: int | None = None) -> bytes:
    with there.fetched(address, most) as file:
        whole = b"".join(file.pieces())
        assert b"".join(file.pieces()) == whole
        assert (file.size, file.digest) == (len(whole), hashlib.sha256(whole).hexdigest())
        return whole


def why(there: Web, address: str, most: int | None = None) -> str:
    with pytest.raises(UnfetchableError) as raised:
        fetch(there, address, most)
    return str(raised.value)


def resolve(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every host have these addresses; give the hosts that are asked for."""
    asked: list[str] = []

    real = socket.getaddrinfo

    def found(host: str, port: int, *args: int, **more: int) -> Sequence[object]:
        if not host.endswith(".com"):  # an address already
            return real(host, port, *args, **more)
        asked.append(host)
        return [(0, 0, 0, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "https://img.example.com/a.jpg",
        "https://IMG.example.com:443/a.jpg",
        "https://a.cdn.example/a.jpg",
        "https://a.b.cdn.example/?id=5",
        "https://old.example:8080/a.jpg",
    ],
)
def test_an_address_of_a_named_host_may_be_fetched(address: str) -> None:
    assert NAMED.check(address).scheme == "https"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("https://example.com/a.jpg", "a host of media.hosts is expected; this one is example.com"),
        ("https://img.example.com.evil.example/", "a host of media.hosts is expected"),
        ("https://evilcdn.example/", "a host of media.hosts is expected"),
        ("https://cdn.example/", "a host of media.hosts is expected"),
        ("https://img.example.com:22/a", "this one is img.example.com:22"),
        ("https://old.example/a", "a host of media.hosts is expected"),
        ("https://img.example.com@evil.example/", "an address without user and password"),
        ("https://u:p@img.example.com/", "an address without user and password is expected"),
        ("http://img.example.com/a.jpg", "an address with https:// is expected, or media.allow"),
        ("ftp://img.example.com/a.jpg", "an address with https:// is expected"),
        ("file:///etc/passwd", "an address with https:// is expected"),
        ("https://[::1/", "an address that can be read is expected"),
        ("https://img.example.com:x/", "an address that can be read is expected"),
        ("https:///a.jpg", "a host of media.hosts is expected"),
    ],
)
def test_any_other_address_is_refused_before_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, address: str, message: str
) -> None:
    asked = resolve(monkeypatch, "127.0.0.1")

    assert message in why(NAMED, address)

    assert asked == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "100.64.0.1", "::1", "fc00::1",
     "::ffff:10.0.0.1"],
)  # fmt: skip
@pytest.mark.parametrize("others", [(), ("93.184.216.34",)], ids=["alone", "beside a public one"])
def test_a_host_inside_of_the_network_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, address: str, others: tuple[str, ...]
) -> None:
    resolve(monkeypatch, *others, address)

    message = f"a public address is expected; img.example.com has {address}"
    assert why(NAMED, "https://img.example.com/a.jpg").startswith(message)


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "fe80::1%eth0", "::ffff:169.254.169.254", "0.0.0.0", "::", "224.0.0.1",  # noqa: S104  not bound to
     "64:ff9b::7f00:1", "2002:7f00:1::"],
)  # fmt: skip
@pytest.mark.parametrize("allowed", [True, False], ids=["private allowed", "not allowed"])
def test_what_is_no_hosts_own_address_is_never_asked(
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    allowed: bool,  # noqa: FBT001  pytest gives it by name
) -> None:
    resolve(monkeypatch, address)
    there = Web(["img.example.com"], allow_private=allowed)

    assert "a public address is expected" in why(there, "https://img.example.com/a.jpg")


def test_what_was_checked_is_what_is_asked(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    port = site.host.rpartition(":")[2]
    site.pages["/a.jpg"] = Page(b"content")
    asked = resolve(monkeypatch, "127.0.0.1")
    there = inside(site, f"img.example.com:{port}")

    assert fetch(there, f"http://img.example.com:{port}/a.jpg") == b"content"

    assert asked == ["img.example.com"]
    assert site.requests[0][1]["Host"] == f"img.example.com:{port}"


def test_a_file_is_fetched_without_credentials(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    content = bytes(range(256)) * 1000
    site.pages["/Gr%C3%B6%C3%9Fe%201/a.jpg?w=1&h=%20"] = Page(content)

    assert fetch(inside(site), f"{site.url}/Größe 1/a.jpg?w=1&h=%20") == content

    ((_, headers),) = site.requests
    assert set(headers) == {"Host", "User-Agent", "Accept-Encoding"}


def test_redirects_are_followed_to_named_hosts_alone(site: Site) -> None:
    site.pages["/a"] = Page(status=302, headers={"Location": "/b", "Set-Cookie": "x=1"})
    site.pages["/b"] = Page(status=301, headers={"Location": f"{site.url}/c.jpg"})
    site.pages["/c.jpg"] = Page(b"content")
    site.pages["/out"] = Page(status=302, headers={"Location": "http://evil.example/c.jpg"})
    site.pages["/file"] = Page(status=302, headers={"Location": "file:///etc/passwd"})
    site.pages["/round"] = Page(status=302, headers={"Location": "/round"})

    assert fetch(inside(site), f"{site.url}/a") == b"content"
    assert "Cookie" not in site.requests[-1][1]
    assert "this one is evil.example" in why(inside(site), f"{site.url}/out")
    assert "an address with https:// is expected" in why(inside(site), f"{site.url}/file")
    site.requests.clear()
    assert why(inside(site), f"{site.url}/round") == "at most 5 redirects are expected"
    assert len(site.requests) == 6


BAD = {
    "missing": (Page(status=404), "the file cannot be fetched: HTTP 404"),
    "without an answer": (Page(status=204), "the file cannot be fetched: HTTP 204"),
    "empty": (Page(length=None, headers={"Content-Length": "0"}), "this one is empty"),
    "cut": (Page(b"0123", length=9), "the file cannot be fetched: the answer was cut"),
    "of unknown length": (Page(b"0123", length=0), "an answer that says how long it is"),
    "packed": (Page(b"0", headers={"Content-Encoding": "gzip"}), "the server has packed it"),
    "too large": (Page(b"0" * 101), "a file of at most "),
    "too large, cut in pieces": (
        Page(b"ff\r\n" + b"0" * 255 + b"\r\n0\r\n\r\n", length=0,
             headers={"Transfer-Encoding": "chunked"}),
        "a file of at most ",
    ),
    "broken pieces": (
        Page(b"5\r\n01", length=0, headers={"Transfer-Encoding": "chunked"}),
        "no usable answer (IncompleteRead)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.replace(" ", "-"))
def test_what_cannot_be_fetched_whole_is_told(site: Site, case: str) -> None:
    site.pages["/a.jpg"], message = BAD[case]

    assert message in why(inside(site), f"{site.url}/a.jpg", 100)


def test_a_site_that_is_down_is_told(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    told = why(inside(site, f"127.0.0.1:{port}"), f"http://127.0.0.1:{port}/")

    assert told == "the file cannot be fetched: Connection refused"


def test_an_answer_that_does_not_end_is_broken_off(
    monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    monkeypatch.setattr(web, "_LONGEST_S", 0.2)
    site.pages["/a.jpg"] = Page(b"0123", length=9, hangs=True)

    told = why(inside(site), f"{site.url}/a.jpg")

    assert told == "the file cannot be fetched: the answer was cut"
