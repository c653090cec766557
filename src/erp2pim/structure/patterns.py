"""E-mail addresses, web addresses and regular expressions as the PIM judges them."""

import re
import unicodedata
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["fits", "differs", "unknown"]
Hits: TypeAlias = Callable[[str], bool]

_EMAIL = re.compile(r".+@\S+\.\S+", re.ASCII)
_USER = r"(?:[\w.\-]|%[0-9a-f]{2})+"
_HOST = r"(?:(?:[\w\-+$<=>^`|~]+\.)+[a-z0-9]+|[\w\-]+|\[[0-9a-f:.]+\])\.?"
_PATH = r"(?:/(?:[\w\-.~!$&'()*+,;=:@<>^`|]|%[0-9a-f]{2})*)*"
_QUERY = r"(?:\?(?:[\w\-.~!$&'()*+,;=:@/?\[\]]|%[0-9a-f]{2})*)?"
_FRAGMENT = r"(?:#(?:[\w\-.~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?"
_URL = re.compile(
    rf"https?://(?:(?:{_USER}:)?{_USER}@)?{_HOST}(?::[0-9]+)?{_PATH}{_QUERY}{_FRAGMENT}",
    re.ASCII | re.IGNORECASE,
)
_STAND_INS = {"L": "a", "M": "a", "N": "0", "S": "+"}

_DELIMITED = re.compile(r"\s*([^\w\s\\])(.*)([^\w\s\\])(\w*)\s*", re.DOTALL)
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
_HARMLESS = frozenset("uADUSXJ")
_NAMED_GROUP = re.compile(r"\(\?<(?=[a-zA-Z_])")
_ESCAPES = re.compile(r"\\(.)", re.DOTALL)
# A class of line breaks in PCRE, one of them in Python; likewise a repetition from none.
_READ_OTHERWISE = re.compile(r"(?<!\\)(?:\\\\)*\\v|\{,\d+\}")


def is_email(text: str) -> bool:
    """Say whether the PIM takes a text of one line for an e-mail address.

    Source: pim-community-dev (EmailGuesser); Symfony 5.4, EmailValidator in its loose mode.
    """
    return _EMAIL.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """Say whether the PIM takes a text for a web address: http or https, and any host name.

    Characters beyond ASCII are looked at by their kind: letters, digits and symbols may stand.

    Source: pim-community-dev (UrlGuesser); Symfony 5.4, UrlValidator.
    """
    kinds = (c if c.isascii() else _STAND_INS.get(unicodedata.category(c)[0], " ") for c in text)
    return _URL.fullmatch("".join(kinds)) is not None


def fits(pattern: str, text: str) -> Verdict:
    """Say whether a PCRE with delimiters and flags finds something in a text of one line.

    Without the flag `u` PCRE looks at bytes, and so does this. An expression that Python does not
    read as PCRE does is unknown.

    Source: pim-community-dev (RegexGuesser: `preg_match`, not anchored).
    """
    hits = _hits(pattern)
    if hits is None:
        return "unknown"
    return "fits" if hits(text) else "differs"


@lru_cache(maxsize=1024)
def _hits(pattern: str) -> Hits | None:
    """Translate an expression; None where that is not possible."""
    parts = _DELIMITED.fullmatch(pattern)
    if parts is None:
        return None
    opening, body, closing, modifiers = parts.groups()
    known = set(modifiers) <= _FLAGS.keys() | _HARMLESS
    if closing != _CLOSING.get(opening, opening) or not known or _READ_OTHERWISE.search(body):
        return None
    flags = sum(_FLAGS.get(modifier, re.NOFLAG) for modifier in set(modifiers))
    body = _ESCAPES.sub(lambda found: r"\Z" if found[1] == "z" else found[0], body)
    body = _NAMED_GROUP.sub("(?P<", body)
    return _compiled(body, flags, is_unicode="u" in modifiers, is_anchored="A" in modifiers)


def _compiled(body: str, flags: int, *, is_unicode: bool, is_anchored: bool) -> Hits | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            if is_unicode:
                wide = re.compile(body, flags)
                return lambda text: bool(wide.match(text) if is_anchored else wide.search(text))
            narrow = re.compile(body.encode(), flags)
    except (re.error, FutureWarning, OverflowError, RecursionError):
        return None

    def hits(text: str) -> bool:
        data = text.encode("utf-8", "surrogatepass")
        return bool(narrow.match(data) if is_anchored else narrow.search(data))

    return hits
