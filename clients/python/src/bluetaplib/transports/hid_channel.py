"""A channel over one open HID device of cython-hidapi."""

from __future__ import annotations

import threading
import time
from typing import Callable, Optional

from .advice import took_no_bytes
from .channel import TransportError
from .hid_library import HidDevice
from .lifetime import Lifetime, close_at_exit
from .reports import REPORT_LENGTH, reports_of

_SLICE_MS = 50
"""How long one call of hidapi waits for a report. Nothing can wake it, so a close waits that long at most."""


class HidChannel:
    """A `Channel` over hidapi."""

    def __init__(
        self, device: HidDevice, name: str, failure: Callable[[Optional[BaseException]], TransportError]
    ) -> None:
        """Takes the open device: the channel closes it.

        `name` names the device in messages. `failure` says why the device does not work any more.
        """
        self._device = device
        self._name = name
        self._failure = failure
        self._lifetime = Lifetime(name, lambda: _close(device))
        # The reports of two writes must not mix.
        self._sending = threading.Lock()
        close_at_exit(self)

    def read(self, timeout: float) -> bytes:
        """See `Channel.read`. Returns one report, with its padding."""
        with self._lifetime.call():
            deadline = time.monotonic() + timeout
            while True:
                left_ms = -int(-(deadline - time.monotonic()) * 1000 // 1)
                try:
                    # At least 1: for hidapi, 0 means to wait without end.
                    report = self._device.read(REPORT_LENGTH, max(1, min(_SLICE_MS, left_ms)))
                except (OSError, ValueError) as error:
                    raise self._fail(error) from error
                self._lifetime.check()
                if report:
                    return bytes(report)
                if time.monotonic() >= deadline:
                    return b""

    def write(self, data: bytes, timeout: float) -> None:
        """See `Channel.write`.

        The system waits up to 5 seconds for a device that takes no report, and hidapi has no limit for it. So another
        thread waits for the system.
        """
        self._lifetime.check()
        write = _Write(data)
        sender = threading.Thread(target=self._send, args=(write,), name="bluetaplib HID write", daemon=True)
        sender.start()
        done = self._lifetime.wait_for(lambda: write.done, max(0.0, timeout))
        if write.error is not None:
            raise write.error
        if not done:
            self._lifetime.check()
            raise self._lifetime.fail(took_no_bytes(self._name, timeout))

    def close(self) -> None:
        """See `Channel.close`."""
        self._lifetime.close()

    def _send(self, write: _Write) -> None:
        try:
            with self._sending, self._lifetime.call():
                for report in reports_of(write.data):
                    # After the end of the channel, no further report may start: nobody waits for it.
                    self._lifetime.check()
                    self._send_report(report)
        except TransportError as error:
            write.error = error
        finally:
            write.done = True
            self._lifetime.tell()

    def _send_report(self, report: bytes) -> None:
        try:
            sent = self._device.write(report)
        except (OSError, ValueError) as error:
            raise self._fail(error) from error
        if sent < len(report):
            raise self._fail(None)

    def _fail(self, error: Optional[BaseException]) -> TransportError:
        if self._lifetime.ended:
            self._lifetime.check()
        return self._lifetime.fail(self._failure(error))


class _Write:
    """One write, until another thread has done it."""

    def __init__(self, data: bytes) -> None:
        self.data = bytes(data)
        self.error: Optional[TransportError] = None
        self.done = False


def _close(device: HidDevice) -> None:
    try:
        device.close()
    except Exception:
        pass  # The device is gone, and there is nothing that a program could do.
