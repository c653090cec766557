from hypothesis import given
from hypothesis import strategies as st

from erp2pim.config.yamlfile import parse
from erp2pim.survey.yamltext import Tree, comment, flow, scalar

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))  # XML can hold no \0
TREES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(TREES)
def test_any_tree_comes_back_as_it_was(tree: Tree) -> None:
    assert parse(f"key: {flow(tree)}", file="x").data == {"key": tree}


@given(TEXTS, TEXTS)
def test_no_comment_reaches_beyond_its_line(text: str, value: str) -> None:
    written = f"a: {scalar(value)}  {comment(text)}\n{comment(text)}\nb: c\n"

    assert parse(written, file="x").data == {"a": value, "b": "c"}


def test_what_needs_no_quotes_has_none() -> None:
    written = flow({"path": "Prices/Price", "currency": "$currency", "numbers": "1.234,56"})

    assert written == '{path: Prices/Price, currency: $currency, numbers: "1.234,56"}'


def test_what_is_not_to_be_seen_is_written_as_its_number() -> None:
    assert scalar("a\u200bb\U0001d173") == '"a\\u200bb\\U0001d173"'


def test_words_that_mean_nothing_in_yaml_are_quoted() -> None:
    assert [scalar(text) for text in ("null", "~", "", "@id", "NO")] == [
        '"null"',
        '"~"',
        '""',
        '"@id"',
        "NO",
    ]
