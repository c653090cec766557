"""The steps of `transform`: small functions from a text to a text, or to none."""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from erp2pim.mapping.shape import unknown
from erp2pim.mapping.values import Unmappable

_LONGEST_CODE = 100
_KEYS = {"default", "divide", "join", "round", "split", "table", "times", "trim"}

Step: TypeAlias = Callable[[str], str | None]
Parameter: TypeAlias = str | Mapping[str, str]


class TransformError(ValueError):
    """A step is unknown, or its parameter is wrong."""


def chain(steps: Sequence[Step]) -> Step:
    """Make one step of several; none stays none."""

    def run(text: str) -> str | None:
        result: str | None = text
        for step in steps:
            if result is None:
                return None
            result = step(result)
        return result

    return run


def step(name: str, parameter: Parameter | None) -> Step:
    """Give the step of that name.

    Raises:
        TransformError: There is none, or the parameter does not suit it.
    """
    if name in _PLAIN and parameter is None:
        return _PLAIN[name]
    if name in _WITH_TEXT and isinstance(parameter, str):
        if not parameter:
            raise TransformError(f"{name} takes a text that is not empty")
        return _WITH_TEXT[name](parameter)
    if name == "replace" and isinstance(parameter, Mapping):
        return _replace(parameter)
    if name in _PLAIN or name in _WITH_TEXT or name == "replace":
        raise TransformError(f"{name} {_wants(name)}")
    if name in _KEYS:
        raise TransformError(f"{name} is no transform but a key of the rule: write it beside it")
    raise TransformError(unknown(name, sorted({*_PLAIN, *_WITH_TEXT, "replace"}), what="transform"))


def own_step(name: str, function: Callable[[str], object]) -> Step:
    """Make a step of a function that takes a text and gives a text or None.

    What it raises refuses the record.
    """

    def run(text: str) -> str | None:
        try:
            result = function(text)
        except Exception as error:  # it is not ours, and may raise anything
            message = f"{name} fails: {type(error).__name__}: {error}"
            raise Unmappable(message, text, what="function") from error
        if result is not None and not isinstance(result, str):
            raise Unmappable(f"{name} gives no text but {result!r}", text, what="function")
        return result

    return run


def _wants(name: str) -> str:
    if name == "replace":
        return 'takes texts and what they become: {replace: {"old": "new"}}'
    if name in _WITH_TEXT:
        return f'takes a text: {{{name}: "…"}}' + (" or stands alone" if name in _PLAIN else "")
    return "takes no parameter"


def _strip(characters: str) -> Step:
    return lambda text: text.strip(characters)


def _replace(changes: Mapping[str, str]) -> Step:
    def run(text: str) -> str:
        for old, new in changes.items():
            text = text.replace(old, new)
        return text

    return run


def _regex(pattern: str) -> Step:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise TransformError(f"regex {pattern!r}: {error}") from error
    group = 1 if compiled.groups else 0

    def run(text: str) -> str | None:
        hit = compiled.search(text)
        return hit.group(group) if hit else None

    return run


def _before(mark: str) -> Step:
    return lambda text: text.partition(mark)[0].strip() if mark in text else None


def _after(mark: str) -> Step:
    return lambda text: text.partition(mark)[2].strip() if mark in text else None


def _truncate(length: str) -> Step:
    if not length.isdecimal() or int(length) < 1:
        raise TransformError(f"truncate takes a number of characters; found {length!r}")
    return lambda text: text[: int(length)].rstrip()


def code(text: str) -> str:
    """Make a PIM code of letters, digits and underscores, the same every night.

    Accents are dropped; other foreign letters become their Unicode numbers, so that words in any
    script stay apart. Codes have at most 100 characters (Akeneo, validation/attribute.yml).
    """
    plain = unicodedata.normalize("NFKD", text.strip())
    parts = (_code_of(each) for each in plain if not unicodedata.combining(each))
    return re.sub("_+", "_", "".join(parts)).strip("_")[:_LONGEST_CODE]


def _code_of(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else "_"
    return f"u{ord(character):x}" if character.isalnum() else "_"


def _last(mark: str) -> Step:
    return lambda text: text.rpartition(mark)[2].strip()


_PLAIN: dict[str, Step] = {
    "strip": str.strip,
    "collapse": lambda text: " ".join(text.split()),
    "code": code,
    "lower": str.lower,
    "unescape": html.unescape,
    "upper": str.upper,
}
_WITH_TEXT: dict[str, Callable[[str], Step]] = {
    "strip": _strip,
    "regex": _regex,
    "before": _before,
    "after": _after,
    "last": _last,
    "truncate": _truncate,
}
