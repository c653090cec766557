"""Texts that people wrote."""

from pathlib import Path

from erp2pim.errors import ConfigError


def read_text(path: Path, what: str, *, missing: str = "check the path") -> str:
    """Read a UTF-8 text that a person wrote.

    Args:
        path: Where it stands.
        what: What it is, for messages.
        missing: What to do where it is not there.

    Raises:
        ConfigError: It is not there, or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"there is no {what}", where=str(path), fix=missing) from error
    except OSError as error:
        raise ConfigError(
            f"the {what} cannot be read: {error.strerror}",
            where=str(path),
            fix="check the path and the file's owner",
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"the {what} is not UTF-8", where=str(path), fix="save it as UTF-8"
        ) from error
