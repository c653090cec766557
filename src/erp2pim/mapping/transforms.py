"""The steps of `transform`: small functions from a text to a text, or to none."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from erp2pim.mapping.shape import unknown

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
        return _WITH_TEXT[name](parameter)
    if name == "replace" and isinstance(parameter, Mapping):
        return _replace(parameter)
    if name in _PLAIN or name in _WITH_TEXT or name == "replace":
        raise TransformError(f"{name} {_wants(name)}")
    raise TransformError(unknown(name, [*_PLAIN, *_WITH_TEXT, "replace"], what="transform"))


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
    return lambda text: text.partition(mark)[0] if mark in text else None


def _after(mark: str) -> Step:
    return lambda text: text.partition(mark)[2] if mark in text else None


def _last(mark: str) -> Step:
    return lambda text: text.rpartition(mark)[2]


_PLAIN: dict[str, Step] = {
    "strip": str.strip,
    "collapse": lambda text: " ".join(text.split()),
    "lower": str.lower,
    "upper": str.upper,
}
_WITH_TEXT: dict[str, Callable[[str], Step]] = {
    "strip": _strip,
    "regex": _regex,
    "before": _before,
    "after": _after,
    "last": _last,
}
