"""Options that items need: which of them the PIM lacks, and how they come there."""

from collections.abc import Iterator, Sequence

from erp2pim.errors import PimError, RefusalError
from erp2pim.model import Accepted, Refused, Unanswered
from erp2pim.pim import Line, Pim, batches, line
from erp2pim.plan.options import Lacking, NewOption
from erp2pim.run.catalogue import options_path, options_resource
from erp2pim.run.pages import object_of, pages
from erp2pim.run.values import Result, Rooms


def ask(rooms: Rooms, result: Result) -> None:
    """Leave of a plan's options those that the PIM does not have: what it has stays as it is.

    Those of a select whose options may not be read cannot be made; the result's warnings say so.

    Raises:
        Interrupted: A signal came.
        PimError: The PIM gives no answer.
    """
    if rooms.pim is None:
        return
    with rooms.stop.explaining():
        result.warnings.extend(_strike_out(rooms.spool.options, rooms.pim))


def _strike_out(lacking: Lacking, pim: Pim) -> Iterator[str]:
    for attribute in lacking.attributes():
        try:
            lacking.drop(attribute, _held(pim, attribute))
        except RefusalError as error:
            lacking.fail(lacking.of(attribute), str(error))
            yield f"the options of {attribute} cannot be read: {error}"


def _held(pim: Pim, attribute: str) -> Iterator[str]:
    path = options_path(attribute)
    for option in pages(pim, path):
        code = object_of(option).get("code")
        if not isinstance(code, str):
            raise PimError("the PIM lists an option without a code", where=f"GET {path}")
        yield code


def make(pim: Pim, lacking: Lacking, *, batch_lines: int, max_bytes: int) -> Iterator[NewOption]:
    """Make the options that the PIM lacks; give each that it took, and note why it refuses others.

    Raises:
        PimError: The PIM gives no answer; what is left was not made.
    """
    for attribute in lacking.attributes():
        lines = (
            (option, line("code", option.code, {"labels": option.labels}))
            for option in lacking.of(attribute)
        )
        for batch in batches(lines, max_lines=batch_lines, max_bytes=max_bytes, size=_size):
            yield from _made(pim, lacking, attribute, batch)


def _size(pair: tuple[NewOption, Line]) -> int:
    return len(pair[1].data) + 1


def _made(
    pim: Pim, lacking: Lacking, attribute: str, batch: Sequence[tuple[NewOption, Line]]
) -> Iterator[NewOption]:
    outcomes = pim.upsert(options_resource(attribute), [each for _, each in batch])
    unanswered: list[PimError] = []
    for (option, _), outcome in zip(batch, outcomes, strict=True):
        match outcome:
            case Accepted():
                yield option
            case Refused(message=message):
                lacking.fail([option], message)
            case Unanswered(cause=RefusalError() as cause):
                lacking.fail([option], str(cause))
            case Unanswered(cause=cause):
                unanswered.append(cause)
    if unanswered:
        raise unanswered[0]
