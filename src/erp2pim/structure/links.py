"""Checks of associations, plain and with a quantity."""

import re
from collections.abc import Mapping, Sequence

from erp2pim.model import Json, identity
from erp2pim.structure.catalogue import AssociationType, Structure
from erp2pim.structure.findings import Remarks, refuse

_PLAIN = frozenset({"products", "product_uuids", "product_models", "groups"})
_QUANTIFIED = frozenset({"products", "product_models"})
_MOST_LINKS = 100
_LARGEST_QUANTITY = 2_147_483_647
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SETTER = "Akeneo, AssociationFieldSetter; recorded"
_VALIDATOR = "Akeneo, QuantifiedAssociationsValidator; recorded"


def plain_remarks(structure: Structure, own: tuple[str, str], code: str, lists: Json) -> Remarks:
    """Check one association type's lists.

    Args:
        structure: The PIM's structure.
        own: The list that the item itself would stand in, and its identifier or code.
        code: The association type.
        lists: Identifiers and codes, by `products`, `product_models` or `groups`.
    """
    yield from association_type(structure, code, quantified=False)
    if not isinstance(lists, Mapping) or not _PLAIN & set(lists):
        message = f"lists are expected: {', '.join(sorted(_PLAIN))}"
        yield refuse("association", message, _SETTER)
        return
    for name, links in lists.items():
        if not _are_texts(links):
            yield refuse("association", f"a list of texts is expected in {name}", _SETTER)
        elif name == "product_uuids" and not all(map(is_uuid, _members(links))):
            yield refuse("association", f"a list of uuids is expected in {name}", _SETTER)
    kind = structure.association_types.find(code)
    if kind is not None and kind.is_two_way:
        yield from with_itself(own, lists)


def quantified_remarks(structure: Structure, code: str, lists: Json) -> Remarks:
    """Check one association type's lists of links with a quantity."""
    yield from association_type(structure, code, quantified=True)
    if lists == []:  # to PHP the same as {}
        return
    if not isinstance(lists, Mapping):
        message = "lists are expected: products, product_models"
        yield refuse("association", message, _VALIDATOR)
        return
    for name in sorted(set(lists) - _QUANTIFIED):
        message = "links to products or product_models are expected"
        yield refuse("association", message, _VALIDATOR, name)
    counts = 0
    for name, links in lists.items():
        if isinstance(links, str) or not isinstance(links, Sequence):
            yield refuse("association", f"a list of links is expected in {name}", _VALIDATOR)
            continue
        counts += len(links)
        for link in links:
            yield from quantity(link)
    if counts > _MOST_LINKS:
        message = f"at most {_MOST_LINKS} links are expected"
        yield refuse("association", message, _VALIDATOR, str(counts))


def association_type(structure: Structure, code: str, *, quantified: bool) -> Remarks:
    """Refuse an association type that does not exist or is of the other kind; case does not count.

    Source: pim-community-dev (AssociationFieldSetter, QuantifiedAssociationsValidator); recorded.
    """
    found = structure.association_types.find(code)
    if found is None or found.is_quantified is not quantified:
        wanted = "with quantities" if quantified else "without quantities"
        known = [one.code for one in _of_kind(structure, quantified=quantified)]
        message = f"an association type {wanted} is expected: {', '.join(known)}"
        yield refuse("association", message, _VALIDATOR if quantified else _SETTER, code)


def quantity(link: Json) -> Remarks:
    """Refuse a link that names no item, or whose quantity is no whole number from 1.

    Source: pim-community-dev (QuantifiedAssociationsValidator); recorded.
    """
    keys: Mapping[str, Json] = link if isinstance(link, Mapping) else {}
    identifier, uuid = keys.get("identifier"), keys.get("uuid")
    is_named = (identifier is not None or uuid is not None) and (
        isinstance(identifier, str | None) and (uuid is None or is_uuid(uuid))
    )
    number = keys.get("quantity")
    is_whole = isinstance(number, int) and not isinstance(number, bool)
    if not is_named or not is_whole:
        message = "a link is expected: {identifier: …, quantity: 1}; a model's code is one, too"
        yield refuse("association", message, _VALIDATOR, str(link))
    elif isinstance(number, int) and not 1 <= number <= _LARGEST_QUANTITY:
        message = f"a quantity from 1 to {_LARGEST_QUANTITY} is expected"
        yield refuse("association", message, _VALIDATOR, str(number))


def with_itself(own: tuple[str, str], lists: Mapping[str, Json]) -> Remarks:
    """Refuse an item that is associated with itself both ways.

    Source: recorded.
    """
    name, code = own
    links = lists.get(name)
    if _are_texts(links) and identity(code) in {identity(str(link)) for link in _members(links)}:
        message = "another item is expected, since the association goes both ways"
        yield refuse("association", message, "recorded", code)


def is_uuid(text: Json) -> bool:
    """Say whether a text has the form of a uuid, of whatever version."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def _of_kind(structure: Structure, *, quantified: bool) -> Sequence[AssociationType]:
    types = structure.association_types.values()
    return [one for one in types if one.is_quantified is quantified]


def _members(links: Json) -> Sequence[Json]:
    return links if isinstance(links, Sequence) and not isinstance(links, str) else ()


def _are_texts(links: Json) -> bool:
    return (
        isinstance(links, Sequence)
        and not isinstance(links, str)
        and all(isinstance(link, str) for link in links)
    )
