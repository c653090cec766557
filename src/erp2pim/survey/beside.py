"""What stands beside a number: its unit or its currency."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from erp2pim.mapping.numbers import number_format
from erp2pim.survey.codes import currency, unit, unit_family
from erp2pim.survey.describe import MOST
from erp2pim.survey.fields import Entry, Value
from erp2pim.survey.listing import local
from erp2pim.survey.looks import NUMBERS, is_per
from erp2pim.survey.names import meanings, tokens
from erp2pim.survey.spelling import Spelling
from erp2pim.survey.survey import Header, Survey
from erp2pim.survey.tree import Relative, shared
from erp2pim.survey.words import Concept

_SURE, _NAMED = 0.9, 0.7
_GLUED_LEAST = 0.1

Code = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Beside:
    """Where a number's unit or currency comes from.

    Attributes:
        path: Its path from the number, or `$rest`; None where none was found.
        constant: What it always is; None where a path says it.
        table: What its texts mean to the PIM, where some are not the PIM's codes.
        unknown: Texts that nothing is known of.
        covers: Whether it is there wherever the number is.
        names: lxml's names that lead to it; None where it stands in no place of its own.
        codes: What its texts mean, as far as that is known.
    """

    path: str | None = None
    constant: str | None = None
    table: Mapping[str, str] = field(default_factory=dict[str, str])
    unknown: Sequence[str] = ()
    covers: bool = True
    names: Relative | None = None
    codes: AbstractSet[str] = frozenset()


NOTHING = Beside()


def unit_beside(number: Value, survey: Survey, family: str | None) -> Beside:
    """Find the unit of a number: in its text, beside it, or in its name.

    Args:
        number: The number.
        survey: What the export looks like.
        family: The measurement family that the unit must be of, as far as it is known.
    """
    rests = _codes(number)
    if rests:
        return _coded("$rest", rests, unit)
    for found in _nearest(number, survey.values, "unit"):
        texts = _texts(found)
        codes = [code for text in texts if (code := unit(text)) is not None]
        if codes and family and family not in map(unit_family, codes):
            continue
        path = beside(number.names, found.names, survey.spelled)
        coded = _coded(path, texts, unit)
        return replace(coded, covers=found.times >= number.times, names=found.names)
    name = number.selector.text if isinstance(number, Entry) else local(number.names[-1])
    named = [code for word in tokens(name)[1:] if (code := unit(word)) is not None]
    return Beside(constant=named[-1]) if named else NOTHING


def currency_beside(price: Value, survey: Survey) -> Beside:
    """Find the currency of a price: in its text or beside it."""
    rests = _codes(price)
    if rests:
        return _coded("$rest", rests, currency)
    for found in _nearest(price, survey.values, "currency"):
        path = beside(price.names, found.names, survey.spelled)
        coded = _coded(path, _texts(found), currency)
        return replace(coded, covers=found.times >= price.times, names=found.names)
    return NOTHING


def header_currency(survey: Survey) -> Header | None:
    """Give the header's value that most probably is the currency of all prices."""
    found = [
        (meanings(each.value.names).get("currency", 0.0), each)
        for each in survey.header
        if each.value.sketch.best("currency")[1] >= MOST
    ]
    sure = [each for each in found if each[0] >= _NAMED]
    return max(sure, key=lambda each: each[0])[1] if sure else None


def beside(start: Relative, end: Relative, spelled: Spelling) -> str:
    """Write the path from the element that one value stands in or on to another value."""
    owner = start[:-1] if start and start[-1].startswith("@") else start
    same = len(shared(owner, end))
    up = [".."] * (len(owner) - same)
    return "/".join([*up, *map(spelled.name, end[same:])]) or "."


def _coded(path: str, texts: Sequence[str], code: Code) -> Beside:
    known = {text: found for text in texts if (found := code(text)) is not None}
    return Beside(
        path=path,
        table=known if any(text != found for text, found in known.items()) else {},
        unknown=[text for text in texts if text not in known],
        codes=frozenset(known.values()),
    )


def _texts(value: Value) -> list[str]:
    return list(value.sketch.words or value.sketch.samples)


def _nearest(number: Value, values: Sequence[Value], what: Concept) -> Iterator[Value]:
    """Give the values on the number's element, beside it, or on what is around, nearest first."""
    found: list[tuple[int, float, Value]] = []
    for value in values:
        sure = meanings(value.names).get(what, 0.0)
        looks = value.sketch.best(what)[1] >= MOST
        distance = _distance(number.names, value.names)
        if distance is not None and (sure >= _SURE or (sure >= _NAMED and looks)):
            found.append((distance, -sure, value))
    for *_, value in sorted(found, key=lambda each: each[:2]):
        yield value


def _distance(number: Relative, other: Relative) -> int | None:
    """Say how far a value is: 0 on the number's element, 1 beside it, 2 around; None for more."""
    if other == number:
        return None
    owner = number[:-1] if number and number[-1].startswith("@") else number
    if other[:-1] == owner:
        return 0
    if other[:-1] == number[:-1]:
        return 1
    return 2 if len(number) > 1 and other[:-1] == number[:-2] else None


def has_per(number: Value) -> bool:
    """Say whether some of the numbers are followed by what they are the price of: `9.50/Pcs`."""
    return any(map(is_per, _rests(number)))


def _codes(number: Value) -> list[str]:
    return [rest for rest in _rests(number) if not is_per(rest)]


def _rests(number: Value) -> list[str]:
    """Give what stands beside the numbers in their own texts, if it does."""
    look, share = number.sketch.best("amount", NUMBERS)
    if look is None or share < _GLUED_LEAST:
        return []
    written = number_format(look.example)
    rests = (written.apart(text)[1] for text in _texts(number))
    return list(dict.fromkeys(filter(None, rests)))
