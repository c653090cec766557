"""`erp2pim diff`: what a run would do."""

import sys
from collections.abc import Iterator, Mapping, Sequence

import click

from erp2pim.cli import options
from erp2pim.cli.outcome import outcome
from erp2pim.cli.signals import stopped_by_signals
from erp2pim.cli.sync import pim_of
from erp2pim.config.mappingfile import load_mapping
from erp2pim.config.safety import gate_of
from erp2pim.model import Body, Json
from erp2pim.plan.change import Change
from erp2pim.plan.compare import parts
from erp2pim.plan.spool import Spool, open_spool
from erp2pim.report import progress
from erp2pim.report.summary import change_lines
from erp2pim.report.text import fit
from erp2pim.run import Rooms, foresee, plan, trips
from erp2pim.state.store import State, read_state


@click.command()
@options.exports
@options.others
@options.as_json
@click.pass_obj
def diff(
    config: str | None, exports: Sequence[str], *, others: Mapping[str, str], as_json: bool
) -> int:
    """Show what sync would do, cell by cell.

    Nothing is sent, and no state is written. A configuration without a PIM will do, unless the
    mapping leaves something to the PIM (owner).
    """
    with outcome("diff", as_json=as_json) as told:
        settings = options.settings(config)
        mapping = load_mapping(settings.mapping, naming=settings.naming)
        gate = gate_of(settings.gate, mapping.reader.names, fault=settings.fault)
        asks = settings.pim is not None or bool(mapping.owners)
        url = settings.connection().url if asks else None
        with (
            stopped_by_signals() as stop,
            read_state(settings.state, pim_url=url) as state,
            open_spool() as spool,
        ):
            with progress.shown(sys.stderr, quiet=False) as shown:
                pim = pim_of(settings, stop) if asks else None
                rooms = Rooms(
                    *(mapping, spool, pim, shown, stop, others),
                    gate=gate,
                    earlier=state.earlier(),
                    guards=settings.guards.guards(),
                    web=settings.media.web(),
                )
                result = plan(exports, rooms, state)
                foresee(result, rooms)
                for figures in trips(rooms, result):
                    result.warnings.append(f"sync would send nothing (exit 5): {figures}")
            if not as_json:
                for option in spool.options.all():
                    click.echo(f"make option {fit(str(option))}")
                for change, old in _with_old(spool, state):
                    for line in change_lines(change, old):
                        click.echo(line)
            told.tell(
                result,
                spool.rejects(),
                requests=(0 if pim is None else pim.requests, 0),
                more={"options": _options(spool), "changes": _as_json(spool, state)},
            )
    return result.exit_code


def _with_old(spool: Spool, state: State) -> Iterator[tuple[Change, Body | None]]:
    for change in spool.changes():
        yield change, state.bodies(change.kind, [change.key]).get(change.key)


def _options(spool: Spool) -> Iterator[Json]:
    for option in spool.options.all():
        yield {
            "attribute": option.attribute,
            "code": option.code,
            "labels": {**option.labels},
        }


def _as_json(spool: Spool, state: State) -> Iterator[Json]:
    for change, old in _with_old(spool, state):
        before = {} if old is None else dict(parts(old))
        yield {
            "identifier": change.identifier,
            "kind": change.kind,
            "record": change.origin.record,
            "line": change.origin.line,
            "create": change.is_new,
            "cells": [
                {
                    "name": part.name,
                    "locale": part.locale,
                    "scope": part.scope,
                    "old": before.get(part),
                    "new": new,
                }
                for part, new in parts(change.sent)
            ],
        }
