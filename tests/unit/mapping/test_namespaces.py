"""Names in namespaces: by prefix, by several URIs that mean the same, or ignored."""

import pytest

from erp2pim.errors import ExportError
from tests.unit.mapping.mapped import bodies, faults, mapped, written

ONE_DEFAULT = "<Export xmlns='urn:x'><Item><Sku>A1</Sku><V>x</V></Item></Export>"


def prefixed(path: str, namespaces: str) -> str:
    """Give a mapping that names everything with the prefix e."""
    return f"""
version: 1
source: {{record: "/e:Export/e:Item", namespaces: {namespaces}}}
products:
  identifier: e:Sku
  values: {{a: {{path: "{path}", type: text}}}}
"""


def with_text(text: str) -> list[object]:
    return [{"values": {"a": [{"locale": None, "scope": None, "data": text}]}}]


def test_a_prefix_stands_for_the_default_namespace_of_the_file() -> None:
    assert bodies(prefixed("e:V", "{e: urn:x}"), ONE_DEFAULT) == with_text("x")


def test_a_prefix_need_not_be_the_one_of_the_file() -> None:
    export = "<f:Export xmlns:f='urn:x'><f:Item><f:Sku>A1</f:Sku><f:V f:t='x'/></f:Item></f:Export>"

    assert bodies(prefixed("e:V/@e:t", "{e: urn:x}"), export) == with_text("x")


def test_a_name_without_prefix_is_in_no_namespace() -> None:
    export = ONE_DEFAULT.replace("<V>x</V>", "<V>x</V><V xmlns=''>y</V>")

    assert bodies(prefixed("V", "{e: urn:x}"), export) == with_text("y")


@pytest.mark.parametrize("path", ["e:V", "e:V[@e:t='x']", "e:V[1]", "*[@e:t]", "e:V | e:W"])
@pytest.mark.parametrize("uri", ["urn:x", "urn:y", "urn:z"])
def test_several_uris_that_mean_the_same_are_one(path: str, uri: str) -> None:
    export = (
        f"<Export xmlns='{uri}' xmlns:f='{uri}'><Item><Sku>A1</Sku><V f:t='x'>v</V></Item></Export>"
    )

    assert bodies(prefixed(path, "{e: [urn:x, urn:y, urn:z]}"), export) == with_text("v")


def test_equal_uris_may_be_mixed_in_one_record() -> None:
    export = "<Export xmlns='urn:x'><Item><Sku>A1</Sku><V xmlns='urn:y'>v</V></Item></Export>"

    assert bodies(prefixed("e:V", "{e: [urn:x, urn:y]}"), export) == with_text("v")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("V", "v", id="element of the default namespace"),
        pytest.param("W", "w", id="element of another one"),
        pytest.param("W/@t", "t", id="attribute"),
        pytest.param("W[@t='t']", "w", id="attribute in a predicate"),
        pytest.param("Text[@xml:lang='de']", "d", id="xml:lang stays"),
        pytest.param("W/@type", "own", id="an attribute keeps its own name"),
    ],
)
def test_names_lose_their_namespaces_where_they_are_ignored(path: str, expected: str) -> None:
    mapping = written(f'a: {{path: "{path}", type: text}}', source="namespaces: ignore")
    export = (
        "<Export xmlns='urn:x' xmlns:f='urn:y'><Item><Sku>A1</Sku><V>v</V>"
        "<f:W f:t='t' f:type='foreign' type='own'>w</f:W><Text xml:lang='de'>d</Text>"
        "</Item></Export>"
    )

    assert bodies(mapping, export) == with_text(expected)


@pytest.mark.parametrize(
    ("namespaces", "path", "message"),
    [
        ("{}", "e:V", "unknown namespace prefix 'e'; known are none"),
        ("{erp: urn:x}", "er:V", "unknown namespace prefix 'er'; did you mean 'erp'?"),
        ("ignore", "e:V", "unknown namespace prefix 'e'; known are none"),
        ("{e: urn:x}", "f:V | e:V", "unknown namespace prefix 'f'; known are e"),
    ],
    ids=["none declared", "nearly right", "ignored", "XPath"],
)
def test_a_prefix_that_is_not_declared_is_a_fault(namespaces: str, path: str, message: str) -> None:
    mapping = written(f'a: {{path: "{path}", type: text}}', source=f"namespaces: {namespaces}")

    assert faults(mapping) == [f"5:15: {message}"]


def test_a_record_path_without_the_prefix_refuses_the_export() -> None:
    with pytest.raises(ExportError) as caught:
        mapped(written(), ONE_DEFAULT)

    assert caught.value.what == "the root element is <Export>; records are expected at /Export/Item"
    assert "source.namespaces" in caught.value.fix
