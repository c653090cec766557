"""What several commands share: the configuration and the options for output."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import click

from erp2pim.config.connection import exposed
from erp2pim.config.settings import Settings, find, load, mapping_path
from erp2pim.report.text import fit

F = TypeVar("F", bound=Callable[..., object])


def settings(config: str | None, *, offline: bool = False) -> Settings:
    """Find and load the configuration; warn of what it leaves open to everybody.

    Args:
        config: The value of `--config`; None where it was not given.
        offline: Whether the PIM is of no concern.

    Raises:
        ConfigError: There is none, or it has faults.
    """
    found = load(_path(config), os.environ, offline=offline)
    for what, fix in exposed(found.private, found.state):
        click.echo(f"warning: {fit(what)}\n  fix: {fit(fix)}", err=True)
    return found


def mapping(config: str | None, given: str | None) -> Path:
    """Give the mapping's file: the one given, or the configuration's.

    Raises:
        ConfigError: None is given, and no configuration names one.
    """
    return Path(given) if given is not None else mapping_path(_path(config), os.environ)


def _path(config: str | None) -> Path:
    return find(None if config is None else Path(config), os.environ)


def exports(command: F) -> F:
    """Take one export or more."""
    return click.argument("exports", metavar="EXPORT...", nargs=-1, required=True)(command)


def _named(_: click.Context, __: click.Parameter, pairs: Sequence[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, mark, path = pair.partition("=")
        if not mark or not name or not path:
            raise click.BadParameter(f"{pair!r} is not of the form NAME=PATH")
        found[name] = path
    return found


def others(command: F) -> F:
    """Offer `--with`, as paths by name."""
    return click.option(
        "--with",
        "others",
        multiple=True,
        callback=_named,
        metavar="NAME=PATH",
        help="Where another export stands that the mapping names; may be repeated.",
    )(command)


def as_json(command: F) -> F:
    """Offer `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)
