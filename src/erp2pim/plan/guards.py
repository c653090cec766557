"""Guards: what a plan may do before somebody must look at it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from erp2pim.model import Json
from erp2pim.plan.change import Change
from erp2pim.plan.compare import parts

Fate = Literal["rejected", "changed", "disabled", "cleared"]

_MOST_NAMED = 5
_WORDS: Mapping[Fate, str] = {
    "rejected": "are refused by the mapping",
    "changed": "would be changed",
    "disabled": "would be disabled",
    "cleared": "would have values cleared",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """How many items may meet one fate; None where there is no limit.

    Attributes:
        percent: Of all items of the plan.
        items: In figures.
    """

    percent: Decimal | None = None
    items: int | None = None


@dataclass(frozen=True, slots=True)
class Guards:
    """What a plan may do.

    Attributes:
        limits: By fate; none where there is no limit at all.
        min_items: Percentages hold for plans of so many items or more: of five, two are 40 %.
        drift: What to do where the PIM has changed under the mapping.
        new_options: How many options may be made.
    """

    limits: Mapping[Fate, Limit] = field(default_factory=dict[Fate, Limit])
    min_items: int = 20
    drift: Literal["warn", "stop"] = "warn"
    new_options: int = 100

    def trips_on_options(self, counts: Mapping[str, int]) -> Iterator[str]:
        """Give the figures in words where more options would be made than may be.

        Args:
            counts: How many, by the select.
        """
        total = sum(counts.values())
        if total > self.new_options:
            most = sorted(counts, key=lambda attribute: -counts[attribute])[:_MOST_NAMED]
            named = ", ".join(f"{counts[attribute]} of {attribute}" for attribute in most)
            named += " …" if len(counts) > len(most) else ""
            yield f"{total} options would be made ({named}); the guard allows {self.new_options}"

    def trips(self, figures: "Figures") -> Iterator[str]:
        """Give, for each limit that a plan goes beyond, the figures in words."""
        for fate, limit in self.limits.items():
            count = figures.counts[fate]
            if limit.items is not None and count > limit.items:
                yield f"{count} items {_WORDS[fate]}; the guard allows {limit.items}"
            large = figures.items >= max(self.min_items, 1)
            if limit.percent is not None and large and count * 100 > limit.percent * figures.items:
                yield (
                    f"{_percent(count, figures.items)} % of the items {_WORDS[fate]};"
                    f" the guard allows {limit.percent:f} % ({count} of {figures.items})"
                )


@dataclass(frozen=True, slots=True)
class Figures:
    """What a plan would do.

    Attributes:
        items: All its items.
        counts: How many of them meet each fate. An item that is created is none of them.
    """

    items: int
    counts: Mapping[Fate, int]


def figures(changes: Iterable[Change], *, items: int, rejected: int) -> Figures:
    """Count what a plan would do.

    Args:
        changes: All that would be sent.
        items: All items of the plan.
        rejected: Those that the mapping refused.
    """
    counts: dict[Fate, int] = {"rejected": rejected, "changed": 0, "disabled": 0, "cleared": 0}
    for change in changes:
        if not change.is_new:
            counts["changed"] += 1
            counts["disabled"] += change.patch.get("enabled") is False
            counts["cleared"] += any(_is_nothing(data) for _, data in parts(change.sent))
    return Figures(items, counts)


def _is_nothing(data: Json) -> bool:
    """Say whether data clears what it is written to: null, or lists with nothing in them."""
    if isinstance(data, Mapping):
        return bool(data) and all(_is_nothing(each) for each in data.values())
    return data is None or data in ("", [], ())


def _percent(count: int, items: int) -> Decimal:
    """Give a share with one decimal, rounded up so that it shows above what is allowed."""
    return (Decimal(count * 100) / items).quantize(Decimal("0.1"), rounding=ROUND_CEILING)
