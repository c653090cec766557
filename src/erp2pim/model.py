"""The frozen values that pass between the rooms."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from erp2pim.errors import PimError

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
Body: TypeAlias = Mapping[str, Json]
Options: TypeAlias = Mapping[str, Mapping[str, Mapping[str, str]]]
Kind = Literal["product", "product_model"]
Stage = Literal["mapping", "pim"]
Duplicates = Literal["reject", "first", "last", "merge"]

# In the header that names a file these cannot stand: urllib3 writes %22 for a quote, which PHP
# leaves as it is, and PHP takes what stands before a backslash for a folder.
_UNSAYABLE = re.compile(r'["\\\x00-\x1f\x7f-\x9f]')


@dataclass(frozen=True, slots=True)
class Origin:
    """The record of an export that something came from.

    Attributes:
        export: Name of the export, as given.
        record: The record's number in that export, counted from 1 in document order.
        line: Line of the record's start tag, counted from 1; None past line 65,534, where the
            parser's count is not exact.
    """

    export: str
    record: int
    line: int | None

    def __str__(self) -> str:
        return f"{self.export}: record {self.record}" + (f", line {self.line}" if self.line else "")


@dataclass(frozen=True, slots=True)
class FileCell:
    """A cell of an attribute that holds a file.

    Attributes:
        attribute: The attribute's code.
        locale: The cell's locale; None where the attribute has one value for all.
        scope: The cell's channel; None likewise.
        path: The file's place below `root`, or a web address; None clears the cell.
        root: The folder, below the export's own, that the mapping names; empty for that folder.
        place: `file:line` of the rule.
        is_optional: Whether only the cell is left out where its file cannot be sent.
    """

    attribute: str
    locale: str | None
    scope: str | None
    path: str | None
    root: str
    place: str
    is_optional: bool

    @property
    def is_address(self) -> bool:
        """Whether the file lies on the web."""
        return self.path is not None and self.path.lower().startswith(("http://", "https://"))

    @property
    def shown(self) -> str | None:
        """The path with its root, as the export's folder has it."""
        root = self.root.rstrip("/")
        return f"{root}/{self.path}" if root and self.path and not self.is_address else self.path

    @property
    def name(self) -> str | None:
        """The file's own name; that of an address is the last part of its path."""
        if self.path is None:
            return None
        path = unquote(urlsplit(self.path).path) if self.is_address else self.path
        return _UNSAYABLE.sub("_", path.rpartition("/")[2] or self.path)


@dataclass(frozen=True, slots=True)
class Item:
    """What a record became: a product or a product model in the PIM's own form.

    Attributes:
        kind: Which of the two.
        identifier: The product's identifier or the model's code.
        body: One line of a batch PATCH, without the identifier or code: `family`, `enabled`,
            `categories`, `values` …. Only what the mapping has something to say about.
        origin: The record it came from.
        options: Labels by locale of options that may have to be made, by attribute and code.
        media: Cells of files. Once the files were looked at, `body` says under `media` what they
            are.
        mark: By what the record is recognised next time; None where it cannot be.
    """

    kind: Kind
    identifier: str
    body: Body
    origin: Origin
    options: Options = field(default_factory=dict[str, Mapping[str, Mapping[str, str]]])
    media: Sequence[FileCell] = ()
    mark: "Mark | None" = None


@dataclass(frozen=True, slots=True)
class Mark:
    """By what a record is recognised that already became what the PIM holds.

    Attributes:
        digest: 16 bytes of the record's bytes and of all that gives them their meaning.
        items: How many items the record becomes.
    """

    digest: bytes
    items: int


@dataclass(frozen=True, slots=True)
class Recognised:
    """An item that needs no mapping: its record and all that gives it meaning are as they were.

    Attributes:
        kind: What it is.
        key: Its identity.
        identifier: Its identifier or code.
        duplicates: What its kind does when several records give one identifier.
        origin: The record.
    """

    kind: Kind
    key: str
    identifier: str
    duplicates: Duplicates
    origin: Origin


@dataclass(frozen=True, slots=True)
class Reject:
    """An item that was refused, by the mapping or by the PIM.

    Attributes:
        kind: What the record would have become.
        identifier: The item's identifier; None when the mapping could not give one.
        origin: The record it came from.
        stage: Who refused it.
        rule: `file:line` of the mapping's rule; None when no single rule is to blame.
        message: What was expected, in our words or the PIM's.
        value: The value seen; None when there was none, or several.
    """

    kind: Kind
    identifier: str | None
    origin: Origin
    stage: Stage
    rule: str | None
    message: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that the mapping leaves out on purpose.

    Attributes:
        reason: The name of the mapping's condition, or `no kind`.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The PIM took the line.

    Attributes:
        created: Whether it answered 201. An existing simple product that becomes a variant is
            also answered 201 (Akeneo, PartialUpdateProductToVariantEndToEnd).
    """

    created: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The PIM answered that it does not take the line; sending it again would not help.

    Attributes:
        status: The line's status code; 0 where the PIM was not asked.
        message: The PIM's own words, cleaned of control characters and cut.
        attribute: The attribute that the PIM names; None when it names none.
    """

    status: int
    message: str
    attribute: str | None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nobody knows what became of the line: it counts as not sent, and is sent again next time.

    Attributes:
        cause: Why there is no answer.
    """

    cause: PimError


Outcome: TypeAlias = Accepted | Refused | Unanswered


@dataclass(frozen=True, slots=True)
class Run:
    """One run in the history.

    Attributes:
        run: Its number.
        command: `sync`.
        exports: The exports' names.
        started: When it began, ISO 8601 with offset.
        ended: When it ended; None while it runs, or when it was killed.
        exit_code: None likewise.
        ledger: Counts by name; empty likewise.
    """

    run: int
    command: str
    exports: Sequence[str]
    started: str
    ended: str | None
    exit_code: int | None
    ledger: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Taken:
    """Exports that a run took: the last thing before it began to send.

    Attributes:
        run: Its number; 0 while it has none.
        digest: Of the exports' bytes and of the mapping; None where nobody asked.
        written: When the newest of them was written, as it says itself; None likewise.
        done: Whether the run ended with everything in the PIM.
    """

    run: int
    digest: bytes | None
    written: str | None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier runs tell about the next export.

    Attributes:
        reads: Records in the last runs that were done, the newest first.
        last: What the last run took that sent anything; None where there is none.
    """

    reads: Sequence[int] = ()
    last: Taken | None = None


@lru_cache(maxsize=1024)
def identity(identifier: str) -> str:
    """Give the key under which the PIM finds an identifier or code.

    The PIM looks them up in MySQL with the collation utf8mb4_unicode_ci: without regard to case
    and accents (recorded: a PATCH of `products-e` overwrote `products-é`).
    """
    if identifier.isascii():
        return identifier.lower()
    plain = unicodedata.normalize("NFKD", identifier)
    return unicodedata.normalize(
        "NFKC", "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    )


def printable(text: str) -> str:
    """Give a text that can be written as UTF-8.

    In the name of a file, bytes that are not UTF-8 arrive as lone surrogates (PEP 383); they show
    as escapes.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
