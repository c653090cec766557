"""However the file is cut into pieces, what is read is what stands in the whole tree."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from erp2pim.errors import ExportError
from erp2pim.mapping.names import names
from erp2pim.mapping.recordpath import record_path
from erp2pim.mapping.work import Reader
from erp2pim.source.reader import elements
from tests.support.reading import found, opened, pieces_of

OPENING = [f"<{tag}{kind}>" for tag in ("Row", "Group", "Name") for kind in ("", ' kind="a"')]
TEXTS = ["a", "b", "x > y", " ", "\n", "é€", "<![CDATA[<Row>]]>", "<!-- <Row/> -->", "<Other/>"]
CLOSE = "close"


def written(moves: list[str]) -> str:
    """Give the document that comes of opening elements, closing the last one and writing texts."""
    parts = ["<E>"]
    open_tags: list[str] = []
    for move in moves:
        if move == CLOSE:
            parts.append(open_tags.pop() if open_tags else "")
            continue
        parts.append(move)
        if move in OPENING:
            open_tags.append(f"</{move[1:-1].partition(' ')[0]}>")
    return "".join([*parts, *reversed(open_tags), "</E>"])


moves = st.sampled_from([*OPENING, *TEXTS, *[CLOSE] * 7])
documents = st.lists(moves, max_size=40).map(written)
sizes = st.integers(1, 80)
encodings = st.sampled_from(["utf-8", "utf-16", "iso-8859-15"])


def encoded(document: str, encoding: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{document}'.encode(encoding)


def as_text(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", with_tail=False)


PATHS = [
    *("/E/Row", "/E/Group/Row", "/E/*/Row", "//Row", "//Group/Row", "/E//Row", "//*", "/E"),
    *("/E/Group/Row[@kind='a']", "/E/Group[@kind='a']/Row", "//Row[Name]", "//Row[Row/Name]"),
    *("//Group[@kind='a']//Row", "/E/Row[not(*)]", "/E/Row[.='a']", "//Group/*[@kind]"),
]


@settings(max_examples=600)
@given(path=st.sampled_from(PATHS), document=documents, size=sizes, encoding=encodings)
def test_records_are_those_that_xpath_finds_in_the_whole_tree(
    path: str, document: str, size: int, encoding: str
) -> None:
    raw = encoded(document, encoding)

    expected = [as_text(element) for element in etree.fromstring(raw).xpath(path)]

    with pieces_of(size):
        assert found(raw, path) == expected


@given(
    paths=st.lists(st.sampled_from(PATHS), min_size=2, max_size=3, unique=True),
    document=documents,
    size=sizes,
)
def test_several_paths_are_looked_for_at_once(paths: list[str], document: str, size: int) -> None:
    known = names({})
    tree = etree.fromstring(document)
    hits = [set(tree.xpath(path)) for path in paths]
    expected = [
        (number, as_text(element))
        for element in tree.iter()
        for number, hit in enumerate(hits)
        if element in hit
    ]

    wanted = [record_path(path, known) for path in paths]
    rows = elements(opened(document.encode()), wanted, Reader(known))

    with pieces_of(size):
        assert [(number, as_text(row)) for number, row in rows] == expected


ASKED: list[tuple[str, set[str] | None]] = [
    ("string(../@kind)", {"kind"}),
    ("string(../Name)", {"Name"}),
    ("string(../Name[last()])", {"Name"}),
    ("count(../../Group/Name)", {"Group", "Name"}),
    ("string(../../Name[@kind='a'])", {"Name"}),
    ("string(preceding-sibling::Row[1]/Name)", {"Row", "Name"}),
    ("count(following-sibling::node())", {"following"}),
    ("count(..//Other)", None),
    ("concat(name(..), count(../*), string(../text()[1]))", None),
]


def seen_from(record: etree._Element, ask: str) -> str:
    """Ask a whole tree, of which everything behind the record is taken away."""
    for element in (record, *record.iterancestors()):
        parent = element.getparent()
        for sibling in list(element.itersiblings()):
            assert parent is not None
            parent.remove(sibling)
        element.tail = None
    return str(record.xpath(ask))


@settings(max_examples=600)
@given(asked=st.sampled_from(ASKED), document=documents, size=sizes, encoding=encodings)
def test_a_path_that_leaves_the_record_sees_what_stood_before_it(
    asked: tuple[str, set[str] | None], document: str, size: int, encoding: str
) -> None:
    ask, keep = asked
    raw = encoded(document, encoding)
    known = names({})
    path = "/E/Group/Row"
    count = len(etree.fromstring(raw).xpath(path))
    expected = [seen_from(etree.fromstring(raw).xpath(path)[n], ask) for n in range(count)]

    rows = elements(opened(raw), [record_path(path, known)], Reader(known, keep=keep))

    with pieces_of(size):
        assert [str(row.xpath(ask)) for _, row in rows] == expected


SMALL = """<!DOCTYPE E [<!ENTITY co "Co">]>
<E><Head a="1"/><!-- c --><Row>x&amp;&co;</Row>
<Row><![CDATA[<>]]></Row><Other/></E>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-15"])
def test_a_file_cut_at_any_byte_is_refused(encoding: str) -> None:
    raw = encoded(SMALL, encoding)

    for end in range(len(raw)):
        with pytest.raises(ExportError) as refused:
            found(raw[:end], "/E/Row")
        assert re.fullmatch(r"export\.xml:[1-9]\d*:[1-9]\d*", refused.value.where)

    assert found(raw, "/E/Row") == ["<Row>x&amp;Co</Row>", "<Row>&lt;&gt;</Row>"]


@given(document=documents, size=sizes, data=st.data())
def test_a_cut_file_gives_all_records_or_an_error(
    document: str, size: int, data: st.DataObject
) -> None:
    raw = f"{document}\n <!-- end -->\n".encode()
    end = data.draw(st.integers(0, len(raw)))
    whole = found(raw, "//Row")
    seen: list[str] = []
    known = names({})

    try:
        with pieces_of(size):
            rows = elements(opened(raw[:end]), [record_path("//Row", known)], Reader(known))
            seen.extend(as_text(row) for _, row in rows)
    except ExportError:
        assert seen == whole[: len(seen)]
        assert end < len(raw)
    else:
        assert seen == whole


def test_the_pieces_of_a_large_file_fall_anywhere() -> None:
    rows = [
        f"<Row><Sku>{n}</Sku><Text>{'x' * (1 + n * 7919 % 3000)}</Text></Row>" for n in range(300)
    ]
    raw = f"<E>{''.join(rows)}</E>".encode()

    assert len(raw) > 400_000
    assert found(raw, "/E/Row") == rows
