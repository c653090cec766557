"""What is to be said of an item before it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from erp2pim.model import Json
from erp2pim.place import Place

Severity: TypeAlias = Literal["reject", "warn"]


class Remark(NamedTuple):
    """What one check has to say.

    Attributes:
        check: The check's name, by which its severity may be changed.
        message: What is expected.
        severity: `reject` where the PIM refuses the line, or takes something else than what is
            meant; `warn` where it takes the line but not all of it, or where nobody can tell.
        value: What was found; None where it is the whole of the data.
    """

    check: str
    message: str
    severity: Severity
    value: str | None = None


Remarks: TypeAlias = Iterator[Remark]


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark about a place of an item.

    Attributes:
        path: The place.
        check: The check's name.
        message: What is expected.
        severity: As in `Remark`.
        value: What was found, as text.
    """

    path: Place
    check: str
    message: str
    severity: Severity
    value: str


def refuse(check: str, message: str, value: str | None = None) -> Remark:
    """Say that the item cannot go as it is."""
    return Remark(check, message, "reject", value)


def warn(check: str, message: str, value: str | None = None) -> Remark:
    """Say what somebody should know, although the item can go."""
    return Remark(check, message, "warn", value)


def finding(place: Place, remark: Remark, data: Json) -> Finding:
    """Give a remark with its place, and with the data where it names no value itself."""
    value = str(data) if remark.value is None else remark.value
    return Finding(place, remark.check, remark.message, remark.severity, value)
