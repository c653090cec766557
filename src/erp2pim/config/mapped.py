"""Which attributes a mapping is about, whether or not it holds against a structure."""

from pathlib import Path

from pydantic import ValidationError

from erp2pim.config.mappingfile import faults
from erp2pim.config.textfile import read_text
from erp2pim.config.yamlfile import parse
from erp2pim.errors import ConfigError
from erp2pim.mapping import schema
from erp2pim.mapping.schema.file import OptionsTable


def mapped_attributes(path: Path) -> set[str]:
    """Give the attributes that a mapping fills, or whose options its tables are of.

    Raises:
        ConfigError: It is not there, or is no mapping.
    """
    document = parse(read_text(path, "mapping"), file=str(path))
    try:
        written = schema.MappingFile.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(f"the mapping {path} is wrong", faults=faults(document, error)) from error
    kinds: list[schema.Kind] = []
    for each in (written.product_models, written.products):
        kinds.extend(each if isinstance(each, list) else [each])
    filled = {code for kind in kinds for code in kind.values}
    tables = written.tables.values()
    return filled | {table.options for table in tables if isinstance(table, OptionsTable)}
