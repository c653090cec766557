"""Who has the last word about each part of an item."""

from collections.abc import Iterator, Mapping

from erp2pim.mapping import schema
from erp2pim.mapping.attributes import pims_type
from erp2pim.mapping.build import Builder
from erp2pim.mapping.faults import Loc
from erp2pim.mapping.schema.rules import Owner
from erp2pim.mapping.written import SORTS, cells, kinds

_LISTS = ("categories", "groups")
_SINGLE = ("family", "family_variant", "enabled", "parent")
_ADDABLE = {"price", "multiselect"}


def owned(builder: Builder) -> Mapping[str, Owner]:
    """Give the parts that are not the ERP's alone; an owner that cannot be is a fault.

    An owner holds for the whole part, whichever of its rules names it.
    """
    owners: dict[str, Owner] = {}
    for kind, loc in kinds(builder.file):
        for name, rule, at in _named_rules(kind, loc):
            owner = None if isinstance(rule, str) else rule.owner
            if owner is None:
                continue
            _check(builder, name, rule, owner, (*at, "owner"))
            if owners.setdefault(name, owner) != owner:
                message = f"two owners for {name}, {owners[name]} and {owner}: it can have one"
                builder.faults.add((*at, "owner"), message)
    return {name: owner for name, owner in owners.items() if owner != "erp"}


def _named_rules(kind: schema.Kind, loc: Loc) -> Iterator[tuple[str, schema.Source, Loc]]:
    for name in (*_LISTS, *_SINGLE):
        rule: schema.Source | None = getattr(kind, name, None)
        if rule is not None:
            yield name, rule, (*loc, name)
    for code, attribute in kind.values.items():
        for cell, at in cells(attribute, (*loc, "values", code)):
            yield code, cell, at
    for code, linked in kind.associations.items():
        for sort in SORTS:
            rule = getattr(linked, sort)
            if rule is not None:
                quantified = not isinstance(rule, str) and rule.quantity is not None
                name = "quantified_associations" if quantified else "associations"
                yield f"{name}.{code}", rule, (*loc, "associations", code, sort)


def _check(builder: Builder, name: str, rule: schema.Source, owner: Owner, loc: Loc) -> None:
    is_list = name in _LISTS or "associations." in name
    cell = rule if isinstance(rule, schema.Cell) else None
    kind = None if cell is None else cell.type or pims_type(builder.structure, name)
    if owner == "add" and not is_list and kind not in _ADDABLE:
        message = "owner: add is for lists: categories, groups, associations, prices, multiselects"
        builder.faults.add(loc, message)
    if owner == "report" and cell is None:
        builder.faults.add(loc, "owner: report is for attributes")
    if name in _SINGLE and owner not in {"erp", "pim"}:
        builder.faults.add(loc, f"the owner of {name} is erp or pim")
