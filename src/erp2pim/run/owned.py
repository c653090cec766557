"""What people keep in the PIM is read before it could be overwritten."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from urllib.parse import quote

import orjson

from erp2pim.model import Body, Json, identity
from erp2pim.pim import Pim
from erp2pim.plan.change import Change
from erp2pim.plan.owners import Owners, is_touched, reports, respected
from erp2pim.plan.spool import Spool

_BLOCK = 100
# The PIM takes 100 identifiers at once; common web servers take about 8 KB of address.
_LONGEST_SEARCH = 4000


def leave_to_the_pim(spool: Spool, owners: Owners, pim: Pim) -> Iterator[str]:
    """Take out of a plan what the PIM owns, and tell what is only to be reported.

    Raises:
        PimError: The PIM cannot be read.
    """
    touched = (change for change in spool.changes() if is_touched(change, owners))
    while block := list(islice(touched, _BLOCK)):
        held = _held(block, pim)
        for change in block:
            now = held.get(change.key, {})
            spool.rewrite(respected(change, now, owners))
            for part, theirs, ours in reports(change, now, owners):
                both = f"the PIM has {_shown(theirs)}, the ERP {_shown(ours)}"
                yield f"{change.identifier}: {part}: {both}"


def _held(changes: Sequence[Change], pim: Pim) -> Mapping[str, Body]:
    held: dict[str, Body] = {}
    for names in _searches([c.identifier for c in changes if c.kind == "product"]):
        search = {"identifier": [{"operator": "IN", "value": names}]}
        answer = pim.get(
            "/api/rest/v1/products",
            {"search": orjson.dumps(search).decode(), "limit": str(_BLOCK)},
        )
        for product in _items(answer):
            held[identity(str(product["identifier"]))] = product
    for change in changes:
        if change.kind == "product_model":
            model = pim.find(f"/api/rest/v1/product-models/{quote(change.identifier, safe='')}")
            if isinstance(model, Mapping):
                held[change.key] = model
    return held


def _searches(identifiers: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    length = 0
    for name in identifiers:
        size = len(quote(name, safe="")) + len("%22%22%2C")
        if block and length + size > _LONGEST_SEARCH:
            yield block
            block, length = [], 0
        block.append(name)
        length += size
    if block:
        yield block


def _items(answer: Json) -> Iterator[Body]:
    embedded = answer.get("_embedded") if isinstance(answer, Mapping) else None
    items = embedded.get("items") if isinstance(embedded, Mapping) else None
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping):
            yield item


def _shown(data: Json) -> str:
    return orjson.dumps(data).decode()
