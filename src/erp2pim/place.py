"""Where something stands in an item."""

from typing import NamedTuple


class Place(NamedTuple):
    """Where in an item.

    Attributes:
        name: `identifier`, `family` …, `associations.X_SELL`, or an attribute's code.
        locale: The cell's locale; None where it has none.
        scope: The cell's channel; None where it has none.
    """

    name: str
    locale: str | None = None
    scope: str | None = None

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.locale, self.scope) if part)
        return f"{self.name} [{where}]" if where else self.name
