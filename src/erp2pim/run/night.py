"""The nightly run: whole exports into the PIM."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from erp2pim import __version__
from erp2pim.errors import Erp2pimError, PimError, StateError
from erp2pim.plan.spool import Spool
from erp2pim.run.guarding import guard, send_nothing
from erp2pim.run.options import ask
from erp2pim.run.planning import plan
from erp2pim.run.sending import Sender
from erp2pim.run.values import Result, Rooms, Sending
from erp2pim.state.store import State

_BLOCK = 100


def sync(
    exports: Sequence[str],
    rooms: Rooms,
    *,
    state: State,
    sending: Sending,
    now: Callable[[], datetime],
) -> Result:
    """Bring whole exports into the PIM, and keep what it said.

    A plan that trips a guard is not sent; the result's cause says which.

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
        with state.view():
            result = plan(exports, rooms, state)
        result.run = run
        state.note_rejects(run, rooms.spool.rejects())
        _guard(exports, rooms, result)
        if result.cause is None and result.taken is not None:
            state.take(replace(result.taken, run=run))
            result.warnings.extend(_new_paths(result, state, run))
            _renew(run, state, rooms.spool)
            Sender(run, result, rooms, state=state, sending=sending).send()
        result.ledger.check()
    except StateError:
        raise
    except Erp2pimError as error:
        state.end(run, ended=now().isoformat(), exit_code=error.exit_code, ledger={})
        raise
    state.end(run, ended=now().isoformat(), exit_code=result.exit_code, ledger=result.counts())
    return result


def _guard(exports: Sequence[str], rooms: Rooms, result: Result) -> None:
    """Hold a plan against the PIM's options and against the guards."""
    try:
        ask(rooms, result)
    except PimError as error:
        send_nothing(rooms, result, error)
    else:
        guard(exports, rooms, result)


def _renew(run: int, state: State, spool: Spool) -> None:
    """Keep what is mapped otherwise than last time though it comes to what the PIM holds."""
    renewed = spool.changes("renewed")
    while block := list(islice(renewed, _BLOCK)):
        state.settle(run, accepted=block)


def _new_paths(result: Result, state: State, run: int) -> Iterator[str]:
    """Give a warning for each path that no record had in earlier runs; none in the first run."""
    paths = list(result.layout.counts())
    known = state.paths()
    for path in paths:
        if known and path not in known:
            yield f"{path} is new: no record had it in earlier runs"
    state.note_paths(run, paths)
