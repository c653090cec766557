"""What people see of a run."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, export, item


def test_a_run_is_told_in_lines_on_standard_output(desk: Desk, pim: Sandbox) -> None:
    pim.refuse["A3"] = "it is ugly"
    items = [item("A1"), item("A2", Pieces="x"), item("A3"), item("A4", mode="delete")]

    told = desk.run("sync", desk.export(items))

    where = f"{desk.folder}/export.xml"
    lines = told.out.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith(
        f"A2 ({where}: record 2, line 3): refused by the mapping: {desk.mapping}:12: "
    )
    assert lines[0].endswith("; found 'x'")
    assert lines[1].startswith(f"A3 ({where}: record 3, line 4): refused by the PIM: ")
    assert "it is ugly" in lines[1]
    assert lines[2:] == [
        "records: 4 read, 1 skipped (deleted: 1)",
        "items: 3 in all, 0 unchanged, 1 created, 0 updated, 2 rejected, 0 not sent",
    ]


@pytest.mark.parametrize(("number", "left"), [(21, "1 more reject"), (25, "5 more rejects")])
def test_twenty_rejects_are_shown_and_the_others_are_where_it_says(
    desk: Desk, number: int, left: str
) -> None:
    told = desk.run("sync", desk.export(item(f"p{n}", Pieces="x") for n in range(number)))

    lines = told.out.splitlines()
    assert [line.split(" ")[0] for line in lines[:20]] == [f"p{n}" for n in range(20)]
    assert lines[20] == f"… and {left}; erp2pim runs 1 shows all"
    assert desk.run("runs", "1").out.count("refused by the mapping") == number


def test_quiet_is_silent_on_success(desk: Desk) -> None:
    name = desk.export([item("A1")])

    first, second = desk.run("sync", "--quiet", name), desk.run("sync", "--quiet", name)

    assert (first.code, first.out, first.err) == (0, "", "")
    assert (second.code, second.out, second.err) == (0, "", "")


def test_quiet_is_not_silent_when_something_went_wrong(desk: Desk, pim: Sandbox) -> None:
    pim.refuse["A1"] = "it is ugly"

    rejected = desk.run("sync", "--quiet", desk.export([item("A1")]))
    refused = desk.run("sync", "--quiet", "nowhere.xml")

    assert (rejected.code, "it is ugly" in rejected.out) == (1, True)
    assert (refused.code, refused.err.startswith("error: ")) == (3, True)


EVIL = "\x1b[31mred\x1b[0m [bold]x[/bold] \u202e\u2066 \u200b \ufeff \x85\u2028A9: refused"
NASTY = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def test_text_from_the_erp_neither_styles_the_terminal_nor_breaks_a_line(desk: Desk) -> None:
    # XML forbids the escape character itself; C1 controls and marks that reorder are allowed.
    evil = EVIL.replace("\x1b", "\x9b") + "\nB1 (forged.xml: record 1): refused"
    name = desk.export([item(f"A1{evil}", Name=evil), item(f"A2{evil}", Pieces=evil)])

    shown = [desk.run("diff", name), desk.run("sync", name), desk.run("runs", "1")]
    as_json = [desk.run(command, "--json", name) for command in ("inspect", "diff", "sync")]

    for told in [*shown, *as_json]:
        assert NASTY.search(told.out + told.err) is None
        assert not re.search(r"^(B1|A9)", told.out + told.err, re.MULTILINE)
    assert r"\u202e" in shown[0].out
    assert as_json[1].json["rejects"][0]["value"] == evil
    assert "[bold]x[/bold]" in shown[0].out


def test_text_from_the_pim_neither_styles_the_terminal_nor_breaks_a_line(
    desk: Desk, pim: Sandbox
) -> None:
    pim.refuse["A1"] = EVIL + "\nB1 (forged.xml: record 1): refused"

    told = desk.run("sync", desk.export([item("A1")]))

    assert told.code == 1
    assert NASTY.search(told.out + told.err) is None
    assert not re.search(r"^(B1|A9)", told.out, re.MULTILINE)
    assert "[bold]x[/bold]" in told.out


def test_names_of_files_do_not_style_the_terminal_either(desk: Desk) -> None:
    name = "no\x1b[31mwhere\n.xml"

    told = desk.run("sync", name)

    assert told.code == 3
    assert NASTY.search(told.err) is None
    assert r"no\x1b[31mwhere\n.xml" in told.err


def test_long_texts_are_cut_in_lines_and_whole_in_json(desk: Desk) -> None:
    text = "x" * 5000
    name = desk.export([item("A1", Pieces=text)])

    lines, whole = desk.run("diff", name), desk.run("diff", "--json", name)

    assert max(len(line) for line in lines.out.splitlines()) < 1000
    assert whole.json["rejects"][0]["value"] == text


def test_a_warning_goes_to_standard_error(desk: Desk) -> None:
    told = desk.run("diff", desk.export([]))

    assert told.err == (
        f"warning: {desk.folder}/export.xml: no record stands at /Export/Items/Item\n"
    )


def on_a_terminal(desk: Desk, *args: str) -> tuple[int, str]:
    """Run a command whose standard error is a terminal; give its exit code and what it showed."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "erp2pim", "--config", str(desk.config), *args]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while piece := _read(ours):
            shown += piece
    os.close(ours)
    return process.returncode, shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux's way to say that nobody writes any more
        return b""


def test_a_terminal_shows_how_far_a_run_is(desk: Desk) -> None:
    code, shown = on_a_terminal(desk, "sync", desk.export(item(f"p{n}") for n in range(1500)))

    assert code == 0
    assert "sending" in shown
    assert "/1500" in shown


def test_a_terminal_that_cannot_move_its_cursor_shows_plain_lines(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")

    code, shown = on_a_terminal(desk, "sync", desk.export([item("A1")]))

    assert code == 0
    assert "\x1b" not in shown
    assert [line for line in shown.splitlines() if not line.startswith("warning: ")] == []


def test_a_quiet_run_shows_a_terminal_nothing(desk: Desk) -> None:
    assert on_a_terminal(desk, "sync", "--quiet", desk.export([item("A1")])) == (0, "")


@pytest.mark.parametrize("command", ["diff", "sync"])
def test_a_reader_who_has_seen_enough_is_no_bug(desk: Desk, command: str) -> None:
    name = desk.export(item(f"p{n}", Pieces=str("x" * 100)) for n in range(3000))
    with desk.start(command, "--json", name) as process:
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()

    assert process.returncode == 130
    assert "bug" not in said
    assert "Traceback" not in said
    assert "BrokenPipe" not in said


@pytest.mark.parametrize("closed", ["2>&-", "<&- >&- 2>&-"])
def test_a_run_whose_standard_streams_are_closed_is_done(
    desk: Desk, pim: Sandbox, closed: str
) -> None:
    name = desk.export([item("A1")])
    line = f'"$0" -m erp2pim --config "$1" sync "$2" {closed}'
    command = ["/bin/sh", "-c", line, sys.executable, str(desk.config), name]

    code = subprocess.run(command, check=False).returncode

    assert code == 0
    assert "A1" in pim.products


def test_standard_input_that_is_closed_is_an_empty_export(desk: Desk) -> None:
    line = '"$0" -m erp2pim --config "$1" diff - <&-'
    command = ["/bin/sh", "-c", line, sys.executable, str(desk.config)]

    told = subprocess.run(command, check=False, capture_output=True, text=True)

    assert told.returncode == 3
    assert told.stderr.startswith("error: the export is empty\n  at: -:1:1\n")


def test_a_full_disk_under_the_output_is_no_bug(desk: Desk) -> None:
    name = desk.export([item("A1")])

    with Path("/dev/full").open("w", encoding="utf-8") as full:
        told = subprocess.run(
            [sys.executable, "-m", "erp2pim", "--config", str(desk.config), "diff", name],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert told.returncode == 7
    assert told.stderr.endswith(
        "error: the output cannot be written: No space left on device\n"
        "  fix: free disk space, or lead the output elsewhere\n"
    )


def test_progress_in_a_pipe_is_plain_lines(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("erp2pim.report.progress._SECONDS_BETWEEN_LINES", 0.0)

    told = desk.run("sync", "--json", desk.export(item(f"p{n}") for n in range(1000)))

    assert "read 1000 records\n" in told.err
    assert "done with 1000 of 1000 changes\n" in told.err
    assert "\x1b" not in told.err
    assert told.json["created"] == 1000


def test_an_export_in_a_folder_with_any_name_is_read(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "Größe [x] \u202e"
    folder.mkdir()
    (folder / "a b.xml").write_text(export([item("A1")]), encoding="utf-8")

    told = desk.run("sync", str(folder / "a b.xml"))

    assert told.code == 0
    assert NASTY.search(told.out + told.err) is None
