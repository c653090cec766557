"""The faults of a mapping file, gathered while it is compiled."""

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from erp2pim.errors import Fault
from erp2pim.mapping.dates import DateExampleError
from erp2pim.mapping.names import UnknownPrefixError
from erp2pim.mapping.numbers import NumberExampleError
from erp2pim.mapping.recordpath import RecordPathError
from erp2pim.mapping.shape import unknown
from erp2pim.mapping.transforms import TransformError
from erp2pim.mapping.xpath import PathError

Loc: TypeAlias = tuple[str | int, ...]
T = TypeVar("T")

_FOUND_FAULTY = (
    DateExampleError,
    NumberExampleError,
    PathError,
    RecordPathError,
    TransformError,
)


class Faults:
    """All faults found so far; what is faulty is built as None, so that the search goes on."""

    def __init__(self, fault: Callable[[Loc, str], Fault]) -> None:
        """Begin without faults.

        Args:
            fault: Gives a fault at the place in the file that the keys lead to.
        """
        self._fault = fault
        self.found: list[Fault] = []

    def add(self, loc: Loc, message: str) -> None:
        """Note a fault; once, although a rule is built for each of its locales."""
        fault = self._fault(loc, message)
        if fault not in self.found:
            self.found.append(fault)

    def place(self, loc: Loc) -> str:
        """Give `file:line` of what the keys lead to."""
        at = self._fault(loc, "")
        return f"{at.file}:{at.line}"

    def attempt(self, loc: Loc, make: Callable[[], T], *, prefixes: Sequence[str] = ()) -> T | None:
        """Give what `make` makes; note a fault and give None where it cannot."""
        try:
            return make()
        except UnknownPrefixError as error:
            self.add(loc, unknown(str(error), list(prefixes), what="namespace prefix"))
        except _FOUND_FAULTY as error:
            self.add(loc, str(error))
        return None
