"""Text from outside never styles the terminal, breaks a line or turns its order round."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.report.text import escaped, fit

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Stühle & Söhne 漢字 😀", "Stühle & Söhne 漢字 😀", id="letters of any script"
        ),
        pytest.param("[bold]x[/bold]", "[bold]x[/bold]", id="markup is text"),
        pytest.param("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m", id="colour"),
        pytest.param("\x1b]0;title\x07", r"\x1b]0;title\x07", id="window title"),
        pytest.param("\x9b31m", r"\x9b31m", id="C1 control"),
        pytest.param("a\nb\r\nc\td", r"a\nb\r\nc\td", id="line breaks and tabs"),
        pytest.param("a\x00b\x7f", r"a\x00b\x7f", id="null and delete"),
        pytest.param("a\u2028b\u2029", r"a\u2028b\u2029", id="Unicode line breaks"),
        pytest.param("abc\u202efed", r"abc\u202efed", id="right to left"),
        pytest.param("a\u200bb\ufeff", r"a\u200bb\ufeff", id="without width"),
        pytest.param("a\u2060b\u2064", r"a\u2060b\u2064", id="without sight"),
        pytest.param("a\U000e0041", r"a\U000e0041", id="tag letters"),
        pytest.param("\udcfc.xml", r"\udcfc.xml", id="half a pair"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_is_unfit_shows_as_its_escape(text: str, expected: str) -> None:
    assert fit(text) == expected


def test_every_mark_that_breaks_a_line_or_turns_its_order_is_escaped() -> None:
    shown = fit(BIDI + BREAKS)

    assert shown.isascii()
    assert shown.count("\\") == len(BIDI + BREAKS)


@given(st.text(), st.integers(1, 300))
def test_a_fit_text_is_one_line_of_no_more_than_its_length(text: str, longest: int) -> None:
    shown = fit(text, longest=longest)

    assert len(shown) <= longest
    assert len(shown.splitlines()) <= 1
    shown.encode()
    assert not set(shown) & set(BIDI)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown)


@given(st.text(st.characters(categories=("L", "N", "P", "S")), max_size=200))
def test_letters_numbers_and_marks_stay_as_they_are(text: str) -> None:
    assert fit(text) == text


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert fit("x" * 200) == "x" * 200
    assert fit("x" * 201) == "x" * 199 + "…"
    assert fit("abcdef", longest=4) == "abc…"


@given(st.text(st.characters(codec="utf-8") | st.sampled_from(BIDI + "\x7f\x9b")))
def test_an_escaped_json_text_means_the_same_and_does_nothing_to_a_terminal(text: str) -> None:
    shown = escaped(json.dumps([text], ensure_ascii=False) + "\n")

    assert json.loads(shown) == [text]
    assert fit(shown[:-1], longest=len(shown)) == shown[:-1]
