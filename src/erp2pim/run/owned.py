"""What people keep in the PIM is read before it could be overwritten."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from urllib.parse import quote

import orjson

from erp2pim.model import Body, Json, identity
from erp2pim.pim import ROOT, Pim
from erp2pim.plan.change import Change
from erp2pim.plan.owners import Owners, is_touched, reports, respected
from erp2pim.plan.spool import Spool
from erp2pim.run.searching import named

_BLOCK = 100


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
    identifiers = [change.identifier for change in changes if change.kind == "product"]
    for product in named(pim, f"{ROOT}/products", "identifier", identifiers):
        held[identity(str(product["identifier"]))] = product
    for change in changes:
        if change.kind == "product_model":
            model = pim.find(f"{ROOT}/product-models/{quote(change.identifier, safe='')}")
            if isinstance(model, Mapping):
                held[change.key] = model
    return held


def _shown(data: Json) -> str:
    return orjson.dumps(data).decode()
