"""A plan on its way to the PIM."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeAlias

from erp2pim.errors import Erp2pimError, Interrupted, PimError
from erp2pim.model import Accepted, Body, Outcome, Refused, Reject, Unanswered, identity
from erp2pim.pim import Line, batches, line
from erp2pim.plan.change import Change
from erp2pim.plan.options import chosen
from erp2pim.plan.stages import Stage
from erp2pim.run.options import make
from erp2pim.run.uploading import Sendable, sendables, upload_all
from erp2pim.run.values import Result, Rooms, Sending
from erp2pim.state.store import State

MAX_BATCH_BYTES = 1_000_000

_Batch: TypeAlias = Sequence[tuple[Change, Line]]
_Answered: TypeAlias = Sequence[tuple[Change, Outcome]]


class _Job(NamedTuple):
    """What one worker does at a time.

    Attributes:
        changes: Whose share it sends.
        work: Sends it, and gives what became of each.
    """

    changes: Sequence[Change]
    work: Callable[[], _Answered]


class Sender:
    """Sends a plan stage by stage: models before what stands below them, files last."""

    def __init__(
        self,
        run: int,
        result: Result,
        rooms: Rooms,
        *,
        state: State,
        sending: Sending,
    ) -> None:
        """Begin with nothing sent.

        Args:
            run: The run's number.
            result: Where outcomes are counted.
            rooms: What the run joins.
            state: Where outcomes are kept.
            sending: How many at once.
        """
        self._run = run
        self._result = result
        self._rooms = rooms
        self._state = state
        self._sending = sending
        self._total = rooms.spool.counts().get("changed", 0)
        self._done = 0
        self._failed_models: dict[str, str] = {}
        self._failed_options: Mapping[str, Mapping[str, str]] = {}

    def send(self) -> None:
        """Send all stages until all is sent or something ends it; the rest counts as not sent."""
        self._note_models_without_hope()
        self._make_options()
        for stage in Stage:
            jobs = self._jobs(stage)
            with ThreadPoolExecutor(self._sending.workers) as workers:
                try:
                    self._send_stage(stage, jobs, workers)
                except BaseException:
                    self._rooms.stop.event.set()
                    raise
            for job in jobs:
                self._leave(job.changes)

    def _make_options(self) -> None:
        """Make the options that the PIM lacks, and note those that it does not take."""
        options = self._rooms.spool.options
        lines = self._sending.batch_lines
        try:
            made = make(self._sending.pim, options, batch_lines=lines, max_bytes=MAX_BATCH_BYTES)
            for _ in made:
                self._result.options_made += 1
        except PimError as cause:
            self._end(cause)
        self._failed_options = options.causes()

    def _send_stage(
        self, stage: Stage, waiting: Iterator[_Job], workers: ThreadPoolExecutor
    ) -> None:
        under_way: set[Future[_Answered]] = set()
        for job in waiting:
            if len(under_way) == self._sending.workers:
                under_way = self._collect(stage, under_way)
            if self._is_over():
                self._leave(job.changes)
                break
            under_way.add(workers.submit(job.work))
        while under_way:
            under_way = self._collect(stage, under_way)

    def _jobs(self, stage: Stage) -> Iterator[_Job]:
        changes = (each for each in self._rooms.spool.stage(stage) if not self._held(stage, each))
        if stage.share == "media":
            for change in changes:
                files = sendables(change, self._rooms)
                yield _Job([change], partial(self._upload, change, files))
            return
        for batch in batches(
            ((each, line(stage.key, each.identifier, stage.body(each))) for each in changes),
            max_lines=self._sending.batch_lines,
            max_bytes=MAX_BATCH_BYTES,
            size=lambda pair: len(pair[1].data) + 1,
        ):
            changes_of_it = [change for change, _ in batch]
            yield _Job(changes_of_it, partial(self._exchange, stage, batch))

    def _exchange(self, stage: Stage, batch: _Batch) -> _Answered:
        """Send one batch and keep what the PIM said of it, before anything else is sent."""
        changes = [change for change, _ in batch]
        self._state.doubt(changes)
        outcomes = self._sending.pim.upsert(stage.resource, [line for _, line in batch])
        answered = list(zip(changes, outcomes, strict=True))
        self._state.settle(
            self._run,
            accepted=[
                stage.so_far(change)
                for change, outcome in answered
                if isinstance(outcome, Accepted)
            ],
            refused=[
                (stage.after(change), self._reject(change, outcome))
                for change, outcome in answered
                if isinstance(outcome, Refused)
            ],
        )
        return answered

    def _upload(self, change: Change, files: Sequence[Sendable]) -> _Answered:
        """Send the files of one item, and keep what the PIM said of each before the next one."""
        outcome = upload_all(
            change,
            files,
            pim=self._sending.pim,
            keep=lambda held: self._state.settle(self._run, accepted=[held]),
        )
        if isinstance(outcome, Refused):
            reject = self._reject(change, outcome)
            self._state.settle(self._run, accepted=(), refused=[(change, reject)])
        return [(change, outcome)]

    def _reject(self, change: Change, refused: Refused) -> Reject:
        attribute = refused.attribute
        place = None if attribute is None else self._rooms.mapping.place_of(attribute, change.kind)
        reject = _refusal(change, refused.message, place)
        return reject if refused.status else replace(reject, stage="mapping")

    def _collect(self, stage: Stage, under_way: set[Future[_Answered]]) -> set[Future[_Answered]]:
        """Wait for one batch or more, and count what became of their lines."""
        done, others = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            for change, outcome in future.result():
                self._count(stage, change, outcome)
        return others

    def _count(self, stage: Stage, change: Change, outcome: Outcome) -> None:
        """Count what became of a change, unless more of it is sent in a later stage."""
        match outcome:
            case Accepted(created=created):
                created = change.was_created or (created and change.is_new)
                change = replace(change, was_created=created)
            case Refused() if stage.share == "links":
                change = replace(change, was_refused=True)
            case Refused(message=message):
                if stage.share == "patch":
                    self._note_model(change, message)
            case Unanswered(cause=cause):
                self._end(cause)
        share = stage.next(change)
        if share is not None and (change.was_refused or isinstance(outcome, Accepted)):
            self._rooms.spool.go_on(change, share)
        else:
            self._book(change, outcome)
            if not isinstance(outcome, Unanswered):
                self._tell()

    def _book(self, change: Change, outcome: Outcome | None) -> None:
        """Count an item, once; of None nobody asked the PIM."""
        ledger = self._result.ledger
        if change.was_refused or isinstance(outcome, Refused):
            ledger.rejected += 1
        elif not isinstance(outcome, Accepted):
            ledger.not_sent += 1
        elif change.was_created:
            ledger.created += 1
        else:
            ledger.updated += 1

    def _tell(self) -> None:
        self._done += 1
        self._rooms.progress.sending(self._done, self._total)

    def _note_models_without_hope(self) -> None:
        """Note the models that the mapping refused and that the PIM is not known to have."""
        for reject in self._rooms.spool.rejects():
            if reject.kind == "product_model" and reject.identifier is not None:
                key = identity(reject.identifier)
                if not self._state.fingerprints("product_model", [key]):
                    self._failed_models[key] = f"{reject.identifier}: {reject.message}"

    def _held(self, stage: Stage, change: Change) -> bool:
        """Refuse, without asking the PIM, what needs a model or an option that is not there."""
        parent = change.whole.get("parent")
        above = self._failed_models.get(identity(parent)) if isinstance(parent, str) else None
        lacking = self._failed_option(stage.body(change))
        if above is not None:
            self._refuse(change, f"the model above it was refused: {above}", None)
            if change.kind == "product_model":
                self._failed_models[change.key] = above
        elif lacking is not None:
            attribute, cause = lacking
            self._refuse(change, cause, self._rooms.mapping.place_of(attribute, change.kind))
            self._note_model(change, cause)
        return above is not None or lacking is not None

    def _failed_option(self, body: Body) -> tuple[str, str] | None:
        """Give an attribute of which a body names an option that could not be made, and why."""
        for attribute, found in chosen(body, self._failed_options):
            cause = self._failed_options[attribute].get(found)
            if cause is not None:
                return attribute, cause
        return None

    def _refuse(self, change: Change, message: str, place: str | None) -> None:
        reject = _refusal(change, message, place)
        self._state.settle(self._run, accepted=(), refused=[(change, reject)])
        self._result.ledger.rejected += 1
        self._tell()

    def _note_model(self, change: Change, message: str) -> None:
        """Note a refused model, unless the PIM has it from an earlier run."""
        if change.is_new and change.kind == "product_model":
            self._failed_models[change.key] = f"{change.identifier}: {message}"

    def _leave(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self._book(change, None)

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


def _refusal(change: Change, message: str, place: str | None) -> Reject:
    return Reject(
        kind=change.kind,
        identifier=change.identifier,
        origin=change.origin,
        stage="pim",
        rule=place,
        message=message,
        value=None,
    )
