"""Whatever records become, the options that are made are those that what is sent names."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from erp2pim.model import Body, Duplicates, Item, Json, Options, Origin
from erp2pim.plan.options import key
from erp2pim.plan.spool import open_spool
from tests.support.held import Held, cell

CODES = st.sampled_from(["red", "RED", "moss", "Moss", "01"])
ITEMS = st.lists(st.tuples(st.sampled_from("ABC"), st.lists(CODES, max_size=3)), max_size=8)


def options_of(codes: list[str]) -> Options:
    return {"color": {code: {"en_US": code} for code in codes}} if codes else {}


def entry(number: int, name: str, codes: list[str]) -> Item:
    data: Json = codes
    body: Body = {"values": {"color": [cell(data)], "name": [cell(str(number))]}} if codes else {}
    return Item("product", name, body, Origin("export.xml", number, None), options_of(codes))


@given(items=ITEMS, known=ITEMS, duplicates=st.sampled_from(["first", "last", "merge"]))
def test_an_option_is_made_for_each_unknown_code_that_is_sent_and_for_no_other(
    items: list[tuple[str, list[str]]],
    known: list[tuple[str, list[str]]],
    duplicates: Duplicates,
) -> None:
    held = Held(*(entry(0, name, codes) for name, codes in dict(known).items()))
    with open_spool() as spool:
        for number, (name, codes) in enumerate(items, 1):
            spool.add([(entry(number, name, codes), duplicates)], held)
        spool.settle_duplicates(held)
        spool.settle_options({"color": ["red"]})

        made = [key(option.code) for option in spool.options.all()]
        patches: list[Any] = [change.patch for change in spool.changes()]
        sent = {
            key(code)
            for patch in patches
            for one in patch.get("values", {}).get("color", ())
            for code in one["data"]
            if key(code) != "red"
        }

    assert sorted(made) == sorted(sent)
