"""The steps of `transform` as they are written become one step."""

from collections.abc import Callable
from functools import partial

from erp2pim.mapping import schema
from erp2pim.mapping.faults import Faults, Loc
from erp2pim.mapping.transforms import Parameter, Step, chain, step


def chained(
    written: schema.Transforms | None,
    loc: Loc,
    faults: Faults,
    functions: Callable[[str], Step],
) -> Step | None:
    """Give the one step; None where none is written.

    Args:
        written: One step or a list of them.
        loc: The keys that lead to it.
        faults: Where faults are noted.
        functions: Gives the function that `module:function` names.
    """
    if written is None:
        return None
    made: list[Step | None] = []
    for index, each in enumerate(written if isinstance(written, list) else [written]):
        at = (*loc, index) if isinstance(written, list) else loc
        for name, parameter in [(each, None)] if isinstance(each, str) else each.items():
            made.append(faults.attempt(at, partial(_step, name, parameter, functions)))
    return chain([each for each in made if each is not None])


def _step(name: str, parameter: Parameter | None, functions: Callable[[str], Step]) -> Step:
    return functions(name) if ":" in name and parameter is None else step(name, parameter)
