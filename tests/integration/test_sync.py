"""The nightly run, by the command line, against a PIM on loopback."""

import gzip
import zipfile
from pathlib import Path

import pytest

from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, booked, edit, export, item, values


def tools(count: int, **names: str) -> list[str]:
    """Give numbered items; `p7="Saw"` gives number 7 another name."""
    return [
        item(f"p{n}", Name=names.get(f"p{n}", f"Drill {n}"), Group="tools", Weight="1.5")
        for n in range(count)
    ]


def test_an_export_comes_into_the_pim_value_by_value(desk: Desk, pim: Sandbox) -> None:
    told = desk.sync(
        desk.export(
            [
                item("A1", NameDe="Bohrer", Group="tools", Weight="1.50", Pieces="3", Price="9.95"),
                item("A2", Name="Größe “42”, <b>&</b> 钻 𝄞"),
            ]
        )
    )

    assert values(pim) == {
        "A1": {
            "family": "tools",
            "sku": "A1",
            "name en_US": "Drill",
            "name de_DE": "Bohrer",
            "weight": {"amount": "1.5000", "unit": "KILOGRAM"},
            "pieces": 3,
            "price": [{"amount": "9.95", "currency": "EUR"}],
        },
        "A2": {"family": None, "sku": "A2", "name en_US": "Größe “42”, <b>&</b> 钻 𝄞"},
    }
    assert booked(told) == {"read": 2, "items": 2, "created": 2}
    assert told["exit_code"] == 0


def test_a_second_sync_of_the_same_export_sends_nothing(desk: Desk, pim: Sandbox) -> None:
    name = desk.export(tools(250))
    first = desk.sync(name)

    second = desk.sync(name)

    assert (first["patch_requests"], sorted(pim.batches)) == (3, [50, 100, 100])
    assert booked(second) == {"read": 250, "items": 250, "unchanged": 250}
    assert (second["patch_requests"], pim.patch_requests) == (0, 3)


def test_a_record_written_otherwise_is_not_sent(desk: Desk, pim: Sandbox) -> None:
    desk.sync(desk.export(tools(3)))

    told = desk.sync(desk.export(text.replace("><", ">\n  <") for text in tools(3)))

    assert booked(told) == {"read": 3, "items": 3, "unchanged": 3}
    assert pim.batches == [3]


def test_a_mapping_written_otherwise_sends_nothing(desk: Desk, pim: Sandbox) -> None:
    name = desk.export(tools(3))
    desk.sync(name)
    desk.change_mapping("path: NameDe", "path: [NameDe, NameGerman]")

    told = desk.sync(name)

    assert booked(told) == {"read": 3, "items": 3, "unchanged": 3}
    assert pim.batches == [3]


def test_a_mapping_that_says_more_sends_only_that(desk: Desk, pim: Sandbox) -> None:
    name = desk.export([item("A1", Color="red"), item("A2")])
    desk.sync(name)
    edit(pim, "A1", name="edited")
    with desk.mapping.open("a") as mapping:
        mapping.write("    color: {type: select, path: Color}\n")

    told = desk.sync(name)

    assert booked(told) == {"read": 2, "items": 2, "unchanged": 1, "updated": 1}
    held = values(pim)["A1"]
    assert (held["color"], held["name en_US"]) == ("red", "edited")


def test_exactly_what_changed_is_sent_and_only_its_changed_cells(desk: Desk, pim: Sandbox) -> None:
    before = tools(300)
    desk.sync(desk.export(before))
    for product in ("p7", "p8"):
        edit(pim, product, name="edited", weight={"amount": "9", "unit": "GRAM"})
    pim.batches.clear()
    after = [*tools(300, p7="Saw", p200="Axe")]
    after[8] = after[8].replace("1.5", "2")

    told = desk.sync(desk.export(after))

    assert booked(told) == {"read": 300, "items": 300, "unchanged": 297, "updated": 3}
    assert pim.batches == [3]
    held = values(pim)
    assert [(held[p]["name en_US"], held[p]["weight"]["amount"]) for p in ("p7", "p8", "p200")] == [
        ("Saw", "9.0000"),
        ("edited", "2.0000"),
        ("Axe", "1.5000"),
    ]


def test_what_the_export_leaves_out_stays_as_it_is(desk: Desk, pim: Sandbox) -> None:
    desk.sync(desk.export([item("A1", Weight="1.5"), item("A2")]))

    told = desk.sync(desk.export([item("A1", Name="Saw")]))

    assert booked(told) == {"read": 1, "items": 1, "updated": 1}
    held = values(pim)
    assert (held["A1"]["weight"]["amount"], held["A2"]["name en_US"]) == ("1.5000", "Drill")


def test_a_record_that_cannot_be_mapped_is_told_and_the_others_are_sent(
    desk: Desk, pim: Sandbox
) -> None:
    name = desk.export([item("A1"), item("A2", Weight="1,5 kg", Pieces="x"), item("A3")])

    told = desk.sync(name)

    assert booked(told) == {"read": 3, "items": 3, "created": 2, "rejected": 1}
    assert told["exit_code"] == 1
    assert sorted(pim.products) == ["A1", "A3"]
    (reject,) = told["rejects"]
    assert (reject["identifier"], reject["record"], reject["line"]) == ("A2", 2, 3)
    assert (reject["stage"], reject["rule"]) == ("mapping", f"{desk.mapping}:11")
    assert "found '1,5 kg'" in reject["message"]
    assert reject["message"].endswith("found 'x'")
    assert f"{desk.mapping}:12: " in reject["message"]


def test_a_record_without_identifier_is_told_too(desk: Desk) -> None:
    told = desk.sync(desk.export([item(""), item("A2")]))

    assert booked(told) == {"read": 2, "items": 2, "created": 1, "rejected": 1}
    assert [reject["identifier"] for reject in told["rejects"]] == [None]


def test_what_the_pim_refuses_is_sent_again_next_time(desk: Desk, pim: Sandbox) -> None:
    name = desk.export(tools(5))
    pim.refuse["p3"] = "weight is out of range"
    first = desk.sync(name)
    pim.refuse.clear()

    second = desk.sync(name)
    third = desk.sync(name)

    assert booked(first) == {"read": 5, "items": 5, "created": 4, "rejected": 1}
    assert [(r["identifier"], r["stage"]) for r in first["rejects"]] == [("p3", "pim")]
    assert "weight is out of range" in first["rejects"][0]["message"]
    assert booked(second) == {"read": 5, "items": 5, "unchanged": 4, "created": 1}
    assert (first["exit_code"], second["exit_code"], third["patch_requests"]) == (1, 0, 0)
    assert pim.batches == [5, 1]


def test_a_refused_change_that_is_taken_back_needs_nothing(desk: Desk, pim: Sandbox) -> None:
    desk.sync(desk.export(tools(3)))
    pim.refuse["p1"] = "no"
    refused = desk.sync(desk.export(tools(3, p1="Saw")))

    told = desk.sync(desk.export(tools(3)))

    assert (refused["rejected"], told["unchanged"], pim.batches) == (1, 3, [3, 1])


def test_a_rule_is_named_where_the_pim_names_the_attribute(desk: Desk) -> None:
    desk.change_mapping("{type: number, path: Pieces}", "{type: text, path: Pieces}")

    told = desk.sync(desk.export([item("A1", Pieces="many")]))

    assert [(r["stage"], r["rule"]) for r in told["rejects"]] == [("pim", f"{desk.mapping}:12")]


def test_records_left_out_are_counted_by_reason(desk: Desk, pim: Sandbox) -> None:
    desk.change_mapping("  identifier: Sku", "  identifier: Sku\n  when: not(Set)")
    items = [item("A1", mode="delete"), item("A2", Set="x"), item("A3", mode="delete"), item("A4")]

    told = desk.sync(desk.export(items))

    assert booked(told) == {"read": 4, "skipped": 3, "items": 1, "created": 1}
    assert told["skipped_by"] == {"deleted": 2, "no kind": 1}
    assert list(pim.products) == ["A4"]


def test_an_export_without_records_is_told_but_no_error(desk: Desk) -> None:
    told = desk.sync(desk.export([]))

    assert (booked(told), told["exit_code"]) == ({}, 0)
    assert told["warnings"] == [f"{desk.folder}/export.xml: no record stands at /Export/Items/Item"]


def test_several_exports_are_one_stream_with_their_own_header_values(
    desk: Desk, pim: Sandbox
) -> None:
    euros = desk.export([item("A1", Price="1")], "a.xml")
    dollars = desk.export([item("B1", Price="2")], "b.xml")
    text = Path(dollars).read_text(encoding="utf-8").replace("EUR", "USD")
    Path(dollars).write_text(text, encoding="utf-8")

    told = desk.sync(euros, dollars)

    assert booked(told) == {"read": 2, "items": 2, "created": 2}
    assert [held["price"][0]["currency"] for held in values(pim).values()] == ["EUR", "USD"]


@pytest.mark.parametrize(("one", "other"), [("A1", "a1"), ("Bohrer-É", "bohrer-e")])
def test_twins_in_two_exports_are_rejected_and_nothing_of_them_is_sent(
    desk: Desk, pim: Sandbox, one: str, other: str
) -> None:
    first = desk.export([item(one), item("B1")], "a.xml")
    second = desk.export([item("C1"), item(other)], "b.xml")

    told = desk.sync(first, second)

    assert booked(told) == {"read": 4, "items": 4, "created": 2, "rejected": 2}
    places = f"{first}: record 1, line 2; {second}: record 2, line 3"
    assert [(r["identifier"], r["export"], r["message"]) for r in told["rejects"]] == [
        (one, first, f"one record with this identifier is expected; found {places}"),
        (other, second, f"one record with this identifier is expected; found {places}"),
    ]
    assert sorted(pim.products) == ["B1", "C1"]


def test_a_twin_of_something_unchanged_is_rejected_all_the_same(desk: Desk, pim: Sandbox) -> None:
    first = desk.export([item("A1")], "a.xml")
    desk.sync(first)

    told = desk.sync(first, desk.export([item("a1", Name="Saw")], "b.xml"))

    assert booked(told) == {"read": 2, "items": 2, "rejected": 2}
    assert values(pim)["A1"]["name en_US"] == "Drill"


@pytest.mark.parametrize(
    ("duplicates", "family", "weight"),
    [("first", "tools", None), ("last", None, "2.0000"), ("merge", "tools", "2.0000")],
)
def test_twins_count_as_the_mapping_says(
    desk: Desk, pim: Sandbox, duplicates: str, family: str | None, weight: str | None
) -> None:
    desk.change_mapping("  identifier: Sku", f"  identifier: Sku\n  duplicates: {duplicates}")
    name = desk.export([item("A1", Group="tools"), item("B1"), item("a1", Weight="2")])

    first = desk.sync(name)
    second = desk.sync(name)

    assert booked(first) == {"read": 3, "merged": 1, "items": 2, "created": 2}
    assert booked(second) == {"read": 3, "merged": 1, "items": 2, "unchanged": 2}
    (held,) = [held for key, held in values(pim).items() if key.lower() == "a1"]
    assert (held["family"], held.get("weight", {}).get("amount")) == (family, weight)


@pytest.mark.parametrize("suffix", ["gz", "zip"])
def test_a_packed_export_is_read(desk: Desk, pim: Sandbox, suffix: str) -> None:
    raw = export(tools(3)).encode()
    path = desk.folder / f"export.{suffix}"
    if suffix == "gz":
        path.write_bytes(gzip.compress(raw))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("night/EXPORT.XML", raw)

    told = desk.sync(str(path))

    assert (told["created"], len(pim.products)) == (3, 3)


def test_an_export_comes_through_a_pipe(desk: Desk, pim: Sandbox) -> None:
    with desk.start("sync", "--json", "-") as process:
        process.communicate(export(tools(3)))

    assert process.returncode == 0
    assert len(pim.products) == 3


def test_a_run_takes_no_more_lines_and_workers_than_it_is_told(desk: Desk, pim: Sandbox) -> None:
    desk.configure(batch_lines=2, workers=1)

    desk.sync(desk.export(tools(5)))

    assert pim.batches == [2, 2, 1]
