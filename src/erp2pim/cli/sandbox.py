"""`erp2pim sandbox`: a PIM to try things on."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import click
import orjson

from erp2pim.cli.signals import stopped_by_signals
from erp2pim.config.textfile import read_text
from erp2pim.errors import ConfigError


def _shares(_: click.Context, __: click.Parameter, faults: Sequence[str]) -> Mapping[str, float]:
    return dict(map(_share, faults))


def _share(fault: str) -> tuple[str, float]:
    name, _, share = fault.partition("=")
    try:
        number = float(share)
    except ValueError:
        raise click.BadParameter(f"{fault!r} is not of the form NAME=SHARE") from None
    if not 0 <= number <= 1:
        raise click.BadParameter(f"{fault!r}: a share from 0 to 1 is expected")
    return name, number


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.")
@click.option(
    "--catalog",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Serve what erp2pim structure pull wrote to this file instead of the demo's catalogue.",
)
@click.option(
    "--database",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Keep what is told in this SQLite file; otherwise in memory, until it ends.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    callback=_shares,
    metavar="NAME=SHARE",
    help="A fault and how often requests meet it, such as 503=0.02; may be repeated.",
)
@click.option("--seed", type=int, default=0, help="The faults are drawn from this.")
@click.option("--latency-ms", type=click.IntRange(0), default=0, help="Wait before each answer.")
def sandbox(  # noqa: PLR0913  an option each
    *,
    port: int,
    catalog: Path | None,
    database: str | None,
    faults: Mapping[str, float],
    seed: int,
    latency_ms: int,
) -> int:
    """Serve a PIM look-alike on this machine.

    It prints the environment variables that lead erp2pim to it, and ends with Ctrl-C.
    """
    try:
        from erp2pim import sandbox as pim  # noqa: PLC0415  the extra need not be installed
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"the sandbox needs {error.name}", fix="pip install 'erp2pim[sandbox]'"
        ) from error
    with stopped_by_signals() as stop, ExitStack() as stack:
        try:
            serving = pim.serve(
                catalog=None if catalog is None else orjson.loads(read_text(catalog, "catalogue")),
                port=port,
                faults=faults,
                seed=seed,
                latency_s=latency_ms / 1000,
                database=database,
            )
            served = stack.enter_context(serving)
        except (orjson.JSONDecodeError, pim.NotACatalogError) as error:
            raise ConfigError(
                f"the catalogue cannot be served: {error}",
                where=str(catalog),
                fix="name a file that erp2pim structure pull wrote",
            ) from error
        except (OSError, ValueError) as error:
            raise ConfigError(f"the sandbox cannot be served: {error}") from error
        click.echo(f"export ERP2PIM_PIM_URL={served.url}")
        click.echo(f"export ERP2PIM_CLIENT_ID={pim.CLIENT_ID}")
        click.echo(f"export ERP2PIM_SECRET={pim.SECRET}")
        click.echo(f"export ERP2PIM_USERNAME={pim.USERNAME}")
        click.echo(f"export ERP2PIM_PASSWORD={pim.PASSWORD}")
        stop.event.wait()
    return 0
