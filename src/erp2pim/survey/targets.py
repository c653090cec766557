"""Which attributes of the PIM the values of an export may become."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from erp2pim.mapping.attributes import TYPES
from erp2pim.mapping.schema import AttributeType
from erp2pim.structure import Attribute, Structure
from erp2pim.structure import attribute as pim
from erp2pim.survey.formats import is_date, is_number
from erp2pim.survey.names import folded, named
from erp2pim.survey.sketch import Sketch
from erp2pim.survey.words import Concept

_USUAL: Mapping[Concept, AttributeType] = {
    "name": "text",
    "description": "textarea",
    "ean": "text",
    "price": "price",
    "weight": "metric",
    "brand": "text",
    "image": "image",
}
_WORDS: frozenset[AttributeType] = frozenset({"text", "textarea", "select", "multiselect"})
_SUITABLE: Mapping[Concept, frozenset[AttributeType]] = {
    "ean": frozenset({"text", "number"}),
    "price": frozenset({"price", "number"}),
    "weight": frozenset({"metric", "number"}),
    "image": frozenset({"image"}),
    "release_date": frozenset({"date"}),
}
_WEIGHT = "Weight"
_SURE = 0.9


@dataclass(frozen=True, slots=True)
class Target:
    """An attribute that values may become.

    Attributes:
        code: Its code.
        type: Its type, as a mapping writes it.
        attribute: What the PIM says of it; None where nobody has asked the PIM.
    """

    code: str
    type: AttributeType
    attribute: Attribute | None = None

    @property
    def metric_family(self) -> str | None:
        """The measurement family of its units; weights are the only measures of a guess."""
        return _WEIGHT if self.attribute is None else self.attribute.metric_family


def usual() -> dict[Concept, Target]:
    """Give the attributes that most PIMs have under these codes."""
    return {concept: Target(concept, kind) for concept, kind in _USUAL.items()}


def known(structure: Structure) -> dict[Concept, Target]:
    """Give the attributes of a PIM that a concept's words name best, by code or label."""
    best: dict[Concept, tuple[float, Target]] = {}
    for attribute in structure.attributes.values():
        target = _target(attribute)
        for concept, sure in _meant(attribute) if target is not None else ():
            if target is not None and _suits(target, concept):
                least = best.get(concept, (0.0, target))[0]
                if sure > least:
                    best[concept] = sure, target
    order = [*_USUAL, *best]
    return {concept: best[concept][1] for concept in dict.fromkeys(order) if concept in best}


def others(structure: Structure, taken: Sequence[str]) -> Mapping[str, Target]:
    """Give the remaining attributes of a PIM by their codes and labels, folded."""
    found: dict[str, Target] = {}
    for attribute in structure.attributes.values():
        target = _target(attribute)
        if target is not None and attribute.code not in taken:
            for name in _names(attribute):
                found.setdefault(folded(name), target)
    return found


def fits(target: Target, sketch: Sketch) -> bool:
    """Say whether values look like what the attribute takes."""
    match target.type:
        case "number" | "metric" | "price":
            return is_number(sketch)
        case "date":
            return is_date(sketch)
        case "boolean":
            return sketch.distinct <= 2  # noqa: PLR2004  a boolean has two words
        case "image" | "file" | "table" | "list" | "link":
            return False
        case "text" | "textarea" | "select" | "multiselect":
            return True


def _target(attribute: Attribute) -> Target | None:
    kind = None if attribute.type == pim.IDENTIFIER else TYPES.get(attribute.type)
    return (
        None if kind is None or attribute.is_read_only else Target(attribute.code, kind, attribute)
    )


def _names(attribute: Attribute) -> Iterator[str]:
    yield attribute.code
    yield from attribute.labels.values()


def _meant(attribute: Attribute) -> Iterator[tuple[Concept, float]]:
    """Give what an attribute may be for; its code says it more surely than a label."""
    for number, name in enumerate(_names(attribute)):
        for concept, weight in named(name).items():
            exact = 0.1 if folded(name) == folded(concept) else 0.0
            if weight >= _SURE:
                yield concept, weight + exact + (0.05 if number == 0 else 0.0)


def _suits(target: Target, concept: Concept) -> bool:
    suitable = _SUITABLE.get(concept, _WORDS)
    if concept == "weight" and target.type == "metric" and target.metric_family != _WEIGHT:
        return False
    return target.type in suitable
