"""`erp2pim structure`: what the PIM's catalogue looks like."""

import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from erp2pim.cli import options
from erp2pim.cli.signals import stopped_by_signals
from erp2pim.cli.sync import pim_of
from erp2pim.config.mapped import mapped_attributes
from erp2pim.config.mappingfile import structure_path
from erp2pim.config.settings import Settings
from erp2pim.config.structurefile import load_structure, save_structure
from erp2pim.errors import ConfigError
from erp2pim.report.text import escaped, fit
from erp2pim.run.catalogue import pull
from erp2pim.structure import Structure, differences


@click.group()
def structure() -> None:
    """Keep what the PIM's catalogue looks like beside the mapping."""


@structure.command("pull")
@click.option(
    "--out",
    type=click.Path(dir_okay=False),
    help="Where to write it; otherwise structure.json beside the mapping.",
)
@click.pass_obj
def pull_structure(config: str | None, out: str | None) -> int:
    """Read the PIM's structure and write it to a file.

    Attributes, families, channels, units, categories, and the options of the selects that the
    mapping fills. A file that stands there is replaced when all was read.
    """
    settings = options.settings(config)
    path = _path(settings, out)
    found = _pulled(settings, _mapped(settings))
    save_structure(found, path)
    click.echo(
        f"{fit(str(path))}: {len(found.attributes)} attributes, {len(found.families)} families, "
        f"{len(found.channels)} channels, {len(found.categories)} categories, "
        f"options of {len(found.attribute_options)} attributes"
    )
    return 0


@structure.command("diff")
@click.argument("file", type=click.Path(dir_okay=False), required=False)
@options.as_json
@click.pass_obj
def diff_structure(config: str | None, file: str | None, *, as_json: bool) -> int:
    """Show what the PIM has changed since its structure was read.

    FILE is what structure pull wrote; otherwise structure.json beside the mapping. One line a
    change: + the PIM has it anew, - no more, ~ otherwise.
    """
    settings = options.settings(config)
    known = load_structure(_path(settings, file))
    found = list(differences(known, _pulled(settings, known.attribute_options)))
    if as_json:
        changes = [asdict(each) for each in found]
        text = json.dumps({"since": known.pulled, "changes": changes}, ensure_ascii=False)
        click.echo(escaped(text))
    else:
        for each in found:
            click.echo(fit(str(each), longest=500))
    return 0


def _path(settings: Settings, given: str | None) -> Path:
    return structure_path(settings.mapping) if given is None else Path(given)


def _mapped(settings: Settings) -> Collection[str] | None:
    """Give the attributes of the mapping; None where there is no mapping that can be read."""
    try:
        return mapped_attributes(settings.mapping)
    except ConfigError as error:
        click.echo(f"warning: {fit(error.what)}; the options of all selects are read", err=True)
        return None


def _pulled(settings: Settings, selects: Collection[str] | None) -> Structure:
    with stopped_by_signals() as stop, stop.explaining():
        today = datetime.now(UTC).date().isoformat()
        return pull(pim_of(settings, stop), selects=selects, today=today)
