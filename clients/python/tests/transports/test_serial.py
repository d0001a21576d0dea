"""Serial ports: their settings, their lock, and what a person reads when one does not open."""

from __future__ import annotations

import errno
import fcntl
import importlib
import os
import pty
import sys
import termios
from pathlib import Path
from typing import Any, Iterator, List, Tuple

import pytest
from bluetaplib.transports import TransportError, transport_of
from channel_harness import LIMIT

RULE_FILE = "/etc/udev/rules.d/70-bluetap.rules"


@pytest.fixture
def port() -> Iterator[Tuple[int, int, str]]:
    """A pseudo-terminal with the settings of a terminal: the device's end, the host's end, and its path."""
    main, other = pty.openpty()
    yield main, other, os.ttyname(other)
    os.close(other)
    os.close(main)


def error_of_open(path: str) -> TransportError:
    transport = transport_of(f"serial:{path}")
    with pytest.raises(TransportError) as caught:
        transport.open(transport.list()[0], LIMIT)
    return caught.value


def test_the_port_is_raw(port: Tuple[int, int, str]) -> None:
    main, other, path = port
    transport = transport_of(f"serial:{path}")
    channel = transport.open(transport.list()[0], LIMIT)
    iflag, oflag, cflag, lflag, ispeed, ospeed, _ = termios.tcgetattr(other)
    assert (iflag, oflag, lflag) == (0, 0, 0)
    assert cflag & termios.CSIZE == termios.CS8
    assert cflag & (termios.PARENB | termios.CSTOPB | termios.CRTSCTS) == 0
    assert cflag & termios.HUPCL and cflag & termios.CREAD and cflag & termios.CLOCAL
    assert (ispeed, ospeed) == (termios.B115200, termios.B115200)
    # Every byte that a terminal would change, echo or take as a signal.
    special = b"\x00\x03\x04\x0a\x0d\x11\x13\x1a\x1c\x7f\xff"
    os.write(main, special)
    assert channel.read(LIMIT) == special
    channel.write(special, LIMIT)
    assert os.read(main, 99) == special
    channel.close()


def test_the_port_raises_dtr_and_rts(monkeypatch: pytest.MonkeyPatch, port: Tuple[int, int, str]) -> None:
    calls: List[Tuple[int, object]] = []
    real = fcntl.ioctl

    def ioctl(descriptor: int, request: int, argument: Any = 0, *more: Any) -> Any:
        calls.append((request, argument))
        return real(descriptor, request, argument, *more)

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    transport = transport_of(f"serial:{port[2]}")
    transport.open(transport.list()[0], LIMIT).close()
    lines = (termios.TIOCM_DTR | termios.TIOCM_RTS).to_bytes(4, sys.byteorder)
    assert (termios.TIOCMBIS, lines) in calls
    requests = [request for request, _ in calls]
    assert requests.index(termios.TIOCEXCL) < requests.index(termios.TIOCNXCL)


def test_a_port_that_another_program_has_locked_is_busy(port: Tuple[int, int, str]) -> None:
    locked = os.open(port[2], os.O_RDWR | os.O_NOCTTY)
    fcntl.flock(locked, fcntl.LOCK_EX)
    error = error_of_open(port[2])
    os.close(locked)
    assert (error.code, error.message) == (
        "busy",
        f"the serial port {port[2]} is held by another program: close the other POS program, or a terminal program,"
        " or ModemManager")


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (errno.EACCES, "access-denied", RULE_FILE),
        (errno.EPERM, "access-denied", "dialout"),
        (errno.EBUSY, "busy", "ModemManager"),
        (errno.ENOENT, "not-found", "is not there: check the cable"),
        (errno.ENXIO, "not-found", "is not a serial port, or its device is gone"),
        (errno.ENODEV, "not-found", "is not a serial port, or its device is gone"),
        (errno.EIO, "io", "cannot be opened (Input/output error): plug it in again"),
        (errno.EMFILE, "io", "Too many open files"),
    ],
)
def test_each_error_of_the_system_has_a_code(
    monkeypatch: pytest.MonkeyPatch, number: int, code: str, said: str
) -> None:
    def fails(*args: Any, **options: Any) -> int:
        raise OSError(number, os.strerror(number), "/dev/ttyACM7")

    monkeypatch.setattr(os, "open", fails)
    error = error_of_open("/dev/ttyACM7")
    monkeypatch.undo()
    assert error.code == code
    assert said in error.message and "/dev/ttyACM7" in error.message
    assert isinstance(error.__cause__, OSError)


@pytest.mark.parametrize("path", ["/dev/null", "a file", "a folder"])
def test_what_is_no_port(tmp_path: Path, nothing_left: None, path: str) -> None:
    (tmp_path / "a file").write_text("unchanged", encoding="ascii")
    (tmp_path / "a folder").mkdir()
    error = error_of_open(path if path.startswith("/") else str(tmp_path / path))
    assert error.code == "io"
    assert "is not a serial port: check the path" in error.message
    assert (tmp_path / "a file").read_text(encoding="ascii") == "unchanged"


def test_a_path_with_control_characters_is_escaped() -> None:
    error = error_of_open("/dev/\x1b[31m\n")
    assert error.code == "not-found"
    assert "/dev/\\u001b[31m\\u000a" in error.message


def test_a_system_without_termios(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.import_module

    def import_module(name: str, package: Any = None) -> Any:
        if name == "termios":
            raise ModuleNotFoundError("No module named 'termios'", name=name)
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", import_module)
    error = error_of_open("COM3")
    assert error.code == "missing-library"
    assert "the serial port COM3 cannot be opened" in error.message


def test_a_device_that_takes_no_bytes_does_not_hold_the_close(
    monkeypatch: pytest.MonkeyPatch, port: Tuple[int, int, str], nothing_left: None
) -> None:
    """The system would wait 30 seconds for bytes that a real port has not sent. A pseudo-terminal has no such bytes."""
    flushed: List[int] = []
    real = fcntl.ioctl

    def ioctl(descriptor: int, request: int, argument: Any = 0, *more: Any) -> Any:
        if request == termios.TIOCOUTQ:
            return (64).to_bytes(4, sys.byteorder)
        return real(descriptor, request, argument, *more)

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    monkeypatch.setattr(termios, "tcflush", lambda descriptor, queue: flushed.append(queue))
    transport = transport_of(f"serial:{port[2]}")
    transport.open(transport.list()[0], LIMIT).close()
    assert flushed == [termios.TCOFLUSH]
