"""Pages of a list, with the links between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from erp2pim.sandbox.refusal import Json, Object, Refusal

MAX_LIMIT: Final = 100
MAX_OFFSET: Final = 10_000


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
    page = parameters.get("page", "1")
    if kind == "page" and (not page.isdecimal() or int(page) < 1):
        raise Refusal(422, f'"{page}" is not a valid page number.')
    limit = parameters.get("limit", "10")
    if not limit.isdecimal() or int(limit) < 1:
        raise Refusal(422, f'"{limit}" is not a valid limit number.')
    if int(limit) > MAX_LIMIT:
        raise Refusal(422, f"You cannot request more than {MAX_LIMIT} items.")
    count = parameters.get("with_count", "false")
    if count not in {"true", "false"}:
        raise Refusal(
            422,
            'Parameter "with_count" has to be a boolean. '
            f'Only "true" or "false" allowed, "{count}" given.',
        )
    return Query(
        kept=_kept(parameters, kind, count, limit, cursor=cursor),
        limit=int(limit),
        page=int(page) if page.isdecimal() else 1,
        with_count=count == "true",
        after=parameters.get("search_after"),
        by_cursor=kind == "search_after",
    )


def _kept(
    parameters: Mapping[str, str], kind: str, count: str, limit: str, *, cursor: bool
) -> Mapping[str, str]:
    given = {k: v for k, v in parameters.items() if k not in {"page", "search_after", "access_token"}}
    fixed = {"with_count": count, "limit": limit}
    return fixed | {"pagination_type": kind} | given if cursor else fixed | given


def paginate(query: Query, address: str, keys: Sequence[str], items: Sequence[Object]) -> Object:
    """Give one page in the API's form.

    Args:
        query: What was asked.
        address: Absolute address of the list.
        keys: What each item is found by in its own address, for all items.
        items: The items of this page only.
    """
    links: Object = {"self": {"href": _link(query, address, query.page, query.after)}}
    links["first"] = {"href": _link(query, address, 1, None)}
    if not query.by_cursor and query.page > 1:
        links["previous"] = {"href": _link(query, address, query.page - 1, None)}
    if len(items) == query.limit:
        links["next"] = {"href": _link(query, address, query.page + 1, keys[-1])}
    body: Object = {"_links": links}
    if not query.by_cursor:
        body["current_page"] = query.page
    body["_embedded"] = {
        "items": [
            {"_links": {"self": {"href": f"{address}/{quote(key, safe='')}"}}} | item
            for key, item in zip(keys, items, strict=True)
        ]
    }
    return body


def _link(query: Query, address: str, page: int, after: str | None) -> str:
    parameters: dict[str, str] = dict(query.kept)
    if query.by_cursor:
        parameters |= {"search_after": after} if after is not None else {}
    else:
        parameters = {"page": str(page)} | parameters
    encoded = "&".join(f"{name}={quote(value, safe=':,')}" for name, value in parameters.items())
    return f"{address}?{encoded}"


def slice_of(query: Query, keys: Sequence[str]) -> slice:
    """Say which part of the sorted keys the page holds."""
    if query.by_cursor:
        start = 0 if query.after is None else sum(key <= query.after for key in keys)
        return slice(start, start + query.limit)
    start = (query.page - 1) * query.limit
    return slice(start, start + query.limit)


def cut(items: Sequence[Json], part: slice) -> Sequence[Json]:
    return items[part]
