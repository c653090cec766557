"""The operators of filters: what each one says of the data and the value that is asked for."""

import operator
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from erp2pim.sandbox.catalog import same
from erp2pim.sandbox.php import Json, is_list

Operators: TypeAlias = Mapping[str, Callable[[Json, Json], bool]]


def folded(value: Json) -> Json:
    """Give texts without regard to case and accents, as they are compared."""
    if is_list(value):
        return [folded(one) for one in value]
    return same(value) if isinstance(value, str) else value


def any_in(data: Json, wanted: Json) -> bool:
    """Say whether the data, or one of a list, is asked for."""
    return any(one in wanted for one in (data if is_list(data) else [data]))


EMPTY: Final[Operators] = {
    "EMPTY": lambda data, _value: data in (None, [], ""),
    "NOT EMPTY": lambda data, _value: data not in (None, [], ""),
}
SAME: Final[Operators] = {"=": operator.eq, "!=": operator.ne}
LIST: Final[Operators] = {"IN": any_in, "NOT IN": lambda data, value: not any_in(data, value)}
ORDER: Final[Operators] = {
    **SAME, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
BETWEEN: Final[Operators] = {
    "BETWEEN": lambda data, value: bool(value[0] <= data <= value[1]),
    "NOT BETWEEN": lambda data, value: not value[0] <= data <= value[1],
}
TEXT: Final[Operators] = {
    **SAME,
    **LIST,
    **EMPTY,
    "STARTS WITH": lambda data, value: (data or "").startswith(value),
    "CONTAINS": lambda data, value: value in (data or ""),
    "DOES NOT CONTAIN": lambda data, value: value not in (data or ""),
}
