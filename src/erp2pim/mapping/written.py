"""What can be said of a rule by looking at how it is written."""

from erp2pim.mapping import schema
from erp2pim.mapping.context import REST


def mentions_rest(written: schema.Source | None) -> bool:
    """Say whether `$rest` stands anywhere in a rule."""
    if written is None or isinstance(written, str):
        return f"${REST}" in (written or "")
    entries = [written.path] if isinstance(written.path, str) else written.path or ()
    return any(map(mentions_rest, (*entries, *(written.all or ()), *(written.concat or ()))))


def step_names(written: schema.Transforms | None) -> list[str]:
    """Give the names of the steps of `transform`."""
    each = written if isinstance(written, list) else [written or {}]
    return [name for names in each for name in ([names] if isinstance(names, str) else names)]
