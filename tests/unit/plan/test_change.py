import pytest

from erp2pim.model import Body
from erp2pim.plan.change import compared
from tests.support.held import Held, cell, item, named


def test_what_the_pim_is_not_known_to_have_is_sent_whole() -> None:
    (change,) = compared([item("A1", named("Bohrer", family="tools"))], Held())

    assert change.is_new
    assert change.patch == named("Bohrer", family="tools")
    assert change.whole == change.patch


def test_an_item_without_anything_to_say_is_still_created() -> None:
    (change,) = compared([item("A1")], Held())

    assert (change.is_new, change.patch, change.is_needed) == (True, {}, True)


def test_what_the_pim_holds_as_it_is_needs_nothing() -> None:
    (change,) = compared([item("A1", named("Bohrer"))], Held(item("A1", named("Bohrer"))))

    assert (change.is_needed, change.sent, change.whole) == (False, {}, {})


def test_what_differs_is_sent_and_the_rest_is_remembered() -> None:
    held = Held(item("A1", named("Bohrer", family="tools")))

    (change,) = compared([item("A1", named("Säge"))], held)

    assert not change.is_new
    assert change.sent == named("Säge")
    assert change.whole == {**named("Säge"), "family": "tools"}


def test_less_than_the_pim_holds_needs_nothing_sent_but_is_remembered() -> None:
    held = Held(item("A1", named("Bohrer", family="tools")))

    (change,) = compared([item("A1", named("Bohrer"))], held)

    assert (change.is_needed, change.whole) == (False, named("Bohrer", family="tools"))


def test_associations_are_kept_apart_from_all_else() -> None:
    links: Body = {"associations": {"X_SELL": {"products": ["A2"]}}}

    (change,) = compared([item("A1", {**named("Bohrer"), **links})], Held())

    assert (change.patch, change.links) == (named("Bohrer"), links)
    assert change.sent == change.whole == {**named("Bohrer"), **links}


@pytest.mark.parametrize("written", ["BOHRER-E", "bohrer-é", "Bohrer-E\u0301"])
def test_an_identifier_is_found_without_regard_to_case_and_accents(written: str) -> None:
    (change,) = compared([item(written, named("x"))], Held(item("Bohrer-É", named("x"))))

    assert not change.is_needed
    assert change.identifier == written


def test_a_model_and_a_product_of_one_name_are_two_things() -> None:
    held = Held(item("A1", named("Bohrer"), kind="product_model"))

    model, product = compared(
        [item("A1", named("Bohrer"), kind="product_model"), item("A1", named("Bohrer"))], held
    )

    assert (model.is_needed, product.is_new) == (False, True)


def test_changes_come_in_the_order_of_the_items() -> None:
    items = [item(name, {"values": {"a": [cell(name)]}}) for name in ("C", "A", "B")]

    assert [change.identifier for change in compared(items, Held(items[1]))] == ["C", "A", "B"]
