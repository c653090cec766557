"""What a PIM says of itself and of its connection before a night; nothing is written."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from erp2pim.model import Json
from erp2pim.pim import Pim
from erp2pim.run.catalogue import ROOT
from erp2pim.run.pages import page_of
from erp2pim.structure import Difference, Structure, differences, touches

_PAGE = 100
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


def restricted(pim: Pim) -> Iterator[str]:
    """Say which of the first products a change would not reach.

    A user who may edit but does not own them makes drafts, and the batch still answers 204; the
    Enterprise Edition tells by `metadata.workflow_status` (Akeneo, rest-api/permissions).

    Raises:
        PimError: Products cannot be read.
    """
    products = page_of(pim.get(f"{ROOT}/products", {"limit": str(_PAGE)}), f"{ROOT}/products")
    statuses = Counter(status for each in products if (status := _status(each)))
    read_only = statuses.pop(_READ_ONLY, 0)
    drafts = statuses.total() - statuses[_OWN]
    if read_only:
        yield f"{read_only} of the first {len(products)} products may only be read"
    if drafts:
        yield (
            f"{drafts} of the first {len(products)} products would only get a draft, which"
            " somebody must approve: let the connection's user own their categories"
        )


def _status(product: Json) -> str:
    metadata = product.get("metadata") if isinstance(product, Mapping) else None
    status = metadata.get("workflow_status") if isinstance(metadata, Mapping) else None
    return status if isinstance(status, str) else ""
