"""A channel over a file descriptor that the system can wait for: a socket or a serial port."""

from __future__ import annotations

import select
import socket
import time
from dataclasses import dataclass
from typing import Callable

from .advice import milliseconds
from .channel import TransportError
from .lifetime import LONGEST_WAIT, Lifetime, close_at_exit

_READ_LENGTH = 4096


@dataclass(frozen=True)
class Stream:
    """The parts that differ between a socket and a serial port. No part may refer to the channel."""

    name: str
    """Names the device in messages."""

    descriptor: int
    """What the system waits for. It does not block."""

    receive: Callable[[int], bytes]
    """Reads at most this many bytes. b"" means that the far end has closed."""

    send: Callable[[memoryview], int]
    """Sends some of the bytes and returns how many."""

    free: Callable[[], None]
    """Closes the descriptor. Never raises."""

    far_end_closed: Callable[[], TransportError]
    """The reason of the end after `receive` returned b""."""

    broken: Callable[[OSError], TransportError]
    """The reason of the end for an error of the system."""


class PolledChannel:
    """A `Channel` that waits with the system for its descriptor, and for its own end."""

    def __init__(self, stream: Stream) -> None:
        """Takes the descriptor: the channel closes it."""
        self._stream = stream
        # An end in another thread sends a byte here. Nothing else wakes a thread that waits for a descriptor.
        woken, waker = socket.socketpair()
        waker.setblocking(False)
        self._woken = woken

        def free() -> None:
            stream.free()
            woken.close()
            waker.close()

        self._lifetime = Lifetime(stream.name, free, lambda: _wake(waker))
        close_at_exit(self)

    def read(self, timeout: float) -> bytes:
        """See `Channel.read`."""
        with self._lifetime.call():
            deadline = time.monotonic() + timeout
            while True:
                ready = self._ready(deadline, to_write=False)
                self._lifetime.check()
                if not ready:
                    return b""
                try:
                    received = self._stream.receive(_READ_LENGTH)
                except (BlockingIOError, InterruptedError):
                    continue  # Another thread was first to read the bytes, or the system has changed its mind.
                except OSError as error:
                    raise self._lifetime.fail(self._broken(error)) from error
                if received:
                    return received
                raise self._lifetime.fail(self._stream.far_end_closed())

    def write(self, data: bytes, timeout: float) -> None:
        """See `Channel.write`."""
        with self._lifetime.call():
            deadline = time.monotonic() + timeout
            rest = memoryview(data)
            while rest:
                try:
                    rest = rest[self._stream.send(rest):]
                    continue
                except (BlockingIOError, InterruptedError):
                    pass
                except OSError as error:
                    raise self._lifetime.fail(self._broken(error)) from error
                ready = self._ready(deadline, to_write=True)
                self._lifetime.check()
                if not ready:
                    text = f"{self._stream.name} took no bytes for {milliseconds(timeout)}; the channel is given up"
                    raise self._lifetime.fail(TransportError("timeout", text))

    def close(self) -> None:
        """See `Channel.close`."""
        self._lifetime.close()

    def _broken(self, error: OSError) -> TransportError:
        reason = self._stream.broken(error)
        reason.__cause__ = error
        return reason

    def _ready(self, deadline: float, to_write: bool) -> bool:
        """Waits for the stream, for the end of the channel, or until the deadline. False if the deadline came first."""
        while True:
            left = deadline - time.monotonic()
            if self._ready_within(max(0.0, min(left, LONGEST_WAIT)), to_write):
                return True
            if left <= LONGEST_WAIT:
                return False

    def _ready_within(self, seconds: float, to_write: bool) -> bool:
        stream, woken = self._stream.descriptor, self._woken.fileno()
        if not hasattr(select, "poll"):  # Windows
            reading, writing, _ = select.select([woken] if to_write else [stream, woken],
                                                [stream] if to_write else [], [], seconds)
            return bool(reading or writing)
        # select.select accepts no descriptor above 1023, and a POS can have many files open.
        poll = select.poll()
        poll.register(stream, select.POLLOUT if to_write else select.POLLIN)
        poll.register(woken, select.POLLIN)
        # Rounded up: otherwise the last millisecond would pass in a busy loop.
        return bool(poll.poll(-int(-seconds * 1000 // 1)))


def _wake(waker: socket.socket) -> None:
    try:
        waker.send(b"\0")
    except OSError:
        pass  # The buffer holds a byte already, or the channel is being freed.
