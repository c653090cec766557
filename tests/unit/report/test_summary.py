"""A run in plain lines."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.errors import ConfigError, Erp2pimError, ExportError, Fault
from erp2pim.ledger import Ledger
from erp2pim.model import Body, Item, Origin, Reject, Run
from erp2pim.plan.change import Change
from erp2pim.report.summary import (
    change_lines,
    error_lines,
    ledger_lines,
    reject_line,
    run_lines,
    shown,
)

HOSTILE = "\x1b[31m\nA\u202e1"
ESCAPED = r"\x1b[31m\nA\u202e1"
ORIGIN = Origin("night.xml", 7, 120)


def reject(**others: str | None) -> Reject:
    given: dict[str, str | None] = {
        "identifier": "A1",
        "rule": "mapping.yaml:12",
        "message": "a number written like 1.234,56 is expected",
        "value": "many",
        **others,
    }
    return Reject(
        kind="product",
        identifier=given["identifier"],
        origin=ORIGIN,
        stage="mapping",
        rule=given["rule"],
        message=given["message"] or "",
        value=given["value"],
    )


# Rejects


def test_a_reject_says_what_where_why_and_what_was_seen() -> None:
    assert reject_line(reject()) == (
        "A1 (night.xml: record 7, line 120): refused by the mapping: mapping.yaml:12: "
        "a number written like 1.234,56 is expected; found 'many'"
    )


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        pytest.param(
            reject(identifier=None, value=None),
            "without identifier (night.xml: record 7, line 120): refused by the mapping: "
            "mapping.yaml:12: a number written like 1.234,56 is expected",
            id="without identifier and value",
        ),
        pytest.param(
            Reject("product", "A1", Origin("a.xml", 7, None), "pim", None, "no such family", None),
            "A1 (a.xml: record 7): refused by the PIM: no such family",
            id="by the PIM, past the lines that can be counted",
        ),
        pytest.param(
            reject(identifier="", value=""),
            " (night.xml: record 7, line 120): refused by the mapping: mapping.yaml:12: "
            "a number written like 1.234,56 is expected; found ''",
            id="empty identifier and value",
        ),
    ],
)
def test_a_reject_leaves_out_what_is_not_known(refused: Reject, expected: str) -> None:
    assert reject_line(refused) == expected


TEXTS = st.text(st.sampled_from("a\n\r\x1b\x07\u2028\u202e[]'\\"), max_size=9)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_a_reject_is_one_line_whatever_the_texts_hold(
    identifier: str, message: str, value: str, rule: str
) -> None:
    line = reject_line(reject(identifier=identifier, message=message, value=value, rule=rule))

    assert len(line.splitlines()) == 1
    assert not set(line) & set("\n\r\x1b\x07\u2028\u202e")


def test_long_texts_of_a_reject_are_cut() -> None:
    line = reject_line(reject(identifier="i" * 999, message="m" * 999, value="v" * 999))

    assert line.count("i") < 300
    assert line.count("m") < 600
    assert line.count("v") < 300


# Errors


def test_an_error_has_its_place_and_a_way_out() -> None:
    error = ExportError("the export is cut short", where="a.xml:7:1", fix="write it again")

    assert list(error_lines(error)) == [
        "error: the export is cut short",
        "  at: a.xml:7:1",
        "  fix: write it again",
    ]


def test_an_error_without_place_is_one_line() -> None:
    assert list(error_lines(Erp2pimError("no"))) == ["error: no"]


def test_every_fault_of_a_file_has_a_line_in_the_order_of_the_file() -> None:
    faults = [
        Fault("m.yaml", 12, 1, "second"),
        Fault("m.yaml", 2, 9, "first"),
        Fault("t", 0, 0, "x"),
    ]

    lines = list(error_lines(ConfigError("the mapping m.yaml is wrong", faults=faults)))

    assert lines == [
        "error: the mapping m.yaml is wrong",
        "  m.yaml:2:9: first",
        "  m.yaml:12:1: second",
        "  t: x",
    ]


def test_an_error_never_breaks_a_line() -> None:
    error = ConfigError(HOSTILE, where=HOSTILE, fix=HOSTILE, faults=[Fault(HOSTILE, 1, 1, HOSTILE)])

    assert list(error_lines(error)) == [
        f"error: {ESCAPED}",
        f"  {ESCAPED}:1:1: {ESCAPED}",
        f"  at: {ESCAPED}",
        f"  fix: {ESCAPED}",
    ]


# Books


def test_the_books_of_a_run_tell_what_came_in_and_what_became_of_it() -> None:
    ledger = Ledger(
        read=10,
        skipped_by=Counter({"no offer": 1, "deleted": 2}),
        extra=1,
        merged=2,
        items=6,
        unchanged=1,
        created=1,
        updated=2,
        rejected=1,
        not_sent=1,
    )

    assert list(ledger_lines(ledger)) == [
        "records: 10 read, 3 skipped (deleted: 2, no offer: 1), 1 extra, 2 merged",
        "items: 6 in all, 1 unchanged, 1 created, 2 updated, 1 rejected, 1 not sent",
    ]


def test_the_books_of_a_plan_tell_what_would_be_done() -> None:
    ledger = Ledger(read=3, items=3, unchanged=1, created=1, updated=1)

    assert list(ledger_lines(ledger, foreseen=True)) == [
        "records: 3 read",
        "items: 3 in all, 1 unchanged, 1 to be created, 1 to be updated, 0 rejected",
    ]


def test_a_reason_never_breaks_the_line_of_the_books() -> None:
    ledger = Ledger(read=1, skipped_by=Counter({HOSTILE: 1}))

    first, _ = ledger_lines(ledger)

    assert first == f"records: 1 read, 1 skipped ({ESCAPED}: 1)"


# Changes


def change(patch: Body, *, identifier: str = "A1", is_new: bool = False) -> Change:
    item = Item("product", identifier, patch, ORIGIN)
    return Change(
        kind=item.kind,
        key="a1",
        identifier=item.identifier,
        origin=item.origin,
        fingerprint=b"",
        patch=patch,
        links={},
        whole={},
        is_new=is_new,
    )


def cell(data: object, locale: str | None = None, scope: str | None = None) -> dict[str, object]:
    return {"locale": locale, "scope": scope, "data": data}


def test_a_change_is_told_cell_by_cell_with_old_and_new() -> None:
    patch = {
        "enabled": False,
        "values": {
            "name": [cell("Stuhl", "de_DE", "print"), cell("chair", "en_US")],
            "weight": [cell({"amount": "1.5", "unit": "KILOGRAM"})],
            "tags": [cell(["a", "b"])],
            "note": [cell(None)],
        },
    }
    old = {
        "enabled": True,
        "values": {"name": [cell("Sessel", "de_DE", "print")], "note": [cell("x")]},
    }

    assert list(change_lines(change(patch), old)) == [  # type: ignore[arg-type]  # JSON as it is
        "update A1 (night.xml: record 7, line 120)",
        "  enabled: true → false",
        '  name [de_DE, print]: "Sessel" → "Stuhl"',
        '  name [en_US]: "chair"',
        '  weight: {"amount":"1.5","unit":"KILOGRAM"}',
        '  tags: ["a","b"]',
        '  note: "x" → null',
    ]


def test_what_is_new_has_no_old() -> None:
    patch: Body = {"family": "chairs"}

    assert list(change_lines(change(patch, is_new=True), None)) == [
        "create A1 (night.xml: record 7, line 120)",
        '  family: "chairs"',
    ]


def test_a_change_never_breaks_a_line() -> None:
    patch = {"values": {HOSTILE: [cell(HOSTILE)]}}

    lines = list(change_lines(change(patch, identifier=HOSTILE), None))  # type: ignore[arg-type]  # JSON as it is

    assert lines == [
        f"update {ESCAPED} (night.xml: record 7, line 120)",
        rf'  {ESCAPED}: "\u001b[31m\nA\u202e1"',
    ]


def test_data_is_shown_as_json_and_cut() -> None:
    assert shown({"amount": "1.5", "unit": None}) == '{"amount":"1.5","unit":null}'
    assert len(shown("x" * 999)) == 200


# History


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        pytest.param(
            Run(3, "sync", ["a.xml", "b.xml"], "2026-01-02T03:04:05+00:00", "x", 1, {"read": 2}),
            [
                "run 3: 2026-01-02T03:04:05+00:00, sync a.xml b.xml: exit 1",
                "  read 2",
            ],
            id="done",
        ),
        pytest.param(
            Run(4, "sync", ["a.xml"], "2026-01-02T03:04:05+00:00", None, None, {}),
            ["run 4: 2026-01-02T03:04:05+00:00, sync a.xml: under way or killed"],
            id="not ended",
        ),
        pytest.param(
            Run(5, "sync", ["a.xml"], "t", "t", 0, {"read": 2, "created": 0, "updated": 1}),
            ["run 5: t, sync a.xml: exit 0", "  read 2, updated 1"],
            id="without what is nought",
        ),
        pytest.param(
            Run(6, "sync", [HOSTILE], "t", "t", 0, {}),
            [f"run 6: t, sync {ESCAPED}: exit 0"],
            id="hostile name",
        ),
    ],
)
def test_a_run_of_the_history_is_told_with_its_end(run: Run, expected: Sequence[str]) -> None:
    assert list(run_lines(run)) == expected
