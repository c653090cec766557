"""One batch on its way: sent, answered in part, cut smaller, until each line has its outcome.

Lines stay in doubt when the PIM answers 5xx for them, or nothing although they were alone in
their request. They are sent again, alone, at the end.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from erp2pim.errors import PimError
from erp2pim.model import Outcome, Refused, Unanswered
from erp2pim.pim.answers import Verdict, clean, forbidden, poisoned, verdicts
from erp2pim.pim.refusals import refusal, told, worn_out
from erp2pim.pim.reply import Reply
from erp2pim.pim.retry import Tries
from erp2pim.pim.wire import Line

_PROBES = 10
_SLOWEST_PROBE = 3
# All lines were refused at once; fewer may pass (413; 403 from a platform: rest-api/responses).
_TOO_MUCH = frozenset({HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.FORBIDDEN})
# The PIM began with the lines and did not come to an end.
_ABORTED = frozenset({HTTPStatus.OK, HTTPStatus.INTERNAL_SERVER_ERROR})


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines that travel together.

    Attributes:
        places: Their places in the batch.
        tries: The tries that they have.
        patience: After how many tries without any answer they are cut apart: one line can abort
            the whole request (recorded: `uuidp.values_null`).
    """

    places: tuple[int, ...]
    tries: Tries
    patience: int

    @property
    def impatient(self) -> bool:
        """Whether one more try without an answer is the last for these lines together."""
        return len(self.places) == 1 or self.tries.failed + 1 >= self.patience


class Sending:
    """The lines of one batch and what is known of them so far.

    Args:
        lines: The lines.
        send: Sends some of them once, in one request.
        tries: Gives the tries of such a request.
        attempts: How often a line is sent in all while the PIM does not settle it.
        where: The request, `METHOD /path`.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        send: Callable[[Sequence[Line]], Reply],
        tries: Callable[[], Tries],
        *,
        attempts: int,
        where: str,
    ) -> None:
        self._lines = lines
        self._send = send
        self._tries = tries
        self._attempts = attempts
        self._where = where
        self._known: dict[int, Outcome] = {}
        self._poisoned: list[int] = []
        self._doubts: dict[int, Verdict | Reply] = {}
        self._witness: int | None = None
        self._barren = 0

    def outcomes(self) -> list[Outcome]:
        """Send all lines; give one outcome for each, in order."""
        everything = range(len(self._lines))
        try:
            self._work([self._group(everything, patience=min(2, self._attempts))])
            self._work([self._group([each], patience=1) for each in reversed(self._poisoned)])
            self._settle_doubts()
            works = any(map(_aborted, self._doubts.values())) and self._still_works()
        except PimError as cause:
            unanswered = Unanswered(cause)
            return [self._known.get(each, unanswered) for each in everything]
        return [self._known.get(each) or self._in_the_end(each, works=works) for each in everything]

    def _work(self, groups: list[_Group]) -> None:
        """Send the groups, the last one first, and all parts into which they fall.

        A part takes its group's turn: lines are sent in order, but for those sent again.
        """
        while groups:
            group = groups.pop()
            if group.places:
                groups.extend(reversed(self._try(group)))

    def _try(self, group: _Group) -> list[_Group]:
        """Send a group once; give the groups that are to be sent next in its stead."""
        reply = self._send([self._lines[each] for each in group.places])
        left = self._read(group, reply) if reply.status == HTTPStatus.OK else group.places
        if len(left) == len(group.places):
            self._barren += 1
            return self._after_nothing(group, reply)
        self._barren = 0
        group.tries.restart()
        return [replace(group, places=left)]

    def _read(self, group: _Group, reply: Reply) -> tuple[int, ...]:
        """Note the lines that are answered; give the places of the others."""
        answered = verdicts(reply.body, [self._lines[each].identifier for each in group.places])
        poison = poisoned(answered)
        self._witness = group.places[min(answered)] if answered else self._witness
        for index, verdict in answered.items():
            place, outcome = group.places[index], verdict.outcome
            if outcome is None:
                self._doubt(place, verdict)
            elif index in poison:
                self._poisoned.append(place)
            else:
                self._settle(place, outcome)
        return tuple(each for i, each in enumerate(group.places) if i not in answered)

    def _after_nothing(self, group: _Group, reply: Reply) -> list[_Group]:
        """Decide what follows a try that answered no line: the same again, less, or the end."""
        if reply.status in _ABORTED:
            reply = replace(reply, fault=reply.fault or "no line was answered")
        if reply.status in _TOO_MUCH or (reply.status in _ABORTED and group.impatient):
            return self._apart(group, reply)
        if not reply.transient and reply.status not in _ABORTED:
            raise refusal(reply, where=self._where)
        group.tries.again(reply)
        return [group]

    def _apart(self, group: _Group, reply: Reply) -> list[_Group]:
        """Cut a group in two; set a line aside that is alone."""
        self._give_up_on_silence(reply)
        first, *others = group.places
        if not others:
            self._set_aside(first, reply)
            return []
        if reply.status in _ABORTED:
            group.tries.rest(min(self._barren, _SLOWEST_PROBE))
        middle = len(group.places) // 2
        halves = group.places[:middle], group.places[middle:]
        return [self._group(each, patience=1) for each in halves]

    def _set_aside(self, place: int, reply: Reply) -> None:
        """Deal with a line that got no answer of its own although it was alone.

        Raises:
            PimError: The PIM itself says that we have no right to send any line.
        """
        if reply.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            message = clean(f"the line is too large: {told(reply)}")
            self._settle(place, Refused(reply.status, message, None))
        elif reply.status == HTTPStatus.FORBIDDEN and forbidden(reply.body):
            raise refusal(reply, where=self._where)
        else:
            self._doubt(place, reply)

    def _give_up_on_silence(self, reply: Reply) -> None:
        """Stop cutting groups apart where it is not the lines that the PIM objects to.

        One bad line among good ones is found in as many tries as the batch can be halved, and a
        few in a row in some more.
        """
        limit = 2 * self._attempts + len(self._lines).bit_length()
        if self._barren <= limit:
            return
        if reply.status == HTTPStatus.FORBIDDEN:
            raise refusal(reply, where=self._where)
        if not self._still_works():
            raise worn_out(reply, attempts=self._barren, where=self._where)
        self._barren = 0

    def _settle_doubts(self) -> None:
        """Send the lines in doubt again, each alone, in rounds with growing waits between them."""
        for attempt in range(1, self._attempts):
            places = [each for each, doubt in self._doubts.items() if not _barred(doubt)]
            if not places:
                return
            self._tries().rest(attempt)
            self._probe(places)

    def _probe(self, places: Iterable[int]) -> None:
        """Send lines alone until some in a row stay in doubt: then the others wait for a round.

        One is enough where the PIM has not answered a single line yet.
        """
        failed = 0
        for place in places:
            self._work([self._group([place], patience=1)])
            failed = failed + 1 if place in self._doubts else 0
            if failed == (1 if self._witness is None else _PROBES):
                return

    def _still_works(self) -> bool:
        """Send a line again that the PIM has answered: does it fail on lines, or on everything?"""
        if self._witness is None:
            return False
        witness = self._lines[self._witness]
        reply = self._send([witness])
        return reply.status == HTTPStatus.OK and bool(verdicts(reply.body, [witness.identifier]))

    def _group(self, places: Iterable[int], *, patience: int) -> _Group:
        return _Group(tuple(places), self._tries(), patience)

    def _settle(self, place: int, outcome: Outcome) -> None:
        self._known[place] = outcome
        self._doubts.pop(place, None)

    def _doubt(self, place: int, doubt: Verdict | Reply) -> None:
        """Set a line aside, behind those that wait longer for their next try."""
        self._doubts.pop(place, None)
        self._doubts[place] = doubt

    def _in_the_end(self, place: int, *, works: bool) -> Outcome:
        """Give the outcome of a line that is still in doubt after its last try.

        Args:
            place: The line's place.
            works: Whether the PIM answers other lines.
        """
        doubt = self._doubts[place]
        if isinstance(doubt, Verdict):
            return doubt.refused()
        if works and _aborted(doubt):
            message = clean(f"the PIM fails on this line: {told(doubt)}")
            return Refused(doubt.status, message, None)
        if _barred(doubt):
            return Unanswered(refusal(doubt, where=self._where))
        return Unanswered(worn_out(doubt, attempts=self._attempts, where=self._where))


def _barred(doubt: Verdict | Reply) -> bool:
    """Tell whether something before the PIM forbade the request that held the line."""
    return isinstance(doubt, Reply) and doubt.status == HTTPStatus.FORBIDDEN


def _aborted(doubt: Verdict | Reply) -> bool:
    """Tell whether the PIM itself failed on the whole request that held the line."""
    return isinstance(doubt, Reply) and doubt.status == HTTPStatus.INTERNAL_SERVER_ERROR
