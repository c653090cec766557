"""What paths may reach outside of the record: that stays in memory while the file streams by."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from erp2pim.mapping.steps import steps

_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_LEAVING = ("..", "ancestor", "preceding", "following", "parent::")
# What needs none of the ancestors' children: their attributes, they themselves, their names.
_AT_HAND = re.compile(
    r"@[\w.\-:]+|(?:ancestor(?:-or-self)?|parent)::(?:\*|[\w.\-:]+)|[\w\-]*name\([^()]*\)"
)
# Behind the record there is nothing yet; the word alone says that it was asked for.
_BEHIND = re.compile(r"(following)(?:-sibling)?::(?:\*|[\w.\-:]+)")
_ANY_NAME = re.compile(
    r"\*|(?:node|text)\(|preceding::|(?:\.\.|::).*(?://|descendant)|\.\.(?!\s*[/\[])", re.DOTALL
)
_ANY_CHILD = re.compile(r"(?<![\w)\]'\".*])\s*\*|::\s*\*|(?:node|text)\(|string\(|\.\s*$|//")
_PREDICATE = re.compile(r"\[[^\]]*\]")
_WORD = re.compile(r"[^\W\d][\w.\-:]*")


def reach(texts: Iterable[str]) -> AbstractSet[str] | None:
    """Give the names that paths mention which leave the record; None where any name may be.

    Without a name where nothing but ancestors and their attributes is asked for: those are
    always there.
    """
    names: set[str] = set()
    for text in texts:
        bare = _BEHIND.sub(r"\1", _AT_HAND.sub("", _QUOTED.sub("", text)))
        if not any(mark in text for mark in _LEAVING):
            continue
        if _ANY_NAME.search(bare):
            return None
        names.update(name.rpartition(":")[2] for name in _WORD.findall(bare))
    return frozenset(names)


def used_names(texts: Iterable[str]) -> AbstractSet[str] | None:
    """Give all names that paths mention; None where some path may mean any name."""
    names: set[str] = set()
    for text in texts:
        bare = _QUOTED.sub("", text)
        if _ANY_CHILD.search(bare):
            return None
        names.update(name.rpartition(":")[2] for name in _WORD.findall(bare))
    return frozenset(names)


def mentioned_names(texts: Iterable[str]) -> AbstractSet[str]:
    """Give the names in predicates and in paths that are more than steps: they decide something."""
    names: set[str] = set()
    for text in texts:
        bare = _QUOTED.sub("", text)
        asked = _PREDICATE.findall(bare) if steps(text) else [bare]
        names.update(n.rpartition(":")[2] for part in asked for n in _WORD.findall(part))
    return frozenset(names)


def leaves(text: str, depth: int) -> bool:
    """Say whether a path may lead out of the record, if only to an attribute or a language.

    Args:
        text: The path.
        depth: How far below the record it starts, at least.
    """
    bare = _QUOTED.sub("", text)
    if any(mark in bare for mark in (*_LEAVING[1:], "lang(")):
        return True
    return bare.count("..") > depth
