import json
import socket
from http.client import HTTPResponse
from pathlib import Path

import pytest
import requests

from erp2pim.sandbox import Sandbox, serve
from tests.sandbox.visitor import PNG, Visitor, cell, errors


def test_the_demo_catalogue_takes_a_product_of_each_type(visitor: Visitor) -> None:
    visitor.put("products", {"identifier": "a", "family": "tools", "categories": ["drills"]})
    visitor.set(
        "a",
        ean="4001234567890",
        brand="x",
        weight={"amount": 1, "unit": "KILOGRAM"},
        power={"amount": 1, "unit": "WATT"},
        price=[{"amount": 1, "currency": "EUR"}],
        color="red",
        materials=["steel"],
        released="2024-01-01",
        pieces=1,
        rating=4.5,
        in_stock=True,
        size="m",
    )
    assert len(visitor.get("products/a")["values"]) == 13
    assert visitor.codes("channels") == ["ecommerce", "print"]
    assert {"X_SELL", "UPSELL", "PACK", "SET"} == set(visitor.codes("association-types"))


def test_a_catalogue_of_ones_own_can_be_given() -> None:
    catalog = {"attributes": [{"code": "ref", "type": "pim_catalog_identifier"}]}
    with serve(catalog=catalog) as pim:
        visitor = Visitor(pim)
        visitor.put("products", {"identifier": "a"})
        assert visitor.get("products/a")["values"] == {"ref": [cell("a")]}


def test_units_of_a_catalogue_may_be_a_list_and_its_groups_be_left_out() -> None:
    weight = {"code": "Weight", "standard_unit_code": "GRAM", "units": [{"code": "GRAM"}]}
    catalog = {
        "attributes": [{"code": "ref", "type": "pim_catalog_identifier", "group": "base"}],
        "measurement_families": [weight],
    }
    with serve(catalog=catalog) as pim:
        visitor = Visitor(pim)
        attribute = {"code": "mass", "type": "pim_catalog_metric", "group": "base"}
        units = {"metric_family": "Weight", "default_metric_unit": "GRAM"}
        numbers = {"decimals_allowed": True, "negative_allowed": False}
        visitor.put("attributes", {**attribute, **units, **numbers})
        visitor.put("products", {"identifier": "a"})
        visitor.set("a", mass={"amount": 1, "unit": "gram"})
        assert visitor.get("products/a")["values"]["mass"][0]["data"]["unit"] == "GRAM"


def test_a_catalogue_with_something_that_has_no_code_is_refused() -> None:
    with (
        pytest.raises(ValueError, match="families: an item of the catalogue has no code"),
        serve(catalog={"families": [{}]}),
    ):
        pass


def test_what_arrived_can_be_looked_at(pim: Sandbox, visitor: Visitor) -> None:
    visitor.put("products", {"identifier": "a"}, {"identifier": "b"})
    visitor.put("products", {"identifier": "a", "family": "tools"})
    visitor.put("families", {"code": "tools"})
    visitor.get("channels")
    assert pim.batches == [2, 1]
    assert (pim.requests, pim.patch_requests) == (5, 3)  # with that for the token
    assert list(pim.products) == ["a", "b"]
    assert pim.products["a"] == visitor.get("products/a")


def test_lines_can_be_refused_by_identifier(pim: Sandbox, visitor: Visitor) -> None:
    pim.refuse["a"] = "not today"
    refused, done = visitor.batch("products", {"identifier": "a"}, {"identifier": "b"})
    assert (refused["status_code"], refused["message"]) == (422, "Validation failed.")
    assert errors(refused) == [("values", "not today")]
    assert done["status_code"] == 201
    pim.refuse.clear()
    assert visitor.set("a")["status_code"] == 201


def test_many_requests_go_over_one_connection(pim: Sandbox, visitor: Visitor) -> None:
    visitor.log_in()
    token = visitor.tokens["access_token"]
    request = (
        f"GET /api/rest/v1/channels HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    )
    host, port = pim.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        for _ in range(3):
            connection.sendall(request.encode())
            answer = HTTPResponse(connection)
            answer.begin()
            assert b"ecommerce" in answer.read()


def test_a_client_that_waits_for_leave_gets_it(pim: Sandbox) -> None:
    host, port = pim.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            b"POST /api/oauth/v1/token HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
            b"Content-Length: 2\r\nContent-Type: application/json\r\n\r\n"
        )
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert connection.recv(1000).startswith(b"HTTP/1.1 422 UNPROCESSABLE ENTITY\r\n")


def test_connections_end_with_the_sandbox() -> None:
    with serve() as pim:
        visitor = Visitor(pim)
        visitor.log_in()
    with pytest.raises(requests.ConnectionError):
        visitor.get("channels")


def test_the_port_can_be_chosen_and_is_free_again_afterwards() -> None:
    with serve() as pim:
        port = int(pim.url.rpartition(":")[2])
        with pytest.raises(OSError, match="Address already in use"), serve(port=port):
            pass
    with serve(port=port) as again:
        assert again.url == pim.url


def test_every_request_can_be_made_to_wait() -> None:
    with serve(latency_s=0.2) as pim:
        assert Visitor(pim).grant().elapsed.total_seconds() >= 0.2


@pytest.mark.parametrize("path", ["products", "products-uuid"])
def test_an_unexpected_method_is_answered_with_those_that_are_known(
    visitor: Visitor, path: str
) -> None:
    answer = visitor.send("DELETE", path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST, PATCH")


def test_what_was_told_outlives_the_sandbox_in_a_file(tmp_path: Path) -> None:
    file = str(tmp_path / "pim.sqlite")
    target = {"identifier": "a", "attribute": "picture", "locale": None, "scope": None}
    with serve(database=file) as pim:
        visitor = Visitor(pim)
        visitor.put("attributes/color/options", {"code": "pink"})
        visitor.put("categories", {"code": "x", "parent": "tools"})
        visitor.put(
            "families/clothing/variants",
            {
                "code": "by_color",
                "variant_attribute_sets": [{"level": 1, "axes": ["color"]}],
            },
        )
        visitor.put("product-models", {"code": "m", "family_variant": "by_color"})
        visitor.put(
            "products",
            {"identifier": "a", "categories": ["x"]},
            {"identifier": "b", "parent": "m", "values": {"color": [cell("pink")]}},
            {"identifier": "c"},
        )
        links = {"X_SELL": {"products": ["b"]}}
        visitor.put("products", {"identifier": "a", "associations": links})
        assert visitor.upload(PNG, product=json.dumps(target)).status_code == 201
        assert visitor.send("DELETE", "products/c").status_code == 204
        before = without_host(pim)
        models = visitor.get("product-models/m")
    with serve(database=file) as pim:
        visitor = Visitor(pim)
        assert without_host(pim) == before
        assert visitor.get("product-models/m") == models
        code = visitor.value("a", "picture")
        assert visitor.send("GET", f"media-files/{code}/download").content == PNG
        assert visitor.get("categories/x")["parent"] == "tools"
        clash = {"identifier": "d", "parent": "m", "values": {"color": [cell("pink")]}}
        assert visitor.batch("products", clash)[0]["status_code"] == 422


def test_what_was_answered_is_in_the_file_also_when_the_sandbox_is_killed_then(
    tmp_path: Path,
) -> None:
    left = tmp_path / "left"
    left.mkdir()
    with serve(database=str(tmp_path / "pim.db")) as pim:
        visitor = Visitor(pim)
        visitor.put("categories", {"code": "x", "parent": "tools"})
        visitor.put("products", {"identifier": "a"}, {"identifier": "b"})
        assert visitor.send("DELETE", "products/b").status_code == 204
        for file in tmp_path.glob("pim.db*"):
            (left / file.name).write_bytes(file.read_bytes())
    with serve(database=str(left / "pim.db")) as pim:
        assert list(pim.products) == ["a"]
        assert Visitor(pim).get("categories/x")["parent"] == "tools"


def without_host(pim: Sandbox) -> str:
    return json.dumps(pim.products).replace(pim.url, "")
