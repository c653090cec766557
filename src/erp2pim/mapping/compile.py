"""A mapping file becomes a mapping at work; every fault is found in one go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from erp2pim.errors import Fault
from erp2pim.mapping import schema
from erp2pim.mapping.build import Builder
from erp2pim.mapping.constants import check_constants
from erp2pim.mapping.faults import Faults, Loc
from erp2pim.mapping.given import TableRows
from erp2pim.mapping.items import ItemKind
from erp2pim.mapping.joins import JoinSource, TableSource
from erp2pim.mapping.kinds import item_kind
from erp2pim.mapping.misplaced import misplaced
from erp2pim.mapping.owned import owned
from erp2pim.mapping.placing import check_name
from erp2pim.mapping.proof import Proof
from erp2pim.mapping.reach import mentioned_names, reach, used_names
from erp2pim.mapping.recordpath import RecordPath, record_path
from erp2pim.mapping.scope import Scope
from erp2pim.mapping.shape import unknown
from erp2pim.mapping.spots import Spot
from erp2pim.mapping.transforms import Step
from erp2pim.mapping.work import CompiledMapping, Reader, Records, Skip
from erp2pim.mapping.written import kinds
from erp2pim.structure.catalogue import Option, Structure
from erp2pim.structure.codes import Codes


@dataclass(frozen=True, slots=True)
class Outside:
    """What a mapping names that does not stand in its file.

    Attributes:
        csv_rows: The rows of its tables that are CSV files, by table.
        functions: Gives the function that `module:function` names, or raises TransformError.
        digest: Of the file, of the CSV tables, of the structure, and of the program's version.
        structure: What the PIM's catalogue looks like; None where nobody has pulled it.
    """

    csv_rows: Mapping[str, TableRows]
    functions: Callable[[str], Step]
    digest: bytes
    structure: Structure | None


def compile_mapping(
    file: schema.MappingFile, outside: Outside, *, fault: Callable[[Loc, str], Fault]
) -> tuple[CompiledMapping | None, Sequence[Fault]]:
    """Compile a mapping file.

    Args:
        file: The mapping as it was written.
        outside: What it names that does not stand in it.
        fault: Gives a fault at the place in the file that the keys lead to.

    Returns:
        The mapping, or None where there are faults, with all of them.
    """
    faults = Faults(fault)
    tables = _static_tables(file, outside, faults)
    builder = Builder(file, faults, tables, outside.functions, outside.structure)
    header = dict(_header(builder))
    export_tables = dict(_export_tables(builder))
    scope = builder.scope()
    joins = _joins(builder, scope)
    for name, pairs in file.pairs.items():
        builder.pair_list(name, pairs, scope)
    records = _records(builder, scope)
    owners = owned(builder)
    doubts = (*check_constants(builder), *misplaced(builder))
    if faults.found:
        return None, faults.found
    used = None if builder.reads_whole else used_names(builder.paths)
    places = _places(records)
    proof = None if outside.structure is None else Proof(outside.structure, file.misplaced)
    return CompiledMapping(
        reader=_reader(builder),
        header=header,
        tables=export_tables,
        joins={join.name: replace(join, used=used) for join in joins},
        records=records,
        _scope=scope,
        mentioned=mentioned_names(builder.paths),
        rules=tuple(dict.fromkeys(builder.rules)),
        is_repeatable=not builder.remembers and not builder.outward,
        digest=outside.digest,
        owners=owners,
        doubts=doubts,
        places=places,
        labelled=frozenset(
            each.options for each in file.tables.values() if isinstance(each, schema.OptionsTable)
        ),
        _watched=builder.watched,
        _used_tables=builder.used_tables,
        _proof=proof,
    ), ()


def _static_tables(
    file: schema.MappingFile, outside: Outside, faults: Faults
) -> dict[str, TableRows | None]:
    tables: dict[str, TableRows | None] = {}
    for name, table in file.tables.items():
        match table:
            case schema.ExportTable():
                tables[name] = None
            case schema.CsvTable():
                tables[name] = rows = outside.csv_rows[name]
                if (key := rows.cycle()) is not None:
                    message = f"a row that is not its own ancestor is expected; found {key!r}"
                    faults.add(("tables", name, "parent"), message)
            case schema.OptionsTable():
                tables[name] = _labels(table, outside.structure, faults, ("tables", name))
            case _:
                tables[name] = TableRows({key: [value] for key, value in table.items()})
    return tables


def _labels(
    table: schema.OptionsTable, structure: Structure | None, faults: Faults, loc: Loc
) -> TableRows:
    """Give the codes of an attribute's options by their labels in one locale."""
    rows = TableRows()
    known: Mapping[str, Codes[Option]] = {} if structure is None else structure.attribute_options
    if structure is None:
        message = "the labels of options stand in the PIM's structure: erp2pim structure pull"
        faults.add((*loc, "options"), message)
    elif table.options not in known:
        faults.add((*loc, "options"), unknown(table.options, list(known), what="select attribute"))
    for option in known.get(table.options, Codes[Option]()).values():
        label = option.labels.get(table.locale)
        if label is not None:
            rows.values.setdefault(label.strip(), []).append(option.code)
    return rows


def _header(builder: Builder) -> Iterator[tuple[str, RecordPath]]:
    for name, text in builder.file.source.header.items():
        loc = ("source", "header", name)
        check_name(name, loc, builder.faults)
        path = _path(builder, text, loc, attribute=True)
        if path is not None:
            yield name, path


def _path(builder: Builder, text: str, loc: Loc, *, attribute: bool = False) -> RecordPath | None:
    return builder.faults.attempt(
        loc,
        lambda: record_path(text, builder.names, attribute=attribute),
        prefixes=list(builder.names.prefixes),
    )


def _export_tables(builder: Builder) -> Iterator[tuple[str, TableSource]]:
    for name, table in builder.file.tables.items():
        if not isinstance(table, schema.ExportTable):
            continue
        spot = Spot(("tables", name), builder.scope())
        path = _path(builder, table.record, spot.at("record").loc)
        key = builder.rule(table.key, spot.at("key"))
        value = builder.rule(table.value, spot.at("value"))
        parent = None if table.parent is None else builder.rule(table.parent, spot.at("parent"))
        if path is not None:
            yield name, TableSource(name, path, table.export, spot.scope, key, value, parent)


def _joins(builder: Builder, scope: Scope) -> list[JoinSource]:
    """Build the joins; each may match by those that stand before it."""
    joins: list[JoinSource] = []
    for name, join in builder.file.joins.items():
        spot = Spot(("joins", name), builder.scope())
        path = _path(builder, join.record, spot.at("record").loc)
        key = builder.rule(join.key, spot.at("key"))
        match = builder.rule(join.match, Spot(("joins", name, "match"), scope))
        check_name(name, spot.loc, builder.faults)
        if name in builder.known:
            builder.faults.add(spot.loc, f"${name} stands for something else already")
        builder.known[name] = None
        if path is not None:
            joins.append(JoinSource(name, path, join.export, spot.scope, key, match, None))
    return joins


def _records(builder: Builder, scope: Scope) -> Sequence[Records]:
    """Build what records become: models first, so that they are there before their variants."""
    main = builder.file.source.record
    found: dict[str, list[ItemKind]] = {main: []}
    locs: dict[str, Loc] = {main: ("source", "record")}
    for written, loc in kinds(builder.file):
        spot = Spot(loc, scope)
        kind = item_kind(builder, written, spot)
        where = written.record or main
        locs.setdefault(where, spot.at("record").loc)
        found.setdefault(where, []).extend([] if kind is None else [kind])
    if not any(found.values()) and not builder.faults.found:
        builder.faults.add((), "neither products nor product_models are given")
    paths = {text: _path(builder, text, loc) for text, loc in locs.items()}
    skips = list(_skips(builder, scope))
    return [
        Records(path, skips if text == main else (), found[text])
        for text, path in paths.items()
        if path is not None and (found[text] or text == main)
    ]


def _skips(builder: Builder, scope: Scope) -> Iterator[Skip]:
    for reason, text in builder.file.source.skip.items():
        condition = builder.condition(text, Spot(("source", "skip", reason), scope))
        if condition is not None:
            yield Skip(reason, condition)


def _reader(builder: Builder) -> Reader:
    source = builder.file.source
    columns = source.columns
    return Reader(
        names=builder.names,
        huge=source.huge,
        recover=source.recover,
        keep=reach(builder.outward),
        header_row=None if columns is None else columns.header,
        index=None if columns is None else _named(builder, columns.index),
        across=None if columns is None else _named(builder, columns.across),
    )


def _named(builder: Builder, attribute: str | None) -> str | None:
    return None if attribute is None else builder.names.resolve(attribute.removeprefix("@"))


def _places(records: Sequence[Records]) -> Mapping[str, str]:
    places: dict[str, str] = {}
    for part in (part for each in records for kind in each.kinds for part in kind.parts):
        places.setdefault(part.name, part.place)
    return places
