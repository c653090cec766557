"""Paths that people write into a file, relative to its folder."""

import os
from pathlib import Path


def beside(file: Path, written: str) -> Path:
    """Give where a path leads that stands in a file: from the file's folder.

    `..` is taken out, as people would read it, unless a symbolic link makes it lead elsewhere.
    """
    path = file.parent / written
    plain = Path(os.path.normpath(path))
    return plain if plain.resolve() == path.resolve() else path
