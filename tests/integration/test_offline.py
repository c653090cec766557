"""What works for a configuration that names no PIM, and what says that it needs one."""

import pytest

from erp2pim.sandbox import Sandbox
from tests.support.desk import Desk, item

OWNED = ("{type: number, path: Pieces}", "{type: number, path: Pieces, owner: pim}")


@pytest.fixture
def lonely(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give a desk without a PIM; of a connection, the environment must not give a part either."""
    monkeypatch.delenv("ERP2PIM_PIM_URL")
    desk.config.write_text("version: 1\nmapping: mapping.yaml\nstate: state\n", encoding="utf-8")
    desk.export([item("A1"), item("A2", Pieces="3")])
    return desk


@pytest.mark.parametrize(
    "args",
    [
        ("check",),
        ("check", "export.xml"),
        ("coverage", "export.xml"),
        ("diff", "export.xml"),
        ("diff", "--json", "export.xml"),
        ("runs",),
    ],
    ids=" ".join,
)
def test_a_command_that_asks_no_pim_needs_none(lonely: Desk, args: tuple[str, ...]) -> None:
    assert lonely.run(*args).code == 0


@pytest.mark.parametrize(
    "args",
    [
        ("check", "--online"),
        ("sync", "export.xml"),
        ("structure", "pull"),
    ],
    ids=" ".join,
)
def test_a_command_that_asks_the_pim_says_that_none_is_named(
    lonely: Desk, args: tuple[str, ...]
) -> None:
    told = lonely.run(*args)

    assert told.code == 2
    assert told.err.splitlines() == [
        "error: the configuration names no PIM",
        f"  at: {lonely.config}",
        "  fix: write the section `pim:` into it; erp2pim check EXPORT needs none",
    ]
    assert not lonely.state.exists()


def test_check_says_that_no_pim_is_named(lonely: Desk) -> None:
    head, *_ = lonely.run("check").out.splitlines()

    assert head == f"configuration {lonely.config}: in order; it names no PIM"


@pytest.mark.parametrize("args", [("runs",), ("coverage", "export.xml")], ids=" ".join)
def test_what_never_asks_the_pim_needs_none_of_its_secrets(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    desk.export([item("A1")])
    monkeypatch.delenv("ERP2PIM_SECRET")

    assert (desk.run(*args).code, desk.run("check").code) == (0, 2)


def test_diff_needs_the_pim_where_people_own_something(lonely: Desk) -> None:
    lonely.change_mapping(*OWNED)

    told = lonely.run("diff", str(lonely.folder / "export.xml"))

    assert told.code == 2
    assert told.err.startswith("error: the configuration names no PIM\n")


def test_check_asks_the_pim_nothing_whoever_owns_what(desk: Desk, pim: Sandbox) -> None:
    desk.change_mapping(*OWNED)

    told = desk.run("check", desk.export([item("A1", Pieces="3")]))

    assert (told.code, pim.requests) == (0, 0)
