"""Paths that say which elements of an export are meant."""

import pytest
from lxml import etree

from erp2pim.mapping.names import names
from erp2pim.mapping.recordpath import record_path
from tests.unit.mapping.mapped import faults, written

EXPORT = etree.fromstring(
    "<Export mode='full'>"
    "<Items kind='new'><Item no='1' type='x'/><Item no='2'/></Items>"
    "<Items><Group><Item no='3' type='x'><Item no='4'/></Item></Group></Items>"
    "<Item no='5'/>"
    "</Export>"
)


@pytest.mark.parametrize(
    ("path", "numbers"),
    [
        pytest.param("/Export/Items/Item", "12", id="place"),
        pytest.param("/Export/Item", "5", id="the same name elsewhere"),
        pytest.param("//Item", "12345", id="anywhere"),
        pytest.param("/Export//Group/Item", "3", id="anywhere in between"),
        pytest.param("//Items//Item", "1234", id="anywhere twice"),
        pytest.param("//Item/Item", "4", id="inside its own kind"),
        pytest.param("/*/*/Item", "12", id="any names above"),
        pytest.param("/Export/Items/Item[@type='x']", "1", id="predicate"),
        pytest.param("/Export/Items/Item[not(@type)]", "2", id="negative predicate"),
        pytest.param("//Item[@type='x'][@no > 1]", "3", id="two predicates"),
        pytest.param("/Export/Items[@kind='new']/Item", "12", id="predicate above"),
        pytest.param("/Export[@mode='delta']/Items/Item", "", id="predicate that does not hold"),
        pytest.param("/Items/Item", "", id="another root"),
        pytest.param("/Export/Items/Nothing", "", id="another name"),
    ],
)
def test_a_record_path_means_what_xpath_means(path: str, numbers: str) -> None:
    compiled = record_path(path, names({}))

    found = [item.get("no", "?") for item in EXPORT.iter("*") if compiled.fits(item)]

    assert "".join(found) == numbers


def test_a_place_is_one_whatever_the_predicates_say() -> None:
    compiled = record_path("/Export/Items/Item[@type='x']", names({}))

    found = [item.get("no", "?") for item in EXPORT.iter("*") if compiled.stands(item)]

    assert found == ["1", "2"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("Items/Item", "'Items/Item' is not an absolute path of names"),
        ("/Export/Items/..", "'/Export/Items/..' is not an absolute path of names"),
        ("/Export/(A|B)", "'/Export/(A|B)' is not an absolute path of names"),
        ("/Export/Items/Item[1]", "[1] asks for a position"),
        ("/Export/Items/Item[last()]", "[last()] asks for a position"),
        ("/Export/Items[position() = 2]/Item", "[position() = 2] asks for a position"),
        ("/Export/Items/Item/@no", "'/Export/Items/Item/@no' must end in an element"),
        ("/Export/Items/Item[@no=]", "'@no=' is no XPath: Invalid expression at its end"),
        ("/Export/e:Items", "unknown namespace prefix 'e'; known are none"),
        ("/", "'/' is not an absolute path of names"),
        ("", "'' is not an absolute path of names"),
    ],
)
def test_what_cannot_be_told_while_reading_on_is_a_fault(path: str, message: str) -> None:
    mapping = written().replace("record: /Export/Item", f'record: "{path}"')

    (fault,) = faults(mapping)

    assert fault.startswith(f"5:11: {message}")


def test_a_header_path_is_absolute_too_and_may_end_in_an_attribute() -> None:
    header = "header: {a: /Export/@mode, b: Header/Currency, c: /@mode}"

    found = faults(written(source=header))

    assert [fault.partition(" is ")[0].partition(" must")[0] for fault in found] == [
        "6:33: 'Header/Currency'",
        "6:53: '/@mode'",
    ]
