"""The books of a run: what was read must be found again in what became of it."""

from collections import Counter
from dataclasses import dataclass, field

from erp2pim.errors import BooksError


@dataclass(slots=True)
class Ledger:
    """Counts of one run. Each is counted where it happens, none is worked out from the others.

    Attributes:
        read: Records in the exports.
        skipped_by: Records left out, by reason.
        extra: Items beyond the first that records gave.
        merged: Items that went into another one of the same identifier.
        items: What the records became.
        unchanged: Items that the PIM holds as they are.
        created: Items that the PIM created.
        updated: Items that the PIM changed.
        rejected: Items refused, by the mapping or by the PIM.
        not_sent: Items of which nobody knows that the PIM has them.
        decisions: How often each decision was taken, by the rule's place and the decision.
    """

    read: int = 0
    skipped_by: Counter[str] = field(default_factory=Counter[str])
    extra: int = 0
    merged: int = 0
    items: int = 0
    unchanged: int = 0
    created: int = 0
    updated: int = 0
    rejected: int = 0
    not_sent: int = 0
    decisions: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])

    @property
    def skipped(self) -> int:
        """All records left out."""
        return self.skipped_by.total()

    def check(self) -> None:
        """Hold the books against each other.

        Raises:
            BooksError: They do not balance.
        """
        came = self.read - self.skipped + self.extra - self.merged
        went = self.unchanged + self.created + self.updated + self.rejected + self.not_sent
        if not came == self.items == went:
            raise BooksError(
                f"the books do not balance: {came} items came from the records, {self.items} were "
                f"planned, {went} are accounted for ({self.counts()})",
                fix="please report this; nothing that the PIM accepted is lost",
            )

    def counts(self) -> dict[str, int]:
        """Give all counts by name."""
        return {
            "read": self.read,
            "skipped": self.skipped,
            "extra": self.extra,
            "merged": self.merged,
            "items": self.items,
            "unchanged": self.unchanged,
            "created": self.created,
            "updated": self.updated,
            "rejected": self.rejected,
            "not_sent": self.not_sent,
        }
