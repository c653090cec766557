"""Files on disk, looked at without reading them as XML: size, time, bytes, what stands beside."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b, file_digest
from pathlib import Path

from erp2pim.errors import ExportError
from erp2pim.source.files import STDIN, check_kind, unopened

_CHECKSUMS = {".md5": 32, ".sha256": 64}


@dataclass(frozen=True, slots=True)
class Look:
    """What a file looks like from outside.

    Attributes:
        inode: Its number on its disk: another one, and another file stands in its place.
        size: In bytes.
        mtime_ns: When it was last written, in nanoseconds since 1970 began.
    """

    inode: tuple[int, int]
    size: int
    mtime_ns: int

    @property
    def written(self) -> str:
        """When it was last written, ISO 8601."""
        return datetime.fromtimestamp(self.mtime_ns / 1e9, UTC).isoformat(timespec="microseconds")


def looks(names: Iterable[str]) -> Mapping[str, Look | None]:
    """Look at files; None where there is none. Standard input is not looked at.

    Raises:
        ExportError: One cannot be looked at.
    """
    return {name: _look(name) for name in names if name != STDIN}


def _look(name: str) -> Look | None:
    try:
        found = Path(name).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise unopened(name, error) from error
    check_kind(name, found.st_mode)
    return Look((found.st_dev, found.st_ino), found.st_size, found.st_mtime_ns)


def digest(names: Iterable[str], meaning: bytes) -> bytes:
    """Give 16 bytes of the contents of files, in their order, and of what gives them meaning.

    Raises:
        ExportError: One cannot be read.
    """
    whole = blake2b(meaning, digest_size=16)
    for name in names:
        whole.update(bytes.fromhex(_checksum(name, "blake2b")))
    return whole.digest()


def unaccompanied(name: str, suffix: str) -> ExportError | None:
    """Refuse an export beside which no companion stands, or one with another checksum.

    `export.xml` has `export.xml.ok` or `export.ok`. A file of checksums may list other files, too.

    Args:
        name: The export.
        suffix: The companion's; `.md5` and `.sha256` hold a checksum.

    Raises:
        ExportError: The export or its companion cannot be read.
    """
    path = Path(name)
    found = [each for each in (Path(name + suffix), path.with_suffix(suffix)) if each.is_file()]
    if not found:
        return ExportError(
            f"no {path.name}{suffix} stands beside the export",
            where=name,
            fix="the ERP may not be done: run the same command again later, or see why it wrote"
            " none; gate.companion asks for it",
        )
    if suffix not in _CHECKSUMS:
        return None
    expected = _expected(found[0], path.name, _CHECKSUMS[suffix])
    actual = _checksum(name, suffix[1:])
    if expected == actual:
        return None
    seen = "holds no checksum of it" if expected is None else f"says {expected}"
    return ExportError(
        f"the export has the {suffix[1:]} checksum {actual}; {found[0].name} {seen}",
        where=name,
        fix="it was cut or changed on its way: fetch it again, or have the ERP write it again",
    )


def _expected(companion: Path, name: str, length: int) -> str | None:
    try:
        lines = companion.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise unopened(str(companion), error) from error
    hashes = re.compile(rf"(?<![0-9a-fA-F])[0-9a-fA-F]{{{length}}}(?![0-9a-fA-F])")
    found = [(line, match.group().lower()) for line in lines for match in hashes.finditer(line)]
    named = [
        text
        for line, text in found
        if re.search(rf"(?:^|[\s*(/]){re.escape(name)}(?=$|[\s)])", line)
    ]
    if named:
        return named[0]
    return found[0][1] if len(found) == 1 else None


def _checksum(name: str, kind: str) -> str:
    try:
        with Path(name).open("rb") as file:
            return file_digest(file, kind).hexdigest()
    except OSError as error:
        raise unopened(name, error) from error
