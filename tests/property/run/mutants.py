"""Files as they come out of a bad night: cut, flipped, swapped, doubled, with holes."""

import random
import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

Mutation: TypeAlias = Callable[[bytes, random.Random], bytes]

_TAG = re.compile(rb"<[^<>]*>")
_ELEMENT = re.compile(rb"<([\w:.-]+)(?:\s[^<>]*)?(?:/>|>[^<]*</\1>)")
_WORD = re.compile(rb"[^\s,{}\[\]:]+")
_SIGNS = [
    *(bytes([each]) for each in b"@[]{}()/|*.,:;'\"-#&!%$<>=0 \n\t\\?"),
    *(
        b"''",
        b"..",
        b"//",
        b"::",
        b"999999999999999999999",
        b"-1",
        b"0.5",
        b"1E400",
        b"${X}",
        b"$x",
    ),
    *(
        b"e:x",
        b"[1]",
        b"text()",
        b"null",
        b"~",
        b"true",
        b"yes",
        b"[x, y]",
        b"{x: y}",
        b"{}",
        b"[]",
    ),
    *(
        b"&a ",
        b"*a",
        b"!!int ",
        b"<<: ",
        b"---\n",
        b'"\\0"',
        b'"\\ud800"',
        b"\xc2\xa0",
        b"\xef\xbb\xbf",
    ),
    *(b"\xf0\x9f\x98\x80", b"\xc3", b"\x00", b"\xff", b"(?P<a>", b"(a+)+$", b"/..", b"/etc"),
]
_BYTES = [b"\0", b"\xff", b"<", b">", b"&", b"]]>", b"<!--", b"&amp;", b"\xc3", b"'", b'"', b"\n"]


def mutant(content: bytes, seed: str, mutations: Sequence[Mutation]) -> bytes:
    """Change a file in one place to three; the same seed changes it the same way."""
    luck = random.Random(seed)  # noqa: S311  the same mutants each time
    for _ in range(luck.choice([1, 1, 2, 3])):
        content = luck.choice(mutations)(content, luck)
    return content


def truncated(content: bytes, luck: random.Random) -> bytes:
    return content[: luck.randint(0, len(content))]


def flipped(content: bytes, luck: random.Random) -> bytes:
    at = luck.randrange(len(content) + 1)
    put = luck.choice([bytes([luck.randrange(256)]), *_BYTES])
    return content[:at] + put + content[at + luck.randint(0, 1) :]


def without_range(content: bytes, luck: random.Random) -> bytes:
    start, end = _range(content, luck)
    return content[:start] + content[end:]


def with_range_twice(content: bytes, luck: random.Random) -> bytes:
    start, end = _range(content, luck)
    return content[:end] + content[start:]


def with_tags_swapped(content: bytes, luck: random.Random) -> bytes:
    return _swapped(content, [match.span() for match in _TAG.finditer(content)], luck)


def with_elements_swapped(content: bytes, luck: random.Random) -> bytes:
    return _swapped(content, [match.span() for match in _ELEMENT.finditer(content)], luck)


def without_element(content: bytes, luck: random.Random) -> bytes:
    spans = [match.span() for match in _ELEMENT.finditer(content)]
    start, end = luck.choice(spans or [(0, 0)])
    return content[:start] + content[end:]


def with_element_twice(content: bytes, luck: random.Random) -> bytes:
    spans = [match.span() for match in _ELEMENT.finditer(content)]
    start, end = luck.choice(spans or [(0, 0)])
    return content[:end] + content[start:]


OF_EXPORTS = [
    *(truncated, flipped, without_range, with_range_twice, with_tags_swapped),
    *(with_elements_swapped, without_element, with_element_twice) * 2,
]


def _range(content: bytes, luck: random.Random) -> tuple[int, int]:
    start = luck.randrange(len(content) + 1)
    return start, start + luck.choice([1, 3, 10, 100, 1000])


def _swapped(content: bytes, spans: Sequence[tuple[int, int]], luck: random.Random) -> bytes:
    if len(spans) < 2:
        return content
    (a, b), (c, d) = sorted(luck.sample(spans, 2))
    return content[:a] + content[c:d] + content[b:c] + content[a:b] + content[d:]


def with_sign(content: bytes, luck: random.Random) -> bytes:
    at = luck.randrange(len(content) + 1)
    return content[:at] + luck.choice(_SIGNS) + content[at + luck.choice([0, 1, 2, 5, 12]) :]


def with_words_swapped(content: bytes, luck: random.Random) -> bytes:
    return _swapped(content, [match.span() for match in _WORD.finditer(content)], luck)


def with_word_twice(content: bytes, luck: random.Random) -> bytes:
    spans = [match.span() for match in _WORD.finditer(content)]
    start, end = luck.choice(spans or [(0, 0)])
    return content[:end] + luck.choice([b"", b" ", b", ", b": "]) + content[start:]


def with_line_moved(content: bytes, luck: random.Random) -> bytes:
    lines = content.splitlines(keepends=True) or [b""]
    at = luck.randrange(len(lines))
    lines[at] = luck.choice(
        [b" " + lines[at], lines[at][1:], lines[at] * 2, b"", b"\t" + lines[at]]
    )
    return b"".join(lines)


OF_TEXTS = [
    *(truncated, flipped, without_range, with_range_twice, with_line_moved),
    *(with_sign, with_words_swapped, with_word_twice) * 2,
]
