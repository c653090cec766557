"""Findings of the structure that are no reason to refuse an item."""

import pytest

from erp2pim.mapping.proof import is_made
from erp2pim.place import Place
from erp2pim.structure import Finding


@pytest.mark.parametrize(
    ("attribute", "check", "value", "expected"),
    [
        ("color", "option", "moss", True),
        ("color", "option", "moss, sky", True),
        ("color", "option", "moss, huge", False),
        ("size", "option", "moss", False),
        ("color", "option twice", "moss", False),
    ],
    ids=["one", "all", "one of two", "of another select", "another check"],
)
def test_an_unknown_option_is_no_fault_where_all_that_is_unknown_may_be_made(
    attribute: str, check: str, value: str, *, expected: bool
) -> None:
    found = Finding(Place(attribute, "en_US"), check, "an option", "reject", value)

    assert is_made(found, {"color": {"moss": {}, "sky": {"en_US": "Sky"}}}) is expected
