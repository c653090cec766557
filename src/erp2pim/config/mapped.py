"""Which attributes a mapping is about, whether or not it holds against a structure."""

from pathlib import Path

from erp2pim.config.shaped import shaped
from erp2pim.mapping import schema
from erp2pim.mapping.schema.file import OptionsTable


def mapped_attributes(path: Path) -> set[str]:
    """Give the attributes that a mapping fills, or whose options its tables are of.

    Raises:
        ConfigError: It is not there, or is no mapping.
    """
    written, _ = shaped(path, schema.MappingFile, "mapping")
    kinds: list[schema.Kind] = []
    for each in (written.product_models, written.products):
        kinds.extend(each if isinstance(each, list) else [each])
    filled = {code for kind in kinds for code in kind.values}
    tables = written.tables.values()
    return filled | {table.options for table in tables if isinstance(table, OptionsTable)}
