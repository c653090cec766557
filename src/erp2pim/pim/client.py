"""The client: one PIM, one account, some workers."""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TypeVar

import orjson

from erp2pim.model import Json, Outcome
from erp2pim.pim.pace import Pace
from erp2pim.pim.patience import GIVE_UP_AFTER_S
from erp2pim.pim.refusals import refusal, unauthorised
from erp2pim.pim.reply import Reply
from erp2pim.pim.retry import Tries, ask
from erp2pim.pim.tokens import Credentials, Tokens
from erp2pim.pim.transport import Call, Transport
from erp2pim.pim.uploads import FILES, Form, Upload, Uploading
from erp2pim.pim.upsert import Sending
from erp2pim.pim.wire import ROOT, Line

T = TypeVar("T")

_LINES = "application/vnd.akeneo.collection+json"


class Pim:
    """An Akeneo PIM; up to four worker threads may use one at the same time.

    Args:
        url: The PIM's address.
        credentials: Those of a connection.
        timeout_s: The longest silence that is waited for.
        attempts: How often a request is sent in all before it is given up.
        give_up_after_s: How long all workers together wait in all while nothing useful comes.
        stop: Once set, no request begins and every wait ends; what is under way is finished.
        jitter: A number from 0 to 1 for each wait.
        clock: Monotonic seconds.
        sleep: Waits so many seconds; by default until `stop` is set, if that is sooner.
    """

    def __init__(  # noqa: PLR0913  # each is a value of its own, six of them keyword-only
        self,
        url: str,
        credentials: Credentials,
        *,
        timeout_s: float = 60,
        attempts: int = 6,
        give_up_after_s: float = GIVE_UP_AFTER_S,
        stop: threading.Event,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self._attempts = attempts
        self._jitter = jitter
        self._pace = Pace(
            stop=stop, clock=clock, sleep=sleep or stop.wait, give_up_after_s=give_up_after_s
        )
        self._transport = Transport(url, self._pace, timeout_s=timeout_s, clock=clock)
        self._tokens = Tokens(self._transport.send, self._tries, credentials, clock=clock)

    @property
    def requests(self) -> int:
        """All HTTP requests so far, of all threads, also those for tokens and repeated ones."""
        return self._transport.requests

    @property
    def patch_requests(self) -> int:
        """The PATCH requests among them."""
        return self._transport.patch_requests

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Json:
        """Read a resource.

        Args:
            path: Its path below the PIM's address, such as `/api/rest/v1/channels`.
            params: Its query, not encoded yet.

        Raises:
            PimError: There is no such answer to be had.
        """
        call = Call("GET", path, params=params)
        return _allowed(call, self._ask(call, _json))

    def find(self, path: str) -> Json:
        """Read a resource that may not be there: None then.

        Raises:
            PimError: There is no such answer to be had.
        """
        call = Call("GET", path)
        answer = self._ask(call, _json)
        if isinstance(answer, Reply) and answer.status == HTTPStatus.NOT_FOUND:
            return None
        return _allowed(call, answer)

    def ask_to_write(self, resource: str) -> None:
        """Ask for the right to write what `upsert` writes, with a batch without lines.

        The PIM looks at the role before it reads a line (Akeneo, ProductController and
        AttributeOptionController), and what has no line changes nothing (recorded).

        Raises:
            PimError: There is no such right, or no answer to be had.
        """
        call = Call("PATCH", f"{ROOT}/{resource}", body=b"", content_type=_LINES)
        _allowed(call, self._ask(call, lambda _: None))

    def upsert(self, resource: str, lines: Sequence[Line]) -> list[Outcome]:
        """Create or update items or options: one batch, sent until each line has an answer.

        PATCH is idempotent, so a line whose answer was lost is sent again.

        Args:
            resource: Where the lines belong: `products`, `attributes/color/options` ….
            lines: At most as many as the PIM takes at once (100); no two of one identity.

        Returns:
            One outcome for each line, in order. Whatever stops the batch is in the outcomes of
            the lines that have no answer, never raised.
        """
        path = f"{ROOT}/{resource}"

        def send(some: Sequence[Line]) -> Reply:
            body = b"\n".join(line.data for line in some)
            return self._send(Call("PATCH", path, body=body, content_type=_LINES))

        return Sending(
            lines,
            send,
            lambda: self._tries(Call("PATCH", path)),
            attempts=self._attempts,
            where=f"PATCH {path}",
        ).outcomes()

    def upload(self, upload: Upload, *, look_first: bool) -> Outcome:
        """Put a file into a cell of an item that is there.

        Args:
            upload: The file and the cell.
            look_first: Whether the cell may hold the file already, as where an earlier answer was
                lost. After an answer that is lost now, it is looked for in any case.

        Returns:
            What became of it. Whatever stops it is in there, but for what its pieces raise.
        """
        form = Form(upload)
        call = Call("POST", FILES, body=form, content_type=form.content_type, is_repeatable=False)
        return Uploading(
            upload, lambda: self._send(call), self.find, self._digest, self._tries(call)
        ).outcome(look_first=look_first)

    def _digest(self, path: str) -> str:
        """Give the SHA-256 of what a path gives, in hexadecimal digits; empty where nothing does.

        Raises:
            PimError: There is no such answer to be had.
        """
        call = Call("GET", path, is_digested=True)
        answer = self._ask(call, _hexadecimal)
        return "" if isinstance(answer, Reply) else answer

    def _ask(self, call: Call, read: Callable[[bytes], T]) -> T | Reply:
        return ask(lambda: self._send(call), self._tries(call), read=read)

    def _send(self, call: Call) -> Reply:
        """Send a call once, with a token; once more, with another, if that one is refused."""
        token = self._tokens.current()
        reply = self._transport.send(call, f"Bearer {token}")
        if reply.status != HTTPStatus.UNAUTHORIZED:
            return reply
        reply = self._transport.send(call, f"Bearer {self._tokens.instead_of(token)}")
        if reply.status == HTTPStatus.UNAUTHORIZED:
            raise unauthorised(str(call))
        return reply

    def _tries(self, call: Call) -> Tries:
        return Tries(str(call), attempts=self._attempts, pace=self._pace, jitter=self._jitter)


def _allowed(call: Call, answer: T | Reply) -> T:
    if isinstance(answer, Reply):
        raise refusal(answer, where=str(call))
    return answer


def _hexadecimal(digest: bytes) -> str:
    if not digest:
        raise ValueError("the file was cut")
    return digest.hex()


def _json(body: bytes) -> Json:
    answer: Json = orjson.loads(body)
    return answer
