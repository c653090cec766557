import io

import pytest

from erp2pim.errors import ExportError
from erp2pim.mapping.values import Unmappable, plain_text
from erp2pim.mapping.work import CompiledMapping
from erp2pim.source.files import ExportFile
from erp2pim.source.records import header_values, records
from tests.support.reading import compiled, identifiers, naming, opened, origins


def test_records_are_numbered_and_named_with_the_line_of_their_start_tag() -> None:
    document = b"<?xml version='1.0'?>\n<E>\n  <Row>\n    <Sku>1</Sku></Row><Row/>\n\n<Row/></E>"

    places = [(each.export, each.record, each.line) for each in origins(document, naming("//Row"))]

    assert places == [("export.xml", 1, 3), ("export.xml", 2, 4), ("export.xml", 3, 6)]


def test_no_line_is_named_where_the_parser_has_lost_count() -> None:
    document = b"<E>\n" + b"\n" * 65_531 + b"<Row/>\n<Row/>\n<Row/>\n\n\n<Row/></E>"

    lines = [origin.line for origin in origins(document, naming("/E/Row"))]

    assert lines == [65_533, 65_534, None, None]


def test_no_line_of_something_further_up_is_named_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", 7)
    rows = b"<Row/>\n" * 3 + b"\n" * 70_000

    many = origins(b"<E>\n" + rows + b"<Row/>\n" * 10 + b"</E>", naming("/E/Row"))
    last = origins(b"<E>\n" + rows + b"<Row/></E>", naming("/E/Row"))

    assert [origin.line for origin in many] == [2, 3, 4, *[None] * 10]
    assert [origin.line for origin in last] == [2, 3, 4, None]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<![CDATA[<b> & co]]>", "<b> & co"),
        ("a <![CDATA[b]]> c", "a b c"),
        ("4<!-- of -->2", "42"),
        ("4<?php of ?>2", "42"),
        ("<!-- no -->", ""),
        ("a&#10;b&#x20AC;", "a\nb€"),
        ("&lt;br/&gt;", "<br/>"),
    ],
)
def test_a_text_is_whole_whatever_stands_within_it(inner: str, text: str) -> None:
    mapping = naming("/E/Row", "Sku")
    document = f"<E><Row><Sku>{inner}</Sku></Row></E>".encode()

    (read,) = [plain_text(row[0]) for _, row, _ in records(opened(document), mapping)]

    assert read == text


def test_texts_of_child_elements_are_not_glued() -> None:
    document = b"<E><Row><Sku>4<sup>2</sup></Sku></Row></E>"
    mapping = naming("/E/Row", "Sku")

    with pytest.raises(Unmappable, match="<Sku> has child elements such as <sup>"):
        [plain_text(row[0]) for _, row, _ in records(opened(document), mapping)]


def test_another_kind_of_document_is_refused_with_both_names() -> None:
    with pytest.raises(ExportError) as refused:
        origins(b"<x:Orders xmlns:x='urn:x'><Row/></x:Orders>", naming("/Export/Row"))

    assert refused.value.what == (
        "the root element is <Orders>; records are expected at /Export/Row"
    )
    assert refused.value.where == "export.xml"


HEADER = """
  header:
    currency: /E/Head/Currency
    night: /E/@night
    kind: /E/Head[@main='1']/@kind"""

HEAD = b"<Head><Currency>USD</Currency></Head><Head main='1' kind='full'><Currency/></Head>"


@pytest.mark.parametrize(
    "document",
    [
        b"<E night='7'>" + HEAD + b"<Row/></E>",
        b"<E night='7'><Row/>" + HEAD + b"</E>",
        b"<E night='7'><Row/><Row/>" + HEAD + b"<Row/><Head><Currency>EUR</Currency></Head></E>",
    ],
    ids=["before", "after", "between"],
)
@pytest.mark.parametrize("size", [1, 10, 1 << 16])
def test_the_first_header_value_counts_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch, document: bytes, size: int
) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", size)
    mapping = naming("/E/Row", "$currency", "$night", "$kind", source=HEADER)

    assert set(identifiers(document, mapping)) == {"USD|7|full"}


def test_a_header_value_that_is_not_there_is_no_value() -> None:
    mapping = naming("/E/Row", "$currency", "$night", "$kind", source=HEADER)

    assert identifiers(b"<E><Row/></E>", mapping) == ["-|-|-"]


def test_a_header_value_that_holds_elements_refuses_the_export() -> None:
    mapping = naming("/E/Row", "$head", source="\n  header: {head: /E/Head}")

    with pytest.raises(ExportError) as refused:
        identifiers(b"<E>\n" + HEAD + b"<Row/></E>", mapping)

    assert refused.value.where == "export.xml:2"
    assert refused.value.what.startswith(
        "the value at /E/Head cannot be read: <Head> has child elements such as <Currency>"
    )


def test_an_attribute_of_the_root_is_told_before_the_rest_of_the_file_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", 16)
    stream = io.BytesIO(b"<E night='7'>" + b"<Row/>" * 1000 + b"</Wrong>")
    mapping = naming("/E/Row", "$night", source="\n  header: {night: /E/@night}")

    assert header_values(ExportFile("e.xml", stream), mapping) == {"night": "7"}
    assert stream.tell() < 100


@pytest.mark.parametrize("size", [1, 10, 1 << 16])
def test_an_attribute_waits_for_what_its_elements_predicates_ask(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", size)
    source = '\n  header: {kind: "/E/Head[not(Draft)]/@kind"}'
    document = b"<E><Head kind='a'><Draft/></Head><Head kind='b'/><Row/></E>"

    assert identifiers(document, naming("/E/Row", "$kind", source=source)) == ["b"]


def rows_within_groups() -> bytes:
    return b"""<E><Info><Name>all</Name></Info>
      <Group id="g1"><Name>drills</Name><Row n="1"><Sku>1</Sku></Row><Row n="2"/>
        <Name>saws</Name><Row n="3"/></Group>
      <Group id="g2"><Row n="4"/><Name>late</Name></Group></E>"""


@pytest.mark.parametrize("size", [1, 10, 40, 100, 1 << 16])
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("../@id", ["g1", "g1", "g1", "g2"]),
        ("../Name[1]", ["drills", "drills", "drills", "-"]),
        ("../Name[last()]", ["drills", "drills", "saws", "-"]),
        ("../../Info/Name", ["all"] * 4),
        ("..//Name[1]", ["drills", "drills", "drills", "-"]),
        ("ancestor::Group/Name[1]", ["drills", "drills", "drills", "-"]),
        ("preceding-sibling::Row[1]/@n", ["-", "1", "2", "-"]),
        ("preceding::Name[1]", ["drills", "drills", "saws", "saws"]),
        ("following-sibling::Name[1]", ["-"] * 4),
        ("count(../Name)", ["1", "1", "2", "0"]),
        ("local-name(..)", ["Group"] * 4),
        ("normalize-space(../text()[last()])", ["-"] * 4),
    ],
)
def test_a_path_that_leaves_the_record_finds_what_stood_before_it(
    monkeypatch: pytest.MonkeyPatch, path: str, expected: list[str], size: int
) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", size)

    assert identifiers(rows_within_groups(), naming("/E/Group/Row", path)) == expected


def most_nodes(document: bytes, mapping: CompiledMapping) -> int:
    rows = records(opened(document), mapping)
    return max(sum(1 for _ in row.getroottree().iter()) for _, row, _ in rows)


@pytest.mark.parametrize(
    "path", ["../@id", "../Name", "ancestor::Group/Name", "local-name(..)", "Part[../@n = '1']/Sku"]
)
def test_what_such_a_path_does_not_name_is_dropped_all_the_same(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", 500)
    group = b"<Group id='g'><Name>a</Name><Row><Name>b</Name></Row><Other/><Row/></Group>"

    assert most_nodes(b"<E>" + group * 500 + b"</E>", naming("/E/Group/Row", path)) < 100


def test_records_of_several_equal_namespaces_are_read_by_one_mapping() -> None:
    mapping = compiled(
        "version: 1\n"
        "source:\n"
        "  record: /e:E/e:Row\n"
        "  namespaces: {e: [urn:erp:1, urn:erp:2]}\n"
        "products:\n"
        "  identifier: e:Sku\n"
    )
    document = (
        b"<E xmlns='urn:erp:2'><Row><Sku>1</Sku></Row>"
        b"<Row xmlns='urn:erp:1'><Sku>2</Sku></Row><x:Row xmlns:x='urn:x'/></E>"
    )

    assert identifiers(document, mapping) == ["1", "2"]


def test_a_file_is_read_from_its_start_each_time() -> None:
    export = opened(b"<E><Row/><Row/></E>")
    mapping = naming("/E/Row", "@id")

    first = [origin.record for _, _, origin in records(export, mapping)]
    again = [origin.record for _, _, origin in records(export, mapping)]

    assert first == again == [1, 2]
