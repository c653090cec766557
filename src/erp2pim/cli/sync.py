"""`erp2pim sync`: the nightly run."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import click

from erp2pim.cli import options
from erp2pim.cli.outcome import outcome
from erp2pim.cli.signals import stopped_by_signals
from erp2pim.config.mappingfile import load_mapping
from erp2pim.config.safety import gate_of
from erp2pim.config.settings import Settings
from erp2pim.pim import Credentials, Pim
from erp2pim.plan.spool import open_spool
from erp2pim.report import progress
from erp2pim.run import Rooms, Sending
from erp2pim.run import sync as run_sync
from erp2pim.state.lock import locked
from erp2pim.state.store import open_state
from erp2pim.stop import Stop


@click.command()
@options.exports
@options.others
@options.as_json
@click.option("--quiet", is_flag=True, help="Say nothing when all went well.")
@click.option(
    "--force",
    is_flag=True,
    help="Send though a guard trips, and take an export unlike earlier ones.",
)
@click.pass_obj
def sync(  # noqa: PLR0913  an option each
    config: str | None,
    exports: Sequence[str],
    *,
    others: Mapping[str, str],
    as_json: bool,
    quiet: bool,
    force: bool,
) -> int:
    """Read, map, compare, and send what changed.

    An EXPORT is an XML file, plain, .gz or .zip; - is standard input. Nothing is sent before all
    of them were read to the end.
    """
    with outcome("sync", as_json=as_json, quiet=quiet) as told:
        settings = options.settings(config)
        mapping = load_mapping(settings.mapping, naming=settings.naming)
        gate = gate_of(settings.gate, mapping.reader.names, fault=settings.fault)
        url = settings.connection().url
        with (
            stopped_by_signals() as stop,
            locked(settings.state),
            open_state(settings.state, pim_url=url) as state,
            open_spool() as spool,
        ):
            pim = pim_of(settings, stop)
            with progress.shown(sys.stderr, quiet=quiet) as shown:
                rooms = Rooms(
                    *(mapping, spool, pim, shown, stop, others),
                    gate=gate,
                    earlier=state.earlier(),
                    guards=settings.guards.guards(),
                    web=settings.media.web(),
                    force=force,
                )
                result = run_sync(
                    exports,
                    rooms,
                    state=state,
                    sending=Sending(pim, settings.send.batch_lines, settings.send.workers),
                    now=lambda: datetime.now(UTC).replace(microsecond=0),
                )
            rejects = state.rejects(result.run or 0)
            told.tell(result, rejects, requests=(pim.requests, pim.patch_requests))
    return result.exit_code


def pim_of(settings: Settings, stop: Stop) -> Pim:
    """Give the client that the configuration describes.

    Raises:
        ConfigError: It names no PIM.
    """
    connection = settings.connection()
    return Pim(
        connection.url,
        Credentials(
            client_id=connection.client_id,
            secret=connection.secret.get_secret_value(),
            username=connection.username,
            password=connection.password.get_secret_value(),
        ),
        timeout_s=settings.send.timeout_s,
        attempts=settings.send.attempts,
        give_up_after_s=settings.send.give_up_after_s,
        stop=stop.event,
    )
