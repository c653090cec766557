"""The files of one item on their way to the PIM."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import cast

from erp2pim.model import Accepted, Body, Json, Outcome, Refused, Unanswered
from erp2pim.pim import Pim, Upload
from erp2pim.place import Place
from erp2pim.plan.change import Change
from erp2pim.plan.compare import MEDIA, parts
from erp2pim.plan.stages import so_far
from erp2pim.run.files import UnsendableError, most_bytes, pieces
from erp2pim.run.values import Rooms
from erp2pim.source.web import UnfetchableError, Web

NOT_ASKED = 0


@dataclass(frozen=True, slots=True)
class Sendable:
    """A file of a change.

    Attributes:
        place: Its cell.
        ready: Gets it ready to be uploaded, for as long as the block lasts.
    """

    place: Place
    ready: Callable[[], AbstractContextManager[Upload]]


def sendables(change: Change, rooms: Rooms) -> Sequence[Sendable]:
    """Give the files of a change, in the form in which the plan has told them."""
    return [
        _sendable(change, place, cast("Mapping[str, Json]", content), rooms)
        for place, content in parts(change.media)
    ]


def _sendable(change: Change, place: Place, content: Mapping[str, Json], rooms: Rooms) -> Sendable:
    upload = partial(
        Upload,
        kind=change.kind,
        identifier=change.identifier,
        attribute=place.name,
        locale=place.locale,
        scope=place.scope,
        name=str(content["name"]),
    )
    if "address" in content:
        most = most_bytes(rooms.mapping.structure, place.name)
        address = str(content["address"])
        return Sendable(place, partial(_fetched, rooms.web, address, most, upload))
    size, digest = cast("int", content["size"]), str(content["digest"])
    read = partial(pieces, rooms.spool.path_of(digest), size, digest)
    whole = upload(size=size, digest=digest, pieces=read)
    return Sendable(place, lambda: nullcontext(whole))


@contextmanager
def _fetched(
    web: Web, address: str, most: int | None, upload: Callable[..., Upload]
) -> Generator[Upload]:
    with web.fetched(address, most) as file:
        yield upload(size=file.size, digest=file.digest, pieces=file.pieces)


def upload_all(
    change: Change, files: Sequence[Sendable], *, pim: Pim, keep: Callable[[Change], None]
) -> Outcome:
    """Upload the files of an item; one that is refused does not hold back the others.

    Args:
        change: The item, which is there.
        files: Its files.
        pim: Where they go.
        keep: Keeps what the PIM holds, durably: before the first file is under way, and after each
            that it took.
    """
    missing: Body = change.links if change.was_refused else {}
    left = [each.place for each in files]
    refusals: list[Refused] = []
    keep(so_far(change, {**missing, **_pending(left)}))
    for file in files:
        match outcome := _upload(file, pim, look_first=not change.was_created):
            case Accepted():
                left.remove(file.place)
                keep(so_far(change, {**missing, **_pending(left)}))
            case Refused():
                refusals.append(outcome)
            case Unanswered():
                return outcome
    if not refusals:
        return Accepted(created=False)
    message = "; ".join(each.message for each in refusals)
    return Refused(refusals[0].status, message, refusals[0].attribute)


def _upload(file: Sendable, pim: Pim, *, look_first: bool) -> Outcome:
    try:
        with file.ready() as upload:
            return pim.upload(upload, look_first=look_first)
    except (UnsendableError, UnfetchableError) as error:
        return Refused(NOT_ASKED, f"{file.place}: {error}", file.place.name)


def _pending(left: Sequence[Place]) -> Body:
    """Give the cells of files that are still to be sent."""
    cells: dict[str, list[Json]] = {}
    for place in left:
        cells.setdefault(place.name, []).append({"locale": place.locale, "scope": place.scope})
    return {MEDIA: cells} if cells else {}
