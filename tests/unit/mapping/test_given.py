"""What an export gives to all of its records, and by what it is known to have changed."""

from collections import defaultdict

import pytest

from erp2pim.mapping.given import Given, JoinRows, TableRows


def given(**otherwise: str) -> Given:
    said = {"header": "EUR", "key": "K", "value": "v", "parent": "P", "match": "M", "row": "<r/>"}
    said |= otherwise
    return Given(
        header={"currency": said["header"]},
        tables={"group": TableRows({said["key"]: [said["value"]]}, {said["key"]: said["parent"]})},
        joins={"offer": JoinRows(defaultdict(list, {said["match"]: [said["row"].encode()]}))},
    )


def test_exports_that_give_the_same_have_one_digest() -> None:
    assert given().digest() == given().digest()


@pytest.mark.parametrize("name", ["header", "key", "value", "parent", "match", "row"])
def test_whatever_an_export_gives_otherwise_changes_its_digest(name: str) -> None:
    assert given(**{name: "other"}).digest() != given().digest()
