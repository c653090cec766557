"""Files that hold an export: plain, `.gz`, `.zip` with one XML, and `-` for standard input."""

import gzip
import lzma
import os
import shutil
import stat
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

from erp2pim.errors import ExportError, StateError
from erp2pim.model import printable

STDIN = "-"

# NotImplementedError: packed or encrypted in a way that zipfile does not know.
_BROKEN = (
    *(gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError),
    NotImplementedError,
)
_AGAIN = "have the ERP write it again"
# Products pack to a thirtieth or so, the most monotonous ones with much indentation to a hundredth;
# deflate reaches 1/1030.
_MOST_TIMES = 200
_ALWAYS_BYTES = 1 << 26


class ExportFile:
    """The bytes of one export, which can be read from the start as often as needed.

    Attributes:
        name: The file's name as messages and the state show it.
        repairs: What a recovering parser repaired when it read the file last: the first ones, each
            with its place, and how many more.
    """

    def __init__(self, name: str, stream: IO[bytes], *, packed: int | None = None) -> None:
        """Take over an open stream.

        Args:
            name: The file's name as the user gave it.
            stream: Its bytes, unpacked; must be able to seek to its start.
            packed: How many bytes they take in their archive; None where there is none.
        """
        self.name = printable(name)
        self.repairs: list[str] = []
        self._stream = stream
        self._most_bytes = max(packed * _MOST_TIMES, _ALWAYS_BYTES) if packed else None

    def rewind(self) -> None:
        """Go back to the start."""
        self._stream.seek(0)

    def read(self, size: int) -> bytes:
        """Give the next bytes, none at the end.

        Raises:
            ExportError: The disk or the archive gives out.
        """
        if self._most_bytes is not None and self._stream.tell() > self._most_bytes:
            raise ExportError(
                f"the archive unpacks to more than {_MOST_TIMES} times its size",
                where=self.name,
                fix="no export does that; unpack it yourself if it is to be trusted",
            )
        try:
            return self._stream.read(size)
        except _BROKEN as error:
            raise ExportError(
                f"the archive is damaged or cut short: {error}", where=self.name, fix=_AGAIN
            ) from error
        except OSError as error:
            raise ExportError(
                f"the export cannot be read: {error.strerror or error}",
                where=self.name,
                fix="check the disk and the file's owner",
            ) from error


def check_kind(name: str, mode: int) -> None:
    """Let pass what can be read from its start as often as needed, and folders, which cannot open.

    Raises:
        ExportError: It is a pipe or a device.
    """
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise ExportError(
            "the export is a pipe or a device, which cannot be read twice",
            where=name,
            fix="name - and let it come in by standard input: … | erp2pim sync -",
        )


@contextmanager
def open_export(name: str) -> Generator[ExportFile]:
    """Open an export; standard input is first copied to a temporary file.

    Raises:
        ExportError: It is not there, cannot be read, or is an archive without exactly one XML.
        StateError: Standard input cannot be kept on disk.
    """
    with ExitStack() as stack:
        if name == STDIN:
            stream, packed = stack.enter_context(_spooled()), None
        else:
            file = stack.enter_context(_file(name))
            try:
                stream = stack.enter_context(_unpacked(file, name))
            except _BROKEN as error:
                raise ExportError(
                    f"the archive cannot be opened: {error}", where=name, fix=_AGAIN
                ) from error
            packed = None if stream is file else os.fstat(file.fileno()).st_size
        yield ExportFile(name, stream, packed=packed)


@contextmanager
def _spooled() -> Generator[IO[bytes]]:
    with ExitStack() as stack:
        try:
            spooled = stack.enter_context(tempfile.TemporaryFile(prefix="erp2pim-"))
            shutil.copyfileobj(sys.stdin.buffer, spooled)
            spooled.seek(0)
        except OSError as error:
            raise StateError(
                f"standard input cannot be kept on disk: {error.strerror}",
                fix="free some space, or name another folder in TMPDIR",
            ) from error
        yield spooled


@contextmanager
def _file(name: str) -> Generator[IO[bytes]]:
    path = Path(name)
    try:
        check_kind(name, path.stat().st_mode)
        file = path.open("rb")
    except (OSError, ValueError) as error:
        raise unopened(name, error) from error
    with file:
        yield file


def unopened(name: str, error: OSError | ValueError) -> ExportError:
    """Say why an export cannot be opened."""
    reason = error.strerror if isinstance(error, OSError) else error
    return ExportError(
        f"the export cannot be opened: {reason}",
        where=name,
        fix="check the path, and that the ERP wrote it",
    )


@contextmanager
def _unpacked(file: IO[bytes], name: str) -> Generator[IO[bytes]]:
    suffix = Path(name).suffix.lower()
    if suffix == ".gz":
        with gzip.GzipFile(fileobj=file) as stream:
            yield cast("IO[bytes]", stream)
    elif suffix == ".zip":
        with zipfile.ZipFile(file) as archive, archive.open(_member(archive, name)) as stream:
            yield stream
    else:
        yield file


def _member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [m for m in archive.infolist() if m.filename.lower().endswith(".xml")]
    if len(members) != 1:
        raise ExportError(
            f"the archive holds {len(members)} XML files; one is expected",
            where=name,
            fix="pack each export into an archive of its own",
        )
    (member,) = members
    if member.flag_bits & 1:
        raise ExportError(
            f"{member.filename} in the archive is encrypted",
            where=name,
            fix="have the ERP pack it without a password",
        )
    if ".." in member.filename.replace("\\", "/").split("/"):
        raise ExportError(
            f"{member.filename} in the archive would lie outside of it",
            where=name,
            fix="find out who made this archive: no packing program does",
        )
    return member
