"""Files that an export names are sent, once, and read back byte for byte."""

import json
import os
import random
import shutil
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from erp2pim import sandbox
from erp2pim.sandbox import Sandbox
from tests.integration.test_interruptions import wait_until
from tests.integration.test_owners import edit
from tests.sandbox.visitor import PNG, Visitor
from tests.support import forks
from tests.support.desk import Desk, booked, connect, item
from tests.support.website import Page, Site, website

MAPPING = """\
version: 1
source: {record: /Export/Items/Item}
products:
  identifier: Sku
  values:
    name: {type: text, path: Name, locale: en_US}
    picture: {type: image, path: Image, root: images}
"""
MODELS = """\
version: 1
source: {record: /Export/Items/Item}
product_models:
  code: Sku
  family_variant: {value: clothing_by_size}
  values: {picture: {type: image, path: Image, root: images}}
products:
  each: Size
  identifier: '@id'
  parent: ../Sku
"""
OTHER = PNG + b"other"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.mapping.write_text(MAPPING, encoding="utf-8")
    (desk.folder / "images").mkdir()
    return desk


@pytest.fixture
def seen(pim: Sandbox) -> Visitor:
    return Visitor(pim)


@pytest.fixture
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("erp2pim.pim.retry.pause", lambda *_, **__: 0.0)


def put(desk: Desk, name: str, content: bytes = PNG) -> Path:
    path = desk.folder / "images" / name
    path.write_bytes(content)
    return path


def structure(desk: Desk) -> None:
    """Let the desk know the PIM's structure."""
    text = json.dumps(sandbox.server.demo_catalog())
    (desk.folder / "structure.json").write_text(text, encoding="utf-8")


def held(seen: Visitor, identifier: str, path: str = "products") -> dict[str, bytes] | None:
    """Give name and bytes of the picture that an item holds; None where it holds none."""
    cells = seen.get(f"{path}/{identifier}")["values"].get("picture", [])
    if not cells:
        return None
    code = cells[0]["data"]
    name = seen.get(f"media-files/{code}")["original_filename"]
    return {name: seen.send("GET", f"media-files/{code}/download").content}


def stored(seen: Visitor) -> list[str]:
    """Give the names of all files that the PIM ever took."""
    files = seen.get("media-files", limit="100")["_embedded"]["items"]
    return sorted(file["original_filename"] for file in files)


def test_a_picture_is_sent_once_and_read_back_byte_for_byte(desk: Desk, seen: Visitor) -> None:
    content = bytes(range(256)) * 3000
    put(desk, "Bohrer 1.png", PNG + content)
    export = desk.export([item("A1", Image="Bohrer 1.png")])

    told = desk.sync(export)

    assert booked(told) == {"read": 1, "items": 1, "created": 1}
    assert held(seen, "A1") == {"Bohrer 1.png": PNG + content}
    again = desk.sync(export)
    assert (booked(again), again["requests"]) == ({"read": 1, "items": 1, "unchanged": 1}, 0)


def test_a_folder_whose_name_is_not_utf8_is_as_good_as_any(desk: Desk, seen: Visitor) -> None:
    folder = desk.folder / os.fsdecode(b"gr\xfcn")
    put(desk, "a.png")
    name = Path(desk.export([item("A", Image="a.png"), item("B", Image="b.png")]))
    folder.mkdir()
    for each in (name, desk.folder / "images"):
        each.rename(folder / each.name)

    told = desk.sync(str(folder / name.name))

    (reject,) = told["rejects"]
    assert (told["created"], reject["identifier"]) == (1, "B")
    assert (
        rf"a file of this name is expected in {desk.folder}/gr\udcfcn/images" in reject["message"]
    )
    assert held(seen, "A") == {"a.png": PNG}


def test_a_file_that_changed_under_an_unchanged_record_is_sent(desk: Desk, seen: Visitor) -> None:
    put(desk, "a.png")
    put(desk, "b.png")
    export = desk.export([item("A1", Image="a.png"), item("B1", Image="b.png")])
    desk.sync(export)
    put(desk, "a.png", OTHER)

    told = desk.sync(export)

    assert booked(told) == {"read": 2, "items": 2, "unchanged": 1, "updated": 1}
    assert told["patch_requests"] == 0
    assert (held(seen, "A1"), held(seen, "B1")) == ({"a.png": OTHER}, {"b.png": PNG})
    assert stored(seen) == ["a.png", "a.png", "b.png"]


def test_a_file_under_another_name_is_sent(desk: Desk, seen: Visitor) -> None:
    put(desk, "a.png")
    desk.sync(desk.export([item("A1", Image="a.png")]))
    put(desk, "b.png")

    desk.sync(desk.export([item("A1", Image="b.png")]))

    assert held(seen, "A1") == {"b.png": PNG}


@pytest.mark.parametrize(
    ("name", "known_as"),
    [
        ('5" x 3".png', "5_ x 3_.png"),
        ("größe ½.png", "größe ½.png"),
        ("日本.png", "日本.png"),
        ("a;b'c=%41.png", "a;b'c=%41.png"),
    ],
)
def test_a_file_keeps_a_name_that_a_header_can_hold(
    desk: Desk, seen: Visitor, name: str, known_as: str
) -> None:
    put(desk, name)
    export = desk.export([item("A1", Image=name)])
    desk.sync(export)
    shutil.rmtree(desk.state)

    told = desk.sync(export)

    assert (told["updated"], stored(seen), held(seen, "A1")) == (1, [known_as], {known_as: PNG})


def test_the_same_file_is_not_sent_with_what_else_changes(desk: Desk, seen: Visitor) -> None:
    put(desk, "a.png")
    desk.sync(desk.export([item("A1", Image="a.png")]))
    (desk.folder / "images" / "sub").mkdir()
    shutil.move(desk.folder / "images" / "a.png", desk.folder / "images" / "sub")

    told = desk.sync(desk.export([item("A1", Name="Saw", Image="sub/a.png")]))

    assert (told["updated"], told["patch_requests"]) == (1, 1)
    assert stored(seen) == ["a.png"]


def link_out(folder: Path) -> None:
    (folder.parent / "secret.png").write_bytes(PNG)
    (folder / "a.png").symlink_to("../secret.png")


def link_in_a_circle(folder: Path) -> None:
    (folder / "a.png").symlink_to("a.png")


def root_out(folder: Path) -> None:
    elsewhere = folder.parent.parent / f"{folder.parent.name}-elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.png").write_bytes(PNG)
    folder.rmdir()
    folder.symlink_to(elsewhere)


UNSENDABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _: None, "a file of this name is expected in {0}; there is none: have it"),
    "no folder": (Path.rmdir, "a file of this name is expected in {0}; there is none: have it"),
    "empty": (lambda folder: (folder / "a.png").touch(), "a file with something in it is expected"),
    "a folder": (lambda folder: (folder / "a.png").mkdir(), "a file is expected; this is a folder"),
    "a pipe": (
        lambda folder: os.mkfifo(folder / "a.png"),
        "a file is expected; this is a pipe or a device",
    ),
    "a link that leads out": (link_out, "a file inside {0} is expected; a symbolic link leads out"),
    "a link to itself": (link_in_a_circle, "the file cannot be read: "),
    "a root that leads out": (root_out, "a folder inside {1} is expected as root; a symbolic link"),
    "too large": (
        lambda folder: (folder / "a.png").write_bytes(PNG + b"0" * 2_100_000),
        "a file of at most 2097152 bytes is expected (max_file_size of the attribute, 2 MB); this ",
    ),
}


@pytest.mark.parametrize("case", UNSENDABLE, ids=lambda case: case.replace(" ", "-"))
def test_a_file_that_cannot_be_sent_rejects_its_item_before_anything_is_sent(
    desk: Desk, pim: Sandbox, case: str
) -> None:
    structure(desk)
    prepare, message = UNSENDABLE[case]
    prepare(desk.folder / "images")

    told = desk.sync(desk.export([item("A1", Image="a.png"), item("A2")]))

    assert booked(told) == {"read": 2, "items": 2, "created": 1, "rejected": 1}
    (reject,) = told["rejects"]
    assert reject["message"].startswith(message.format(desk.folder / "images", desk.folder))
    assert (reject["record"], reject["value"]) == (1, "images/a.png")
    assert reject["rule"] == f"{desk.mapping}:7"
    assert list(pim.products) == ["A2"]


@pytest.mark.parametrize("name", ["a.gif", "../a.png", "none.png"])
def test_a_file_that_may_be_left_out_does_not_hold_back_its_item(
    desk: Desk, seen: Visitor, name: str
) -> None:
    structure(desk)
    put(desk, "a.gif", b"GIF8")
    desk.change_mapping("root: images", "root: images, otherwise: drop")

    told = desk.sync(desk.export([item("A1", Image=name)]))

    assert booked(told) == {"read": 1, "items": 1, "created": 1}
    assert held(seen, "A1") is None
    assert told["decisions"] == {f"{desk.mapping}:7": {"file: dropped": 1}}


def test_a_file_that_was_left_out_is_sent_once_it_is_there(desk: Desk, seen: Visitor) -> None:
    desk.change_mapping("root: images", "root: images, otherwise: drop")
    export = desk.export([item("A1", Image="a.png")])
    desk.sync(export)
    put(desk, "a.png")

    told = desk.sync(export)

    assert (told["updated"], held(seen, "A1")) == (1, {"a.png": PNG})


@pytest.mark.parametrize(
    ("name", "products"), [("a.gif", []), ("a.png.gif", []), ("a", []), ("a.PNG", ["A1"])]
)
def test_an_ending_that_the_attribute_does_not_take_is_a_reject(
    desk: Desk, pim: Sandbox, name: str, products: list[str]
) -> None:
    structure(desk)
    put(desk, name)

    told = desk.sync(desk.export([item("A1", Image=name)]))

    message = "picture: a file that ends in one of jpeg, jpg, png is expected"
    assert [each["message"] for each in told["rejects"]] == [message] * (1 - len(products))
    assert list(pim.products) == products


def test_a_root_outside_of_the_exports_folder_is_the_mappings_own_word(
    desk: Desk, seen: Visitor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    share = tmp_path_factory.mktemp("share")
    (share / "a.png").write_bytes(PNG)
    desk.change_mapping("root: images", f"root: {share}")

    desk.sync(desk.export([item("A1", Image="a.png")]))

    assert held(seen, "A1") == {"a.png": PNG}


def test_what_the_pim_refuses_is_told_and_tried_again_without_the_rest(
    desk: Desk, seen: Visitor
) -> None:
    put(desk, "a.png", b"no picture")
    export = desk.export([item("A1", Image="a.png")])

    told = desk.sync(export)

    assert booked(told) == {"read": 1, "items": 1, "rejected": 1}
    (reject,) = told["rejects"]
    assert (reject["stage"], reject["rule"]) == ("pim", f"{desk.mapping}:7")
    assert reject["message"].startswith("Validation failed. picture: The MIME type is not allowed")
    assert seen.get("products/A1")["values"]["name"][0]["data"] == "Drill"
    again = desk.sync(export)
    assert (again["rejected"], again["patch_requests"]) == (1, 0)
    put(desk, "a.png")
    mended = desk.sync(export)
    assert (mended["updated"], mended["patch_requests"]) == (1, 0)
    assert held(seen, "A1") == {"a.png": PNG}


@pytest.mark.usefixtures("_no_waiting")
@pytest.mark.parametrize("fault", ["cut-before", "cut-after", "503", "500", "cut-middle"])
@pytest.mark.parametrize("is_new", [True, False], ids=["new", "known"])
def test_a_file_whose_answer_was_lost_is_there_once(
    desk: Desk,
    pim: Sandbox,
    seen: Visitor,
    fault: str,
    is_new: bool,  # noqa: FBT001  pytest's
) -> None:
    put(desk, "a.png")
    if not is_new:
        desk.sync(desk.export([item("A1")]))
    pim.queue.append(f"upload:{fault}")

    told = desk.sync(desk.export([item("A1", Image="a.png")]))

    assert (told["created"] + told["updated"], told["exit_code"]) == (1, 0)
    assert (held(seen, "A1"), stored(seen)) == ({"a.png": PNG}, ["a.png"])


def test_a_run_that_lost_the_answer_to_a_file_is_made_up_for_by_the_next(
    desk: Desk, pim: Sandbox, seen: Visitor
) -> None:
    desk.configure(attempts=1)
    put(desk, "a.png")
    desk.sync(desk.export([item("A1")]))
    pim.queue.append("upload:cut-after")
    export = desk.export([item("A1", Image="a.png")])

    lost = desk.run("sync", "--json", export)
    told = desk.sync(export)

    assert (lost.code, booked(lost.json)["not_sent"]) == (4, 1)
    assert (booked(told), stored(seen)) == ({"read": 1, "items": 1, "updated": 1}, ["a.png"])
    assert desk.sync(export)["requests"] == 0


def test_a_file_that_returns_after_a_lost_answer_is_sent_again(
    desk: Desk, pim: Sandbox, seen: Visitor
) -> None:
    desk.configure(attempts=1)
    put(desk, "a.png")
    export = desk.export([item("A1", Image="a.png")])
    desk.sync(export)
    put(desk, "a.png", OTHER)
    pim.queue.append("upload:cut-after")
    assert desk.run("sync", export).code == 4
    assert held(seen, "A1") == {"a.png": OTHER}
    put(desk, "a.png")

    told = desk.sync(export)

    assert (told["updated"], held(seen, "A1")) == (1, {"a.png": PNG})


def test_without_its_state_a_run_does_not_send_again_what_is_there(
    desk: Desk, seen: Visitor
) -> None:
    put(desk, "a.png")
    put(desk, "b.png")
    export = desk.export([item("A1", Image="a.png"), item("B1", Image="b.png")])
    desk.sync(export)
    shutil.rmtree(desk.state)
    put(desk, "b.png", PNG[:-1] + b"x")  # another content of the same size

    told = desk.sync(export)

    assert told["updated"] == 2
    assert stored(seen) == ["a.png", "b.png", "b.png"]
    assert held(seen, "B1") == {"b.png": PNG[:-1] + b"x"}


@pytest.mark.usefixtures("_no_waiting")
def test_a_pim_that_fails_on_one_file_gets_the_others(
    desk: Desk, pim: Sandbox, seen: Visitor
) -> None:
    desk.configure(attempts=2, workers=1)
    for name in ("a.png", "b.png"):
        put(desk, name)
    desk.sync(desk.export([item("A1"), item("B1")]))
    pim.queue.extend(["upload:500"] * 2)

    told = desk.sync(desk.export([item("A1", Image="a.png"), item("B1", Image="b.png")]))

    assert booked(told) == {"read": 2, "items": 2, "updated": 1, "rejected": 1}
    message = 'the PIM fails on this file: HTTP 500, "Internal Server Error"'
    assert told["rejects"][0]["message"] == message
    assert stored(seen) == ["b.png"]


def test_a_file_that_changes_while_it_is_sent_does_not_arrive(
    desk: Desk, seen: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(desk, "a.png")
    monkeypatch.setattr("erp2pim.run.night.guard", lambda *_: path.write_bytes(PNG[:-1] + b"x"))
    export = desk.export([item("A1", Image="a.png")])

    told = desk.sync(export)

    assert (told["rejected"], stored(seen)) == (1, [])
    assert told["rejects"][0]["stage"] == "mapping"
    assert "this one was changed after it was looked at" in told["rejects"][0]["message"]
    monkeypatch.undo()


def test_a_picture_that_goes_is_cleared_and_sent_again_when_it_returns(
    desk: Desk, seen: Visitor
) -> None:
    desk.change_mapping("root: images", "root: images, empty: clear")
    put(desk, "a.png")
    with_it = desk.export([item("A1", Image="a.png")], "with.xml")
    desk.sync(with_it)

    gone = desk.sync(desk.export([item("A1", Image="")], "without.xml"))

    assert (gone["updated"], gone["patch_requests"], held(seen, "A1")) == (1, 1, None)
    assert desk.sync(with_it)["updated"] == 1
    assert held(seen, "A1") == {"a.png": PNG}


def test_a_refused_association_does_not_hold_back_a_file(desk: Desk, seen: Visitor) -> None:
    links = "  associations: {X_SELL: {products: With}}\n  values:"
    desk.change_mapping("  values:", links)
    put(desk, "a.png")
    export = desk.export([item("A1", Image="a.png", With="NOPE")])

    told = desk.sync(export)

    assert booked(told) == {"read": 1, "items": 1, "rejected": 1}
    assert (len(told["rejects"]), held(seen, "A1")) == (1, {"a.png": PNG})
    again = desk.sync(export)
    assert (booked(again), stored(seen)) == ({"read": 1, "items": 1, "rejected": 1}, ["a.png"])
    mended = desk.sync(desk.export([item("A1", Image="a.png", With="A1")]))
    assert (mended["updated"], stored(seen)) == (1, ["a.png"])


def test_an_association_that_the_pim_took_is_not_sent_again_for_a_file(desk: Desk) -> None:
    links = "  associations: {X_SELL: {products: With}}\n  values:"
    desk.change_mapping("  values:", links)
    put(desk, "a.png")
    export = desk.export([item("A1", Image="a.png", With="A1")])

    desk.sync(export)

    assert desk.sync(export)["requests"] == 0


def test_pictures_of_models_and_variants_are_sent(desk: Desk, seen: Visitor) -> None:
    desk.mapping.write_text(
        f"{MODELS}  values: {{size: {{path: '@code', type: select}}}}\n", encoding="utf-8"
    )
    put(desk, "a.png")
    record = item("S1", Image="a.png").replace("</Item>", '<Size id="S1-M" code="m"/></Item>')

    told = desk.sync(desk.export([record]))

    assert booked(told) == {"read": 1, "extra": 1, "items": 2, "created": 2}
    assert held(seen, "S1", "product-models") == {"a.png": PNG}
    assert desk.sync(desk.export([record]))["requests"] == 0


def test_a_refused_picture_of_a_model_does_not_hold_back_what_stands_below_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = json.loads(json.dumps(sandbox.server.demo_catalog()))
    catalog["attributes"].append({"code": "manual", "type": "pim_catalog_file"})
    next(each for each in catalog["families"] if each["code"] == "clothing")["attributes"] += [
        "manual"
    ]
    by_size = catalog["family_variants"]["clothing"][0]
    by_size["variant_attribute_sets"][0]["attributes"] += ["manual"]
    desk.mapping.write_text(
        f"{MODELS}  values: {{size: {{path: '@code', type: select}}, "
        "manual: {type: file, path: '@manual', root: images}}\n",
        encoding="utf-8",
    )
    put(desk, "a.png", b"no picture")
    put(desk, "m.pdf", b"%PDF-1.7")
    size = '<Size id="S1-M" code="m" manual="m.pdf"/></Item>'
    with sandbox.serve(catalog=catalog) as pim:
        connect(monkeypatch, pim)

        told = desk.sync(desk.export([item("S1", Image="a.png").replace("</Item>", size)]))

        assert stored(Visitor(pim)) == ["m.pdf"]
    assert (told["created"], [each["identifier"] for each in told["rejects"]]) == (1, ["S1"])


def test_files_that_a_run_did_not_come_to_are_sent_by_the_next(
    desk: Desk, pim: Sandbox, seen: Visitor
) -> None:
    desk.configure(attempts=1, workers=1)
    put(desk, "a.png")
    export = desk.export([item(name, Image="a.png") for name in ("A1", "B1")])
    pim.queue.append("upload:503")

    cut = desk.run("sync", "--json", export)
    told = desk.sync(export)

    assert (cut.code, booked(cut.json)) == (4, {"read": 2, "items": 2, "not_sent": 2})
    assert (booked(told), told["patch_requests"]) == ({"read": 2, "items": 2, "updated": 2}, 0)
    assert held(seen, "A1") == held(seen, "B1") == {"a.png": PNG}


@pytest.mark.parametrize(("owner", "kept"), [("pim", {"mine.png": OTHER}), ("report", None)])
def test_a_picture_that_people_own_is_left_to_them(
    desk: Desk, pim: Sandbox, seen: Visitor, owner: str, kept: dict[str, bytes] | None
) -> None:
    desk.change_mapping("root: images", f"root: images, owner: {owner}")
    for name in ("a.png", "mine.png"):
        put(desk, name)
    first = desk.sync(desk.export([item("A1", Image="a.png")]))
    if owner == "pim":
        assert held(seen, "A1") == {"a.png": PNG}
        target = json.dumps(
            {"identifier": "A1", "attribute": "picture", "locale": None, "scope": None}
        )
        seen.upload(OTHER, "mine.png", product=target)
    else:
        assert any(each.startswith("A1: picture: the PIM has null") for each in first["warnings"])
    put(desk, "a.png", PNG + b"2")

    told = desk.sync(desk.export([item("A1", Image="a.png")]))

    assert (told["unchanged"], held(seen, "A1")) == (1, kept)
    edit(pim, "A1", {"values": {"picture": [{"locale": None, "scope": None, "data": None}]}})
    put(desk, "a.png", PNG + b"3")
    desk.sync(desk.export([item("A1", Image="a.png")]))
    assert held(seen, "A1") == (None if kept is None else {"a.png": PNG + b"3"})


def test_records_of_one_item_may_name_one_picture_but_not_two(desk: Desk, seen: Visitor) -> None:
    desk.change_mapping("products:", "products:\n  duplicates: merge")
    put(desk, "a.png")
    put(desk, "b.png", OTHER)
    records = [item("A1", Image="a.png"), item("A1", Image="a.png")]
    told = desk.sync(desk.export([*records, item("B1", Image="a.png"), item("B1", Image="b.png")]))

    assert (told["created"], told["rejected"], held(seen, "A1")) == (1, 1, {"a.png": PNG})
    assert told["rejects"][0]["message"].startswith("one value for picture is expected in")


def test_a_diff_names_the_files_and_sends_none(desk: Desk, seen: Visitor) -> None:
    put(desk, "a.png")
    export = desk.export([item("A1", Image="a.png")])
    desk.sync(export)
    put(desk, "a.png", OTHER)

    told = desk.run("diff", export)

    assert "  picture: a.png (16 bytes, sha256 " in told.out
    assert ") → a.png (21 bytes, sha256 " in told.out
    (change,) = desk.run("diff", "--json", export).json["changes"]
    (cell,) = change["cells"]
    old, new = cell.pop("old"), cell.pop("new")
    assert cell == {"name": "picture", "locale": None, "scope": None}
    assert [(each["name"], each["size"]) for each in (old, new)] == [("a.png", 16), ("a.png", 21)]
    assert old["digest"] != new["digest"]
    assert held(seen, "A1") == {"a.png": PNG}


def test_check_looks_at_the_files(desk: Desk) -> None:
    told = desk.run("check", desk.export([item("A1", Image="a.png")]))

    assert told.code == 1
    assert "a file of this name is expected in" in told.out


def test_two_items_with_one_picture_each_hold_it(desk: Desk, seen: Visitor) -> None:
    put(desk, "a.png")

    desk.sync(desk.export([item("A1", Image="a.png"), item("A2", Image="a.png")]))

    assert held(seen, "A1") == held(seen, "A2") == {"a.png": PNG}


def test_files_of_standard_input_stand_below_the_working_folder(desk: Desk, seen: Visitor) -> None:
    put(desk, "a.png")
    export = Path(desk.export([item("A1", Image="a.png")]))
    process = desk.start("sync", "--json", "-")

    out, _ = process.communicate(export.read_text(encoding="utf-8"), timeout=60)

    told: dict[str, Any] = json.loads(out)
    assert (told["created"], held(seen, "A1")) == (1, {"a.png": PNG})


@pytest.fixture
def site() -> Generator[Site]:
    with website() as served:
        served.pages["/a.png"] = Page(PNG)
        yield served


def fetch_from(desk: Desk, site: Site, *more: str) -> None:
    """Let the desk fetch files from these hosts, and tell it the PIM's structure."""
    section = f"media: {{hosts: [{site.host}], {', '.join(('allow_http: true', *more))}}}\n"
    desk.config.write_text(desk.config.read_text(encoding="utf-8") + section, encoding="utf-8")


def test_without_a_host_that_is_named_no_address_is_fetched(
    desk: Desk, pim: Sandbox, site: Site
) -> None:
    told = desk.sync(desk.export([item("A1", Image=f"{site.url}/a.png")]))

    assert (told["rejected"], pim.products, site.requests) == (1, {}, [])
    assert (
        "from the hosts that media.hosts in the configuration names"
        in (told["rejects"][0]["message"])
    )


def test_a_file_on_the_web_is_fetched_once_for_each_address(
    desk: Desk, seen: Visitor, site: Site
) -> None:
    fetch_from(desk, site, "allow_private: true")
    site.pages["/b%20c.png?v=2"] = Page(OTHER)
    export = desk.export([item("A1", Image=f"{site.url}/a.png")])

    told = desk.sync(export)

    assert (told["created"], held(seen, "A1")) == (1, {"a.png": PNG})
    again = desk.sync(export)
    assert (again["unchanged"], again["requests"], len(site.requests)) == (1, 0, 1)
    other = desk.export([item("A1", Name="Saw", Image=f"{site.url}/b%20c.png?v=2")])
    diff = desk.run("diff", other)
    assert f"  picture: {site.url}/a.png → {site.url}/b%20c.png?v=2" in diff.out.splitlines()
    assert len(site.requests) == 1
    assert desk.sync(other)["updated"] == 1
    assert (held(seen, "A1"), len(site.requests)) == ({"b c.png": OTHER}, 2)


def test_a_name_from_the_web_writes_no_header(desk: Desk, seen: Visitor, site: Site) -> None:
    fetch_from(desk, site, "allow_private: true")
    path = "/a%0D%0AX:%5C%22%2F%00b%22.png"
    site.pages[path] = Page(PNG)

    desk.sync(desk.export([item("A1", Image=f"{site.url}{path}")]))

    assert held(seen, "A1") == {"_b_.png": PNG}


def test_a_file_that_cannot_be_fetched_rejects_its_item_and_is_tried_again(
    desk: Desk, seen: Visitor, site: Site
) -> None:
    fetch_from(desk, site, "allow_private: true")
    export = desk.export([item("A1", Image=f"{site.url}/late.png")])

    told = desk.sync(export)

    (reject,) = told["rejects"]
    assert (reject["stage"], reject["rule"]) == ("mapping", f"{desk.mapping}:7")
    assert reject["message"] == "picture: the file cannot be fetched: HTTP 404"
    assert seen.get("products/A1")["values"]["name"][0]["data"] == "Drill"
    site.pages["/late.png"] = Page(PNG)
    again = desk.sync(export)
    assert (again["updated"], again["patch_requests"]) == (1, 0)
    assert held(seen, "A1") == {"late.png": PNG}


def test_a_file_on_the_web_is_not_larger_than_the_attribute_allows(
    desk: Desk, seen: Visitor, site: Site
) -> None:
    structure(desk)
    fetch_from(desk, site, "allow_private: true")
    site.pages["/a.png"] = Page(PNG + b"0" * 2_100_000)

    told = desk.sync(desk.export([item("A1", Image=f"{site.url}/a.png")]))

    assert told["rejects"][0]["message"] == "picture: a file of at most 2 MB is expected"
    assert stored(seen) == []


@pytest.mark.parametrize("optional", [False, True], ids=["needed", "optional"])
def test_an_address_that_must_not_be_asked_is_refused_while_planning(
    desk: Desk,
    pim: Sandbox,
    site: Site,
    optional: bool,  # noqa: FBT001  pytest gives it by name
) -> None:
    fetch_from(desk, site, "allow_private: true")
    if optional:
        desk.change_mapping("root: images", "root: images, otherwise: drop")

    told = desk.sync(desk.export([item("A1", Image="https://evil.example/a.png")]))

    assert list(pim.products) == ["A1"] * optional
    messages = ["a host of media.hosts is expected; this one is evil.example"]
    assert [each["message"] for each in told["rejects"]] == messages * (not optional)


@pytest.mark.parametrize("otherwise", ["reject", "drop"])
@pytest.mark.parametrize("address", ["https://[::1/a.png", "HTTP://a\u2100b/a.png"])
def test_an_address_that_is_none_is_refused_like_any_value(
    desk: Desk, pim: Sandbox, address: str, otherwise: str
) -> None:
    structure(desk)
    desk.change_mapping("root: images", f"root: images, otherwise: {otherwise}")

    told = desk.sync(desk.export([item("A1", Image=address)]))

    rejects = [(each["message"].partition(": ")[0], each["value"]) for each in told["rejects"]]
    message = "an address that can be read is expected"
    assert rejects == ([(message, address)] if otherwise == "reject" else [])
    assert list(pim.products) == ([] if rejects else ["A1"])


def test_a_host_inside_of_the_network_is_not_asked_unless_that_is_allowed(
    desk: Desk, seen: Visitor, site: Site
) -> None:
    fetch_from(desk, site)

    told = desk.sync(desk.export([item("A1", Image=f"{site.url}/a.png")]))

    assert told["rejects"][0]["message"].startswith(
        "picture: a public address is expected; 127.0.0.1 has 127.0.0.1"
    )
    assert (site.requests, stored(seen)) == ([], [])


def test_an_address_for_a_text_is_a_text(desk: Desk, pim: Sandbox, site: Site) -> None:
    fetch_from(desk, site, "allow_private: true")
    desk.change_mapping(
        "picture: {type: image, path: Image, root: images}", "brand: {type: text, path: Image}"
    )

    desk.sync(desk.export([item("A1", Image=f"{site.url}/a.png")]))

    assert pim.products["A1"]["values"]["brand"][0]["data"] == f"{site.url}/a.png"
    assert site.requests == []


def test_a_file_from_the_web_whose_answer_was_lost_is_there_once(
    desk: Desk, pim: Sandbox, seen: Visitor, site: Site
) -> None:
    fetch_from(desk, site, "allow_private: true")
    desk.config.write_text(
        desk.config.read_text(encoding="utf-8") + "send: {attempts: 1}\n", encoding="utf-8"
    )
    export = desk.export([item("A1", Image=f"{site.url}/a.png")])
    pim.queue.append("upload:cut-after")

    lost = desk.run("sync", export)
    told = desk.sync(export)

    assert (lost.code, told["updated"], stored(seen)) == (4, 1, ["a.png"])


@pytest.mark.slow
def test_killed_at_any_moment_every_file_is_there_once_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"p{n}.png" for n in range(24)]
    luck = random.Random(20261124)  # noqa: S311  # the same moments each time
    with sandbox.serve(latency_s=0.03) as pim:
        connect(monkeypatch, pim)
        desk = Desk(tmp_path, capsys)
        desk.mapping.write_text(MAPPING, encoding="utf-8")
        desk.configure(batch_lines=5)
        (tmp_path / "images").mkdir()
        for name in names:
            put(desk, name, PNG + name.encode())
        export = desk.export([item(name[:-4], Image=name) for name in names])
        for _ in range(8):
            wanted = pim.requests + luck.randint(2, 10)
            process = forks.start(["--config", str(desk.config), "sync", export])
            wait_until(lambda: pim.requests >= wanted or process.exitcode is not None)  # noqa: B023  # called at once
            time.sleep(luck.uniform(0, 0.03))
            process.kill()
            process.join()
        seen = Visitor(pim)
        assert stored(seen) != []

        told = desk.sync(export)

        assert (told["exit_code"], told["items"]) == (0, len(names))
        assert desk.sync(export)["requests"] == 0
        assert stored(seen) == sorted(names)
        assert held(seen, "p7") == {"p7.png": PNG + b"p7.png"}
