"""What people keep in the PIM is left to them where the mapping says so."""

import json
from typing import Any

import pytest
import requests

from erp2pim.sandbox import CLIENT_ID, PASSWORD, SECRET, USERNAME, Sandbox
from tests.support.desk import Desk, item

MAPPING = """\
version: 1
source: {record: /Export/Items/Item}
products:
  identifier: Sku
  categories: {path: Category, owner: add}
  values:
    name: {path: Name, locale: en_US, type: text, owner: pim}
    brand: {path: Brand, type: text, owner: report}
    price: {path: Price, currency: {value: EUR}, type: price, owner: add}
"""
MAPPING_OF_A_PRICE = """\
version: 1
source: {record: /Export/Items/Item}
products:
  identifier: Sku
  values:
    price: {path: Price, currency: Currency, owner: add}
"""


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.mapping.write_text(MAPPING, encoding="utf-8")
    return desk


def edit(pim: Sandbox, identifier: str, body: dict[str, Any]) -> None:
    """Change a product as a person would."""
    login = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}
    answer = requests.post(
        f"{pim.url}/api/oauth/v1/token", json=login, auth=(CLIENT_ID, SECRET), timeout=5
    )
    done = requests.patch(
        f"{pim.url}/api/rest/v1/products/{identifier}",
        json=body,
        headers={"Authorization": f"Bearer {answer.json()['access_token']}"},
        timeout=5,
    )
    assert done.status_code == 204


def data(pim: Sandbox, identifier: str, attribute: str) -> Any:  # noqa: ANN401  as stored
    cells = pim.products[identifier]["values"].get(attribute, [])
    return cells[0]["data"] if cells else None


def cell(data: object, locale: str | None = None) -> list[dict[str, object]]:
    return [{"locale": locale, "scope": None, "data": data}]


def test_an_owned_value_is_filled_once_and_then_left_alone(desk: Desk, pim: Sandbox) -> None:
    desk.sync(desk.export([item("A", Name="Drill")]))
    edit(pim, "A", {"values": {"name": cell("Edited", "en_US")}})

    told = desk.sync(desk.export([item("A", Name="Drill II")]))

    assert data(pim, "A", "name") == "Edited"
    assert (told["unchanged"], told["patch_requests"]) == (1, 0)


def test_what_the_erp_clears_is_cleared_beside_what_people_own(desk: Desk, pim: Sandbox) -> None:
    desk.change_mapping(
        "    brand:", "    pieces: {path: Pieces, type: number, empty: clear}\n    brand:"
    )
    desk.sync(desk.export([item("A", Name="Drill", Pieces="5")]))

    desk.sync(desk.export([item("A", Name="Drill II", Pieces="")]))

    assert (data(pim, "A", "name"), data(pim, "A", "pieces")) == ("Drill", None)


def test_what_people_own_is_never_cleared(desk: Desk, pim: Sandbox) -> None:
    desk.change_mapping("owner: pim", "empty: clear, owner: pim")
    first = desk.sync(desk.export([item("A", Name="")]))
    edit(pim, "A", {"values": {"name": cell("Edited", "en_US")}})

    told = desk.sync(desk.export([item("A", Name="", Brand="X")]))

    assert (first["created"], told["patch_requests"]) == (1, 0)
    assert data(pim, "A", "name") == "Edited"


def test_an_owned_value_is_filled_while_it_is_empty(desk: Desk, pim: Sandbox) -> None:
    desk.sync(desk.export([item("A", Name="")]))

    desk.sync(desk.export([item("A", Name="Drill")]))

    assert data(pim, "A", "name") == "Drill"


def test_a_reported_value_is_never_written(desk: Desk, pim: Sandbox) -> None:
    told = desk.sync(desk.export([item("A", Brand="Nordhand")]))

    assert data(pim, "A", "brand") is None
    assert 'A: brand: the PIM has null, the ERP "Nordhand"' in told["warnings"]


def test_added_lists_keep_what_people_put_there(desk: Desk, pim: Sandbox) -> None:
    desk.sync(desk.export([item("A", Category="drills", Price="1")]))
    edit(pim, "A", {"categories": ["drills", "saws"]})
    both = [{"amount": "1", "currency": "EUR"}, {"amount": "9", "currency": "USD"}]
    edit(pim, "A", {"values": {"price": cell(both)}})

    desk.sync(desk.export([item("A", Category="garden", Price="2")]))

    assert pim.products["A"]["categories"] == ["drills", "garden", "saws"]
    assert data(pim, "A", "price") == [
        {"amount": "2.00", "currency": "EUR"},
        {"amount": "9.00", "currency": "USD"},
    ]


def test_nothing_is_read_where_nothing_owned_would_change(desk: Desk, pim: Sandbox) -> None:
    export = desk.export([item("A", Name="Drill")])
    desk.sync(export)

    assert desk.sync(export)["requests"] == 0
    assert pim.products["A"]["identifier"] == "A"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("owner: pim", "owner: add", "owner: add is for lists"),
        ("{path: Category, owner: add}", "{path: Category, owner: report}", "owner: report is for"),
        ("products:\n", "products:\n  family: {path: G, owner: add}\n", "the owner of family is"),
        (
            "{path: Name, locale: en_US, type: text, owner: pim}",
            "[{path: N, locale: en_US, owner: pim}, {path: N, locale: de_DE, owner: erp}]",
            "mapping.yaml:7:82: two owners for name, pim and erp",
        ),
    ],
)
def test_an_owner_that_cannot_be_is_a_fault(desk: Desk, old: str, new: str, message: str) -> None:
    desk.change_mapping(old, new)

    told = desk.run("diff", desk.export([item("A")]))

    assert told.code == 2
    assert message in told.err


def test_a_list_is_known_by_the_type_that_the_pim_has(desk: Desk) -> None:
    structure = {"attributes": [{"code": "price", "type": "pim_catalog_price_collection"}]}
    (desk.folder / "structure.json").write_text(json.dumps(structure), encoding="utf-8")
    desk.mapping.write_text(MAPPING_OF_A_PRICE, encoding="utf-8")

    assert desk.run("check").code == 0
