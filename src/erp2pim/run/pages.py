"""Lists of the PIM, page by page."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qsl

from erp2pim.errors import PimError
from erp2pim.model import Json
from erp2pim.pim import Pim

_PAGE = {"limit": "100"}


def pages(pim: Pim, path: str) -> Iterator[Json]:
    """Give all members of a list.

    The link to the next page may name a host that only the PIM knows, so that its query alone is
    followed; it is there, too, when nothing follows.

    Raises:
        PimError: The answer is no page, or the pages lead nowhere.
    """
    query: Mapping[str, str] = _PAGE
    asked: set[frozenset[tuple[str, str]]] = set()
    while True:
        asked.add(frozenset(query.items()))
        answer = pim.get(path, query)
        items = page_of(answer, path)
        yield from items
        following = _following(answer)
        if following is None or not items:
            return
        if frozenset(following.items()) in asked:
            raise PimError("the PIM's pages go round in a circle", where=f"GET {path}")
        query = following


def glance(pim: Pim, path: str) -> tuple[Sequence[Json], int]:
    """Give the first hundred members of a list, and how many it has, in one request.

    Raises:
        PimError: The answer is no page, or does not say how many there are.
    """
    answer = pim.get(path, {**_PAGE, "with_count": "true"})
    total = object_of(answer).get("items_count")
    if not isinstance(total, int):
        raise PimError("the PIM does not say how many the list has", where=f"GET {path}")
    return page_of(answer, path), total


def page_of(answer: Json, path: str) -> Sequence[Json]:
    """Give the members of one page of a list.

    Raises:
        PimError: It is no page.
    """
    items = object_of(object_of(answer).get("_embedded")).get("items")
    if not isinstance(items, list):
        raise PimError("the PIM's answer is no page of a list", where=f"GET {path}")
    return items


def object_of(answer: Json) -> Mapping[str, Json]:
    """Give an object of JSON, an empty one for anything else."""
    return answer if isinstance(answer, Mapping) else dict[str, Json]()


def _following(answer: Json) -> Mapping[str, str] | None:
    """Give the query of the next page; None where there is none."""
    link = object_of(object_of(object_of(answer).get("_links")).get("next")).get("href")
    return dict(parse_qsl(link.partition("?")[2])) if isinstance(link, str) else None
