"""What arrives at a sandbox, and what is to go wrong with it."""

import threading
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Traffic:
    """What arrived, for tests to look at, and what they want to go wrong.

    Attributes:
        requests: How many requests arrived.
        patch_requests: The PATCH requests among them.
        batches: The line counts of the product batches.
        refuse: Messages by identifier: these lines are answered 422.
        queue: Faults that hit the next requests that they fit, one each, before those by chance.
    """

    requests: int = 0
    patch_requests: int = 0
    batches: list[int] = field(default_factory=list[int])
    refuse: dict[str, str] = field(default_factory=dict[str, str])
    queue: list[str] = field(default_factory=list[str])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, method: str) -> None:
        """Count a request."""
        with self._lock:
            self.requests += 1
            self.patch_requests += method == "PATCH"
