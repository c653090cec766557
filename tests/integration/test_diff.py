"""What a sync would do, shown and not done."""

import pytest

from erp2pim.sandbox import Sandbox
from tests.integration.test_interruptions import wait_until
from tests.support.desk import Desk, booked, item, listing


def test_new_products_are_shown_cell_by_cell(desk: Desk) -> None:
    told = desk.run("diff", desk.export([item("A1", Group="tools", Weight="1.50")]))

    assert told.code == 0
    assert told.out.splitlines() == [
        f"create A1 ({desk.folder}/export.xml: record 1, line 2)",
        '  family: "tools"',
        '  name [en_US]: "Drill"',
        '  weight: {"amount":"1.5","unit":"KILOGRAM"}',
        "records: 1 read",
        "items: 1 in all, 0 unchanged, 1 to be created, 0 to be updated, 0 rejected",
    ]


def test_what_changed_is_shown_from_old_to_new(desk: Desk) -> None:
    desk.sync(desk.export([item("A1", Weight="1"), item("A2")]))

    told = desk.run("diff", desk.export([item("A1", Name="Saw", Weight="1"), item("A2")]))

    assert told.out.splitlines()[:2] == [
        f"update A1 ({desk.folder}/export.xml: record 1, line 2)",
        '  name [en_US]: "Drill" → "Saw"',
    ]
    assert told.out.splitlines()[-1] == (
        "items: 2 in all, 1 unchanged, 0 to be created, 1 to be updated, 0 rejected"
    )


def test_the_same_is_told_as_json(desk: Desk) -> None:
    desk.sync(desk.export([item("A1")]))
    name = desk.export([item("A1", Name="Saw"), item("A2"), item("A3", Pieces="x")])

    told = desk.run("diff", "--json", name)

    assert told.json["changes"] == [
        {
            "identifier": "A1",
            "kind": "product",
            "record": 1,
            "line": 2,
            "create": False,
            "cells": [
                {"name": "name", "locale": "en_US", "scope": None, "old": "Drill", "new": "Saw"}
            ],
        },
        {
            "identifier": "A2",
            "kind": "product",
            "record": 2,
            "line": 3,
            "create": True,
            "cells": [
                {"name": "name", "locale": "en_US", "scope": None, "old": None, "new": "Drill"}
            ],
        },
    ]
    assert booked(told.json) == {"read": 3, "items": 3, "created": 1, "updated": 1, "rejected": 1}
    assert (told.json["command"], told.json["run"], told.json["exit_code"]) == ("diff", None, 1)
    assert [reject["identifier"] for reject in told.json["rejects"]] == ["A3"]


def test_nothing_is_sent(desk: Desk, pim: Sandbox) -> None:
    told = desk.run("diff", "--json", desk.export([item("A1")]))

    assert (pim.products, pim.patch_requests, told.json["patch_requests"]) == ({}, 0, 0)


@pytest.mark.parametrize("synced", [False, True], ids=["no state", "a state"])
def test_the_folder_stays_as_it_was(desk: Desk, *, synced: bool) -> None:
    name = desk.export([item("A1"), item("A2", Pieces="x")])
    if synced:
        desk.sync(name)
    before = listing(desk.folder)

    told = desk.run("diff", name)

    assert told.code == 1
    assert listing(desk.folder) == before
    assert desk.state.exists() == synced


def test_the_plan_and_the_run_agree(desk: Desk) -> None:
    desk.sync(desk.export([item("A1"), item("A2"), item("A3")]))
    name = desk.export([item("A1"), item("A2", Name="Saw"), item("A4"), item("A5", Pieces="x")])

    foreseen = desk.run("diff", "--json", name).json
    done = desk.sync(name)

    assert booked(foreseen) == booked(done)
    assert foreseen["rejects"] == done["rejects"]
    assert desk.run("diff", "--json", name).json["changes"] == []


def test_what_is_on_its_way_when_it_is_shown_is_told_as_new(desk: Desk, pim: Sandbox) -> None:
    desk.configure(attempts=1)
    desk.sync(desk.export([item("A1")]))
    pim.queue.extend(["cut-after"] * 2)
    lost = desk.sync(desk.export([item("A1", Name="Saw")]))

    told = desk.run("diff", "--json", desk.export([item("A1")]))

    assert lost["not_sent"] == 1
    assert [change["create"] for change in told.json["changes"]] == [True]


def test_a_refused_export_shows_nothing(desk: Desk) -> None:
    path = desk.folder / "export.xml"
    path.write_text("<Export><Items><Item>")

    told = desk.run("diff", str(path))

    assert (told.code, told.out) == (3, "")
    assert f"  at: {path}:1:" in told.err


def test_a_diff_that_takes_its_time_holds_back_no_sync(desk: Desk) -> None:
    (desk.folder / "patient.py").write_text(
        "import pathlib, time\n"
        "def wait(text):\n"
        "    here = pathlib.Path(__file__).parent\n"
        "    (here / 'waiting').touch() if text == 'wait' else None\n"
        "    while text == 'wait' and not (here / 'go').exists():\n"
        "        time.sleep(0.01)\n"
        "    return text\n",
        encoding="utf-8",
    )
    desk.change_mapping("path: Name,", "path: Name, transform: patient:wait,")
    desk.sync(desk.export([item("A1")]))
    long = desk.export([*(item(f"p{n}") for n in range(150)), item("x", Name="wait")], "long.xml")
    looking = desk.start("diff", long)
    wait_until((desk.folder / "waiting").exists)

    told = desk.sync(desk.export([item("A1", Name="Saw")]))

    (desk.folder / "go").touch()
    looking.communicate(timeout=60)
    assert (looking.returncode, told["updated"]) == (0, 1)
