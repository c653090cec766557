"""Law of the two YAML readers: with libyaml or without it, the same tree, places and faults."""

import random
from typing import TypeAlias

import pytest

from erp2pim.config.yamlfile import Tree, parse
from erp2pim.errors import ConfigError
from tests.conftest import ROOT
from tests.property.run.mutants import OF_TEXTS, mutant

TEXTS = [
    path.read_text(encoding="utf-8")
    for path in [*ROOT.glob("examples/*.yaml"), *ROOT.glob("tests/golden/mapping/*.yaml")]
]
Read: TypeAlias = tuple[Tree, list[tuple[int, int]]] | tuple[str, list[str]]


def read(text: str) -> Read:
    """Give the data and all of its places, or what is said of its faults."""
    try:
        document = parse(text, file="f.yaml")
    except ConfigError as error:
        return str(error), [str(fault) for fault in error.faults]
    return document.data, [
        document.place(loc, key=key) for loc in locs(document.data) for key in (False, True)
    ]


def locs(tree: Tree, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    below: list[tuple[str | int, Tree]] = []
    if isinstance(tree, dict):
        below.extend(tree.items())
    if isinstance(tree, list):
        below.extend(enumerate(tree))
    return [above, *(loc for part, each in below for loc in locs(each, (*above, part)))]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: {b: c?d}", id="question mark"),
        pytest.param("a\tb: c", id="tab in a key"),
        pytest.param("{a: b\ufeff, c: d}", id="byte order mark"),
        pytest.param("a: {b: , c: d}", id="nothing"),
        pytest.param("a: {b: !/c}", id="tag"),
        pytest.param("[" * 100_000, id="endless nesting"),
    ],
)
def test_what_libyaml_reads_otherwise_is_read_alike(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = read(text)

    monkeypatch.setattr("yaml.__with_libyaml__", False)

    assert read(text) == quick


@pytest.mark.parametrize("seed", range(200))
def test_a_text_is_read_alike_with_libyaml_and_without_it(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    luck = random.Random(seed)  # noqa: S311  the same mutants each time
    content = mutant(cut(luck).encode(), str(seed), OF_TEXTS)
    text = content.decode("utf-8", "replace")
    quick = read(text)

    monkeypatch.setattr("yaml.__with_libyaml__", False)

    assert read(text) == quick


def cut(luck: random.Random) -> str:
    """Give some lines of a text: most of them are YAML, too."""
    lines = luck.choice(TEXTS).splitlines(keepends=True)
    start = luck.randrange(len(lines))
    return "".join(lines[start : start + luck.choice([5, 20, 1000])])
