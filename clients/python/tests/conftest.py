"""The emulated device, for the tests that name it."""

from typing import Iterator

import pytest

from emulated_device import Emulated


@pytest.fixture(scope="module")
def running() -> Iterator[Emulated]:
    device = Emulated()
    yield device
    device.end()


@pytest.fixture
def emulated(running: Emulated) -> Emulated:
    running.do("reset")
    return running
