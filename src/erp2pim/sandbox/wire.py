"""The batch protocol: lines in, an answer for each out."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from erp2pim.sandbox.payload import is_uuid
from erp2pim.sandbox.php import Object, decode, is_blank, is_object
from erp2pim.sandbox.refusal import Refusal

COLLECTION: Final = "application/vnd.akeneo.collection+json"
MAX_LINES: Final = 100
MAX_LINE_BYTES: Final = 1_000_000

Change: TypeAlias = Callable[[str, Object], int]


def split_lines(body: bytes) -> list[bytes]:
    """Cut a batch into its lines; a newline at the very end starts no line."""
    lines = body.split(b"\n")
    if not lines[-1]:
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
    keys: Object = data if is_object(data) else {}
    code = keys.get(key)
    if code is not None and not isinstance(code, str):
        raise Refusal(422, f"{key} must be of type string.")
    if code is None or is_blank(code):
        raise Refusal(422, f"{key.capitalize()} is missing.")
    return code, keys
