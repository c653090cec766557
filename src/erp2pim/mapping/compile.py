"""A mapping file becomes a mapping at work; every fault is found in one go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from erp2pim.errors import Fault
from erp2pim.mapping import schema
from erp2pim.mapping.build import Builder, Known, Spot
from erp2pim.mapping.cells import Arithmetic, Cell
from erp2pim.mapping.faults import Faults, Loc
from erp2pim.mapping.items import CompiledMapping, ItemKind, Property, Skip
from erp2pim.mapping.names import names
from erp2pim.mapping.paths import Scope, reach
from erp2pim.mapping.recordpath import RecordPath, record_path
from erp2pim.mapping.rules import Rows

_NUMERIC = {"number", "metric", "price"}


def compile_mapping(
    file: schema.MappingFile,
    csv_rows: Mapping[str, Rows],
    *,
    fault: Callable[[Loc, str], Fault],
) -> tuple[CompiledMapping | None, Sequence[Fault]]:
    """Compile a mapping file.

    Args:
        file: The mapping as it was written.
        csv_rows: The rows of its tables that are CSV files, by table.
        fault: Gives a fault at the place in the file that the keys lead to.

    Returns:
        The mapping, or None where there are faults, with all of them.
    """
    faults = Faults(fault)
    source = file.source
    builder = Builder(faults, names(source.namespaces), _tables(file, csv_rows), _known(source))
    builder.readings = builder.read_as(source, ("source",))
    scope = builder.scope()
    record = _record_path(builder, source.record, ("source", "record"), attribute=False)
    header = {
        name: _record_path(builder, path, ("source", "header", name), attribute=True)
        for name, path in source.header.items()
    }
    skips = list(_skips(builder, source, scope))
    for name, pairs in file.pairs.items():
        builder.pair_list(name, pairs, scope)
    kind = _product(builder, file.products, Spot(("products",), scope))
    if faults.found or record is None:
        return None, faults.found
    return CompiledMapping(
        record=record,
        header={name: path for name, path in header.items() if path is not None},
        names=builder.names,
        huge=source.huge,
        keep=reach(builder.paths),
        kinds=(kind,),
        _scope=scope,
        _skips=skips,
    ), ()


def _tables(file: schema.MappingFile, csv_rows: Mapping[str, Rows]) -> dict[str, Rows]:
    return {
        name: csv_rows[name]
        if isinstance(table, schema.CsvTable)
        else {key: (value,) for key, value in table.items()}
        for name, table in file.tables.items()
    }


def _known(source: schema.ExportSource) -> dict[str, str | None]:
    fixed = {"locale": source.locale, "channel": source.channel}
    return {**dict.fromkeys(source.header), **{n: v for n, v in fixed.items() if v is not None}}


def _record_path(builder: Builder, text: str, loc: Loc, *, attribute: bool) -> RecordPath | None:
    return builder.faults.attempt(
        loc,
        lambda: record_path(text, builder.names, attribute=attribute),
        prefixes=list(builder.names.prefixes),
    )


def _skips(builder: Builder, source: schema.ExportSource, scope: Scope) -> Iterator[Skip]:
    for reason, text in source.skip.items():
        condition = builder.condition(text, Spot(("source", "skip", reason), scope))
        if condition is not None:
            yield Skip(reason, condition)


def _product(builder: Builder, written: schema.Products, spot: Spot) -> ItemKind:
    properties: dict[str, Property] = {}
    if written.family is not None:
        rule = builder.rule(written.family, spot.at("family"))
        properties["family"] = Property(rule, "code")
    if written.enabled is not None:
        rule = builder.rule(written.enabled, replace(spot.at("enabled"), flag=True))
        properties["enabled"] = Property(rule, "flag")
    if written.categories is not None:
        rule = builder.rule(written.categories, spot.at("categories"))
        properties["categories"] = Property(rule, "codes")
    cells = [
        cell
        for code, attribute in written.values.items()
        for cell in _attribute(builder, code, attribute, spot.at("values", code))
    ]
    return ItemKind(
        kind="product",
        when=builder.condition(written.when, spot.at("when")),
        identifier=builder.rule(written.identifier, spot.at("identifier")),
        duplicates=written.duplicates,
        properties=properties,
        cells=cells,
    )


def _attribute(
    builder: Builder, code: str, written: schema.Attribute, spot: Spot
) -> Iterator[Cell]:
    """Give the cells of one attribute; two for one locale and channel are a fault."""
    if isinstance(written, str):
        written = schema.Cell(path=written)
    entries = written if isinstance(written, list) else [written]
    kind = _type(builder, entries, code, spot.loc)
    if kind is None:
        return
    seen: set[tuple[str | None, str | None]] = set()
    for index, entry in enumerate(entries):
        at = spot.at(index) if isinstance(written, list) else spot
        arithmetic = _arithmetic(builder, entry, kind, at.loc)
        for locale, channel, bound in _fan(builder, entry, at.loc):
            if (locale, channel) in seen:
                builder.faults.add(at.loc, f"two rules for {_cell_name(code, locale, channel)}")
            seen.add((locale, channel))
            rule = builder.rule(entry, replace(at, bound=bound, flag=kind == "boolean"))
            yield Cell(code, kind, locale, channel, rule, arithmetic)


def _type(
    builder: Builder, entries: Sequence[schema.Cell], code: str, loc: Loc
) -> schema.AttributeType | None:
    kinds: list[schema.AttributeType] = [entry.type for entry in entries if entry.type is not None]
    if not kinds:
        builder.faults.add(loc, f"the type of {code} is missing: write type: text or another type")
        return None
    if len(set(kinds)) > 1:
        builder.faults.add(loc, f"{code} has two types, {' and '.join(sorted(set(kinds)))}")
    return kinds[0]


def _fan(
    builder: Builder, entry: schema.Cell, loc: Loc
) -> Iterator[tuple[str | None, str | None, Known]]:
    """Give locale, channel and what `$locale` and `$channel` mean, for each cell of a rule."""
    for one, many in (("locale", "locales"), ("channel", "channels")):
        if getattr(entry, one) is not None and getattr(entry, many) is not None:
            builder.faults.add(loc, f"{one} and {many} cannot stand together")
    for locale, locale_text in _named(entry.locale, entry.locales):
        for channel, channel_text in _named(entry.channel, entry.channels):
            bound = {"locale": locale_text, "channel": channel_text}
            yield locale, channel, {n: text for n, text in bound.items() if text is not None}


def _named(
    one: str | None, many: Sequence[str] | Mapping[str, str] | None
) -> Sequence[tuple[str | None, str | None]]:
    if many is None:
        return [(one, one)]
    return list(many.items()) if isinstance(many, Mapping) else [(code, code) for code in many]


def _cell_name(code: str, locale: str | None, channel: str | None) -> str:
    where = ", ".join(part for part in (locale, channel) if part)
    return f"{code} [{where}]" if where else code


def _arithmetic(
    builder: Builder, entry: schema.Cell, kind: schema.AttributeType, loc: Loc
) -> Arithmetic:
    asked = [name for name in ("times", "divide", "round") if getattr(entry, name) is not None]
    if asked and kind not in _NUMERIC:
        builder.faults.add((*loc, asked[0]), f"{asked[0]} is for numbers; the type is {kind}")
    if entry.divide == 0:
        builder.faults.add((*loc, "divide"), "nothing can be divided by 0")
    return Arithmetic(entry.times or Decimal(1), entry.divide or Decimal(1), entry.round)
