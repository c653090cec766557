"""Inputs that are broken or hostile: each is refused in words, and no request is made."""

import gzip
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, export, item

Put: TypeAlias = Callable[[Desk], Sequence[str]]

GOOD = export([item("A1")]).encode()
BEFORE = b"<Export><Items><Item><Sku>A1</Sku><Name>"
BEHIND = b"</Name></Item></Items></Export>"
AGAIN = "have the ERP write it again"
HUGE = "write `huge: true` under `source`"
ITSELF = "have the ERP write the text itself"


@dataclass(frozen=True)
class Bad:
    """An input that is refused.

    Attributes:
        name: What is wrong with it.
        put: Lays it on the desk and gives the command to run.
        what: What the message must say.
        fix: What it must say about the way out; empty where `what` says it.
        where: What the place that it names must hold.
    """

    name: str
    put: Put
    what: str
    fix: str = ""
    where: str = "export.xml:1:"


def raw(content: bytes, name: str = "export.xml") -> Put:
    """Lay an export of these bytes on the desk."""

    def put(desk: Desk) -> Sequence[str]:
        (desk.folder / name).write_bytes(content)
        return ["sync", str(desk.folder / name)]

    return put


def record(inner: bytes, *, head: bytes = b"") -> Put:
    """Lay an export on the desk whose one name holds these bytes."""
    return raw(head + BEFORE + inner + BEHIND)


def zipped(*names: str) -> Put:
    """Lay a zip archive on the desk that holds a good export under each of these names."""

    def put(desk: Desk) -> Sequence[str]:
        path = desk.folder / "export.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, GOOD)
        return ["sync", str(path)]

    return put


def instead(make: Callable[[Path], object]) -> Put:
    """Let something else than a file stand in an export's place."""

    def put(desk: Desk) -> Sequence[str]:
        make(desk.folder / "export.xml")
        return ["sync", str(desk.folder / "export.xml")]

    return put


def called(name: str) -> Put:
    return lambda _: ["sync", name]


def beside(name: str, content: bytes) -> Put:
    """Put these bytes in a file's place, before a good export is synced."""

    def put(desk: Desk) -> Sequence[str]:
        path = desk.folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_bytes(content)
        return ["sync", desk.export([item("A1")])]

    return put


def mapped(old: str, new: str) -> Put:
    """Change a text of the mapping."""

    def put(desk: Desk) -> Sequence[str]:
        desk.change_mapping(old, new)
        return ["sync", desk.export([item("A1")])]

    return put


def table(content: bytes) -> Put:
    """Let the mapping read these bytes as a table of families."""

    def put(desk: Desk) -> Sequence[str]:
        settings = "{file: families.csv, key: erp, value: pim}"
        desk.change_mapping("products:", f"tables: {{family: {settings}}}\nproducts:")
        desk.change_mapping("family: Group", "family: {path: Group, table: family}")
        return beside("families.csv", content)(desk)

    return put


def configured(old: str, new: str) -> Put:
    """Change a text of the configuration."""

    def put(desk: Desk) -> Sequence[str]:
        text = desk.config.read_text(encoding="utf-8")
        assert old in text
        desk.config.write_text(text.replace(old, new), encoding="utf-8")
        return ["sync", desk.export([item("A1")])]

    return put


def kept(script: str) -> Put:
    """Let a database that this script makes stand where the state is kept."""

    def put(desk: Desk) -> Sequence[str]:
        desk.state.mkdir(mode=0o700)
        with closing(sqlite3.connect(desk.state / "state.db")) as database:
            database.executescript(script)
        return ["sync", desk.export([item("A1")])]

    return put


def declared(*entities: bytes) -> bytes:
    return b"<!DOCTYPE Export [" + b"".join(entities) + b"]>"


LAUGHS = declared(
    b'<!ENTITY e0 "lol">',
    *(b'<!ENTITY e%d "%b">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10)),
)
BLOW_UP = declared(b'<!ENTITY a "' + b"x" * 50_000 + b'">')
XINCLUDE = b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/hosts" parse="text"/>'
ALIASES = b"a0: &a0 [x]\n" + b"".join(
    b"a%d: &a%d [%b]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 10)
)

EXPORTS = [
    Bad("billion laughs", record(b"&e9;", head=LAUGHS), "amplification", HUGE),
    Bad("quadratic blow-up", record(b"&a;" * 50_000, head=BLOW_UP), "amplification", HUGE),
    Bad(
        "blow-up in an attribute",
        record(b"<x y='" + b"&a;" * 50_000 + b"'/>", head=BLOW_UP),
        "amplification",
        HUGE,
    ),
    Bad(
        "entity that holds itself",
        record(b"&a;", head=declared(b'<!ENTITY a "&b;"><!ENTITY b "&a;">')),
        "entity reference loop",
        ITSELF,
    ),
    Bad(
        "external entity",
        record(b"&a;", head=declared(b'<!ENTITY a SYSTEM "file:///etc/hosts">')),
        "Entity 'a' not defined",
        ITSELF,
    ),
    Bad(
        "external parameter entity",
        record(b"x", head=declared(b'<!ENTITY % a SYSTEM "file:///etc/hosts"> %a;')),
        "the export",  # whether lxml comes to ask for the file depends on its version
        "have the ERP write",
        "export.xml",
    ),
    Bad(
        "external DTD",
        record(b"&a;", head=b'<!DOCTYPE Export SYSTEM "http://127.0.0.1:9/export.dtd">'),
        "Entity 'a' not defined",
        ITSELF,
    ),
    Bad("10,000 levels", record(b"<a>" * 10_000 + b"</a>" * 10_000), "Excessive depth", HUGE),
    Bad(
        "100,000 attributes",
        record(b"</Name><x " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/><Name>"),
        "an element has 100000 attributes",
        "no more than 10000",
        "export.xml: record 1, line 1",
    ),
    Bad("text of 11 MB", record(b"x" * 11_000_000), "Text node too long", HUGE),
    Bad("name of 11 MB", record(b"<" + b"x" * 11_000_000), "Name too long", HUGE),
    Bad("Latin-1 as UTF-8", record(b"gr\xfcn"), "Invalid bytes", "windows-1252"),
    Bad(
        "encoding unknown",
        record(b"x", head=b'<?xml version="1.0" encoding="ebcdic-xy"?>'),
        "Unsupported encoding: ebcdic-xy",
        "have the ERP write UTF-8",
    ),
    Bad(
        "UTF-8 as UTF-16",
        record(b"x", head=b'<?xml version="1.0" encoding="utf-16"?>'),
        "not well-formed XML",
        AGAIN,
    ),
    Bad("bare &", record(b"a & b"), "EntityRef: no name", "write &amp; for &"),
    Bad("R&D", record(b"R&D"), "EntityRef: expecting ';'", "`recover: true`"),
    Bad("HTML entity", record(b"a&nbsp;b"), "'nbsp' not defined", "what HTML names"),
    Bad("tag of a number", record(b"<1/>"), "invalid element name", AGAIN),
    Bad("no such prefix", record(b"</Name><g:a/><Name>"), "Namespace prefix g", "declare the"),
    Bad("NUL byte", record(b"a\0b"), "Char 0x0 out of allowed range", "`recover: true`"),
    Bad("NUL by number", record(b"a&#0;b"), "invalid xmlChar value 0", "`recover: true`"),
    Bad("nothing", raw(b""), "the export is empty", "see why the ERP wrote nothing"),
    Bad("BOM alone", raw(b"\xef\xbb\xbf"), "the export is empty", "see why the ERP"),
    Bad("zeros alone", raw(b"\0" * 5000), "the export is empty", "see why the ERP"),
    Bad("another file", raw(b"version: 1\n"), "Start tag expected", "whether this is the export"),
    Bad("HTML", raw(b"<!doctype html>\n<p>502 Bad Gateway"), "is an HTML page", "read it"),
    Bad(
        "XHTML",
        raw(b"<html><body>502 Bad Gateway</body></html>"),
        "the root element is <html>; records are expected at /Export/Items/Item",
        "check source.record",
        "export.xml",
    ),
    Bad("cut", raw(GOOD[:-20]), "not well-formed XML", AGAIN, "export.xml:2:"),
    Bad("two in one", raw(GOOD + GOOD), "not well-formed XML", AGAIN, "export.xml:3:"),
    Bad("cut gz", raw(gzip.compress(GOOD)[:-9], "e.gz"), "cut short", AGAIN, "e.gz"),
    Bad("no gz", raw(GOOD, "e.gz"), "Not a gzipped file", AGAIN, "e.gz"),
    Bad("gz as XML", raw(gzip.compress(GOOD)), "is a gzip archive", "rename it"),
    Bad("no zip", raw(GOOD, "e.zip"), "not a zip file", AGAIN, "e.zip"),
    Bad("zip as XML", raw(b"PK\3\4\0\0"), "is a zip archive", "rename it"),
    Bad("zip of a zip", zipped("e.zip"), "holds 0 XML files", "of its own", "export.zip"),
    Bad("zip of two", zipped("a.xml", "b.xml"), "holds 2 XML", "of its own", "export.zip"),
    Bad(
        "zip slip",
        zipped("../../export.xml"),
        "../../export.xml in the archive would lie outside of it",
        "find out who made this archive",
        "export.zip",
    ),
    Bad("folder", instead(Path.mkdir), "Is a directory", "check the path", "export.xml"),
    Bad("FIFO", instead(os.mkfifo), "is a pipe or a device", "| erp2pim sync -", "export.xml"),
    Bad("device", called("/dev/zero"), "is a pipe or a device", "sync -", "/dev/zero"),
    # The system lets nobody read its start, root neither.
    Bad("unreadable", called("/proc/self/mem"), "cannot be read", "the disk", "/proc/self/mem"),
    Bad("not there", called("nowhere.xml"), "No such file", "check the path", "nowhere.xml"),
    Bad("NUL in its name", called("a\0b"), "embedded null byte", "check the path", r"a\x00b"),
]
MAP, CONF = "mapping.yaml", "erp2pim.yaml"
SETTINGS = [
    Bad("empty mapping", beside(MAP, b""), "is empty", "restore it", MAP),
    Bad("mapping in Latin-1", beside(MAP, b"gr\xfcn"), "is not UTF-8", "save it as", MAP),
    Bad("NUL in the mapping", beside(MAP, b"a: \0"), "U+0000 is not allowed", where=f"{MAP}:1:4"),
    Bad("NUL by number", mapped("Sku", r'"a\0b"'), "can hold neither \\0", where=f"{MAP}:7:15"),
    Bad("deep mapping", beside(MAP, b"[" * 9999), "too deeply", "brackets", MAP),
    Bad("alias bomb", beside(MAP, ALIASES), "aliases make this file endless", where=MAP),
    Bad("alias of itself", beside(MAP, b"a: &a [*a]"), "aliases make this", where=f"{MAP}:1:4"),
    Bad(
        "tag that runs code",
        beside(MAP, b"a: !!python/object/apply:os.system [id]"),
        "tags are not allowed; quote a text",
        where=f"{MAP}:1:4",
    ),
    Bad("unknown key", mapped("family:", "famly:"), "mean 'family'?", where=f"{MAP}:8:3"),
    Bad("half an XPath", mapped("Group", '"Group["'), "'Group['", where=f"{MAP}:8:11"),
    Bad("no such code", mapped("Sku", "{path: Sku, transform: ['os:x']}"), "os:x", where=MAP),
    Bad("empty table", table(b""), "families.csv has no column 'erp'", where=f"{MAP}:6:44"),
    Bad("table in Latin-1", table(b"erp,pim\n\xfc,x\n"), "write encoding:", where=f"{MAP}:6:25"),
    Bad("short row", table(b"erp,pim\na\n"), "line 2 has too few", where=f"{MAP}:6:25"),
    Bad("open quote", table(b'erp,pim\n"a,b\n'), "families.csv cannot", where=f"{MAP}:6:25"),
    Bad("mapping is a folder", configured(MAP, "/etc"), "Is a directory", "check", "/etc"),
    Bad("NUL in a path", configured(": state", r': "a\0b"'), "hold neither", where=f"{CONF}:9:8"),
    Bad("no variable", configured("CLIENT_ID}", "X}"), "X is not set", where=f"{CONF}:4:14"),
    Bad(
        "secret is a folder",
        configured("secret: ${ERP2PIM_SECRET}", "secret_file: /etc"),
        "cannot be read: Is a directory",
        where=f"{CONF}:5:16",
    ),
    Bad(
        "cut structure",
        beside("structure.json", b"{"),
        "the structure is no JSON",
        "erp2pim structure pull writes it",
        "structure.json:1",
    ),
]
DB = "state/state.db"
STATES = [
    Bad("garbage", beside(DB, b"garbage" * 999), "not a database", "from a backup", DB),
    Bad("a cut one", beside(DB, b"SQLite format 3\0" * 9), "state cannot be used", "backup", DB),
    Bad("a newer one", kept("PRAGMA user_version = 999"), "has version 999", "use the newer", DB),
    Bad("other tables", kept("PRAGMA user_version = -1"), "no such table", "from a backup", DB),
    Bad("no folder", beside("state", b""), "cannot be written", "check its owner", "state"),
]
VARIABLES = {
    "ERP2PIM_SEND_WORKERS": "many",
    "ERP2PIM_PIM_URL": "http://pim.example.com",
    "ERP2PIM_PIM_ALLOW_HTTP": "yes",
    "ERP2PIM_MAPPING": "nowhere.yaml",
}


@pytest.mark.parametrize(
    ("code", "bad"),
    [
        *((3, each) for each in EXPORTS),
        *((2, each) for each in SETTINGS),
        *((7, each) for each in STATES),
    ],
    ids=lambda given: given.name if isinstance(given, Bad) else None,
)
def test_a_bad_input_is_refused_in_words_and_no_request_is_made(
    desk: Desk, pim: Sandbox, code: int, bad: Bad
) -> None:
    told = desk.run(*bad.put(desk))

    assert (told.code, told.out, pim.requests) == (code, "", 0)
    assert told.err.startswith("error: ")
    assert all(words in told.err for words in (bad.what, bad.fix, bad.where)), told.err


@pytest.mark.parametrize("name", VARIABLES)
def test_so_is_a_bad_variable_of_the_environment(
    desk: Desk, pim: Sandbox, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, VARIABLES[name])

    told = desk.run("sync", desk.export([item("A1")]))

    assert (told.code, told.out, pim.requests) == (2, "", 0)
    assert "nowhere.yaml" in told.err or f"{desk.config}:" in told.err


SMALL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from erp2pim.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filling", "behind", "words"),
    [
        (b"x", BEHIND, "Text node too long"),
        (
            b"<y>" + b"x" * 1000 + b"</y>",
            b"",
            "the archive unpacks to more than 200 times its size",
        ),
    ],
    ids=["one text", "many elements"],
)
def test_a_gigabyte_from_a_small_file_is_refused_in_little_memory(
    desk: Desk, pim: Sandbox, filling: bytes, behind: bytes, words: str
) -> None:
    path = desk.folder / "export.xml.gz"
    with gzip.open(path, "wb") as file:
        file.write(BEFORE if behind else b"<Export><Tail>")
        for _ in range(1024):
            file.write(filling * ((1 << 20) // len(filling)))
        file.write(behind or b"</Tail></Export>")

    told = subprocess.run(
        [sys.executable, "-c", SMALL, "--config", str(desk.config), "sync", str(path)],
        check=False,
        capture_output=True,
        text=True,
    )

    assert (told.returncode, pim.requests) == (3, 0), told.stderr
    assert words in told.stderr


@pytest.mark.parametrize(
    "inner", [b"<a>" * 300 + b"</a>" * 300, b"x" * 11_000_000], ids=["depth", "text"]
)
def test_a_recovering_parser_that_meets_a_limit_reads_no_further_and_that_is_refused(
    desk: Desk, pim: Sandbox, inner: bytes
) -> None:
    desk.change_mapping("source:\n", "source:\n  recover: true\n")

    told = desk.run(*record(inner)(desk))

    assert (told.code, told.out, pim.requests) == (3, "", 0)
    assert told.err.startswith("error: the export is read no further than here: ")
    assert HUGE in told.err


def test_what_xinclude_names_is_not_read(desk: Desk, pim: Sandbox) -> None:
    told = desk.run(*record(XINCLUDE)(desk))

    assert (told.code, pim.requests) == (1, 0)
    assert "record 1, line 1): refused by the mapping: " in told.out
    assert "<Name> has child elements such as <include>; a deeper path, as: text" in told.out


@pytest.mark.parametrize("command", ["check", "sync", "diff", "coverage"])
def test_a_mapping_that_is_not_there_is_told_with_the_line_that_names_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    path = desk.export([item("A1")])
    desk.mapping.unlink()
    lines = desk.config.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if line.startswith("mapping:"))

    told = desk.run(command, path)

    assert told.code == 2
    assert f"fix: check the path, which {desk.config}:{number}:10 names; erp2pim init" in told.err

    monkeypatch.setenv("ERP2PIM_MAPPING", "other.yaml")

    assert "check the path, which ERP2PIM_MAPPING names;" in desk.run(command, path).err
