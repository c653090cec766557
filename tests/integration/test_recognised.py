"""Records that did not change are recognised, and only those."""

import pytest

from erp2pim.mapping.work import CompiledMapping
from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, item


@pytest.fixture
def mapped(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the numbers of the records that were mapped."""
    numbers: list[int] = []
    items = CompiledMapping.items

    def noted(self, number, element, origin, given):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  as the method it stands for
        numbers.append(origin.record)
        return items(self, number, element, origin, given)

    monkeypatch.setattr(CompiledMapping, "items", noted)
    return numbers


def test_only_changed_records_are_mapped(desk: Desk, mapped: list[int]) -> None:
    desk.sync(desk.export([item("A"), item("B"), item("C")]))
    mapped.clear()

    told = desk.sync(desk.export([item("A"), item("B", Name="Saw"), item("C")]))

    assert mapped == [2]
    assert (told["unchanged"], told["updated"]) == (2, 1)


def test_a_changed_header_gives_equal_records_another_meaning(
    desk: Desk, pim: Sandbox, mapped: list[int]
) -> None:
    export = desk.export([item("A", Price="1")])
    desk.sync(export)
    mapped.clear()
    text = (desk.folder / "export.xml").read_text(encoding="utf-8")
    (desk.folder / "export.xml").write_text(text.replace("EUR", "USD"), encoding="utf-8")

    told = desk.sync(export)

    assert (mapped, told["updated"]) == ([1], 1)
    assert pim.products["A"]["values"]["price"][0]["data"][0]["currency"] == "USD"


def test_a_changed_mapping_maps_every_record_anew(desk: Desk, mapped: list[int]) -> None:
    export = desk.export([item("A"), item("B")])
    desk.sync(export)
    mapped.clear()
    desk.change_mapping("locale: en_US", "locale: de_DE")
    desk.change_mapping(", {path: NameDe, locale: de_DE}", "")

    desk.sync(export)

    assert mapped == [1, 2]


def test_what_was_refused_is_mapped_and_sent_again(
    desk: Desk, pim: Sandbox, mapped: list[int]
) -> None:
    pim.refuse["A"] = "not today"
    export = desk.export([item("A"), item("B")])
    desk.sync(export)
    mapped.clear()
    pim.refuse.clear()

    told = desk.sync(export)

    assert (mapped, told["created"], told["unchanged"]) == ([1], 1, 1)


def test_a_recognised_record_still_counts_as_a_duplicate(desk: Desk) -> None:
    desk.sync(desk.export([item("A")]))

    told = desk.sync(desk.export([item("A"), item("a", Name="Other")]))

    assert (told["rejected"], told["unchanged"]) == (2, 0)


def test_records_whose_paths_leave_them_are_always_mapped(desk: Desk, mapped: list[int]) -> None:
    desk.change_mapping(
        "pieces: {type: number, path: Pieces}", 'brand: {type: text, path: "../@x"}'
    )
    export = desk.export([item("A")])
    desk.sync(export)
    mapped.clear()

    desk.sync(export)

    assert mapped == [1]


def test_an_older_version_of_a_record_is_no_longer_recognised(desk: Desk, pim: Sandbox) -> None:
    first = [item("A", Name="Drill")]
    desk.sync(desk.export(first))
    desk.sync(desk.export([item("A", Name="Saw")]))

    told = desk.sync(desk.export(first))

    assert told["updated"] == 1
    assert pim.products["A"]["values"]["name"][0]["data"] == "Drill"
