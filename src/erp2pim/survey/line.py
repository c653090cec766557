"""One line of a proposed mapping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from erp2pim.survey.choices import Choice
from erp2pim.survey.yamltext import Tree


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the proposal.

    Attributes:
        key: What it is for.
        tree: What is written for it.
        sureness: How sure that is: 0 to 1.
        samples: Values seen.
        checks: What a person has to look at before it can be trusted.
        active: Whether it is more than a suggestion in a comment.
    """

    key: str
    tree: Tree
    sureness: float
    samples: Sequence[str] = ()
    checks: Sequence[str] = ()
    active: bool = True


def chosen(
    key: str, choice: Choice, tree: Tree, checks: Sequence[str] = (), *, active: bool = True
) -> Line:
    """Write a line for a value that was chosen."""
    return Line(key, tree, choice.sureness, choice.value.sketch.samples, checks, active=active)


def path_of(tree: Mapping[str, Tree]) -> Tree:
    """Write a rule that is no more than a path as that path."""
    return tree["path"] if set(tree) == {"path"} else tree
