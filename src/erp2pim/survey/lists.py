"""Lists inside the records: names with values, and texts by language."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from erp2pim.survey.codes import language
from erp2pim.survey.fields import COLUMN, Entry, Value
from erp2pim.survey.listing import is_language, local, names_entries
from erp2pim.survey.names import folded, meanings
from erp2pim.survey.spelling import Spelling
from erp2pim.survey.tree import Relative

_VALUE_WORDS = (
    "value fvalue val wert valeur valor valore waarde значение text data content featurevalue "
    "attributevalue attributwert merkmalwert merkmalswert paramvalue parametervalue "
    "presentationvalue propertyvalue string measure measurement quantity amount"
)
_VALUES = frozenset(_VALUE_WORDS.split())
_SURE_UNIT = 0.9
_DEFAULT = "x-default"


@dataclass(frozen=True, slots=True)
class Pairs:
    """A list of names and values.

    Attributes:
        names: lxml's names that lead from the record to its entries.
        each: The same as the mapping writes it.
        key: What names an entry.
        value: What its value is.
        unit: What its value's unit is; None where there is none.
        entries: The values by the entry's name.
        units: The values' units by the entry's name.
    """

    names: Relative
    each: str
    key: str
    value: str
    unit: str | None
    entries: Mapping[str, Value]
    units: Mapping[str, Value]


def pairs(below: Sequence[Value], listed: Sequence[Entry], spelled: Spelling) -> list[Pairs]:
    """Give the lists of names and values below the records.

    Args:
        below: All values below the records.
        listed: Those of lists, by their entries' keys.
        spelled: How names are written.
    """
    repeating = {value.names for value in below if value.repeats}
    found: dict[Relative, Pairs] = {}
    for each, key in dict.fromkeys(_lists(listed)):
        if each in found or not (names_entries(local(key)) or key == COLUMN):
            continue
        made = _pairs(each, key, listed, spelled, repeating)
        if made is not None:
            found[each] = made
    return list(found.values())


def _lists(listed: Sequence[Entry]) -> Iterator[tuple[Relative, str]]:
    """Give the lists by the paths to their entries and their keys, plain ids as the last."""
    for entry in sorted(listed, key=lambda entry: _is_bare(entry.selector.key)):
        if entry.selector.each:
            yield entry.selector.each, entry.selector.key


def _pairs(
    each: Relative,
    key: str,
    listed: Sequence[Entry],
    spelled: Spelling,
    repeating: AbstractSet[Relative],
) -> Pairs | None:
    fields: dict[Relative, dict[str, Value]] = {}
    for entry in listed:
        selector = entry.selector
        if (selector.each, selector.key) == (each, key):
            fields.setdefault(selector.value, {})[selector.text] = entry
    keys = {text for by_text in fields.values() for text in by_text}
    if _are_languages(each, key, list(keys)):
        return None
    held = _held(fields, strict=_is_bare(key))
    if held is None or not (is_value(held) or (*each, *held) in repeating):
        return None
    if not held and not key.startswith("@"):
        return None  # a text with the key inside of it is a text, not the value of a name
    unit = next((path for path in fields if path != held and _is_unit(path)), None)
    return Pairs(
        names=each,
        each=spelled.path(each),
        key=spelled.name(key),
        value=spelled.below(held),
        unit=None if unit is None else spelled.below(unit),
        entries=fields[held],
        units=fields[unit] if unit is not None else {},
    )


def _is_bare(key: str) -> bool:
    return folded(local(key)) in {"id", "ид", "code"}


def _held(fields: Mapping[Relative, object], *, strict: bool) -> Relative | None:
    """Choose what holds the value: the entry's text, what is named so, or all that there is."""
    if () in fields:
        return ()
    near = [path for path in fields if len(path) == 1 and not _is_unit(path)]
    named = [path for path in near if is_value(path)]
    if named:
        return named[0]
    others = [path for path in near if not _is_name(path[0])]
    return others[0] if len(near) == len(others) == 1 and not strict else None


def is_value(path: Relative) -> bool:
    """Say whether a path from an entry leads to its value, by its last name."""
    return not path or folded(local(path[-1])) in _VALUES


def _is_name(name: str) -> bool:
    return names_entries(local(name)) or folded(local(name)).endswith(("id", "ид"))


def _is_unit(path: Relative) -> bool:
    return meanings(path).get("unit", 0.0) >= _SURE_UNIT


@dataclass(frozen=True, slots=True)
class Languages:
    """Texts that are told apart by language.

    Attributes:
        each: lxml's names that lead from the record to the elements with the language.
        key: lxml's name, below such an element, of the language.
        texts: The languages as they are written.
        is_padded: Whether there are blanks around them in some record.
    """

    each: Relative
    key: str
    texts: Sequence[str]
    is_padded: bool = False


def languages(listed: Sequence[Entry]) -> list[Languages]:
    """Give the elements that say in which language they are, among the entries of all lists."""
    found: dict[tuple[Relative, str], dict[str, bool]] = {}
    for entry in listed:
        selector = entry.selector
        texts = found.setdefault((selector.each, selector.key), {})
        texts[selector.text] = selector.is_padded
    return [
        Languages(each, key, list(texts), is_padded=any(texts.values()))
        for (each, key), texts in found.items()
        if _are_languages(each, key, list(texts))
    ]


def _are_languages(each: Relative, key: str, texts: Sequence[str]) -> bool:
    """Say whether the keys of a list are languages: by their names, or by what they are."""
    by_name = is_language(local(key)) or (
        _is_bare(key) and bool(each) and is_language(local(each[-1]))
    )
    if by_name:
        return all(
            language(text, letters=True) or text == _DEFAULT or text.isdecimal() for text in texts
        )
    return len(texts) > 1 and all(language(text) for text in texts)
