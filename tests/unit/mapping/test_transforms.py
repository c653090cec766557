"""The steps of `transform`."""

import pytest

from erp2pim.mapping.transforms import step
from tests.unit.mapping.mapped import data, faults, refused, written


@pytest.mark.parametrize(
    ("name", "parameter", "text", "expected"),
    [
        pytest.param("strip", None, " \tx y\n", "x y", id="strip blanks"),
        pytest.param("strip", "*-", "**x-y--", "x-y", id="strip these"),
        pytest.param("collapse", None, "  x \n\t y ", "x y", id="collapse"),
        pytest.param("lower", None, "ÄX", "äx", id="lower"),
        pytest.param("upper", None, "äx", "ÄX", id="upper"),
        pytest.param("replace", {"a": "b", "b": "c"}, "ab", "cc", id="replace in turn"),
        pytest.param("replace", {"x": ""}, "axb", "ab", id="replace by nothing"),
        pytest.param("replace", {".": "!"}, "a.b", "a!b", id="replace no pattern"),
        pytest.param("regex", r"\d+", "a12b34", "12", id="first hit"),
        pytest.param("regex", r"(\d)x|y", "1x", "1", id="first group"),
        pytest.param("regex", r"(\d)x|y", "y", None, id="a group that took no part"),
        pytest.param("regex", r"\d", "abc", None, id="no hit"),
        pytest.param("regex", r"^(?:A-)?(.*)$", "A-1", "1", id="group that does not count"),
        pytest.param("before", "#", "a#b#c", "a", id="before the first"),
        pytest.param("before", "#", "abc", None, id="before without mark"),
        pytest.param("before", "#", "#b", "", id="before at the start"),
        pytest.param("after", "#", "a#b#c", "b#c", id="after the first"),
        pytest.param("after", "#", "abc", None, id="after without mark"),
        pytest.param("last", "#", "a#b#c", "c", id="after the last"),
        pytest.param("last", "#", "abc", "abc", id="last without mark"),
        pytest.param("last", " > ", "a > b > c", "c", id="after a longer mark"),
        pytest.param("truncate", "3", "abcdef", "abc", id="cut"),
        pytest.param("truncate", "3", "ab cdef", "ab", id="cut leaves no blank at the end"),
        pytest.param("truncate", "3", "ab", "ab", id="short enough"),
        pytest.param("unescape", None, "&lt;b&gt;&auml;&#33;", "<b>ä!", id="unescape"),
    ],
)
def test_a_step_turns_a_text_into_another_or_into_none(
    name: str, parameter: str | dict[str, str] | None, text: str, expected: str | None
) -> None:
    assert step(name, parameter)(text) == expected


@pytest.mark.parametrize(
    ("transform", "text", "expected"),
    [
        pytest.param("upper", "ab", "AB", id="one step"),
        pytest.param("[upper, {before: X}]", "axb", "A", id="steps in order"),
        pytest.param("[{before: x}, upper]", "axb", "A", id="mixed"),
        pytest.param("[{before: x}, upper]", "ab", "left", id="none stays none"),
        pytest.param("{replace: {a: b}}", "aa", "bb", id="a step with a map"),
        pytest.param("{replace: {a: ''}}", "a", "left", id="an empty text is none"),
        pytest.param("[{replace: {a: '1'}}, {last: '0'}]", "a0a", "1", id="texts stay texts"),
    ],
)
def test_a_rule_takes_one_step_or_a_list(transform: str, text: str, expected: str) -> None:
    assert data(f"<V>{text}</V>", f"{{path: V, type: text, transform: {transform}}}") == expected


def test_steps_turn_every_value_of_a_list() -> None:
    rule = "{path: T, type: multiselect, transform: [lower, {before: ':'}]}"

    assert data("<T>A:1</T><T>B</T><T>C:2</T>", rule) == ["a", "c"]


def test_a_number_is_read_from_what_the_steps_gave() -> None:
    rule = "{path: P, type: number, transform: {before: ' '}, numbers: '1.234,56'}"

    assert data("<P>1.234,5 EUR</P>", rule) == "1234.5"
    assert refused("<P>x EUR</P>", rule) == ("a number written like 1.234,56 is expected", "x")


KNOWN = (
    "known are after, before, code, collapse, last, lower, regex, replace, strip, "
    "truncate, unescape, upper"
)


@pytest.mark.parametrize(
    ("transform", "message"),
    [
        pytest.param("uper", "5:41: unknown transform 'uper'; did you mean 'upper'?", id="unknown"),
        pytest.param(
            "[upper, {befor: x}]",
            "5:49: unknown transform 'befor'; did you mean 'before'?",
            id="unknown in a list",
        ),
        pytest.param("upper: x", "5:41: upper takes no parameter", id="too much"),
        pytest.param("before", '5:41: before takes a text: {before: "…"}', id="too little"),
        pytest.param(
            "strip: {a: b}",
            '5:41: strip takes a text: {strip: "…"} or stands alone',
            id="a map for a text",
        ),
        pytest.param(
            "replace: x",
            '5:41: replace takes texts and what they become: {replace: {"old": "new"}}',
            id="a text for a map",
        ),
        pytest.param(
            "regex: '('",
            "5:41: regex '(': missing ), unterminated subpattern at position 0",
            id="no pattern",
        ),
        pytest.param("before: ''", "5:41: before takes a text that is not empty", id="before ''"),
        pytest.param("last: ''", "5:41: last takes a text that is not empty", id="last ''"),
        pytest.param(
            "truncate: many",
            "5:41: truncate takes a number of characters; found 'many'",
            id="no length",
        ),
    ],
)
def test_a_step_that_cannot_be_is_a_fault(transform: str, message: str) -> None:
    braces = f"{{{transform}}}" if ":" in transform and transform[0] != "[" else transform

    assert faults(written(f"a: {{path: V, type: text, transform: {braces}}}")) == [message]


def test_a_step_that_is_like_no_other_is_told_with_all_that_are_known() -> None:
    mapping = written("a: {path: V, type: text, transform: qqq}")

    assert faults(mapping) == [f"5:41: unknown transform 'qqq'; {KNOWN}"]
