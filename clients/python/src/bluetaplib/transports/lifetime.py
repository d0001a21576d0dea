"""How a channel ends: once, from any thread, and never under a call that is still inside a library."""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from contextlib import contextmanager
from typing import Callable, Iterator, Optional, Protocol, Set

from .channel import TransportError

RELEASE_SECONDS = 0.8
"""How long `close` waits for a call that does not return. After it, the call itself frees the device."""

LONGEST_WAIT = 0.5
"""How long one wait takes, in seconds. A Ctrl-C that comes just before a wait does not end it (Python notices it after
the wait), so a long wait consists of short ones."""


class Lifetime:
    """The end of one channel.

    A library must not be closed while another thread is inside it: the file descriptor of the device could belong to
    another file by then. So an end only wakes the calls under way, and the last of them frees the device.
    """

    def __init__(self, name: str, free: Callable[[], None], wake: Callable[[], None] = lambda: None) -> None:
        """`free` gives the device back to the system, `wake` ends the waits of the calls under way.

        Neither may refer to the channel: a channel that a program forgets must be freed too.
        """
        self._name = name
        self._wake = wake
        self._state = threading.Condition()
        self._inside: Set[int] = set()
        self._end: Optional[TransportError] = None
        # Called at most once, here or when the channel is no longer in use.
        self._free = weakref.finalize(self, free)
        self._free.atexit = False

    @property
    def ended(self) -> bool:
        """True after `fail` or `close`."""
        return self._end is not None

    def check(self) -> None:
        """Raises the reason of the end, if the channel has ended."""
        if self._end is not None:
            # A new object each time: an error that is raised again would collect the tracebacks of all calls.
            raise TransportError(self._end.code, self._end.message) from self._end.__cause__

    @contextmanager
    def call(self) -> Iterator[None]:
        """Surrounds a call of this thread into the library. Raises the reason of the end, if there is one."""
        thread = threading.get_ident()
        with self._state:
            self.check()
            self._inside.add(thread)
        try:
            yield
        finally:
            with self._state:
                self._inside.discard(thread)
                self._free_if_left()

    def fail(self, error: TransportError) -> TransportError:
        """Ends the channel because of `error`, and returns the reason of the end. The first reason counts."""
        with self._state:
            if self._end is None:
                self._end = error
                self._wake()
                self._state.notify_all()
            self._free_if_left()
            return self._end

    def close(self) -> None:
        """Ends the channel, and waits until the device is free, but not for long."""
        self.fail(TransportError("disconnected", f"{self._name}: the channel was closed"))
        with self._state:
            # An interrupt (Ctrl-C) can end a call of this thread before the call has said so.
            self._inside.discard(threading.get_ident())
            self._free_if_left()
            if self._end is not None and self._end.code == "timeout":
                return  # The device takes no bytes. The call inside will not return soon, and the caller was patient.
            self._state.wait_for(lambda: not self._free.alive, RELEASE_SECONDS)

    def wait_for(self, done: Callable[[], bool], seconds: float) -> bool:
        """Waits until `done`, until the channel ends or for `seconds`. Returns what `done` says then."""
        deadline = time.monotonic() + seconds
        with self._state:
            while not (done() or self.ended) and (left := deadline - time.monotonic()) > 0:
                self._state.wait(min(left, LONGEST_WAIT))
            return done()

    def tell(self) -> None:
        """Makes `wait_for` look again."""
        with self._state:
            self._state.notify_all()

    def _free_if_left(self) -> None:
        if self._end is None or self._inside:
            return
        # Not a call of the finalizer itself: at the end of the program, Python makes that do nothing.
        detached = self._free.detach()
        if detached is not None:
            _, free, _, _ = detached
            free()
            self._state.notify_all()


class Closable(Protocol):
    """What can be closed at the end of the program."""

    def close(self) -> None:
        """Ends it."""


_open: weakref.WeakSet[Closable] = weakref.WeakSet()
if hasattr(os, "register_at_fork"):
    # The device belongs to the parent: the end of a child must not give it back.
    os.register_at_fork(after_in_child=_open.clear)


def close_at_exit(channel: Closable) -> None:
    """Closes the channel at the end of the program, if the program has not done it.

    A HID library that has taken a device from the kernel's driver gives it back only then.
    """
    _open.add(channel)


@atexit.register
def _close_all() -> None:
    for channel in list(_open):
        channel.close()
