"""JSON and numbers as PHP sees them: what the PIM accepts and prints follows from it."""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Final, TypeAlias, TypeGuard

# What came off the wire: its shape is what the PIM, and so the sandbox, has to find out.
Json: TypeAlias = Any
Object: TypeAlias = dict[str, Json]

BLANKS: Final = " \t\n\r\0\x0b"  # what PHP's trim() takes off
_INTEGERS: Final = range(-(2**63), 2**63)
_EXACT_FLOAT: Final = 1e15
_NUMERIC: Final = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_DATE: Final = re.compile(
    r"(\d{4})-(\d{2})-([0-2]\d|3[01])"
    r"(?:[T ]([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?)?\s*"
    r"(?:Z|UTC|([+-])(\d{2}):?(\d{2}))?",
    re.ASCII,
)
_TYPE_NAMES: Final[Mapping[type, str]] = {
    type(None): "NULL",
    bool: "boolean",
    int: "integer",
    float: "double",
    str: "string",
}
_MARKUP: Final = re.compile(r"\\.|[<>&'/]")
_FLAGS: Final = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}


def is_object(value: Json) -> TypeGuard[Object]:
    """Say whether a value came from a JSON object."""
    return isinstance(value, dict)


def is_list(value: Json) -> TypeGuard[list[Json]]:
    """Say whether a value came from a JSON array."""
    return isinstance(value, list)


def is_array(value: Json) -> bool:
    """Say whether PHP calls a value an array: a list or an object."""
    return isinstance(value, (list, dict))


def members(value: Json) -> list[Json]:
    """Give the members of an array; other values have none."""
    if is_list(value):
        return value
    return list(value.values()) if is_object(value) else []


def entries(value: Json) -> list[tuple[str, Json]]:
    """Give the keys and members of an array; a list's keys are its numbers."""
    return list(value.items()) if is_object(value) else [(str(n), v) for n, v in enumerate(value)]


def type_name(value: Json) -> str:
    """Give a value's type by the name that PHP's `gettype` has for it."""
    for kind, name in _TYPE_NAMES.items():
        if isinstance(value, kind):
            return name
    return "array"


def is_blank(value: Json) -> bool:
    """Say whether a value is a text of nothing but blanks."""
    return isinstance(value, str) and not value.strip(BLANKS)


def is_numeric(value: Json) -> bool:
    """Say whether PHP takes a value for a number."""
    if isinstance(value, str):
        return _NUMERIC.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def text(value: Json) -> str:
    """Cast a scalar to a text."""
    return (
        ""
        if value in (None, False) and not is_numeric(value)
        else str(1 if value is True else value)
    )


def integer(value: Json) -> int:
    """Cast a number to a whole one; what is beyond all numbers becomes 0."""
    number = float(value)
    return int(number) if math.isfinite(number) else 0


def number_format(value: Json, places: int) -> str:
    """Format a number as PHP's `number_format` does: through a float, half away from zero."""
    number = float(value)
    if abs(number) >= _EXACT_FLOAT:
        return f"{number:.{places}f}"
    with localcontext(prec=60, rounding=ROUND_HALF_UP):
        rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-places))
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


def date(text: str) -> datetime | None:
    """Read a date as PHP's `DateTime` does: days beyond a month's end run into the next."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, days = (int(part) for part in match.groups()[:3])
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[3:6])
    sign, zone_hours, zone_minutes = match.groups()[6:]
    offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
    try:
        zone = timezone(-offset if sign == "-" else offset) if sign else UTC
        first = datetime(year, month, 1, tzinfo=zone)
        return first + timedelta(days=days - 1, hours=hours, minutes=minutes, seconds=seconds)
    except (ValueError, OverflowError):
        return None


def regex(pattern: str) -> re.Pattern[str]:
    """Compile a PCRE with delimiters and flags, as `/^[a-z]$/i`."""
    end = pattern.rindex(pattern[0])
    flags = [_FLAGS[flag] for flag in pattern[end + 1 :] if flag in _FLAGS]
    return re.compile(pattern[1:end], sum(flags))


def decode(text: bytes | str) -> Json:
    """Read JSON as strictly as PHP does; None for what it refuses."""
    raw = text.encode() if isinstance(text, str) else text
    try:
        value = _READER.decode(raw.decode())
        if b"\\ud" in raw.lower():
            json.dumps(value, ensure_ascii=False).encode()  # fails on a lone surrogate
    except (ValueError, RecursionError):
        return None
    return value


def encode(value: Json) -> bytes:
    """Write JSON as PHP does: ASCII, with escaped slashes."""
    return _WRITER.encode(value).replace("/", "\\/").encode("ascii")


def encode_for_html(value: Json) -> bytes:
    """Write JSON as Symfony's `JsonResponse` does: nothing in it can end a tag or an attribute."""
    return _MARKUP.sub(_escaped, _WRITER.encode(value)).encode("ascii")


def _escaped(match: re.Match[str]) -> str:
    found = match[0]
    if found == "/":
        return "\\/"
    return found if found[0] == "\\" and found != '\\"' else f"\\u{ord(found[-1]):04X}"


def json_order(key: str) -> tuple[int, str]:
    """Give the key that MySQL sorts the keys of its JSON columns by: length comes first."""
    return len(key.encode()), key


def _integer(digits: str) -> int | float:
    number = int(digits)
    return number if number in _INTEGERS else float(number)


def _no_constant(name: str) -> float:
    raise ValueError(name)


_READER: Final = json.JSONDecoder(parse_int=_integer, parse_constant=_no_constant)
_WRITER: Final = json.JSONEncoder(separators=(",", ":"))
