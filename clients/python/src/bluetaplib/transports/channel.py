"""The contract of a transport: how the library reaches bytes of a device. A transport moves bytes. It knows no frames.

docs/protocol.md sections 1 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Literal, Optional, Protocol

from .text import printable

TransportErrorCode = Literal["not-found", "access-denied", "busy", "disconnected", "missing-library", "timeout", "io"]
"""The kinds of failure of a transport.

- `not-found`: there is no such device, path or address, or nothing listens there.
- `access-denied`: the system does not let this user open the device.
- `busy`: another program uses the device.
- `disconnected`: the device was disconnected, or the channel was closed.
- `missing-library`: the Python module that the transport needs did not load.
- `timeout`: the device or the system did not answer in time.
- `io`: any other failure between the program and the device.
"""


class TransportError(Exception):
    """Every failure of a transport. The library's own error, if there is one, is its `__cause__`."""

    code: TransportErrorCode
    """The kind of failure, for decisions of a program."""

    message: str
    """One line: what happened, to which device, and what to do. It cannot control a terminal."""

    def __init__(self, code: TransportErrorCode, message: str) -> None:
        """Escapes the control characters in `message`, because a message can quote a device."""
        shown = printable(message)
        super().__init__(code, shown)
        self.code = code
        self.message = shown

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class DeviceInfo:
    """One attached device, with the facts that a person needs to choose one."""

    id: str
    """Identifies this attachment within its transport. It can change when the device is plugged in again."""

    transport: str
    """The kind of the way to the device: `hid`, `serial`, `tcp` or `unix`."""

    serial_number: Optional[str] = None
    """The serial number of the device, which never changes. None if it is not known before a session."""

    product: Optional[str] = None
    """The name of the product, for people."""

    path: Optional[str] = None
    """The place of the device in the system: a device node, an address."""


class Channel(Protocol):
    """An open channel: bytes to and from one opened device. It is used once: to connect again, open another one.

    Every method may be called from any thread.
    """

    def read(self, timeout: float) -> bytes:
        """Returns the bytes that came, or b"" if none came within `timeout` seconds. 0 only looks.

        Raises TransportError when the channel has ended: each time, with the reason of its end.
        """
        ...

    def write(self, data: bytes, timeout: float) -> None:
        """Sends one frame with its delimiters. Returns when the system has taken all bytes.

        Over HID, the frame starts a report, and the rest of its last report is filled with 00 (R-8). A write that
        takes longer than `timeout` seconds ends the channel, because nobody knows how much of the frame was sent.

        Raises TransportError. Some of the bytes may have been sent then.
        """
        ...

    def close(self) -> None:
        """Ends the channel and frees the device. Never raises. A second call does nothing. Wakes a waiting read."""
        ...


class Transport(Protocol):
    """A way to devices."""

    @property
    def name(self) -> str:
        """A label for people: `hid`, `tcp://127.0.0.1:4000`. No program makes decisions with it."""
        ...

    def list(self) -> List[DeviceInfo]:
        """Returns the devices that can be opened now. An empty list is an answer, not an error.

        Takes no session from another program. Raises TransportError.
        """
        ...

    def open(self, device: DeviceInfo, timeout: float) -> Channel:
        """Opens a device that `list` returned, within `timeout` seconds. Raises TransportError."""
        ...
