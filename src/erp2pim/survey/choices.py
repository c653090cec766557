"""Which value of a record is its name, its price …: by the names on its path and its looks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from erp2pim.survey.describe import MOST
from erp2pim.survey.fields import Entry, Selector, Value
from erp2pim.survey.listing import local
from erp2pim.survey.lists import Pairs, is_value
from erp2pim.survey.names import folded, keyed, meanings, named
from erp2pim.survey.suits import LONG, SUITS, suits
from erp2pim.survey.survey import Survey
from erp2pim.survey.words import KEYED, Concept

_LEAST = 0.3
_EACH_DEEPER = 0.97
_BY_PAIR = 0.9
_BY_LOOKS = 0.55
_REPEATING = 0.9
_OF_ANOTHER = 0.5
# Words that say what something is called or numbered, but not what.
_BARE_WORDS = "name id ид no nr number code text title description label наименование key value url"
_BARE = frozenset(_BARE_WORDS.split())
# Words that sort what they stand in, which is the product only where they stand in the record.
_SORTS = frozenset({"type", "typ", "group", "gruppe", "class", "kind"})
# What holds the value in the entries that standards tell apart by codes.
_HELD = frozenset({"idvalue", "titletext", "titlewithoutprefix", "measurement", "text", "value"})
# What stands inside one of these is seldom the product's own.
_OTHER_WORDS = (
    "supplier lieferant vendor contributor author publisher collection header category categories "
    "kategorie gruppe группы party contact address adresse owner series accessory related "
    "relatedproduct relatedmaterial reference component bundle"
)
_OTHERS = frozenset(_OTHER_WORDS.split())


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that stands for a concept.

    Attributes:
        concept: What it seems to be; None where an attribute's name says it.
        value: Where it stands.
        sureness: How sure that is: 0 to 1.
        pair: `list.name` where it is one of a list of names and values; otherwise None.
    """

    concept: Concept | None
    value: Value
    sureness: float
    pair: str | None = None


def choices(survey: Survey, lists: Mapping[str, Pairs]) -> dict[Concept, Choice]:
    """Choose the best value for each concept; one without any is absent.

    Args:
        survey: What the export looks like.
        lists: Its lists of names and values, by the mapping's names for them.
    """
    best: dict[Concept, Choice] = {}
    for choice in _all(survey, lists):
        if choice.concept is None or choice.sureness < _LEAST:
            continue
        known = best.setdefault(choice.concept, choice)
        if choice.sureness > known.sureness:
            best[choice.concept] = choice
    return _apart(best)


def _apart(best: dict[Concept, Choice]) -> dict[Concept, Choice]:
    """Give up the weaker use of a value that two concepts of texts would share."""
    name, description = best.get("name"), best.get("description")
    if name and description and name.value.path == description.value.path:
        del best["description" if _is_short(name.value) else "name"]
    short = best.get("short_description")
    if short and any(
        short.value.path == best[each].value.path
        for each in ("name", "description")
        if each in best
    ):
        del best["short_description"]
    return best


def _is_short(value: Value) -> bool:
    return value.sketch.longest <= LONG and not value.is_markup and not value.sketch.best("html")[1]


def _all(survey: Survey, lists: Mapping[str, Pairs]) -> Iterator[Choice]:
    inside = {pairs.names for pairs in lists.values()}
    for value in [*survey.values, *survey.listed]:
        if any(value.names[: len(each)] == each for each in inside):
            continue
        if isinstance(value, Entry):
            yield from _listed(value, survey.records)
        else:
            yield from _plain(value, survey.records)
    for name, pairs in lists.items():
        for text, value in pairs.entries.items():
            yield from _paired(f"{name}.{text}", text, value, survey.records)


def _plain(value: Value, records: int) -> Iterator[Choice]:
    factor = _place(value) * (_REPEATING if value.repeats else 1.0)
    meant = meanings(value.names)
    for concept, weight in meant.items():
        if concept in SUITS:
            near = _context(value, concept)
            yield Choice(concept, value, weight * factor * near * suits(concept, value, records))
    if "ean" not in meant and value.sketch.best("gtin")[1] >= MOST and value.names:
        yield Choice("ean", value, _BY_LOOKS * factor * suits("ean", value, records))


def _paired(pair: str, text: str, value: Value, records: int) -> Iterator[Choice]:
    repeating = _REPEATING if value.repeats else 1.0
    for concept, weight in named(text).items():
        if concept in SUITS:
            sure = weight * _BY_PAIR * repeating * suits(concept, value, records)
            yield Choice(concept, value, sure, pair=pair)


def _listed(value: Entry, records: int) -> Iterator[Choice]:
    told = keyed(value.selector.key, value.selector.text)
    if told is not None and told in SUITS and _is_held(value, told):
        factor = _place(value) * (_REPEATING if value.repeats else 1.0) * _context(value, told)
        yield Choice(told, value, factor * suits(told, value, records))


def _is_held(value: Entry, told: Concept) -> bool:
    """Say whether it is what the entry is there for, not another word about it."""
    selector = value.selector
    if not selector.value:
        return True
    meant = meanings(selector.value)
    return told in meant or (not meant and is_value(selector.value)) or _is_known(selector)


def _is_known(selector: Selector) -> bool:
    """Say whether a standard's code tells what the entry is, so that any plain word holds it."""
    last = folded(local(selector.value[-1]))
    known = (folded(local(selector.key)), selector.text.casefold()) in KEYED
    return known and (is_value(selector.value) or last in _HELD)


def _place(value: Value) -> float:
    return _EACH_DEEPER ** max(len(value.names) - 1, 0)


def _context(value: Value, concept: Concept) -> float:
    """Say how likely a value is the product's own, by what it stands in."""
    around = [folded(local(name)) for name in value.names[:-1]]
    factor = 1.0
    for index, name in enumerate(around, start=1):
        if name in _OTHERS and concept not in {"brand", "categories"}:
            factor *= _OF_ANOTHER
        meant = meanings(value.names[:index])
        bare = folded(local(value.names[-1])) in _BARE
        if bare and meant and concept not in meant and max(meant.values()) >= _BY_PAIR:
            factor *= _OF_ANOTHER
    sort = folded(local(value.names[-1])) in _SORTS if around else False
    return factor * _OF_ANOTHER if sort else factor
