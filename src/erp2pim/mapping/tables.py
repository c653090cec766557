"""Tables at work: a code becomes another code or text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from erp2pim.mapping.context import Context
from erp2pim.mapping.given import TableRows
from erp2pim.mapping.values import Unmappable, Value


@dataclass(slots=True)
class Table:
    """A table at work.

    Attributes:
        name: Its name in the mapping.
        rows: Its rows; None where each export gives its own.
        otherwise: What to do with an unknown text; the constant itself where it is replaced.
        parents: Whether the names from the root down to the text are wanted.
        plain: Whether its rows stand in the mapping, written the PIM's way.
        place: `file:line` of the rule that looks things up.
        met: Whether it has known anything yet.
        missed: The first text that it did not know; None while there is none.
    """

    name: str
    rows: TableRows | None
    otherwise: Literal["reject", "drop", "keep"] | Value
    parents: bool
    plain: bool
    place: str
    met: bool = False
    missed: str | None = None

    def turn(self, value: Value, context: Context) -> Iterable[Value]:
        """Give what the table has for a value.

        Raises:
            Unmappable: It has nothing, and `otherwise` is reject.
        """
        text = value.as_text()
        table = context.given.tables[self.name] if self.rows is None else self.rows
        rows = self._path(table, text, context) if self.parents else table.values.get(text)
        if rows:
            self.met = True
            return [value.tabled_as(row, plain=self.plain) for row in rows]
        if self.missed is None:
            self.missed = text
        match self.otherwise:
            case "reject":
                raise Unmappable(
                    f"a key of the table {self.name} is expected", text, what="unknown code"
                )
            case "drop":
                context.decided(self.place, "unknown code: dropped")
                return ()
            case "keep":
                context.decided(self.place, "unknown code: kept")
                return (value,)
            case constant:
                context.decided(self.place, "unknown code: replaced")
                return (constant,)

    def _path(self, table: TableRows, text: str, context: Context) -> list[str]:
        names, whole = table.path(text)
        if names and not whole:
            context.decided(self.place, "parent without row: path ended")
        return names
