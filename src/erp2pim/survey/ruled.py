"""Values with their attributes and the rules between them."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from erp2pim.survey.choices import Choice
from erp2pim.survey.fields import Entry
from erp2pim.survey.joined import Joined, joined
from erp2pim.survey.listing import local
from erp2pim.survey.names import folded
from erp2pim.survey.properties import own_name
from erp2pim.survey.rules import Rule, Setting, rule
from erp2pim.survey.targets import Target, fits, known, others, usual
from erp2pim.survey.words import Concept

_BY_LABEL = 0.8


@dataclass(frozen=True, slots=True)
class Ruled:
    """A value with its attribute and the rule between them.

    Attributes:
        choice: The value.
        target: The attribute.
        rule: The rule.
        join: The other elements that it stands in; None where it stands in the record.
    """

    choice: Choice
    target: Target
    rule: Rule
    join: Joined | None = None

    @property
    def is_active(self) -> bool:
        """Whether it can stand: pictures are sent from files, which is for a person to decide."""
        return self.target.type != "image" and not self.rule.refused


def ruled(found: Mapping[Concept, Choice], setting: Setting) -> Iterator[Ruled]:
    """Give the rules for what was chosen, for what stands elsewhere, and for what has a label.

    What stands elsewhere are values of other elements that name the record by its identifier; a
    label is an attribute's whose name a value has.
    """
    targets = usual() if setting.pim is None else known(setting.pim)
    elsewhere = _elsewhere(found, targets, setting)
    taken: list[str] = []
    for concept, target in targets.items():
        choice, join = found.get(concept), elsewhere.get(concept)
        made = None
        if choice is not None:
            made = rule(choice, target, setting)
        elif join is not None:
            choice = join.choice
            made = rule(choice, target, _there(join, setting))
        if choice is not None and made is not None:
            taken.append(target.code)
            yield Ruled(choice, target, made, join)
    if setting.pim is None:
        return
    used = {choice.value.path for choice in found.values()}
    for choice, target in _by_label(setting, others(setting.pim, taken), used):
        made = rule(choice, target, setting)
        if made is not None:
            yield Ruled(choice, target, made)


def _by_label(
    setting: Setting, targets: Mapping[str, Target], used: AbstractSet[str]
) -> Iterator[tuple[Choice, Target]]:
    """Give values whose own name is an attribute's code or label, each attribute once."""
    survey = setting.survey
    entries = [
        (f"{name}.{text}", text, value)
        for name, pairs in setting.lists.items()
        for text, value in pairs.entries.items()
    ]
    plain = [(None, local(each.names[-1]), each) for each in survey.values if each.names]
    taken: set[str] = set()
    for pair, name, value in [*entries, *plain]:
        target = targets.get(folded(name))
        free = target is not None and target.code not in taken
        if target is not None and free and value.path not in used and fits(target, value.sketch):
            taken.add(target.code)
            yield Choice(None, value, _BY_LABEL, pair), target


def _elsewhere(
    found: Mapping[Concept, Choice], targets: Mapping[Concept, Target], setting: Setting
) -> dict[Concept, Joined]:
    name = own_name(found, setting.survey)
    if name.pair is not None or isinstance(name.value, Entry):
        return {}
    return joined(setting.survey, name.value, [each for each in targets if each not in found])


def _there(join: Joined, setting: Setting) -> Setting:
    """Give the setting in which units and currencies are looked for beside the joined value."""
    survey = replace(setting.survey, values=join.values, listed=(), pairs=(), languages=())
    return replace(setting, survey=survey, lists={})
