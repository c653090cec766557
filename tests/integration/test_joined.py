"""Exports that need a second look at the file, or another file beside it."""

from pathlib import Path

import pytest

from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, booked, item, values

NAMES = """\
joins:
  text: {export: names.xml, record: /Names/Row, key: Sku, match: Sku}
products:"""


@pytest.fixture
def joined(desk: Desk) -> Desk:
    """Give a desk whose names come from another export."""
    desk.change_mapping("products:", NAMES)
    desk.change_mapping("path: Name, locale", "path: $text/Name, locale")
    return desk


def names(desk: Desk, text: str, name: str = "names.xml") -> None:
    (desk.folder / name).write_text(text, encoding="utf-8")


def test_another_export_gives_what_belongs_to_a_record(joined: Desk, pim: Sandbox) -> None:
    names(joined, "<Names><Row><Sku>A1</Sku><Name>Saw</Name></Row></Names>")

    told = joined.sync(joined.export([item("A1"), item("A2")]))

    assert booked(told) == {"read": 2, "items": 2, "created": 2}
    held = values(pim)
    assert (held["A1"]["name en_US"], held["A2"].get("name en_US")) == ("Saw", None)


def test_a_change_in_the_other_export_alone_is_sent(joined: Desk, pim: Sandbox) -> None:
    name = joined.export([item("A1")])
    for text in ("Saw", "Axe"):
        names(joined, f"<Names><Row><Sku>A1</Sku><Name>{text}</Name></Row></Names>")
        joined.sync(name)

    assert values(pim)["A1"]["name en_US"] == "Axe"
    assert pim.batches == [1, 1]


def test_the_other_export_may_stand_elsewhere(joined: Desk, pim: Sandbox) -> None:
    names(joined, "<Names><Row><Sku>A1</Sku><Name>Saw</Name></Row></Names>", "other.xml")

    told = joined.sync("--with", "names.xml=other.xml", joined.export([item("A1")]))

    assert (told["exit_code"], values(pim)["A1"]["name en_US"]) == (0, "Saw")


@pytest.mark.parametrize(
    "text",
    [None, "", "<Names><Row><Sku>A1</Sku>", "<Names><Row/></Names><Names/>"],
    ids=["missing", "empty", "cut", "two roots"],
)
def test_another_export_that_is_not_whole_sends_nothing(
    joined: Desk, pim: Sandbox, text: str | None
) -> None:
    if text is not None:
        names(joined, text)

    told = joined.run("sync", joined.export([item("A1")]))

    assert (told.code, pim.patch_requests) == (3, 0)
    assert f"  at: {joined.folder}/names.xml" in told.err


def test_a_recovering_run_tells_each_repair(desk: Desk, pim: Sandbox) -> None:
    desk.change_mapping("source:", "source:\n  recover: true")
    name = desk.export([item("A1"), item("A2", Name="x")])
    text = Path(name).read_text(encoding="utf-8")
    Path(name).write_text(text.replace(">x<", ">a & b<"), encoding="utf-8")

    told = desk.sync(name)

    assert (told["exit_code"], sorted(pim.products)) == (0, ["A1", "A2"])
    assert any(each.startswith(f"{name}:3:") and "repaired" in each for each in told["warnings"])


def test_a_recovering_run_refuses_a_truncated_export(desk: Desk, pim: Sandbox) -> None:
    desk.change_mapping("source:", "source:\n  recover: true")
    name = desk.export(item(f"p{n}") for n in range(50))
    text = Path(name).read_text(encoding="utf-8")

    for share in (0.1, 0.5, 0.99):
        Path(name).write_text(text[: int(len(text) * share)], encoding="utf-8")
        told = desk.run("sync", name)
        assert told.code == 3

    assert pim.patch_requests == 0
