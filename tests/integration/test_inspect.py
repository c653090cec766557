"""`erp2pim inspect` on the command line; no configuration is near."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from erp2pim.cli import main

EXPORT = """\
<?xml version="1.0" encoding="ISO-8859-1"?>
<Export><Head><Currency>EUR</Currency></Head><Items>
<Item no="A1"><Name>Hammer</Name><Price>12,50</Price><New>J</New></Item>
<Item no="A2"><Name>Saw</Name><Price>8,00</Price><New>N</New></Item>
</Items></Export>
"""
MEGABYTES = 100
GIVE = """
import re, sys
from erp2pim.cli import main
code = main(["inspect", sys.argv[1]])
with open("/proc/self/status") as status:
    print(int(re.search(r"VmHWM:\\s+(\\d+)", status.read())[1]) // 1024, file=sys.stderr)
sys.exit(code)
"""

Write = Callable[[str], str]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def save(text: str) -> str:
        Path("export.xml").write_text(text, encoding="utf-8")
        return "export.xml"

    return save


def test_an_export_is_shown_without_a_configuration(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["inspect", write(EXPORT)])

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "export.xml: ISO-8859-1, 12 elements",
        "record candidates:",
        "  0.71  /Export/Items/Item  (2 in 1, 4 paths)",
        "  0.09  /Export  (1 in 1, 5 paths)",
        "one value outside of the records:",
        "  /Export/Head/Currency  EUR  (currency)",
        "paths below /Export/Items/Item, in 2 records:",
        "  path   records  times  distinct  longest  looks like               samples",
        "  @no    2        2      2         2        identifier               A1 | A2",
        "  Name   2        2      2         6        identifier               Hammer | Saw",
        "  Price  2        2      2         5        number 1.234,56          12,50 | 8,00",
        "  New    2        2      2         1        identifier, boolean J/N  J | N",
    ]


def test_an_export_without_anything_that_could_be_a_record_says_so(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", write("<Export/>")]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "export.xml: UTF-8, 1 elements",
        "record candidates: none",
    ]


def test_json_holds_the_same(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["inspect", "--json", write(EXPORT)])

    told: dict[str, Any] = orjson.loads(capsys.readouterr().out)
    assert code == 0
    assert (told["record"], told["records"], told["error"]) == ("/Export/Items/Item", 2, None)
    assert told["header"] == [{"path": "/Export/Head/Currency", "value": "EUR"}]
    assert told["paths"][2] == {
        "path": "Price",
        "records": 2,
        "times": 2,
        "empty": 0,
        "nil": 0,
        "no_value": {},
        "distinct": 2,
        "distinct_is_exact": True,
        "longest": 5,
        "looks_like": ["number 1.234,56"],
        "samples": ["12,50", "8,00"],
    }


def test_what_was_read_of_a_cut_export_is_shown_with_the_place_where_it_ends(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["inspect", write(EXPORT.replace("</Items></Export>\n", ""))])

    said = capsys.readouterr()
    assert code == 3
    assert "paths below /Export/Items/Item, in 2 records:" in said.out
    assert said.err.splitlines()[0] == (
        "error: the export is not well-formed XML: Premature end of data in tag Items line 2"
    )
    assert "at: export.xml:5:1" in said.err


def test_entities_that_the_export_declares_are_the_texts_they_stand_for(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    doctype = '<!DOCTYPE Export [<!ENTITY maker "Nordhand KG">]>'
    body = EXPORT.partition("\n")[2].replace("Hammer", "&maker;")

    code = main(["inspect", write(doctype + body)])

    assert code == 0
    assert "Nordhand KG" in capsys.readouterr().out


def test_no_other_file_is_read_for_an_export(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dtd = tmp_path / "export.dtd"
    dtd.write_text('<!ENTITY secret "the-marked-text">')
    doctype = f'<!DOCTYPE Export [<!ENTITY % all SYSTEM "{dtd.as_uri()}"> %all;]>'
    body = EXPORT.partition("\n")[2].replace("Hammer", "&secret;")

    code = main(["inspect", write(doctype + body)])

    said = capsys.readouterr()
    assert code == 3
    assert "marked" not in said.out + said.err


def test_a_malformed_export_tells_its_error_in_json_too(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["inspect", "--json", write(EXPORT.replace("Saw", "Saw & Co"))])

    told: dict[str, Any] = orjson.loads(capsys.readouterr().out)
    assert (code, told["records"]) == (3, 2)
    assert told["error"]["where"] == "export.xml:4:25"


def test_a_record_that_is_not_there_is_a_fault_of_the_command_line(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["inspect", write(EXPORT), "--record", "/Export/Item"])

    assert code == 2
    assert "no element stands at /Export/Item" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_refused(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write(EXPORT)

    code = main(["inspect", "nights.xml"])

    assert code == 3
    assert "the export cannot be opened" in capsys.readouterr().err


def test_names_and_values_of_the_export_do_not_reach_the_terminal_as_they_are(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = EXPORT.replace("Saw", "Saw\u202e\u009b31m\n\nred")

    main(["inspect", write(hostile.replace("ISO-8859-1", "UTF-8"))])

    said = capsys.readouterr().out
    assert "Saw\\u202e\\x9b31m\\n\\nred" in said
    assert "\u202e" not in said


@pytest.mark.parametrize("records", [20_000])
@pytest.mark.slow
def test_memory_does_not_grow_with_the_export(write: Write, records: int) -> None:
    rows = (
        f"<Item no='A{number}'><Name>Hammer {number}</Name><Text>{'long ' * 40}{number}</Text>"
        f"<F><N>Power</N><V>{number}</V></F></Item>"
        for number in range(records)
    )
    name = write(f"<Export><Items>{''.join(rows)}</Items></Export>")

    done = subprocess.run(
        [sys.executable, "-c", GIVE, name], check=True, capture_output=True, text=True
    )

    assert f"in {records} records:" in done.stdout
    assert int(done.stderr) < MEGABYTES
