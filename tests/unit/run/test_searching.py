"""Things of the PIM asked for by their codes, in as few requests as it allows."""

import json
import threading
from urllib.parse import quote

import pytest

from erp2pim.pim import Pim
from erp2pim.run.searching import named
from tests.support.fakepim import CREDENTIALS, Fault, Request, fake_pim

PATH = "/api/rest/v1/products"


def asked(codes: list[str]) -> list[str]:
    """Give the searches that are sent for some codes, each as JSON, encoded for an address."""
    searches: list[str] = []

    def rule(request: Request) -> Fault | None:
        if request.path != PATH:
            return None
        searches.append(request.query["search"])
        return Fault(status=200, body=b'{"_embedded": {"items": []}}')

    with fake_pim() as server:
        server.rule = rule
        pim = Pim(server.url, CREDENTIALS, stop=threading.Event(), sleep=lambda _: None)
        assert list(named(pim, PATH, "identifier", codes)) == []
    return searches


@pytest.mark.parametrize(
    ("codes", "sizes"),
    [
        ([f"p{number}" for number in range(250)], [100, 100, 50]),
        (["ü" * 100 + str(number) for number in range(20)], [6, 6, 6, 2]),
        (["x" * 5000, "y"], [1, 1]),
    ],
    ids=["many", "long", "longer than an address"],
)
def test_codes_are_asked_for_by_the_hundred_as_far_as_an_address_holds_them(
    codes: list[str], sizes: list[int]
) -> None:
    searches = asked(codes)

    blocks = [json.loads(search)["identifier"][0]["value"] for search in searches]
    assert [code for block in blocks for code in block] == codes
    assert [len(block) for block in blocks] == sizes
    assert all(len(quote(search)) < 8000 for search in searches)
