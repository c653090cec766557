"""Searches in lists of the structure: what can be asked for, and how a wrong search is refused.

Each list says it in its own words: Akeneo's `AttributeRepository` and `FamilyRepository`
of the external API, `ExternalApiSearchFiltersValidator` for categories, and `LocaleController`.
The other lists have no search and don't look at the parameter.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from erp2pim.sandbox.catalog import Catalog, same
from erp2pim.sandbox.checks import line
from erp2pim.sandbox.payload import NOT_A_COLLECTION
from erp2pim.sandbox.php import Json, Object, decode, entries, is_array, members, text, type_name
from erp2pim.sandbox.refusal import Refusal
from erp2pim.sandbox.search import parse
from erp2pim.sandbox.store import Store

Faults: TypeAlias = Iterator[str]
Chosen: TypeAlias = Callable[[Object], bool]
Search: TypeAlias = Callable[[Store, str | None], Chosen]

BAD_JSON: Final = "The search query parameter must be a valid JSON"
NOT_ITERABLE: Final = "This value should be of type iterable."
_ATOM: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:?\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One property that a list is searched by.

    Attributes:
        operator: The only one that it takes.
        other: How another one is refused, `{}` standing for what the message shows.
        faults: Says what is wrong with a value.
        test: Says whether an item is asked for.
        shows_given: Whether the message shows the operator that was given, or the one wanted.
    """

    operator: str
    other: str
    faults: Callable[[Json], Faults]
    test: Callable[[Store, Object, Json], bool]
    shows_given: bool = True


def everything(_store: Store, _given: str | None) -> Chosen:
    """Choose all items: the list has no search."""
    return lambda _item: True


def by(criteria: Mapping[str, Criterion], *, bad_json: str = f"{BAD_JSON}.") -> Search:
    """Give the search of a list that tells all faults at once, with status 400."""

    def search(store: Store, given: str | None) -> Chosen:
        asked: Json = [] if given is None else decode(given)
        if not is_array(asked):
            raise Refusal(400, bad_json)
        faults: list[str] = []
        for name, filters in entries(asked):
            if name not in criteria:
                what = f'you tried to search on unavailable filter "{name}"'
                raise Refusal(
                    400, f'Available search filters are "{", ".join(criteria)}" and {what}'
                )
            faults += _faults(criteria[name], filters)
        if faults:
            raise Refusal(400, " ".join(faults))
        return lambda item: all(
            criteria[name].test(store, item, one["value"])
            for name, filters in entries(asked)
            for one in members(filters)
        )

    return search


def _faults(criterion: Criterion, filters: Json) -> Faults:
    if not is_array(filters):
        yield NOT_ITERABLE
    for one in members(filters):
        if not is_array(one):
            yield NOT_A_COLLECTION
            continue
        given = dict(entries(one))
        if "operator" not in given:
            yield "This field is missing."
        elif given["operator"] != criterion.operator:
            shown = given["operator"] if criterion.shows_given else criterion.operator
            yield criterion.other.format(_formatted(shown))
        if "value" not in given:
            yield "This field is missing."
        else:
            yield from criterion.faults(given["value"])
        for _ in set(given) - {"operator", "value"}:
            yield "This field was not expected."


def _formatted(value: Json) -> str:
    """Give a value as Symfony's messages show it."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else "array" if is_array(value) else text(value)


def _in(noun: str, name: str, *, shows_given: bool = True, given: str = "") -> Criterion:
    """Give the criterion that takes a list; `given` is what the message calls a wrong value."""
    ask = f"In order to search on {noun} you must"

    def faults(value: Json) -> Faults:
        if not is_array(value):
            yield f"{ask} send an array of {noun} as value, {given or type_name(value)} given."
            yield NOT_ITERABLE
        for one in members(value):
            if not isinstance(one, str):
                yield "This value should be of type string."

    def test(_store: Store, item: Object, value: Json) -> bool:
        return same(item[name]) in map(same, members(value))

    other = f'{ask} use "IN" operator, {{}} given.'
    return Criterion("IN", other, faults, test, shows_given=shows_given)


def _is(
    noun: str, kind: type, wrong: str, test: Callable[[Store, Object, Json], bool]
) -> Criterion:
    """Give the criterion that takes one value of a type."""

    def faults(value: Json) -> Faults:
        if not isinstance(value, kind):
            yield wrong.format(_formatted(value))

    other = f'In order to search on {noun} you must use "=" operator, {{}} given.'
    return Criterion("=", other, faults, test)


def _later(wrong: str, *, shows_given: bool = True) -> Criterion:
    """Give the criterion that takes a time of which an item was changed later."""

    def faults(value: Json) -> Faults:
        if not isinstance(value, str) or not _ATOM.fullmatch(value) or _time(value) is None:
            yield wrong

    def test(_store: Store, item: Object, value: Json) -> bool:
        changed, asked = _time(item["updated"]), _time(value)
        return changed is not None and asked is not None and changed > asked

    other = 'Searching on the "updated" property require the ">" (greater than) operator, {} given.'
    return Criterion(">", other, faults, test, shows_given=shows_given)


def _time(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _below(catalog: Catalog, category: Object, top: Json) -> bool:
    return same(top) in map(same, line(catalog, category["parent"]))


def _has_products(store: Store, family: Object, wanted: Json) -> bool:
    return bool(wanted) is any(one.family == family["code"] for one in store.products.values())


NO_TIME: Final = "This value is not a valid datetime."
_NO_BOOLEAN: Final = 'The "{}" filter requires a boolean value, and the submitted value is not.'
ATTRIBUTES: Final[Mapping[str, Criterion]] = {
    "code": _in("attribute codes", "code", shows_given=False),
    "updated": _later(NO_TIME, shows_given=False),
    "type": _in("attribute types", "type", shows_given=False, given="array"),
    "is_main_identifier": _is(
        "attribute is_main_identifier",
        bool,
        _NO_BOOLEAN.format("is_main_identifier"),
        lambda _, item, value: bool(item.get("is_main_identifier", False) == value),
    ),
}
FAMILIES: Final[Mapping[str, Criterion]] = {
    "code": _in("family codes", "code"),
    "updated": _later(NO_TIME),
    "has_products": _is(
        "family has_product", bool, _NO_BOOLEAN.format("has_products"), _has_products
    ),
}
_PARENT: Final = "In order to search on category parent you must send a parent code category as"
CATEGORIES: Final[Mapping[str, Criterion]] = {
    "code": _in("category codes", "code"),
    "parent": _is(
        "category parent",
        str,
        f"{_PARENT} value, string given.",
        lambda store, item, value: _below(store.catalog, item, value),
    ),
    "is_root": _is(
        "category is_root",
        bool,
        "In order to search on category is_root you must send a bool value, {} given.",
        lambda _, item, value: bool((item["parent"] is None) == value),
    ),
    "updated": _later("This value is not in a valid ISO 8601 standard datetime format"),
}


def locales(_store: Store, given: str | None) -> Chosen:
    """Choose the locales that are enabled, or those that are not."""
    filters = parse(given, models=False)
    for name, one in ((name, one) for name, each in filters.items() for one in each):
        operator, value = one["operator"], one.get("value")
        if name != "enabled" or operator != "=":
            what = f'is not supported or does not support operator "{operator}".'
            raise Refusal(422, f'Filter on property "{name}" {what}')
        if value is None:
            raise Refusal(422, f'Value is missing for the property "{name}".')
        if not isinstance(value, bool):
            raise Refusal(422, f'Filter "{name}" with operator "=" expects a boolean value.')
    wanted = [each[0]["value"] for each in filters.values()]
    return lambda item: not wanted or bool(item["enabled"] == wanted[0])


categories: Final = by(CATEGORIES, bad_json=f"{BAD_JSON}: Syntax error")
