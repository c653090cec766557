"""Law of the walk: it finds what lxml's XPath finds, in the same order, whatever the record."""

from collections.abc import Sequence

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from lxml import etree

from erp2pim.mapping.context import Context
from erp2pim.mapping.given import Given
from erp2pim.mapping.names import names
from erp2pim.mapping.paths import Walked
from erp2pim.mapping.rules import Condition
from erp2pim.mapping.scope import Scope
from erp2pim.mapping.values import Leaf, Node

URI = "urn:x"
KNOWN = {"locale": "v", "channel": "w"}
TEXTS = st.sampled_from(["v", "w", "", " v", "v/w", "]"])
TAGS = st.sampled_from(["a", "b", f"{{{URI}}}a"])
ATTRIBUTES = st.dictionaries(st.sampled_from(["i", "j", f"{{{URI}}}i"]), TEXTS, max_size=3)
ASIDE = st.sampled_from([etree.Comment, etree.ProcessingInstruction])
NAMES = st.sampled_from(["a", "b", "x:a"])
ATTRIBUTE_NAMES = st.sampled_from(["@i", "@j", "@x:i"])
VARIABLES = st.sampled_from(["$locale", "$channel"])
OTHER_PREDICATES = st.sampled_from(
    ["[1]", "[last()]", "[.='v']", "[not(@i)]", "[b]", "[child::b='v']", "[@i='v'][b='w']"]
)


def _element(
    tag: str, attributes: dict[str, str], text: str, tail: str, children: list[etree._Element]
) -> etree._Element:
    element = etree.Element(tag, attributes)
    element.text, element.tail = text, tail
    element.extend(children)
    return element


def _around(children: st.SearchStrategy[etree._Element]) -> st.SearchStrategy[etree._Element]:
    aside = st.builds(lambda kind: kind("a"), ASIDE)
    inside = st.lists(st.one_of(children, children, aside), min_size=1, max_size=3)
    return st.builds(_element, TAGS, ATTRIBUTES, TEXTS, TEXTS, inside)


LEAVES = st.builds(_element, TAGS, ATTRIBUTES, TEXTS, TEXTS, st.just([]))
ROWS = st.one_of(LEAVES, _around(LEAVES))
RECORDS = _around(st.one_of(ROWS, _around(ROWS)))


@st.composite
def equality(draw: st.DrawFn) -> str:
    """Draw a predicate that compares an attribute or a child with a text."""
    name = draw(st.one_of(NAMES, ATTRIBUTE_NAMES))
    quote = draw(st.sampled_from(["'", '"']))
    blank = draw(st.sampled_from(["", " "]))
    value = draw(st.one_of(TEXTS.map(lambda text: f"{quote}{text}{quote}"), VARIABLES))
    return f"[{blank}{name}{blank}={blank}{value}]"


def _written(name: str) -> str:
    return name.replace(f"{{{URI}}}", "x:")


def _truths(element: etree._Element) -> list[str]:
    """Give equalities that hold of an element."""
    own = [f"@{_written(name)}='{text}'" for name, text in element.attrib.items()]
    below = [f"{_written(str(c.tag))}='{c.xpath('string()')}'" for c in element.iter(etree.Element)]
    return [*own, *below[1:]]


@st.composite
def simple_path(draw: st.DrawFn, record: etree._Element) -> str:
    """Draw a path that is likely to find something in a record."""
    cut: list[str] = []
    at: etree._Element | None = record
    for _ in range(draw(st.integers(1, 3))):
        children = [] if at is None else [c for c in at if isinstance(c.tag, str)]
        at = children[draw(st.integers(0, len(children) - 1))] if children else None
        name = draw(NAMES) if at is None else _written(str(at.tag))
        truths = [] if at is None else [f"[{truth}]" for truth in _truths(at)]
        predicates = st.sampled_from(["", "", *truths])
        cut.append(name + draw(st.one_of(predicates, predicates, equality())))
    if draw(st.integers(0, 2)) == 1:
        cut.append(draw(ATTRIBUTE_NAMES))
    return "/".join(cut)


@st.composite
def any_path(draw: st.DrawFn) -> str:
    """Draw a path that may need more than the walk."""
    predicates = st.one_of(st.just(""), equality(), OTHER_PREDICATES)
    named = st.builds(str.__add__, st.one_of(NAMES, st.just("*")), predicates)
    cut = draw(st.lists(st.one_of(named, named, st.sampled_from([".", ".."])), min_size=1))
    return draw(st.sampled_from(["/", "//"])).join(cut)


@st.composite
def records_with_paths(draw: st.DrawFn) -> tuple[etree._Element, list[str]]:
    record = draw(RECORDS)
    return record, draw(st.lists(simple_path(record), min_size=1, max_size=5))


def _asked(path: str, record: etree._Element) -> list[object]:
    """Give what lxml's XPath finds: elements, and attributes with the element they stand on."""
    found = etree.XPath(path, namespaces={"x": URI})(record, **KNOWN)
    assert isinstance(found, list)
    return [each if isinstance(each, etree._Element) else _leaf(each) for each in found]


def _asked_whether(path: str, record: etree._Element) -> bool:
    return etree.XPath(f"boolean({path})", namespaces={"x": URI})(record, **KNOWN) is True


def _leaf(found: object) -> tuple[object, str]:
    return getattr(found, "getparent")(), str(found)  # noqa: B009  # lxml names the type privately


def _given(nodes: Sequence[Node]) -> list[object]:
    return [(node.owner, node.text) if isinstance(node, Leaf) else node for node in nodes]


def _found(texts: Sequence[str], record: etree._Element) -> tuple[list[list[object]], list[bool]]:
    """Give what paths of one scope find, and whether each holds as a condition."""
    scope = Scope(names({"x": URI}), KNOWN)
    compiled = [scope.path(text) for text in texts]
    conditions = [Condition(scope.condition(text), "mapping.yaml:1") for text in texts]
    here = scope.enter(record, Context(Given(), {}))
    nodes = [_given(path.nodes(here)) for path in compiled]
    return nodes, [condition.holds(here) for condition in conditions]


@given(records_with_paths())
def test_simple_paths_find_what_xpath_finds(
    drawn: tuple[etree._Element, list[str]],
) -> None:
    record, texts = drawn

    found, holds = _found(texts, record)

    event(f"something found: {any(found)}")
    assert found == [_asked(text, record) for text in texts]
    assert holds == [_asked_whether(text, record) for text in texts]


@given(st.one_of(simple_path(etree.Element("a")), simple_path(etree.Element("b"))))
def test_simple_paths_need_no_xpath_engine(text: str) -> None:
    scope = Scope(names({"x": URI}), KNOWN)

    assert isinstance(scope.path(text), Walked)


@given(RECORDS, st.lists(any_path(), min_size=1, max_size=5))
@pytest.mark.slow
def test_any_path_finds_what_xpath_finds(record: etree._Element, texts: list[str]) -> None:
    found, holds = _found(texts, record)

    event(f"something found: {any(found)}")
    assert found == [_asked(text, record) for text in texts]
    assert holds == [_asked_whether(text, record) for text in texts]
