"""`&` in files that are not well-formed, mended before a recovering parser reads them.

Behind the first mistake, libxml2 leaves out every entity, `&amp;` and `&lt;` too, and tells nobody
(`xmlParseReference` in its parser.c). References to characters (`&#38;`) it never leaves out. So
they stand here for every entity that is known, and for a `&` that begins none.
"""

import codecs
import re
from html.entities import html5

_SEEN = re.compile(r"<!\[CDATA\[|<!--|<\?|<!ENTITY|&(?:#?[\w:.-]+;)?")
_SHUT_BY = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_PREDEFINED = {
    "amp;": "&#38;",
    "lt;": "&#60;",
    "gt;": "&#62;",
    "quot;": "&#034;",
    "apos;": "&#039;",
}
MOST_TOLD = 20  # repairs of one export that are told with their places
_HELD = 48  # characters; no name of an entity in HTML is longer


class Ampersands:
    """Mends a file piece by piece.

    Attributes:
        repairs: What was mended first: line and column, counted from 1, and what was done.
        count: How often something was mended in all.
        declares: Whether the file declares entities; nothing is mended behind that.
    """

    def __init__(self) -> None:
        """Begin at the start of a file."""
        self.repairs: list[tuple[int, int, str]] = []
        self.count = 0
        self.declares = False
        self._codec: str | None = None
        self._bytes = b""
        self._text = ""
        self._shut_by = ""
        self._line = 1
        self._column = 1

    def mended(self, piece: bytes) -> bytes:
        """Give what can be told by now; the last characters are held back."""
        self._bytes += piece
        if self._codec is None:
            if len(self._bytes) < len(b"<\0"):
                return b""
            self._codec = _codec(self._bytes[:2])
        decoder = codecs.getincrementaldecoder(self._codec)("surrogatepass")
        self._text += decoder.decode(self._bytes)
        self._bytes = decoder.getstate()[0]
        return self._given(len(self._text) - _HELD)

    def rest(self) -> bytes:
        """Give what was held back."""
        return self._given(len(self._text)) + self._bytes

    def encoded(self, text: str) -> bytes:
        """Give a text in the file's encoding."""
        return text.encode(self._codec or "latin-1")

    def _given(self, limit: int) -> bytes:
        """Mend what begins before the limit, and take it from the text."""
        parts: list[str] = []
        at = 0
        while at < limit and not self.declares:
            found, end = self._next(at)
            if not at <= found < limit:
                break
            parts.append(self._text[at:found])
            parts.append(self._instead(found, end))
            at = end
        limit = max(at, limit, 0)
        parts.append(self._text[at:limit])
        self._drop(limit)
        return "".join(parts).encode(self._codec or "latin-1", "surrogatepass")

    def _next(self, at: int) -> tuple[int, int]:
        """Give where the next thing of interest begins and ends; -1 for nowhere."""
        if self._shut_by:
            found = self._text.find(self._shut_by, at)
            return found, found + len(self._shut_by)
        hit = _SEEN.search(self._text, at)
        return hit.span() if hit else (-1, -1)

    def _instead(self, start: int, end: int) -> str:
        """Give what stands for what was found."""
        seen = self._text[start:end]
        if seen.startswith("&"):
            return self._reference(seen, start)
        self.declares = seen == "<!ENTITY"
        self._shut_by = _SHUT_BY.get(seen, "")
        return seen

    def _reference(self, seen: str, start: int) -> str:
        name = seen[1:]
        if name in _PREDEFINED or name.startswith("#"):
            return _PREDEFINED.get(name, seen)
        if name in html5:
            self._note(start, f"{seen} of HTML is read as {html5[name]!r}")
            return "".join(f"&#{ord(character)};" for character in html5[name])
        self._note(start, "a & that begins no entity is read as it stands")
        return "&#38;" + name

    def _note(self, start: int, what: str) -> None:
        self.count += 1
        if self.count <= MOST_TOLD:
            self.repairs.append((*self._place(start), what))

    def _place(self, at: int) -> tuple[int, int]:
        breaks = self._text.count("\n", 0, at)
        if not breaks:
            return self._line, self._column + at
        return self._line + breaks, at - self._text.rfind("\n", 0, at)

    def _drop(self, end: int) -> None:
        self._line, self._column = self._place(end)
        self._text = self._text[end:]


def _codec(start: bytes) -> str:
    """Give a codec that any bytes survive, and in which the characters of markup are told."""
    if start in (b"\xff\xfe", b"<\0"):
        return "utf-16-le"
    return "utf-16-be" if start in (b"\xfe\xff", b"\0<") else "latin-1"
