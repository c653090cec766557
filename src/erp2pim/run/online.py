"""What a PIM says of itself and of its connection before a night; nothing is written."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from erp2pim.model import Json
from erp2pim.pim import ROOT, Pim
from erp2pim.plan.spool import Spool
from erp2pim.run.pages import page_of
from erp2pim.run.searching import named
from erp2pim.structure import Difference, Structure, differences, touches

_PRODUCTS = f"{ROOT}/products"
_PAGE = 100
_MOST_PRODUCTS = 1000
_OWN = "working_copy"
_READ_ONLY = "read_only"


def version(pim: Pim) -> str:
    """Give the PIM's version; empty where it does not tell (before 6.0).

    Raises:
        PimError: It cannot be had, or the PIM does not take the credentials.
    """
    information = pim.find(f"{ROOT}/system-information")
    found = information.get("version") if isinstance(information, Mapping) else None
    return "" if found is None else str(found)


def sorted_out(
    known: Structure, now: Structure, rules: Collection[str]
) -> tuple[Sequence[Difference], int]:
    """Give the changes of a PIM that touch the mapping, and how many do not."""
    found = list(differences(known, now))
    touched = [change for change in found if touches(change, rules)]
    return touched, len(found) - len(touched)


def first_products(pim: Pim) -> Sequence[Json]:
    """Give the PIM's first products.

    Raises:
        PimError: Products cannot be read.
    """
    return page_of(pim.get(_PRODUCTS, {"limit": str(_PAGE)}), _PRODUCTS)


def products_of(spool: Spool, pim: Pim) -> Iterator[Json]:
    """Give what the PIM has of a plan's products: of up to a thousand, spread over the plan.

    Raises:
        PimError: Products cannot be read.
    """
    every = -(-spool.counts().get("changed", 0) // _MOST_PRODUCTS) or 1
    named_ = (each.identifier for each in spool.changes() if each.kind == "product")
    yield from named(pim, _PRODUCTS, "identifier", list(islice(named_, 0, None, every)))


def restricted(products: Iterable[Json], which: str) -> Iterator[str]:
    """Say which of some products a change would not reach.

    A user who may edit but does not own them makes drafts, and the batch still answers 204; the
    Enterprise Edition tells by `metadata.workflow_status` (Akeneo, rest-api/permissions).

    Args:
        products: As the PIM gives them.
        which: What they are, with a place for their number.
    """
    statuses = Counter(map(_status, products))
    of = which.format(statuses.total())
    read_only = statuses.pop(_READ_ONLY, 0)
    drafts = statuses.total() - statuses[_OWN] - statuses[""]
    if read_only:
        yield f"{read_only} of {of} may only be read"
    if drafts:
        yield (
            f"{drafts} of {of} would only get a draft, which somebody must approve: let the"
            " connection's user own their categories"
        )


def _status(product: Json) -> str:
    metadata = product.get("metadata") if isinstance(product, Mapping) else None
    status = metadata.get("workflow_status") if isinstance(metadata, Mapping) else None
    return status if isinstance(status, str) else ""
