"""Whatever an export holds: it can be looked at, and what is proposed for it is a mapping."""

import io
import re
import tempfile
from copy import deepcopy
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from erp2pim.config.mappingfile import load_mapping
from erp2pim.errors import ExportError
from erp2pim.report.text import fit
from erp2pim.source.files import ExportFile
from erp2pim.structure import to_text
from erp2pim.survey.lines import survey_json, survey_lines
from erp2pim.survey.mappingtext import mapping_text
from erp2pim.survey.proposal import propose
from tests.survey.exports import looked_at
from tests.survey.structures import PIM
from tests.unit.mapping.mapped import become

TELLING = (
    "Sku Name Title_de TitleEn Description Price Currency Weight Unit EAN Brand Category Family "
    "Feature Value Type Language lang id Row Cell Data Image Active Colour and div Код Ид n·o"
)
HOSTILE = (
    *(
        "a\nb: c",
        "# x",
        "' \" }",
        "{{",
        "${HOME}",
        "- a",
        "%A",
        "&a *b",
        "|",
        "null",
        "~",
        "\u2028",
    ),
    *(
        "12,5 kg",
        "EUR 3.50",
        "1.234,5",
        "0000-00-00",
        "31.12.2026",
        "J",
        "N",
        "D",
        "E",
        "EUR",
        "kg",
    ),
    *("4006381333931", "<b>x</b>", "\u202egnol", "\ufffd", "x" * 400, "]]>", "a.b.c", "//x[1]"),
)
NAMES = st.sampled_from(TELLING.split()) | st.text("abzAZ_éЯ", min_size=1, max_size=3).map(
    lambda text: f"n{text}-1."
)
TEXTS = st.sampled_from(HOSTILE) | st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"
    ),
    max_size=12,
)
ATTRIBUTES = st.dictionaries(NAMES, TEXTS, max_size=2)


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> etree._Element:
    """Give an element with some texts, attributes and elements inside."""
    uri = draw(st.sampled_from(["", "", "", "{urn:a}", "{urn:b}"]))
    element = etree.Element(f"{uri}{draw(NAMES)}")
    for name, text in draw(ATTRIBUTES).items():
        element.set(name, text)
    if depth == 0 or draw(st.booleans()):
        element.text = draw(TEXTS)
        return element
    for child in draw(st.lists(elements(depth - 1), max_size=4)):
        element.extend(copies(child, 1 + draw(st.booleans())))
    return element


def copies(element: etree._Element, number: int) -> list[etree._Element]:
    """Give an element so many times."""
    return [deepcopy(element) for _ in range(number)]


@st.composite
def exports(draw: st.DrawFn) -> bytes:
    """Give an export with records of one shape or several."""
    root = etree.Element("Export")
    for child in draw(st.lists(elements(), min_size=1, max_size=3)):
        again = draw(st.integers(1, 3))
        root.extend(copies(child, again))
    return etree.tostring(root, encoding="utf-8")


@settings(max_examples=25)
@given(exports(), st.booleans())
def test_whatever_is_proposed_passes_the_check(xml: bytes, knows_pim: bool) -> None:  # noqa: FBT001
    found = looked_at(xml)
    try:
        text = mapping_text(propose(found, PIM if knows_pim else None))
    except ExportError:
        return

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "mapping.yaml")
        file.write_text(text, encoding="utf-8")
        if knows_pim:
            file.with_name("structure.json").write_text(to_text(PIM), encoding="utf-8")
        mapping = load_mapping(file)
        became = become(mapping, ExportFile("export.xml", io.BytesIO(xml)))
    assert len(became) == found.records


def test_lists_languages_and_what_was_left_out_are_told() -> None:
    feature = "".join(f"<F><Name>n{n}</Name><Value>1</Value></F>" for n in range(14))
    crowd = "".join(f"<x{n}/>" for n in range(5_000))
    item = f"<Item><Sku>1</Sku>{feature}<T lang='D'>a</T><T lang='E'>b</T><H>a <b>b</b></H></Item>"
    found = looked_at(f"<Export xmlns='urn:e'>{item}{crowd}</Export>")

    lines = list(survey_lines(found))

    assert lines[1] == "  namespace (default): urn:e"
    assert re.fullmatch(
        r"  too many paths: \d+ elements and attributes were not looked at", lines[2]
    )
    assert "  T/@lang: D, E" in lines
    assert lines[lines.index("  F: key Name, value Value") + 1] == (
        "    n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11 … 2 more"
    )
    assert any(re.match(r"  H +1 .* markup +a b$", line) for line in lines)
    assert survey_json(found)["languages"] == [{"path": "T/@lang", "texts": ["D", "E"]}]


@settings(max_examples=25)
@given(exports())
def test_what_is_printed_is_fit_for_a_line(xml: bytes) -> None:
    found = looked_at(xml)

    lines = list(survey_lines(found))

    assert [line for line in lines if fit(line, longest=len(line)) != line] == []
    assert survey_json(found)["records"] == found.records


@settings(max_examples=25)
@given(exports(), st.integers(0, 10_000))
def test_a_cut_export_is_looked_at_up_to_the_cut(xml: bytes, cut: int) -> None:
    found = looked_at(xml[: cut % len(xml)])

    assert found.error is not None
    assert found.elements <= looked_at(xml).elements
