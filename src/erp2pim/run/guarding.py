"""A plan held against its guards before anything is sent."""

from collections.abc import Iterator, Sequence

from erp2pim.errors import Erp2pimError, GuardError
from erp2pim.plan.guards import figures
from erp2pim.run.drift import drift
from erp2pim.run.values import Result, Rooms


def trips(rooms: Rooms, result: Result) -> Iterator[str]:
    """Give the figures of every guard that a plan trips.

    Drift of the PIM's structure that is only warned of is among the result's warnings.

    Raises:
        Interrupted: A signal came.
        PimError: The PIM cannot be read, and drift is to stop the run.
    """
    if rooms.guards.drift == "stop":
        yield from drift(rooms, result)
    else:
        result.warnings.extend(drift(rooms, result))
    yield from rooms.guards.trips_on_options(rooms.spool.options.counts())
    if rooms.guards.limits:
        items, rejected = result.ledger.items, result.ledger.rejected
        found = figures(rooms.spool.changes(), items=items, rejected=rejected)
        yield from rooms.guards.trips(found)


def guard(exports: Sequence[str], rooms: Rooms, result: Result) -> None:
    """End a run whose plan trips a guard: what it would send counts as not sent.

    Where it is forced, the run goes on with a warning.

    Raises:
        Interrupted: A signal came.
        PimError: The PIM cannot be read, and drift is to stop the run.
    """
    found = list(trips(rooms, result))
    if rooms.force:
        result.warnings.extend(f"sent all the same, by --force: {each}" for each in found)
    elif found:
        tripped = GuardError(
            "; ".join(found),
            where=", ".join(exports),
            fix="look at it with erp2pim diff; if it is right, erp2pim sync --force sends it, and"
            " guards in the configuration says what may be sent without asking",
        )
        send_nothing(rooms, result, tripped)


def send_nothing(rooms: Rooms, result: Result, cause: Erp2pimError) -> None:
    """End a run before anything is sent: all that its plan would send counts as not sent."""
    result.ledger.not_sent += rooms.spool.counts().get("changed", 0)
    result.cause = cause
