"""How well what values look like suits what their names say."""

from collections.abc import Callable, Mapping

from erp2pim.survey.codes import language
from erp2pim.survey.describe import booleans, flags, has_currency, is_code, is_unique
from erp2pim.survey.fields import Value
from erp2pim.survey.formats import is_date, is_number
from erp2pim.survey.looks import NUMBERS
from erp2pim.survey.sketch import Sketch
from erp2pim.survey.words import Concept

LONG = 60
_NEARLY_ALL = 0.9
_SHORTEST_GTIN = 8


def suits(concept: Concept, value: Value, records: int) -> float:
    """Say how well what the values look like suits the concept."""
    often = 0.5 + 0.5 * min(1.0, value.records / max(records, 1))
    sketch = value.sketch
    if not sketch.filled:
        return 0.6 * often
    return SUITS[concept](value, records) * often


def _identifier(value: Value, records: int) -> float:
    if value.repeats or value.records < _NEARLY_ALL * records:
        return 0.3
    if _counts_on(value.sketch):
        return 0.75
    if value.sketch.best("image")[1] or value.sketch.best("html")[1]:
        return 0.2
    if not is_code(value.sketch) and value.sketch.longest > LONG:
        return 0.4
    return 1.0 if is_unique(value, records) else 0.75


def _counts_on(sketch: Sketch) -> bool:
    """Say whether the values are 1, 2, 3 …, which numbers lines more often than products."""
    first = [str(number) for number in range(1, len(sketch.samples) + 1)]
    return sketch.distinct > 1 and sketch.samples == first


def _text(value: Value, _: int) -> float:
    sketch = value.sketch
    if is_number(sketch) or is_date(sketch) or booleans(sketch):
        return 0.4
    if sketch.words and all(language(word, letters=True) for word in sketch.words):
        return 0.2
    return 0.3 if sketch.best("url")[1] or sketch.best("image")[1] else 1.0


def _name(value: Value, records: int) -> float:
    return _text(value, records) * (0.8 if value.sketch.best("html")[1] else 1.0)


def _description(value: Value, records: int) -> float:
    long = value.is_markup or value.sketch.longest > LONG or value.sketch.best("html")[1]
    return _text(value, records) * (1.0 if long else 0.85)


def _ean(value: Value, _: int) -> float:
    sketch = value.sketch
    share = sketch.best("gtin")[1]
    if not all(text.replace("-", "").isdigit() for text in sketch.samples):
        return 0.3
    return (0.8 if sketch.longest >= _SHORTEST_GTIN else 0.6) * (1 - share) + share


def _amount(value: Value, _: int) -> float:
    if not is_number(value.sketch) or value.sketch.best("gtin")[1] == 1.0:
        return 0.2
    return 1.0 if any(text.strip("0., ") for text in value.sketch.samples) else 0.9


def _word(value: Value, _: int) -> float:
    sketch = value.sketch
    return 0.4 if is_number(sketch) or sketch.best("url")[1] or sketch.best("html")[1] else 1.0


def _weight(value: Value, records: int) -> float:
    example = value.sketch.best("amount", NUMBERS)[0]
    money = example is not None and has_currency(value.sketch, example.example)
    return 0.2 if money else _amount(value, records)


def _flag(value: Value, _: int) -> float:
    return 1.0 if flags(value.sketch) else 0.35


def _date(value: Value, _: int) -> float:
    return 1.0 if is_date(value.sketch) else 0.2


def _picture(value: Value, _: int) -> float:
    sketch = value.sketch
    if sketch.best("image")[1]:
        return 1.0
    return 0.7 if sketch.best("url")[1] else 0.4


def _any(_value: Value, _records: int) -> float:
    return 1.0


SUITS: Mapping[Concept, Callable[[Value, int], float]] = {
    "identifier": _identifier,
    "name": _name,
    "description": _description,
    "short_description": _text,
    "ean": _ean,
    "price": _amount,
    "weight": _weight,
    "brand": _word,
    "family": _any,
    "categories": _any,
    "image": _picture,
    "enabled": _flag,
    "color": _word,
    "size": _any,
    "material": _word,
    "keywords": _text,
    "release_date": _date,
}
