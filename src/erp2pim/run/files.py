"""Files that a mapping names: looked at before anything is sent, and read again when they are."""

import errno
import hashlib
import os
import stat
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from erp2pim.mapping.items import refused
from erp2pim.mapping.values import Unmappable
from erp2pim.model import FileCell, Item, Json, Reject, printable
from erp2pim.plan.compare import MEDIA
from erp2pim.run.values import Rooms
from erp2pim.source.files import STDIN
from erp2pim.source.web import UnfetchableError
from erp2pim.structure import Structure

_PIECE = 256 * 1024
# The larger of the two that are called so: what lies between them is left to the PIM.
_MEGABYTE = 1024 * 1024
_SAFE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class UnsendableError(Exception):
    """A file cannot be sent; the text says what is expected instead."""

    def __init__(self, expected: str) -> None:
        """Take a text that may name folders whose bytes are not UTF-8."""
        super().__init__(printable(expected))


class FilesBeside:
    """The files that stand beside one export."""

    def __init__(self, export: str, rooms: Rooms, decisions: Counter[tuple[str, str]]) -> None:
        """Look at none yet.

        Args:
            export: The export's name; files of standard input stand below the working folder.
            rooms: What the run joins.
            decisions: Where it is counted what was left out or refused.
        """
        self._folder = (Path() if export == STDIN else Path(export).parent).resolve()
        self._rooms = rooms
        self._decisions = decisions

    def look(self, item: Item) -> Item | Reject:
        """Give an item with what its files are, or why it cannot be sent."""
        media: dict[str, list[Json]] = {}
        findings: list[Unmappable] = []
        for cell in item.media:
            try:
                data = None if cell.path is None else self._content(cell)
            except (UnsendableError, UnfetchableError) as error:
                decision = "dropped" if cell.is_optional else "rejected"
                self._decisions[cell.place, f"file: {decision}"] += 1
                if not cell.is_optional:
                    findings.append(Unmappable(str(error), cell.shown, rule=cell.place))
                continue
            entry = {"locale": cell.locale, "scope": cell.scope, "data": data}
            media.setdefault(cell.attribute, []).append(entry)
        if findings:
            return refused(item.kind, item.identifier, item.origin, findings)
        return replace(item, body={**item.body, MEDIA: media}) if media else item

    def _content(self, cell: FileCell) -> Json:
        """Give what a file is: each is read once in a run, and no address is asked yet."""
        if cell.is_address:
            self._check_address(cell.path or "")
            return {"name": cell.name, "address": cell.path}
        self._rooms.stop.check()
        most = most_bytes(self._rooms.mapping.structure, cell.attribute)
        path = str(_place(self._folder, cell))
        known = self._rooms.spool.file(path)
        if known is None:
            known = _size_and_digest(path, most)
            self._rooms.spool.keep_file(path, *known)
        size, digest = known
        _check_size(size, most)
        return {"name": cell.name, "size": size, "digest": digest}

    def _check_address(self, address: str) -> None:
        if not self._rooms.web.hosts:
            raise UnsendableError(
                "a file beside the export is expected; those on the web are fetched from the hosts "
                "that media.hosts in the configuration names, and it names none. An attribute of "
                "type text takes the address itself"
            )
        self._rooms.web.check(address)


def most_bytes(structure: Structure | None, attribute: str) -> int | None:
    """Give how large a file of an attribute may be; None where nobody knows a limit."""
    known = None if structure is None else structure.attributes.get(attribute)
    limit = None if known is None else known.max_file_size
    return int(limit * _MEGABYTE) if limit else None


def pieces(path: str, size: int, digest: str) -> Iterator[bytes]:
    """Read a file again that was looked at.

    Raises:
        UnsendableError: It cannot be read, or is not what it was; not all of it was given then,
            or all and the error at the end.
    """
    seen, left = hashlib.sha256(), size
    with _opened(path) as file:
        for piece in _read(file):
            left -= len(piece)
            if left < 0:
                break
            seen.update(piece)
            yield piece
    if left or seen.hexdigest() != digest:
        raise UnsendableError(
            "a file that stays as it is during the run is expected; this one was changed after it "
            "was looked at, and is sent by the next run"
        )


def _place(folder: Path, cell: FileCell) -> Path:
    """Give where a file really stands.

    The mapping may name a root anywhere; the export may only lead to what is inside of it.

    Raises:
        UnsendableError: There is no such file, or a symbolic link leads out of the root.
    """
    root = Path(cell.root)
    try:
        base = (folder / root).resolve(strict=True)
        place = (base / (cell.path or "")).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UnsendableError(_unreadable(error, folder / root)) from error
    is_named_outside = root.is_absolute() or ".." in root.parts
    if not base.is_relative_to(folder) and not is_named_outside:
        raise UnsendableError(
            f"a folder inside {folder} is expected as root; a symbolic link leads to {base}: if "
            "that is meant, write that path as root"
        )
    if not place.is_relative_to(base):
        raise UnsendableError(
            f"a file inside {base} is expected; a symbolic link leads out of it: have the file "
            "itself put there, or name as root the folder that all files are in"
        )
    return place


def _size_and_digest(path: str, most: int | None) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with _opened(path) as file:
        _check_size(os.fstat(file.fileno()).st_size, most)
        for piece in _read(file):
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


def _check_size(size: int, most: int | None) -> None:
    if size == 0:
        raise UnsendableError("a file with something in it is expected; this one is empty")
    if most is not None and size > most:
        raise UnsendableError(
            f"a file of at most {most} bytes is expected (max_file_size of the attribute, "
            f"{most / _MEGABYTE:g} MB); this one has {size}"
        )


@contextmanager
def _opened(path: str) -> Generator[IO[bytes]]:
    """Open a file by its real path; never a pipe or a device."""
    try:
        file = os.fdopen(_without_links(Path(path)), "rb", buffering=0)
    except OSError as error:
        raise UnsendableError(_unreadable(error, Path(path).parent)) from error
    with file:
        _check_kind(os.fstat(file.fileno()).st_mode)
        yield file


def _without_links(path: Path) -> int:
    """Open a real path step by step, so that no part of it can have become a symbolic link."""
    top, *folders, name = path.parts
    folder = os.open(top, _FOLDER)
    try:
        for part in folders:
            inner = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        _check_kind(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
        return os.open(name, _SAFE, dir_fd=folder)
    finally:
        os.close(folder)


def _check_kind(mode: int) -> None:
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
        raise UnsendableError(f"a file is expected; this is {what}")


def _read(file: IO[bytes]) -> Iterator[bytes]:
    try:
        while piece := file.read(_PIECE):
            yield piece
    except OSError as error:
        raise UnsendableError(f"the file cannot be read: {error.strerror}") from error


def _unreadable(error: OSError | RuntimeError, folder: Path) -> str:
    missing = isinstance(error, OSError) and error.errno in {errno.ENOENT, errno.ENOTDIR}
    if missing:
        return (
            f"a file of this name is expected in {folder}; there is none: have it put there, or "
            "leave it out with otherwise: drop"
        )
    why = (
        error.strerror if isinstance(error, OSError) else "its symbolic links go round in a circle"
    )
    return f"the file cannot be read: {why}"
