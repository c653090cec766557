"""The sections `gate` and `guards` of `erp2pim.yaml`: what is let in, and what is let out."""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from erp2pim.errors import ConfigError, Fault
from erp2pim.mapping.names import Names, UnknownPrefixError
from erp2pim.mapping.recordpath import RecordPath, RecordPathError, record_path
from erp2pim.mapping.shape import Exact, Shape, Text, Whole
from erp2pim.plan.guards import Fate, Guards, Limit
from erp2pim.source.gate import MTIME, Gate

_HOUR_S = 3600
_WHOLE_PERCENT = 100
_FATES: tuple[Fate, ...] = ("rejected", "changed", "disabled", "cleared")


def _seconds(number: Decimal) -> Decimal:
    if not 0 < number <= _HOUR_S:
        raise ValueError(f"{number} is not between 0 and {_HOUR_S}")
    return number


def _percent(number: Decimal) -> Decimal:
    if not 0 <= number <= _WHOLE_PERCENT:
        raise ValueError(f"{number} is not between 0 and {_WHOLE_PERCENT}")
    return number


def _count(number: int) -> int:
    if number < 0:
        raise ValueError(f"{number} is less than 0")
    return number


def _suffix(text: str) -> str:
    if not text.startswith(".") or "/" in text or len(text) == 1:
        raise ValueError(f"{text!r} is not a suffix such as .ok, .md5 or .sha256")
    return text


def _band(text: str) -> str:
    low, _, high = text.partition("..")
    try:
        bounds = Decimal(low), Decimal(high)
    except InvalidOperation:
        bounds = Decimal("NaN"), Decimal("NaN")
    if not all(bound.is_finite() for bound in bounds) or not 0 <= bounds[0] <= bounds[1]:
        raise ValueError(f"{text!r} is not a band such as 0.5..2.0")
    return text


Percent = Annotated[Exact, AfterValidator(_percent)]
Count = Annotated[Whole, AfterValidator(_count)]


class GateSettings(Shape):
    """Which exports are let in; what is not said is not asked."""

    settle_s: Annotated[Exact, AfterValidator(_seconds)] | None = Field(
        default=None, description="Look at the files twice, so many seconds apart: do they grow?"
    )
    companion: Annotated[Text, AfterValidator(_suffix)] | None = Field(
        default=None,
        description="A file that must stand beside each export: .ok, or .md5 or .sha256, which "
        "must hold its checksum.",
    )
    declared: Text | None = Field(
        default=None, description="Where an export says how many records it holds."
    )
    band: Annotated[Text, AfterValidator(_band)] | None = Field(
        default=None,
        description="How many records there may be, as parts of the median of the last 7 runs "
        "that were done, such as 0.5..2.0.",
    )
    written: Text | None = Field(
        default=None,
        description="Where an export says when it was written, or `mtime` for the file's own "
        "time: one older than the last is refused.",
    )
    repeated: Literal["read", "nothing"] = Field(
        default="read",
        description="What to do with the export that the last run was done with: read it, or "
        "nothing, which is a success.",
    )
    missing: Literal["refuse", "nothing"] = Field(
        default="refuse", description="What to do where there is no export at all."
    )
    empty: Literal["refuse", "nothing"] | None = Field(
        default=None,
        description="What to do with an export without records; by default it is refused only "
        "where even the elements around the records are absent. One that holds others there is "
        "none.",
    )


class GuardSettings(Shape):
    """What a plan may do before somebody must look at it; what has no default is not limited."""

    rejected_percent: Percent | None = Field(
        default=None, description="Items that the mapping may refuse, in percent of all."
    )
    rejected_items: Count | None = Field(
        default=None, description="Items that the mapping may refuse."
    )
    changed_percent: Percent | None = Field(
        default=None, description="Items of the PIM that may change, in percent of all."
    )
    changed_items: Count | None = Field(
        default=None, description="Items of the PIM that may change."
    )
    disabled_percent: Percent | None = Field(
        default=None, description="Items of the PIM that may be disabled, in percent of all."
    )
    disabled_items: Count | None = Field(
        default=None, description="Items of the PIM that may be disabled."
    )
    cleared_percent: Percent | None = Field(
        default=None, description="Items of the PIM that may lose a value, in percent of all."
    )
    cleared_items: Count | None = Field(
        default=None, description="Items of the PIM that may lose a value."
    )
    new_options: Count = Field(
        default=100, description="Options of selects that a run may make in the PIM."
    )
    min_items: Count = Field(
        default=20, description="Percentages hold for plans of so many items or more."
    )
    drift: Literal["warn", "stop"] = Field(
        default="warn",
        description="What to do where the PIM has changed what the mapping is held against since "
        "its structure was read: warn, or send nothing.",
    )

    def guards(self) -> Guards:
        """Give the guards that are set."""
        limits: dict[Fate, Limit] = {}
        for fate in _FATES:
            limit = Limit(getattr(self, f"{fate}_percent"), getattr(self, f"{fate}_items"))
            if limit != Limit():
                limits[fate] = limit
        return Guards(limits, self.min_items, self.drift, self.new_options)


def gate_of(
    settings: GateSettings, names: Names, *, fault: Callable[[Sequence[str | int], str], Fault]
) -> Gate:
    """Give the gate that is described, its paths compiled by the names of the mapping.

    Args:
        settings: The section of the configuration.
        names: How the mapping reads names.
        fault: Gives a fault its place in the configuration.

    Raises:
        ConfigError: A path cannot be followed while an export streams by.
    """
    found: list[Fault] = []

    def compiled(key: str, path: str | None) -> RecordPath | None:
        if path is None:
            return None
        try:
            return record_path(path, names, attribute=True)
        except UnknownPrefixError as error:
            message = f"the prefix {error} is not declared in the mapping's source.namespaces"
        except RecordPathError as error:
            message = str(error)
        found.append(fault(("gate", key), message))
        return None

    by_mtime = settings.written == MTIME
    low, _, high = (settings.band or "").partition("..")
    gate = Gate(
        settle_s=float(settings.settle_s or 0),
        companion=settings.companion,
        declared=compiled("declared", settings.declared),
        band=(Decimal(low), Decimal(high)) if settings.band else None,
        written=MTIME if by_mtime else compiled("written", settings.written),
        repeated=settings.repeated,
        missing=settings.missing,
        empty=settings.empty,
    )
    if found:
        raise ConfigError("the section gate of the configuration is wrong", faults=found)
    return gate
