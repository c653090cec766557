"""In which locales and channels the values of an attribute are written, and from which paths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from erp2pim.structure import Structure
from erp2pim.survey.choices import Choice
from erp2pim.survey.codes import locale
from erp2pim.survey.fields import Entry
from erp2pim.survey.localized import Fan, fan
from erp2pim.survey.survey import Survey
from erp2pim.survey.targets import Target
from erp2pim.survey.words import Concept
from erp2pim.survey.yamltext import Tree

_TEXTS = frozenset({"text", "textarea"})
# What is written in words of a language; None is what an attribute's label says.
_SPEAKING: frozenset[Concept | None] = frozenset(
    {"name", "description", "short_description", "keywords", None}
)
_FIRST_GUESS = "en_US"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where values come from and which cells they fill.

    Attributes:
        tree: What every cell says: path, locales, channels.
        cells: What each cell says besides, where every language has its own path.
        checks: What a person has to look at.
    """

    tree: Mapping[str, Tree]
    cells: Sequence[Mapping[str, Tree]] = ()
    checks: Sequence[str] = ()


def placed(
    choice: Choice,
    plain: Mapping[str, Tree],
    target: Target,
    survey: Survey,
    pim: Structure | None,
) -> Placed | None:
    """Say where an attribute's values come from; None where no locale of the PIM suits them.

    Args:
        choice: The values.
        plain: The path or pair that is written where nothing tells languages apart.
        target: The attribute.
        survey: What the export looks like.
        pim: The PIM's structure; None where it is not known.
    """
    found = _fan(choice, target, survey)
    texts = _allowed({} if found is None else found.texts, target, pim)
    localizable = target.attribute.localizable if target.attribute else None
    least = 1 if localizable or (found and found.is_one_of_several) else 2
    fans_out = localizable is not False and _speaks(choice, target) and len(texts) >= least
    if found is not None and fans_out:
        return _fanned(found, texts, target, pim)
    checks: list[str] = []
    tree = dict(plain) if found is None else _one_language(found, texts, checks)
    if localizable:
        code, is_known = _default_locale(target, survey, pim)
        tree["locale"] = code
        if not is_known:
            checks.append(f"is it {code}?")
    locales = [str(tree["locale"])] if localizable else []
    channels = _channels(target, locales, pim)
    return None if channels == [] else Placed(tree | _written(channels), checks=checks)


def _fan(choice: Choice, target: Target, survey: Survey) -> Fan | None:
    """Give the languages of a value; None where it has none, or is the same in all of them."""
    if choice.pair is not None or isinstance(choice.value, Entry):
        return None
    found = fan(choice.value, survey)
    return found if found is None or _speaks(choice, target) or not found.by_record else None


def _speaks(choice: Choice, target: Target) -> bool:
    """Say whether the values are words of a language, so that another one has others."""
    localizable = target.attribute is not None and target.attribute.localizable
    return localizable or (target.type in _TEXTS and choice.concept in _SPEAKING)


def _fanned(
    found: Fan, texts: Mapping[str, str], target: Target, pim: Structure | None
) -> Placed | None:
    """Write a cell a language."""
    channels = _channels(target, list(texts) if target.attribute else [], pim)
    if channels == []:
        return None
    if found.path is not None:
        return Placed({"path": found.path, "locales": dict(texts), **_written(channels)})
    cells: list[Mapping[str, Tree]] = [
        {"locale": code, "path": path, **_written(_channels(target, [code], pim))}
        for code, path in texts.items()
    ]
    return Placed({}, cells)


def _one_language(found: Fan, texts: Mapping[str, str], checks: list[str]) -> dict[str, Tree]:
    """Write the path to one of the languages: one that the PIM has, or else the first."""
    every = [*texts.values(), *found.texts.values(), *found.unknown]
    others = list(dict.fromkeys(every))
    if len(others) > 1:
        checks.append(f"one language of {', '.join(others[:6])}")
    return {"path": found.literal(others[0])}


def _allowed(texts: Mapping[str, str], target: Target, pim: Structure | None) -> dict[str, str]:
    """Give the languages by the locales that the PIM has for them, and the attribute allows."""
    if pim is None:
        return dict(texts)
    active = _locales(target, pim)
    found: dict[str, str] = {}
    for code, text in texts.items():
        same = [each for each in active if each == code]
        alike = [each for each in active if each.partition("_")[0] == code.partition("_")[0]]
        found.update(dict.fromkeys([*same, *alike][:1], text))
    return found


def _locales(target: Target, pim: Structure) -> list[str]:
    """Give the locales that may hold values of the attribute, in the order of the channels."""
    bound = [code for channel in pim.channels.values() for code in channel.locales]
    allowed = target.attribute.available_locales if target.attribute else ()
    return [code for code in dict.fromkeys(bound) if not allowed or code in allowed]


def _default_locale(target: Target, survey: Survey, pim: Structure | None) -> tuple[str, bool]:
    """Give the locale of texts that name none, and whether the export's header says so."""
    active = _locales(target, pim) if pim else [_FIRST_GUESS]
    for header in survey.header:
        sketch = header.value.sketch
        said = locale(sketch.samples[0], letters=False) if sketch.best("language")[1] else None
        if said in active:
            return str(said), True
    return (_FIRST_GUESS if _FIRST_GUESS in active or not active else active[0]), False


def _channels(target: Target, locales: Sequence[str], pim: Structure | None) -> list[str] | None:
    """Give the channels that have one of the locales; None for an attribute without channels."""
    if target.attribute is None or pim is None or not target.attribute.scopable:
        return None
    return [
        channel.code
        for channel in pim.channels.values()
        if not locales or set(locales) & set(channel.locales)
    ]


def _written(channels: Sequence[str] | None) -> dict[str, Tree]:
    return {} if channels is None else {"channels": channels}
