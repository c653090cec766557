"""`erp2pim check`: is all in order, before the night?"""

import click

from erp2pim.cli import options
from erp2pim.cli.sync import pim_of
from erp2pim.config.mappingfile import load_mapping
from erp2pim.config.safety import gate_of
from erp2pim.report.text import fit
from erp2pim.run import Stop


@click.command()
@click.option("--online", is_flag=True, help="Ask the PIM, too, whether it takes the credentials.")
@click.pass_obj
def check(config: options.WithConfig, *, online: bool) -> int:
    """Check the configuration and the mapping.

    Every fault is told with its place.
    """
    settings = config.settings()
    click.echo(f"configuration {settings.path}: in order")
    mapping = load_mapping(settings.mapping)
    gate_of(settings.gate, mapping.reader.names, fault=settings.fault)
    kinds = [kind for records in mapping.records for kind in records.kinds]
    rules = sum(len(kind.parts) for kind in kinds)
    click.echo(f"mapping {settings.mapping}: in order, {rules} rules")
    if online:
        answer = pim_of(settings, Stop()).get("/api/rest/v1/system-information")
        version = answer.get("version") if isinstance(answer, dict) else None
        click.echo(f"PIM {settings.pim.url}: takes the credentials, version {fit(str(version))}")
    return 0
