"""The command line: options and exit codes, and nothing else."""

import importlib
import platform
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import click

from erp2pim import __version__
from erp2pim.cli.streams import open_standard_streams, output_failed
from erp2pim.errors import Erp2pimError, ExitCode
from erp2pim.report.summary import error_lines

_COMMANDS: Mapping[str, str] = {
    "check": "Check the configuration and the mapping.",
    "coverage": "Show what of an export is never mapped.",
    "diff": "Show what sync would do, cell by cell.",
    "init": "Propose a mapping for an EXPORT that nobody has described.",
    "inspect": "Show what an EXPORT looks like.",
    "runs": "Show what came of earlier runs.",
    "sandbox": "Serve a PIM look-alike on this machine.",
    "schema": "Print a file's JSON Schema for editors.",
    "structure": "Keep what the PIM's catalogue looks like beside the mapping.",
    "sync": "Read, map, compare, and send what changed.",
    "test": "Run the cases that stand beside the mapping.",
}


class _Later(click.Command):
    """A command whose module is loaded when it is called, so that none waits for another's."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401  click's own signature
    ) -> click.Context:
        """Read the arguments as the command itself does; it is the context's command from here."""
        module = importlib.import_module(f"erp2pim.cli.{self.name}")
        command: click.Command = getattr(module, str(self.name))
        return command.make_context(info_name, args, parent, **extra)


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

    Exit codes: 0 done; 1 done, but records were rejected; 2 command line, configuration or mapping;
    3 the export was refused; 4 the PIM could not be reached or refused us; 5 a guard tripped;
    6 another run holds the lock; 7 state; 70 a bug; 130 and 143 interrupted.
    """
    context.obj = config


for name, short_help in _COMMANDS.items():
    cli.add_command(_Later(name, short_help=short_help))


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
    click.echo("error: this is a bug in erp2pim", err=True)
    try:
        click.echo(f"  fix: report it with {_log()}", err=True)
    except OSError:
        click.echo("  fix: report it with what follows; no log can be written", err=True)
        traceback.print_exception(error)
    return ExitCode.BUG


def _log() -> str:
    """Write versions and traceback to a file and give its path."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="erp2pim-bug-", suffix=".log", encoding="utf-8", delete=False
    ) as file:
        file.write(f"erp2pim {__version__}, Python {sys.version}, {platform.platform()}\n\n")
        traceback.print_exc(file=file)
    return file.name
