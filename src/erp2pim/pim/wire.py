"""Items on the wire: lines, encoded once, and the batches that they are cut into."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import orjson

from erp2pim.model import Body

ROOT = "/api/rest/v1"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a batch PATCH.

    Attributes:
        identifier: The item's identifier or code.
        data: A compact JSON object in UTF-8, without a newline.
    """

    identifier: str
    data: bytes = field(repr=False)


def line(key: Literal["identifier", "code"], identifier: str, body: Body) -> Line:
    """Encode one item, its key property first.

    Args:
        key: The property that addresses the item: `identifier` of a product, `code` of a model.
        identifier: The key's value.
        body: The rest of the line.
    """
    return Line(identifier, orjson.dumps({key: identifier, **body}))


def batches(
    lines: Iterable[T], *, max_lines: int, max_bytes: int, size: Callable[[T], int]
) -> Iterator[tuple[T, ...]]:
    """Cut `lines` into batches, in order, each as large as both limits allow.

    One line that is larger than `max_bytes` travels alone. If the consumer stops early, no more
    lines were taken than the batches that it got, and one.
    """
    batch: list[T] = []
    filled = 0
    for each in lines:
        wanted = size(each)
        if batch and (len(batch) >= max_lines or filled + wanted > max_bytes):
            yield tuple(batch)
            batch, filled = [], 0
        batch.append(each)
        filled += wanted
    if batch:
        yield tuple(batch)
