"""The part of `erp2pim check` that asks the PIM; nothing is written."""

from datetime import UTC, datetime

import click

from erp2pim.cli.signals import stopped_by_signals
from erp2pim.cli.sync import pim_of
from erp2pim.config.mappingfile import structure_path
from erp2pim.config.settings import Settings
from erp2pim.errors import GuardError, PimError, RefusalError
from erp2pim.mapping.work import CompiledMapping
from erp2pim.pim import Pim
from erp2pim.plan.spool import Spool
from erp2pim.report.text import fit
from erp2pim.run.catalogue import options_resource, pull
from erp2pim.run.drift import told
from erp2pim.run.online import first_products, products_of, restricted, sorted_out, version
from erp2pim.stop import Stop


def ask(settings: Settings, mapping: CompiledMapping) -> None:
    """Ask for the credentials, the structure's age, and the right to write.

    Raises:
        GuardError: The PIM has changed under the mapping, and that is to stop a run.
        PimError: The PIM takes neither the credentials nor products.
    """
    with stopped_by_signals() as stop, stop.explaining():
        pim = pim_of(settings, stop)
        told_version = version(pim)
        _say(settings, f"takes the credentials, version {fit(told_version or 'unknown')}")
        _tell_rights(settings, mapping, pim)
        _tell_drift(settings, mapping, pim)


def ask_for_products(settings: Settings, spool: Spool, stop: Stop) -> None:
    """Ask whether what the PIM has of a plan's products may be changed.

    Raises:
        PimError: Products cannot be read.
    """
    with stop.explaining():
        held = products_of(spool, pim_of(settings, stop))
        for line in restricted(held, "{} products of the export that the PIM has"):
            _warn(line)


def _tell_rights(settings: Settings, mapping: CompiledMapping, pim: Pim) -> None:
    """Tell what the connection may do; to read products is needed for what people own alone."""
    pim.ask_to_write("products")
    _say(settings, "lets the connection create and update products")
    for select in sorted(mapping.growing)[:1]:
        _tell_right_to_options(settings, pim, select)
    try:
        for line in restricted(first_products(pim), "the first {} products"):
            _warn(line)
    except PimError as error:
        if mapping.owners:
            raise
        _warn(f"the connection may not read products: {error}")


def _tell_right_to_options(settings: Settings, pim: Pim, select: str) -> None:
    try:
        pim.ask_to_write(options_resource(select))
    except RefusalError as error:
        _warn(f"the connection may not create options: {error}")
    else:
        _say(settings, "lets the connection create options")


def _tell_drift(settings: Settings, mapping: CompiledMapping, pim: Pim) -> None:
    known = mapping.structure
    if known is None:
        return
    today = datetime.now(UTC).date().isoformat()
    now = pull(pim, selects=known.attribute_options, today=today)
    touched, aside = sorted_out(known, now, mapping.touched)
    lines = list(told(touched, since=known.pulled))
    if touched and settings.guards.drift == "stop":
        place = str(structure_path(settings.mapping))
        raise GuardError("; ".join(lines[:-1]), where=place, fix=lines[-1])
    for line in lines:
        _warn(line)
    if not touched:
        more = f"; {aside} changes do not touch the mapping" if aside else ""
        _say(settings, f"has not changed under the mapping{more}")


def _say(settings: Settings, line: str) -> None:
    click.echo(fit(f"PIM {settings.connection().url}: {line}", longest=500))


def _warn(line: str) -> None:
    click.echo(f"warning: {fit(line, longest=500)}", err=True)
