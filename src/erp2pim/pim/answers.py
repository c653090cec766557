"""The PIM's answers, read: from bytes to values, and nothing believed that does not fit."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from erp2pim.model import Accepted, Json, Outcome, Refused, identity

_CREATED, _UPDATED = 201, 204
_LONGEST = 500
# Other (control, format, surrogate) and line or paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the PIM said of one line.

    Attributes:
        status: The line's own status code.
        message: The PIM's words, cleaned and cut.
        attribute: The attribute that the first error names.
        explained: Whether the line told why: it carries `errors` or a link to the documentation.
    """

    status: int
    message: str
    attribute: str | None
    explained: bool

    @property
    def outcome(self) -> Outcome | None:
        """What became of the line; None where the status does not say it, as 500, 302 or 999."""
        if self.status in {_CREATED, _UPDATED}:
            return Accepted(created=self.status == _CREATED)
        if 400 <= self.status < 500:  # noqa: PLR2004  # the client errors of HTTP
            return self.refused()
        return None

    @property
    def refused_without_reason(self) -> bool:
        """Whether the PIM refused the line and neither listed errors nor pointed to its manual."""
        return isinstance(self.outcome, Refused) and not self.explained

    def refused(self) -> Refused:
        """Take the line for refused, whatever its status is."""
        return Refused(self.status, self.message, self.attribute)


def verdicts(body: bytes, identifiers: Sequence[str]) -> dict[int, Verdict]:
    """Read the answer to a batch of lines with these identifiers: verdicts by place, from 0.

    Lines are told apart by `line` alone: an answer may lack the identifier, or give it in another
    case (recorded). What is no JSON object, has no line number in range or no status is left out,
    and so is a line that was answered twice and not the same way. An answer that names another
    item is none to this batch: something before the PIM mixed up what it passes on.
    """
    told: dict[int, set[Verdict]] = {}
    for text in body.split(b"\n"):
        answer = _object(text)
        place, status = _number(answer.get("line")), _status(answer)
        if place is None or status is None or not 1 <= place <= len(identifiers):
            continue
        if names_another(answer, identifiers[place - 1]):
            continue
        told.setdefault(place - 1, set()).add(_verdict(status, answer))
    return {place: each.pop() for place, each in told.items() if len(each) == 1}


def poisoned(told: Mapping[int, Verdict]) -> frozenset[int]:
    """Give the places of the lines that were refused in the same words, and told no reason.

    One bad line can make every line behind it fail with its own message; sent alone they pass
    (recorded: `poison.categories.*`).
    """
    bare = {place: each.message for place, each in told.items() if each.refused_without_reason}
    times = Counter(bare.values())
    return frozenset(place for place, message in bare.items() if times[message] > 1)


def verdict(status: int, body: bytes) -> Verdict:
    """Read what the PIM says of a request that is no batch."""
    return _verdict(status, _object(body))


def words(body: bytes) -> str:
    """Give what the PIM says about a whole request; empty when the body is not the PIM's JSON."""
    return clean(_text(_object(body).get("message")))


def forbidden(body: bytes) -> bool:
    """Tell whether a 403 comes from the PIM itself and not from something before it."""
    return _number(_object(body).get("code")) == 403 and bool(words(body))  # noqa: PLR2004


def clean(text: str) -> str:
    """Make foreign text safe to print: one line, no control characters, at most 500 characters."""
    text = text[: 4 * _LONGEST]
    seen = "".join(" " if unicodedata.category(each) in _UNSEEN else each for each in text)
    plain = " ".join(seen.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def names_another(answer: Mapping[str, Json], identifier: str) -> bool:
    """Tell whether an answer is about another item than the one with this identifier or code."""
    named = answer.get("identifier", answer.get("code"))
    return isinstance(named, str) and identity(named) != identity(identifier)


def _verdict(status: int, answer: Mapping[str, Json]) -> Verdict:
    errors = tuple(_errors(answer))
    message = clean(_text(answer.get("message")) + " " + "; ".join(map(_reason, errors)))
    return Verdict(
        status=status,
        message=message or "the PIM gave no reason",
        attribute=(clean(_text(errors[0].get("attribute"))) or None) if errors else None,
        explained="errors" in answer or "_links" in answer,
    )


def _reason(error: Mapping[str, Json]) -> str:
    """Write one error as `name (en_US, ecommerce): what is wrong`.

    An error of a field carries no attribute, and one of a value always the property `values`.
    """
    place = _text(error.get("attribute")) or _text(error.get("property"))
    scope = ", ".join(filter(None, (_text(error.get(k)) for k in ("locale", "scope", "currency"))))
    message = _text(error.get("message"))
    return f"{place} ({scope}): {message}" if scope else f"{place}: {message}"


def _errors(answer: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    errors = answer.get("errors")
    for each in errors if isinstance(errors, list) else ():
        if isinstance(each, Mapping):
            yield each


def _status(answer: Mapping[str, Json]) -> int | None:
    """Read the status: some versions of 7.0 gave an error line `code` in its stead (PIM-10768)."""
    status = _number(answer.get("status_code"))
    return _number(answer.get("code")) if status is None else status


def _object(text: bytes) -> Mapping[str, Json]:
    try:
        answer: Json = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, Mapping) else {}


def _number(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
