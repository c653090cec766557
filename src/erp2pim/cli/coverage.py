"""`erp2pim coverage`: what the mapping leaves aside."""

from collections.abc import Mapping, Sequence

import click

from erp2pim.cli import options
from erp2pim.config.mappingfile import load_mapping
from erp2pim.report.text import fit
from erp2pim.run.coverage import coverage as cover
from erp2pim.state.store import read_state


@click.command()
@options.exports
@options.others
@click.pass_obj
def coverage(config: str | None, exports: Sequence[str], *, others: Mapping[str, str]) -> int:
    """Show what of an export is never mapped.

    Also the rules that never gave a value, and the paths that no earlier run has seen.
    """
    settings = options.settings(config, offline=True)
    found = cover(exports, load_mapping(settings.mapping, naming=settings.naming), others)
    with read_state(settings.state) as state:
        known = state.paths()
    click.echo(f"{found.read} records, {len(found.paths)} paths")
    for path, count in found.unmapped.items():
        click.echo(f"never mapped: {fit(path)} ({count} times)")
    for place in found.silent:
        click.echo(f"never gave a value: the rule at {fit(place)}")
    for path in found.paths:
        if known and path not in known:
            click.echo(f"new: {fit(path)}")
    return 0
