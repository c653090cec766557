"""`erp2pim structure` on the command line, and the reading of a PIM's structure."""

import json
import shutil
import threading
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from erp2pim import sandbox
from erp2pim.config.structurefile import load_structure
from erp2pim.errors import PimError
from erp2pim.pim import Pim
from erp2pim.run.catalogue import pull
from erp2pim.run.searching import named
from erp2pim.sandbox.server import demo_catalog
from erp2pim.structure import Structure, differences, from_json
from tests.support.desk import Desk
from tests.support.fakepim import CREDENTIALS, FakePim, Fault, Request, fake_pim

ROOT = "/api/rest/v1"
TODAY = "2026-11-24"


@pytest.fixture
def old() -> Generator[FakePim]:
    """Give a PIM that answers GETs from what it is given, and nothing else."""
    with fake_pim() as served:
        for name in ("channels", "locales", "currencies", "attributes", "families"):
            served.resources[f"{ROOT}/{name}"] = page()
        for name in ("association-types", "categories", "measure-families"):
            served.resources[f"{ROOT}/{name}"] = page()
        yield served


def page(*items: object, following: str | None = None) -> dict[str, Any]:
    links = {} if following is None else {"next": {"href": following}}
    return {"_links": links, "_embedded": {"items": list(items)}}


def read(server: FakePim) -> Structure:
    pim = Pim(server.url, CREDENTIALS, stop=threading.Event(), sleep=lambda _: None)
    return pull(pim, selects=None, today=TODAY)


def pages(server: FakePim, answers: Mapping[str, Mapping[str, Any]], path: str) -> None:
    """Let a list answer by the number of the page that is asked for."""

    def rule(request: Request) -> Fault | None:
        if request.path != f"{ROOT}/{path}":
            return None
        assert request.query["limit"] == "100"
        answer = answers[request.query.get("page", "1")]
        return Fault(status=200, body=json.dumps(answer).encode())

    server.rule = rule


def served() -> Structure:
    """Give what the sandbox's demo catalogue holds."""
    return from_json(json.loads(json.dumps(demo_catalog())))


def test_pull_writes_what_the_pim_has(desk: Desk, pim: sandbox.Sandbox) -> None:
    told = desk.run("structure", "pull")

    written = load_structure(desk.folder / "structure.json")
    versions = [each for each in differences(served(), written) if each.kind == "PIM"]
    assert list(differences(served(), written)) == versions
    assert (told.code, told.err) == (0, "")
    assert told.out == (
        f"{desk.folder}/structure.json: 16 attributes, 4 families, 2 channels, 7 categories, "
        "options of 0 attributes\n"
    )
    assert pim.patch_requests == 0


def test_the_readme_shows_what_pull_prints_for_the_example(desk: Desk) -> None:
    root = Path(__file__).parents[2]
    example = (root / "examples" / "mapping.yaml").read_text(encoding="utf-8")
    desk.mapping.write_text(example, encoding="utf-8")

    told = desk.run("structure", "pull")

    counts = told.out.removeprefix(f"{desk.folder}/")
    assert f"config/{counts}" in (root / "README.md").read_text(encoding="utf-8")


def test_pull_reads_the_options_of_the_selects_that_the_mapping_fills(desk: Desk) -> None:
    desk.change_mapping("values:\n", "values:\n    color: {type: select, path: Color}\n")

    desk.run("structure", "pull", "--out", str(desk.folder / "lock.json"))

    written = load_structure(desk.folder / "lock.json")
    assert dict(written.attribute_options) == {"color": served().attribute_options["color"]}


def test_pull_goes_by_what_the_mapping_names_though_it_cannot_be_compiled(desk: Desk) -> None:
    desk.change_mapping("values:\n", "values:\n    color: Color\n    nope: {path: 'a['}\n")
    desk.change_mapping("products:", "tables: {size: {options: size, locale: en_US}}\nproducts:")

    told = desk.run("structure", "pull")

    written = load_structure(desk.folder / "structure.json")
    assert (told.code, told.err) == (0, "")
    assert sorted(written.attribute_options) == ["color", "size"]


def test_pull_reads_all_options_where_there_is_no_mapping_yet(
    desk: Desk, pim: sandbox.Sandbox
) -> None:
    desk.mapping.unlink()

    told = desk.run("structure", "pull")

    assert told.code == 0
    assert told.err.startswith("warning: there is no mapping")
    assert told.err.endswith("; the options of all selects are read\n")
    assert load_structure(desk.folder / "structure.json").attribute_options.keys() == (
        served().attribute_options.keys()
    )
    assert pim.requests < 30


def test_a_second_pull_on_the_same_day_changes_nothing(desk: Desk) -> None:
    desk.run("structure", "pull")
    first = (desk.folder / "structure.json").read_bytes()

    desk.run("structure", "pull")

    assert (desk.folder / "structure.json").read_bytes() == first
    assert [path.name for path in desk.folder.glob(".structure*")] == []


def test_a_pim_that_refuses_leaves_the_file_as_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk.folder / "structure.json").write_text("kept", encoding="utf-8")
    monkeypatch.setenv("ERP2PIM_PASSWORD", "wrong")

    told = desk.run("structure", "pull")

    assert told.code == 4
    assert (desk.folder / "structure.json").read_text(encoding="utf-8") == "kept"


def test_a_file_that_cannot_be_written_is_named(desk: Desk) -> None:
    out = str(desk.folder / "nowhere" / "structure.json")

    told = desk.run("structure", "pull", "--out", out)

    assert told.code == 2
    assert told.err.splitlines() == [
        "error: the structure cannot be written: No such file or directory",
        f"  at: {out}",
    ]


def test_diff_says_nothing_of_a_pim_that_is_as_it_was(desk: Desk) -> None:
    desk.run("structure", "pull")

    told = desk.run("structure", "diff")

    assert (told.code, told.out, told.err) == (0, "", "")


def test_a_sandbox_of_what_was_pulled_has_the_same_structure(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run("structure", "pull")
    pulled = json.loads((desk.folder / "structure.json").read_text(encoding="utf-8"))

    with sandbox.serve(catalog=pulled) as copy:
        monkeypatch.setenv("ERP2PIM_PIM_URL", copy.url)
        told = desk.run("structure", "diff")

    assert (told.code, told.out) == (0, "")


def test_a_sandbox_of_what_was_pulled_takes_what_the_pim_takes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    examples = request.config.rootpath / "examples"
    text = (examples / "mapping.yaml").read_text(encoding="utf-8")
    rule = "color: {path: Colour, table: color, type: select}"
    made = "color: {value: violet, options: create}"
    desk.mapping.write_text(text.replace(rule, made), encoding="utf-8")
    shutil.copy(examples / "families.csv", desk.folder)
    desk.run("structure", "pull")
    pulled = json.loads((desk.folder / "structure.json").read_text(encoding="utf-8"))

    with sandbox.serve(catalog=pulled) as copy:
        monkeypatch.setenv("ERP2PIM_PIM_URL", copy.url)
        told = desk.run("sync", str(examples / "night-1.xml"))

    assert told.out.splitlines()[-2:] == [
        "items: 12 in all, 0 unchanged, 10 created, 0 updated, 2 rejected, 0 not sent",
        "options: 1 made",
    ]


def test_diff_gives_a_line_for_each_change(desk: Desk) -> None:
    desk.change_mapping("values:\n", "values:\n    color: {type: select, path: Color}\n")
    desk.run("structure", "pull")
    path = desk.folder / "structure.json"
    text = path.read_text(encoding="utf-8")
    text = text.replace('{"code": "color", ', '{"code": "shade", ')
    text = text.replace('"code": "ean", "type": "pim_catalog_text"', EAN)
    path.write_text(text, encoding="utf-8")

    told = desk.run("structure", "diff", str(path))

    assert told.code == 0
    assert told.out.splitlines() == [
        "+ attribute color",
        "~ attribute ean: localizable: true → none",
        '~ attribute ean: validation_rule: "url" → none',
        "- attribute shade",
    ]


EAN = '"code": "ean", "type": "pim_catalog_text", "localizable": true, "validation_rule": "url"'


def test_diff_gives_changes_as_json(desk: Desk) -> None:
    desk.run("structure", "pull")
    path = desk.folder / "structure.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"code": "EUR"', '"code": "SEK"'), encoding="utf-8")

    told = desk.run("structure", "diff", "--json")

    change = {"kind": "currency", "field": "", "old": None, "new": None}
    assert told.json["changes"] == [
        {**change, "code": "EUR", "how": "added"},
        {**change, "code": "SEK", "how": "removed"},
    ]
    assert told.json["since"] == load_structure(path).pulled


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, "error: there is no structure of the PIM"),
        ("{", "error: the structure is no JSON: "),
        ("[" * 100_000, "error: the structure is no JSON: "),
        ('{"attributes": [{"code": "a"}]}', "error: the structure is not in its form: attributes."),
    ],
    ids=["none", "no JSON", "too deep", "no structure"],
)
def test_a_file_that_is_no_structure_is_refused_with_what_to_do(
    desk: Desk, content: str | None, error: str
) -> None:
    if content is not None:
        (desk.folder / "structure.json").write_text(content, encoding="utf-8")

    told = desk.run("structure", "diff")

    first, *_, fix = told.err.splitlines()
    assert told.code == 2
    assert first.startswith(error)
    assert fix == "  fix: erp2pim structure pull writes it"


def test_an_old_pim_tells_no_version_and_has_another_list_of_units(old: FakePim) -> None:
    family = {"code": "Weight", "standard": "GRAM", "units": [{"code": "GRAM", "symbol": "g"}]}
    old.resources[f"{ROOT}/measure-families"] = page(family)

    found = read(old)

    assert (found.version, found.pulled) == ("", TODAY)
    assert list(found.measurement_families["Weight"].units) == ["GRAM"]


def test_pages_are_followed_by_their_query_alone_to_the_empty_last_one(old: FakePim) -> None:
    first, second = [{"code": "b"}], [{"code": "a"}]
    away = "http://[internal:8080/elsewhere?page={}&limit=100"
    answers = {
        "1": page(*first, following=away.format(2)),
        "2": page(*second, following=away.format(3)),
        "3": page(following=away.format(4)),
    }
    pages(old, answers, "categories")

    assert list(read(old).categories) == ["a", "b"]


def test_pages_that_go_round_in_a_circle_end_with_an_error(old: FakePim) -> None:
    one, two = (
        page({"code": code}, following=f"/x?page={n}&limit=100") for code, n in ("a2", "b1")
    )
    pages(old, {"1": one, "2": two}, "categories")

    with pytest.raises(PimError, match="go round in a circle"):
        read(old)


def test_what_is_no_page_ends_with_an_error(old: FakePim) -> None:
    old.resources[f"{ROOT}/families"] = {"items": []}

    with pytest.raises(PimError, match="the PIM's answer is no page of a list") as raised:
        read(old)

    assert raised.value.where == "GET /api/rest/v1/families"


@pytest.mark.parametrize("name", ["attributes", "channels", "families"])
@pytest.mark.parametrize("thing", [{"code": 5}, {}, "code"], ids=["number", "without", "text"])
def test_what_is_no_structure_ends_with_an_error(old: FakePim, name: str, thing: object) -> None:
    old.resources[f"{ROOT}/{name}"] = page(thing)

    with pytest.raises(PimError, match=rf"not as its API describes it: {name}\.0"):
        read(old)


@pytest.mark.parametrize(
    "answer", [{}, [], page({"code": "A1"}), page("A1")], ids=["no page", "list", "code", "text"]
)
def test_what_is_searched_for_is_never_taken_for_missing(old: FakePim, answer: object) -> None:
    old.resources[f"{ROOT}/products"] = answer
    pim = Pim(old.url, CREDENTIALS, stop=threading.Event(), sleep=lambda _: None)

    with pytest.raises(PimError, match="the PIM's answer is no "):
        list(named(pim, f"{ROOT}/products", "identifier", ["A1"]))


def test_the_options_of_all_selects_are_read(old: FakePim) -> None:
    selects = [{"code": code, "type": "pim_catalog_simpleselect"} for code in ("a", "b/c")]
    old.resources[f"{ROOT}/attributes"] = page(*selects, {"code": "n", "type": "pim_catalog_text"})
    old.resources[f"{ROOT}/attributes/a/options"] = page({"code": "x"})
    old.resources[f"{ROOT}/attributes/b%2Fc/options"] = page()

    found = read(old)

    assert {code: list(options) for code, options in found.attribute_options.items()} == {
        "a": ["x"],
        "b/c": [],
    }
