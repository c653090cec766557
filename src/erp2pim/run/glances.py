"""Lists of a PIM that may be long, held against its structure in one request each."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial

from erp2pim.model import Json
from erp2pim.pim import ROOT, Pim
from erp2pim.run.catalogue import options_path, read
from erp2pim.run.pages import glance
from erp2pim.structure import Difference, Structure, differences, touches

MOST_SELECTS = 10


@dataclass(frozen=True, slots=True)
class _List:
    """A list of the PIM, as its structure knows it.

    Attributes:
        name: What it holds.
        path: Where it is read.
        known: A structure of this list alone.
        form: Puts members of the list in the place that they have in what is read of a structure.
        length: How many it has.
        may_grow: Whether it bears on nothing that it has more.
    """

    name: str
    path: str
    known: Structure
    form: Callable[[Json], Json]
    length: int
    may_grow: bool


def glances(
    structure: Structure, pim: Pim, rules: Collection[str], *, refused: bool
) -> Iterator[Difference]:
    """Give what the PIM has changed in categories, and in options of selects, that touches rules.

    A list of up to a hundred is compared member by member, a longer one by its length. What came
    bears on what was refused for being unknown, and on labels that are a table.

    Args:
        structure: What was read of the PIM.
        pim: The PIM.
        rules: As for `touches`. Of the selects in it the first ten are looked at.
        refused: Whether the mapping refused anything.

    Raises:
        PimError: The PIM cannot be read.
    """
    for each in _lists(structure, rules, refused=refused):
        members, total = glance(pim, each.path)
        if total <= len(members):
            found = differences(each.known, read(each.form(members)))
            yield from (
                change
                for change in found
                if touches(change, rules) and not (each.may_grow and change.how == "added")
            )
        elif total < each.length or (total > each.length and not each.may_grow):
            yield Difference("PIM", each.name, "changed", "", each.length, total)


def _lists(structure: Structure, rules: Collection[str], *, refused: bool) -> Iterator[_List]:
    if "categories" in rules and structure.categories:
        yield _List(
            name="categories",
            path=f"{ROOT}/categories",
            known=Structure(categories=structure.categories),
            form=lambda members: {"categories": members},
            length=len(structure.categories),
            may_grow=not refused,
        )
    read_of = structure.attribute_options
    selects = [code for code in read_of if code in rules or f"labels.{code}" in rules]
    for code in selects[:MOST_SELECTS]:
        yield _List(
            name=f"options of {code}",
            path=options_path(code),
            known=Structure(attribute_options={code: read_of[code]}),
            form=partial(_as_options, code),
            length=len(read_of[code]),
            may_grow=(not refused or f"options.{code}" in rules) and f"labels.{code}" not in rules,
        )


def _as_options(select: str, members: Json) -> Json:
    return {"attribute_options": {select: members}}
