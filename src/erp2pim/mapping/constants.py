"""Codes that stand in the mapping itself, held against the PIM's structure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from erp2pim.mapping import schema
from erp2pim.mapping.build import Builder
from erp2pim.mapping.faults import Loc
from erp2pim.mapping.shape import unknown
from erp2pim.mapping.written import cells, kinds
from erp2pim.model import identity
from erp2pim.structure import Structure, unit_code
from erp2pim.structure.attribute import METRIC, PRICES, SELECTS, Attribute

_MOST_NAMED = 5
Known = Callable[[str], bool]


def check_constants(builder: Builder) -> Iterator[str]:
    """Note a fault for each constant, and each value of an inline table, that the PIM lacks.

    CSV files are often written by others, and for more than this mapping: what the PIM lacks of
    their values is a doubt, which is given.
    """
    structure, file = builder.structure, builder.file
    if structure is None:
        return
    doubts: dict[Loc, list[str | None]] = {}
    roles = list(_pair_roles(structure, file))
    for kind, loc in kinds(file):
        roles.extend(_roles(structure, kind, loc))
        _check_associations(builder, structure, kind, loc)
    for written, at, what, known, codes in roles:
        for text, place in _constants(file, written, at):
            message = None if known(text) else unknown(text, list(codes), what=what)
            doubts.setdefault(place, []).append(message)
    for place, messages in doubts.items():
        # One table may serve several attributes: it is enough that one of them knows the code.
        if None not in messages:
            builder.faults.add(place, messages[0] or "")
    yield from _csv_doubts(builder, roles)


_Role = tuple[schema.Source, Loc, str, Known, Sequence[str]]


def _csv_doubts(builder: Builder, roles: Iterable[_Role]) -> Iterator[str]:
    """Give the values of each CSV table that none of its rules knows as a code of the PIM."""
    unknowns: dict[str, tuple[str, set[str]]] = {}
    for written, _, what, known, _ in roles:
        name = None if isinstance(written, str) else written.table
        table, rows = builder.file.tables.get(name or ""), builder.tables.get(name or "")
        if name is None or rows is None or not isinstance(table, schema.CsvTable):
            continue
        values = {value for values in rows.values.values() for value in values}
        found = {value for value in values if not known(value)}
        first, before = unknowns.get(name, (what, found))
        unknowns[name] = first, before & found
    for name, (what, codes) in unknowns.items():
        if codes:
            place = builder.faults.place(("tables", name, "file"))
            more = " …" if len(codes) > _MOST_NAMED else ""
            shown = ", ".join(sorted(codes)[:_MOST_NAMED]) + more
            yield f"{place}: the table {name} gives what is no {what} of the PIM: {shown}"


def _pair_roles(structure: Structure, file: schema.MappingFile) -> Iterator[_Role]:
    """Give the units of pairs, which may be those of any measurement family."""
    units = [unit for family in structure.measurement_families.values() for unit in family.units]
    for name, pairs in file.pairs.items():
        if pairs.unit is not None:
            yield pairs.unit, ("pairs", name, "unit"), "unit", _finds(units), units


def _roles(structure: Structure, kind: schema.Kind, loc: Loc) -> Iterator[_Role]:
    """Give rules that end as codes which the structure knows, each with how to know them."""
    properties: Mapping[str, tuple[str, Mapping[str, object]]] = {
        "family": ("family", structure.families),
        "family_variant": ("family variant", structure.family_variants),
        "categories": ("category", structure.categories),
    }
    for name, (what, codes) in properties.items():
        rule: schema.Source | None = getattr(kind, name, None)
        if rule is not None and codes:
            yield rule, (*loc, name), what, _finds(codes), list(codes)
    for code, written in kind.values.items():
        attribute = structure.attributes.get(code)
        if attribute is not None:
            for cell, at in cells(written, (*loc, "values", code)):
                yield from _cell_roles(structure, attribute, cell, at)


def _cell_roles(
    structure: Structure, attribute: Attribute, cell: schema.Cell, loc: Loc
) -> Iterator[_Role]:
    options = structure.attribute_options.get(attribute.code)
    if attribute.type in SELECTS and options is not None and cell.options is None:
        yield cell, loc, f"option of {attribute.code}", _finds(options), list(options)
    if attribute.type == METRIC and cell.unit is not None:
        family = structure.measurement_families.find(attribute.metric_family or "")
        units = list(family.units) if family else []
        known = _knows_unit(structure, attribute)
        yield cell.unit, (*loc, "unit"), f"unit of {attribute.code}", known, units
    if attribute.type == PRICES and cell.currency is not None:
        active = sorted(structure.active_currencies)
        yield cell.currency, (*loc, "currency"), "active currency", active.__contains__, active


def _knows_unit(structure: Structure, attribute: Attribute) -> Known:
    return lambda text: unit_code(structure, attribute, text) is not None


def _finds(codes: Iterable[str]) -> Known:
    known = {identity(code) for code in codes}
    return lambda text: identity(text) in known


def _constants(
    file: schema.MappingFile, written: schema.Source, loc: Loc
) -> Iterator[tuple[str, Loc]]:
    if isinstance(written, str):
        return
    for name in ("value", "default"):
        text: str | None = getattr(written, name)
        if text is not None:
            yield text, (*loc, name)
    if isinstance(written.otherwise, schema.Constant):
        yield written.otherwise.value, (*loc, "otherwise", "value")
    table = file.tables.get(written.table or "")
    if isinstance(table, dict) and written.join is None and not written.parents:
        yield from ((value, ("tables", written.table or "", key)) for key, value in table.items())
    for name in ("path", "all"):
        entries: str | Sequence[schema.Source] | None = getattr(written, name)
        if entries is not None and not isinstance(entries, str):
            for index, entry in enumerate(entries):
                yield from _constants(file, entry, (*loc, name, index))


def _check_associations(
    builder: Builder, structure: Structure, kind: schema.Kind, loc: Loc
) -> None:
    for code, linked in kind.associations.items():
        at = (*loc, "associations", code)
        found = structure.association_types.find(code)
        if found is None:
            message = unknown(code, list(structure.association_types), what="association type")
            builder.faults.add(at, message)
            continue
        rules = (linked.products, linked.product_models)
        counted = any(
            not isinstance(rule, str) and rule is not None and rule.quantity is not None
            for rule in rules
        )
        if counted and not found.is_quantified:
            builder.faults.add(at, f"{code} takes no quantities: leave quantity: out")
        elif not counted and found.is_quantified:
            builder.faults.add(at, f"{code} needs a quantity: of each associated item")
