"""Frames to and from one opened channel."""

import threading
from typing import Callable, List, Optional, Union

from .clock import Clock
from .protocol import Frame, FrameDecoder, FrameError
from .transports.channel import Channel, DeviceInfo, TransportError

# How long the reader waits for bytes at a time. A closed channel wakes it earlier.
_READ_SECONDS = 1.0


class Line:
    """Sends bytes, and gives the frames that come. Any thread may close it."""

    def __init__(self, channel: Channel, info: DeviceInfo, clock: Clock) -> None:
        self.info = info
        self._channel = channel
        self._clock = clock
        self._decoder = FrameDecoder()

    def write(self, data: bytes, seconds: float) -> None:
        """Sends the bytes. TransportError: the channel is lost."""
        self._channel.write(data, seconds)

    def read(self, seconds: float) -> List[Union[Frame, FrameError]]:
        """Returns the frames that come within the time, as soon as bytes come. TransportError: the channel is lost."""
        data = self._receive(max(0.0, seconds))
        return self._decoder.push(data, self._clock.now()) if data else []

    def close(self) -> None:
        """Closes the channel."""
        self._channel.close()

    def _receive(self, seconds: float) -> bytes:
        return self._channel.read(seconds)


class ReadAheadLine(Line):
    """A line that a thread of its own reads, so that messages between two calls are noticed.

    `on_bytes` is called in that thread when bytes have come, or when the channel is lost.
    """

    def __init__(self, channel: Channel, info: DeviceInfo, clock: Clock, on_bytes: Callable[[], None]) -> None:
        super().__init__(channel, info, clock)
        self._on_bytes = on_bytes
        self._changed = threading.Condition()
        self._data = bytearray()
        self._error: Optional[TransportError] = None
        self._closed = False
        threading.Thread(target=self._run, name="bluetaplib reader", daemon=True).start()

    def close(self) -> None:
        """Closes the channel, and ends the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        super().close()

    def _receive(self, seconds: float) -> bytes:
        with self._changed:
            self._changed.wait_for(lambda: bool(self._data) or self._error is not None or self._closed, seconds)
            if self._data:
                data = bytes(self._data)
                self._data.clear()
                return data
            if self._error is not None:
                raise self._error
            return b""

    def _run(self) -> None:
        while not self._closed:
            error: Optional[TransportError] = None
            data = b""
            try:
                data = self._channel.read(_READ_SECONDS)
            except TransportError as lost:
                error = lost
            except Exception as unforeseen:  # A transport of the program.
                error = TransportError("io", f"reading failed: {unforeseen}")
            with self._changed:
                self._data += data
                self._error = error
                self._changed.notify_all()
            if self._closed:
                return
            if data or error is not None:
                self._on_bytes()
            if error is not None:
                return
