"""`erp2pim init`: a first mapping for an export."""

from pathlib import Path

import click

from erp2pim.config.mappingfile import structure_path
from erp2pim.config.structurefile import load_structure
from erp2pim.errors import ConfigError
from erp2pim.report.text import fit
from erp2pim.source.files import open_export
from erp2pim.structure import Structure
from erp2pim.survey.mappingtext import mapping_text
from erp2pim.survey.proposal import Proposal, propose
from erp2pim.survey.survey import survey

_OUT = "config/mapping.yaml"


@click.command()
@click.argument("export")
@click.option(
    "--structure",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The PIM's structure; otherwise structure.json beside the mapping, if it is there.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=_OUT,
    show_default=True,
    help="Where to write the mapping.",
)
def init(export: str, structure: Path | None, out: Path) -> int:
    """Propose a mapping for an EXPORT that nobody has described.

    It is written with comments: how sure each line is, and values that were seen. A file that
    stands there is never overwritten.
    """
    if out.exists():
        raise _standing(out)
    pim = _pim(structure, out)
    with open_export(export) as file:
        found = survey(file)
    if found.error is not None:
        raise found.error
    proposal = propose(found, pim)
    _write(out, mapping_text(proposal))
    for line in _told(proposal, out):
        click.echo(line)
    return 0


def _pim(structure: Path | None, out: Path) -> Structure | None:
    beside = structure_path(out)
    if structure is None and not beside.is_file():
        return None
    return load_structure(structure or beside)


def _write(out: Path, text: str) -> None:
    """Write the file, which must not be there, with the folders that lead to it."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        if out.exists():
            raise _standing(out) from error
        raise ConfigError(
            f"the mapping cannot be written: {error.strerror}", where=str(out)
        ) from error


def _standing(out: Path) -> ConfigError:
    return ConfigError(
        "there is a file already, and it is not overwritten",
        where=str(out),
        fix=f"write it beside: --out {out.with_name('proposed.yaml')}; or move the file away",
    )


def _told(proposal: Proposal, out: Path) -> list[str]:
    found = [line.key for line in (*proposal.product, *proposal.values) if line.active]
    lines = (*proposal.source, *proposal.product, *proposal.values)
    checks = sum(bool(line.checks) for line in lines)
    records = f"{proposal.survey.records} records at {fit(proposal.survey.record or '')}"
    return [
        f"{fit(str(out))}: proposed from {records}",
        f"  found: {fit(', '.join(found))}",
        f"  left aside: {len(proposal.aside)} paths; lines with a CHECK: {checks}",
    ]
