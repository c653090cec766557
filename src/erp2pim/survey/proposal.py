"""The mapping proposed for an export that nobody has described."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from erp2pim.errors import ExportError
from erp2pim.mapping.transforms import code
from erp2pim.structure import Structure
from erp2pim.survey.choices import Choice, choices
from erp2pim.survey.describe import flags
from erp2pim.survey.fields import Value
from erp2pim.survey.formats import formats
from erp2pim.survey.line import Line, chosen
from erp2pim.survey.listing import local
from erp2pim.survey.lists import Pairs
from erp2pim.survey.localized import fan
from erp2pim.survey.names import folded, named
from erp2pim.survey.properties import identifier, properties
from erp2pim.survey.ruled import Ruled, ruled
from erp2pim.survey.rules import Setting, pair_units
from erp2pim.survey.sourcelines import source_lines
from erp2pim.survey.survey import Survey
from erp2pim.survey.words import Concept
from erp2pim.survey.yamltext import Tree

_NAMES = 12
_SUGGESTED, _SUGGESTION = 30, 0.3
_PROPERTIES: Sequence[Concept] = ("identifier", "enabled", "family", "categories")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping, line by line.

    Attributes:
        survey: What the export looks like.
        source: Lines of `source`.
        tables: Lines of `tables`.
        joins: Lines of `joins`.
        pairs: Lines of `pairs`.
        product: Lines of `products` before its values.
        values: Lines of `values`.
        aside: Values that no line takes.
    """

    survey: Survey
    source: Sequence[Line]
    tables: Sequence[Line]
    joins: Sequence[Line]
    pairs: Sequence[Line]
    product: Sequence[Line]
    values: Sequence[Line]
    aside: Sequence[Value]


def propose(survey: Survey, pim: Structure | None) -> Proposal:
    """Propose a mapping.

    Args:
        survey: What the export looks like.
        pim: The PIM's structure; None where it is not known.

    Raises:
        ExportError: Nothing in it can be a record.
    """
    if not survey.values:
        raise ExportError(
            "nothing in the export looks like a record",
            where=survey.name,
            fix="see with erp2pim inspect what stands in it",
        )
    lists = _named(survey.pairs)
    found = choices(survey, lists)
    written = formats([*survey.values, *survey.listed], _flags(found))
    setting = Setting(survey, written.numbers, lists, pim)
    rules = list(ruled(found, setting))
    active = [each for each in rules if each.is_active]
    drawn = {str(each.rule.tree.get("pair", "")).partition(".")[0] for each in active}
    product = [
        identifier(found, setting),
        *_merging(rules, setting),
        *properties(found, setting),
    ]
    values = [*map(_value_line, rules), *_pair_values(lists, _shown(found, rules))]
    return Proposal(
        survey=survey,
        source=list(source_lines(survey, written, values)),
        tables=list(_tables(rules, drawn, setting)),
        joins=list(_joins(rules, product[0])),
        pairs=[_pair_line(name, setting, active=name in drawn) for name in lists],
        product=product,
        values=values,
        aside=_aside(survey, found, rules, lists),
    )


def _named(pairs: Sequence[Pairs]) -> dict[str, Pairs]:
    """Name the lists of pairs after their entries; a number tells two of one name apart."""
    found: dict[str, Pairs] = {}
    for each in pairs:
        stem = folded(local(each.names[-1])) or "pair"
        free = (f"{stem}{number}" for number in range(2, len(pairs) + 2))
        found[stem if stem not in found else next(n for n in free if n not in found)] = each
    return found


def _flags(found: Mapping[Concept, Choice]) -> list[tuple[Sequence[str], Sequence[str]]]:
    enabled = found.get("enabled")
    words = None if enabled is None else flags(enabled.value.sketch)
    return [] if words is None else [words]


def _merging(ruled: Sequence[Ruled], setting: Setting) -> Iterator[Line]:
    """Write that several records make one product, where each of them is in one language."""
    fans = (fan(each.choice.value, setting.survey) for each in ruled if each.choice.pair is None)
    if any(each is not None and each.by_record for each in fans):
        yield Line("duplicates", "merge", 1.0, checks=["each record is in one language"])


def _value_line(ruled: Ruled) -> Line:
    rule = ruled.rule
    return chosen(
        ruled.target.code, ruled.choice, rule.written(), rule.checks, active=ruled.is_active
    )


def _tables(rules: Sequence[Ruled], drawn: AbstractSet[str], setting: Setting) -> Iterator[Line]:
    """Write the tables of rules and of lists of pairs; suggestions where no line asks them."""
    tables: dict[str, Mapping[str, str]] = {}
    asked: set[str] = set()
    for each in rules:
        tables |= each.rule.tables
        asked |= each.rule.tables.keys() if each.is_active else set()
    for name, pairs in setting.lists.items():
        if units := pair_units(pairs):
            table = _unit_table(name, setting)
            tables[table] = {**tables.get(table, {}), **units}
            asked |= {table} if name in drawn else set()
    for name, rows in tables.items():
        yield Line(name, rows, 1.0, active=name in asked)


def _unit_table(name: str, setting: Setting) -> str:
    """Name the table of a list's units: without a PIM to hold it against, one for all."""
    return "unit" if setting.pim is None else f"unit_{name}"


def _joins(rules: Sequence[Ruled], name: Line) -> Iterator[Line]:
    """Write the other elements that rules draw from."""
    for join in {each.join.name: each.join for each in rules if each.join is not None}.values():
        tree = {"record": join.record, "key": join.key, "match": name.tree}
        yield Line(join.name, tree, join.choice.sureness)


def _pair_values(lists: Mapping[str, Pairs], shown: Sequence[Choice]) -> Iterator[Line]:
    """Suggest a line for each name of each list that no other line shows."""
    taken = {each.pair for each in shown}
    for name, pairs in lists.items():
        for text, value in list(pairs.entries.items())[:_SUGGESTED]:
            if f"{name}.{text}" not in taken:
                tree = {"pair": f"{name}.{text}", "type": "text"}
                key = next(iter(named(text)), None) or code(text) or "attribute"
                yield Line(key, tree, _SUGGESTION, value.sketch.samples, active=False)


def _pair_line(name: str, setting: Setting, *, active: bool) -> Line:
    """Write a list of pairs; it is a suggestion where no line draws from it."""
    pairs = setting.lists[name]
    tree: dict[str, Tree] = {"each": pairs.each, "key": pairs.key, "value": pairs.value}
    if pairs.unit is not None:
        looked_up: Tree = {"path": pairs.unit, "table": _unit_table(name, setting)}
        tree["unit"] = looked_up if pair_units(pairs) else pairs.unit
    return Line(name, tree, 1.0, list(pairs.entries)[:_NAMES], active=active)


def _shown(found: Mapping[Concept, Choice], ruled: Sequence[Ruled]) -> list[Choice]:
    """Give what lines of the proposal show."""
    beside = [found[concept] for concept in _PROPERTIES if concept in found]
    return [*beside, *(each.choice for each in ruled)]


def _aside(
    survey: Survey,
    found: Mapping[Concept, Choice],
    ruled: Sequence[Ruled],
    lists: Mapping[str, Pairs],
) -> list[Value]:
    """Give the values that no line takes."""
    names = {choice.value.names for choice in _shown(found, ruled)}
    names |= {each for one in ruled for each in one.rule.beside}
    names |= {(*each.each, each.key) for each in survey.languages}
    paths = {str(cell["path"]) for one in ruled for cell in one.rule.cells}
    inside = [each.names for each in lists.values()]
    return [
        value
        for value in survey.values
        if value.names not in names
        and value.path not in paths
        and not any(value.names[: len(each)] == each for each in inside)
    ]
