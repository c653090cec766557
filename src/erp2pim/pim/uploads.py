"""One file on its way into a cell of an item.

Each upload makes another file in the PIM, also of what it has already (recorded:
`media.same_file_again`). So an answer that was lost is not made up for by asking again: the cell
is read first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import quote

import orjson
import requests

from erp2pim.errors import PimError
from erp2pim.model import Accepted, Json, Kind, Outcome, Refused, Unanswered
from erp2pim.pim.answers import clean, forbidden, names_another, verdict, words
from erp2pim.pim.refusals import refusal, told
from erp2pim.pim.reply import Reply
from erp2pim.pim.retry import Tries
from erp2pim.pim.wire import ROOT

FILES = f"{ROOT}/media-files"
# The PIM looked at the file and does not take it, or something before the PIM does not.
_REFUSED = frozenset({400, 403, 413, 415, 422})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file and the cell that it is for.

    Attributes:
        kind: What the item is.
        identifier: Its identifier or code.
        attribute: The attribute's code.
        locale: The cell's locale; None where it has none.
        scope: The cell's channel; None where it has none.
        name: The file's name.
        size: Its bytes.
        digest: SHA-256 of them, in hexadecimal digits.
        pieces: Reads them from the start. What it raises, when the file is not what it was, comes
            back to whoever uploads it, and the PIM gets no whole file.
    """

    kind: Kind
    identifier: str
    attribute: str
    locale: str | None
    scope: str | None
    name: str
    size: int
    digest: str
    pieces: Callable[[], Iterator[bytes]] = field(repr=False)

    @property
    def target(self) -> tuple[str, str]:
        """Give the form's field that names the cell, and its JSON."""
        key = "identifier" if self.kind == "product" else "code"
        cell = {"attribute": self.attribute, "locale": self.locale, "scope": self.scope}
        return self.kind, orjson.dumps({key: self.identifier, **cell}).decode()

    @property
    def item(self) -> str:
        """Give the path of the item."""
        resource = "products" if self.kind == "product" else "product-models"
        return f"{ROOT}/{resource}/{quote(self.identifier, safe='')}"


class Form:
    """A form whose last field is a file, which is read while it is sent: requests reads it whole.

    Attributes:
        content_type: What it is, with the mark that stands between its fields.
    """

    def __init__(self, upload: Upload) -> None:
        """Write all but the file, the way requests writes it."""
        field_name, text = upload.target
        fields = [(field_name, (None, text)), ("file", (upload.name, b""))]
        written = requests.Request("POST", "http://pim", files=fields).prepare()
        self.content_type = written.headers["Content-Type"]
        whole = written.body if isinstance(written.body, bytes) else b""
        self._end = f"\r\n--{self.content_type.rpartition('=')[2]}--\r\n".encode()
        self._start = whole.removesuffix(self._end)
        self._upload = upload

    def __len__(self) -> int:
        """Count the bytes, so that they need not be sent in chunks."""
        return len(self._start) + self._upload.size + len(self._end)

    def __iter__(self) -> Iterator[bytes]:
        """Give the bytes, anew each time."""
        yield self._start
        yield from self._upload.pieces()
        yield self._end


class Uploading:
    """One upload, tried until it is known what became of it."""

    def __init__(
        self,
        upload: Upload,
        send: Callable[[], Reply],
        find: Callable[[str], Json],
        digest: Callable[[str], str],
        tries: Tries,
    ) -> None:
        """Begin with nothing sent.

        Args:
            upload: The file and its cell.
            send: Sends it once.
            find: Reads a resource; None where it is not there.
            digest: Gives the SHA-256 of what a path gives.
            tries: How often it may be sent.
        """
        self._upload = upload
        self._send = send
        self._find = find
        self._digest = digest
        self._tries = tries

    def outcome(self, *, look_first: bool) -> Outcome:
        """Upload the file unless its cell holds it already.

        Args:
            look_first: Whether the cell may hold it before anything was sent.
        """
        try:
            if look_first and self._is_there():
                return Accepted(created=False)
            return self._settled()
        except PimError as cause:
            return Unanswered(cause)

    def _settled(self) -> Outcome:
        while True:
            reply = self._send()
            if reply.status == HTTPStatus.CREATED:
                self._tries.restart()
                return Accepted(created=False)
            if reply.status == HTTPStatus.OK:  # a page of something before the PIM
                reply = replace(reply, status=0, fault=reply.fault or "HTTP 200, not 201")
            if not reply.transient:
                return self._refused(reply)
            if self._tries.is_last and reply.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                return self._failed(reply)
            self._tries.again(reply)
            if self._is_there():
                return Accepted(created=False)

    def _refused(self, reply: Reply) -> Outcome:
        """Give what the PIM has against this file.

        Raises:
            PimError: It has something against all of them.
        """
        no_right = reply.status == HTTPStatus.FORBIDDEN and forbidden(reply.body)
        if reply.status not in _REFUSED or no_right:
            raise refusal(reply, where=f"POST {FILES}")
        if not words(reply.body):
            message = clean(f"the file was refused: {told(reply)}")
            return Refused(reply.status, message, self._upload.attribute)
        said = verdict(reply.status, reply.body)
        return Refused(said.status, said.message, said.attribute or self._upload.attribute)

    def _failed(self, reply: Reply) -> Outcome:
        """Tell a PIM that fails on this file, though it answers what it is asked of the item."""
        if self._is_there():
            return Accepted(created=False)
        message = clean(f"the PIM fails on this file: {told(reply)}")
        return Refused(reply.status, message, self._upload.attribute)

    def _is_there(self) -> bool:
        """Say whether the cell holds these very bytes under this name.

        Name and size are asked first: a file that has others need not be read.
        """
        code = self._code()
        if code is None:
            return False
        path = f"{FILES}/{quote(code)}"
        file = _object(self._find(path))
        if (file.get("original_filename"), file.get("size")) != (
            self._upload.name,
            self._upload.size,
        ):
            return False
        return self._digest(f"{path}/download") == self._upload.digest

    def _code(self) -> str | None:
        """Give the code of the file that the cell holds."""
        found = _object(self._find(self._upload.item))
        if names_another(found, self._upload.identifier):
            return None
        values = _object(found.get("values"))
        cells = values.get(self._upload.attribute, ())
        for cell in map(_object, cells if isinstance(cells, list) else ()):
            place = cell.get("locale"), cell.get("scope")
            code = cell.get("data")
            if place == (self._upload.locale, self._upload.scope) and isinstance(code, str):
                return code
        return None


def _object(answer: Json) -> Mapping[str, Json]:
    return answer if isinstance(answer, Mapping) else {}
