"""Options of selects that the PIM lacks are made before the items that need them are sent."""

import json
import threading
import time
from collections.abc import Callable, Generator, Mapping
from typing import Any

import pytest

from erp2pim.pim import line
from erp2pim.sandbox import Sandbox
from tests.support import forks
from tests.support.desk import Desk, booked, connect, item, person
from tests.support.fakepim import CREDENTIALS, FakePim, Fault, Request, fake_pim

ROOT = "/api/rest/v1/attributes"
MAPPING = """\
version: 1
source: {record: /Export/Items/Item, locale: en_US}
products:
  identifier: Sku
  family: {value: tools}
  values:
    color: {path: Colour, type: select, transform: code, options: create, label: Colour}
    materials: {path: Material, type: multiselect, split: ",", transform: code, options: create}
"""


@pytest.fixture
def desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give a desk whose mapping makes options, before a PIM that takes them at any pace."""
    monkeypatch.setattr("erp2pim.pim.pace.OPTION_GAP_S", 0.0)
    desk.mapping.write_text(MAPPING, encoding="utf-8")
    return desk


def options(pim: Sandbox, attribute: str = "color") -> dict[str, Mapping[str, str]]:
    """Give the labels of an attribute's options, by their codes."""
    page: Any = person(pim).get(f"{ROOT}/{attribute}/options", {"limit": "100"})
    return {each["code"]: each["labels"] for each in page["_embedded"]["items"]}


def of_options(pim: FakePim) -> list[Request]:
    return [each for each in pim.requests if each.path.endswith("/options")]


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Look every few milliseconds, for at most so many seconds."""
    ends = time.monotonic() + seconds
    while not holds() and time.monotonic() < ends:
        time.sleep(0.002)


def data(pim: Sandbox, identifier: str, attribute: str = "color") -> object:
    return pim.products[identifier]["values"][attribute][0]["data"]


def test_what_the_pim_lacks_is_made_and_the_second_run_asks_nothing(
    desk: Desk, pim: Sandbox
) -> None:
    name = desk.export([item("A", Colour="Signal red"), item("B", Material="wood,Oak,steel")])

    first, before = desk.sync(name), pim.requests
    second = desk.sync(name)

    assert booked(first) == {"read": 2, "items": 2, "created": 2}
    assert (first["options_made"], first["exit_code"]) == (2, 0)
    assert options(pim)["Signal_red"] == {"en_US": "Signal red"}
    assert options(pim, "materials")["Oak"] == {}
    assert data(pim, "A") == "Signal_red"
    assert data(pim, "B", "materials") == ["Oak", "steel", "wood"]
    assert (second["options_made"], second["requests"]) == (0, 0)
    assert pim.requests == before + 4  # the tests' own: tokens and lists


def test_the_options_of_people_stay_as_they_are(desk: Desk, pim: Sandbox) -> None:
    labels = {"en_US": "Our own words", "de_DE": "Eigene Worte"}
    person(pim).upsert("attributes/color/options", [line("code", "Rosy", {"labels": labels})])
    before = options(pim)

    told = desk.sync(desk.export([item("A", Colour="rosy"), item("B", Colour="RED")]))

    assert booked(told) == {"read": 2, "items": 2, "created": 2}
    assert (told["options_made"], told["patch_requests"]) == (0, 1)
    assert options(pim) == before
    assert data(pim, "A") == "Rosy"


def test_one_code_in_two_cases_is_one_option_with_the_label_that_came_first(
    desk: Desk, pim: Sandbox
) -> None:
    told = desk.sync(desk.export([item("A", Colour="Moss"), item("B", Colour="MOSS")]))

    assert (told["created"], told["options_made"]) == (2, 1)
    assert options(pim)["Moss"] == {"en_US": "Moss"}


def test_options_of_items_that_are_not_sent_are_not_made(desk: Desk, pim: Sandbox) -> None:
    desk.change_mapping("values:\n", "values:\n    pieces: {path: Pieces, type: number}\n")

    told = desk.sync(desk.export([item("A", Colour="moss", Pieces="x"), item("B")]))

    assert (told["rejected"], told["created"], told["options_made"]) == (1, 1, 0)
    assert "moss" not in options(pim)


def test_options_of_values_that_people_keep_are_not_made(desk: Desk, pim: Sandbox) -> None:
    desk.sync(desk.export([item("A", Colour="red")]))
    desk.change_mapping("label: Colour}", "label: Colour, owner: pim}")

    told = desk.sync(desk.export([item("A", Colour="moss")]))

    assert told["options_made"] == 0
    assert "moss" not in options(pim)


def test_records_of_one_item_bring_the_options_that_it_has_in_the_end(
    desk: Desk, pim: Sandbox
) -> None:
    desk.change_mapping("  identifier: Sku\n", "  identifier: Sku\n  duplicates: merge\n")

    told = desk.sync(desk.export([item("A", Colour="moss"), item("A", Material="oak")]))

    assert (told["created"], told["options_made"]) == (1, 2)
    assert (data(pim, "A"), data(pim, "A", "materials")) == ("moss", ["oak"])


def test_what_needs_a_refused_option_is_rejected_with_the_pims_words_and_all_else_is_sent(
    desk: Desk, pim: Sandbox
) -> None:
    desk.change_mapping("locale: en_US}", "locale: xx_XX}")

    told = desk.sync(desk.export([item("A", Colour="moss"), item("B", Material="oak")]))

    assert booked(told) == {"read": 2, "items": 2, "created": 1, "rejected": 1}
    assert (told["options_made"], told["exit_code"]) == (1, 1)
    (reject,) = told["rejects"]
    assert (reject["identifier"], reject["stage"], reject["value"]) == ("A", "pim", None)
    assert reject["rule"] == f"{desk.mapping}:7"
    assert reject["message"] == (
        "the option moss of color cannot be made: Validation failed."
        ' labels: The locale "xx_XX" does not exist.'
    )
    assert list(pim.products) == ["B"]


def test_what_was_rejected_for_its_option_is_sent_as_soon_as_the_pim_has_it(
    desk: Desk, pim: Sandbox
) -> None:
    desk.change_mapping("locale: en_US}", "locale: xx_XX}")
    name = desk.export([item("A", Colour="moss")])
    desk.sync(name)
    person(pim).upsert("attributes/color/options", [line("code", "moss", {})])

    told = desk.sync(name)

    assert (told["created"], told["options_made"]) == (1, 0)


def test_what_stands_below_a_model_whose_option_is_refused_is_held_back(
    desk: Desk, pim: Sandbox
) -> None:
    desk.mapping.write_text(
        "version: 1\n"
        "source: {record: /Export/Items/Item, locale: xx_XX}\n"
        "product_models:\n  code: Style\n  family_variant: {value: clothing_by_size}\n"
        "  values:\n"
        "    color: {path: Colour, type: select, options: create, label: Colour}\n"
        "products:\n  identifier: Sku\n  parent: Style\n"
        "  values:\n    size: {path: Size, type: select}\n",
        encoding="utf-8",
    )

    told = desk.sync(desk.export([item("A", Style="S", Colour="moss", Size="m")]))

    assert booked(told) == {"read": 1, "extra": 1, "items": 2, "rejected": 2}
    assert [each["message"][:62] for each in told["rejects"]] == [
        "the option moss of color cannot be made: Validation failed. la",
        "the model above it was refused: S: the option moss of color ca",
    ]
    assert pim.batches == []


MANY = [item(f"p{n}", Colour=f"c{n}", Material="oak") for n in range(120)]


def test_more_options_than_a_run_may_make_trip_a_guard(desk: Desk, pim: Sandbox) -> None:
    told = desk.run("sync", "--json", desk.export(MANY))

    figures = "121 options would be made (120 of color, 1 of materials); the guard allows 100"
    assert (told.code, told.json["error"]["what"]) == (5, figures)
    assert (told.json["options_made"], told.json["not_sent"], pim.patch_requests) == (0, 120, 0)


@pytest.mark.parametrize("way", ["force", "limit"])
def test_options_beyond_the_guard_are_made_where_somebody_says_so(desk: Desk, way: str) -> None:
    if way == "limit":
        with desk.config.open("a", encoding="utf-8") as file:
            file.write("guards: {new_options: 121}\n")

    told = desk.sync(*(["--force"] if way == "force" else []), desk.export(MANY))

    assert (told["created"], told["options_made"], told["exit_code"]) == (120, 121, 0)
    assert sum("121 options" in each for each in told["warnings"]) == (way == "force")


def test_a_dry_run_names_the_options_that_would_be_made(desk: Desk, pim: Sandbox) -> None:
    name = desk.export([item("A", Colour="Signal red", Material="oak"), item("B", Colour="red")])

    lines = desk.run("diff", name).out.splitlines()
    told = desk.run("diff", "--json", name).json

    assert lines[0] == "make option color.Signal_red (en_US: Signal red)"
    assert lines[1] == "make option materials.oak"
    assert lines[-1] == "options: 2 to be made"
    assert told["options_made"] == 2
    assert told["options"] == [
        {"attribute": "color", "code": "Signal_red", "labels": {"en_US": "Signal red"}},
        {"attribute": "materials", "code": "oak", "labels": {}},
    ]
    assert pim.patch_requests == 0


def test_without_a_pim_all_that_the_structure_does_not_know_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run("structure", "pull")
    monkeypatch.delenv("ERP2PIM_PIM_URL")
    desk.config.write_text("version: 1\nmapping: mapping.yaml\nstate: state\n", encoding="utf-8")
    name = desk.export([item("A", Colour="moss"), item("B", Colour="red")])

    told, checked = desk.run("diff", "--json", name).json, desk.run("check", name)

    assert [each["code"] for each in told["options"]] == ["moss"]
    assert (told["requests"], told["exit_code"]) == (0, 0)
    assert checked.out.splitlines()[-1] == "options: 1 to be made"


def test_a_run_and_its_history_say_how_many_options_were_made(desk: Desk) -> None:
    told = desk.run("sync", desk.export([item("A", Colour="moss", Material="oak")]))

    assert told.out.splitlines()[-1] == "options: 2 made"
    assert "options_made 2" in desk.run("runs").out


def test_what_the_structure_knows_is_not_asked_for(desk: Desk) -> None:
    desk.run("structure", "pull")
    plain = desk.run("diff", "--json", desk.export([item("A", Colour="RED")])).json
    asked = desk.run("diff", "--json", desk.export([item("A", Colour="moss")])).json

    assert (plain["options"], asked["options_made"]) == ([], 1)
    assert asked["requests"] == plain["requests"] + 1


def test_a_case_shows_options_whether_or_not_the_structure_knows_them(desk: Desk) -> None:
    desk.run("structure", "pull")
    (desk.folder / "mapping.tests.yaml").write_text(
        "version: 1\n"
        "cases:\n"
        "  - name: an option that the PIM has\n"
        "    given: <Item><Sku>A</Sku><Colour>red</Colour></Item>\n"
        "    expect: {identifier: A, family: tools, color: red, "
        "options.color: {red: {en_US: red}}}\n",
        encoding="utf-8",
    )

    told = desk.run("test", str(desk.mapping))

    assert told.out == "1 cases hold, 0 fail\n"


def test_the_structure_excuses_no_option_but_those_that_are_made(desk: Desk, pim: Sandbox) -> None:
    desk.change_mapping("    materials:", "    size: {path: Size, type: select}\n    materials:")
    desk.run("structure", "pull")

    told = desk.sync(desk.export([item("A", Colour="moss"), item("B", Size="huge")]))

    assert (told["created"], told["options_made"]) == (1, 1)
    assert [each["message"] for each in told["rejects"]] == [
        "size: an option of size is expected: l, m, s, xl"
    ]
    assert data(pim, "A") == "moss"


def test_an_answer_that_is_lost_leaves_no_option_out_and_counts_each_once(
    desk: Desk, pim: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("erp2pim.pim.retry.pause", lambda *_, **__: 0.0)
    pim.queue = ["missing-lines"]

    told = desk.sync(desk.export([item(f"p{n}", Colour=f"c{n}") for n in range(5)]))

    assert pim.queue == []
    assert (told["created"], told["options_made"]) == (5, 5)
    assert {f"c{n}" for n in range(5)} <= set(options(pim))


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Generator[FakePim]:
    """Give a PIM whose selects have no options, and that keeps whatever it is sent."""
    with fake_pim() as pim:
        connect(monkeypatch, pim, CREDENTIALS)
        pim.resources[f"{ROOT}/color/options"] = {"_embedded": {"items": []}}
        yield pim


def test_a_run_that_is_killed_after_its_options_goes_on_with_its_items(
    desk: Desk, bare: FakePim
) -> None:
    name, held = desk.export([item("A", Colour="moss")]), threading.Event()
    bare.rule = lambda each: Fault(until=held) if each.path.endswith("/products") else None
    process = forks.start(["--config", str(desk.config), "sync", name])
    wait_until(lambda: bool(bare.serving and bare.requests[-1].path.endswith("/products")))
    process.kill()
    process.join()
    held.set()
    bare.resources[f"{ROOT}/color/options"] = {"_embedded": {"items": [{"code": "moss"}]}}

    told = desk.sync(name)

    assert (told["created"] + told["updated"], told["options_made"]) == (1, 0)
    assert [each.method for each in of_options(bare)] == ["GET", "PATCH", "GET"]


def test_a_pim_that_does_not_tell_its_options_is_sent_nothing(desk: Desk, bare: FakePim) -> None:
    desk.configure(attempts=1)
    bare.rule = lambda each: Fault(status=503) if each.path.endswith("/options") else None
    name = desk.export([item("A", Colour="moss"), item("B")])

    told, foreseen = desk.sync(name), desk.run("diff", "--json", name).json

    assert (told["exit_code"], told["not_sent"], bare.products) == (4, 2, {})
    assert told["error"]["where"] == f"GET {ROOT}/color/options"
    assert (foreseen["exit_code"], foreseen["options_made"]) == (0, 1)
    asked = "whether the PIM has the options already cannot be asked: "
    assert sum(each.startswith(asked) for each in foreseen["warnings"]) == 1


def test_an_option_without_a_code_is_no_answer(desk: Desk, bare: FakePim) -> None:
    bare.resources[f"{ROOT}/color/options"] = {"_embedded": {"items": [{"labels": {}}]}}

    told = desk.sync(desk.export([item("A", Colour="moss")]))

    assert (told["exit_code"], told["not_sent"], bare.products) == (4, 1, {})
    assert told["error"]["what"] == "the PIM lists an option without a code"


def test_a_pim_that_goes_away_while_options_are_made_is_sent_nothing(
    desk: Desk, bare: FakePim
) -> None:
    desk.configure(attempts=1)
    bare.rule = lambda each: Fault(status=503) if each.method == "PATCH" else None

    told = desk.sync(desk.export([item("A", Colour="moss"), item("B")]))

    assert (told["exit_code"], told["not_sent"], bare.products) == (4, 2, {})
    assert told["error"]["where"] == f"PATCH {ROOT}/color/options"


@pytest.mark.parametrize(("method", "verb"), [("GET", "list"), ("PATCH", "create")])
def test_a_connection_without_the_right_to_options_sends_what_needs_none(
    desk: Desk, bare: FakePim, method: str, verb: str
) -> None:
    words = f"Access forbidden. You are not allowed to {verb} attribute options."
    refusal = Fault(status=403, body=json.dumps({"code": 403, "message": words}).encode())
    bare.rule = lambda each: (
        refusal if (each.method, each.path[-8:]) == (method, "/options") else None
    )

    told = desk.sync(desk.export([item("A", Colour="moss"), item("B")]))

    assert (told["created"], told["rejected"], told["exit_code"]) == (1, 1, 1)
    assert told["rejects"][0]["message"] == (
        f'the option moss of color cannot be made: the PIM refused the request: HTTP 403, "{words}"'
    )
    assert list(bare.products) == ["B"]


@pytest.mark.parametrize("method", ["GET", "PATCH"])
@pytest.mark.parametrize(
    "stray",
    [
        Fault(status=302, headers={"Location": "https://login.example.com/"}),
        Fault(status=403, body=b"<html>blocked</html>"),
    ],
    ids=["redirect", "firewall"],
)
def test_what_stands_before_the_pim_says_nothing_of_rights_and_rejects_no_item(
    desk: Desk, bare: FakePim, method: str, stray: Fault
) -> None:
    bare.rule = lambda each: (
        stray if (each.method, each.path[-8:]) == (method, "/options") else None
    )

    told = desk.sync(desk.export([item("A", Colour="moss"), item("B")]))

    assert (told["exit_code"], told["rejected"], told["not_sent"]) == (4, 0, 2)
    assert bare.products == {}
