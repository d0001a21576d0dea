"""One transport with one device behind it, with control of both ends. A test runs over every harness."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import socket
import threading
import time
import tty
from functools import partial
from pathlib import Path
from typing import Callable, Dict, List, Optional

from bluetaplib.transports import Channel, DeviceInfo, HidTransport, Transport, transport_of

from fake_hidraw import FakeDevice, FakeHidraw

LIMIT = 10.0
"""How long a test waits for what must happen, in seconds. Nothing takes that long."""


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Waits until a condition holds. The end of a thread or of a socket gives no other sign."""
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline, f"waited {LIMIT} s for {what}"
        time.sleep(0.002)


def frame(number: int, length: int) -> bytes:
    """Bytes that look like one frame: `length` bytes between two delimiters, with no 00 inside."""
    return b"\0" + bytes((number + index) % 255 + 1 for index in range(length)) + b"\0"


class Inbox:
    """The bytes that reached an end. Padding does not count."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._changed = threading.Condition()

    def push(self, received: bytes) -> None:
        with self._changed:
            self._bytes += received
            self._changed.notify_all()

    def frames(self) -> List[bytes]:
        return [b"\0" + piece + b"\0" for piece in bytes(self._bytes).split(b"\0") if piece]

    def expect(self, *frames: bytes) -> None:
        """Waits until exactly these frames came, in this order."""
        with self._changed:
            # The last delimiter may still be under way.
            self._changed.wait_for(lambda: len(self.frames()) >= len(frames) and self.frames() == list(frames), LIMIT)
            assert self.frames() == list(frames)


class Harness:
    """What a test can do with a device. One class for each transport."""

    transport: Transport
    second_open: Optional[str] = None
    """`busy`, `works`, or None if it is not known."""
    stall_length = 0
    """A write of this many bytes cannot finish while the device is stalled."""

    def __init__(self) -> None:
        self.inbox = Inbox()

    def device(self) -> DeviceInfo:
        [device] = self.transport.list()
        return device

    def open(self) -> Channel:
        return self.transport.open(self.device(), LIMIT)

    def send(self, *frames: bytes) -> None:
        raise NotImplementedError

    def greet(self, greeting: bytes) -> None:
        """Makes the device send these bytes as soon as it sees the next channel."""
        raise NotImplementedError

    def stall(self) -> None:
        raise NotImplementedError

    def resume(self) -> None:
        raise NotImplementedError

    def unplug(self) -> None:
        raise NotImplementedError

    def plug(self) -> None:
        raise NotImplementedError

    def channels_closed(self) -> bool:
        raise NotImplementedError

    def dispose(self) -> None:
        raise NotImplementedError


class _Reader:
    """A thread at the device's end that reads a descriptor until it ends."""

    def __init__(self, read: Callable[[], bytes], descriptor: int, inbox: Inbox, may_read: threading.Event) -> None:
        self._read, self._descriptor, self._inbox, self._may_read = read, descriptor, inbox, may_read
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        while not self.stopped.is_set():
            if not self._may_read.is_set() or not poll.poll(20) or not self._may_read.wait(0.02):
                continue
            try:
                received = self._read()
            except OSError:
                received = b""
            if not received:
                return
            self._inbox.push(received)


class SocketHarness(Harness):
    """A device behind a TCP or unix socket."""

    second_open = "works"
    stall_length = 32 * 1024 * 1024

    def __init__(self, address: str, family: int, place: Callable[[], object], transport: Callable[[str], Transport]):
        super().__init__()
        self._family, self._place, self._address = family, place, address
        self._may_read = threading.Event()
        self._may_read.set()
        self._greeting = b""
        self._connections: List[socket.socket] = []
        self._readers: List[_Reader] = []
        self.plug()
        self.transport = transport(self._address)

    def plug(self) -> None:
        self._listener = socket.socket(self._family)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(self._place())  # type: ignore[arg-type]
        self._listener.listen(64)
        self._accepting = threading.Thread(target=self._accept, args=(self._listener,))
        self._accepting.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            greeting, self._greeting = self._greeting, b""
            try:
                connection.sendall(greeting)
            except OSError:
                pass  # The host has closed the channel already.
            # Before the reader: a test sends its answer as soon as the reader has a frame.
            self._connections.append(connection)
            read = partial(connection.recv, 65536)
            self._readers.append(_Reader(read, connection.fileno(), self.inbox, self._may_read))

    def send(self, *frames: bytes) -> None:
        eventually(lambda: bool(self._connections), "a connection")
        self._connections[-1].sendall(b"".join(frames))

    def greet(self, greeting: bytes) -> None:
        self._greeting = greeting

    def stall(self) -> None:
        self._may_read.clear()

    def resume(self) -> None:
        self._may_read.set()

    def unplug(self) -> None:
        # Ends the accept of the other thread, which a close alone would not.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(LIMIT)
        for reader in self._readers:
            reader.stopped.set()
            reader.thread.join(LIMIT)
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._readers.clear()

    def channels_closed(self) -> bool:
        return all(not reader.thread.is_alive() for reader in self._readers)

    def dispose(self) -> None:
        self.unplug()


def tcp_harness(folder: Path) -> Harness:
    probe = socket.create_server(("127.0.0.1", 0))
    port = probe.getsockname()[1]
    probe.close()
    return SocketHarness(f"tcp://127.0.0.1:{port}", socket.AF_INET, lambda: ("127.0.0.1", port), transport_of)


def unix_harness(folder: Path) -> Harness:
    path = folder / "device"

    def place() -> object:
        path.unlink(missing_ok=True)
        return str(path)

    return SocketHarness(f"unix:{path}", socket.AF_UNIX, place, transport_of)


class PtyHarness(Harness):
    """A device at the other end of a pseudo-terminal. A symbolic link is its place, as a udev rule makes one."""

    second_open = "busy"
    stall_length = 256 * 1024

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._path = folder / "port"
        self._may_read = threading.Event()
        self._may_read.set()
        self.plug()
        self.transport = transport_of(f"serial:{self._path}")

    def plug(self) -> None:
        # The device keeps the other end open too: otherwise its reads would fail while no host has the port open.
        self._main, self._other = pty.openpty()
        tty.setraw(self._other)
        os.set_blocking(self._main, False)
        self._path.symlink_to(os.ttyname(self._other))
        main = self._main
        self._reader = _Reader(lambda: os.read(main, 65536), main, self.inbox, self._may_read)

    def send(self, *frames: bytes) -> None:
        rest = b"".join(frames)
        deadline = time.monotonic() + LIMIT
        while rest:
            try:
                rest = rest[os.write(self._main, rest):]
            except BlockingIOError:
                assert time.monotonic() < deadline
                select.select([], [self._main], [], 0.05)

    def greet(self, greeting: bytes) -> None:
        self.send(greeting)

    def stall(self) -> None:
        self._may_read.clear()

    def resume(self) -> None:
        self._may_read.set()

    def unplug(self) -> None:
        if not self._path.is_symlink():
            return
        self._path.unlink()
        self._reader.stopped.set()
        self._reader.thread.join(LIMIT)
        os.close(self._other)
        os.close(self._main)

    def channels_closed(self) -> bool:
        # The device does not see DTR here. Only the lock tells that no program has the port open.
        probe = os.open(self._path, os.O_RDWR | os.O_NOCTTY)
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(probe)
        return True

    def dispose(self) -> None:
        self.unplug()


class HidHarness(Harness):
    """A device of a HID library in this process."""

    second_open = "works"
    stall_length = 64

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.fake = FakeDevice(str(folder / "hidraw0"))
        self.hidraw = FakeHidraw(self.fake)
        self.transport = HidTransport(load=lambda: ("hidraw", self.hidraw.module()))
        self._taken = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def _take(self) -> None:
        fake = self.fake
        with fake.changed:
            while not self._stop.is_set():
                fake.changed.wait_for(lambda: len(fake.written) > self._taken or self._stop.is_set(), LIMIT)
                for report in fake.written[self._taken:]:
                    assert report[0] == 0 and len(report) == 65
                    self.inbox.push(report[1:])
                self._taken = len(fake.written)

    def _reports(self, frames: bytes) -> List[bytes]:
        return [frames[at:at + 64].ljust(64, b"\0") for at in range(0, len(frames), 64)]

    def send(self, *frames: bytes) -> None:
        for each in frames:
            for report in self._reports(each):
                self.fake.send(report)

    def greet(self, greeting: bytes) -> None:
        self.fake.reports_for_next_open = self._reports(greeting)

    def stall(self) -> None:
        self.fake.set(stalled=True)

    def resume(self) -> None:
        self.fake.set(stalled=False)

    def unplug(self) -> None:
        self.fake.set(plugged=False)

    def plug(self) -> None:
        self.fake.set(plugged=True)

    def channels_closed(self) -> bool:
        return not self.fake.handles

    def dispose(self) -> None:
        self._stop.set()
        self.fake.set(plugged=False)
        self._thread.join(LIMIT)
        assert self.hidraw.violations == []


HARNESSES: Dict[str, Callable[[Path], Harness]] = {
    "tcp": tcp_harness, "unix": unix_harness, "serial": PtyHarness, "hid": HidHarness,
}
