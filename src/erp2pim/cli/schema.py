"""`erp2pim schema`: JSON Schemas, so that editors complete the YAML files."""

import json
from collections.abc import Mapping

import click

from erp2pim.config.settings import SettingsFile
from erp2pim.mapping.schema import MappingFile
from erp2pim.mapping.shape import Shape

_MODELS: Mapping[str, type[Shape]] = {"config": SettingsFile, "mapping": MappingFile}


@click.command()
@click.argument("file", type=click.Choice(sorted(_MODELS)))
def schema(file: str) -> int:
    """Print a file's JSON Schema for editors."""
    click.echo(json.dumps(_MODELS[file].model_json_schema(), indent=2))
    return 0
