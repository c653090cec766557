"""A text in several languages: how its cells are chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from erp2pim.survey.codes import language, locale
from erp2pim.survey.fields import Value, key_path, quoted, selected
from erp2pim.survey.listing import local
from erp2pim.survey.lists import Languages
from erp2pim.survey.names import tokens
from erp2pim.survey.survey import Survey


@dataclass(frozen=True, slots=True)
class Fan:
    """A text in several languages.

    Attributes:
        path: Its path; `$locale` stands for the language's text. None where each has its own.
        texts: How the export writes each language, by locale; its own path where `path` is None.
        unknown: Languages that are written in a way that says nothing, such as `1` or `x-default`.
        by_record: Whether each record is in one language, so that several make one product.
        is_one_of_several: Whether the export has more languages than this text.
    """

    path: str | None
    texts: Mapping[str, str]
    unknown: Sequence[str] = ()
    by_record: bool = False
    is_one_of_several: bool = False

    def literal(self, text: str) -> str:
        """Give the path to the text in one language, as the export writes it."""
        return text if self.path is None else self.path.replace("$locale", quoted(text))


def fan(value: Value, survey: Survey) -> Fan | None:
    """Say in which languages a value is; None where nothing tells."""
    around = [
        each
        for each in survey.languages
        if value.names[: len(each.each)] == each.each and each.key not in value.names
    ]
    if around:
        nearest = max(around, key=lambda each: len(each.each))
        return _by_key(value, nearest, survey)
    return _by_name(value, survey)


def _by_key(value: Value, key: Languages, survey: Survey) -> Fan:
    spelled = survey.spelled
    name = key_path(spelled.name(key.key), is_padded=key.is_padded)
    below = spelled.path(value.names[len(key.each) :])
    path = selected(spelled.path(key.each), f"{name}=$locale", below)
    texts = _having(value, key, survey) or list(key.texts)
    known = {code: text for text in texts if (code := locale(text)) is not None}
    return Fan(
        path,
        known,
        unknown=[text for text in texts if text not in known.values()],
        by_record=not key.each,
        is_one_of_several=len(key.texts) > 1,
    )


def _having(value: Value, key: Languages, survey: Survey) -> list[str]:
    """Give the languages in which the value is not always empty."""
    return [
        entry.selector.text
        for entry in survey.listed
        if (entry.selector.each, entry.selector.key) == (key.each, key.key)
        and entry.names == value.names
        and entry.sketch.filled
    ]


def _by_name(value: Value, survey: Survey) -> Fan | None:
    """Give the values beside it whose names differ by a language at the end: TitleDe, TitleEn."""
    stem = _stem(value)
    if stem is None:
        return None
    beside = [
        (other, found[1])
        for other in survey.values
        if other.names[:-1] == value.names[:-1]
        and (found := _stem(other)) is not None
        and found[0] == stem[0]
    ]
    texts = {code: other.path for other, end in beside if (code := locale(end, letters=False))}
    return Fan(None, texts) if len(texts) > 1 else None


def _stem(value: Value) -> tuple[tuple[str, ...], str] | None:
    """Give the words of the last name, and the language that it ends in; None where it does not."""
    *stem, end = (tokens(local(value.names[-1])) if value.names else []) or [""]
    return (tuple(stem), end) if stem and language(end) is not None else None
