"""What the names on a path say of the value at its end."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from erp2pim.survey.codes import language, unit
from erp2pim.survey.listing import local
from erp2pim.survey.words import (
    CORES,
    GENERIC,
    GLUED,
    KEYED,
    NOUNS,
    OTHERWISE,
    RECORDS,
    WORDS,
    Concept,
)

_NOT_WORD = re.compile(r"[\W_]+")
_DEEPER = 0.95
_BESIDE_NOUN = 0.97
_CUT, _NUMBERED, _BY_CORE = 0.95, 0.9, 0.85
_HUNGARIAN = re.compile(r"[a-z][A-Z][a-z]")


def folded(name: str) -> str:
    """Give a name in lower case, letters and digits only."""
    return _NOT_WORD.sub("", name).casefold()


def tokens(name: str) -> list[str]:
    """Give the words that a name is made of: `ArticleName_DE` is article, name, de."""
    apart = "".join(
        f" {letter}" if letter.isupper() and not before.isupper() else letter
        for before, letter in zip(f" {name}", name, strict=False)
    )
    return [part.casefold() for part in _NOT_WORD.split(apart) if part]


def _table(words: Mapping[float, str]) -> dict[str, float]:
    table: dict[str, float] = {}
    for weight, names in words.items():
        for name in names.split():
            table.setdefault(name, weight)
    return table


_CONCEPTS: Mapping[Concept, Mapping[str, float]] = {
    concept: _table(words) for concept, words in WORDS.items()
}
_RECORDS = _table(RECORDS)
_CORES: Mapping[Concept, frozenset[str]] = {
    concept: frozenset(words.split()) for concept, words in CORES.items()
}
_OTHERWISE = frozenset(OTHERWISE.split())
_GLUED = sorted(GLUED.split(), key=len, reverse=True)


def meanings(names: Sequence[str]) -> Mapping[Concept, float]:
    """Give what a path of lxml's names may stand for, each with how sure the names are."""
    return _meant(tuple(names))


@lru_cache(maxsize=16384)
def _meant(names: tuple[str, ...]) -> Mapping[Concept, float]:
    *before, last = (local(name).rpartition(".")[2] or name for name in names) if names else [""]
    path = tuple(map(folded, before))
    found: dict[Concept, float] = {}
    for plain, factor in _variants(last):
        for concept, weight in _meanings((*path, plain)).items():
            found[concept] = max(found.get(concept, 0.0), weight * factor)
    for concept, weight in _by_core(last).items():
        found.setdefault(concept, weight)
    return found


def _by_core(name: str) -> Mapping[Concept, float]:
    """Give what one word of a name says, where no other word says otherwise; a unit goes first."""
    words = set(tokens(name))
    plain = folded(name)
    found: list[Concept] = [
        concept
        for concept, cores in _CORES.items()
        if (words & cores and not words & _OTHERWISE) or any(_is_glued(plain, c) for c in cores)
    ]
    first: list[Concept] = [each for each in found if each in {"unit", "currency"}] or found
    return dict.fromkeys(first[:1], _BY_CORE)


def _is_glued(plain: str, core: str) -> bool:
    """Say whether a name is the core with words before or behind it that change nothing."""
    before, _, behind = plain.partition(core)
    return core in plain and all(_is_idle(rest) for rest in (before, behind)) and plain != core


def _is_idle(rest: str) -> bool:
    while rest:
        word = next((each for each in _GLUED if rest.startswith(each)), None)
        if word is None:
            return False
        rest = rest.removeprefix(word)
    return True


def _variants(name: str) -> list[tuple[str, float]]:
    """Give a name folded, then without what often stands at its ends: cName, name_de, name(de)."""
    found = [(folded(name), 1.0)]
    words = tokens(name)
    if _HUNGARIAN.match(name.removeprefix("@")):
        found.append((folded(name.removeprefix("@")[1:]), _CUT))
    if len(words) > 1 and (language(words[-1]) or unit(words[-1])):
        found.append(("".join(words[:-1]), _CUT))
    if "(" in name:
        found.append((folded(name.partition("(")[0]), _CUT))
    if name[-1:].isdecimal():
        found.append((folded(name).rstrip("0123456789"), _NUMBERED))
    return found


@lru_cache(maxsize=8192)
def _meanings(path: tuple[str, ...]) -> Mapping[Concept, float]:
    found: dict[Concept, float] = {}
    for concept, table in _CONCEPTS.items():
        weight = _weight(path, table)
        if weight:
            found[concept] = weight
    return found


def _weight(path: tuple[str, ...], table: Mapping[str, float]) -> float:
    for end in (3, 2):
        weight = table.get("/".join(path[-end:])) if len(path) >= end else None
        if weight:
            return weight
    if not path:
        return 0.0
    weight = _alone(path[-1], table)
    if path[-1] in GENERIC and len(path) > 1:
        return max(weight * _DEEPER, _weight(path[:-1], table) * _DEEPER)
    return weight


def _alone(name: str, table: Mapping[str, float]) -> float:
    known = table.get(name)
    if known:
        return known
    bare = [name.removeprefix(noun) for noun in NOUNS if name.startswith(noun)]
    bare += [name.removesuffix(noun) for noun in NOUNS if name.endswith(noun)]
    return max((table.get(each, 0.0) * _BESIDE_NOUN for each in bare if each), default=0.0)


def named(text: str) -> Mapping[Concept, float]:
    """Give what a list's entry of that name may stand for."""
    return meanings((text,))


def keyed(key: str, text: str) -> Concept | None:
    """Give what a type's code says of the value beside it; None where that is not known."""
    known = KEYED.get((folded(local(key)), text.casefold()))
    if known is not None:
        return known
    return next((concept for concept, weight in named(text).items() if weight >= _DEEPER), None)


def record_likeness(name: str) -> float:
    """Say how much an element's name is one of a product: 0 to 1."""
    plain = folded(local(name).rpartition(".")[2])
    known = _RECORDS.get(plain)
    if known:
        return known
    words = tokens(local(name).rpartition(".")[2])
    return 0.8 * _RECORDS.get(words[-1], 0.0) if words else 0.0
