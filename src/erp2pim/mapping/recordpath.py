"""The path that says which elements of the export are meant: `/Export/Items/Item[@type='x']`."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lxml import etree

from erp2pim.mapping.names import Names
from erp2pim.mapping.reach import reach
from erp2pim.mapping.steps import Step, steps
from erp2pim.mapping.xpath import compiled

Predicate = Callable[[etree._Element], bool]


class RecordPathError(ValueError):
    """The path cannot say where records stand."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One step, ready to be held against an element."""

    anywhere: bool
    tag: str | None
    predicates: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class RecordPath:
    """An absolute path to elements, matched while the file streams by.

    Attributes:
        text: The path as written.
        tags: Tags for lxml's filter; None when any element may match.
        attribute: lxml's name of the attribute that the path ends in; None for an element's path.
        nests: Whether a match may stand inside another match.
        outside: Names of elements outside of a match that predicates ask about; None for any.
        at_start: Whether the start tags alone say what fits.
    """

    text: str
    tags: tuple[str, ...] | None
    attribute: str | None
    nests: bool
    outside: AbstractSet[str] | None
    at_start: bool
    _places: tuple[_Place, ...]
    _names: Names

    @property
    def asks(self) -> bool:
        """Whether it has predicates."""
        return any(place.predicates for place in self._places)

    def may_start_with(self, root_tag: str) -> bool:
        """Say whether a document with this root element can hold what the path means."""
        first = self._places[0]
        return first.anywhere or first.tag in {None, self._names.clean(root_tag)}

    def stands(self, element: etree._Element) -> bool:
        """Say whether the element stands on the path, whatever the predicates say."""
        return self._holds(element, len(self._places) - 1, predicates=False)

    def fits(self, element: etree._Element) -> bool:
        """Say whether the complete element is one that the path means.

        Predicates on its ancestors see their attributes and what stood before the element.
        """
        return self._holds(element, len(self._places) - 1, predicates=True)

    def _holds(self, element: etree._Element, index: int, *, predicates: bool) -> bool:
        place = self._places[index]
        if place.tag is not None and self._names.clean(str(element.tag)) != place.tag:
            return False
        if predicates and not all(test(element) for test in place.predicates):
            return False
        parent = element.getparent()
        if index == 0:
            return place.anywhere or parent is None
        while parent is not None:
            if self._holds(parent, index - 1, predicates=predicates):
                return True
            if not place.anywhere:
                return False
            parent = parent.getparent()
        return False


def record_path(text: str, names: Names, *, attribute: bool = False) -> RecordPath:
    """Compile an absolute path; with `attribute`, its last step may name an attribute.

    Raises:
        RecordPathError: The path is relative, or holds what cannot be told while reading on.
        UnknownPrefixError: A prefix is not declared.
    """
    cut = steps(text)
    if not text.startswith("/") or cut is None:
        hint = "; another kind has a record: of its own" if "|" in text else ""
        raise RecordPathError(
            f"{text!r} is not an absolute path of names, such as /Export/Items/Item or //Item{hint}"
        )
    last = cut[-1] if cut[-1].attribute else None
    if last is not None and (not attribute or len(cut) == 1):
        raise RecordPathError(f"{text!r} must end in an element")
    *above, own = (step for step in cut if not step.attribute)
    places = tuple(_place(step, names) for step in (*above, own))
    # To an element, the children of an ancestor are `../` something.
    asked = [f"../{predicate}" for step in above for predicate in step.predicates]
    return RecordPath(
        text=text,
        tags=_tags(places[-1].tag, names),
        attribute=names.resolve(last.name) if last else None,
        nests=any(place.anywhere for place in places),
        outside=reach([*asked, *own.predicates]),
        at_start=reach(f"../{predicate}" for predicate in own.predicates) == frozenset(),
        _places=places,
        _names=names,
    )


def _place(step: Step, names: Names) -> _Place:
    return _Place(
        anywhere=step.axis == "descendant",
        tag=None if step.name == "*" else names.resolve(step.name),
        predicates=tuple(_predicate(text, names) for text in step.predicates),
    )


def _tags(tag: str | None, names: Names) -> tuple[str, ...] | None:
    if tag is None or tag.endswith("}*"):
        return None
    if names.ignore:
        return (f"{{*}}{tag}",)
    uri, brace, local = tag[1:].partition("}")
    if not brace:
        return (tag,)
    return (tag, *(f"{{{other}}}{local}" for other, first in names.same.items() if first == uri))


def _predicate(text: str, names: Names) -> Predicate:
    if "position(" in text or "last(" in text or text.isdigit():
        raise RecordPathError(f"[{text}] asks for a position, which a streamed file cannot tell")
    compiled(text, names, {})  # so that a fault shows what was written
    ask = compiled(f"boolean({text})", names, {})
    return lambda element: bool(ask(element))
