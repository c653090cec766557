"""Files are fetched from the hosts that are named, and from nowhere inside."""

import hashlib
import shutil
import socket
import subprocess
from collections.abc import Callable, Generator, Sequence
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from erp2pim.source import web
from erp2pim.source.web import UnfetchableError, Web
from tests.support.website import Page, Site, website

NAMED = Web(["img.example.com", "*.cdn.example", "old.example:8080", "new.example:443"])


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
        "https://new.example/a.jpg",
        "https://new.example:443/a.jpg",
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
     "::ffff:10.0.0.1", "::10.0.0.1", "fec0::1", "4000::1"],
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
     "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "fd00:ec2::254"],
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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of img.example.com that nobody knows, with its key, in a folder of its own."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("trusted")
    made = (
        "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=test"
        f" -addext subjectAltName=DNS:img.example.com -keyout {folder}/key -out {folder}/cert"
    )
    subprocess.run([openssl, *made.split()], check=True, capture_output=True)
    told = [openssl, "x509", "-hash", "-noout", "-in", f"{folder}/cert"]
    name = subprocess.run(told, check=True, capture_output=True, text=True).stdout.strip()
    both = folder / f"{name}.0"  # by which OpenSSL finds it in a folder
    both.write_bytes((folder / "cert").read_bytes() + (folder / "key").read_bytes())
    return both


def test_a_host_is_asked_by_https_where_its_certificate_is_trusted(
    monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    resolve(monkeypatch, "127.0.0.1")
    with website(certificate) as site:
        port = site.host.rpartition(":")[2]
        there = Web([f"*.example.com:{port}"], allow_private=True)
        site.pages["/a.jpg"] = Page(b"content")
        address = f"https://img.example.com:{port}/a.jpg"

        assert why(there, address).endswith(": the certificate is not trusted")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        assert fetch(there, address) == b"content"
        assert why(there, address.replace("img", "other")).endswith(" is not trusted")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.parent))
        assert fetch(there, address) == b"content"
        assert [headers["Host"] for _, headers in site.requests] == [f"img.example.com:{port}"] * 2


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


def test_a_site_that_never_says_who_it_is_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_LONGEST_S", 0.2)
    monkeypatch.setattr(web, "_SILENCE_S", 5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"

        told = why(Web([host], allow_private=True), f"https://{host}/a.jpg")

    assert told.startswith("the file cannot be fetched: ")
    assert told != "the file cannot be fetched: no answer in time"


def test_a_name_that_no_host_can_have_is_told() -> None:
    told = why(NAMED, f"https://{'a' * 64}.cdn.example/")

    assert told == "the file cannot be fetched: the host's name is not known"


class Narrow(FileIO):
    """A file on a disk that has three bytes left."""

    def write(self, data: Any, /) -> int:  # noqa: ANN401  Buffer is of Python 3.12
        return super().write(bytes(data)[:3])


FULL: dict[str, Callable[[Path], FileIO]] = {
    "full": lambda _: FileIO("/dev/full", "w+"),
    "almost full": lambda folder: Narrow(folder / "file", "w+"),
}


@pytest.mark.parametrize("disk", FULL)
def test_a_full_disk_is_told_before_the_file_is_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: Site, disk: str
) -> None:
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: FULL[disk](tmp_path))
    site.pages["/a.jpg"] = Page(b"content")

    told = why(inside(site), f"{site.url}/a.jpg")

    assert told == "the file cannot be fetched: No space left on device"


def test_a_folder_for_temporary_files_that_is_gone_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))

    told = why(NAMED, "https://img.example.com/a.jpg")

    assert told == "the file cannot be fetched: No such file or directory"
