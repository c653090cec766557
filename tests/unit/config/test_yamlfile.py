"""YAML 1.2 read as text with places, and what of YAML is not allowed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.config.yamlfile import parse
from erp2pim.errors import ConfigError

SCALARS = [
    "NO",
    "no",
    "on",
    "Off",
    "yes",
    "true",
    "False",
    "0123",
    "007",
    "1_000",
    "12:30",
    "1:30:45",
    "1.10",
    "1e3",
    "0x1F",
    "0o17",
    ".5",
    "+",
    ".inf",
    "NaN",
    "2026-12-31",
    "Null",
    "=",
    "<<",
    "A-1/2",
]


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, file="f.yaml")
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("scalar", [*SCALARS, "2026-12-31 23:59:59"])
def test_a_plain_scalar_is_its_own_text(scalar: str) -> None:
    document = parse(f"a: {scalar}\nb: ['{scalar}', \"{scalar}\", {scalar}]", file="f.yaml")

    assert document.data == {"a": scalar, "b": [scalar] * 3}


def test_keys_are_texts_too() -> None:
    text = "NO: a\ntrue: b\n1: c\n1.10: d\n2026-12-31: e\n'': f\n"

    assert parse(text, file="f.yaml").data == {
        "NO": "a",
        "true": "b",
        "1": "c",
        "1.10": "d",
        "2026-12-31": "e",
        "": "f",
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: [1, 2\n", "expected ',' or ']', but got '<stream end>' while parsing a flow sequence"),
        ("- a\nb: c\n", "expected <block end>, but found '?' while parsing a block collection"),
    ],
)
def test_a_mistake_without_a_usual_cause_has_no_advice(text: str, fault: str) -> None:
    assert faults(text) == [f"f.yaml:2:1: {fault}"]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"))))
def test_a_quoted_text_is_that_text(text: str) -> None:
    document = parse(f"a: {json.dumps(text, ensure_ascii=False)}", file="f.yaml")

    assert document.data == {"a": text}


def test_blocks_and_anchors_are_read() -> None:
    text = "a: &x\n  b: |\n    one\n    two\n  c: >-\n    three\n    four\nd: *x\n"

    block = {"b": "one\ntwo\n", "c": "three four"}
    assert parse(text, file="f.yaml").data == {"a": block, "d": block}


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert parse("\ufeffa: b", file="f.yaml").data == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "a: 1\nb: 2\na: 3\n", ["f.yaml:3:1: key 'a' stands at line 1 already"], id="block"
        ),
        pytest.param(
            "x: {a: 1,\n  'a': 2}", ["f.yaml:2:3: key 'a' stands at line 1 already"], id="flow"
        ),
        pytest.param(
            "a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n",
            [
                "f.yaml:2:1: key 'a' stands at line 1 already",
                "f.yaml:3:11: key 'c' stands at line 3 already",
                "f.yaml:4:1: key 'a' stands at line 1 already",
            ],
            id="several",
        ),
    ],
)
def test_a_key_that_stands_twice_is_told_with_both_lines(text: str, expected: list[str]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize("text", ["a:\nb: x", "a: ~\nb: x", "a: null\nb: x", "a: # x\nb: x"])
def test_an_empty_value_is_a_fault(text: str) -> None:
    (fault,) = faults(text)

    assert fault.startswith("f.yaml:1:")
    assert fault.endswith('empty value; write "" for an empty text')


@pytest.mark.parametrize("mark", ["|", ">"])
def test_a_mark_that_opens_an_empty_block_is_a_fault(mark: str) -> None:
    assert faults(f"a:\n  split: {mark}\nb: x\n") == [
        f'f.yaml:2:10: an empty block; write "{mark}" for the sign itself'
    ]


def test_an_empty_text_in_quotes_is_a_text() -> None:
    document = parse("a: ''\nb: \"\"\nc: 'null'", file="f.yaml")

    assert document.data == {"a": "", "b": "", "c": "null"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: !!int 1", "1:4"),
        ("a: !secret x", "1:4"),
        ("a: [!!binary aGk=]", "1:5"),
        ("a: !!python/object/apply:os.system ['true']", "1:4"),
        ("!x a: b", "1:1"),
        ("a: {!x b: c}", "1:5"),
    ],
)
def test_tags_are_not_allowed(text: str, place: str) -> None:
    assert faults(text) == [
        f"f.yaml:{place}: tags are not allowed; quote a text that starts with !"
    ]


def test_a_key_must_be_a_text() -> None:
    assert faults("a:\n  ? [x, y]\n  : z\n") == ["f.yaml:2:5: a key must be a text"]


def test_all_faults_are_told_in_the_order_of_the_file() -> None:
    text = "a: !x y\nb:\nc: {d: 1, d: 2}\ne:\n  - ~\n"

    assert [fault.split(" ")[0] for fault in faults(text)] == [
        "f.yaml:1:4:",
        "f.yaml:2:3:",
        "f.yaml:3:11:",
        "f.yaml:5:5:",
    ]


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    (fault,) = faults("\n".join(lines))

    assert fault.endswith("aliases make this file endless")


def test_an_alias_of_what_it_stands_in_is_refused() -> None:
    assert faults("a: &a\n  b: *a\n") == ["f.yaml:1:4: aliases make this file endless"]


def test_a_file_that_is_nested_without_end_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        parse("a: " + "[" * 2000 + "]" * 2000, file="f.yaml")

    assert caught.value.what == "f.yaml is nested too deeply"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("a: [b\nc: d\n", "2:2", id="open list"),
        pytest.param("a: 'b\n", "1:4", id="open quote"),
        pytest.param("a: b: c\n", "1:5", id="two colons"),
        pytest.param("\ta: b\n", "1:1", id="tab"),
        pytest.param("a: b\n c: d\n", "2:3", id="indent"),
        pytest.param("a: b\n---\nc: d\n", "2:1", id="two documents"),
        pytest.param('a: "\\q"', "1:6", id="escape"),
        pytest.param("a: b\nc: \x00", "2:4", id="control character"),
        pytest.param('a: "b\\0"', "1:4", id="NUL"),
        pytest.param('"\\ud800": b', "1:1", id="half of a pair"),
    ],
)
def test_what_is_no_yaml_is_told_at_its_place(text: str, place: str) -> None:
    (fault,) = faults(text)

    assert fault.startswith(f"f.yaml:{place}: ")


@pytest.mark.parametrize(
    "line", ["a: @id", "a: %Y%m%d", "b: {path: a[1]}", "a: [@id]", "a: {path: x | y]}"]
)
def test_a_fault_on_a_line_that_looks_like_an_xpath_says_quote_it(line: str) -> None:
    (fault,) = faults(line)

    assert fault.endswith('; quote the XPath: "…"')


def test_a_variable_in_braces_says_quote_it() -> None:
    (fault,) = faults("send: {workers: ${WORKERS}}")

    assert fault.endswith('; quote the variable: "${…}"')


def test_a_fault_on_another_line_does_not() -> None:
    (fault,) = faults("a: '@id'\nb: c: d\n")

    assert "XPath" not in fault


@pytest.mark.parametrize("text", ["a: *hunter2", "a: !hunter2", "a: !h!hunter2 x"])
def test_a_password_that_yaml_takes_for_something_else_is_not_shown(text: str) -> None:
    (fault,) = faults(text)

    assert "hunter2" not in fault
    assert "quote a text" in fault


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"f\.yaml is empty"):
        parse("# nothing\n", file="f.yaml")


def test_a_place_is_that_of_the_value_of_the_key_or_of_what_is_above() -> None:
    document = parse("a:\n  b: [x,\n    y]\n", file="f.yaml")

    assert document.place(("a", "b", 1)) == (3, 5)
    assert document.place(("a", "b")) == (2, 6)
    assert document.place(("a", "b"), key=True) == (2, 3)
    assert document.place(("a", "map", "b", 7)) == (2, 6)
    assert document.place(()) == (1, 1)


@pytest.mark.parametrize(
    ("text", "what"), [("a:\n", "f.yaml has a fault"), ("a:\nb:\n", "f.yaml has 2 faults")]
)
def test_faults_are_counted(text: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, file="f.yaml")

    assert caught.value.what == what
