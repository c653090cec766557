"""How an export writes numbers, dates and booleans, as one declaration for all of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from erp2pim.survey.describe import MOST, booleans
from erp2pim.survey.fields import Value
from erp2pim.survey.looks import DATES, ISO_DATE, NUMBERS, Look
from erp2pim.survey.sketch import Sketch

_KNOWN_WORDS = frozenset({"true", "false", "1", "0"})
_MOST_TOKENS = 12


@dataclass(frozen=True, slots=True)
class Formats:
    """What `source` says of readings.

    Attributes:
        numbers: The example of a number.
        dates: Examples of dates; none where all are ISO.
        true: Words for true; none where the mapping knows all of them without being told.
        false: Words for false, likewise.
        no_value: Texts that mean that there is no value.
    """

    numbers: str
    dates: Sequence[str]
    true: Sequence[str]
    false: Sequence[str]
    no_value: Sequence[str]


def formats(
    values: Sequence[Value], flags: Iterable[tuple[Sequence[str], Sequence[str]]]
) -> Formats:
    """Decide how the export writes what it has.

    Args:
        values: All values.
        flags: Words for true and false of values that are booleans by their names.
    """
    sketches = [value.sketch for value in values]
    words = [found for each in sketches if (found := booleans(each)) is not None]
    true, false = _words([*words, *flags])
    tokens = sum((each.no_value for each in sketches), Counter[str]())
    return Formats(
        numbers=_numbers(sketches),
        dates=_dates(sketches),
        true=true,
        false=false,
        no_value=[token for token, _ in tokens.most_common(_MOST_TOKENS)],
    )


def _numbers(sketches: Sequence[Sketch]) -> str:
    """Give the way in which most values that are numbers at all can be read, the plainest first."""
    votes: Counter[str] = Counter()
    for sketch in sketches:
        votes.update(example for example in NUMBERS if reads(sketch, example))
    return max(NUMBERS, key=lambda example: votes[example])


def reads(sketch: Sketch, example: str) -> bool:
    """Say whether most values are numbers written so, with a unit or currency or without."""
    fits = sketch.share(Look("number", example)) + sketch.share(Look("amount", example))
    return fits >= MOST


def own_numbers(sketch: Sketch, source: str) -> str | None:
    """Give how these numbers are written where the export's way does not read them."""
    if reads(sketch, source):
        return None
    return next((example for example in NUMBERS if reads(sketch, example)), None)


def is_number(sketch: Sketch) -> bool:
    """Say whether most values are numbers, with something beside them or without."""
    return any(reads(sketch, example) for example in NUMBERS)


def is_date(sketch: Sketch) -> bool:
    """Say whether most values are dates."""
    return sketch.best("date", DATES)[1] >= MOST


def _dates(sketches: Sequence[Sketch]) -> list[str]:
    seen = {
        look.example
        for sketch in sketches
        for look, share in [sketch.best("date", DATES)]
        if look is not None and share >= MOST and sketch.best("gtin")[1] < MOST
    }
    return [] if seen <= {ISO_DATE} else [example for example in DATES if example in seen]


def _words(
    found: Sequence[tuple[Sequence[str], Sequence[str]]],
) -> tuple[list[str], list[str]]:
    true = dict.fromkeys(word for words, _ in found for word in words)
    false = dict.fromkeys(word for _, words in found for word in words)
    folded = {word.casefold() for word in true} & {word.casefold() for word in false}
    if {word.casefold() for word in (*true, *false)} <= _KNOWN_WORDS or folded:
        return [], []
    return _once(true), _once(false)


def _once(words: Iterable[str]) -> list[str]:
    """Give the words without those that differ by case alone."""
    return list({word.casefold(): word for word in words}.values())
