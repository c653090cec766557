"""Location paths cut into steps, so that simple ones need no XPath engine."""

import re
from dataclasses import dataclass
from typing import Literal

_NAME = r"(?:[^\W\d][\w.\-]*)"
_STEP = re.compile(rf"(?P<name>(?:{_NAME}:)?{_NAME}|\*)(?P<rest>\[.*)?$", re.DOTALL)
_ATTRIBUTE = re.compile(rf"@(?P<name>(?:{_NAME}:)?{_NAME})$")
_SEPARATOR = re.compile(r"""/+|\[|\]|"[^"]*"|'[^']*'""")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a location path.

    Attributes:
        axis: `child`, or `descendant` for a step behind `//`.
        name: The name as written, `*` for any; the attribute's name without `@` when `attribute`.
        predicates: What stands in the square brackets, in order.
        attribute: Whether the step names an attribute.
    """

    axis: Literal["child", "descendant"]
    name: str
    predicates: tuple[str, ...] = ()
    attribute: bool = False


def steps(path: str) -> tuple[Step, ...] | None:
    """Cut a path of child, descendant and attribute steps; None where it is anything else.

    A path that starts with `/` starts at the document: its first step is the root element.
    """
    pieces = _pieces(path.strip())
    if pieces is None:
        return None
    found: list[Step] = []
    for slashes, text in pieces:
        step = _step(text, "descendant" if slashes == "//" else "child")
        if step is None or (found and found[-1].attribute):
            return None
        found.append(step)
    return tuple(found)


def _pieces(path: str) -> list[tuple[str, str]] | None:
    """Split at the slashes outside of brackets and quotes: `[(slashes, step)]`."""
    pieces: list[tuple[str, str]] = []
    depth, start, slashes = 0, 0, ""
    for mark in _SEPARATOR.finditer(path):
        sign = mark.group()
        depth += (sign == "[") - (sign == "]")
        if sign[0] != "/" or depth:
            continue
        if mark.start() > start:
            pieces.append((slashes, path[start : mark.start()]))
        elif pieces or mark.start():
            return None
        slashes, start = sign, mark.end()
    if depth or start == len(path) or slashes not in {"", "/", "//"}:
        return None
    return [*pieces, (slashes, path[start:])]


def _step(text: str, axis: Literal["child", "descendant"]) -> Step | None:
    attribute = _ATTRIBUTE.match(text)
    if attribute:
        return Step(axis, attribute["name"], attribute=True)
    element = _STEP.match(text)
    if element is None:
        return None
    predicates = _predicates(element["rest"] or "")
    return None if predicates is None else Step(axis, element["name"], predicates)


def _predicates(text: str) -> tuple[str, ...] | None:
    """Give what stands in `[…][…]`; None where brackets do not close or text follows them."""
    found: list[str] = []
    depth, start, end = 0, 0, 0
    for mark in _SEPARATOR.finditer(text):
        if mark.group() == "[":
            if depth == 0 and mark.start() != end:
                return None
            start = mark.end() if depth == 0 else start
            depth += 1
        elif mark.group() == "]":
            depth -= 1
            if depth == 0:
                found.append(text[start : mark.start()].strip())
                end = mark.end()
    return tuple(found) if depth == 0 and end == len(text) else None
