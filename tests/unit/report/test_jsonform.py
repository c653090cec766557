"""A run as one JSON object, written piece by piece."""

import json
from collections import Counter
from itertools import islice, repeat

from hypothesis import given
from hypothesis import strategies as st

from erp2pim import __version__
from erp2pim.errors import PimError
from erp2pim.ledger import Ledger
from erp2pim.model import Origin, Reject
from erp2pim.report.jsonform import Facts, pieces

KEYS = {
    "version",
    "command",
    "run",
    "read",
    "skipped",
    "skipped_by",
    "extra",
    "merged",
    "items",
    "unchanged",
    "created",
    "updated",
    "rejected",
    "not_sent",
    "options_made",
    "requests",
    "patch_requests",
    "seconds",
    "decisions",
    "warnings",
    "rejects",
    "exit_code",
}
COUNTS = KEYS - {
    "version",
    "command",
    "run",
    "options_made",
    "skipped_by",
    "requests",
    "patch_requests",
    "seconds",
    "decisions",
    "warnings",
    "rejects",
    "exit_code",
}


def facts(ledger: Ledger, error: PimError | None = None) -> Facts:
    return Facts(
        command="sync",
        run=12,
        ledger=ledger,
        options_made=3,
        requests=9,
        patch_requests=4,
        seconds=1.23456,
        warnings=["nothing was read"],
        exit_code=1,
        error=error,
    )


LEDGER = Ledger(
    read=10,
    skipped_by=Counter({"deleted": 2, "no kind": 1}),
    extra=1,
    merged=2,
    items=6,
    unchanged=1,
    created=1,
    updated=2,
    rejected=1,
    not_sent=1,
    decisions=Counter(
        {("m.yaml:5", "default"): 3, ("m.yaml:5", "empty: left"): 1, ("m.yaml:2", "default"): 1}
    ),
)
BY_MAPPING = Reject("product", None, Origin("a.xml", 3, None), "mapping", "m.yaml:5", "x", "y")
BY_PIM = Reject("product_model", "M1", Origin("a.xml", 4, 17), "pim", None, "no", None)


def test_the_object_says_all_of_a_run() -> None:
    text = "".join(pieces(facts(LEDGER), [BY_MAPPING, BY_PIM]))

    assert json.loads(text) == {
        "version": __version__,
        "command": "sync",
        "run": 12,
        "read": 10,
        "skipped": 3,
        "skipped_by": {"deleted": 2, "no kind": 1},
        "extra": 1,
        "merged": 2,
        "items": 6,
        "unchanged": 1,
        "created": 1,
        "updated": 2,
        "rejected": 1,
        "not_sent": 1,
        "options_made": 3,
        "requests": 9,
        "patch_requests": 4,
        "seconds": 1.235,
        "decisions": {
            "m.yaml:2": {"default": 1},
            "m.yaml:5": {"default": 3, "empty: left": 1},
        },
        "warnings": ["nothing was read"],
        "exit_code": 1,
        "rejects": [
            {
                "identifier": None,
                "record": 3,
                "line": None,
                "stage": "mapping",
                "rule": "m.yaml:5",
                "message": "x",
                "value": "y",
                "export": "a.xml",
                "kind": "product",
            },
            {
                "identifier": "M1",
                "record": 4,
                "line": 17,
                "stage": "pim",
                "rule": None,
                "message": "no",
                "value": None,
                "export": "a.xml",
                "kind": "product_model",
            },
        ],
    }
    assert text.count("\n") == 1
    assert text.endswith("}\n")


def test_a_run_of_nothing_has_the_same_keys_and_counts_of_nought() -> None:
    found = json.loads("".join(pieces(facts(Ledger()), [])))

    assert found.keys() >= KEYS
    assert {found[name] for name in COUNTS} == {0}
    assert (found["rejects"], found["decisions"], found["skipped_by"]) == ([], {}, {})


def test_an_early_end_is_told_with_its_cause() -> None:
    error = PimError("the PIM could not be reached", where="GET /x", fix="try later")

    found = json.loads("".join(pieces(facts(Ledger(), error), [])))

    assert found["error"] == {
        "what": "the PIM could not be reached",
        "where": "GET /x",
        "fix": "try later",
    }


def test_further_lists_stand_behind_the_rejects() -> None:
    text = "".join(pieces(facts(Ledger()), [BY_PIM], {"changes": iter([{"a": 1}, "b"]), "c": []}))

    found = json.loads(text)

    assert (found["changes"], found["c"]) == ([{"a": 1}, "b"], [])
    assert [reject["identifier"] for reject in found["rejects"]] == ["M1"]


def test_rejects_are_taken_one_at_a_time() -> None:
    rejects = repeat(BY_PIM)

    written = list(islice(pieces(facts(Ledger()), rejects), 5))

    assert len(written) == 5
    assert [piece.count("M1") for piece in written] == [0, 0, 1, 1, 1]


TEXTS = st.text(st.characters(codec="utf-8"))


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS)), TEXTS)
def test_the_pieces_are_one_object_whatever_the_texts_hold(
    texts: list[tuple[str, str, str]], reason: str
) -> None:
    rejects = [
        Reject("product", identifier, Origin("a.xml", 1, 1), "pim", None, message, value)
        for identifier, message, value in texts
    ]
    ledger = Ledger(skipped_by=Counter({reason: 1}))

    found = json.loads("".join(pieces(facts(ledger), rejects)))

    shown = [(each["identifier"], each["message"], each["value"]) for each in found["rejects"]]
    assert shown == texts
    assert found["skipped_by"] == {reason: 1}
