"""The command line: options and exit codes, and nothing else."""

import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence

import click

from erp2pim import __version__
from erp2pim.cli.check import check
from erp2pim.cli.coverage import coverage
from erp2pim.cli.diff import diff
from erp2pim.cli.init import init
from erp2pim.cli.inspect import inspect
from erp2pim.cli.options import WithConfig
from erp2pim.cli.runs import runs
from erp2pim.cli.sandbox import sandbox
from erp2pim.cli.schema import schema
from erp2pim.cli.streams import open_standard_streams, output_failed
from erp2pim.cli.structure import structure
from erp2pim.cli.sync import sync
from erp2pim.cli.test import test
from erp2pim.errors import Erp2pimError, ExitCode
from erp2pim.report.summary import error_lines


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="erp2pim")
@click.option(
    "--config",
    type=click.Path(dir_okay=False),
    help="The configuration; otherwise $ERP2PIM_CONFIG, ./erp2pim.yaml, ./config/erp2pim.yaml or "
    "/etc/erp2pim/erp2pim.yaml.",
)
@click.pass_context
def cli(context: click.Context, config: str | None) -> None:
    """Bring an ERP's XML export into Akeneo PIM.

    \b
    Exit codes: 0 done; 1 done, but records were rejected; 2 command line, configuration or mapping;
    3 the export was refused; 4 the PIM could not be reached or refused us; 5 a guard tripped;
    6 another run holds the lock; 7 state; 70 a bug; 130 and 143 interrupted.
    """  # noqa: D301  \b is click's mark for a paragraph that is not to be rewrapped
    context.obj = WithConfig(config)


for command in (sync, diff, check, test, coverage, init, inspect, runs, structure, schema, sandbox):
    cli.add_command(command)


def main(args: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code; every way for a command to end leads through here."""
    open_standard_streams()
    try:
        code: int = cli.main(args, prog_name="erp2pim", standalone_mode=False) or 0
    except Erp2pimError as error:
        for line in error_lines(error):
            click.echo(line, err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.CONFIG
    except (click.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except SystemExit:  # click's answer when nobody reads our output any more
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001  the one place where a bug becomes an exit code
        return _unforeseen(error)
    return code


def _unforeseen(error: Exception) -> ExitCode:
    """Tell a place for the output that is full, or a bug."""
    if isinstance(error, OSError) and output_failed(error):
        click.echo(f"error: the output cannot be written: {error.strerror}", err=True)
        click.echo("  fix: free disk space, or lead the output elsewhere", err=True)
        return ExitCode.STATE
    click.echo(f"error: this is a bug in erp2pim\n  fix: report it with {_log()}", err=True)
    return ExitCode.BUG


def _log() -> str:
    """Write versions and traceback to a file and give its path."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="erp2pim-bug-", suffix=".log", encoding="utf-8", delete=False
    ) as file:
        file.write(f"erp2pim {__version__}, Python {sys.version}, {platform.platform()}\n\n")
        traceback.print_exc(file=file)
    return file.name
