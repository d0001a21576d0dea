"""The transport over a serial port, such as the CDC-ACM function of a device. docs/protocol.md sections 1 and 7.

It uses the system directly (termios), so it needs no further package. Linux and macOS have termios, Windows has not.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from functools import partial
from typing import Any, List

from .advice import (
    UDEV_RULE,
    busy,
    cannot_be_opened,
    check_path,
    not_there,
    on_linux,
    permission_denied,
    system_kind,
    unplugged,
    wrong_device,
)
from .channel import Channel, DeviceInfo, TransportError
from .polled_channel import PolledChannel, Stream


_DRAIN_SECONDS = 0.2


class SerialTransport:
    """The transport over one serial port: a CDC-ACM function, an adaptor, a pseudo-terminal."""

    def __init__(self, path: str) -> None:
        """`path` is the node of the port: `/dev/ttyACM0`. Raises ValueError if it is empty or cannot be a path."""
        check_path(path, "a serial port", "serial:/dev/ttyACM0")
        self._path = path
        self._device = DeviceInfo(id=path, transport="serial", path=path)

    @property
    def name(self) -> str:
        """`serial:PATH`."""
        return f"serial:{self._path}"

    def list(self) -> List[DeviceInfo]:
        """Returns this one port, even if it is not there. Only `open` finds out, and says why."""
        return [self._device]

    def open(self, device: DeviceInfo, timeout: float) -> Channel:
        """Opens the port for this program alone, with 115200 baud, 8 data bits, no parity, 1 stop bit, and raises DTR.

        The system does not make a program wait for this, so `timeout` has no effect. Raises TransportError.
        """
        if device.id != self._path:
            raise wrong_device(self.name, device.id)
        termios, fcntl = _modules(self._path)
        name = _name_of(self._path)
        try:
            descriptor = _open_port(self._path, termios, fcntl)
        except (OSError, termios.error) as error:
            raise _open_error(self._path, _os_error(error)) from error
        return PolledChannel(Stream(
            name=name,
            descriptor=descriptor,
            receive=partial(os.read, descriptor),
            send=partial(os.write, descriptor),
            free=partial(_close_port, descriptor, termios, fcntl),
            far_end_closed=lambda: unplugged(name),
            broken=lambda error: unplugged(name),
        ))


def _modules(path: str) -> Any:
    """The modules termios and fcntl, which only Unix has."""
    try:
        return importlib.import_module("termios"), importlib.import_module("fcntl")
    except ImportError as error:
        text = f"{_name_of(path)} cannot be opened: Python has no termios on this system ({sys.platform}): use hid"
        raise TransportError("missing-library", text) from error


def _open_port(path: str, termios: Any, fcntl: Any) -> int:
    # Without O_NONBLOCK, the open would wait for the carrier of a modem.
    descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        # Before the lock: a file that is no terminal is reported as that, and stays unlocked.
        settings = termios.tcgetattr(descriptor)
        # The clients of this project lock a port in this way. Unlike TIOCEXCL, it also holds against root.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Keeps programs away that lock nothing, such as ModemManager.
        fcntl.ioctl(descriptor, termios.TIOCEXCL)
        termios.tcsetattr(descriptor, termios.TCSANOW, _raw(settings, termios))
        _raise_lines(descriptor, termios, fcntl)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _raw(settings: List[Any], termios: Any) -> List[Any]:
    """Settings with which every byte passes unchanged in both directions. A terminal would echo and translate."""
    characters = list(settings[6])
    characters[termios.VMIN], characters[termios.VTIME] = 1, 0
    # HUPCL: the last close lowers DTR, so that the device sees the end of the connection.
    control = termios.CS8 | termios.CREAD | termios.CLOCAL | termios.HUPCL
    return [0, 0, control, 0, termios.B115200, termios.B115200, characters]


def _raise_lines(descriptor: int, termios: Any, fcntl: Any) -> None:
    """Raises DTR and RTS: a device sees a host by them. A pseudo-terminal does not have them."""
    lines = termios.TIOCM_DTR | termios.TIOCM_RTS
    try:
        fcntl.ioctl(descriptor, termios.TIOCMBIS, lines.to_bytes(4, sys.byteorder))
    except OSError:
        pass


def _close_port(descriptor: int, termios: Any, fcntl: Any) -> None:
    try:
        # A pseudo-terminal keeps the mark after its last close here, so the next program could not open it.
        fcntl.ioctl(descriptor, termios.TIOCNXCL)
    except OSError:
        pass  # The port is gone.
    _drain(descriptor, termios, fcntl)
    try:
        os.close(descriptor)
    except OSError:
        pass


def _drain(descriptor: int, termios: Any, fcntl: Any) -> None:
    """Lets written bytes leave, and drops them if the device takes none. The close would wait 30 seconds for them."""
    deadline = time.monotonic() + _DRAIN_SECONDS
    try:
        while int.from_bytes(fcntl.ioctl(descriptor, termios.TIOCOUTQ, bytes(4)), sys.byteorder) > 0:
            if time.monotonic() >= deadline:
                termios.tcflush(descriptor, termios.TCOFLUSH)
                return
            time.sleep(0.01)
    except (OSError, termios.error):
        pass  # The port is gone, or has no count of bytes.


def _os_error(error: BaseException) -> OSError:
    """An error of termios has the number and the words of the system, but is no OSError."""
    return error if isinstance(error, OSError) else OSError(*error.args)


def _name_of(path: str) -> str:
    return f"the serial port {path}"


def _open_error(path: str, error: OSError) -> TransportError:
    name = _name_of(path)
    check = "check the path; on Linux, the port of a device is /dev/ttyACM0 or another ttyACM"
    kind = system_kind(error)
    if kind == "denied":
        linux = f"{UDEV_RULE}; for an adaptor's port, join its group instead (on Debian dialout)"
        elsewhere = "a sandboxed app needs the entitlement com.apple.security.device.serial"
        return permission_denied(name, linux if on_linux() else elsewhere)
    if kind == "busy":
        manager = ", or ModemManager" if on_linux() else ""
        return busy(name, f"the other POS program, or a terminal program{manager}")
    if kind == "absent":
        return not_there(name, "the path; on Linux, the port of a device is /dev/ttyACM0 or another ttyACM")
    if kind == "no-device":
        # The path exists, but there is no port (such as /dev/tty without a terminal), or the port lost its device.
        return TransportError("not-found", f"{path} is not a serial port, or its device is gone: {check}")
    if kind == "other-thing":
        return TransportError("io", f"{path} is not a serial port: {check}")
    return cannot_be_opened(name, error)
