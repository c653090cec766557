"""The lock file that keeps a PIM's structure."""

import os
from contextlib import suppress
from pathlib import Path

import orjson

from erp2pim.config.textfile import read_text
from erp2pim.errors import ConfigError
from erp2pim.structure import NotAStructureError, Structure, from_json, to_text

_PULL = "erp2pim structure pull writes it"


def load_structure(path: Path) -> Structure:
    """Read a structure.

    Raises:
        ConfigError: It is not there, or is not what `erp2pim structure pull` writes.
    """
    if not path.is_file():
        raise ConfigError("there is no structure of the PIM", where=str(path), fix=_PULL)
    try:
        return from_json(orjson.loads(read_text(path, "structure")))
    except orjson.JSONDecodeError as error:
        raise ConfigError(
            f"the structure is no JSON: {error.msg}", where=f"{path}:{error.lineno}", fix=_PULL
        ) from error
    except NotAStructureError as error:
        raise ConfigError(
            f"the structure is not in its form: {error}", where=str(path), fix=_PULL
        ) from error


def save_structure(structure: Structure, path: Path) -> None:
    """Write a structure, whole or not at all.

    Raises:
        ConfigError: The file cannot be written; what stood there stays.
    """
    target = path.resolve()
    beside = target.with_name(f".{target.name}.new")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(to_text(structure))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise ConfigError(
            f"the structure cannot be written: {error.strerror}", where=str(path)
        ) from error
