"""`erp2pim runs`: what happened in the nights before."""

import click

from erp2pim.cli import options
from erp2pim.errors import ConfigError
from erp2pim.report.summary import reject_line, run_lines
from erp2pim.state.store import read_state

_SHOWN = 20


@click.command()
@click.argument("run", type=int, required=False)
@click.pass_obj
def runs(config: str | None, run: int | None) -> int:
    """Show what came of earlier runs.

    With the number of a RUN: all that was refused in it.
    """
    with read_state(options.settings(config, offline=True).state) as state:
        if run is None:
            for each in state.runs(_SHOWN):
                for line in run_lines(each):
                    click.echo(line)
            return 0
        found = state.run(run)
        if found is None:
            raise ConfigError(f"there is no run {run}", fix="erp2pim runs lists them")
        for line in run_lines(found):
            click.echo(line)
        for reject in state.rejects(run):
            click.echo(reject_line(reject))
    return 0
