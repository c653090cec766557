"""`erp2pim check --online`: what the PIM says of the connection, and of its structure."""

import json
from collections.abc import Generator, Mapping

import pytest

from erp2pim import sandbox
from tests.support.desk import Desk, connect, item
from tests.support.fakepim import CREDENTIALS, FakePim, Fault, Request, fake_pim

ROOT = "/api/rest/v1"
NAME = '"code": "name", "type": "pim_catalog_text"'


@pytest.fixture
def enterprise(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Generator[FakePim]:
    """Give a PIM of the Enterprise Edition, whose products have a workflow."""
    desk.run("check")
    with fake_pim() as served:
        connect(monkeypatch, served, CREDENTIALS)
        served.resources[f"{ROOT}/system-information"] = {"version": "7.0.43", "edition": "EE"}
        served.resources[f"{ROOT}/products"] = products("working_copy")
        yield served


def products(*statuses: str) -> Mapping[str, object]:
    items = [{"identifier": each, "metadata": {"workflow_status": each}} for each in statuses]
    return {"_links": {}, "_embedded": {"items": items}}


def forbidden(message: str) -> Fault:
    return Fault(status=403, body=json.dumps({"code": 403, "message": message}).encode())


def test_a_connection_that_may_all_is_in_order(desk: Desk, enterprise: FakePim) -> None:
    told = desk.run("check", "--online")

    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[2:] == [
        f"PIM {enterprise.url}: takes the credentials, version 7.0.43",
        f"PIM {enterprise.url}: lets the connection create and update products",
    ]


def test_a_role_that_may_not_write_is_told_with_the_pims_words(
    desk: Desk, enterprise: FakePim
) -> None:
    words = "Access forbidden. You are not allowed to create or update products."

    def no_writing(request: Request) -> Fault | None:
        return forbidden(words) if request.method == "PATCH" else None

    enterprise.rule = no_writing

    told = desk.run("check", "--online")

    assert told.code == 4
    assert words in told.err
    assert "fix: give the role of the connection's user the rights" in told.err


def test_nothing_is_written_to_ask_for_the_right_to_write(desk: Desk, enterprise: FakePim) -> None:
    desk.run("check", "--online")

    (asked,) = [each for each in enterprise.requests if each.method == "PATCH"]
    assert (asked.path, asked.body) == (f"{ROOT}/products", b"")
    assert asked.headers["Content-Type"] == "application/vnd.akeneo.collection+json"
    assert enterprise.products == {}


@pytest.mark.parametrize("allowed", [True, False])
def test_the_right_to_make_options_is_asked_for_where_the_mapping_makes_some(
    desk: Desk, enterprise: FakePim, *, allowed: bool
) -> None:
    desk.change_mapping(
        "    pieces:",
        "    color: {path: Colour, type: select, options: create}\n"
        "    brand: {path: Brand, type: select, options: create}\n    pieces:",
    )
    words = "Access forbidden. You are not allowed to create or update attribute options."
    path = f"{ROOT}/attributes/brand/options"
    enterprise.rule = lambda each: forbidden(words) if each.path == path and not allowed else None

    told = desk.run("check", "--online")

    assert told.code == 0
    assert (f"PIM {enterprise.url}: lets the connection create options" in told.out) is allowed
    assert (words in told.err) is not allowed
    asked = [(each.path, each.body) for each in enterprise.requests if each.method == "PATCH"]
    assert asked == [(f"{ROOT}/products", b""), (path, b"")]


def test_products_of_which_only_drafts_would_be_made_are_warned_of(
    desk: Desk, enterprise: FakePim
) -> None:
    enterprise.resources[f"{ROOT}/products"] = products(
        "working_copy", "draft_in_progress", "proposal_waiting_for_approval", "read_only"
    )

    told = desk.run("check", "--online")

    assert told.code == 0
    assert told.err.splitlines() == [
        "warning: 1 of the first 4 products may only be read",
        (
            "warning: 2 of the first 4 products would only get a draft, which somebody must "
            "approve: let the connection's user own their categories"
        ),
    ]


def test_with_an_export_its_own_products_are_asked_for_too(desk: Desk, enterprise: FakePim) -> None:
    held = Fault(body=json.dumps(products("draft_in_progress")).encode(), status=200)
    enterprise.rule = lambda each: held if "search" in each.query else None

    told = desk.run("check", "--online", desk.export([item(f"p{n}") for n in range(2500)]))

    assert told.code == 0
    assert [line for line in told.err.splitlines() if " draft" in line] == [
        (
            "warning: 9 of 9 products of the export that the PIM has would only get a draft, which"
            " somebody must approve: let the connection's user own their categories"
        )
    ]
    asked = [
        json.loads(each.query["search"]) for each in enterprise.requests if each.query.get("search")
    ]
    named = [name for each in asked for name in each["identifier"][0]["value"]]
    assert named == [f"p{n}" for n in range(0, 2500, 3)]


def test_products_that_may_be_changed_are_not_worth_a_word(desk: Desk, enterprise: FakePim) -> None:
    held = Fault(body=json.dumps(products("working_copy")).encode(), status=200)
    enterprise.rule = lambda each: held if "search" in each.query else None

    told = desk.run("check", "--online", desk.export([item("A", Name="Drill")]))

    assert (told.code, "products of the export" in told.err) == (0, False)


@pytest.mark.parametrize(("owner", "code"), [("erp", 0), ("pim", 4)])
def test_that_products_may_not_be_read_is_a_fault_where_people_own_values(
    desk: Desk, enterprise: FakePim, owner: str, code: int
) -> None:
    desk.change_mapping("path: Pieces}", f"path: Pieces, owner: {owner}}}")
    words = "Access forbidden. You are not allowed to list products."

    def no_reading(request: Request) -> Fault | None:
        is_list = (request.method, request.path) == ("GET", f"{ROOT}/products")
        return forbidden(words) if is_list else None

    enterprise.rule = no_reading

    told = desk.run("check", "--online")

    assert told.code == code
    assert "products" in told.err


def test_a_structure_that_is_as_it_was_is_in_order(desk: Desk, pim: sandbox.Sandbox) -> None:
    desk.run("structure", "pull")
    told = desk.run("check", "--online")

    assert told.code == 0
    assert told.out.endswith(f"PIM {pim.url}: has not changed under the mapping\n")


def test_a_stale_structure_is_told_as_far_as_it_touches_the_mapping(
    desk: Desk, pim: sandbox.Sandbox
) -> None:
    desk.run("structure", "pull")
    path = desk.folder / "structure.json"
    text = path.read_text("utf-8").replace('"code": "brand", "type"', '"code": "brands", "type"')
    path.write_text(text, encoding="utf-8")

    aside = desk.run("check", "--online")
    path.write_text(text.replace(NAME, f'{NAME}, "max_characters": 9'), encoding="utf-8")
    touched = desk.run("check", "--online")

    assert aside.out.endswith(
        f"PIM {pim.url}: has not changed under the mapping; 2 changes do not touch the mapping\n"
    )
    assert touched.code == 0
    assert "~ attribute name: max_characters: 9 → none" in touched.err
    assert "attribute brand" not in touched.err
    assert "erp2pim structure pull takes them over" in touched.err


def test_a_stale_structure_is_exit_5_where_drift_stops_runs(desk: Desk) -> None:
    desk.run("structure", "pull")
    path = desk.folder / "structure.json"
    text = path.read_text("utf-8").replace(NAME, f'{NAME}, "max_characters": 9')
    path.write_text(text, encoding="utf-8")
    with desk.config.open("a", encoding="utf-8") as file:
        file.write("guards: {drift: stop}\n")

    told = desk.run("check", "--online")

    assert told.code == 5
    assert f"at: {path}" in told.err
