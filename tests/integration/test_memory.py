"""Memory does not grow with the export."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from erp2pim import sandbox
from erp2pim.sandbox import Sandbox
from tests.sandbox.visitor import Visitor
from tests.support.desk import MAPPING, Desk, connect, item

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="asks /proc for the peak of a process's memory"
)

# Each program reads some exports one after the other and prints after each what came of it, and the
# peak of its memory in KiB. VmHWM is its own; ru_maxrss may be that of what started it.
HEAD = """
import re, sys
from pathlib import Path
def tell(number):
    peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
    print(number, peak, file=sys.stderr)
"""
READ = """
from erp2pim.config.mappingfile import load_mapping
from erp2pim.source.files import open_export
from erp2pim.source.records import records
mapping = load_mapping(Path(sys.argv[1]))
for name in sys.argv[2:]:
    with open_export(name) as export:
        tell(sum(1 for _ in records(export, mapping)))
"""
MAP = """
from collections import Counter
from erp2pim.config.mappingfile import load_mapping
from erp2pim.source.files import open_export
from erp2pim.source.prior import beside, gather
from erp2pim.source.records import records
mapping = load_mapping(Path(sys.argv[1]))
def label(element):
    return f"group {int(element.findtext('Sku')[1:]) % 50_000}"
for name in sys.argv[2:]:
    given, right = mapping.given(Counter(), {}), 0
    with open_export(name) as export:
        gather(export, mapping, given, others=beside(name, {}))
        for path, element, origin in records(export, mapping):
            ((item, _),) = mapping.items(path, element, origin, given)
            right += item.body["values"]["group"][0]["data"] == label(element)
    tell(right)
"""
DIFF = """
from erp2pim.cli import main
for name in sys.argv[2:]:
    tell(main(["--config", sys.argv[1], "diff", name]))
"""
SYNC = """
import shutil
from erp2pim.cli import main
for name in sys.argv[3:]:
    main(["--config", sys.argv[1], "sync", name])
    shutil.rmtree(sys.argv[2])
    tell(main(["--config", sys.argv[1], "sync", name]))
"""
MANUAL = """\
version: 1
source: {record: /Export/Items/Item}
products: {identifier: Sku, values: {manual: {path: File, type: file}}}
"""
RECORD = "<Item><Sku>p{n}</Sku><Name>Drill number {n}</Name></Item>\n"
GROUPED = "<Item><Sku>p{n}</Sku><Name>Drill number {n}</Name><Group>{group}</Group></Item>\n"
OTHER = "<Other><Sku>p{n}</Sku><Name>Drill number {n}</Name></Other>\n"
ROW = "<Row><Key>{n}</Key><Label>group {n}</Label><Note>of no use</Note></Row>\n"
ROWS = 50_000
LOOKED_UP = """\
version: 1
source: {record: /Export/Items/Item}
LOOK-UP
products:
  identifier: Sku
  values: {group: RULE}
"""
LOOK_UPS = {
    "table": (
        "tables: {group: {record: /Export/Tail/Row, key: Key, value: Label}}",
        "{path: Group, table: group, type: text}",
    ),
    "join": (
        "joins: {group: {record: /Export/Tail/Row, key: Key, match: Group}}",
        "{path: $group/Label, type: text}",
    ),
}


def write_grouped(path: Path, count: int) -> str:
    """Write an export with so many records, and behind them a row for each of their groups."""
    with path.open("w", encoding="utf-8") as file:
        file.write("<Export><Items>\n")
        file.writelines(GROUPED.format(n=n, group=n % ROWS) for n in range(count))
        file.write("</Items><Tail>")
        file.writelines(ROW.format(n=n) for n in range(ROWS))
        file.write("</Tail></Export>")
    return str(path)


def write(path: Path, count: int, *, others: int = 0) -> str:
    """Write an export with so many records, and so many other elements behind them."""
    with path.open("w", encoding="utf-8") as file:
        file.write("<Export><Head><Currency>EUR</Currency></Head><Items>\n")
        file.writelines(RECORD.format(n=n) for n in range(count))
        file.write("</Items><Tail>")
        file.writelines(OTHER.format(n=n) for n in range(others))
        file.write("</Tail></Export>")
    return str(path)


def measured(program: str, *args: str) -> tuple[list[int], list[int]]:
    """Run a program; give the numbers and the peaks that it tells."""
    command = [sys.executable, "-c", HEAD + program, *args]
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True
    )
    told = [line.split() for line in done.stderr.splitlines() if line[:1].isdigit()]
    return [int(number) for number, _ in told], [int(peak) for _, peak in told]


@pytest.mark.slow
def test_reading_ten_times_the_records_takes_no_more_memory(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    few, many = write(tmp_path / "few.xml", 20_000), write(tmp_path / "many.xml", 200_000)

    read, (before, after) = measured(READ, str(mapping), few, many)

    assert read == [20_000, 200_000]
    assert after < 1.3 * before


@pytest.mark.slow
def test_nor_does_a_path_that_leaves_the_record(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    text = MAPPING.replace("path: Name,", "path: ../../Head/Currency,")
    mapping.write_text(text, encoding="utf-8")
    few, many = write(tmp_path / "few.xml", 5_000), write(tmp_path / "many.xml", 50_000)

    read, (before, after) = measured(READ, str(mapping), few, many)

    assert read == [5_000, 50_000]
    assert after < 1.3 * before


@pytest.mark.slow
def test_nor_does_a_long_tail_of_other_elements(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    few = write(tmp_path / "few.xml", 1000, others=20_000)
    many = write(tmp_path / "many.xml", 1000, others=200_000)

    read, (before, after) = measured(READ, str(mapping), few, many)

    assert read == [1000, 1000]
    assert after < 1.3 * before


@pytest.mark.slow
@pytest.mark.parametrize("kind", LOOK_UPS)
def test_nor_does_a_look_up_in_rows_behind_the_records(tmp_path: Path, kind: str) -> None:
    mapping = tmp_path / "mapping.yaml"
    look_up, rule = LOOK_UPS[kind]
    text = LOOKED_UP.replace("LOOK-UP", look_up).replace("RULE", rule)
    mapping.write_text(text, encoding="utf-8")
    few = write_grouped(tmp_path / "few.xml", 20_000)
    many = write_grouped(tmp_path / "many.xml", 200_000)

    right, (before,) = measured(MAP, str(mapping), few)
    more_right, (after,) = measured(MAP, str(mapping), many)

    assert (right, more_right) == ([20_000], [200_000])
    assert after < 1.05 * before


@pytest.mark.slow
def test_nor_does_a_whole_diff(desk: Desk, pim: Sandbox) -> None:
    few, many = write(desk.folder / "few.xml", 1_000), write(desk.folder / "many.xml", 10_000)

    codes, (before, after) = measured(DIFF, str(desk.config), few, many)

    assert (codes, pim.requests) == ([0, 0], 0)
    assert after < 1.3 * before


@pytest.mark.slow
def test_nor_does_a_large_file_that_is_sent_and_then_read_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = json.loads(json.dumps(sandbox.server.demo_catalog()))
    catalog["attributes"].append({"code": "manual", "type": "pim_catalog_file"})
    desk.mapping.write_text(MANUAL, encoding="utf-8")
    for name, megabytes in (("small", 1), ("large", 100)):
        (desk.folder / f"{name}.pdf").write_bytes(b"%PDF-1.7" + bytes(megabytes * 1024 * 1024))
    exports = [desk.export([item(n, File=f"{n}.pdf")], f"{n}.xml") for n in ("small", "large")]
    with sandbox.serve(catalog=catalog) as pim:
        connect(monkeypatch, pim)

        codes, (before, after) = measured(SYNC, str(desk.config), str(desk.state), *exports)

        files = Visitor(pim).get("media-files")["_embedded"]["items"]
    assert codes == [0, 0]
    assert sorted(file["original_filename"] for file in files) == ["large.pdf", "small.pdf"]
    assert after < 1.1 * before
