"""Waiting for a file to settle, with a wait in which things happen."""

import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from erp2pim.errors import ExitCode, ExportError, Interrupted
from erp2pim.ledger import Ledger
from erp2pim.plan.spool import Spool, open_spool
from erp2pim.report.progress import Quiet
from erp2pim.run import Result, Rooms
from erp2pim.run.gate import Visit
from erp2pim.source.gate import Gate
from erp2pim.stop import Stop
from tests.support.reading import compiled

MAPPING = "version: 1\nsource: {record: /E/Row}\nproducts: {identifier: Sku}\n"


class _Wait(threading.Event):
    """A wait that takes no time; meanwhile something happens."""

    def __init__(self, act: Callable[["_Wait"], object]) -> None:
        super().__init__()
        self._act = act
        self.waited: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout)
        self._act(self)
        return self.is_set()


@pytest.fixture
def spool() -> Generator[Spool]:
    with open_spool() as opened:
        yield opened


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.xml"
    path.write_bytes(b"<E/>")
    return path


def visit(export: Path, spool: Spool, wait: _Wait) -> Visit:
    stop = Stop(wait, ExitCode.TERMINATED)
    rooms = Rooms(compiled(MAPPING), spool, None, Quiet(), stop, gate=Gate(settle_s=7))
    return Visit([str(export)], rooms, Result(None, Ledger()))


def test_a_file_that_nobody_writes_is_let_in_after_the_wait(export: Path, spool: Spool) -> None:
    wait = _Wait(lambda _: None)

    assert visit(export, spool, wait).enter()
    assert wait.waited == [7]


def test_a_file_that_is_written_meanwhile_is_refused(export: Path, spool: Spool) -> None:
    wait = _Wait(lambda _: export.write_bytes(b"<E></E>"))

    with pytest.raises(ExportError, match="still being written: it had 4 bytes and has 7"):
        visit(export, spool, wait).enter()


def test_a_signal_meanwhile_is_the_cause_whatever_the_file_does(export: Path, spool: Spool) -> None:
    def both(wait: _Wait) -> None:
        export.write_bytes(b"<E></E>")
        wait.set()

    with pytest.raises(Interrupted) as raised:
        visit(export, spool, _Wait(both)).enter()

    assert raised.value.exit_code == ExitCode.TERMINATED
