"""What programs read of a run: its keys and their types stay."""

from typing import Any

import pytest

from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, item

COUNTS = [
    *("read", "skipped", "extra", "merged", "items"),
    *("unchanged", "created", "updated", "rejected", "not_sent", "requests", "patch_requests"),
]
KEYS = {
    *("version", "command", "run", *COUNTS, "skipped_by", "seconds", "decisions", "warnings"),
    *("rejects", "exit_code"),
}
REJECT_KEYS = {"identifier", "record", "line", "stage", "rule", "message", "value"}


def check_form(told: dict[str, Any]) -> None:
    """Hold an object against the form that is promised; later keys may be added."""
    assert set(told) >= KEYS
    assert {name: type(told[name]) for name in COUNTS} == dict.fromkeys(COUNTS, int)
    assert type(told["version"]) is type(told["command"]) is str
    assert told["run"] is None or type(told["run"]) is int
    assert type(told["seconds"]) in {int, float}
    assert type(told["exit_code"]) is int
    assert {(type(k), type(v)) for k, v in told["skipped_by"].items()} <= {(str, int)}
    assert type(told["decisions"]) is dict
    assert {type(each) for each in told["warnings"]} <= {str}
    for reject in told["rejects"]:
        assert set(reject) >= REJECT_KEYS
        assert reject["stage"] in {"mapping", "pim"}
        assert (type(reject["record"]), type(reject["message"])) == (int, str)
        assert reject["line"] is None or type(reject["line"]) is int
        for name in ("identifier", "rule", "value"):
            assert reject[name] is None or type(reject[name]) is str


@pytest.mark.parametrize("command", ["sync", "diff"])
def test_a_run_is_told_in_the_promised_form(desk: Desk, pim: Sandbox, command: str) -> None:
    pim.refuse["A3"] = "no"
    items = [item("A1"), item("A2", Pieces="x"), item("A3"), item("A4", mode="delete"), item("")]

    told = desk.run(command, "--json", desk.export(items))

    check_form(told.json)
    assert told.out.count("\n") == 1
    assert (told.json["command"], told.json["exit_code"], told.code) == (command, 1, 1)
    stages = [reject["stage"] for reject in told.json["rejects"]]
    assert stages == (["mapping", "mapping", "pim"] if command == "sync" else ["mapping"] * 2)


@pytest.mark.parametrize("command", ["sync", "diff"])
def test_so_is_a_refused_export(desk: Desk, command: str) -> None:
    (desk.folder / "export.xml").write_text("<Export><Items>")

    told = desk.run(command, "--json", str(desk.folder / "export.xml"))

    check_form(told.json)
    assert told.code == told.json["exit_code"] == 3
    assert {name: told.json[name] for name in COUNTS} == dict.fromkeys(COUNTS, 0)
    assert set(told.json["error"]) == {"what", "where", "fix"}


@pytest.mark.parametrize("command", ["sync", "diff"])
def test_so_are_a_faulty_mapping_and_a_faulty_configuration(desk: Desk, command: str) -> None:
    name = desk.export([item("A1")])
    desk.change_mapping("identifier: Sku", "identifer: Sku")

    faulty_mapping = desk.run(command, "--json", name)
    desk.config.write_text("version: 1\n")
    faulty_config = desk.run(command, "--json", name)

    for told in (faulty_mapping, faulty_config):
        check_form(told.json)
        assert told.code == told.json["exit_code"] == 2


def test_so_is_a_pim_that_refuses_us(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERP2PIM_SECRET", "wrong")

    told = desk.run("sync", "--json", desk.export([item("A1")]))

    check_form(told.json)
    assert told.code == told.json["exit_code"] == 4


def test_many_rejects_are_all_there(desk: Desk) -> None:
    told = desk.sync(desk.export(item(f"p{n}", Pieces="x") for n in range(1200)))

    assert [reject["record"] for reject in told["rejects"]] == list(range(1, 1201))


def test_any_text_is_told_as_it_is(desk: Desk) -> None:
    text = '"\\ \u2028 </script> é 𝄞 [red] \x85'

    told = desk.sync(desk.export([item(text, Pieces=text)]))

    (reject,) = told["rejects"]
    assert (reject["identifier"], reject["value"]) == (text.strip(), text.strip())
