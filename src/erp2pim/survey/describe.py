"""What the values of one path look like, in the words of a person."""

import re

from erp2pim.mapping.numbers import number_format
from erp2pim.survey.codes import currency
from erp2pim.survey.fields import Value
from erp2pim.survey.looks import DATES, NUMBERS
from erp2pim.survey.sketch import Sketch

MOST = 0.9
_SOME = 0.5
_TRUE_WORDS = "true yes y j ja 1 -1 x on oui o si sí s да wahr vrai active aktiv a t"
_FALSE_WORDS = "false no n 0 nein non off нет falsch faux inactive inaktiv i f"
_TRUE, _FALSE = frozenset(_TRUE_WORDS.split()), frozenset(_FALSE_WORDS.split())
_BROKEN = re.compile(r"-?\d*[.,]\d+$")
_LONGEST_CODE = 80


def described(value: Value, records: int) -> list[str]:
    """Give all that the values look like, the most telling first.

    Args:
        value: The values.
        records: How many records there are.
    """
    sketch = value.sketch
    found: list[str] = []
    if is_unique(value, records) and records > 1 and is_code(sketch):
        found.append("identifier")
    if (words := booleans(sketch)) is not None:
        found.append("boolean " + "/".join([*words[0], *words[1]]))
    for kind, name in (("gtin", "GTIN"), ("language", ""), ("currency", ""), ("unit", "")):
        if sketch.best(kind)[1] >= MOST:
            found.append(name or kind)
    found += _written(sketch)
    found += [kind for kind in ("url", "image", "html") if sketch.best(kind)[1] >= _SOME]
    if value.is_markup:
        found.append("markup")
    return found


def _written(sketch: Sketch) -> list[str]:
    found: list[str] = []
    date, share = sketch.best("date", DATES)
    if date is not None and share >= MOST:
        found.append(f"date {date.example}")
    number, share = sketch.best("number", NUMBERS)
    if number is not None and share >= MOST:
        found.append(f"number {number.example}")
    amount, share = sketch.best("amount", NUMBERS)
    if amount is not None and share >= _SOME:
        beside = "currency" if has_currency(sketch, amount.example) else "unit"
        found.append(f"number {amount.example} with a {beside}")
    return found


def has_currency(sketch: Sketch, example: str) -> bool:
    """Say whether what stands beside the numbers of the samples is a currency."""
    written = number_format(example)
    return any(currency(written.apart(text)[1]) for text in sketch.samples)


def is_unique(value: Value, records: int) -> bool:
    """Say whether every record has one value, and no other record the same; estimated for many."""
    sketch = value.sketch
    every = value.records == value.times == records == sketch.filled > 0
    return every and sketch.share_alone == 1.0


def is_code(sketch: Sketch) -> bool:
    """Say whether the values are short and of one word, and neither dates nor broken numbers."""
    one_word = not any(" " in text.strip() or "\n" in text for text in sketch.samples)
    broken = any(_BROKEN.match(text) for text in sketch.samples)
    dated = sketch.best("date", DATES)[1] >= MOST and not all(map(str.isdigit, sketch.samples))
    return 0 < sketch.longest <= _LONGEST_CODE and one_word and not broken and not dated


def booleans(sketch: Sketch) -> tuple[list[str], list[str]] | None:
    """Give the words for true and for false among the values; None where they are none.

    A single word, or digits other than both 0 and 1, are more often something else.
    """
    words = flags(sketch)
    return words if words is not None and all(words) else None


def flags(sketch: Sketch) -> tuple[list[str], list[str]] | None:
    """Give the same for a path whose name says that it is one: a single word will do."""
    if not sketch.words:
        return None
    true = [word for word in sketch.words if word.casefold() in _TRUE]
    false = [word for word in sketch.words if word.casefold() in _FALSE]
    return None if len(true) + len(false) < len(sketch.words) else (true, false)
