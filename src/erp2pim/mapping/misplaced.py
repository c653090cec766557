"""What no item of a kind can do with, or do without: named before an export is there."""

from collections.abc import Iterator, Sequence

from erp2pim.mapping import schema
from erp2pim.mapping.build import Builder
from erp2pim.mapping.written import kinds
from erp2pim.structure import Structure
from erp2pim.structure.catalogue import FamilyVariant

_MOST_NAMED = 5


def misplaced(builder: Builder) -> Iterator[str]:
    """Give a doubt, with its place, for each attribute that no family or level of its kind has.

    And for variant products that no rule gives a value of their axis.

    Families and variants count that constants and tables name; all, where a path does.
    """
    structure = builder.structure
    if structure is None:
        return
    variants = _variants(builder, structure)
    for kind, loc in kinds(builder.file):
        if isinstance(kind, schema.Products) and kind.parent is not None:
            message = _axis(kind, variants)
            if message is not None:
                yield f"{builder.faults.place((*loc, 'parent'))}: {message}"
        for code in kind.values:
            if code in structure.attributes:
                message = _doubt(builder, structure, kind, code, variants)
                if message is not None:
                    yield f"{builder.faults.place((*loc, 'values', code))}: {code}: {message}"


def _doubt(
    builder: Builder,
    structure: Structure,
    kind: schema.Kind,
    code: str,
    variants: Sequence[FamilyVariant],
) -> str | None:
    if not isinstance(kind, schema.Products) or kind.parent is not None:
        level = None if isinstance(kind, schema.Products) else int(kind.parent is not None)
        spread = [structure.spread[one.code] for one in variants]
        own = [each[-1] if level is None else each[level] for each in spread if _has(each, level)]
        if not own or any(code in each for each in own):
            return None
        what = "a variant product" if level is None else "a model below the root"
        what = "a root product model" if level == 0 else what
        return f"the PIM drops it on {what} without a word, in {_listed(variants)}"
    codes = _codes(builder, kind.family)
    families = [one for each in codes or () if (one := structure.families.find(each))]
    if not families or any(code in structure.members[one.code] for one in families):
        return None
    named = ", ".join(one.code for one in families[:_MOST_NAMED])
    return f"no family of these products has it: {named}"


def _axis(kind: schema.Products, variants: Sequence[FamilyVariant]) -> str | None:
    """Say that variants lack an axis, without which the PIM makes none (recorded)."""
    lacking = [
        [
            f"{axis} of {one.code}"
            for axis in one.variant_attribute_sets[-1].axes
            if axis not in kind.values
        ]
        for one in variants
    ]
    if not all(lacking):
        return None
    named = ", ".join(axis for each in lacking[:_MOST_NAMED] for axis in each)
    return f"no rule gives variant products a value of their axis: {named}" if named else None


def _has(spread: Sequence[frozenset[str]], level: int | None) -> bool:
    """Say whether a family variant has models at a level; variant products it always has."""
    return level is None or level < len(spread) - 1


def _listed(variants: Sequence[FamilyVariant]) -> str:
    more = " …" if len(variants) > _MOST_NAMED else ""
    return ", ".join(one.code for one in variants[:_MOST_NAMED]) + more


def _variants(builder: Builder, structure: Structure) -> Sequence[FamilyVariant]:
    """Give the family variants that the models of a mapping may have."""
    found: list[FamilyVariant] = []
    for kind, _ in kinds(builder.file):
        if isinstance(kind, schema.ProductModels) and kind.family_variant is not None:
            codes = _codes(builder, kind.family_variant)
            if codes is None:
                return list(structure.family_variants.values())
            found += [one for each in codes if (one := structure.family_variants.find(each))]
    return found or list(structure.family_variants.values())


def _codes(builder: Builder, written: schema.Source | None) -> Sequence[str] | None:
    """Give all codes that a rule can give; None where nobody can know before the export."""
    if written is None or isinstance(written, str):
        return None
    if written.value is not None:
        return [written.value]
    rows = builder.tables.get(written.table or "")
    if rows is None or written.otherwise == "keep" or written.parents or written.join is not None:
        return None
    more = [written.default] if written.default is not None else []
    if isinstance(written.otherwise, schema.Constant):
        more.append(written.otherwise.value)
    return [*(value for values in rows.values.values() for value in values), *more]
