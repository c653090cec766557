"""The files of one item on their way to the PIM."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import cast

from erp2pim.model import Accepted, Body, Json, Outcome, Refused, Unanswered
from erp2pim.pim import Pim, Upload
from erp2pim.plan.change import Change
from erp2pim.plan.compare import MEDIA, Part, parts
from erp2pim.plan.spool import Spool
from erp2pim.plan.stages import so_far
from erp2pim.run.files import UnsendableError, pieces

NOT_ASKED = 0


def uploads_of(change: Change, spool: Spool) -> Sequence[Upload]:
    """Give the files of a change, each with its cell."""
    return [
        _upload_of(change, part, cast("Mapping[str, Json]", content), spool)
        for part, content in parts(change.media)
    ]


def _upload_of(change: Change, part: Part, content: Mapping[str, Json], spool: Spool) -> Upload:
    """Give a file that was looked at and that the plan has told by name, size and digest."""
    size, digest = cast("int", content["size"]), str(content["digest"])
    return Upload(
        kind=change.kind,
        identifier=change.identifier,
        attribute=part.name,
        locale=part.locale,
        scope=part.scope,
        name=str(content["name"]),
        size=size,
        digest=digest,
        pieces=partial(pieces, spool.path_of(digest), size, digest),
    )


def upload_all(
    change: Change, uploads: Sequence[Upload], *, pim: Pim, keep: Callable[[Change], None]
) -> Outcome:
    """Upload the files of an item; one that is refused does not hold back the others.

    Args:
        change: The item, which is there.
        uploads: Its files.
        pim: Where they go.
        keep: Keeps what the PIM holds, durably: before the first file is under way, and after each
            that it took.
    """
    missing: Body = change.links if change.was_refused else {}
    left = list(uploads)
    refusals: list[Refused] = []
    keep(so_far(change, {**missing, **_pending(left)}))
    for upload in uploads:
        match outcome := _upload(upload, pim, look_first=not change.was_created):
            case Accepted():
                left.remove(upload)
                keep(so_far(change, {**missing, **_pending(left)}))
            case Refused():
                refusals.append(outcome)
            case Unanswered():
                return outcome
    if not refusals:
        return Accepted(created=False)
    message = "; ".join(each.message for each in refusals)
    return Refused(refusals[0].status, message, refusals[0].attribute)


def _upload(upload: Upload, pim: Pim, *, look_first: bool) -> Outcome:
    try:
        return pim.upload(upload, look_first=look_first)
    except UnsendableError as error:
        return Refused(NOT_ASKED, f"{upload.name}: {error}", upload.attribute)


def _pending(uploads: Sequence[Upload]) -> Body:
    """Give the cells of files that are still to be sent."""
    cells: dict[str, list[Json]] = {}
    for each in uploads:
        place = {"locale": each.locale, "scope": each.scope}
        cells.setdefault(each.attribute, []).append(place)
    return {MEDIA: cells} if cells else {}
