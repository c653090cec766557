"""Values that stand in other elements than the record, which name it by its identifier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from erp2pim.mapping.transforms import code
from erp2pim.survey.candidates import Candidate
from erp2pim.survey.choices import Choice
from erp2pim.survey.fields import Value, values
from erp2pim.survey.listing import local
from erp2pim.survey.names import folded, meanings
from erp2pim.survey.sketch import Sketch
from erp2pim.survey.suits import suits
from erp2pim.survey.survey import Survey
from erp2pim.survey.tree import Node
from erp2pim.survey.words import Concept

_CONCEPTS: Sequence[Concept] = ("price", "ean", "weight", "name", "description")
_NAMED = 0.9
_LEAST = 0.5
_BY_JOIN = 0.8
_RESERVED = frozenset({"locale", "channel", "rest", "currency"})


@dataclass(frozen=True, slots=True)
class Joined:
    """Other elements with values of the record's.

    Attributes:
        name: What the mapping calls them.
        record: Where they stand.
        key: The path from them to the record's identifier.
        choice: The value, with its path from them.
        values: All their values.
    """

    name: str
    record: str
    key: str
    choice: Choice
    values: Sequence[Value]


def joined(survey: Survey, identifier: Value, missing: Sequence[Concept]) -> dict[Concept, Joined]:
    """Find values for concepts that the record itself has none for.

    Args:
        survey: What the export looks like.
        identifier: The record's identifier.
        missing: The concepts.
    """
    found: dict[Concept, Joined] = {}
    for candidate in survey.candidates:
        below = _beside(candidate, survey)
        key = _key(below, identifier)
        if key is None:
            continue
        for concept in missing:
            each = _joined(candidate, below, key, concept) if concept in _CONCEPTS else None
            if each is not None:
                found.setdefault(concept, each)
    return found


def _beside(candidate: Candidate, survey: Survey) -> list[Value]:
    """Give the values of elements that neither are, hold, nor stand in the record."""
    record = set(survey.nodes)
    apart = not any(_is_in(node, record) or _holds(node, record) for node in candidate.nodes)
    return values(candidate.nodes, survey.spelled) if apart else []


def _is_in(node: Node | None, places: set[Node]) -> bool:
    while node is not None:
        if node in places:
            return True
        node = node.above
    return False


def _holds(node: Node, places: set[Node]) -> bool:
    return any(_is_in(place, {node}) for place in places)


def _key(below: Sequence[Value], identifier: Value) -> Value | None:
    """Give the value that names the record: named like its identifier, with texts of the same."""
    name = folded(local(identifier.names[-1])) if identifier.names else ""
    for value in below:
        if len(value.names) != 1 or value.repeats:
            continue
        alike = folded(local(value.names[0])) == name
        if (alike or meanings(value.names).get("identifier", 0.0) >= _NAMED) and _share(
            value.sketch, identifier.sketch
        ):
            return value
    return None


def _share(one: Sketch, other: Sketch) -> bool:
    """Say whether two paths have texts in common, as far as both are known."""
    return bool(one.hashes & other.hashes)


def _joined(
    candidate: Candidate, below: Sequence[Value], key: Value, concept: Concept
) -> Joined | None:
    """Choose the best value for a concept; None where nothing is sure enough."""
    found = [(_sureness(concept, each, candidate.times), each) for each in below if each is not key]
    sure, best = max(found, key=lambda each: each[0], default=(0.0, key))
    if sure < _LEAST:
        return None
    name = _name(candidate)
    choice = Choice(concept, _reached(best, name, key), sure * _BY_JOIN)
    return Joined(name, candidate.path, key.path, choice, below)


def _sureness(concept: Concept, value: Value, times: int) -> float:
    return meanings(value.names).get(concept, 0.0) * suits(concept, value, times)


def _name(candidate: Candidate) -> str:
    name = code(local(candidate.nodes[0].name).rpartition(".")[2]).lower()
    return name if name[:1].isalpha() and name not in _RESERVED else "other"


def _reached(value: Value, name: str, key: Value) -> Value:
    """Give the value with its path from the record; where a key comes again, it repeats there."""
    again = key.sketch.share_alone < 1
    records = min(value.records, value.times - 1) if again else value.records
    return replace(value, path=f"${name}/{value.path}", records=records)
