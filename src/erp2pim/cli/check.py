"""`erp2pim check`: is all in order, before the night?"""

from collections.abc import Mapping, Sequence

import click

from erp2pim.cli import options
from erp2pim.config.mappingfile import load_mapping
from erp2pim.config.safety import gate_of
from erp2pim.errors import ExitCode
from erp2pim.report.text import fit


@click.command()
@click.argument("exports", metavar="[EXPORT...]", nargs=-1)
@options.others
@click.option("--online", is_flag=True, help="Ask the PIM for rights and changes, too.")
@click.pass_obj
def check(
    config: str | None, exports: Sequence[str], *, others: Mapping[str, str], online: bool
) -> int:
    """Check the configuration and the mapping.

    Every fault is told with its place. With an EXPORT, all of its records are mapped, and what
    would be refused is told by cause. Nothing is sent.
    """
    settings = options.settings(config)
    without = "" if settings.pim else "; it names no PIM"
    click.echo(f"configuration {fit(str(settings.path))}: in order{without}")
    mapping = load_mapping(settings.mapping, naming=settings.naming)
    gate_of(settings.gate, mapping.reader.names, fault=settings.fault)
    kinds = [kind for records in mapping.records for kind in records.kinds]
    rules = sum(len(kind.parts) for kind in kinds)
    click.echo(f"mapping {fit(str(settings.mapping))}: in order, {rules} rules")
    for doubt in mapping.doubts:
        click.echo(f"warning: {fit(doubt, longest=500)}", err=True)
    if online:
        from erp2pim.cli.online import ask  # noqa: PLC0415  loading the client slows every other check

        ask(settings, mapping)
    if exports:
        from erp2pim.cli.proving import prove  # noqa: PLC0415  likewise loading what a run needs

        return prove(exports, settings, mapping, others, online=online)
    return ExitCode.DONE
