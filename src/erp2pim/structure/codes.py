"""Things of a PIM by their code, found as the PIM finds them."""

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Generic, Protocol, TypeVar, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from erp2pim.model import identity


class Coded(Protocol):
    """Something that has a code."""

    @property
    def code(self) -> str:
        """Its code, in the PIM's spelling."""
        ...


T_co = TypeVar("T_co", bound=Coded, covariant=True)


class Codes(Mapping[str, T_co], Generic[T_co]):
    """Things by code, in the order of their codes."""

    __slots__ = ("_by_code", "_by_identity")

    def __init__(self, things: Iterable[T_co] = ()) -> None:
        """Sort the things; of two with one code the later counts."""
        self._by_code = {thing.code: thing for thing in sorted(things, key=attrgetter("code"))}
        self._by_identity = {identity(code): thing for code, thing in self._by_code.items()}

    def own(self, code: str) -> T_co | None:
        """Give what has exactly this code."""
        return self._by_code.get(code)

    def find(self, code: str) -> T_co | None:
        """Find what the PIM finds under a code: case and accents don't count (recorded)."""
        return self._by_code.get(code) or self._by_identity.get(identity(code))

    def __getitem__(self, code: str) -> T_co:
        return self._by_code[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_code)

    def __len__(self) -> int:
        return len(self._by_code)

    def __repr__(self) -> str:
        return f"Codes({list(self._by_code.values())!r})"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read them from a list, or from an object whose keys are the codes."""
        things = handler.generate_schema(list[get_args(source)[0]])  # type: ignore[misc]  # the class is known to pydantic alone
        return core_schema.no_info_after_validator_function(cls, things)
