"""An export that is not whole sends nothing, and says where it ends."""

import gzip
import os
import re
from pathlib import Path

import pytest

from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, export, item

ITEMS = [item(f"p{n}", Weight="1.5") for n in range(2000)]


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_a_truncated_export_is_refused_and_nothing_was_sent(
    desk: Desk, pim: Sandbox, share: float
) -> None:
    raw = export(ITEMS).encode()
    path = desk.folder / "export.xml"
    path.write_bytes(raw[: int(len(raw) * share)])

    told = desk.run("sync", "--json", str(path))

    assert told.code == told.json["exit_code"] == 3
    assert (pim.patch_requests, pim.products) == (0, {})
    assert re.search(rf"^  at: {re.escape(str(path))}:\d+:\d+$", told.err, re.MULTILINE)
    assert told.json["error"]["where"] in told.err


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_so_is_a_truncated_archive(desk: Desk, pim: Sandbox, share: float) -> None:
    raw = gzip.compress(export(ITEMS).encode())
    path = desk.folder / "export.xml.gz"
    path.write_bytes(raw[: int(len(raw) * share)])

    told = desk.run("sync", str(path))

    assert told.code == 3
    assert pim.patch_requests == 0
    assert f"  at: {path}" in told.err


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the export is empty"),
        (b"sku;name\r\nA1;Drill\r\n", "not well-formed"),
        (b"<Orders><Item/></Orders>", "the root element is <Orders>"),
        (b"<Export><Items></Export>", "not well-formed"),
    ],
    ids=["empty", "CSV", "another root", "not well-formed"],
)
def test_what_is_no_such_export_is_refused(
    desk: Desk, pim: Sandbox, raw: bytes, words: str
) -> None:
    path = desk.folder / "export.xml"
    path.write_bytes(raw)

    told = desk.run("sync", str(path))

    assert (told.code, told.out, pim.requests) == (3, "", 0)
    assert told.err.startswith("error: ")
    assert words in told.err


def test_one_bad_export_of_several_sends_none_of_them(desk: Desk, pim: Sandbox) -> None:
    good = desk.export([item("A1")], "good.xml")
    bad = desk.folder / "bad.xml"
    bad.write_text(Path(good).read_text(encoding="utf-8")[:-20])

    told = desk.run("sync", good, str(bad))

    assert (told.code, pim.patch_requests) == (3, 0)
    assert f"  at: {bad}:2:" in told.err


def test_an_export_that_is_not_there_is_refused(desk: Desk) -> None:
    told = desk.run("sync", "nowhere.xml")

    assert told.code == 3
    assert told.err.splitlines() == [
        "error: the export cannot be opened: No such file or directory",
        "  at: nowhere.xml",
        "  fix: check the path, and that the ERP wrote it",
    ]


def test_the_run_stands_in_the_history_and_the_next_one_goes_well(desk: Desk, pim: Sandbox) -> None:
    name = desk.export([item("A1")])
    text = Path(name).read_text(encoding="utf-8")
    Path(name).write_text(text[:-20], encoding="utf-8")
    desk.run("sync", name)
    Path(name).write_text(text, encoding="utf-8")

    told = desk.sync(name)

    assert (told["exit_code"], told["run"], list(pim.products)) == (0, 2, ["A1"])
    assert "exit 3" in desk.run("runs").out


def test_no_other_file_is_read_for_an_export(desk: Desk, pim: Sandbox) -> None:
    secret = desk.folder / "secret.txt"
    secret.write_text("the-marked-text")
    path = desk.folder / "export.xml"
    head = f'<!DOCTYPE Export [<!ENTITY secret SYSTEM "{secret.as_uri()}">]>'
    record = "<Item><Sku>A1</Sku><Name>&secret;</Name></Item>"
    path.write_text(f"{head}<Export><Items>{record}</Items></Export>")

    told = desk.run("sync", str(path))

    assert told.code == 3
    assert "marked" not in told.out + told.err
    assert pim.products == {}


def test_a_name_that_is_not_utf8_is_shown_escaped(desk: Desk) -> None:
    name = desk.export([item("A1", Pieces="x")])
    path = desk.folder / os.fsdecode(b"gr\xfcn.xml")
    Path(name).rename(path)

    told = desk.run("sync", "--json", str(path))

    (reject,) = told.json["rejects"]
    assert (told.code, reject["export"]) == (1, rf"{desk.folder}/gr\udcfcn.xml")
    assert r"gr\udcfcn.xml" in desk.run("runs").out
    path.unlink()
    told = desk.run("sync", "--json", str(path))
    assert (told.code, told.json["error"]["where"]) == (3, rf"{desk.folder}/gr\udcfcn.xml")


def test_so_is_that_of_a_mapping(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    name = desk.export([item("A1", Pieces="x")])
    mapping = desk.mapping.rename(desk.folder / os.fsdecode(b"gr\xfcn.yaml"))
    config = desk.config.read_text(encoding="utf-8")
    desk.config.write_text(config.replace("mapping.yaml", r'"${NAME}"'), encoding="utf-8")
    monkeypatch.setenv("NAME", mapping.name)

    (reject,) = desk.sync(name)["rejects"]

    assert reject["rule"] == rf"{desk.folder}/gr\udcfcn.yaml:12"
    assert rf"mapping {desk.folder}/gr\udcfcn.yaml: in order" in desk.run("check").out
