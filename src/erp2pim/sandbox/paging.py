"""Pages of a list, with the links between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from erp2pim.sandbox.refusal import Json, Object, Refusal

MAX_LIMIT: Final = 100
MAX_OFFSET: Final = 10_000
TOO_FAR: Final = (
    'You have reached the maximum number of pages you can retrieve with the "page" pagination '
    "type. Please use the search after pagination type instead"
)
SEARCH_AFTER_PAGE: Final = (
    "http://api.akeneo.com/documentation/pagination.html#the-search-after-method"
)


@dataclass(frozen=True, slots=True)
class Query:
    """The paging parameters of a request.

    Attributes:
        kept: Parameters that the links repeat, in their order.
    """

    kept: Mapping[str, str]
    limit: int
    page: int
    with_count: bool
    after: str | None
    by_cursor: bool


def read(parameters: Mapping[str, str], *, cursor: bool) -> Query:
    """Check the paging parameters; `cursor` says whether the list has `search_after`."""
    kind = parameters.get("pagination_type", "page")
    if kind not in {"page", "search_after"}:
        raise Refusal(422, "Pagination type does not exist.")
    if kind == "search_after" and not cursor:
        raise Refusal(422, "Pagination type is not supported.")
    page, limit = parameters.get("page", "1"), parameters.get("limit", "10")
    count = parameters.get("with_count", "false")
    if not _positive(limit):
        raise Refusal(422, f'"{limit}" is not a valid limit number.')
    if int(limit) > MAX_LIMIT:
        raise Refusal(422, f"You cannot request more than {MAX_LIMIT} items.")
    if kind == "page":
        if not _positive(page):
            raise Refusal(422, f'"{page}" is not a valid page number.')
        if count not in {"true", "false"}:
            raise Refusal(
                422,
                'Parameter "with_count" has to be a boolean. '
                f'Only "true" or "false" allowed, "{count}" given.',
            )
        if cursor and int(page) * int(limit) > MAX_OFFSET:
            raise Refusal(422, TOO_FAR, page=SEARCH_AFTER_PAGE)
    return Query(
        kept=_kept(parameters, kind, count, limit, cursor=cursor),
        limit=int(limit),
        page=int(page) if kind == "page" else 1,
        with_count=count == "true",
        after=parameters.get("search_after"),
        by_cursor=kind == "search_after",
    )


def _positive(text: str) -> bool:
    return text.isascii() and text.isdecimal() and not text.startswith("0")


def _kept(
    parameters: Mapping[str, str], kind: str, count: str, limit: str, *, cursor: bool
) -> Mapping[str, str]:
    given = {
        k: v for k, v in parameters.items() if k not in {"page", "search_after", "access_token"}
    }
    fixed = {"with_count": count, "limit": limit}
    return fixed | {"pagination_type": kind} | given if cursor else fixed | given


def part(query: Query, items: Sequence[tuple[str, Json]]) -> Sequence[tuple[str, Json]]:
    """Give the items of the page that is asked for, of all in order."""
    if query.by_cursor:
        start = 0 if query.after is None else sum(key <= query.after for key, _ in items)
    else:
        start = (query.page - 1) * query.limit
    return items[start : start + query.limit]


def page(query: Query, address: str, items: Sequence[tuple[str, Object]], *, total: int) -> Object:
    """Give one page in the API's form.

    Args:
        query: What was asked.
        address: Absolute address of the list.
        items: The items of this page, each with what it is found by in its own address.
        total: How many items all pages have.
    """
    links: Object = {"self": {"href": _link(query, address, query.page, query.after)}}
    links["first"] = {"href": _link(query, address, 1, None)}
    if not query.by_cursor and query.page > 1:
        links["previous"] = {"href": _link(query, address, query.page - 1, None)}
    if len(items) == query.limit:
        links["next"] = {"href": _link(query, address, query.page + 1, items[-1][0])}
    body: Object = {"_links": links}
    if not query.by_cursor:
        body["current_page"] = query.page
    if query.with_count and not query.by_cursor:
        body["items_count"] = total
    shown = [{"_links": {"self": {"href": f"{address}/{quoted(k)}"}}} | item for k, item in items]
    return body | {"_embedded": {"items": shown}}


def quoted(key: str) -> str:
    """Quote a key for its address as Symfony's router does."""
    return quote(key, safe="/@:;,=+!*|-._~")


def _link(query: Query, address: str, page: int, after: str | None) -> str:
    parameters = dict(query.kept)
    if query.by_cursor:
        parameters |= {"search_after": after} if after is not None else {}
    else:
        parameters = {"page": str(page)} | parameters
    encoded = "&".join(f"{name}={quote(value, safe=':,')}" for name, value in parameters.items())
    return f"{address}?{encoded}"
