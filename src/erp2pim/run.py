"""The rooms joined: exports to a plan, a plan to the PIM."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Protocol, TypeAlias

from erp2pim import __version__
from erp2pim.errors import Erp2pimError, ExitCode, Interrupted, StateError
from erp2pim.ledger import Ledger
from erp2pim.mapping.work import CompiledMapping
from erp2pim.model import Accepted as Taken
from erp2pim.model import Duplicates, Item, Outcome, Refused, Reject, Skipped, Unanswered
from erp2pim.pim import Line, Pim, batches, line
from erp2pim.plan.change import Accepted, Change
from erp2pim.plan.spool import Spool
from erp2pim.source.files import open_export
from erp2pim.source.prior import beside, gather
from erp2pim.source.records import records
from erp2pim.state.store import State

MAX_BATCH_BYTES = 1_000_000

_Answered: TypeAlias = Sequence[tuple[Change, Outcome]]

_BLOCK = 100


class Progress(Protocol):
    """Somebody who is told how far a run is."""

    def reading(self, records: int) -> None:
        """So many records were read."""
        ...

    def sending(self, done: int, total: int) -> None:
        """So many of all changed items have an outcome."""
        ...


@dataclass(slots=True)
class Stop:
    """The wish to end a run early.

    Attributes:
        event: Set when it is to end.
        exit_code: Why.
    """

    event: threading.Event = field(default_factory=threading.Event)
    exit_code: ExitCode = ExitCode.INTERRUPTED

    def check(self) -> None:
        """End here if it is wished.

        Raises:
            Interrupted: It is.
        """
        if self.event.is_set():
            raise Interrupted(self.exit_code)


@dataclass(frozen=True, slots=True)
class Sending:
    """How a plan is sent.

    Attributes:
        batch_lines: Lines in one request.
        workers: Requests at one time.
    """

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
    """

    run: int | None
    ledger: Ledger
    cause: Erp2pimError | None = None
    warnings: list[str] = field(default_factory=list[str])

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
        progress: Who is told how far it is.
        stop: The wish to end early.
        others: Paths of other exports by the name that the mapping has for them.
    """

    mapping: CompiledMapping
    spool: Spool
    progress: Progress
    stop: Stop
    others: Mapping[str, str] = field(default_factory=dict[str, str])


def plan(exports: Sequence[str], rooms: Rooms, accepted: Accepted) -> Result:
    """Read, map and compare whole exports; nothing is sent.

    Raises:
        ExportError: An export was refused.
        Interrupted: A signal came.
        StateError: The spool or the state gave out.
    """
    ledger = Ledger()
    entries = _mapped(exports, rooms, ledger)
    while block := list(islice(entries, _BLOCK)):
        rooms.spool.add(block, accepted)
    rooms.spool.settle_duplicates(accepted)
    counts = rooms.spool.counts()
    ledger.merged = counts.get("merged", 0)
    ledger.items = sum(counts.values()) - ledger.merged
    ledger.unchanged = counts.get("unchanged", 0) + counts.get("renewed", 0)
    ledger.rejected = counts.get("rejected", 0)
    result = Result(None, ledger)
    if ledger.read == 0:
        names = ", ".join(exports)
        where = " or ".join(each.path.text for each in rooms.mapping.records)
        result.warnings.append(f"{names}: no record stands at {where}")
    return result


def _mapped(
    exports: Sequence[str], rooms: Rooms, ledger: Ledger
) -> Iterator[tuple[Item | Reject, Duplicates]]:
    codes: dict[tuple[str, str], str] = {}
    for name in exports:
        with open_export(name) as export:
            given = rooms.mapping.given(ledger.decisions, codes)
            gather(export, rooms.mapping, given, others=beside(name, rooms.others))
            for number, element, origin in records(export, rooms.mapping):
                rooms.stop.check()
                ledger.read += 1
                rooms.progress.reading(ledger.read)
                became = rooms.mapping.items(number, element, origin, given)
                if isinstance(became, Skipped):
                    ledger.skipped_by[became.reason] += 1
                else:
                    ledger.extra += len(became) - 1
                    yield from became


def foresee(result: Result, spool: Spool) -> None:
    """Count, in a plan that is not sent, what sending would create and update."""
    for change in spool.changes():
        if change.is_new:
            result.ledger.created += 1
        else:
            result.ledger.updated += 1
    result.ledger.check()


def sync(  # noqa: PLR0913  each a room's value, four of them keyword-only
    exports: Sequence[str],
    rooms: Rooms,
    *,
    state: State,
    pim: Pim,
    sending: Sending,
    now: Callable[[], datetime],
) -> Result:
    """Bring whole exports into the PIM, and keep what it said.

    Raises:
        BooksError: The books do not balance; what the PIM accepted is kept all the same.
        ExportError: An export was refused; nothing was sent.
        Interrupted: A signal came before anything was sent.
        StateError: The spool or the state gave out; what was in flight is sent again next time.
    """
    run = state.begin(
        command="sync", exports=exports, version=__version__, started=now().isoformat()
    )
    try:
        result = plan(exports, rooms, state)
        result.run = run
        state.note_rejects(run, rooms.spool.rejects())
        _renew(run, state, rooms.spool)
        _Sender(run, result, rooms, state=state, pim=pim, sending=sending).send()
        result.ledger.check()
    except StateError:
        raise
    except Erp2pimError as error:
        state.end(run, ended=now().isoformat(), exit_code=error.exit_code, ledger={})
        raise
    state.end(
        run, ended=now().isoformat(), exit_code=result.exit_code, ledger=result.ledger.counts()
    )
    return result


def _renew(run: int, state: State, spool: Spool) -> None:
    """Keep what is mapped otherwise than last time though it comes to what the PIM holds."""
    renewed = spool.changes("renewed")
    while block := list(islice(renewed, _BLOCK)):
        state.settle(run, accepted=block)


class _Sender:
    """A plan on its way to the PIM."""

    def __init__(  # noqa: PLR0913  the rooms that sending joins
        self,
        run: int,
        result: Result,
        rooms: Rooms,
        *,
        state: State,
        pim: Pim,
        sending: Sending,
    ) -> None:
        self._run = run
        self._result = result
        self._rooms = rooms
        self._state = state
        self._pim = pim
        self._sending = sending
        self._total = sum(1 for _ in rooms.spool.changes())
        self._done = 0

    def send(self) -> None:
        """Send batch after batch, so many at a time, until all is sent or something ends it."""
        lines = ((change, _line(change)) for change in self._rooms.spool.changes())
        waiting = batches(
            lines,
            max_lines=self._sending.batch_lines,
            max_bytes=MAX_BATCH_BYTES,
            size=lambda pair: len(pair[1].data) + 1,
        )
        under_way: set[Future[_Answered]] = set()
        with ThreadPoolExecutor(self._sending.workers) as workers:
            try:
                for batch in waiting:
                    if len(under_way) == self._sending.workers:
                        under_way = self._collect(under_way)
                    if self._is_over():
                        self._leave(batch)
                        break
                    under_way.add(workers.submit(self._exchange, batch))
                while under_way:
                    under_way = self._collect(under_way)
            except BaseException:
                self._rooms.stop.event.set()
                raise
        for batch in waiting:
            self._leave(batch)

    def _exchange(self, batch: Sequence[tuple[Change, Line]]) -> _Answered:
        """Send one batch and keep what the PIM said of it, before anything else is sent."""
        changes = [change for change, _ in batch]
        self._state.doubt(changes)
        outcomes = self._pim.upsert("products", [line for _, line in batch])
        answered = list(zip(changes, outcomes, strict=True))
        self._state.settle(
            self._run,
            accepted=[change for change, outcome in answered if isinstance(outcome, Taken)],
            refused=[
                (change, self._reject(change, outcome))
                for change, outcome in answered
                if isinstance(outcome, Refused)
            ],
        )
        return answered

    def _reject(self, change: Change, refused: Refused) -> Reject:
        place = (
            None if refused.attribute is None else self._rooms.mapping.place_of(refused.attribute)
        )
        return Reject(
            kind=change.kind,
            identifier=change.identifier,
            origin=change.origin,
            stage="pim",
            rule=place,
            message=refused.message,
            value=None,
        )

    def _collect(self, under_way: set[Future[_Answered]]) -> set[Future[_Answered]]:
        """Wait for one batch or more, and count what became of their lines."""
        done, others = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            for change, outcome in future.result():
                self._count(change, outcome)
        return others

    def _count(self, change: Change, outcome: Outcome) -> None:
        ledger = self._result.ledger
        match outcome:
            case Taken(created=created):
                if created and change.is_new:
                    ledger.created += 1
                else:
                    ledger.updated += 1
            case Refused():
                ledger.rejected += 1
            case Unanswered(cause=cause):
                ledger.not_sent += 1
                self._end(cause)
        self._done += 1
        self._rooms.progress.sending(self._done, self._total)

    def _leave(self, batch: Sequence[object]) -> None:
        self._result.ledger.not_sent += len(batch)

    def _is_over(self) -> bool:
        stop = self._rooms.stop
        if stop.event.is_set():
            self._end(Interrupted(stop.exit_code))
        return self._result.cause is not None

    def _end(self, cause: Erp2pimError) -> None:
        """Keep the first cause; a signal explains what the client could not do because of it."""
        if self._rooms.stop.event.is_set():
            cause = Interrupted(self._rooms.stop.exit_code)
        self._result.cause = self._result.cause or cause


def _line(change: Change) -> Line:
    return line("identifier", change.identifier, change.patch)
