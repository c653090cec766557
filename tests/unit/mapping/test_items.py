"""What becomes of a record as a whole, and how a reject tells it."""

import pytest

from erp2pim.model import Item, Origin, Reject
from tests.unit.mapping.mapped import loaded, mapped, one, reject, written


def test_a_reject_says_where_the_record_stands_and_which_rule_refused_it() -> None:
    mapping = written("a: {path: N, type: number}")
    export = "<Export>\n<Item><Sku>A1</Sku></Item>\n\n<Item><Sku>A2</Sku><N>x</N></Item>\n</Export>"

    found = mapped(mapping, export)

    assert found == [
        Item("product", "A1", {}, Origin("export.xml", 1, 2)),
        Reject(
            kind="product",
            identifier="A2",
            origin=Origin("export.xml", 2, 4),
            stage="mapping",
            rule="mapping.yaml:5",
            message="a number written like 1234.56 is expected",
            value="x",
        ),
    ]


def test_the_rule_within_a_rule_is_to_blame_where_it_is() -> None:
    rules = """
        a:
          path:
            - {path: Nothing}
            - path: W
              transform: {before: "!"}
              table: t
          type: text
    """

    found = reject("<W>x!</W>", rules, more="tables: {t: {a: b}}")

    assert (found.rule, found.value) == ("mapping.yaml:8", "x")


@pytest.mark.parametrize(
    ("skip", "product"),
    [('skip: {odd: "$c/x"}', ""), ("", 'when: "$c/x"')],
    ids=["skip", "when"],
)
def test_a_record_is_refused_when_a_condition_cannot_be_asked_of_it(
    skip: str, product: str
) -> None:
    mapping = written(source=f"header: {{c: /Export/@c}}\n{skip}", product=product)

    (found,) = mapped(mapping, "<Export c='1'><Item><Sku>A1</Sku></Item></Export>")

    assert isinstance(found, Reject)
    assert found.identifier is None
    assert found.message == "the path boolean($c/x) fails: Invalid type"


def test_the_first_rule_of_each_part_is_where_it_stands() -> None:
    rules = """
        a: {path: A, type: text}
        b:
          - {path: B, locale: de_DE, type: text}
          - {path: C, locale: en_US}
        c: {each: D, type: table, columns: {e: E}}
        """
    product = """
        categories: Cat
        associations:
          X_SELL: {products: F}
          PACK: {products: {each: G, path: H, quantity: I}}
        """

    mapping = loaded(written(rules, product=product))

    assert mapping.places == {
        "a": "mapping.yaml:5",
        "b": "mapping.yaml:7",
        "c": "mapping.yaml:9",
        "categories": "mapping.yaml:10",
        "associations.X_SELL": "mapping.yaml:12",
        "quantified_associations.PACK": "mapping.yaml:13",
    }


def test_associated_items_have_composed_names_and_whole_quantities() -> None:
    product = """
        associations:
          SET: {products: {each: Part, path: "@sku", quantity: "@n"}}
    """

    found = one("<Part sku='e&#769;' n='2'/>", product=product)

    assert isinstance(found, Item)
    assert found.body == {
        "quantified_associations": {"SET": {"products": [{"identifier": "\u00e9", "quantity": 2}]}}
    }


def test_options_that_may_have_to_be_made_are_named_as_they_are_sent() -> None:
    rule = "a: {path: C, type: select, options: create, label: C/@name}"

    found = one("<C name='Gru&#776;n'>green</C>", rule, source="locale: de_DE")

    assert isinstance(found, Item)
    assert found.body == {"values": {"a": [{"locale": None, "scope": None, "data": "green"}]}}
    assert found.options == {"a": {"green": {"de_DE": "Gr\u00fcn"}}}


@pytest.mark.parametrize("code", ["sky blue", "gr\u00fcn", "a-b", "x" * 101])
def test_a_text_that_can_be_no_option_is_refused_where_options_are_made(code: str) -> None:
    found = one(f"<C>{code}</C>", "a: {path: C, type: multiselect, options: create}")

    assert isinstance(found, Reject)
    assert "the code of an option is expected" in found.message
    assert (found.rule, found.value) == ("mapping.yaml:5", code)
