"""How tests wait: for a condition or for another thread, and never for a time."""

import threading
import time
from typing import Callable

LIMIT = 20.0
"""How long a test waits for what must happen, in seconds. Nothing takes that long."""


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Waits until a condition holds, where nothing gives a sign."""
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, f"waited {LIMIT} s for {what}"
        threading.Event().wait(0.002)


class Gate:
    """Holds a thread until the test opens it."""

    def __init__(self) -> None:
        self._there, self._opened = threading.Event(), threading.Event()

    def wait(self) -> None:
        """Called in the thread that is held."""
        self._there.set()
        assert self._opened.wait(LIMIT)

    def reached(self) -> None:
        """Waits until the thread is held."""
        assert self._there.wait(LIMIT)

    def open(self) -> None:
        """Lets the thread go on."""
        self._opened.set()
