"""TCP and unix sockets: what a person reads when a connection is not made, or breaks."""

from __future__ import annotations

import errno
import os
import socket
import struct
import threading
from pathlib import Path
from typing import Any, List, Tuple

import pytest
from bluetaplib.transports import TransportError, transport_of
from bluetaplib.transports import connect as connect_module
from bluetaplib.transports.addresses import TcpTarget
from channel_harness import LIMIT


def error_of_open(address: str, timeout: float = LIMIT) -> TransportError:
    transport = transport_of(address)
    with pytest.raises(TransportError) as caught:
        transport.open(transport.list()[0], timeout)
    return caught.value


def listening(host: str = "127.0.0.1", family: int = socket.AF_INET) -> Tuple[socket.socket, int]:
    listener = socket.socket(family)
    listener.bind((host, 0))
    listener.listen()
    return listener, listener.getsockname()[1]


def test_nothing_listens(nothing_left: None) -> None:
    listener, port = listening()
    listener.close()
    error = error_of_open(f"tcp://127.0.0.1:{port}")
    assert (error.code, error.message) == (
        "not-found",
        f"nothing listens at tcp://127.0.0.1:{port}: start a device there with `bluetap emulate --tcp"
        f" 127.0.0.1:{port}`, or check the address")
    assert isinstance(error.__cause__, OSError)


def test_ipv6_in_brackets(nothing_left: None) -> None:
    listener, port = listening("::1", socket.AF_INET6)
    transport = transport_of(f"tcp://[::1]:{port}")
    channel = transport.open(transport.list()[0], LIMIT)
    accepted, _ = listener.accept()
    channel.write(b"\0x\0", LIMIT)
    assert accepted.recv(9) == b"\0x\0"
    channel.close()
    accepted.close()
    listener.close()


def test_a_frame_does_not_wait_for_more_bytes(nothing_left: None) -> None:
    listener, port = listening()
    connected = connect_module.connect("a name", TcpTarget("127.0.0.1", port), LIMIT)
    assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    connected.close()
    listener.close()


def test_the_next_address_of_a_host_is_tried(monkeypatch: pytest.MonkeyPatch, nothing_left: None) -> None:
    listener, port = listening()
    closed, closed_port = listening()
    closed.close()
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", each)) for each in (closed_port, port)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: rows)
    transport = transport_of(f"tcp://two-addresses:{port}")
    transport.open(transport.list()[0], LIMIT).close()
    listener.close()


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "not-found", "is not known: check the name"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "io", "could not be looked up now"),
        (UnicodeError("label too long"), "not-found", "is not known: check the name"),
    ],
)
def test_a_host_that_is_not_known(
    monkeypatch: pytest.MonkeyPatch, nothing_left: None, failure: Exception, code: str, said: str
) -> None:
    def fails(*args: Any, **options: Any) -> None:
        raise failure

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    error = error_of_open("tcp://no.such.host:4000")
    assert error.code == code
    assert said in error.message and "tcp://no.such.host:4000" in error.message


def test_a_name_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, nothing_left: None) -> None:
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: answered.wait(LIMIT) and [])
    error = error_of_open("tcp://slow.host:4000", 0.05)
    answered.set()
    assert error.code == "timeout"
    assert "tcp://slow.host:4000 does not answer" in error.message and "(waited 50 ms)" in error.message


def test_a_listener_that_accepts_nothing(short_folder: Path, nothing_left: None) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(short_folder / "full"))
    listener.listen(0)
    waiting: List[socket.socket] = []
    while len(waiting) < 50:
        one = socket.socket(socket.AF_UNIX)
        waiting.append(one)
        one.setblocking(False)
        try:
            one.connect(str(short_folder / "full"))
        except BlockingIOError:
            break
    error = error_of_open(f"unix:{short_folder}/full", 0.1)
    assert error.code == "timeout"
    assert "does not answer" in error.message and "(waited 100 ms)" in error.message
    for each in (*waiting, listener):
        each.close()


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (errno.EHOSTUNREACH, "not-found", "cannot be reached from here"),
        (errno.ENETUNREACH, "not-found", "cannot be reached from here"),
        (errno.EACCES, "access-denied", "a firewall or a sandbox forbids it"),
        (errno.EPERM, "access-denied", "a firewall or a sandbox forbids it"),
        (errno.ETIMEDOUT, "timeout", "does not answer"),
        (errno.ECONNRESET, "disconnected", "closed the connection immediately"),
        (errno.EMFILE, "io", "Too many open files"),
    ],
)
def test_each_error_of_the_system_has_a_code(
    monkeypatch: pytest.MonkeyPatch, nothing_left: None, number: int, code: str, said: str
) -> None:
    def fails(family: int, place: Any, deadline: float) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(connect_module, "_connect_one", fails)
    error = error_of_open("tcp://127.0.0.1:4000")
    assert error.code == code
    assert said in error.message and "tcp://127.0.0.1:4000" in error.message


def test_a_unix_socket_that_this_user_may_not_use(
    monkeypatch: pytest.MonkeyPatch, short_folder: Path, nothing_left: None
) -> None:
    def fails(family: int, place: Any, deadline: float) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(connect_module, "_connect_one", fails)
    error = error_of_open(f"unix:{short_folder}/device")
    assert error.code == "access-denied"
    assert "the user needs write permission on the socket" in error.message


@pytest.mark.parametrize("name", ["file", "folder", "nothing", "nothing/more"])
def test_a_path_without_a_socket(short_folder: Path, nothing_left: None, name: str) -> None:
    (short_folder / "file").touch()
    (short_folder / "folder").mkdir()
    error = error_of_open(f"unix:{short_folder}/{name}")
    assert error.code == "not-found"
    expected = "nothing listens at" if name.startswith("nothing") else "is not a socket, but another file or a folder"
    assert expected in error.message


def test_a_connection_that_breaks(nothing_left: None) -> None:
    listener, port = listening()
    transport = transport_of(f"tcp://127.0.0.1:{port}")
    channel = transport.open(transport.list()[0], LIMIT)
    accepted, _ = listener.accept()
    accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    accepted.close()
    with pytest.raises(TransportError) as caught:
        channel.read(LIMIT)
    assert caught.value.code == "disconnected"
    assert caught.value.message == (
        f"tcp://127.0.0.1:{port}: the connection broke (Connection reset by peer): check the network")
    assert isinstance(caught.value.__cause__, OSError)
    channel.close()
    listener.close()


def test_bytes_before_the_end_are_read_first(nothing_left: None) -> None:
    listener, port = listening()
    transport = transport_of(f"tcp://127.0.0.1:{port}")
    channel = transport.open(transport.list()[0], LIMIT)
    accepted, _ = listener.accept()
    accepted.sendall(b"last")
    accepted.close()
    assert channel.read(LIMIT) == b"last"
    with pytest.raises(TransportError, match="the far end closed the connection"):
        channel.read(LIMIT)
    channel.close()
    listener.close()


def test_a_program_with_many_files_open_can_read() -> None:
    """select.select would refuse a descriptor above 1023."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 1100:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    files = [os.open(os.devnull, os.O_RDONLY) for _ in range(1030)]
    try:
        listener, port = listening()
        transport = transport_of(f"tcp://127.0.0.1:{port}")
        channel = transport.open(transport.list()[0], LIMIT)
        accepted, _ = listener.accept()
        accepted.sendall(b"x")
        assert channel.read(LIMIT) == b"x"
        channel.close()
        accepted.close()
        listener.close()
    finally:
        for each in files:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
