"""`erp2pim inspect`: what an export looks like."""

import click
import orjson

from erp2pim.cli import options
from erp2pim.report.text import escaped
from erp2pim.source.files import open_export
from erp2pim.survey.lines import survey_json, survey_lines
from erp2pim.survey.survey import survey


@click.command()
@click.argument("export")
@click.option("--record", metavar="PATH", help="Look into these elements instead of the likeliest.")
@options.as_json
def inspect(export: str, record: str | None, *, as_json: bool) -> int:
    """Show what an EXPORT looks like.

    Which elements may be the records, and every path below them: how often, how many different
    values, what they look like. No configuration is needed. An export that breaks is shown up to
    there.
    """
    with open_export(export) as file:
        found = survey(file, record=record)
    if as_json:
        click.echo(escaped(orjson.dumps(survey_json(found)).decode()))
    else:
        for line in survey_lines(found):
            click.echo(line)
    if found.error is not None:
        raise found.error
    return 0
