from collections.abc import Generator
from pathlib import Path

import pytest

from erp2pim import sandbox
from tests.support.desk import Desk, connect


@pytest.fixture
def pim() -> Generator[sandbox.Sandbox]:
    with sandbox.serve() as served:
        yield served


@pytest.fixture
def desk(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pim: sandbox.Sandbox,
) -> Desk:
    connect(monkeypatch, pim)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, capsys)
