"""A PIM that changes under the mapping is noticed before anything is sent."""

import json
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from erp2pim.pim import Pim, line
from erp2pim.run.glances import glances
from erp2pim.sandbox import Sandbox
from erp2pim.structure import Structure
from erp2pim.structure.catalogue import Option
from erp2pim.structure.codes import Codes
from tests.support.desk import Desk, connect, item, person
from tests.support.fakepim import CREDENTIALS, FakePim, Fault, Request, fake_pim

Given = dict[str, Any]

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
MAPPING = """\
version: 1
source: {record: /Export/Items/Item, locale: en_US}
products:
  identifier: Sku
  family: {value: tools}
  values:
    ean: Ean
    name: {path: Name, locales: [en_US, de_DE]}
    description: {path: Text, channels: [ecommerce, print]}
    weight: {path: Weight, unit: {value: KILOGRAM}}
"""


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Give a desk whose structure is that of the sandbox."""
    desk.mapping.write_text(MAPPING, encoding="utf-8")
    desk.run("structure", "pull")
    return desk


def known(desk: Desk, change: Callable[[Given], None]) -> str:
    """Let the lock file say something else than the PIM, and give the day it is of."""
    path = desk.folder / "structure.json"
    structure: Given = json.loads(path.read_text("utf-8"))
    change(structure)
    path.write_text(json.dumps(structure), encoding="utf-8")
    return str(structure["pulled"])


def thing(structure: Given, kind: str, code: str) -> Given:
    found: Given = next(each for each in structure[kind] if each["code"] == code)
    return found


def longer_ean(structure: Given) -> None:
    thing(structure, "attributes", "ean")["max_characters"] = 20


def guarded(desk: Desk) -> None:
    with desk.config.open("a", encoding="utf-8") as file:
        file.write("guards: {drift: stop}\n")


def name_ean2(desk: Desk) -> None:
    desk.change_mapping("values:\n", "values:\n    ean2: Ean2\n")


def add_ean2(structure: Given) -> None:
    structure["attributes"].append({"code": "ean2", "type": "pim_catalog_text"})


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (longer_ean, "~ attribute ean: max_characters: 20 → 13"),
        (
            lambda s: thing(s, "families", "tools")["attributes"].remove("weight"),
            "~ family tools: attributes.weight: none → true",
        ),
        (
            lambda s: thing(s, "channels", "print")["locales"].append("fr_FR"),
            "~ channel print: locales.fr_FR: true → none",
        ),
        (
            lambda s: thing(s, "measurement_families", "Weight")["units"].append({"code": "STONE"}),
            '~ measurement family Weight: units.STONE: {"code": "STONE"} → none',
        ),
    ],
    ids=["attribute", "family", "channel", "unit"],
)
def test_what_changed_under_the_mapping_is_warned_of_and_all_is_sent(
    desk: Desk, pim: Sandbox, change: Callable[[Given], None], line: str
) -> None:
    day = known(desk, change)

    told = desk.sync(desk.export([item("A")]))

    assert [each for each in told["warnings"] if " structure" in each] == [
        f"the PIM has changed since its structure was read on {day}: {line}",
        "erp2pim structure diff shows all, erp2pim structure pull takes them over",
    ]
    assert list(pim.products) == ["A"]


def test_an_attribute_that_the_pim_has_no_more_is_named(desk: Desk) -> None:
    day = known(desk, add_ean2)
    name_ean2(desk)

    told = desk.sync(desk.export([item("A")]))

    expected = f"the PIM has changed since its structure was read on {day}: - attribute ean2"
    assert expected in told["warnings"]


def test_how_a_family_is_spread_over_models_and_variants_is_asked_for_its_models(
    desk: Desk, pim: Sandbox
) -> None:
    desk.change_mapping(
        "products:\n",
        "product_models:\n  code: Style\n  family_variant: {value: clothing_by_size}\n"
        "  when: Style\n  values: {name: Name}\nproducts:\n",
    )

    def spread(structure: Given) -> None:
        for variants in structure["family_variants"].values():
            for each in variants:
                each["variant_attribute_sets"][0]["axes"].append("nothing")

    known(desk, spread)
    before = pim.requests

    told = desk.run("diff", desk.export([item("A", Style="S")]))

    lines = [line for line in told.err.splitlines() if "~ family variant" in line]
    assert len(lines) == 1
    assert "~ family variant clothing.clothing_by_size: variant_attribute_sets.1" in lines[0]
    assert pim.requests - before <= 7


CODED = """\
    color: Colour
    materials: {path: Material, split: ",", options: create}
"""


@pytest.fixture
def coded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give a desk whose mapping is about categories, association types and options."""
    monkeypatch.setattr("erp2pim.pim.pace.OPTION_GAP_S", 0.0)
    desk.mapping.write_text(
        MAPPING.replace("  values:\n", "  categories: Group\n  values:\n")
        + CODED
        + "  associations: {X_SELL: {products: Related}}\n",
        encoding="utf-8",
    )
    desk.run("structure", "pull")
    return desk


def told_by(desk: Desk) -> list[str]:
    """Give the warnings of drift in a night with a refused record."""
    refused = item("B", Colour="unheard_of")
    lines = desk.run("diff", desk.export([item("A"), refused])).err.splitlines()
    return [each.partition(": ")[2] for each in lines if "the PIM has changed" in each]


def test_categories_options_and_association_types_are_asked_for_with_a_request_each(
    coded: Desk, pim: Sandbox
) -> None:
    before = pim.requests

    told = coded.sync(coded.export([item("A")]))

    assert [each for each in told["warnings"] if " structure" in each] == []
    assert pim.requests - before == 1 + 4 + 1 + 2 + 1 + 1  # …, categories, selects, types, products


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            lambda s: s["categories"].append({"code": "sale", "parent": "master"}),
            "- category sale",
        ),
        (lambda s: s["categories"].remove(thing(s, "categories", "saws")), "+ category saws"),
        (
            lambda s: s["attribute_options"]["color"].append({"code": "moss"}),
            "- option color.moss",
        ),
        (lambda s: s["attribute_options"]["color"].pop(), "+ option color.white"),
        (
            lambda s: s["attribute_options"]["materials"].append({"code": "oak"}),
            "- option materials.oak",
        ),
        (
            lambda s: thing(s, "association_types", "X_SELL").update(is_two_way=True),
            "~ association type X_SELL: is_two_way: true → none",
        ),
    ],
    ids=["category-", "category+", "option-", "option+", "made option-", "association type"],
)
def test_codes_that_came_and_went_are_told_where_the_mapping_writes_them(
    coded: Desk, change: Callable[[Given], None], line: str
) -> None:
    day = known(coded, change)

    told = coded.run("diff", coded.export([item("A"), item("B", Colour="unheard_of")]))

    lines = [each for each in told.err.splitlines() if "has changed" in each]
    assert lines == [f"warning: the PIM has changed since its structure was read on {day}: {line}"]
    assert "erp2pim structure pull takes them over" in told.err


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["attribute_options"]["materials"].pop(),
        lambda s: s["attribute_options"]["color"][0].update(labels={"en_US": "Other"}),
        lambda s: (s["attribute_options"]["color"].pop(), s["categories"].pop()),
        lambda s: s["association_types"].remove(thing(s, "association_types", "PACK")),
    ],
    ids=["options that are made", "label", "what nobody missed", "type without a rule"],
)
def test_codes_that_bear_on_nothing_are_not_told(
    coded: Desk, change: Callable[[Given], None]
) -> None:
    known(coded, change)

    assert "has changed" not in coded.run("diff", coded.export([item("A")])).err


def test_options_that_sync_made_are_no_drift(coded: Desk) -> None:
    coded.sync(coded.export([item("A", Material="oak")]))
    guarded(coded)

    told = coded.sync(coded.export([item("A", Name="Saw")]))
    online = coded.run("check", "--online")

    assert (told["updated"], told["exit_code"], online.code) == (1, 0, 0)


def test_labels_are_told_where_a_table_is_made_of_them(coded: Desk) -> None:
    coded.change_mapping(
        "products:\n", "tables: {hue: {options: color, locale: de_DE}}\nproducts:\n"
    )
    coded.change_mapping("color: Colour", "color: {path: Colour, table: hue}")
    known(coded, lambda s: thing(s["attribute_options"], "color", "red").update(labels={}))

    known(coded, lambda s: s["attribute_options"]["color"].pop())

    told = coded.run("diff", coded.export([item("A")])).err

    assert "~ option color.red: labels.de_DE: none → " in told
    assert ": + option color.white\n" in told


@pytest.mark.usefixtures("coded")
def test_the_options_of_ten_selects_are_asked_for_and_of_no_more() -> None:
    codes = [f"s{n:02}" for n in range(12)]
    with fake_pim() as pim:
        page = {"_embedded": {"items": []}, "items_count": 0}
        pim.resources.update({f"/api/rest/v1/attributes/{c}/options": page for c in codes})
        client = Pim(pim.url, CREDENTIALS, stop=threading.Event())
        structure = Structure(attribute_options={c: Codes([Option("red")]) for c in codes})

        found = list(glances(structure, client, set(codes), refused=False))

    assert [str(each) for each in found] == [f"- option {code}.red" for code in codes[:10]]


def test_a_list_of_more_than_a_page_is_compared_by_its_length(coded: Desk, pim: Sandbox) -> None:
    more = [line("code", f"c{n}", {}) for n in range(120)]
    person(pim).upsert("attributes/color/options", more[:100])
    person(pim).upsert("attributes/color/options", more[100:])
    person(pim).upsert("attributes/materials/options", more[:100])
    coded.run("structure", "pull")
    same = told_by(coded)
    known(coded, lambda s: s["attribute_options"]["color"].pop())
    fewer = told_by(coded)
    unmissed = coded.run("diff", coded.export([item("A")])).err
    known(coded, lambda s: s["attribute_options"]["materials"].pop())
    grown = told_by(coded)
    known(coded, lambda s: s["attribute_options"]["color"].extend([{"code": "x"}, {"code": "y"}]))
    gone = coded.run("diff", coded.export([item("A")])).err

    expected = ["~ PIM options of color: 124 → 125"]
    assert "has changed" not in unmissed
    assert "~ PIM options of color: 126 → 125" in gone
    assert (same, [each[-len(expected[0]) :] for each in fewer], grown) == ([], expected, fewer)


def test_what_changed_elsewhere_is_not_told_and_the_question_is_cheap(
    desk: Desk, pim: Sandbox
) -> None:
    def elsewhere(structure: Given) -> None:
        thing(structure, "attributes", "brand")["max_characters"] = 3
        thing(structure, "attributes", "ean")["labels"] = {"en_US": "Number"}
        thing(structure, "families", "tools")["attributes"].remove("brand")

    known(desk, elsewhere)
    before = pim.requests

    told = desk.sync(desk.export([item("A")]))

    assert [each for each in told["warnings"] if " structure" in each] == []
    assert pim.requests - before == 1 + 4 + 1  # token, structure, products


def test_drift_stops_the_run_where_the_configuration_says_so(desk: Desk, pim: Sandbox) -> None:
    guarded(desk)
    day = known(desk, longer_ean)
    export = desk.export([item("A")])

    told = desk.sync(export)

    assert (told["exit_code"], told["not_sent"], pim.products) == (5, 1, {})
    assert told["error"]["what"] == (
        f"the PIM has changed since its structure was read on {day}: "
        "~ attribute ean: max_characters: 20 → 13; "
        "erp2pim structure diff shows all, erp2pim structure pull takes them over"
    )
    assert desk.sync("--force", export)["created"] == 1


def test_diff_tells_drift_and_that_sync_would_stop_for_it(desk: Desk) -> None:
    day = known(desk, longer_ean)
    export = desk.export([item("A")])
    line = f"the PIM has changed since its structure was read on {day}: ~ attribute ean: max"

    warned = desk.run("diff", export)
    guarded(desk)
    stopped = desk.run("diff", export)

    assert (warned.code, stopped.code) == (0, 0)
    assert f"warning: {line}" in warned.err
    assert f"warning: sync would send nothing (exit 5): {line}" in stopped.err


def test_the_page_for_operators_shows_what_is_printed(desk: Desk) -> None:
    def older(structure: Given) -> None:
        structure["pulled"] = "2026-11-20"
        thing(structure, "attributes", "brand")["max_characters"] = 3
        longer_ean(structure)

    known(desk, older)
    page = PAGE.read_text(encoding="utf-8")
    block = page.partition("$ erp2pim diff export.xml\n…\n")[2].partition("```")[0]
    warnings, changes = block.split("$ erp2pim structure diff\n")

    told = desk.run("diff", desk.export([item("A")]))

    assert [line for line in told.err.splitlines() if " structure" in line] == warnings.splitlines()
    assert desk.run("structure", "diff").out == changes


def test_a_night_in_which_nothing_is_sent_does_not_ask(desk: Desk, pim: Sandbox) -> None:
    export = desk.export([item("A")])
    desk.sync(export)
    known(desk, lambda structure: structure["channels"].reverse())
    desk.sync(export)
    before = pim.requests

    told = desk.sync(export)

    assert (told["unchanged"], pim.requests - before) == (1, 0)


@pytest.fixture
def closed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Generator[FakePim]:
    """Give a PIM whose structure the connection may not read."""
    assert (desk.folder / "structure.json").is_file()
    with fake_pim() as served:
        connect(monkeypatch, served, CREDENTIALS)
        served.rule = _closed
        yield served


def _closed(request: Request) -> Fault | None:
    if request.method == "PATCH":
        return None
    message = "Access forbidden. You are not allowed to list attributes."
    return Fault(status=403, body=json.dumps({"code": 403, "message": message}).encode())


def test_a_structure_that_cannot_be_asked_for_is_warned_of(desk: Desk, closed: FakePim) -> None:
    told = desk.sync(desk.export([item("A")]))

    assert (told["exit_code"], list(closed.products)) == (0, ["A"])
    (warning,) = [each for each in told["warnings"] if " structure" in each]
    assert warning.startswith("whether the PIM has changed its structure cannot be asked: ")
    assert "You are not allowed to list attributes" in warning


def test_a_structure_that_cannot_be_asked_for_stops_a_run_that_drift_stops(
    desk: Desk, closed: FakePim
) -> None:
    guarded(desk)

    told = desk.sync(desk.export([item("A")]))

    assert (told["exit_code"], closed.products) == (4, {})
