"""What an attribute's cells are: its type, and the locales and channels that it has values for."""

from collections.abc import Iterator, Mapping, Sequence

from erp2pim.mapping import schema
from erp2pim.mapping.build import Builder
from erp2pim.mapping.faults import Loc
from erp2pim.mapping.shape import unknown
from erp2pim.mapping.spots import Known
from erp2pim.structure import Structure
from erp2pim.structure import attribute as pim
from erp2pim.structure.attribute import Attribute

TYPES: Mapping[str, schema.AttributeType] = {
    pim.IDENTIFIER: "text",
    pim.TEXT: "text",
    pim.TEXTAREA: "textarea",
    pim.NUMBER: "number",
    pim.BOOLEAN: "boolean",
    pim.DATE: "date",
    pim.METRIC: "metric",
    pim.PRICES: "price",
    pim.SELECT: "select",
    pim.MULTISELECT: "multiselect",
    pim.IMAGE: "image",
    pim.FILE: "file",
    pim.TABLE: "table",
    pim.ASSETS: "list",
    pim.RECORD: "select",
    pim.RECORDS: "list",
    pim.PRODUCT_LINK: "link",
    **dict.fromkeys(pim.REFERENCES, "select"),
    **dict.fromkeys(pim.MULTI_REFERENCES, "multiselect"),
}
_TEXTS = frozenset[schema.AttributeType]({"text", "textarea", "select"})
# The types that give data in the form that another one takes.
_FITTING: Mapping[schema.AttributeType, frozenset[schema.AttributeType]] = {
    "text": _TEXTS,
    "textarea": _TEXTS,
    "select": _TEXTS,
    "number": frozenset({"number"}),
    "date": frozenset({"date"}),
    "boolean": frozenset({"boolean"}),
    "metric": frozenset({"metric"}),
    "price": frozenset({"price"}),
    "multiselect": frozenset({"multiselect", "list"}),
    "list": frozenset({"multiselect", "list"}),
    "image": frozenset({"image", "file"}),
    "file": frozenset({"image", "file"}),
    "table": frozenset({"table"}),
    "link": frozenset({"link"}),
}


def attribute_type(
    builder: Builder, entries: Sequence[schema.Cell], code: str, loc: Loc
) -> schema.AttributeType | None:
    """Give the type that the rules name, or else the one that the PIM has; None with a fault."""
    given: list[schema.AttributeType] = [entry.type for entry in entries if entry.type is not None]
    if len(set(given)) > 1:
        builder.faults.add(loc, f"{code} has two types, {' and '.join(sorted(set(given)))}")
    if builder.structure is None:
        if not given:
            message = f"the type of {code} is missing: write type: text or another type, or pull"
            builder.faults.add(loc, f"{message} the PIM's structure: erp2pim structure pull")
        return given[0] if given else None
    attribute = builder.structure.attributes.get(code)
    if attribute is None:
        builder.faults.add(loc, unknown(code, list(builder.structure.attributes), what="attribute"))
        return given[0] if given else None
    own = pims_type(builder.structure, code)
    found = given[0] if given else own
    if found is not None and own is not None and found not in _FITTING[own]:
        message = f"{code} has the type {own} in the PIM, which does not take a {found}"
        builder.faults.add(loc, f"{message}: leave type: out")
    if found is None:
        message = f"{code} has the type {attribute.type}, which cannot be written: name another"
        builder.faults.add(loc, f"{message} one with type:")
    return found


def pims_type(structure: Structure | None, code: str) -> schema.AttributeType | None:
    """Give the type that the PIM has for an attribute; None where nobody knows one."""
    attribute = None if structure is None else structure.attributes.get(code)
    return None if attribute is None else TYPES.get(attribute.type)


def fan(
    builder: Builder, entry: schema.Cell, code: str, loc: Loc
) -> Iterator[tuple[str | None, str | None, Known]]:
    """Give locale, channel and what `$locale` and `$channel` mean, for each cell of a rule.

    Where the structure is known, a fan-out leaves out the locales that a channel does not have.
    """
    for one, many in (("locale", "locales"), ("channel", "channels")):
        if getattr(entry, one) is not None and getattr(entry, many) is not None:
            builder.faults.add(loc, f"{one} and {many} cannot stand together")
    structure = builder.structure
    attribute = None if structure is None else structure.attributes.get(code)
    is_fan = entry.locales is not None and entry.channels is not None
    locales = _named(entry.locale, entry.locales)
    channels = _named(entry.channel, entry.channels)
    if attribute is not None:
        locales = _defaulted(locales, builder.known.get("locale"), is_wanted=attribute.localizable)
        channels = _defaulted(channels, builder.known.get("channel"), is_wanted=attribute.scopable)
    for locale, locale_text in locales:
        for channel, channel_text in channels:
            if attribute is not None:
                if is_fan and not _are_bound(structure, locale, channel):
                    continue
                problem = _problem(builder, attribute, locale, channel)
                if problem is not None:
                    builder.faults.add(loc, problem)
            bound = {"locale": locale_text, "channel": channel_text}
            yield locale, channel, {n: text for n, text in bound.items() if text is not None}


def _are_bound(structure: Structure | None, locale: str | None, channel: str | None) -> bool:
    """Say whether a channel has a locale; where one of them is not known, that is a fault."""
    found = None if structure is None else structure.channels.get(channel or "")
    return found is None or locale in {None, *found.locales}


def _named(
    one: str | None, many: Sequence[str] | Mapping[str, str] | None
) -> Sequence[tuple[str | None, str | None]]:
    if many is None:
        return [(one, one)]
    return list(many.items()) if isinstance(many, Mapping) else [(code, code) for code in many]


def _defaulted(
    named: Sequence[tuple[str | None, str | None]], default: str | None, *, is_wanted: bool
) -> Sequence[tuple[str | None, str | None]]:
    return [(default, default)] if is_wanted and named == [(None, None)] else named


def _problem(
    builder: Builder, attribute: Attribute, locale: str | None, channel: str | None
) -> str | None:
    """Say why the PIM would not take the cell (Akeneo, ValidateAttribute, LocalizableValues)."""
    code = attribute.code
    if attribute.localizable and locale is None:
        return f"{code} has a value per locale: write locale:, locales: or source.locale"
    if not attribute.localizable and locale is not None:
        return f"{code} has one value for all locales: leave the locale out"
    if attribute.scopable and channel is None:
        return f"{code} has a value per channel: write channel:, channels: or source.channel"
    if not attribute.scopable and channel is not None:
        return f"{code} has one value for all channels: leave the channel out"
    return _unknown_place(builder, attribute, locale, channel)


def _unknown_place(
    builder: Builder, attribute: Attribute, locale: str | None, channel: str | None
) -> str | None:
    structure = builder.structure
    if structure is None:
        return None
    if locale is not None and locale not in structure.active_locales.values():
        return unknown(locale, list(structure.active_locales.values()), what="active locale")
    if channel is not None and channel not in structure.channels:
        return unknown(channel, list(structure.channels), what="channel")
    if channel is not None and not _are_bound(structure, locale, channel):
        bound = ", ".join(structure.channels[channel].locales)
        return f"the channel {channel} has no locale {locale}; it has {bound}"
    only = attribute.available_locales
    if locale is not None and only and locale not in only:
        return f"{attribute.code} has values for these locales alone: {', '.join(only)}"
    return None
