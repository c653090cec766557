"""Pages of a list, with the links between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from erp2pim.sandbox.php import Json, Object, decode, encode
from erp2pim.sandbox.refusal import Refusal

MAX_LIMIT: Final = 100
MAX_OFFSET: Final = 10_000
NOT_KEPT: Final = frozenset({"page", "access_token"})
REPEATED: Final = ("scope", "search_scope", "locales", "attributes")
SWITCHES: Final = ("with_attribute_options", "with_quality_scores", "with_completenesses")
TOO_FAR: Final = (
    'You have reached the maximum number of pages you can retrieve with the "page" pagination '
    "type. Please use the search after pagination type instead"
)
TOO_FAR_PAGE: Final = "http://api.akeneo.com/documentation/pagination.html#the-search-after-method"


@dataclass(frozen=True, slots=True)
class Query:
    """The paging parameters of a request.

    Attributes:
        kept: Parameters that the links repeat.
        limit: Items a page.
        page: Which page, from 1; with a cursor always 1.
        with_count: Whether the number of all items is wanted.
        after: Key of the last item of the page before; None for the first page.
        by_cursor: Whether pages follow each other by key.
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
    limit, page = parameters.get("limit", "10"), parameters.get("page", "1")
    count = parameters.get("with_count", "false")
    if not _positive(limit):
        raise Refusal(422, f'"{limit}" is not a valid limit number.')
    if int(limit) > MAX_LIMIT:
        raise Refusal(422, f"You cannot request more than {MAX_LIMIT} items.")
    if kind == "page":
        _check_page(page, count)
        if cursor and int(page) * int(limit) > MAX_OFFSET:
            raise Refusal(422, TOO_FAR, page=TOO_FAR_PAGE)
    return Query(
        kept=_kept(parameters, {"with_count": count, "pagination_type": kind, "limit": limit})
        if cursor
        else {"limit": limit, "with_count": count} | _given(parameters),
        limit=int(limit),
        page=int(page) if kind == "page" else 1,
        with_count=kind == "page" and count == "true",
        after=parameters.get("search_after"),
        by_cursor=kind == "search_after",
    )


def _kept(parameters: Mapping[str, str], fixed: Mapping[str, str]) -> Mapping[str, str]:
    """Give what the links of products and models repeat (Akeneo's `ProductController`)."""
    search = decode(parameters.get("search", "[]"))
    return {
        **fixed,
        **({"search": encode(search).decode()} if search else {}),
        **{name: parameters[name] for name in REPEATED if name in parameters},
        **{name: "true" for name in SWITCHES if parameters.get(name) == "true"},
    }


def _given(parameters: Mapping[str, str]) -> dict[str, str]:
    return {name: one for name, one in parameters.items() if name not in NOT_KEPT}


def _check_page(page: str, count: str) -> None:
    if not _positive(page):
        raise Refusal(422, f'"{page}" is not a valid page number.')
    if count not in {"true", "false"}:
        only = f'Only "true" or "false" allowed, "{count}" given.'
        raise Refusal(422, f'Parameter "with_count" has to be a boolean. {only}')


def _positive(text: str) -> bool:
    return text.isascii() and text.isdecimal() and not text.startswith("0")


def part(query: Query, items: Sequence[tuple[str, Json]]) -> Sequence[tuple[str, Json]]:
    """Give the items of the page that is asked for, of all in order."""
    start = (query.page - 1) * query.limit
    if query.by_cursor and query.after is not None:
        start = sum(key <= query.after for key, _ in items)
    return items[start : start + query.limit]


def page(query: Query, address: str, items: Sequence[tuple[str, Object]], *, total: int) -> Object:
    """Give one page in the API's form.

    Args:
        query: What was asked.
        address: Absolute address of the list.
        items: The items of this page, each with what it is found by in its own address.
        total: How many items all pages have.
    """

    def link(number: int, after: str | None) -> Object:
        first = {} if query.by_cursor else {"page": str(number)}
        last = {} if after is None or not query.by_cursor else {"search_after": after}
        shown = {**first, **query.kept, **last}
        encoded = (f"{name}={quote(value, safe='/?@:!;,*')}" for name, value in shown.items())
        return {"href": f"{address}?{'&'.join(encoded)}"}

    links: Object = {"self": link(query.page, query.after), "first": link(1, None)}
    if query.page > 1:
        links["previous"] = link(query.page - 1, None)
    if len(items) == query.limit:
        links["next"] = link(query.page + 1, items[-1][0])
    body: Object = {"_links": links}
    if not query.by_cursor:
        body["current_page"] = query.page
    if query.with_count:
        body["items_count"] = total
    shown = [
        {"_links": {"self": {"href": f"{address}/{quoted(key)}"}} | item.get("_links", {})}
        | {name: one for name, one in item.items() if name != "_links"}
        for key, item in items
    ]
    return body | {"_embedded": {"items": shown}}


def quoted(key: str) -> str:
    """Quote a key for its address as Symfony's router does."""
    return quote(key, safe="/@:;,=+!*|-._~")
