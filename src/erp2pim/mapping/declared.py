"""How texts are read, as a mapping declares it: for all rules, then for one."""

from dataclasses import replace

from erp2pim.mapping import schema
from erp2pim.mapping.dates import date_formats
from erp2pim.mapping.faults import Faults, Loc
from erp2pim.mapping.numbers import number_format
from erp2pim.mapping.readings import Readings, Words


def declared(
    written: schema.Readings, loc: Loc, faults: Faults, above: Readings | None = None
) -> Readings:
    """Lay what `source` or a rule says of readings over what holds above it."""
    readings = above or Readings()
    if (example := written.numbers) is not None:
        numbers = faults.attempt((*loc, "numbers"), lambda: number_format(example))
        readings = replace(readings, numbers=numbers or readings.numbers)
    if (shown := written.dates) is not None:
        examples = [shown] if isinstance(shown, str) else shown
        dates = faults.attempt((*loc, "dates"), lambda: date_formats(examples))
        readings = replace(readings, dates=dates or readings.dates)
    if written.booleans is not None:
        readings = replace(readings, booleans=_words(written.booleans, (*loc, "booleans"), faults))
    if written.no_value is not None:
        readings = replace(readings, no_value=frozenset(written.no_value))
    policies = {
        name: policy
        for name in ("absent", "empty", "nil")
        if (policy := getattr(written, name)) is not None
    }
    return replace(readings, **policies)


def _words(written: schema.Booleans, loc: Loc, faults: Faults) -> Words:
    true = frozenset(word.casefold() for word in written.true)
    false = frozenset(word.casefold() for word in written.false)
    for word in sorted(true & false):
        faults.add(loc, f"{word!r} cannot be both true and false")
    return Words(true, false)
