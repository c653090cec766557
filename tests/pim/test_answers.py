import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.model import Accepted, Refused
from erp2pim.pim.answers import Verdict, clean, forbidden, poisoned, verdicts, words
from tests.support.fakepim import LINES

RECORDINGS = Path("../shared/golden.jsonl")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 600) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "line": st.integers(-1, 6) | JSON,
        "status_code": st.sampled_from([201, 204, 422, 500, 999]) | JSON,
        "code": JSON,
        "message": JSON,
        "errors": JSON,
        "_links": JSON,
    },
)
BODIES = st.lists(
    ANSWERS.map(lambda each: json.dumps(each).encode()) | st.binary(max_size=20), max_size=8
).map(b"\n".join)


AB = ["b", "a"]
KEYS = {"products": "identifier", "products-uuid": "uuid"}


def _body(*answers: Mapping[str, object]) -> bytes:
    return b"\n".join(json.dumps(each).encode() for each in answers)


def _ok(status: int) -> Verdict:
    return Verdict(status, "the PIM gave no reason", None, explained=False)


def test_lines_are_matched_by_their_number_and_nothing_else() -> None:
    body = _body(
        {"line": 2, "identifier": "a", "status_code": 201},
        {"line": 1, "status_code": 204},
    )

    assert verdicts(body, AB) == {1: _ok(201), 0: _ok(204)}


@pytest.mark.parametrize(
    "answer",
    [
        {"line": 0, "status_code": 204},
        {"line": 3, "status_code": 204},
        {"line": -1, "status_code": 204},
        {"line": "1", "status_code": 204},
        {"line": 1.0, "status_code": 204},
        {"line": True, "status_code": 204},
        {"line": None, "status_code": 204},
        {"status_code": 204},
        {"line": 1},
        {"line": 1, "status_code": "204"},
        {"line": 1, "status_code": True},
        [1, 204],
    ],
    ids=json.dumps,
)
def test_an_answer_without_a_number_in_range_and_a_status_is_ignored(answer: object) -> None:
    assert verdicts(json.dumps(answer).encode(), AB) == {}


def test_complete_lines_count_where_the_rest_is_cut_or_garbled() -> None:
    body = b'<br>\n{"line":1,"status_code":204}\n\n\xff\xfe\n{"line":2,"status_code":20'

    assert verdicts(body, AB) == {0: _ok(204)}


def test_the_same_answer_twice_counts_once() -> None:
    answer = {"line": 1, "status_code": 204}

    assert verdicts(_body(answer, answer), ["a"]) == {0: _ok(204)}


def test_two_answers_that_contradict_each_other_are_none() -> None:
    body = _body(
        {"line": 1, "status_code": 204},
        {"line": 1, "status_code": 422},
        {"line": 1, "status_code": 204},
        {"line": 2, "status_code": 201},
    )

    assert verdicts(body, AB) == {1: _ok(201)}


def test_an_error_line_of_old_versions_has_its_status_as_code() -> None:
    assert verdicts(_body({"line": 1, "code": 422}), ["a"]) == {0: _ok(422)}
    assert verdicts(_body({"line": 1, "code": "sku-422"}), ["a"]) == {}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (201, Accepted(created=True)),
        (204, Accepted(created=False)),
        (400, Refused(400, "no", None)),
        (499, Refused(499, "no", None)),
        (200, None),
        (302, None),
        (399, None),
        (500, None),
        (503, None),
        (999, None),
        (0, None),
    ],
)
def test_only_201_204_and_4xx_settle_a_line(status: int, outcome: object) -> None:
    assert Verdict(status, "no", None, explained=False).outcome == outcome


@pytest.mark.parametrize("key", ["identifier", "code"])
def test_an_answer_that_names_another_item_is_none_to_this_batch(key: str) -> None:
    body = _body(
        {"line": 1, key: "B", "status_code": 204}, {"line": 2, key: "c", "status_code": 204}
    )

    assert verdicts(body, AB) == {0: _ok(204)}


def test_a_refusal_tells_all_its_errors_and_the_first_ones_attribute() -> None:
    errors = [
        {
            "property": "values",
            "message": "is too long.",
            "attribute": "name",
            "locale": "en_US",
            "scope": "shop",
        },
        {"property": "identifier", "message": "must not hold a comma"},
        "no object",
    ]
    body = _body({"line": 1, "status_code": 422, "message": "Validation failed.", "errors": errors})

    assert verdicts(body, ["a"])[0].outcome == Refused(
        422,
        "Validation failed. name (en_US, shop): is too long.; identifier: must not hold a comma",
        "name",
    )


def test_foreign_text_is_one_line_without_control_characters() -> None:
    assert clean("a\n\x1b[31mred\x07\u2028b\u202ec\x9b \t d") == "a [31mred b c d"


def test_foreign_text_is_cut_at_500_characters() -> None:
    assert clean("x" * 500) == "x" * 500
    assert clean("x" * 501) == "x" * 499 + "…"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_lines_refused_in_the_same_words_without_a_reason_are_poisoned() -> None:
    bare = Verdict(422, "Cannot set child as parent", None, explained=False)
    other = Verdict(422, "Something else", None, explained=False)
    told = Verdict(422, "Validation failed.", None, explained=True)

    assert poisoned({0: bare, 1: _ok(204), 2: told, 3: bare, 4: told, 5: other}) == {0, 3}


def test_accepted_and_failed_lines_are_never_poisoned() -> None:
    assert poisoned({0: _ok(204), 1: _ok(204), 2: _ok(500), 3: _ok(500)}) == frozenset()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"code":403,"message":"Access forbidden."}', "Access forbidden."),
        (b"<html>403 Forbidden</html>", ""),
        (b'{"code":403}', ""),
        (b'["Access forbidden."]', ""),
        (b"", ""),
    ],
)
def test_only_the_pims_json_has_words(body: bytes, said: str) -> None:
    assert words(body) == said
    assert forbidden(body) == bool(said)


@given(BODIES, st.lists(st.sampled_from("abc"), max_size=5))
def test_whatever_comes_back_only_lines_that_were_sent_have_a_verdict(
    body: bytes, identifiers: list[str]
) -> None:
    told = verdicts(body, identifiers)

    assert set(told) <= set(range(len(identifiers)))
    assert poisoned(told) <= set(told)


def _recorded() -> Iterator[tuple[str, list[str], bytes]]:
    """Give the name, the identifiers sent and the body of every recorded answer to a batch."""
    if not RECORDINGS.exists():
        pytest.skip(f"{RECORDINGS} is not beside the project")
    for text in RECORDINGS.read_bytes().splitlines():
        recording = json.loads(text)
        answer = recording["response"]
        if answer["headers"].get("content-type", "").startswith(LINES) and answer["body"]:
            key = KEYS.get(recording["request"]["path"].rpartition("/")[2], "code")
            answers, lines = answer["body"].split("\n"), recording["request"]["body"].split("\n")
            pairs = zip_longest(lines[: len(answers)], answers, fillvalue="")
            sent = [_named(key, line) or _named(key, answered) for line, answered in pairs]
            yield recording["name"], sent, answer["body"].encode()


def _named(key: str, line: str) -> str:
    """Give the identifier in a line; none where it is no object, or too long to be recorded."""
    try:
        told = json.loads(line)
    except json.JSONDecodeError:
        return ""
    return str(told.get(key, "")) if isinstance(told, dict) else ""


def test_every_line_of_every_recorded_batch_has_its_verdict() -> None:
    for name, sent, body in _recorded():
        answers = [json.loads(line) for line in body.split(b"\n")]
        expected = {each["line"] - 1: each["status_code"] for each in answers}

        told = verdicts(body, sent)

        assert {place: each.status for place, each in told.items()} == expected, name


def test_the_recorded_poison_is_found() -> None:
    found = (
        (sent, body)
        for name, sent, body in _recorded()
        if name.startswith("poison.categories.invalid")
    )

    ((sent, body),) = found
    assert poisoned(verdicts(body, sent)) == {0, 1, 2, 3}
