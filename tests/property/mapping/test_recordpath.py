"""Law of record paths: in a complete document they mean the elements that XPath finds."""

from hypothesis import event, given
from hypothesis import strategies as st
from lxml import etree

from erp2pim.mapping.names import names
from erp2pim.mapping.recordpath import record_path

TAGS = st.sampled_from(["a", "b", "{urn:x}a"])
ATTRIBUTES = st.dictionaries(st.sampled_from(["i", "j"]), st.sampled_from(["v", "w"]), max_size=2)
NAMES = st.sampled_from(["a", "b", "x:a", "*"])
PREDICATES = st.sampled_from(["", "", "", "[@i='v']", "[@i]", "[not(@j)]", "[b]", "[a='']"])


def _element(
    tag: str, attributes: dict[str, str], children: list[etree._Element]
) -> etree._Element:
    element = etree.Element(tag, attributes)
    element.extend(children)
    return element


def _around(children: st.SearchStrategy[etree._Element]) -> st.SearchStrategy[etree._Element]:
    return st.builds(_element, TAGS, ATTRIBUTES, st.lists(children, min_size=1, max_size=3))


LEAVES = st.builds(_element, TAGS, ATTRIBUTES, st.just([]))
DOCUMENTS = _around(_around(_around(LEAVES)))


@st.composite
def paths(draw: st.DrawFn) -> str:
    steps = draw(st.lists(st.builds(str.__add__, NAMES, PREDICATES), min_size=1, max_size=4))
    return "".join(draw(st.sampled_from(["/", "/", "//"])) + step for step in steps)


@given(DOCUMENTS, paths())
def test_a_record_path_means_what_xpath_finds(root: etree._Element, text: str) -> None:
    path = record_path(text, names({"x": "urn:x"}))

    found = [element for element in root.iter("*") if path.fits(element)]

    event(f"something found: {bool(found)}")
    assert found == root.getroottree().xpath(text, namespaces={"x": "urn:x"})
    assert path.may_start_with(str(root.tag)) or not found
    assert all(path.stands(element) for element in found)
    assert path.tags is None or {str(element.tag) for element in found} <= set(path.tags)
