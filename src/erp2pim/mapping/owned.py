"""Who has the last word about each part of an item."""

from collections.abc import Iterable, Iterator

from erp2pim.mapping import schema
from erp2pim.mapping.build import Builder
from erp2pim.mapping.faults import Loc
from erp2pim.mapping.schema.rules import Owner

_LISTS = ("categories", "groups")
_ADDABLE = {"price", "multiselect"}


def owned(
    builder: Builder, kinds: Iterable[tuple[schema.Products | schema.ProductModels, Loc]]
) -> Iterator[tuple[str, Owner]]:
    """Give the parts that are not the ERP's alone; an owner that cannot be is a fault."""
    for kind, loc in kinds:
        for name, rule, at in _named_rules(kind, loc):
            owner = None if isinstance(rule, str) else rule.owner
            if owner is not None and owner != "erp":
                _check(builder, name, rule, owner, (*at, "owner"))
                yield name, owner


def _named_rules(
    kind: schema.Products | schema.ProductModels, loc: Loc
) -> Iterator[tuple[str, schema.Source, Loc]]:
    for name in (*_LISTS, "family", "family_variant", "enabled", "parent"):
        rule: schema.Source | None = getattr(kind, name, None)
        if rule is not None:
            yield name, rule, (*loc, name)
    for code, attribute in kind.values.items():
        for cell in attribute if isinstance(attribute, list) else [attribute]:
            yield code, cell, (*loc, "values", code)
    for code, linked in kind.associations.items():
        for sort in ("products", "product_models", "groups"):
            rule = getattr(linked, sort)
            if rule is not None:
                quantified = not isinstance(rule, str) and rule.quantity is not None
                name = "quantified_associations" if quantified else "associations"
                yield f"{name}.{code}", rule, (*loc, "associations", code, sort)


def _check(builder: Builder, name: str, rule: schema.Source, owner: Owner, loc: Loc) -> None:
    is_list = name in _LISTS or "associations." in name
    is_cell = isinstance(rule, schema.Cell)
    is_addable = isinstance(rule, schema.Cell) and rule.type in _ADDABLE
    if owner == "add" and not is_list and not is_addable:
        builder.faults.add(loc, "owner: add is for lists: categories, groups, associations, prices")
    if owner == "report" and not is_cell:
        builder.faults.add(loc, "owner: report is for attributes")
    if name in {"family", "family_variant", "enabled", "parent"} and owner != "pim":
        builder.faults.add(loc, f"the owner of {name} is erp or pim")
