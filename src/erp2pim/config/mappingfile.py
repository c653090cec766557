"""The mapping file and its CSV tables, from disk to a mapping at work."""

import csv
from pathlib import Path

from pydantic import ValidationError

from erp2pim.config.yamlfile import Document, parse
from erp2pim.errors import ConfigError, Fault
from erp2pim.mapping import schema
from erp2pim.mapping.compile import compile_mapping
from erp2pim.mapping.items import CompiledMapping
from erp2pim.mapping.rules import Rows


def load_mapping(path: Path) -> CompiledMapping:
    """Read, check and compile a mapping.

    Raises:
        ConfigError: With every fault of the file and of its CSV tables.
    """
    document = parse(read_text(path, "mapping"), file=str(path))
    try:
        written = schema.MappingFile.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(f"the mapping {path} is wrong", faults=faults(document, error)) from error
    rows, found = _csv_rows(written, document, path.parent)
    mapping, more = compile_mapping(written, rows, fault=document.fault)
    if mapping is None or found:
        raise ConfigError(f"the mapping {path} is wrong", faults=[*found, *more])
    return mapping


def read_text(path: Path, what: str) -> str:
    """Read a UTF-8 text that a person wrote.

    Raises:
        ConfigError: It is not there, or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(
            f"the {what} cannot be read: {error.strerror}", where=str(path)
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"the {what} is not UTF-8", where=str(path)) from error


def faults(document: Document, error: ValidationError) -> list[Fault]:
    """Give pydantic's findings as faults with their places."""
    return [
        document.fault(
            each["loc"],
            each["msg"].removeprefix("Value error, "),
            key=each["type"] == "unknown_key",
        )
        for each in error.errors(include_url=False)
    ]


def _csv_rows(
    written: schema.MappingFile, document: Document, folder: Path
) -> tuple[dict[str, Rows], list[Fault]]:
    rows: dict[str, Rows] = {}
    found: list[Fault] = []
    for name, table in written.tables.items():
        if not isinstance(table, schema.CsvTable):
            continue
        try:
            rows[name] = _csv_table(table, folder)
        except (OSError, UnicodeError, csv.Error, LookupError) as error:
            rows[name] = {}
            found.append(document.fault(("tables", name, "file"), _csv_message(table, error)))
    return rows, found


def _csv_table(table: schema.CsvTable, folder: Path) -> Rows:
    rows: dict[str, list[str]] = {}
    with (folder / table.file).open(encoding=table.encoding, newline="") as stream:
        reader = csv.DictReader(stream, delimiter=table.delimiter, strict=True)
        missing = {table.key, table.value} - set(reader.fieldnames or ())
        if missing:
            raise KeyError(f"no column {min(missing)!r} in {reader.fieldnames}")
        for row in reader:
            key, value = row[table.key], row[table.value]
            if key is None or value is None:
                raise csv.Error(f"line {reader.line_num} has too few columns")
            rows.setdefault(key.strip(), []).append(value.strip())
    return rows


def _csv_message(table: schema.CsvTable, error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) else str(error.args[0])
    return f"the table {table.file} cannot be read: {words}"
