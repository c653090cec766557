"""Which elements of an export are its records."""

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from erp2pim.mapping.steps import steps
from erp2pim.survey.fields import Entry, Value, entries, values
from erp2pim.survey.names import meanings, named, record_likeness
from erp2pim.survey.spelling import Spelling, record_path, standing
from erp2pim.survey.tree import Node, Tree
from erp2pim.survey.words import Concept

_TELLING: Mapping[Concept, float] = {
    "identifier": 0.28,
    "name": 0.28,
    "price": 0.12,
    "ean": 0.12,
    "description": 0.08,
    "weight": 0.04,
    "brand": 0.04,
    "image": 0.02,
    "categories": 0.02,
}
_BY_NAME, _BY_VALUES, _BY_NUMBER = 0.45, 0.42, 0.13
_MANY = 1000
_DEEPER = 0.85
_SHOWN_LEAST = 0.05
_MOST_WEIGHED = 400
_SURE_RECORD = 0.7


@dataclass(frozen=True, slots=True)
class Candidate:
    """Elements that may be the records.

    Attributes:
        path: Where they stand, as the mapping writes it.
        times: How many there are.
        parents: In how many elements they stand.
        values: How many paths with values are below them.
        score: How much they are like products: 0 to 1.
        nodes: Their places in the tree.
        meanings: What their values seem to be, each with how sure that is.
    """

    path: str
    times: int
    parents: int
    values: int
    score: float
    nodes: Sequence[Node]
    meanings: Mapping[Concept, float]


def candidates(tree: Tree, spelled: Spelling, sheets: AbstractSet[Node]) -> list[Candidate]:
    """Give the elements that may be records, the likeliest first; none where nothing has a value.

    Elements below others of the same name count with them. Rows of a sheet are as likely as
    elements with the likeliest of names.
    """
    groups: dict[tuple[str, ...], list[Node]] = {}
    for node in tree.elements():
        if not node.is_cell and _has_values(node) and _can_be_written(node, spelled):
            groups.setdefault(_without_loops(node.names()), []).append(node)
    kept = sorted(groups.values(), key=_first_weight, reverse=True)[:_MOST_WEIGHED]
    found = [_candidate(nodes, tree, spelled, sheets) for nodes in kept]
    found.sort(key=lambda each: each.score, reverse=True)
    shown = [each for each in found if each.score >= _SHOWN_LEAST]
    return _lifted(shown or found[:1])


def _has_values(node: Node) -> bool:
    inner = node.children.values()
    return len(node.children) > 1 or any(
        child.is_attribute or child.is_cell or child.sketch is not None for child in inner
    )


def _can_be_written(node: Node, spelled: Spelling) -> bool:
    """Say whether a mapping can write the path; XML allows names that it does not."""
    return steps(f"/{spelled.path(node.names())}") is not None


def _without_loops(names: Sequence[str]) -> tuple[str, ...]:
    """Give the names without the way round to one that has been there already."""
    kept: list[str] = []
    for name in names:
        if name in kept:
            del kept[kept.index(name) :]
        kept.append(name)
    return tuple(kept)


def _first_weight(nodes: Sequence[Node]) -> tuple[float, int]:
    return record_likeness(nodes[0].name), sum(node.counted.times for node in nodes)


def _candidate(
    alike: Sequence[Node], tree: Tree, spelled: Spelling, sheets: AbstractSet[Node]
) -> Candidate:
    path = record_path(alike, tree, spelled)
    nodes = standing(steps(path) or (), tree, spelled) if len(alike) > 1 else alike
    times = sum(node.counted.times for node in nodes)
    below = values(nodes, spelled)
    meant = _meant(below, entries(nodes, spelled), times)
    telling = sum(share * meant.get(concept, 0.0) for concept, share in _TELLING.items())
    number = min(1.0, math.log(times) / math.log(_MANY)) if times > 1 else 0.0
    by_name = 1.0 if nodes[0] in sheets else record_likeness(nodes[0].name)
    score = _BY_NAME * by_name + _BY_VALUES * telling + _BY_NUMBER * number
    return Candidate(
        path=path,
        times=times,
        parents=sum(node.counted.within[-1] if node.counted.within else 1 for node in nodes),
        values=len(below),
        score=round(score, 3),
        nodes=nodes,
        meanings=meant,
    )


def _meant(below: Sequence[Value], listed: Sequence[Entry], times: int) -> dict[Concept, float]:
    """Give how much each meaning is there: by names, how deep it lies, how often it comes."""
    found: dict[Concept, float] = {}
    for value in [*below, *listed]:
        listed_as = value.selector.text if isinstance(value, Entry) else None
        meant = meanings(value.names) if listed_as is None else named(listed_as)
        often = min(1.0, value.records / times)
        alone = min(1.0, value.records / max(value.times, 1)) if listed_as is None else 1.0
        near = _DEEPER ** max(len(value.names) - 1, 0)
        for concept, weight in meant.items():
            found[concept] = max(found.get(concept, 0.0), weight * often * alone * near)
    return found


def _lifted(found: list[Candidate]) -> list[Candidate]:
    """Put an element around the first candidate before it, if it is one to one and says more."""
    if not found:
        return found
    first = found[0]
    for index, other in enumerate(found[1:], start=1):
        around = _around(other, first)
        more = {c for c in other.meanings if c in _TELLING} - set(first.meanings)
        if around and other.times == first.times and more and _is_record(other):
            return [other, *found[:index], *found[index + 1 :]]
    return found


def _around(outer: Candidate, inner: Candidate) -> bool:
    above = [node.above for node in inner.nodes]
    return all(node in outer.nodes for node in above)


def _is_record(candidate: Candidate) -> bool:
    return record_likeness(candidate.nodes[0].name) >= _SURE_RECORD
