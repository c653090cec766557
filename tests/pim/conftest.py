from collections.abc import Generator

import pytest

from tests.support.fakepim import FakePim, fake_pim


@pytest.fixture
def server() -> Generator[FakePim]:
    with fake_pim() as pim:
        yield pim
