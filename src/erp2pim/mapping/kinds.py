"""Kinds of items as they are written become kinds at work."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from erp2pim.mapping import schema, unreadable
from erp2pim.mapping.attributes import attribute_type, fan
from erp2pim.mapping.build import Builder
from erp2pim.mapping.cells import FILES, Arithmetic, Cell
from erp2pim.mapping.faults import Loc
from erp2pim.mapping.fixed import check_fixed
from erp2pim.mapping.items import ItemKind, Links, Part, Property
from erp2pim.mapping.placing import lacking, unsuited
from erp2pim.mapping.spots import Spot
from erp2pim.mapping.tablecell import TableCell, column_type
from erp2pim.mapping.values import Value
from erp2pim.mapping.written import SORTS, cells

_MOST_DECIMALS = 30
_FORMS: Mapping[str, Literal["flag", "codes"]] = {
    "enabled": "flag",
    "categories": "codes",
    "groups": "codes",
}
_PRODUCT = ("parent", "family", "enabled", "categories", "groups")
_MODEL = ("parent", "family_variant", "categories")


def item_kind(
    builder: Builder, written: schema.Products | schema.ProductModels, spot: Spot
) -> ItemKind | None:
    """Build a kind of item; None where its `each` is faulty."""
    top, path = spot, None
    if written.each is not None:
        path = builder.elements(written.each, top.at("each"))
        spot = replace(top, scope=builder.inner(written.each, top.scope))
        if path is None:
            return None
    is_product = isinstance(written, schema.Products)
    name = "identifier" if is_product else "code"
    return ItemKind(
        kind="product" if is_product else "product_model",
        when=builder.condition(written.when, top.at("when")),
        path=path,
        scope=spot.scope,
        identifier=builder.rule(getattr(written, name), replace(spot.at(name), level="item")),
        duplicates=written.duplicates,
        parts=[
            *_properties(builder, written, spot, _PRODUCT if is_product else _MODEL),
            *_cells(builder, written, spot),
            *_links(builder, written, spot),
        ],
    )


def _properties(
    builder: Builder, written: schema.Kind, spot: Spot, names: Sequence[str]
) -> Iterator[Part]:
    for name in names:
        rule: schema.Source | None = getattr(written, name)
        if rule is not None:
            form: Literal["code", "codes", "flag"] = _FORMS.get(name, "code")
            at = replace(spot.at(name), flag=form == "flag", level="item")
            yield Property(name, builder.rule(rule, at), form)


def _links(builder: Builder, written: schema.Kind, spot: Spot) -> Iterator[Part]:
    for kind, linked in written.associations.items():
        for sort in SORTS:
            rule: schema.Source | None = getattr(linked, sort)
            if rule is not None:
                at = replace(spot.at("associations", kind, sort), level="item")
                yield from _link(builder, kind, sort, rule, at)


def _link(
    builder: Builder, kind: str, sort: str, rule: schema.Source, spot: Spot
) -> Iterator[Part]:
    if isinstance(rule, str) or rule.quantity is None:
        yield Links(kind, sort, builder.rule(rule, spot))
        return
    if rule.each is None or sort == "groups":
        builder.faults.add(spot.loc, "quantity needs each:, and products or product_models")
        return
    path = builder.elements(rule.each, spot.at("each"))
    there = replace(spot, scope=builder.inner(rule.each, spot.scope))
    item = builder.rule(rule.model_copy(update={"each": None, "quantity": None}), there)
    quantity = builder.rule(rule.quantity, there.at("quantity"))
    if path is not None:
        yield Links(kind, sort, item, path, there.scope, quantity)


def _cells(builder: Builder, written: schema.Kind, spot: Spot) -> Iterator[Part]:
    for code, attribute in written.values.items():
        yield from _attribute(builder, code, attribute, spot.at("values", code))


def _attribute(
    builder: Builder, code: str, written: schema.Attribute, spot: Spot
) -> Iterator[Part]:
    """Give the cells of one attribute; two for one locale and channel are a fault."""
    entries = cells(written, spot.loc)
    kind = attribute_type(builder, [entry for entry, _ in entries], code, spot.loc)
    if kind is None:
        return
    seen: set[tuple[str | None, str | None]] = set()
    for entry, loc in entries:
        at = replace(spot, loc=loc)
        _check_type(builder, entry, kind, at)
        arithmetic = _arithmetic(builder, entry, at.loc)
        for locale, channel, bound in fan(builder, entry, code, at.loc):
            if (locale, channel) in seen:
                builder.faults.add(at.loc, _twice(code, locale, channel))
            seen.add((locale, channel))
            inside = replace(
                at,
                bound=bound,
                flag=kind == "boolean",
                measured=kind == "metric",
                readable=kind in unreadable.TYPES and entry.table is None,
                level="cell",
            )
            if entry.columns is not None:
                yield from _table_cell(builder, entry, code, (locale, channel), inside)
                continue
            cell = Cell(
                name=code,
                type=kind,
                locale=locale,
                channel=channel,
                rule=builder.rule(entry, inside),
                arithmetic=arithmetic,
                unreadable=_unreadable(builder, entry, kind, inside),
                options=_options(builder, entry, inside) if entry.options else None,
                root=entry.root or "",
            )
            check_fixed(builder, cell, entry, inside)
            yield cell


def _table_cell(
    builder: Builder,
    entry: schema.Cell,
    code: str,
    where: tuple[str | None, str | None],
    spot: Spot,
) -> Iterator[Part]:
    if entry.each is None:
        builder.faults.add(spot.loc, "columns need each: the elements that are the rows")
        return
    path = builder.elements(entry.each, spot.at("each"))
    below = builder.inner(entry.each, spot.scope)
    there = replace(spot, scope=below, readable=False)
    columns = {
        name: _column(builder, code, name, rule, there.at("columns", name))
        for name, rule in (entry.columns or {}).items()
    }
    if path is not None:
        place = builder.faults.place(spot.loc)
        yield TableCell(code, place, *where, path, there.scope, columns)


def _column(
    builder: Builder, attribute: str, name: str, written: schema.ColumnSource, spot: Spot
) -> Cell:
    rule = schema.Column(path=written) if isinstance(written, str) else written
    known = column_type(builder, attribute, name, spot)
    kind = rule.type or known
    inside = replace(spot, flag=kind == "boolean", measured=kind == "metric")
    return Cell(
        name=attribute,
        type=kind,
        locale=None,
        channel=None,
        rule=builder.rule(rule, inside),
        arithmetic=_arithmetic(builder, rule, spot.loc),
    )


def _unreadable(
    builder: Builder, entry: schema.Cell, kind: schema.AttributeType, spot: Spot
) -> unreadable.Instead:
    """Say what becomes of a text that is no number, date, boolean or file."""
    match entry.otherwise if spot.readable else None:
        case schema.Constant() if kind in FILES:
            message = "a file that cannot be sent is rejected or dropped"
            builder.faults.add(spot.at("otherwise").loc, message)
        case schema.Constant(value=text):
            return Value(text, constant=True)
        case "drop":
            return "drop"
        case "keep":
            message = "keep is for codes: what cannot be read is rejected, dropped or replaced"
            builder.faults.add(spot.at("otherwise").loc, message)
        case "reject" | None:
            pass
    return "reject"


def _check_type(
    builder: Builder, entry: schema.Cell, kind: schema.AttributeType, spot: Spot
) -> None:
    for key, message in unsuited(entry, kind):
        builder.faults.add(spot.at(key).loc, message)
    missing = lacking(entry, kind, builder.pairs)
    if missing is not None:
        builder.faults.add(spot.loc, missing)


def _options(builder: Builder, entry: schema.Cell, spot: Spot) -> str:
    """Give the locale of the labels of options that may be made."""
    locale = entry.locale or builder.known.get("locale")
    if entry.label is not None and locale is None:
        builder.faults.add(spot.at("label").loc, "a label needs a locale: write source.locale")
    return locale or ""


def _twice(code: str, locale: str | None, channel: str | None) -> str:
    where = ", ".join(part for part in (locale, channel) if part)
    if not where:
        return f"two rules for {code}; the first of several paths is {{path: [A, B]}}"
    return f"two rules for {code} [{where}]"


def _arithmetic(builder: Builder, entry: schema.Rule, loc: Loc) -> Arithmetic:
    if entry.divide == 0:
        builder.faults.add((*loc, "divide"), "nothing can be divided by 0")
    if entry.round is not None and not 0 <= entry.round <= _MOST_DECIMALS:
        message = f"a number is rounded to 0 to {_MOST_DECIMALS} decimals; found {entry.round}"
        builder.faults.add((*loc, "round"), message)
    times = Decimal(1) if entry.times is None else entry.times
    return Arithmetic(times, entry.divide or Decimal(1), entry.round)
