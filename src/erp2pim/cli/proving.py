"""The part of `erp2pim check` that maps an export."""

import sys
from collections.abc import Mapping, Sequence

import click

from erp2pim.cli.online import ask_for_products
from erp2pim.cli.signals import stopped_by_signals
from erp2pim.config.settings import Settings
from erp2pim.mapping.work import CompiledMapping
from erp2pim.plan.spool import open_spool
from erp2pim.report import progress
from erp2pim.report.summary import ledger_lines, options_line, reject_line
from erp2pim.report.text import fit
from erp2pim.run import Rooms, foresee, plan
from erp2pim.run.proving import NothingKnown, causes, never_filled


def prove(
    exports: Sequence[str],
    settings: Settings,
    mapping: CompiledMapping,
    others: Mapping[str, str],
    *,
    online: bool,
) -> int:
    """Map whole exports, tell what would be refused and what is never filled; nothing is sent.

    Args:
        exports: Their names.
        settings: The configuration.
        mapping: What their records become.
        others: Paths of other exports by the name that the mapping has for them.
        online: Whether to ask the PIM if the products may be changed.

    Raises:
        ExportError: An export was refused.
        PimError: Products cannot be read.
    """
    with stopped_by_signals() as stop, open_spool() as spool:
        with progress.shown(sys.stderr, quiet=False) as shown:
            web = settings.media.web()
            rooms = Rooms(mapping, spool, None, shown, stop, others, web=web)
            result = plan(exports, rooms, NothingKnown())
            foresee(result, rooms)
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
        if result.options_made:
            click.echo(options_line(result.options_made, foreseen=True))
        for warning in result.warnings:
            click.echo(f"warning: {fit(warning, longest=500)}", err=True)
        if online:
            ask_for_products(settings, spool, stop)
    return result.exit_code
