"""The fixtures of the transports' tests."""

from __future__ import annotations

import gc
import os
import tempfile
import threading
from pathlib import Path
from typing import Iterator, Set

import pytest

from channel_harness import HARNESSES, Harness, eventually


def _descriptors() -> Set[str]:
    return set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """Fails if a test leaves a file descriptor or a thread."""
    gc.collect()
    descriptors, threads = len(_descriptors()), set(threading.enumerate())
    yield
    gc.collect()
    eventually(lambda: set(threading.enumerate()) <= threads, "the end of every thread")
    eventually(lambda: len(_descriptors()) <= descriptors, "the close of every file descriptor")


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short path, because the path of a unix socket has a limit."""
    with tempfile.TemporaryDirectory(prefix="bt") as folder:
        yield Path(folder)


@pytest.fixture(params=sorted(HARNESSES))
def harness(request: pytest.FixtureRequest, short_folder: Path, nothing_left: None) -> Iterator[Harness]:
    """Every transport in turn, with a device behind it."""
    made = HARNESSES[request.param](short_folder)
    try:
        yield made
    finally:
        made.dispose()
