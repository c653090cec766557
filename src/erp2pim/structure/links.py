"""Checks of associations, plain and with a quantity."""

import re
from collections.abc import Mapping, Sequence

from erp2pim.model import Json, identity
from erp2pim.structure.catalogue import AssociationType, Structure
from erp2pim.structure.findings import Remarks, refuse
from erp2pim.structure.shapes import members, texts

_PLAIN = frozenset({"products", "product_uuids", "product_models", "groups"})
_QUANTIFIED = frozenset({"products", "product_models"})
_MOST_LINKS = 100
_LARGEST_QUANTITY = 2_147_483_647
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def plain_remarks(structure: Structure, own: tuple[str, str], code: str, lists: Json) -> Remarks:
    """Check one association type's lists.

    Source: pim-community-dev (AssociationFieldSetter); recorded.

    Args:
        structure: The PIM's structure.
        own: The list that the item itself would stand in, and its identifier or code.
        code: The association type.
        lists: Identifiers and codes, by `products`, `product_models` or `groups`.
    """
    yield from association_type(structure, code, quantified=False)
    if not isinstance(lists, Mapping) or not _PLAIN & set(lists):
        message = f"lists are expected: {', '.join(sorted(_PLAIN))}"
        yield refuse("association", message)
        return
    for name, links in lists.items():
        codes = texts(links)
        if codes is None:
            yield refuse("association", f"a list of texts is expected in {name}")
        elif name == "product_uuids" and not all(map(is_uuid, codes)):
            yield refuse("association", f"a list of uuids is expected in {name}")
    kind = structure.association_types.find(code)
    if kind is not None and kind.is_two_way:
        yield from with_itself(own, lists)


def quantified_remarks(structure: Structure, code: str, lists: Json) -> Remarks:
    """Check one association type's lists of links with a quantity.

    Source: pim-community-dev (QuantifiedAssociationsValidator); recorded.
    """
    yield from association_type(structure, code, quantified=True)
    if lists == []:  # to PHP the same as {}
        return
    if not isinstance(lists, Mapping):
        message = "lists are expected: products, product_models"
        yield refuse("association", message)
        return
    for name in sorted(set(lists) - _QUANTIFIED):
        message = "links to products or product_models are expected"
        yield refuse("association", message, name)
    counts = 0
    for name, links in lists.items():
        every = members(links)
        if every is None:
            yield refuse("association", f"a list of links is expected in {name}")
            continue
        counts += len(every)
        for link in every:
            yield from quantity(link)
    if counts > _MOST_LINKS:
        message = f"at most {_MOST_LINKS} links are expected"
        yield refuse("association", message, str(counts))


def association_type(structure: Structure, code: str, *, quantified: bool) -> Remarks:
    """Refuse an association type that does not exist or is of the other kind; case does not count.

    Source: pim-community-dev (AssociationFieldSetter, QuantifiedAssociationsValidator); recorded.
    """
    found = structure.association_types.find(code)
    if found is None or found.is_quantified is not quantified:
        wanted = "with quantities" if quantified else "without quantities"
        known = [one.code for one in _of_kind(structure, quantified=quantified)]
        message = f"an association type {wanted} is expected: {', '.join(known)}"
        yield refuse("association", message, code)


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
        yield refuse("association", message, str(link))
    elif isinstance(number, int) and not 1 <= number <= _LARGEST_QUANTITY:
        message = f"a quantity from 1 to {_LARGEST_QUANTITY} is expected"
        yield refuse("association", message, str(number))


def with_itself(own: tuple[str, str], lists: Mapping[str, Json]) -> Remarks:
    """Refuse an item that is associated with itself both ways.

    Source: recorded.
    """
    name, code = own
    if identity(code) in map(identity, texts(lists.get(name)) or ()):
        message = "another item is expected, since the association goes both ways"
        yield refuse("association", message, code)


def is_uuid(text: Json) -> bool:
    """Say whether a text has the form of a uuid, of whatever version."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def _of_kind(structure: Structure, *, quantified: bool) -> Sequence[AssociationType]:
    types = structure.association_types.values()
    return [one for one in types if one.is_quantified is quantified]
