"""JSON as PHP reads and writes it, and the batch protocol."""

import json
from collections.abc import Callable, Iterator
from typing import Final

from erp2pim.sandbox.payload import is_uuid
from erp2pim.sandbox.refusal import Json, Object, Refusal

COLLECTION: Final = "application/vnd.akeneo.collection+json"
MAX_LINES: Final = 100
MAX_LINE_BYTES: Final = 1_000_000
_INTEGERS: Final = range(-(2**63), 2**63)

Change = Callable[[str, Object], int]


def decode(text: bytes) -> Json:
    """Read JSON as strictly as PHP does; None for what it refuses."""
    try:
        value = json.loads(text.decode("utf-8"), parse_int=_integer, parse_constant=_no_constant)
        if b"\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # fails on a lone surrogate
    except (ValueError, RecursionError):
        return None
    return value


def encode(value: Json) -> bytes:
    """Write JSON as PHP does: ASCII, and with escaped slashes."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def _integer(digits: str) -> int | float:
    number = int(digits)
    return number if number in _INTEGERS else float(number)


def _no_constant(name: str) -> float:
    raise ValueError(name)


def split_lines(body: bytes) -> list[bytes]:
    """Cut a batch into its lines; a newline at the very end starts no line."""
    lines = body.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    if len(lines) > MAX_LINES:
        raise Refusal(413, f"Too many resources to process, {MAX_LINES} is the maximum allowed.")
    return lines


def answers(
    lines: list[bytes], key: str, change: Change, *, skip: float | None
) -> Iterator[Object]:
    """Run the lines one by one; give each one's answer as soon as it is known.

    Args:
        lines: The request's lines.
        key: Name of the property that each line is found by.
        change: Creates or updates one resource and gives the status.
        skip: Where in the batch, from 0 to 1, a line fails without a reason; None for nowhere.
    """
    skipped = None if skip is None else int(skip * len(lines)) + 1
    for number, line in enumerate(lines, start=1):
        yield {"line": number} | _answer(line, key, _fail if number == skipped else change)


def _fail(_code: str, _data: Object) -> int:
    raise Refusal(500, "Internal Server Error")


def _answer(line: bytes, key: str, change: Change) -> Object:
    try:
        code, data = _parse(line, key)
    except Refusal as refusal:
        return {"status_code": refusal.status, "message": refusal.message}
    named = {key: code.lower() if is_uuid(code) else code}
    try:
        return named | {"status_code": change(code, data)}
    except Refusal as refusal:
        body = refusal.body()
        return named | {"status_code": body.pop("code")} | body


def _parse(line: bytes, key: str) -> tuple[str, Object]:
    if len(line) > MAX_LINE_BYTES:
        raise Refusal(413, "Line is too long.")
    data = decode(line)
    if data is None:
        raise Refusal(400, "Invalid json message received")
    code = data.get(key) if isinstance(data, dict) else None
    if code is not None and not isinstance(code, str):
        raise Refusal(422, f"{key} must be of type string.")
    if code is None or not code.strip(" \t\n\r\0\x0b"):
        raise Refusal(422, f"{key.capitalize()} is missing.")
    return code, data
