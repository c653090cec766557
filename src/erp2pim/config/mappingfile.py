"""The mapping file and its CSV tables, from disk to a mapping at work."""

import csv
import importlib
import sys
from hashlib import blake2b
from pathlib import Path

from erp2pim import __version__
from erp2pim.config.shaped import shaped
from erp2pim.config.structurefile import load_structure
from erp2pim.config.yamlfile import Document
from erp2pim.errors import ConfigError, Fault
from erp2pim.mapping import schema
from erp2pim.mapping.compile import Outside, compile_mapping
from erp2pim.mapping.given import TableRows
from erp2pim.mapping.transforms import Step, TransformError, own_step
from erp2pim.mapping.work import CompiledMapping


def load_mapping(path: Path, *, naming: str = "") -> CompiledMapping:
    """Read, check and compile a mapping.

    Where `structure.json` stands beside it, the mapping is held against that structure of the PIM.

    Args:
        path: The file.
        naming: Where somebody wrote its path; empty where nobody did.

    Raises:
        ConfigError: With every fault of the file and of its CSV tables.
    """
    by = f", which {naming} names" if naming else ""
    missing = f"check the path{by}; erp2pim init EXPORT proposes one"
    written, document = shaped(path, schema.MappingFile, "mapping", missing=missing)
    rows, found = _csv_rows(written, document, path.parent)
    place = structure_path(path)
    structure = load_structure(place) if place.is_file() else None
    said = repr((__version__, document.data, rows, structure))
    digest = blake2b(said.encode(), digest_size=16).digest()
    outside = Outside(rows, lambda name: _function(name, path.parent), digest, structure)
    mapping, more = compile_mapping(written, outside, fault=document.fault)
    if mapping is None or found:
        raise ConfigError(f"the mapping {path} is wrong", faults=[*found, *more])
    return mapping


def structure_path(mapping: Path) -> Path:
    """Give the file that holds the PIM's structure for a mapping: it stands beside it."""
    return mapping.with_name("structure.json")


def _csv_rows(
    written: schema.MappingFile, document: Document, folder: Path
) -> tuple[dict[str, TableRows], list[Fault]]:
    rows: dict[str, TableRows] = {}
    found: list[Fault] = []
    for name, table in written.tables.items():
        if not isinstance(table, schema.CsvTable):
            continue
        rows[name] = TableRows()
        try:
            rows[name] = _csv_table(table, folder)
        except _ColumnError as error:
            found.append(document.fault(("tables", name, error.key), str(error)))
        except (OSError, ValueError, csv.Error, LookupError) as error:
            found.append(document.fault(("tables", name, "file"), _csv_message(table, error)))
    return rows, found


class _ColumnError(LookupError):
    """A CSV file has no such column.

    Attributes:
        key: The key of the mapping that names it.
    """

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def _csv_table(table: schema.CsvTable, folder: Path) -> TableRows:
    rows = TableRows()
    named = {"key": table.key, "value": table.value, "parent": table.parent}
    wanted = [name for name in named.values() if name is not None]
    with (folder / table.file).open(encoding=table.encoding, newline="") as stream:
        reader = csv.DictReader(stream, delimiter=table.delimiter, strict=True)
        for key, name in named.items():
            if name is not None and name not in (columns := list(reader.fieldnames or ())):
                raise _ColumnError(key, _no_column(table, name, columns))
        for row in reader:
            texts = [row[name] for name in wanted]
            if None in texts:
                raise csv.Error(f"line {reader.line_num} has too few columns")
            key, value, *parent = (text.strip() for text in texts)
            rows.values.setdefault(key, []).append(value)
            if parent and parent[0]:
                rows.parents[key] = parent[0]
    return rows


def _function(name: str, folder: Path) -> Step:
    """Give the function that `module:function` names; modules beside the mapping count, too.

    Raises:
        TransformError: There is none.
    """
    module, _, function = name.partition(":")
    sys.path.insert(0, str(folder.resolve()))
    try:
        found = getattr(importlib.import_module(module), function)
    except Exception as error:  # a module may raise anything
        raise TransformError(f"{name} cannot be loaded: {error}") from error
    finally:
        sys.path.pop(0)
    if not callable(found):
        raise TransformError(f"{name} is no function")
    return own_step(name, found)


def _no_column(table: schema.CsvTable, name: str, columns: list[str]) -> str:
    message = f"{table.file} has no column {name!r}; its columns are {', '.join(columns) or 'none'}"
    if len(columns) == 1 and (mark := next((m for m in ";\t|," if m in columns[0]), None)):
        return f"{message}; write delimiter: {mark!r}"
    return message


def _csv_message(table: schema.CsvTable, error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return f"{table.file} is not {table.encoding}: write encoding:, such as cp1252"
    words = error.strerror if isinstance(error, OSError) else str(error)
    return f"the table {table.file} cannot be read: {words}"
