"""The mapping's rule for one attribute, from the value that was chosen for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from erp2pim.structure import Attribute, Structure, unit_code
from erp2pim.survey.beside import Beside, currency_beside, has_per, header_currency, unit_beside
from erp2pim.survey.choices import Choice
from erp2pim.survey.codes import unit
from erp2pim.survey.fields import Entry, Value
from erp2pim.survey.formats import own_numbers
from erp2pim.survey.lists import Pairs
from erp2pim.survey.placed import placed
from erp2pim.survey.survey import Survey
from erp2pim.survey.targets import Target
from erp2pim.survey.tree import Relative
from erp2pim.survey.yamltext import Tree

_SEPARATORS = (";", "|", ",")
_SEVERAL = frozenset({"multiselect", "price", "image"})
_NUMERIC = frozenset({"number", "metric", "price"})
_USUAL_UNIT, _USUAL_CURRENCY = "KILOGRAM", "EUR"
_LISTED = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """What the rules of one proposal have in common.

    Attributes:
        survey: What the export looks like.
        numbers: How it writes numbers.
        lists: Its lists of names and values, by the mapping's names for them.
        pim: The PIM's structure; None where it is not known.
    """

    survey: Survey
    numbers: str
    lists: Mapping[str, Pairs]
    pim: Structure | None


@dataclass(slots=True)
class Rule:
    """A rule under way.

    Attributes:
        tree: What is written for it.
        cells: What is written besides for each cell, where languages have their own paths.
        tables: Tables that it needs, by name.
        checks: What a person has to look at before it can be trusted.
        beside: lxml's names of the units and currencies that it takes.
        refused: Whether the PIM would refuse what it gives as it stands.
    """

    tree: dict[str, Tree]
    cells: list[Mapping[str, Tree]] = field(default_factory=list[Mapping[str, Tree]])
    tables: dict[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    checks: list[str] = field(default_factory=list[str])
    beside: list[Relative] = field(default_factory=list[Relative])
    refused: bool = False

    def written(self) -> Tree:
        """Give the whole of it."""
        return [{**cell, **self.tree} for cell in self.cells] if self.cells else self.tree


def rule(choice: Choice, target: Target, setting: Setting) -> Rule | None:
    """Write the rule for an attribute; None where the PIM has no place for the value."""
    where = placed(choice, source(choice, target, setting), target, setting.survey, setting.pim)
    if where is None:
        return None
    made = Rule(dict(where.tree), list(where.cells), checks=list(where.checks))
    if str(made.tree.get("path", "")).endswith(")[1]"):
        made.checks.append(_first(choice, setting.survey))
    if _is_markup(choice.value, setting.survey):
        made.tree["as"] = "markup" if target.type == "textarea" else "text"
    if target.type in _NUMERIC:
        _number(made, choice, target, setting)
    if target.type in {"select", "multiselect"}:
        _select(made, choice.value, target, setting)
    if choice.value.sketch.nil:
        made.tree["nil"] = "clear"
    made.tree["type"] = target.type
    return made


def _first(choice: Choice, survey: Survey) -> str:
    """Say that others follow; where each of them has a GTIN, each may be a product."""
    around = survey.spelled.path(choice.value.names[:-1])
    if choice.concept != "ean" or not around:
        return "the first of several"
    return f"the first of several; if each {around} is a product, write each: {around}"


def source(choice: Choice, target: Target, setting: Setting) -> Mapping[str, Tree]:
    """Write where a value comes from, language apart: its pair, its path, or the first of it.

    Where elements stand within the values of a list, only a path can say how they are read.
    """
    if choice.pair is not None and not _is_markup(choice.value, setting.survey):
        return {"pair": choice.pair}
    value = choice.value
    single = target.type not in _SEVERAL or (
        target.type == "price" and _has_rivals(value, setting.survey)
    )
    return {"path": f"({value.path})[1]" if single and value.repeats else value.path}


def _is_markup(value: Value, survey: Survey) -> bool:
    return any(each.is_markup for each in survey.values if each.names == value.names)


def _has_rivals(price: Value, survey: Survey) -> bool:
    """Say whether some record has two prices that nothing tells apart by their currency."""
    found = currency_beside(price, survey)
    entries = currency_entries(price, found, survey)
    return not entries or any(each.repeats for each in entries)


def _number(made: Rule, choice: Choice, target: Target, setting: Setting) -> None:
    own = own_numbers(choice.value.sketch, setting.numbers) if choice.value.sketch.filled else None
    if own is not None:
        made.tree["numbers"] = own
    if has_per(choice.value):
        made.tree["transform"] = {"regex": "([^/]+)"}
        made.checks.append("what stands behind / is left out")
    if target.type == "price":
        made.tree["currency"] = _currency(made, choice.value, setting)
    elif target.type == "metric":
        unit_of = _unit(made, choice, target, setting)
        if unit_of is not None:
            made.tree["unit"] = unit_of


def _currency(made: Rule, price: Value, setting: Setting) -> Tree:
    found = currency_beside(price, setting.survey)
    _check_currencies(made, price, found, setting)
    header = header_currency(setting.survey)
    near = _coded(made, found, "currency")
    if near is not None:
        return near if found.covers or header is None else {"path": [near, "$currency"]}
    if header is not None:
        return "$currency"
    active = sorted(setting.pim.active_currencies) if setting.pim else []
    usual = _USUAL_CURRENCY if _USUAL_CURRENCY in active or not active else active[0]
    made.checks.append(f"no currency was found: is it {usual}?")
    return {"value": usual}


def _check_currencies(made: Rule, price: Value, found: Beside, setting: Setting) -> None:
    """Take the prices in a currency that the PIM has, where some are in others."""
    active = setting.pim.active_currencies if setting.pim else frozenset[str]()
    if not active or found.codes <= active:
        return
    own = [
        entry
        for entry in currency_entries(price, found, setting.survey)
        if entry.selector.text in active
    ]
    if own:
        made.tree["path"] = f"({own[0].path})[1]" if own[0].repeats else own[0].path
        made.checks.append("one currency of several")
    else:
        made.refused = True
        made.checks.append(f"the PIM has no {', '.join(sorted(found.codes - active))}")


def currency_entries(price: Value, found: Beside, survey: Survey) -> list[Entry]:
    """Give the same prices by their currencies, as far as those tell entries of a list apart."""
    return [
        each
        for each in survey.listed
        if each.names == price.names and (*each.selector.each, each.selector.key) == found.names
    ]


def _unit(made: Rule, choice: Choice, target: Target, setting: Setting) -> Tree | None:
    """Write where the unit comes from; None where the list of pairs has it."""
    attribute = target.attribute
    if choice.pair is not None and setting.lists[choice.pair.partition(".")[0]].unit is not None:
        return None
    family = target.metric_family
    found = unit_beside(choice.value, setting.survey, family)
    if attribute is not None and setting.pim is not None:
        found = _pims_units(found, attribute, setting.pim)
    written = _coded(made, found, "unit" if family in {None, "Weight"} else f"unit_{target.code}")
    if written is not None:
        return written
    usual = (attribute.default_metric_unit if attribute else None) or _USUAL_UNIT
    made.checks.append(f"no unit was found: is it {usual}?")
    return {"value": usual}


def _pims_units(found: Beside, attribute: Attribute, pim: Structure) -> Beside:
    """Give the same with the PIM's own codes of the units."""
    texts = [*found.table, *found.unknown]
    table: dict[str, str] = {}
    for text in texts:
        code = unit_code(pim, attribute, text) or unit_code(pim, attribute, unit(text) or "")
        table.update({} if code is None else {text: code})
    constant = None if found.constant is None else unit_code(pim, attribute, found.constant)
    unknown = [text for text in texts if text not in table]
    return replace(found, constant=constant, table=table, unknown=unknown)


def _coded(made: Rule, found: Beside, table: str) -> Tree | None:
    """Write where a unit or currency comes from; None where that was not found."""
    if found.names is not None:
        made.beside.append(found.names)
    if found.unknown:
        made.checks.append(f"what is {', '.join(map(repr, found.unknown[:_LISTED]))}?")
    if found.path is None:
        return {"value": found.constant} if found.constant else None
    if found.table:
        made.tables[table] = found.table
        return {"path": found.path, "table": table}
    return found.path


def _select(made: Rule, value: Value, target: Target, setting: Setting) -> None:
    """Write how texts become options: by the PIM's codes and labels, or as codes made of them."""
    words = list(value.sketch.words or ())
    separator = next((each for each in _SEPARATORS if any(each in word for word in words)), None)
    if target.type == "multiselect" and separator is not None:
        made.tree["split"] = separator
        words = list(dict.fromkeys(part.strip() for w in words for part in w.split(separator)))
    table = _options(words, target, setting.pim)
    if table:
        made.tables[target.code] = table
        made.tree["table"] = target.code
        return
    made.tree["transform"] = "code"
    made.refused = setting.pim is not None and target.code in setting.pim.attribute_options
    unlike = "the options are called otherwise: write a table, or options: create"
    made.checks.append(unlike if made.refused else "are these the codes of the options?")


def _options(words: list[str], target: Target, pim: Structure | None) -> dict[str, str] | None:
    """Give the option of each word; None where some word is neither an option's code nor label."""
    options = None if pim is None else pim.attribute_options.get(target.code)
    if options is None:
        return None
    names = {
        name.casefold(): option.code
        for option in options.values()
        for name in (*option.labels.values(), option.code)
    }
    found = {word: names[word.casefold()] for word in words if word.casefold() in names}
    return found if len(found) == len(words) else None


def pair_units(pairs: Pairs) -> Mapping[str, str]:
    """Give what the units of a list mean to the PIM, as far as that is known."""
    texts = dict.fromkeys(
        text for value in pairs.units.values() for text in (value.sketch.words or ())
    )
    return {text: code for text in texts if (code := unit(text)) is not None}
