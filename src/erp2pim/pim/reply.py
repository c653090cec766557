"""What comes back on a request."""

from dataclasses import dataclass, field

_TRANSIENT = frozenset({0, 408, 429})  # with all 5xx (Akeneo, rest-api/good-practices)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back on one request.

    Attributes:
        status: The HTTP status; 0 when there is no answer that could be read.
        body: What was read of the body, which may be less than there was.
        fault: Why there is no answer or only a part of it; empty for a whole one.
        retry_after: The seconds that the server asks us to wait; None when it does not.
        location: Where a redirect points; empty when nowhere.
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    fault: str = ""
    retry_after: float | None = None
    location: str = field(default="", repr=False)

    @property
    def transient(self) -> bool:
        """Whether the same request may well be answered otherwise a little later."""
        return self.status in _TRANSIENT or 500 <= self.status < 600  # noqa: PLR2004  # of HTTP

    def __str__(self) -> str:
        return ", ".join(filter(None, (f"HTTP {self.status}" if self.status else "", self.fault)))
