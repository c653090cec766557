"""The gate: exports that are refused before anything is sent, and those that need no run."""

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from erp2pim.run import planning
from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, Told, export, item, listing

FIVE = [item(f"p{n}") for n in range(5)]


def with_gate(desk: Desk, **gate: str) -> None:
    desk.configure()
    keys = "".join(f"  {name}: {value}\n" for name, value in gate.items())
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(f"gate:\n{keys}")


def refused(desk: Desk, pim: Sandbox, *args: str) -> Told:
    """Give what `sync` said that refused an export without a single PATCH."""
    before = pim.patch_requests
    told = desk.run("sync", *args)
    assert told.code == 3, told.err
    assert pim.patch_requests == before
    assert told.out == ""
    return told


def meanwhile(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], object]) -> None:
    """Let something happen just before a step of the reading."""
    real = getattr(planning, name)

    def step(*args: Any, **options: Any) -> Any:  # noqa: ANN401  whatever the step takes
        act()
        return real(*args, **options)

    monkeypatch.setattr(planning, name, step)


def appending(path: Path) -> Callable[[], object]:
    return lambda: path.write_bytes(path.read_bytes() + b"<!-- more -->")


@pytest.mark.parametrize("step", ["gather", "records"])
def test_an_export_that_changes_while_it_is_read_is_refused(
    desk: Desk, pim: Sandbox, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = Path(desk.export(FIVE))
    meanwhile(monkeypatch, step, appending(path))

    told = refused(desk, pim, str(path))

    assert "the export changed while it was read: it had" in told.err
    assert f"  at: {path}\n" in told.err
    assert "  fix: run the same command again when the ERP is done" in told.err
    assert pim.products == {}


def test_so_is_one_that_is_replaced_while_it_is_read(
    desk: Desk, pim: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(desk.export(FIVE))
    other = Path(desk.export(FIVE, "other.xml"))
    meanwhile(monkeypatch, "records", lambda: other.replace(path))

    assert "another file stands in its place" in refused(desk, pim, str(path)).err


def test_so_is_one_whose_companion_in_the_mapping_changes(
    desk: Desk, pim: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.export(FIVE)
    names = desk.folder / "names.xml"
    names.write_text("<Names><Row><Sku>p1</Sku><Text>Saw</Text></Row></Names>", encoding="utf-8")
    desk.change_mapping(
        "products:\n",
        "joins:\n  texts: {export: names.xml, record: /Names/Row, key: Sku, match: Sku}\n"
        "products:\n",
    )
    meanwhile(monkeypatch, "records", appending(names))

    assert f"  at: {names}\n" in refused(desk, pim, path).err


def test_a_dry_run_refuses_it_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(desk.export(FIVE))
    meanwhile(monkeypatch, "records", appending(path))

    assert desk.run("diff", str(path)).code == 3


def test_an_export_that_grows_is_refused_before_it_is_read(desk: Desk, pim: Sandbox) -> None:
    path = Path(desk.export(FIVE))
    with_gate(desk, settle_s="0.2")
    done = threading.Event()

    def grow() -> None:
        while not done.wait(0.01):
            with path.open("ab") as file:
                file.write(b"<!-- -->")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        told = refused(desk, pim, str(path))
    finally:
        done.set()
        writer.join()

    assert "the export is still being written: it had" in told.err


def test_an_export_that_has_settled_is_taken(desk: Desk, pim: Sandbox) -> None:
    with_gate(desk, settle_s="0.05")

    assert desk.sync(desk.export(FIVE))["created"] == len(pim.products) == 5


def test_a_signal_ends_the_wait_for_a_file_to_settle(desk: Desk) -> None:
    with_gate(desk, settle_s="3000")
    path = desk.export(FIVE)
    process = desk.start("sync", path)
    try:
        for _ in range(400):
            if (desk.state / "state.db").exists() or threading.Event().wait(0.05):
                break
        process.terminate()
        assert process.wait(20) == 143
    finally:
        process.kill()
        process.communicate()


def test_an_export_waits_for_its_companion(desk: Desk, pim: Sandbox) -> None:
    path = desk.export(FIVE)
    with_gate(desk, companion=".ok")
    told = refused(desk, pim, path)
    assert "error: no export.xml.ok stands beside the export" in told.err

    Path(f"{path}.ok").touch()

    assert desk.sync(path)["created"] == 5


def test_a_wrong_checksum_is_refused(desk: Desk, pim: Sandbox) -> None:
    path = Path(desk.export(FIVE))
    with_gate(desk, companion=".sha256")
    Path(f"{path}.sha256").write_text(f"{'0' * 64}  export.xml\n", encoding="utf-8")
    assert "the export has the sha256 checksum" in refused(desk, pim, str(path)).err

    right = hashlib.sha256(path.read_bytes()).hexdigest()
    Path(f"{path}.sha256").write_text(f"{right}  export.xml\n", encoding="utf-8")

    assert desk.sync(str(path))["created"] == 5


def counted(desk: Desk, *, head: str = "", tail: str = "") -> str:
    whole = export(FIVE).replace("<Head>", f"<Head>{head}").replace("</Export>", f"{tail}</Export>")
    path = desk.folder / "export.xml"
    path.write_text(whole, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ("head", "/Export/Head/Count"),
        ("tail", "/Export/Trailer/@count"),
    ],
)
def test_a_declared_number_of_records_must_be_the_number_read(
    desk: Desk, pim: Sandbox, where: str, path: str
) -> None:
    with_gate(desk, declared=f'"{path}"')

    def declaring(count: int) -> str:
        parts = {"head": f"<Count>{count}</Count>", "tail": f'<Trailer count="{count}"/>'}
        return counted(desk, **{where: parts[where]})

    told = refused(desk, pim, declaring(6))
    assert f"error: 5 records were read; the export declares 6 at {path}" in told.err

    assert desk.sync(declaring(5))["created"] == 5


def test_an_export_that_declares_no_number_is_refused(desk: Desk, pim: Sandbox) -> None:
    with_gate(desk, declared="/Export/Head/Count")

    assert "expected at /Export/Head/Count; found nothing" in refused(desk, pim, counted(desk)).err


def test_each_export_is_held_against_its_own_number(desk: Desk, pim: Sandbox) -> None:
    with_gate(desk, declared="/Export/Head/Count")
    first = counted(desk, head="<Count>5</Count>")
    second = desk.folder / "second.xml"
    second.write_text(
        export([item("q1")]).replace("<Head>", "<Head><Count>2</Count>"), encoding="utf-8"
    )

    told = refused(desk, pim, first, str(second))

    assert "1 records were read; the export declares 2" in told.err
    assert f"  at: {second}\n" in told.err


def test_an_export_much_smaller_than_earlier_ones_is_refused_unless_forced(
    desk: Desk, pim: Sandbox
) -> None:
    with_gate(desk, band="0.5..2.0")
    for _ in range(2):
        desk.sync(desk.export([item(f"p{n}") for n in range(100)]))
    small = desk.export(FIVE)

    told = refused(desk, pim, small)
    assert "error: 5 records were read; 50.0 to 200.0 are expected" in told.err
    assert "  fix: see whether the export is whole; if it is, erp2pim sync --force" in told.err

    forced = desk.sync("--force", small)
    assert forced["exit_code"] == 0
    assert "taken all the same, by --force: 5 records were read" in forced["warnings"][0]


def test_runs_that_were_refused_or_read_nothing_do_not_move_the_band(
    desk: Desk, pim: Sandbox
) -> None:
    desk.sync(desk.export([item(f"p{n}") for n in range(100)]))
    desk.sync(desk.export([]))
    desk.run("sync", str(desk.folder / "gone.xml"))
    with_gate(desk, band="0.5..2.0")

    assert "since the last run had 100" in refused(desk, pim, desk.export(FIVE)).err


def test_an_export_older_than_the_last_is_refused_by_what_it_says(desk: Desk, pim: Sandbox) -> None:
    with_gate(desk, written="/Export/Head/At")
    desk.sync(counted(desk, head="<At>2026-11-24T02:00:00</At>"))

    told = refused(desk, pim, counted(desk, head="<At>2026-11-23T02:00:00</At>"))

    assert (
        "error: the export was written at 2026-11-23T02:00:00;"
        " run 1 took one of 2026-11-24T02:00:00 already" in told.err
    )
    assert desk.sync(counted(desk, head="<At>2026-11-24T02:00:00</At>"))["exit_code"] == 0


def test_or_by_its_time_on_disk(desk: Desk, pim: Sandbox) -> None:
    with_gate(desk, written="mtime")
    path = Path(desk.export(FIVE))
    desk.sync(str(path))
    os.utime(path, ns=(0, path.stat().st_mtime_ns - 1_000_000))

    assert "the export was written at" in refused(desk, pim, str(path)).err
    assert desk.run("sync", "--force", str(path)).code == 0


def test_of_several_exports_the_newest_counts(desk: Desk, pim: Sandbox) -> None:
    with_gate(desk, written="mtime")
    old, new = Path(desk.export(FIVE, "a.xml")), Path(desk.export([item("q")], "b.xml"))
    os.utime(old, ns=(0, 1))

    assert desk.run("sync", str(old), str(new)).code == 0
    assert desk.run("sync", str(new), str(old)).code == 0
    refused(desk, pim, str(old))


def test_the_export_of_the_last_run_need_not_be_read_again(desk: Desk, pim: Sandbox) -> None:
    with_gate(desk, repeated="nothing")
    path = desk.export(FIVE)
    desk.sync(path)
    before = pim.requests

    told = desk.run("sync", "--json", path)

    assert told.code == 0
    assert told.json["read"] == told.json["items"] == 0
    assert told.json["warnings"] == [f"{path}: run 1 was done with the same; nothing is sent"]
    assert pim.requests == before
    assert desk.run("sync", "--quiet", path) == Told(0, "", "")


@pytest.mark.parametrize("changed", ["export", "mapping", "force"])
def test_but_it_is_where_anything_is_otherwise(desk: Desk, *, changed: str) -> None:
    with_gate(desk, repeated="nothing")
    path = desk.export(FIVE)
    desk.sync(path)

    if changed == "export":
        desk.export([*FIVE, item("p5")])
    if changed == "mapping":
        desk.change_mapping("  family: Group\n", "")
    told = desk.sync(*(["--force"] if changed == "force" else []), path)

    assert told["read"] >= 5


def test_and_where_the_last_run_left_something_undone(desk: Desk) -> None:
    with_gate(desk, repeated="nothing")
    path = desk.export([*FIVE, item("p5", Pieces="x")])
    assert desk.sync(path)["rejected"] == 1

    assert desk.sync(path)["read"] == 6


def test_no_export_is_refused(desk: Desk, pim: Sandbox) -> None:
    told = refused(desk, pim, str(desk.folder / "export.xml"))

    assert "error: the export cannot be opened: No such file or directory" in told.err


def test_no_export_is_nothing_to_do_where_that_is_said(desk: Desk, pim: Sandbox) -> None:
    with_gate(desk, missing="nothing")
    missing = str(desk.folder / "export.xml")

    told = desk.sync(missing)

    assert told["exit_code"] == 0
    assert told["warnings"] == [f"{missing}: there is no export; nothing is to be done"]
    assert pim.requests == 0


def test_one_of_several_exports_that_is_missing_is_refused_all_the_same(
    desk: Desk, pim: Sandbox
) -> None:
    with_gate(desk, missing="nothing")

    told = refused(desk, pim, desk.export(FIVE), str(desk.folder / "more.xml"))

    assert f"  at: {desk.folder}/more.xml\n" in told.err


def test_an_export_without_records_passes_with_a_warning(desk: Desk) -> None:
    told = desk.sync(desk.export([]))

    assert told["exit_code"] == 0
    assert "no record stands at /Export/Items/Item" in told["warnings"][0]


def test_it_is_refused_where_records_are_asked_for(desk: Desk, pim: Sandbox) -> None:
    with_gate(desk, empty="refuse")

    told = refused(desk, pim, desk.export([]))

    assert "error: no record stands at /Export/Items/Item\n" in told.err


def test_it_is_refused_where_not_even_the_elements_around_its_records_stand(
    desk: Desk, pim: Sandbox
) -> None:
    path = desk.folder / "export.xml"
    path.write_text("<Export><Itemz><Item/></Itemz></Export>", encoding="utf-8")
    told = refused(desk, pim, str(path))
    assert (
        "error: no record stands at /Export/Items/Item, and nothing at /Export/Items\n" in told.err
    )

    with_gate(desk, empty="nothing")

    assert desk.sync(str(path))["exit_code"] == 0


def written(desk: Desk, content: str) -> str:
    path = desk.folder / "export.xml"
    path.write_text(content, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("gate", [{}, {"empty": "nothing"}])
def test_records_of_another_name_are_no_empty_export(
    desk: Desk, pim: Sandbox, gate: dict[str, str]
) -> None:
    path = desk.export(FIVE)
    desk.change_mapping("/Export/Items/Item", "/Export/Items/Itm")
    if gate:
        with_gate(desk, **gate)

    told = refused(desk, pim, "--quiet", path)

    assert (
        "error: no record stands at /Export/Items/Itm; "
        "the nearest that exists is /Export/Items/Item, 5 times\n" in told.err
    )
    assert "  fix: correct source.record in the mapping, or have the ERP write it" in told.err
    assert desk.run("check", path).code == 3


def test_what_stands_once_where_records_are_expected_may_be_a_head(
    desk: Desk, pim: Sandbox
) -> None:
    path = written(desk, "<Export><Items><Head><Date/><Date/></Head></Items></Export>")

    told = refused(desk, pim, path)

    assert "the nearest that exists is /Export/Items/Head, once\n" in told.err
    assert "write `gate: {empty: nothing}` if it is a head" in told.err

    with_gate(desk, empty="nothing")

    assert desk.sync(path)["exit_code"] == 0


def test_a_head_that_the_mapping_or_the_gate_reads_is_no_record_of_another_name(desk: Desk) -> None:
    with_gate(desk, declared="/Export/Items/Head/@count")

    path = written(desk, '<Export><Items><Head count="0"/></Items></Export>')

    assert desk.sync(path)["exit_code"] == 0


@pytest.mark.parametrize(
    ("record", "content"),
    [
        ("/Export/Items/Item[@kind='x']", "<Items><Item kind='y'/><Note/></Items>"),
        ("/Export/List[@of='x']/Item", "<List of='x'/><List of='y'><Row/><Row/></List>"),
        ("//Item", "<Items><Row/><Row/></Items>"),
    ],
)
def test_a_path_that_leaves_out_or_cannot_tell_what_stands_there_is_not_wrong(
    desk: Desk, record: str, content: str
) -> None:
    desk.change_mapping("/Export/Items/Item", f'"{record}"')

    assert desk.sync(written(desk, f"<Export>{content}</Export>"))["exit_code"] == 0


def test_records_of_another_namespace_are_told_with_it(desk: Desk, pim: Sandbox) -> None:
    path = written(
        desk, "<Export><Items><Item xmlns='urn:a'/><Item xmlns='urn:a'/></Items></Export>"
    )

    told = refused(desk, pim, path)

    assert "/Export/Items/Item in the namespace urn:a, 2 times\n" in told.err
    assert "write source.namespaces: ignore there" in told.err


def test_each_kind_of_record_is_known_where_the_other_one_is_looked_for(desk: Desk) -> None:
    desk.change_mapping("/Export/Items/Item", "/Export/Item")
    desk.change_mapping(
        "products:\n",
        "product_models:\n  record: /Export/Models/Model\n  code: No\n"
        "  family_variant: {value: v}\nproducts:\n",
    )

    assert desk.sync(written(desk, "<Export><Models/><Models/></Export>"))["exit_code"] == 0


def test_a_refused_export_leaves_the_state_as_it_was_but_for_the_run(desk: Desk) -> None:
    with_gate(desk, companion=".ok")
    path = desk.export(FIVE)

    desk.run("sync", path)

    assert "exit 3" in desk.run("runs").out
    assert set(listing(desk.state)) == {"lock", "state.db"}


@pytest.mark.parametrize("command", ["sync", "diff", "check"])
def test_a_path_that_cannot_be_followed_is_told_with_its_place(
    desk: Desk, pim: Sandbox, command: str
) -> None:
    with_gate(desk, declared="Head/Count")
    line = len(desk.config.read_text(encoding="utf-8").splitlines())

    told = desk.run(command, *([] if command == "check" else [desk.export(FIVE)]))

    assert told.code == 2
    assert f"{desk.config}:{line}:13: 'Head/Count' is not an absolute path" in told.err
    assert pim.requests == 0
