"""YAML text from values that came from elsewhere: nothing in them can break out."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from erp2pim.report.text import fit

Tree: TypeAlias = str | Sequence["Tree"] | Mapping[str, "Tree"]

# A letter, digit, slash, underscore or dollar, then also dots and hyphens: nothing YAML looks at.
_PLAIN = re.compile(r"[^\W_][\w./-]*|[/$][\w./-]*", re.UNICODE)
_EMPTY_WORDS = frozenset({"null", "Null", "NULL", "~"})
_ESCAPES = {"\\": "\\\\", '"': '\\"'}
_LONGEST_COMMENT = 160


def scalar(text: str) -> str:
    """Write a text as a scalar, quoted where YAML could take it for anything else."""
    if _PLAIN.fullmatch(text) and text.isprintable() and text not in _EMPTY_WORDS:
        return text
    return f'"{"".join(map(_escaped, text))}"'


def flow(tree: Tree) -> str:
    """Write a tree on one line."""
    if isinstance(tree, str):
        return scalar(tree)
    if isinstance(tree, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(each)}" for key, each in tree.items()) + "}"
    return "[" + ", ".join(map(flow, tree)) + "]"


def comment(text: str) -> str:
    """Write a text as a comment of one line, cut to length."""
    shown = fit(text, longest=_LONGEST_COMMENT)
    return "# " + "".join(c if c.isprintable() else _code(c) for c in shown)


def _escaped(character: str) -> str:
    known = _ESCAPES.get(character)
    if known is not None:
        return known
    return character if character.isprintable() else _code(character)


def _code(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 1 << 16 else f"\\U{number:08x}"
