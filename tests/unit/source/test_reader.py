import io
import re
from pathlib import Path

import pytest
from lxml import etree

from erp2pim.errors import ExportError
from erp2pim.mapping.names import names
from erp2pim.mapping.recordpath import record_path
from erp2pim.mapping.work import Reader
from erp2pim.source.files import ExportFile
from erp2pim.source.reader import elements
from tests.support.reading import found, opened


def test_the_same_tag_elsewhere_is_no_record() -> None:
    document = b"<E><Row>no</Row><Old><Row>no</Row></Old><Rows><Row>1</Row><Row>2</Row></Rows></E>"

    assert found(document, "/E/Rows/Row") == ["<Row>1</Row>", "<Row>2</Row>"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/E/Group/Row[@kind='item']", ["1", "4"]),
        ("/E/Group/Row[Sold]", ["4"]),
        ("/E/Group/Row[@kind='item'][Sold]", ["4"]),
        ("/E/Group[@open='yes']/Row", ["1", "2"]),
        ("/E/Group[@open='yes']/Row[@kind='item']", ["1"]),
        ("/E/*/Row[@kind='item']", ["1", "4"]),
        ("/E/Group[Name='b']/Row", ["3", "4"]),
        ("/*/Group/Row[not(@kind)]", ["2", "3"]),
        ("//Row[@kind='item']", ["1", "4"]),
        ("/E//Row[@id='3']", ["3"]),
    ],
)
def test_predicates_hold_on_the_record_and_on_what_is_above_it(
    path: str, expected: list[str]
) -> None:
    document = b"""<E>
      <Group open="yes"><Name>a</Name><Row id="1" kind="item"/><Row id="2"/></Group>
      <Group><Name>b</Name><Row id="3"/><Row id="4" kind="item"><Sold/></Row></Group>
    </E>"""

    rows = [etree.fromstring(row) for row in found(document, path)]

    assert [row.get("id") for row in rows] == expected


def test_records_in_records_come_whole_and_in_the_order_of_their_start_tags() -> None:
    inner = "<Row><Sku>2</Sku><Row><Sku>3</Sku></Row></Row>"
    document = f"<E><Row><Sku>1</Sku>{inner}<Name>x</Name></Row><Row/></E>".encode()

    assert found(document, "//Row") == [
        f"<Row><Sku>1</Sku>{inner}<Name>x</Name></Row>",
        inner,
        "<Row><Sku>3</Sku></Row>",
        "<Row/>",
    ]


def test_a_record_inside_one_that_does_not_fit_is_found() -> None:
    document = b"<E><Row id='1'><Row id='2' sold='yes'/></Row><Row id='3' sold='yes'/></E>"

    assert found(document, "//Row[@sold='yes']") == [
        '<Row id="2" sold="yes"/>',
        '<Row id="3" sold="yes"/>',
    ]


def test_a_record_that_is_the_root_comes_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", 20)
    document = "<Row><Sku>1</Sku><Name>Drill</Name><Text>long</Text><End/></Row>"

    assert found(document.encode(), "/Row") == [document]


@pytest.mark.parametrize("size", [1, 7, 20, 30, 100, 1 << 16])
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/E/Group[Status='ok']/Row", ["1", "2", "4"]),
        ("/E/Group[not(Status)]/Row", ["3"]),
        ("/E/Group/Row[not(preceding-sibling::Row)]", ["1", "3"]),
        ("/E/Group/Row[following-sibling::*]", []),
    ],
)
def test_what_stood_before_a_record_decides_and_what_stands_behind_it_does_not(
    monkeypatch: pytest.MonkeyPatch, path: str, expected: list[str], size: int
) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", size)
    document = (
        b"<E><Group><Status>ok</Status><Row>1</Row><Row>2</Row></Group>"
        b"<Group><Row>3</Row><Status>ok</Status><Row>4</Row></Group></E>"
    )

    assert found(document, path) == [f"<Row>{text}</Row>" for text in expected]


NAMESPACED = b"""<E xmlns="urn:erp:1" xmlns:x="urn:x">
  <Row x:id="1" xml:lang="de"><x:Sku>A</x:Sku></Row>
  <Row xmlns="urn:erp:2"><Sku>B</Sku></Row>
  <x:Row/>
</E>"""


def local_texts(rows: list[str]) -> list[str]:
    return ["".join(etree.fromstring(row).itertext()) for row in rows]


def test_a_prefix_of_the_mapping_stands_for_its_uri_whatever_the_export_calls_it() -> None:
    rows = found(NAMESPACED, "/e:E/e:Row", namespaces={"e": "urn:erp:1"})

    assert local_texts(rows) == ["A"]


def test_uris_that_mean_the_same_are_read_alike() -> None:
    rows = found(NAMESPACED, "/e:E/e:Row", namespaces={"e": ["urn:erp:1", "urn:erp:2"]})

    assert [etree.fromstring(row).tag for row in rows] == ["{urn:erp:1}Row"] * 2
    assert local_texts(rows) == ["A", "B"]


def test_a_name_without_prefix_means_no_namespace() -> None:
    assert found(NAMESPACED, "/E/Row") == []


def test_ignored_namespaces_leave_bare_names_everywhere() -> None:
    known = names("ignore")
    given = elements(opened(NAMESPACED), [record_path("/E/Row", known)], Reader(known))

    seen = [(row.attrib, [inner.tag for inner in row.iter()]) for _, row in given]

    assert [(dict(attributes), tags) for attributes, tags in seen] == [
        ({"id": "1", "{http://www.w3.org/XML/1998/namespace}lang": "de"}, ["Row", "Sku"]),
        ({}, ["Row", "Sku"]),
        ({}, ["Row"]),
    ]


@pytest.mark.parametrize("size", [1, 3, 1 << 16])
@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Größe 42 € 钻"),
        ("utf-16", "Größe 42 € 钻 𝄞"),
        ("iso-8859-1", "Größe"),
        ("iso-8859-15", "Größe 42 €"),
        ("windows-1252", "„Größe“ €"),
        ("koi8-r", "Дрель ударная"),
        ("gb18030", "钻头 €"),
        ("shift_jis", "電動ドリル"),
    ],
)
def test_text_comes_out_of_any_encoding_as_it_was_meant(
    monkeypatch: pytest.MonkeyPatch, encoding: str, text: str, size: int
) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", size)
    document = f'<?xml version="1.0" encoding="{encoding}"?><E><Row>{text}</Row></E>'

    assert found(document.encode(encoding), "/E/Row") == [f"<Row>{text}</Row>"]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")],
    ids=["utf-8", "utf-16-le", "utf-16-be"],
)
def test_a_byte_order_mark_tells_the_encoding(mark: bytes, encoding: str) -> None:
    document = mark + "<E><Row>Größe</Row></E>".encode(encoding)

    assert found(document, "/E/Row") == ["<Row>Größe</Row>"]


def test_entities_of_the_internal_subset_are_part_of_the_text() -> None:
    document = b"""<!DOCTYPE E [
      <!ENTITY firm "Co &#38;#38; Sons">
    ]><E><Row>by &firm; since 1900</Row></E>"""

    assert found(document, "/E/Row") == ["<Row>by Co &amp; Sons since 1900</Row>"]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE E [<!ENTITY secret SYSTEM "{file}">]>',
        '<!DOCTYPE E [<!ENTITY secret PUBLIC "-//x" "{file}">]>',
        '<!DOCTYPE E SYSTEM "{dtd}">',
        '<!DOCTYPE E [<!ENTITY % all SYSTEM "{dtd}"> %all;]>',
    ],
    ids=["entity", "public entity", "DTD", "parameter entity"],
)
def test_no_other_file_is_read_for_an_export(tmp_path: Path, doctype: str) -> None:
    secret, dtd = tmp_path / "secret.txt", tmp_path / "export.dtd"
    secret.write_text("the-marked-text")
    dtd.write_text('<!ENTITY secret "the-marked-text"><!ATTLIST Row kind CDATA "the-marked-text">')
    head = doctype.format(file=secret.as_uri(), dtd=dtd.as_uri())
    known = names({})
    export = opened(f"{head}<E><Row>1</Row><Row>a &secret; b</Row></E>".encode())
    seen: list[bytes] = []

    with pytest.raises(ExportError) as refused:
        seen.extend(
            etree.tostring(row)
            for _, row in elements(export, [record_path("/E/Row", known)], Reader(known))
        )

    assert b"marked" not in b"".join(seen)
    assert "marked" not in str(refused.value)


def test_an_external_dtd_that_no_entity_asks_for_is_left_alone() -> None:
    document = b'<!DOCTYPE E SYSTEM "http://127.0.0.1:9/export.dtd"><E><Row>1</Row></E>'

    assert found(document, "/E/Row") == ["<Row>1</Row>"]


def test_entities_that_multiply_are_refused() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    document = f'<!DOCTYPE E [<!ENTITY e0 "lol">{entities}]><E><Row>&e11;</Row></E>'

    with pytest.raises(ExportError, match="not well-formed"):
        found(document.encode(), "/E/Row")


def test_a_text_beyond_the_parsers_limit_is_only_read_where_huge_is_allowed() -> None:
    text = "x" * 10_000_001
    document = f"<E><Row>{text}</Row></E>".encode()

    with pytest.raises(ExportError):
        found(document, "/E/Row")

    assert found(document, "/E/Row", huge=True) == [f"<Row>{text}</Row>"]


@pytest.mark.parametrize(
    ("document", "line", "words"),
    [
        (b"", 1, "the export is empty"),
        (b"\n\n", 3, "the export is empty"),
        (b"sku;name\nA1;Drill\n", 1, "'<' not found"),
        (b"PK\x03\x04", 1, "a zip archive"),
        (b"<E>\n<Row>\n</E>", 3, "Row line 2"),
        (b"<E>\n  <Row>&nbsp;</Row></E>", 2, "nbsp"),
        (b"<E>\n<Row/></E>\n<E/>", 3, "Extra content"),
        (b"<E>\n<Row>\xff\xfe</Row></E>", 2, "encoding"),
        (b'<?xml version="1.0" encoding="nonsense"?><E/>', 1, "nonsense"),
    ],
    ids=[
        *("empty", "blank", "CSV", "zip", "wrong end tag", "HTML entity"),
        *("two roots", "wrong bytes", "unknown encoding"),
    ],
)
def test_what_is_no_xml_is_refused_with_line_and_column(
    document: bytes, line: int, words: str
) -> None:
    with pytest.raises(ExportError) as refused:
        found(document, "/E/Row")

    assert re.fullmatch(rf"export\.xml:{line}:[1-9]\d*", refused.value.where)
    assert words in refused.value.what


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_a_recovering_parser_reads_on_and_notes_each_repair(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", size)
    export = opened(b"<E>\n<Row>a & b</Row>\n<Row>&nbsp;2</Row>\n<Row>3\x01</Row>\n&</E>")
    known = names({})
    reading = Reader(known, recover=True)

    rows = [row.text for _, row in elements(export, [record_path("/E/Row", known)], reading)]

    assert rows == ["a & b", "\xa02", "3"]
    places = [re.sub(r":\d+: .*", "", repair) for repair in export.repairs]
    assert places == ["export.xml:2", "export.xml:3", "export.xml:4", "export.xml:5"]


@pytest.mark.parametrize(
    ("mistakes", "count", "left"),
    [
        ("&", 20, None),
        ("&", 21, "1"),
        ("&", 1000, "980"),
        ("\x01", 20, None),
        ("\x01", 21, "1"),
        ("\x01", 1000, "80 or more"),
        ("&\x01", 21, "1"),
        ("&\x01", 1000, "580 or more"),
    ],
)
def test_the_first_repairs_are_noted_each_and_the_others_by_their_number(
    mistakes: str, count: int, left: str | None
) -> None:
    rows = "".join(f"<Row>{mistakes[n % len(mistakes)]}</Row>\n" for n in range(count))
    export = opened(f"<E>\n{rows}</E>".encode())
    reading = Reader(names({}), recover=True)

    for _ in elements(export, [record_path("/E/Row", reading.names)], reading):
        pass

    *first, last = [*export.repairs, ""] if left is None else export.repairs
    places = [int(repair.split(":")[1]) for repair in first]
    assert places == list(range(2, 22))
    more = f"export.xml: {left} further repairs; have the ERP write well-formed XML"
    assert last == ("" if left is None else more)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("text", ["x &amp; y", "x & y", "<![CDATA[>]]>"])
def test_a_recovering_parser_refuses_a_file_cut_at_any_byte(encoding: str, text: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = f"{head}\n<E><Head a='>'/><Row>{text}</Row><!-- > --><Row/></E>"
    document = text.encode(encoding)

    for end in range(len(document)):
        if encoding == "utf-16" and document[:end].endswith(b">"):
            continue  # half of it: the other byte is 0, which counts as blank
        with pytest.raises(ExportError):
            found(document[:end], "/E/Row", recover=True)

    assert len(found(document, "/E/Row", recover=True)) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("count", [1, 99, 100, 500])
@pytest.mark.parametrize(
    "tail",
    [
        pytest.param("", id="cut behind a record"),
        pytest.param("<Row", id="cut in a tag"),
        pytest.param("<Row>b</Row></E><E/>", id="a second root"),
        pytest.param("<Row>b</Row></E>b", id="text behind the root"),
        pytest.param("<a>" * 300 + "</a>" * 300 + "<Row>b</Row></E>", id="too deep"),
    ],
)
def test_a_recovering_parser_misses_no_end_behind_many_mistakes(
    tail: str, count: int, encoding: str
) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?><E>'
    mistakes = "<Row>a\x01</Row>" * count

    with pytest.raises(ExportError):
        found((head + mistakes + tail).encode(encoding), "/E/Row", recover=True)

    whole = f"{head}{mistakes}<Row>b</Row></E>\n<!-- written by the ERP -->\n"
    assert len(found(whole.encode(encoding), "/E/Row", recover=True)) == count + 1


def test_a_recovering_parser_refuses_what_runs_on_behind_the_root() -> None:
    with pytest.raises(ExportError, match="runs on behind its end") as refused:
        found(b"<E><Row/></E>\n<E/>", "/E/Row", recover=True)

    assert refused.value.where.startswith("export.xml:2:")


def test_the_rest_of_the_file_is_not_read_when_nobody_asks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", 16)
    stream = io.BytesIO(b"<E><Row>1</Row>" + b" " * 1000 + b"</Wrong>")
    known = names({})
    rows = elements(ExportFile("e.xml", stream), [record_path("/E/Row", known)], Reader(known))

    number, row = next(rows)

    assert (number, row.text) == (0, "1")
    assert stream.tell() < 100


@pytest.mark.parametrize("path", ["/E/Rows/Row", "//Row", "/E/Rows[@open='yes']/Row"])
def test_what_was_read_does_not_stay_in_the_tree(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr("erp2pim.source.reader._PIECE", 1000)
    rows = b"<Other><Note>x</Note></Other><!-- y --><Row><Sku>1</Sku></Row>" * 1000
    document = b"<E><Head/><Rows open='yes'>" + rows + b"</Rows></E>"
    known = names({})
    most = 0

    for _, row in elements(opened(document), [record_path(path, known)], Reader(known)):
        most = max(most, sum(1 for _ in row.getroottree().iter()))

    assert most < 200
