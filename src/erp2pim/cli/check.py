"""`erp2pim check`: is all in order, before the night?"""

import sys
from collections.abc import Sequence

import click

from erp2pim.cli import options
from erp2pim.cli.online import ask
from erp2pim.cli.signals import stopped_by_signals
from erp2pim.config.mappingfile import load_mapping
from erp2pim.config.safety import gate_of
from erp2pim.errors import ExitCode
from erp2pim.mapping.work import CompiledMapping
from erp2pim.plan.spool import open_spool
from erp2pim.report import progress
from erp2pim.report.summary import ledger_lines, reject_line
from erp2pim.report.text import fit
from erp2pim.run import Rooms, foresee, plan
from erp2pim.run.proving import NothingKnown, causes, never_filled


@click.command()
@click.argument("exports", metavar="[EXPORT...]", nargs=-1)
@options.others
@click.option("--online", is_flag=True, help="Ask the PIM for rights and changes, too.")
@click.pass_obj
def check(
    config: str | None, exports: Sequence[str], *, others: Sequence[str], online: bool
) -> int:
    """Check the configuration and the mapping.

    Every fault is told with its place. With an EXPORT, all of its records are mapped, and what
    would be refused is told by cause. Nothing is sent.
    """
    settings = options.settings(config)
    without = "" if settings.pim else "; it names no PIM"
    click.echo(f"configuration {settings.path}: in order{without}")
    mapping = load_mapping(settings.mapping)
    gate_of(settings.gate, mapping.reader.names, fault=settings.fault)
    kinds = [kind for records in mapping.records for kind in records.kinds]
    rules = sum(len(kind.parts) for kind in kinds)
    click.echo(f"mapping {settings.mapping}: in order, {rules} rules")
    for doubt in mapping.doubts:
        click.echo(f"warning: {fit(doubt, longest=500)}", err=True)
    if online:
        ask(settings, mapping)
    return _prove(exports, mapping, options.named(others)) if exports else ExitCode.DONE


def _prove(exports: Sequence[str], mapping: CompiledMapping, others: dict[str, str]) -> int:
    with stopped_by_signals() as stop, open_spool() as spool:
        with progress.shown(sys.stderr, quiet=False) as shown:
            rooms = Rooms(mapping, spool, None, shown, stop, others)
            result = plan(exports, rooms, NothingKnown())
            foresee(result, spool)
        for count, reject in causes(spool.rejects()):
            times = "once" if count == 1 else f"{count} times, first"
            click.echo(f"{times} {reject_line(reject)}")
        structure = mapping.structure
        if structure is not None:
            for family, channel, codes in never_filled(spool, structure, mapping.places):
                click.echo(
                    f"family {fit(family)} requires for {fit(channel)}, and no rule fills: "
                    f"{fit(', '.join(codes))}"
                )
        for line in ledger_lines(result.ledger, foreseen=True):
            click.echo(line)
        for warning in result.warnings:
            click.echo(f"warning: {fit(warning, longest=500)}", err=True)
    return result.exit_code
