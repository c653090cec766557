"""Files that hold an export: plain, `.gz`, `.zip` with one XML, and `-` for standard input."""

import gzip
import lzma
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

from erp2pim.errors import ExportError

STDIN = "-"

# NotImplementedError: packed or encrypted in a way that zipfile does not know.
_BROKEN = (
    *(gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError),
    NotImplementedError,
)


class ExportFile:
    """The bytes of one export, which can be read from the start as often as needed.

    Attributes:
        name: The file's name as the user gave it.
        repairs: What a recovering parser repaired when it read the file last, each with its place.
    """

    def __init__(self, name: str, stream: IO[bytes]) -> None:
        """Take over an open stream.

        Args:
            name: The file's name as the user gave it.
            stream: Its bytes, unpacked; must be able to seek to its start.
        """
        self.name = name
        self.repairs: Sequence[str] = ()
        self._stream = stream

    def rewind(self) -> None:
        """Go back to the start."""
        self._stream.seek(0)

    def read(self, size: int) -> bytes:
        """Give the next bytes, none at the end.

        Raises:
            ExportError: The disk or the archive gives out.
        """
        try:
            return self._stream.read(size)
        except _BROKEN as error:
            raise ExportError(
                f"the archive is damaged or cut short: {error}",
                where=self.name,
                fix="have the ERP write it again",
            ) from error
        except OSError as error:
            raise ExportError(
                f"the export cannot be read: {error.strerror or error}", where=self.name
            ) from error


@contextmanager
def open_export(name: str) -> Generator[ExportFile]:
    """Open an export; standard input is first copied to a temporary file.

    Raises:
        ExportError: It is not there, cannot be read, or is an archive without exactly one XML.
    """
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(_unpacked(name))
        except _BROKEN as error:
            raise ExportError(
                f"the archive cannot be opened: {error}",
                where=name,
                fix="have the ERP write it again",
            ) from error
        yield ExportFile(name, stream)


@contextmanager
def _unpacked(name: str) -> Generator[IO[bytes]]:
    if name == STDIN:
        with tempfile.TemporaryFile(prefix="erp2pim-") as spooled:
            shutil.copyfileobj(sys.stdin.buffer, spooled)
            spooled.seek(0)
            yield spooled
        return
    with _file(name) as file:
        suffix = Path(name).suffix.lower()
        if suffix == ".gz":
            with gzip.GzipFile(fileobj=file) as stream:
                yield cast("IO[bytes]", stream)
        elif suffix == ".zip":
            with zipfile.ZipFile(file) as archive, archive.open(_member(archive, name)) as stream:
                yield stream
        else:
            yield file


@contextmanager
def _file(name: str) -> Generator[IO[bytes]]:
    try:
        file = Path(name).open("rb")  # noqa: SIM115  it is closed below, outside of this try
    except OSError as error:
        raise ExportError(
            f"the export cannot be opened: {error.strerror}",
            where=name,
            fix="check the path, and that the ERP wrote it",
        ) from error
    with file:
        yield file


def _member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [m for m in archive.infolist() if m.filename.lower().endswith(".xml")]
    if len(members) != 1:
        raise ExportError(
            f"the archive holds {len(members)} XML files; one is expected", where=name
        )
    if members[0].flag_bits & 1:
        raise ExportError(f"{members[0].filename} in the archive is encrypted", where=name)
    return members[0]
