"""YAML files that must have a shape."""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from erp2pim.config.textfile import read_text
from erp2pim.config.yamlfile import Document, parse
from erp2pim.errors import ConfigError, Fault
from erp2pim.mapping.shape import Shape

S = TypeVar("S", bound=Shape)


def shaped(
    path: Path, shape: type[S], what: str, *, missing: str = "check the path"
) -> tuple[S, Document]:
    """Read a file that a person wrote; give what is said there, and where each part stands.

    Args:
        path: The file.
        shape: What it must be.
        what: What it is, for messages.
        missing: What to do where it is not there.

    Raises:
        ConfigError: With every fault of the file.
    """
    document = parse(read_text(path, what, missing=missing), file=str(path))
    try:
        return shape.model_validate(document.data), document
    except ValidationError as error:
        found = faults(document, error)
        raise ConfigError(f"the {what} {path} is wrong", faults=found) from error


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
