import errno
import fcntl
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from erp2pim.errors import LockError, StateError
from erp2pim.state.lock import locked

HOLD = """
import sys, time
from pathlib import Path
from erp2pim.state.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "state"

    with locked(folder):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_one_run_at_a_time_holds_a_folder(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(LockError) as refused, locked(tmp_path):
        pass

    assert refused.value.what == "another run holds the state folder"
    assert refused.value.where == str(tmp_path)


def test_a_folder_is_free_again_when_the_run_ends_in_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        raise ZeroDivisionError

    with locked(tmp_path), (tmp_path / "lock").open() as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_folder_is_free_again_when_its_holder_is_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LockError), locked(tmp_path):
        pass

    holder.kill()
    holder.wait()

    with locked(tmp_path):
        holder.stdout.close()


def test_a_disk_without_locks_is_no_other_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)

    with pytest.raises(StateError) as refused, locked(tmp_path):
        pass

    assert refused.value.what == "the state folder cannot be locked: No locks available"
    assert refused.value.where == str(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")

    with pytest.raises(StateError) as refused, locked(tmp_path / "state"):
        pass

    assert refused.value.what == "the state folder cannot be written: File exists"
    assert refused.value.where == str(tmp_path / "state")
