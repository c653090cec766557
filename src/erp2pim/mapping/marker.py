"""Records recognised by their bytes, so that what did not change need not be mapped."""

from dataclasses import dataclass
from hashlib import sha256

from lxml import etree


@dataclass(frozen=True, slots=True)
class Marker:
    """What gives records their meaning.

    Attributes:
        context: Digest of the mapping, the program, and what the export gives to all records.
    """

    context: bytes

    def digest(self, record: etree._Element) -> bytes:
        """Give 16 bytes that are equal only for equal records of equal meaning."""
        text = etree.tostring(record, encoding="utf-8", with_tail=False)
        return sha256(self.context + text).digest()[:16]
