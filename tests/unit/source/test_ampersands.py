"""`&` in a file that a recovering parser reads: nothing behind a mistake is lost, or it is told."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp2pim.errors import ExportError
from erp2pim.source.ampersands import Ampersands
from tests.support.reading import compiled, found, identifiers

_SNIPPETS = (
    """& &amp; &lt; &quot; &nbsp; &co; &#65; &# ; a ä > < <![CDATA[ ]]> ]] <!-- --> <? ?> '"""
)
_MARKUP = st.lists(st.sampled_from([*_SNIPPETS.split(), " ", "\n"]), max_size=30).map("".join)


def in_pieces(document: bytes, *sizes: int) -> tuple[bytes, list[tuple[int, int, str]]]:
    mender = Ampersands()
    given = b""
    for size in sizes:
        given += mender.mended(document[:size])
        document = document[size:]
    return given + mender.mended(document) + mender.rest(), mender.repairs


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16", "utf-16-le", "utf-16-be"])
@given(_MARKUP, st.lists(st.integers(1, 60), max_size=5))
def test_a_file_is_mended_alike_in_whatever_pieces(
    encoding: str, text: str, sizes: list[int]
) -> None:
    document = f"<E>{text}</E>".encode(encoding)

    assert in_pieces(document, *sizes) == in_pieces(document)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_entity_in_whatever_encoding_becomes_a_character(encoding: str) -> None:
    document = "<E>ä &lt; &amp; &quot;</E>".encode(encoding)

    mended, repairs = in_pieces(document)

    assert mended.decode(encoding) == "<E>ä &#60; &#38; &#034;</E>"
    assert repairs == []


@pytest.mark.parametrize(
    "text",
    [
        "<![CDATA[a & b &lt; ]] &nbsp;]]>",
        "<!-- a & b &lt; -->",
        "<?php a & b &lt; ?>",
        "&#38;&#x26;",
    ],
    ids=["CDATA", "comment", "instruction", "characters"],
)
def test_what_is_no_entity_stays_as_it_is(text: str) -> None:
    document = f"<E>{text}</E>".encode()

    assert in_pieces(document) == (document, [])


def test_what_was_mended_is_told_with_its_place() -> None:
    document = b"<E>\n R&D &eacute; &firm;\n" + b"x" * 100 + b"\n  & </E>"

    mended, repairs = in_pieces(document, 30, 50)

    assert mended == document.replace(b"&eacute", b"&#233").replace(b"R&", b"R&#38;").replace(
        b"&firm", b"&#38;firm"
    ).replace(b" & ", b" &#38; ")
    assert repairs == [
        (2, 3, "a & that begins no entity is read as it stands"),
        (2, 6, "&eacute; of HTML is read as 'é'"),
        (2, 15, "a & that begins no entity is read as it stands"),
        (4, 3, "a & that begins no entity is read as it stands"),
    ]


@pytest.mark.parametrize("mistake", ["&", "\x01", "<a x=1/>", "<a x='<'/>"])
def test_behind_a_mistake_entities_are_read_as_before(mistake: str) -> None:
    document = f"<E>{mistake}<Row a='&lt;'>T &amp; U &lt;b&gt; &quot;&apos;</Row></E>"

    assert found(document.encode(), "/E/Row", recover=True) == [
        '<Row a="&lt;">T &amp; U &lt;b&gt; "\'</Row>'
    ]


def test_entities_of_the_file_that_a_mistake_would_lose_refuse_it() -> None:
    document = b'<!DOCTYPE E [<!ENTITY co "A &#38;#38; B">]>\n<E><Row>&co; &lt;</Row>%s</E>'

    with pytest.raises(ExportError, match="entities that the export declares are lost") as refused:
        found(document % b" & ", "/E/Row", recover=True)

    assert re.fullmatch(r"export\.xml:2:\d+", refused.value.where)
    assert found(document % b"", "/E/Row", recover=True) == ["<Row>A &amp; B &lt;</Row>"]
    assert found(document % b"<g:a/>", "/E/Row", recover=True) == ["<Row>A &amp; B &lt;</Row>"]


def test_a_prefix_that_nobody_declares_is_ignored_with_the_namespaces() -> None:
    document = b"<E><Row><g:Id g:of='x'>A &amp; B</g:Id></Row></E>"

    assert found(document, "/E/Row/Id", namespaces="ignore", recover=True) == [
        '<Id of="x">A &amp; B</Id>'
    ]
    assert found(document, "/E/Row", namespaces="ignore", recover=True) == [
        '<Row><Id of="x">A &amp; B</Id></Row>'
    ]


@pytest.mark.parametrize(("namespaces", "prefix"), [("ignore", ""), ("{}", "g:")])
def test_a_prefix_that_nobody_declares_is_met_at_every_place(namespaces: str, prefix: str) -> None:
    mapping = compiled(f"""
version: 1
source:
  {{record: /E/Row, namespaces: {namespaces}, recover: true, header: {{none: /E/None}}}}
joins: {{price: {{record: /E/Price, key: No, match: Id}}}}
products:
  identifier: {{all: [Id, $price/Net, {{path: Text, as: markup}}], join: "|"}}
""")
    document = b"""<E><g:x/><Price><No g:of='a'>1</No><Net>2</Net><g:Net/></Price>
      <Row><Id>1</Id><Text>a <g:b g:c='d'>c</g:b></Text></Row></E>"""

    assert identifiers(document, mapping) == [f'1|2|a <b {prefix}c="d">c</b>']


def test_a_root_whose_prefix_nobody_declares_is_found() -> None:
    document = b"<g:E><g:Row>1</g:Row></g:E>"

    assert found(document, "/E/Row", namespaces="ignore", recover=True) == ["<Row>1</Row>"]
