"""Models, variants and associations are sent in an order that the PIM can take."""

from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk

MAPPING = """\
version: 1
source: {record: /Export/Style}
product_models:
  code: "@id"
  family_variant: {value: clothing_by_size}
  values: {name: {path: Name, locale: en_US, type: text}}
products:
  each: Size
  identifier: {concat: [../@id, "@code"], join: "-"}
  parent: ../@id
  values: {size: {path: "@code", transform: lower, type: select}}
  associations: {X_SELL: {products: "@with"}}
"""


def styles(desk: Desk, *styles: str) -> str:
    desk.mapping.write_text(MAPPING, encoding="utf-8")
    path = desk.folder / "styles.xml"
    path.write_text(f"<Export>{''.join(styles)}</Export>", encoding="utf-8")
    return str(path)


def style(code: str, *sizes: str) -> str:
    return f'<Style id="{code}"><Name>Shirt</Name>{"".join(sizes)}</Style>'


def test_a_record_becomes_a_model_and_its_variants(desk: Desk, pim: Sandbox) -> None:
    export = styles(desk, style("S1", '<Size code="M"/>', '<Size code="L"/>'))

    told = desk.sync(export)

    assert (told["read"], told["extra"], told["items"], told["created"]) == (1, 2, 3, 3)
    assert {name: product["parent"] for name, product in pim.products.items()} == {
        "S1-M": "S1",
        "S1-L": "S1",
    }


def test_products_that_are_associated_with_each_other_are_all_there_first(
    desk: Desk, pim: Sandbox
) -> None:
    export = styles(desk, style("S1", '<Size code="M" with="S1-L"/>', '<Size code="L"/>'))

    told = desk.sync(export)

    assert told["created"] == 3
    assert pim.products["S1-M"]["associations"]["X_SELL"]["products"] == ["S1-L"]
    assert desk.sync(export)["unchanged"] == 3


def test_a_refused_association_rejects_the_item_and_is_tried_again(
    desk: Desk, pim: Sandbox
) -> None:
    export = styles(desk, style("S1", '<Size code="M" with="NOPE"/>'))

    told = desk.sync(export)

    assert (told["created"], told["rejected"], told["exit_code"]) == (1, 1, 1)
    assert [reject["identifier"] for reject in told["rejects"]] == ["S1-M"]
    assert "S1-M" in pim.products
    again = desk.sync(export)
    assert (again["unchanged"], again["rejected"], again["patch_requests"]) == (1, 1, 1)


def test_what_stands_below_a_refused_model_is_held_with_the_cause(desk: Desk, pim: Sandbox) -> None:
    export = styles(desk, style("S,1", '<Size code="M"/>'), style("S2", '<Size code="M"/>'))

    told = desk.sync(export)

    assert (told["created"], told["rejected"]) == (2, 2)
    held = told["rejects"][1]
    assert held["identifier"] == "S,1-M"
    assert held["message"].startswith("the model above it was refused: S,1: ")
    assert list(pim.products) == ["S2-M"]


def test_a_model_that_the_mapping_refuses_holds_its_variants(desk: Desk, pim: Sandbox) -> None:
    export = styles(
        desk, style("S1", '<Size code="M"/>').replace("Shirt", "<a>Shirt</a>"), style("S2")
    )

    told = desk.sync(export)

    assert [(each["identifier"], each["stage"]) for each in told["rejects"]] == [
        ("S1", "mapping"),
        ("S1-M", "pim"),
    ]
    assert told["rejects"][1]["message"].startswith("the model above it was refused: S1: ")
    assert (told["created"], pim.products) == (1, {})


def test_a_refused_change_of_a_model_that_the_pim_has_holds_nothing_below_it(
    desk: Desk, pim: Sandbox
) -> None:
    desk.sync(styles(desk, style("S1", '<Size code="M"/>')))
    name = "x" * 300
    changed = style("S1", '<Size code="M"/>', '<Size code="L"/>').replace("Shirt", name)

    told = desk.sync(styles(desk, changed))

    assert [reject["identifier"] for reject in told["rejects"]] == ["S1"]
    assert (told["created"], told["unchanged"]) == (1, 1)
    assert pim.products["S1-L"]["parent"] == "S1"


def test_a_model_that_the_pim_has_already_holds_nothing_when_the_mapping_refuses_it(
    desk: Desk, pim: Sandbox
) -> None:
    desk.sync(styles(desk, style("S1", '<Size code="M"/>')))
    sizes = '<Size code="M"/><Size code="L"/>'

    told = desk.sync(styles(desk, style("S1", sizes).replace("Shirt", "<a>Shirt</a>")))

    assert [each["identifier"] for each in told["rejects"]] == ["S1"]
    assert sorted(pim.products) == ["S1-L", "S1-M"]
