"""What is wrong with a mapping, told at its place, all at once."""

import pytest

from tests.unit.mapping.mapped import faults, written

SOURCES = "one of path, pair, value, all, concat is expected; found"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param("{type: text}", f"5:8: {SOURCES} none", id="no source"),
        pytest.param(
            "{path: V, value: x, type: text}", f"5:8: {SOURCES} path and value", id="two sources"
        ),
        pytest.param("{path: [], type: text}", "5:15: path is an empty list", id="no path"),
        pytest.param("{all: [], type: text}", "5:14: all is an empty list", id="nothing of all"),
        pytest.param("{concat: [], type: text}", "5:17: concat is an empty list", id="no part"),
        pytest.param(
            "{path: V, split: '', type: text}",
            "5:25: a text to cut at is expected; found an empty one",
            id="no mark to cut at",
        ),
        pytest.param(
            "{path: V, table: unti, type: text}",
            "5:25: unknown table 'unti'; did you mean 'unit'?",
            id="unknown table",
        ),
        pytest.param(
            "{path: V, otherwise: keep, type: text}",
            "5:29: otherwise needs a table",
            id="otherwise without table",
        ),
        pytest.param(
            "{path: V, table: unit, otherwise: ignore, type: text}",
            "5:42: 'reject', 'drop' or 'keep' is expected; found 'ignore'",
            id="otherwise what",
        ),
        pytest.param(
            "{pair: featur.Color, type: text}",
            "5:15: unknown list of pairs 'featur'; did you mean 'feature'?",
            id="unknown pairs",
        ),
        pytest.param(
            "{pair: feature, type: text}",
            "5:15: 'feature' is not of the form list.name",
            id="pair without name",
        ),
        pytest.param(
            "{path: V, locale: de_DE, locales: [en_US], type: text}",
            "5:8: locale and locales cannot stand together",
            id="locale and locales",
        ),
        pytest.param(
            "{path: V, channel: print, channels: [web], type: text}",
            "5:8: channel and channels cannot stand together",
            id="channel and channels",
        ),
        pytest.param(
            "{path: V, locales: [de_DE, de_DE], type: text}",
            "5:8: two rules for a [de_DE]",
            id="one locale twice",
        ),
        pytest.param(
            "[{path: V, type: text}, {path: W, type: text}]",
            "5:32: two rules for a; the first of several paths is {path: [A, B]}",
            id="one cell twice",
        ),
        pytest.param(
            "[{path: V, locales: [de_DE, en_US], channel: print, type: text},"
            " {path: W, locale: en_US, channel: print}]",
            "5:73: two rules for a [en_US, print]",
            id="one cell of a fan twice",
        ),
        pytest.param(
            "[{path: V, locale: de_DE, type: text}, {path: W, locale: en_US, type: date}]",
            "5:8: a has two types, date and text",
            id="two types",
        ),
        pytest.param(
            "{path: V, booleans: {true: [J, x], false: [X]}, type: boolean}",
            "5:28: 'x' cannot be both true and false",
            id="a word for both",
        ),
        pytest.param(
            "{path: V, absent: keep, type: text}",
            "5:26: 'leave', 'clear' or 'reject' is expected; found 'keep'",
            id="unknown policy",
        ),
        pytest.param(
            "{path: V, trim: maybe, type: text}",
            "5:24: 'maybe' is neither true nor false",
            id="neither true nor false",
        ),
        pytest.param(
            "{path: V, pth: W, type: text}",
            "5:18: unknown key 'pth'; did you mean 'path'?",
            id="unknown key",
        ),
        pytest.param(
            "{path: [V, {pth: W}], type: text}",
            "5:20: unknown key 'pth'; did you mean 'path'?",
            id="unknown key in a list",
        ),
        pytest.param(
            "{path: V, unit: {pth: W}, type: metric}",
            "5:25: unknown key 'pth'; did you mean 'path'?",
            id="unknown key of a unit",
        ),
        pytest.param(
            "{path: V, when: '[', type: text}",
            "5:24: '[' is no XPath: Invalid expression",
            id="no condition",
        ),
    ],
)
def test_a_rule_that_cannot_be_is_told_at_its_place(rule: str, expected: str) -> None:
    more = (
        "tables: {unit: {KG: KILOGRAM}}\npairs: {feature: {each: Feature, key: Name, value: Value}}"
    )

    assert faults(written(f"a: {rule}", more=more)) == [expected]


@pytest.mark.parametrize("type_", ["txt", "TEXT"])
def test_an_unknown_type_is_told_with_those_that_are_known(type_: str) -> None:
    (fault,) = faults(written(f"a: {{path: V, type: {type_}}}"))

    assert fault.startswith("5:24: 'text', 'textarea', 'number', 'boolean', 'date'")
    assert f"found '{type_}'" in fault


@pytest.mark.parametrize("rule", ["V", "{path: V}", "[{path: V, locale: de_DE}]"])
def test_a_missing_type_is_told_where_the_attribute_stands(rule: str) -> None:
    (fault,) = faults(written(f"a: {rule}"))

    assert fault.startswith("5:8: the type of a is missing")


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    mapping = """\
version: 1
source:
  record: Item
  numbers: "12"
  skip: {gone: "["}
tables:
  group: {file: nowhere.csv, key: k, value: v}
pairs:
  feature: {each: "$x", key: Name, value: Value}
products:
  identifier: /Sku
  family: {path: Group, table: groups}
  values:
    a: {path: A, type: number, divide: 0}
    b: {path: "e:B", type: text}
    c: {type: text}
"""

    found = faults(mapping)

    assert [fault.partition(" ")[0] for fault in found] == [
        "3:11:",
        "4:12:",
        "5:16:",
        "7:17:",
        "9:19:",
        "11:15:",
        "12:32:",
        "14:40:",
        "15:15:",
        "16:8:",
    ]


def test_all_faults_of_the_shape_are_told_at_once() -> None:
    words = "'reject', 'first', 'last' or 'merge'"
    mapping = """\
version: 2
source: {rekord: /Item}
product: {identifer: Sku}
products:
  identifer: Sku
  duplicates: merge!
  values: [a]
"""

    assert faults(mapping) == [
        "1:10: '1' is expected; found '2'",
        "2:10: unknown key 'rekord'; did you mean 'record'?",
        "3:1: unknown key 'product'; did you mean 'products'?",
        "5:3: unknown key 'identifer'; did you mean 'identifier'?",
        f"6:15: {words} is expected; found 'merge!'; did you mean 'merge'?",
        "7:11: keys with values are expected; found a list (Rules by attribute code.)",
    ]


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        pytest.param("code: Sku", "identifier", id="the word of models"),
        pytest.param("vaules: {}", "values", id="two letters changed places"),
        pytest.param("kategories: x", "categories", id="another letter"),
    ],
)
def test_an_unknown_key_of_products_is_told_with_the_nearest(key: str, nearest: str) -> None:
    (fault,) = faults(written(product=key))

    assert fault.startswith("4:3: ")
    assert fault.endswith(f"did you mean '{nearest}'?")
