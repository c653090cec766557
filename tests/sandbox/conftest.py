from collections.abc import Generator

import pytest

from erp2pim.sandbox import Sandbox, serve
from tests.sandbox.visitor import Visitor


@pytest.fixture
def pim() -> Generator[Sandbox]:
    with serve() as pim:
        yield pim


@pytest.fixture
def visitor(pim: Sandbox) -> Visitor:
    return Visitor(pim)
