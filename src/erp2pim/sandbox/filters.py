"""The filters of a search for products or models: what they take, and whom they select."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Final, TypeAlias

from erp2pim.sandbox import completeness, value_filters
from erp2pim.sandbox.catalog import Catalog, same
from erp2pim.sandbox.operators import (
    BETWEEN,
    EMPTY,
    LIST,
    ORDER,
    SAME,
    TEXT,
    Operators,
    any_in,
    folded,
)
from erp2pim.sandbox.php import Json, Object, is_list, text
from erp2pim.sandbox.refusal import Malformed, Refusal, wrong_date, wrong_shape, wrong_type
from erp2pim.sandbox.store import Entity, Store

Test: TypeAlias = Callable[[Entity], bool]

MAX_IDENTIFIERS: Final = 100
PAIR: Final = 2
TIME_FORMAT: Final = "%Y-%m-%d %H:%M:%S"
TIME: Final[Operators] = {**ORDER, **BETWEEN}
FIELDS: Final[Mapping[str, Operators]] = {
    "identifier": TEXT,
    "uuid": LIST,
    "family": {**LIST, **EMPTY},
    "enabled": SAME,
    "parent": {"=": lambda data, value: value in data, "IN": any_in, **EMPTY},
    "groups": {**LIST, **EMPTY},
    "categories": {
        **LIST,
        "UNCLASSIFIED": EMPTY["EMPTY"],
        "IN OR UNCLASSIFIED": lambda data, value: not data or any_in(data, value),
        "IN CHILDREN": any_in,
        "NOT IN CHILDREN": LIST["NOT IN"],
    },
    "created": TIME,
    "updated": {**TIME, "SINCE LAST N DAYS": ORDER[">"]},
    "completeness": completeness.ON_ONE | completeness.ON_ALL,
}
ONLY_OF_PRODUCTS: Final = frozenset({"uuid", "enabled", "groups", "completeness"})


def matcher(store: Store, name: str, one: Object, *, models: bool) -> Test:
    """Give the test of one filter.

    `parent` with `=` asks for any model above, and only of products (Akeneo's
    `ApplyProductSearchQueryParametersToPQB`).
    """
    attribute = None if name in FIELDS else store.catalog.attribute(name)
    operators = FIELDS[name] if attribute is None else value_filters.operators(attribute)
    operator = one["operator"]
    any_above = name == "parent" and operator == "="
    if operator not in operators or (models and (any_above or name in ONLY_OF_PRODUCTS)):
        shown = "ancestor.code" if any_above else name
        what = f'is not supported or does not support operator "{operator}"'
        raise Refusal(422, f'Filter on property "{shown}" {what}')
    if attribute is not None:
        return value_filters.test(store, attribute, one)
    if name == "completeness":
        return completeness.test(store, one)
    value = _checked(store, name, operator, one.get("value"))
    ask = operators[operator]
    if any_above:
        return lambda entity: ask(folded([one.code for one in store.ancestors(entity)]), value)
    read = _reader(store, name)
    return lambda entity: ask(folded(read(entity)), value)


def _reader(store: Store, name: str) -> Callable[[Entity], Json]:
    """Give what reads a field of an entity, its categories with those of its parents."""
    if name in {"created", "updated"}:
        return lambda entity: datetime.fromisoformat(getattr(entity, name)).strftime(TIME_FORMAT)
    if name == "categories":
        return lambda entity: [
            code for one in (*store.ancestors(entity), entity) for code in one.categories
        ]
    if name == "groups":  # a catalogue file knows none
        return lambda _entity: None
    return attrgetter("code" if name == "identifier" else name)


def _checked(store: Store, name: str, operator: str, value: Json) -> Json:
    """Check the value asked for and give it in the form that the data is compared in."""
    if name == "enabled" and not isinstance(value, bool):
        raise Refusal(422, str(wrong_type(name, "a boolean", value)))
    if name in {"created", "updated"}:
        return _times(name, operator, value)
    if name == "identifier" and operator not in {*LIST, *EMPTY} and not isinstance(value, str):
        raise Refusal(422, str(wrong_type(name, "a string", value)))
    if operator.startswith(("IN", "NOT IN")):
        value = _checked_list(store, name, value)
        if operator.endswith("IN CHILDREN"):
            return _with_children(store.catalog, {same(text(code)) for code in value})
        return frozenset(folded(value))
    return folded(value)


def _checked_list(store: Store, name: str, value: Json) -> list[Json]:
    if name == "identifier":
        _check_identifiers(value)
    try:
        found = value_filters.codes(name, value)
    except Malformed as error:
        raise Refusal(422, str(error)) from error
    for code in found if name == "family" else ():
        if store.catalog.families.get(code) is None:
            raise Refusal(422, f'Object "family" with code "{code}" does not exist')
    return found


def _check_identifiers(value: Json) -> None:
    if not is_list(value):
        raise Refusal(422, "The identifier filter value should be an array")
    if not all(isinstance(one, str) for one in value):
        raise Refusal(422, 'Property "identifier" expects an array of strings as data.')
    if len(value) > MAX_IDENTIFIERS:
        what = f"can't contain more than {MAX_IDENTIFIERS} product identifiers."
        raise Refusal(400, f"The identifier filter {what}")


def _with_children(catalog: Catalog, codes: set[str]) -> set[str]:
    below = {same(one["code"]) for one in catalog.categories if same(one["parent"] or "") in codes}
    return codes | _with_children(catalog, below) if below else codes


def _times(name: str, operator: str, value: Json) -> Json:
    if operator == "SINCE LAST N DAYS":
        if not isinstance(value, int):
            raise Refusal(422, str(wrong_type(name, "an integer", value)))
        return (datetime.now(UTC) - timedelta(days=value)).strftime(TIME_FORMAT)
    pair = operator.endswith("BETWEEN")
    if pair and not (is_list(value) and len(value) == PAIR):
        what = 'should contain 2 strings with the format "yyyy-mm-dd H:i:s"'
        raise Refusal(422, str(wrong_shape(name, what)))
    for one in value if pair else [value]:
        try:
            datetime.strptime(str(one), TIME_FORMAT).replace(tzinfo=UTC)
        except ValueError:
            raise Refusal(422, str(wrong_date(name, "yyyy-mm-dd H:i:s", None))) from None
    return value
