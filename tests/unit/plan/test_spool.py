from collections.abc import Iterator, Sequence

import pytest

from erp2pim.errors import StateError
from erp2pim.model import Body, Duplicates, Item, Json, Origin, Recognised, Reject
from erp2pim.plan.spool import Spool, open_spool
from tests.support.held import Held, cell, item, named

Entry = Item | Reject | Recognised


@pytest.fixture
def spool() -> Iterator[Spool]:
    with open_spool() as spool:
        yield spool


def fill(
    spool: Spool,
    entries: Sequence[Entry],
    duplicates: Duplicates = "reject",
    held: Held | None = None,
) -> None:
    held = held or Held()
    for entry in entries:
        spool.add([(entry, duplicates)], held)
    spool.settle_duplicates(held)


def refused(identifier: str | None, *, record: int = 1) -> Reject:
    origin = Origin("export.xml", record, record + 1)
    return Reject("product", identifier, origin, "mapping", "mapping.yaml:5", "a number", "x")


def sent(spool: Spool) -> list[tuple[str, Body]]:
    return [(change.identifier, change.sent) for change in spool.changes()]


def why(spool: Spool) -> list[tuple[str | None, int, str]]:
    return [(each.identifier, each.origin.record, each.message) for each in spool.rejects()]


def test_changes_and_rejects_come_in_the_order_of_the_exports(spool: Spool) -> None:
    numbers = range(1, 1201)

    fill(
        spool,
        [
            refused(f"p{n}", record=n) if n % 3 == 0 else item(f"p{n}", named(f"N{n}"), record=n)
            for n in numbers
        ],
    )

    assert [change.origin.record for change in spool.changes()] == [n for n in numbers if n % 3]
    assert [each.origin.record for each in spool.rejects()] == [n for n in numbers if n % 3 == 0]
    assert spool.counts() == {"changed": 800, "rejected": 400}


def test_a_change_comes_back_as_it_went_in(spool: Spool) -> None:
    body = named("Bohrer \x7f 💡", family=None, enabled=False)

    fill(spool, [Item("product", "Ä 1", body, Origin("a b.xml", 7, None))])

    (change,) = spool.changes()
    assert (change.identifier, change.origin) == ("Ä 1", Origin("a b.xml", 7, None))
    assert (change.patch, change.whole, change.is_new) == (body, body, True)


def test_a_reject_comes_back_as_it_went_in(spool: Spool) -> None:
    reject = refused(None, record=3)

    fill(spool, [reject])

    assert list(spool.rejects()) == [reject]


def test_what_needs_nothing_is_counted_and_not_given(spool: Spool) -> None:
    held = Held(item("A1", named("a", family="tools")), item("A2", named("b")))

    fill(spool, [item("A1", named("a")), item("A2", named("b"))], held=held)

    assert spool.counts() == {"renewed": 1, "unchanged": 1}
    assert sent(spool) == []
    assert [change.identifier for change in spool.changes("renewed")] == ["A1"]


PLACES = "export.xml: record 1, line 2; export.xml: record 3, line 4"


def twins(first: Entry, second: Entry) -> list[Entry]:
    return [first, item("other", record=2), second]


@pytest.mark.parametrize(
    ("one", "other"), [("A1", "A1"), ("a1", "A1"), ("bohrer-É", "Bohrer-e"), ("STRASSE", "straße")]
)
def test_records_that_name_one_item_are_all_rejected_with_all_their_places(
    spool: Spool, one: str, other: str
) -> None:
    fill(spool, twins(item(one, record=1), item(other, record=3)))

    message = f"one record with this identifier is expected; found {PLACES}"
    assert why(spool) == [(one, 1, message), (other, 3, message)]
    assert sent(spool) == [("other", {})]


def test_they_are_rejected_even_where_the_pim_holds_just_that(spool: Spool) -> None:
    held = Held(item("A1", named("a")))

    fill(
        spool, twins(item("A1", named("a"), record=1), item("A1", named("b"), record=3)), held=held
    )

    assert spool.counts() == {"changed": 1, "rejected": 2}


def test_at_most_five_places_are_named(spool: Spool) -> None:
    fill(spool, [item("A1", record=n) for n in range(1, 8)])

    messages = {message for *_, message in why(spool)}
    assert len(messages) == 1
    (message,) = messages
    assert message.endswith("export.xml: record 5, line 6; and 2 more")


@pytest.mark.parametrize(("duplicates", "name"), [("first", "eins"), ("last", "zwei")])
def test_the_first_or_the_last_record_counts(
    spool: Spool, duplicates: Duplicates, name: str
) -> None:
    fill(
        spool,
        twins(item("A1", named("eins"), record=1), item("a1", named("zwei"), record=3)),
        duplicates,
    )

    assert [body for name_, body in sent(spool) if name_.lower() == "a1"] == [named(name)]
    assert spool.counts() == {"changed": 2, "merged": 1}


@pytest.mark.parametrize(("duplicates", "is_sent"), [("first", False), ("last", True)])
def test_a_refused_record_counts_as_well_as_any_other(
    spool: Spool, duplicates: Duplicates, *, is_sent: bool
) -> None:
    fill(spool, twins(refused("A1", record=1), item("A1", record=3)), duplicates)

    assert ("A1" in dict(sent(spool))) == is_sent
    assert [name for name, *_ in why(spool)] == ([] if is_sent else ["A1"])


def test_a_refused_twin_keeps_its_own_reason(spool: Spool) -> None:
    fill(spool, twins(refused("A1", record=1), item("A1", record=3)))

    assert [message for *_, message in why(spool)] == [
        "a number",
        f"one record with this identifier is expected; found {PLACES}",
    ]


def test_refused_records_without_identifier_are_nobodys_twins(spool: Spool) -> None:
    fill(spool, [refused(None, record=1), refused(None, record=2)], "merge")

    assert [message for *_, message in why(spool)] == ["a number", "a number"]


def test_records_are_merged_cell_by_cell(spool: Spool) -> None:
    first: Body = {"family": "tools", "values": {"a": [cell("1", "de_DE")]}}
    second: Body = {"family": "tools", "values": {"a": [cell("2", "en_US")], "b": [cell("3")]}}

    fill(spool, twins(item("A1", first, record=1), item("a1", second, record=3)), "merge")

    assert sent(spool)[0] == (
        "A1",
        {
            "family": "tools",
            "values": {"a": [cell("1", "de_DE"), cell("2", "en_US")], "b": [cell("3")]},
        },
    )
    assert spool.counts() == {"changed": 2, "merged": 1}


def test_what_is_merged_is_compared_as_one(spool: Spool) -> None:
    whole: Body = {"values": {"a": [cell("1")], "b": [cell("2")]}}
    first, second = {"values": {"a": [cell("1")]}}, {"values": {"b": [cell("2")]}}

    fill(
        spool,
        twins(item("A1", first, record=1), item("A1", second, record=3)),
        "merge",
        Held(item("A1", whole)),
    )

    assert spool.counts() == {"changed": 1, "merged": 1, "unchanged": 1}


@pytest.mark.parametrize(
    ("second", "name"),
    [
        ({"values": {"a": [cell("2")]}}, "a"),
        ({"values": {"a": [cell(None)]}}, "a"),
        ({"family": "saws", "values": {"a": [cell("1")]}}, "family"),
    ],
)
def test_one_cell_with_two_values_cannot_be_merged(spool: Spool, second: Body, name: str) -> None:
    first: Body = {"family": "tools", "values": {"a": [cell("1")]}}

    fill(spool, twins(item("A1", first, record=1), item("A1", second, record=3)), "merge")

    assert why(spool) == [("A1", 1, f"one value for {name} is expected in {PLACES}")]
    assert spool.counts() == {"changed": 1, "merged": 1, "rejected": 1}


def test_each_record_adds_to_categories_groups_and_associations(spool: Spool) -> None:
    first: Body = {
        "categories": ["drills", "sale"],
        "groups": ["a"],
        "associations": {"X_SELL": {"products": ["P2"]}, "PACK": {"groups": ["a"]}},
    }
    second: Body = {
        "categories": ["autumn", "sale"],
        "groups": [],
        "associations": {"X_SELL": {"products": ["P1"], "product_models": ["M"]}},
    }
    third: Body = {"categories": ["tools"], "associations": {"UPSELL": {"products": ["P3"]}}}

    fill(
        spool,
        [item("A1", body, record=number) for number, body in enumerate((first, second, third), 1)],
        "merge",
    )

    assert sent(spool) == [
        (
            "A1",
            {
                "categories": ["autumn", "drills", "sale", "tools"],
                "groups": ["a"],
                "associations": {
                    "X_SELL": {"products": ["P1", "P2"], "product_models": ["M"]},
                    "PACK": {"groups": ["a"]},
                    "UPSELL": {"products": ["P3"]},
                },
            },
        )
    ]


def test_one_part_in_two_quantities_cannot_be_merged(spool: Spool) -> None:
    def parts(quantity: int) -> Body:
        part: Body = {"identifier": "P1", "quantity": quantity}
        return {"quantified_associations": {"SET": {"products": [part]}}}

    fill(spool, twins(item("A1", parts(1), record=1), item("A1", parts(2), record=3)), "merge")

    message = f"one value for quantified_associations.SET is expected in {PLACES}"
    assert why(spool) == [("A1", 1, message)]


def with_ean(data: Json) -> Body:
    return {"family": "tools", "values": {"ean": [cell(data)]}}


def test_products_that_share_a_unique_value_are_all_refused(spool: Spool) -> None:
    named_twice = [item("A", with_ean("4001"), record=1), item("C", with_ean("4001"), record=3)]
    fill(spool, [named_twice[0], item("B", with_ean("4002"), record=2), named_twice[1]])

    spool.settle_unique("ean", "m.yaml:7")

    told = "A (export.xml: record 1, line 2); C (export.xml: record 3, line 4)"
    message = f"one product with this ean is expected; found {told}"
    assert [(each.identifier, each.rule, each.value) for each in spool.rejects()] == [
        ("A", "m.yaml:7", "4001"),
        ("C", "m.yaml:7", "4001"),
    ]
    assert {each.message for each in spool.rejects()} == {message}
    assert [name for name, _ in sent(spool)] == ["B"]


def test_a_product_that_keeps_its_unique_value_is_not_refused(spool: Spool) -> None:
    held = Held(item("A", {**with_ean("4001"), "family": "saws"}))
    fill(
        spool,
        [item("A", with_ean("4001"), record=1), item("B", with_ean("4001"), record=2)],
        held=held,
    )

    spool.settle_unique("ean", "m.yaml:7")

    assert [name for name, *_ in why(spool)] == ["B"]
    assert "A (export.xml: record 1, line 2)" in why(spool)[0][2]


@pytest.mark.parametrize("data", [None, ""])
def test_no_value_is_nothing_that_products_could_share(spool: Spool, data: Json) -> None:
    fill(spool, [item("A", with_ean(data), record=1), item("B", with_ean(data), record=2)])

    spool.settle_unique("ean", "m.yaml:7")

    assert why(spool) == []


def test_each_unique_attribute_is_looked_at_by_itself(spool: Spool) -> None:
    def both(ean: str, mpn: str) -> Body:
        return {"values": {"ean": [cell(ean)], "mpn": [cell(mpn)]}}

    fill(spool, [item("A", both("1", "2"), record=1), item("B", both("2", "1"), record=2)])

    for attribute in ("ean", "mpn"):
        spool.settle_unique(attribute, "m.yaml:7")

    assert why(spool) == []


def test_of_many_products_with_one_value_the_first_are_named(spool: Spool) -> None:
    fill(spool, [item(f"P{n}", with_ean("0"), record=n) for n in range(1, 9)])

    spool.settle_unique("ean", "m.yaml:7")

    messages = {message for *_, message in why(spool)}
    assert len(why(spool)) == 8
    assert len(messages) == 1
    assert messages.pop().endswith("; P5 (export.xml: record 5, line 6); and 3 more")


def test_nothing_is_merged_with_a_refused_record(spool: Spool) -> None:
    fill(spool, twins(item("A1", record=1), refused("A1", record=3)), "merge")

    assert why(spool) == [("A1", 1, "export.xml: record 3, line 4 of this item was refused")]
    assert spool.counts() == {"changed": 1, "merged": 1, "rejected": 1}


def test_a_refused_record_that_comes_first_keeps_its_reason_when_merged(spool: Spool) -> None:
    fill(spool, twins(refused("A1", record=1), item("A1", record=3)), "merge")

    assert why(spool) == [("A1", 1, "a number")]


def test_twins_may_stand_in_different_exports(spool: Spool) -> None:
    fill(
        spool,
        [
            Item("product", "A1", {}, Origin("a.xml", 1, 2)),
            Item("product", "A1", {}, Origin("b.xml", 1, 2)),
        ],
    )

    places = "a.xml: record 1, line 2; b.xml: record 1, line 2"
    assert {message for *_, message in why(spool)} == {
        f"one record with this identifier is expected; found {places}"
    }


def test_a_model_and_a_product_of_one_name_are_no_twins(spool: Spool) -> None:
    fill(spool, [item("A1"), item("A1", kind="product_model")])

    assert spool.counts() == {"changed": 2}


def test_a_recognised_record_is_unchanged_but_still_a_twin(spool: Spool) -> None:
    known = Recognised("product", "a1", "A1", "reject", Origin("export.xml", 1, 2))
    fill(spool, [known, item("B1", record=2)])
    assert spool.counts() == {"changed": 1, "unchanged": 1}

    with open_spool() as other:
        fill(other, [known, item("a1", record=3)])

        assert [name for name, *_ in why(other)] == ["A1", "a1"]


def test_a_disk_that_cannot_take_the_plan_ends_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")

    with pytest.raises(StateError) as refused_, open_spool():
        pass

    assert refused_.value.what.startswith("the plan cannot be kept on disk")
    assert refused_.value.fix == "free some space, or name another folder in TMPDIR"
