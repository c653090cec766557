"""What a stage sends of a change, and what is known of it afterwards."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from erp2pim.model import Body, Item, Origin
from erp2pim.plan.change import Change, compared
from erp2pim.plan.stages import Share, Stage
from erp2pim.run.proving import NothingKnown
from tests.support.held import named

LINKS: Body = {"associations": {"X_SELL": {"products": ["B"]}}}
STAGES: Mapping[Share, Stage] = {
    "patch": Stage.PRODUCTS,
    "links": Stage.PRODUCT_LINKS,
    "media": Stage.PRODUCT_MEDIA,
}


def change() -> Change:
    (found,) = compared(
        [Item("product", "A", named("eins"), Origin("e.xml", 1, None))], NothingKnown()
    )
    return replace(found, links=LINKS, media={"media": {"photo": []}})


@pytest.mark.parametrize(("share", "is_new"), [("patch", True), ("links", False), ("media", False)])
def test_an_item_whose_share_is_refused_is_there_once_another_share_was_taken(
    share: Share, *, is_new: bool
) -> None:
    assert STAGES[share].after(change()).is_new is is_new


@pytest.mark.parametrize(
    ("share", "following"), [("patch", "links"), ("links", "media"), ("media", None)]
)
def test_shares_follow_one_another(share: Share, following: Share | None) -> None:
    assert STAGES[share].next(change()) == following
    assert STAGES["patch"].next(replace(change(), links={}, media={})) is None
