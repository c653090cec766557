"""Checks of the locale and the channel of a cell."""

from erp2pim.structure.attribute import Attribute
from erp2pim.structure.catalogue import Structure
from erp2pim.structure.findings import Remarks, refuse


def place_remarks(
    structure: Structure, attribute: Attribute, locale: str | None, scope: str | None
) -> Remarks:
    """Check where a cell stands."""
    if (locale is None) is attribute.localizable or (scope is None) is attribute.scopable:
        yield from flags(attribute, locale, scope)
        return
    if scope is not None:
        yield from channel(structure, scope)
    if locale is not None:
        yield from active(structure, locale)
        yield from specific(attribute, locale)
        if scope is not None:
            yield from bound(structure, locale, scope)


def flags(attribute: Attribute, locale: str | None, scope: str | None) -> Remarks:
    """Refuse a locale or channel that the attribute does not want, and the lack of one it wants.

    Source: pim-community-dev (ValidateAttribute); recorded.
    """
    for name, found, wanted in (
        ("locale", locale, attribute.localizable),
        ("channel", scope, attribute.scopable),
    ):
        if wanted and found is None:
            yield refuse(name, f"a {name} is expected", "none")
        elif found is not None and not wanted:
            yield refuse(name, f"no {name} is expected", found)


def channel(structure: Structure, scope: str) -> Remarks:
    """Refuse a channel that the PIM does not have; case does not count.

    Source: pim-community-dev (ScopableValuesValidator); recorded.
    """
    if structure.channels.find(scope) is None:
        message = f"a channel is expected: {', '.join(structure.channels)}"
        yield refuse("channel", message, scope)


def active(structure: Structure, locale: str) -> Remarks:
    """Refuse a locale that is unknown or switched off; case does not count.

    Source: pim-community-dev (LocalizableValuesValidator); recorded.
    """
    if locale.lower() not in structure.active_locales:
        codes = ", ".join(structure.active_locales.values())
        message = f"a locale that is switched on is expected: {codes}"
        yield refuse("locale", message, locale)


def bound(structure: Structure, locale: str, scope: str) -> Remarks:
    """Refuse a locale that the cell's channel does not have; here case counts.

    Source: pim-community-dev (LocalizableValuesValidator); recorded.
    """
    found = structure.channels.find(scope)
    is_active = locale.lower() in structure.active_locales
    if found is not None and is_active and locale not in found.locales:
        message = f"a locale of {found.code} is expected: {', '.join(found.locales)}"
        yield refuse("locale", message, locale)


def specific(attribute: Attribute, locale: str) -> Remarks:
    """Refuse a locale that a locale-specific attribute is not for.

    Source: pim-community-dev (LocalizableValuesValidator).
    """
    available = attribute.available_locales
    if available and locale.lower() not in {one.lower() for one in available}:
        message = f"a locale of {attribute.code} is expected: {', '.join(available)}"
        yield refuse("locale", message, locale)
