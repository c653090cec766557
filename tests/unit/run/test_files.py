"""A file that is sent is the one that was looked at."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from erp2pim.run.files import UnsendableError, pieces

CONTENT = bytes(range(256)) * 3000


def read(path: Path) -> bytes:
    return b"".join(pieces(str(path), len(CONTENT), hashlib.sha256(CONTENT).hexdigest()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path.resolve() / "images" / "a.png"
    found.parent.mkdir()
    found.write_bytes(CONTENT)
    return found


def test_a_file_is_read_again_from_its_start(path: Path) -> None:
    assert read(path) == read(path) == CONTENT


def become_a_link(path: Path) -> None:
    path.rename(path.with_name("b.png"))
    path.symlink_to("b.png")


def get_a_link_above_it(path: Path) -> None:
    path.parent.rename(path.parent.with_name("other"))
    path.parent.symlink_to("other")


def become_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


CHANGES: dict[str, Callable[[Path], object]] = {
    "other bytes": lambda path: path.write_bytes(CONTENT[:-1] + b"x"),
    "one more": lambda path: path.write_bytes(CONTENT + b"x"),
    "one less": lambda path: path.write_bytes(CONTENT[:-1]),
    "nothing": Path.unlink,
    "a link": become_a_link,
    "below a link": get_a_link_above_it,
    "a pipe": become_a_pipe,
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda name: name.replace(" ", "-"))
def test_a_file_that_is_another_by_now_is_not_sent_to_its_end(path: Path, change: str) -> None:
    CHANGES[change](path)

    sent: list[bytes] = []
    with pytest.raises(UnsendableError):
        sent.extend(pieces(str(path), len(CONTENT), hashlib.sha256(CONTENT).hexdigest()))

    assert b"".join(sent) != CONTENT


def next_number() -> int:
    """Give the number of the next file that is opened: the lowest that is free."""
    number = os.open(os.devnull, os.O_RDONLY)
    os.close(number)
    return number


def test_no_file_stays_open(path: Path) -> None:
    before = next_number()

    read(path)
    with pytest.raises(UnsendableError):
        read(path.with_name("none.png"))
    with pytest.raises(UnsendableError):
        read(path / "none.png")

    assert next_number() == before
