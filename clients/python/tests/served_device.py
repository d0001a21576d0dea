"""A small device behind a socket, for programs in other processes."""

import selectors
import socket
import threading
from typing import Any, Callable, Dict, List, Optional

from bluetaplib.protocol import Frame, FrameDecoder, Message, decode_message, encode_message

from small_device import SmallDevice

LIMIT = 20.0
"""How long a test waits for what must happen, in seconds. Nothing takes that long."""

Answer = Callable[[SmallDevice, Message], Optional[bytes]]


def execute_silently(device: SmallDevice, message: Message) -> Optional[bytes]:
    """Executes the request, and the reply is lost."""
    device.receive(message)
    return None


class ServedDevice:
    """Listens at `address` until the end of the `with` block. `script` has an answer for each request that comes."""

    def __init__(self, device: Optional[SmallDevice] = None) -> None:
        self.device = device or SmallDevice()
        self.script: List[Answer] = []
        self._changed = threading.Condition()
        self._heard: List[str] = []
        self._open = 0
        self._connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = socket.socketpair()
        self._thread = threading.Thread(target=self._run)
        self._device_of: Dict[socket.socket, FrameDecoder] = {}
        self.address = "tcp://127.0.0.1:%d" % self._listener.getsockname()[1]

    def __enter__(self) -> "ServedDevice":
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._waker.send(b"x")
        self._thread.join()
        for each in (*self._device_of, self._listener, self._woken, self._waker):
            each.close()
        self._selector.close()

    @property
    def connections(self) -> int:
        """How many connections there have been."""
        return self._connections

    @property
    def heard(self) -> List[str]:
        """The names of the requests that have come."""
        return list(self._heard)

    def wait_for_request(self, name: str) -> None:
        """Waits until a request has come, and was handled."""
        with self._changed:
            assert self._changed.wait_for(lambda: name in self._heard, LIMIT), self._heard

    def wait_until_closed(self) -> None:
        """Waits until no connection is open."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._open == 0, LIMIT)

    def _run(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._woken:
                    return
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    self._read(key.fileobj)  # type: ignore[arg-type]

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        self._device_of[connection] = FrameDecoder()
        self._selector.register(connection, selectors.EVENT_READ)
        with self._changed:
            self._open += 1
            self._connections += 1

    def _read(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(4096)
        except OSError:
            data = b""
        if not data:
            self._selector.unregister(connection)
            del self._device_of[connection]
            connection.close()
            with self._changed:
                self._open -= 1
                self._changed.notify_all()
            return
        for frame in self._device_of[connection].push(data, 0):
            if isinstance(frame, Frame):
                self._answer(connection, decode_message(frame))

    def _answer(self, connection: socket.socket, message: Message) -> None:
        answer = self.script.pop(0) if self.script else None
        if answer is None:
            reply: Optional[bytes] = encode_message(self.device.receive(message))
        else:
            reply = answer(self.device, message)
        with self._changed:
            self._heard.append(message.name)
            self._changed.notify_all()
        if reply is not None:
            try:
                connection.sendall(reply)
            except OSError:
                pass  # The program has ended.
