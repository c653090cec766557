"""What is known of all values of one path, in bounded memory however many there are."""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from hashlib import blake2b

from erp2pim.survey.looks import NO_VALUE, Look, looks

MOST_WORDS = 48
_LONGEST_WORD = 80
_LONGEST_SAMPLE = 300
_SAMPLES = 3
_HASH_SPACE = 2.0**64


class Distinct:
    """How many different texts there were: exact up to a limit, then estimated.

    The texts with the smallest hashes are a fair sample of all different texts, and how tightly
    they lie tells how many there are (k minimum values, Bar-Yossef et al. 2002). Since a text that
    once was too large stays so, how often each text of the sample came is exact.

    Attributes:
        times: How often each text of the sample came, by hash.
    """

    LIMIT = 500

    def __init__(self) -> None:
        """Begin with none."""
        self._heap: list[int] = []
        self.times: dict[int, int] = {}

    def add(self, text: str, times: int = 1) -> bool:
        """Count a text; say whether it is new to the sample."""
        key = hashed(text)
        if key in self.times:
            self.times[key] += times
            return False
        if len(self.times) >= self.LIMIT and key > -self._heap[0]:
            return False
        self._put(key, times)
        return True

    def _put(self, key: int, times: int) -> None:
        self.times[key] = self.times.get(key, 0) + times
        if self.times[key] == times:
            heapq.heappush(self._heap, -key)
        if len(self.times) > self.LIMIT:
            del self.times[-heapq.heappop(self._heap)]

    def merge(self, other: "Distinct") -> None:
        """Count all that another one has counted."""
        for key, times in other.times.items():
            self._put(key, times)

    @property
    def is_exact(self) -> bool:
        """Whether the count is no estimate."""
        return len(self.times) < self.LIMIT

    @property
    def count(self) -> int:
        """How many different texts there were."""
        if self.is_exact:
            return len(self.times)
        return round((self.LIMIT - 1) / (-self._heap[0] / _HASH_SPACE))

    @property
    def share_alone(self) -> float:
        """The share of texts that came once; of the sample where the count is an estimate."""
        alone = sum(1 for times in self.times.values() if times == 1)
        return alone / len(self.times) if self.times else 0.0


def hashed(text: str) -> int:
    """Give a text's hash, the same in every run."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


class Sketch:
    """All values of one path.

    Attributes:
        times: How many values there were, empty ones included.
        empty: How many of them were empty.
        nil: How many elements said `xsi:nil`.
        longest: The longest value's length in characters.
        blanks: How many had blanks at an end.
        no_value: How often a text came that commonly means that there is no value.
        words: How often each text came; None where there were too many, or too long ones.
        samples: The first different texts, cut.
        judged: How many texts were looked at for their looks.
        looks: How many of these looked like each thing.
        different: How many different texts there were; None while `words` has them all.
    """

    __slots__ = (
        "blanks",
        "different",
        "empty",
        "judged",
        "longest",
        "looks",
        "nil",
        "no_value",
        "samples",
        "times",
        "words",
    )

    def __init__(self) -> None:
        """Begin with no value."""
        self.times = 0
        self.empty = 0
        self.nil = 0
        self.longest = 0
        self.blanks = 0
        self.no_value: Counter[str] = Counter()
        self.words: dict[str, int] | None = {}
        self.samples: list[str] = []
        self.judged = 0
        self.looks: Counter[Look] = Counter()
        self.different: Distinct | None = None

    def add(self, text: str) -> None:
        """Count one value."""
        self.times += 1
        stripped = text.strip()
        length = len(stripped)
        if length != len(text):
            self.blanks += 1
        self.longest = max(self.longest, length)
        if not stripped:
            self.empty += 1
        elif stripped in NO_VALUE:
            self.no_value[stripped] += 1
        elif self.words is None:
            self._count(stripped)
        elif stripped in self.words:
            self.words[stripped] += 1
        else:
            self._note(stripped)

    def _note(self, text: str) -> None:
        """Take in a text that is none of the words."""
        words = self.words
        if words is not None and len(words) < MOST_WORDS and len(text) <= _LONGEST_WORD:
            words[text] = 1
            self._judge(text)
        else:
            self._give_up_words()
            self._count(text)

    def _count(self, text: str) -> None:
        if self.different is None:
            self.different = Distinct()
        if self.different.add(text):
            self._judge(text)

    def _give_up_words(self) -> None:
        if self.different is None:
            self.different = Distinct()
        for word, times in (self.words or {}).items():
            self.different.add(word, times)
        self.words = None

    def _judge(self, text: str) -> None:
        self.judged += 1
        self.looks.update(looks(text))
        if len(self.samples) < _SAMPLES and text[:_LONGEST_SAMPLE] not in self.samples:
            self.samples.append(text[:_LONGEST_SAMPLE])

    def merge(self, other: "Sketch") -> None:
        """Take in all that another one has counted; judged texts may be judged twice."""
        for name in ("times", "empty", "nil", "blanks", "judged"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.longest = max(self.longest, other.longest)
        self.no_value.update(other.no_value)
        self.looks.update(other.looks)
        self.samples = list(dict.fromkeys([*self.samples, *other.samples]))[:_SAMPLES]
        self._merge_words(other)

    def _merge_words(self, other: "Sketch") -> None:
        if self.words is not None and other.words is not None:
            merged = Counter(self.words)
            merged.update(other.words)
            self.words = dict(merged)
            if len(merged) > MOST_WORDS:
                self._give_up_words()
            return
        self._give_up_words()
        if self.different is not None and other.different is not None:
            self.different.merge(other.different)
        elif self.different is not None:
            for word, times in (other.words or {}).items():
                self.different.add(word, times)

    @property
    def filled(self) -> int:
        """How many values were neither empty nor a text that means that there is none."""
        return self.times - self.empty - self.no_value.total()

    @property
    def distinct(self) -> int:
        """How many different values there were, empty ones and those of `no_value` left out."""
        if self.words is not None:
            return len(self.words)
        return self.different.count if self.different is not None else 0

    @property
    def is_exact(self) -> bool:
        """Whether `distinct` is no estimate."""
        return self.words is not None or self.different is None or self.different.is_exact

    @property
    def share_alone(self) -> float:
        """The share of different values that came once."""
        if self.words is not None:
            alone = sum(1 for times in self.words.values() if times == 1)
            return alone / len(self.words) if self.words else 0.0
        return self.different.share_alone if self.different is not None else 0.0

    @property
    def hashes(self) -> AbstractSet[int]:
        """A sample of the different values, by hash: the same of every sketch, so that two meet."""
        if self.words is not None:
            return {hashed(word) for word in self.words}
        return self.different.times.keys() if self.different is not None else frozenset()

    def share(self, look: Look) -> float:
        """Give the share of the judged values that look like this."""
        return self.looks[look] / self.judged if self.judged else 0.0

    def best(self, kind: str, order: Iterable[str] = ("",)) -> tuple[Look | None, float]:
        """Give the look of a kind that most values have, the first in `order` among equals."""
        shares: Mapping[str, float] = {
            look.example: self.share(look) for look in self.looks if look.kind == kind
        }
        found = max(order, key=lambda example: shares.get(example, 0.0), default=None)
        if found is None or found not in shares:
            return None, 0.0
        return next(each for each in self.looks if each == (kind, found)), shares[found]
