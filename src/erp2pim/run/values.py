"""What a run joins, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from erp2pim.errors import Erp2pimError, ExitCode
from erp2pim.ledger import Ledger
from erp2pim.mapping.layout import Layout
from erp2pim.mapping.work import CompiledMapping
from erp2pim.model import Earlier, Taken
from erp2pim.pim import Pim
from erp2pim.plan.guards import Guards
from erp2pim.plan.spool import Spool
from erp2pim.source.gate import Gate
from erp2pim.source.web import Web
from erp2pim.stop import Stop


class Progress(Protocol):
    """Somebody who is told how far a run is."""

    def reading(self, records: int) -> None:
        """So many records were read."""
        ...

    def sending(self, done: int, total: int) -> None:
        """So many of all changed items have an outcome."""
        ...


@dataclass(frozen=True, slots=True)
class Sending:
    """How a plan is sent.

    Attributes:
        pim: Where it is sent.
        batch_lines: Lines in one request.
        workers: Requests at one time.
    """

    pim: Pim
    batch_lines: int
    workers: int


@dataclass(slots=True)
class Result:
    """What came of a run.

    Attributes:
        run: Its number; None where no state is kept.
        ledger: Its books.
        cause: What ended it early; None when it was done to the end.
        warnings: What is worth a look though nothing failed.
        layout: The paths that the records have which were mapped.
        recognised: Records that needed no mapping, since nothing about them has changed.
        taken: What the exports were; None where there was nothing to do.
        families: Codes of families that items have.
        family_variants: Likewise, of the product models.
        options_made: How many options of selects were made, or would be.
    """

    run: int | None
    ledger: Ledger
    cause: Erp2pimError | None = None
    warnings: list[str] = field(default_factory=list[str])
    layout: Layout = field(default_factory=Layout)
    recognised: int = 0
    taken: Taken | None = None
    families: set[str] = field(default_factory=set[str])
    family_variants: set[str] = field(default_factory=set[str])
    options_made: int = 0

    def counts(self) -> dict[str, int]:
        """Give all counts by name: the books, and what is counted beside them."""
        return {**self.ledger.counts(), "options_made": self.options_made}

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that tells the truth."""
        if self.cause is not None:
            return self.cause.exit_code
        return ExitCode.REJECTS if self.ledger.rejected else ExitCode.DONE


@dataclass(frozen=True, slots=True)
class Rooms:
    """What a run joins.

    Attributes:
        mapping: What records become.
        spool: Where the plan is kept.
        pim: Where what people keep is read; None where nobody is to be asked.
        progress: Who is told how far it is.
        stop: The wish to end early.
        others: Paths of other exports by the name that the mapping has for them.
        gate: What is asked of exports.
        earlier: What earlier runs tell about them.
        guards: What a plan may do.
        web: Which files on the web may be fetched.
        force: Whether exports unlike earlier ones are taken, and plans sent that trip a guard.
    """

    mapping: CompiledMapping
    spool: Spool
    pim: Pim | None
    progress: Progress
    stop: Stop
    others: Mapping[str, str] = field(default_factory=dict[str, str])
    gate: Gate = field(default=Gate())
    earlier: Earlier = field(default=Earlier())
    guards: Guards = field(default=Guards())
    web: Web = field(default=Web(()))
    force: bool = False
