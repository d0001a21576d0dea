"""Connects to a TCP or unix socket within a time limit, and says why a connection was not made."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import stat
import threading
import time
from typing import Any, List, Tuple

from .addresses import Target, TcpTarget, UnixTarget
from .advice import milliseconds, said
from .channel import TransportError, TransportErrorCode

_Address = Tuple[int, Any]
"""An address family and an address of it, as `socket` takes them."""

_RETRY_SECONDS = 0.02


def connect(address: str, target: Target, timeout: float) -> socket.socket:
    """Returns a connected socket. `address` names the target in messages.

    Raises TransportError. No socket is open then.
    """
    deadline = time.monotonic() + timeout
    if isinstance(target, UnixTarget):
        candidates = _unix_candidates(address, target)
    else:
        candidates = _look_up(address, target, deadline, timeout)
    failure: OSError = TimeoutError()
    for family, place in candidates:
        try:
            return _connect_one(family, place, deadline)
        except OSError as error:
            failure = error
    raise _connect_error(address, failure, timeout) from failure


def _connect_one(family: int, place: Any, deadline: float) -> socket.socket:
    """Connects to one address. Raises OSError."""
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError()
            opened.settimeout(left)
            try:
                opened.connect(place)
                break
            except BlockingIOError:
                # The listener of a unix socket has a full queue. The system offers no way to wait for it.
                time.sleep(min(_RETRY_SECONDS, left))
        if family != getattr(socket, "AF_UNIX", None):
            # A frame is small. Without this, the system could wait for more bytes before it sends the frame.
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened
    except BaseException:
        opened.close()
        raise


def _unix_candidates(address: str, target: UnixTarget) -> List[_Address]:
    family = getattr(socket, "AF_UNIX", None)
    if family is None:
        raise TransportError("io", f"{address}: Python has no unix sockets on this system: use tcp://HOST:PORT")
    return [(family, target.path)]


def _look_up(address: str, target: TcpTarget, deadline: float, timeout: float) -> List[_Address]:
    """The addresses of a host. A name server that does not answer would block this thread, so another thread asks."""
    if _is_numeric(target.host):
        rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return [(row[0], row[4]) for row in rows]
    found: List[_Address] = []
    failures: List[OSError] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            found.extend((row[0], row[4]) for row in rows)
        except OSError as error:
            failures.append(error)
        except UnicodeError as error:  # A label of the name is too long.
            failures.append(socket.gaierror(socket.EAI_NONAME, str(error)))

    asking = threading.Thread(target=ask, name="bluetaplib look-up", daemon=True)
    asking.start()
    asking.join(max(0.0, deadline - time.monotonic()))
    if failures:
        raise _connect_error(address, failures[0], timeout) from failures[0]
    if asking.is_alive():
        raise TransportError("timeout", f"{_unanswered(address)} (waited {milliseconds(timeout)})")
    return found


def _is_numeric(host: str) -> bool:
    """True for an IP address. Nobody has to be asked about it. A scope (`fe80::1%eth0`) is looked up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return "%" not in host


def _emulate(address: str) -> str:
    """The command that starts an emulated device at an address."""
    kind, place = ("--unix", address[len("unix:"):]) if _is_unix(address) else ("--tcp", address[len("tcp://"):])
    return f"bluetap emulate {kind} {place}"


def _is_unix(address: str) -> bool:
    return address.startswith("unix:")


def _unanswered(address: str) -> str:
    return (f"{address} does not answer: check the address, that the host is up, and that no firewall drops the"
            " connection")


def _nothing_listens(address: str) -> str:
    return f"nothing listens at {address}: start a device there with `{_emulate(address)}`, or check the address"


def _unreachable(address: str) -> str:
    return f"{address} cannot be reached from here: check the address and the network"


def _not_permitted(address: str) -> str:
    if _is_unix(address):
        return (f"this user may not connect to {address}: the user needs write permission on the socket and access"
                " to its folders")
    return f"the system does not let this user connect to {address}: a firewall or a sandbox forbids it"


def _reset(address: str) -> str:
    return f"{address} closed the connection immediately: check that it is a BlueTap device"


def _connect_error(address: str, error: OSError, timeout: float) -> TransportError:
    """The error of a transport for an error of the system during a connection."""
    if _is_unix(address) and _is_other_file(address[len("unix:"):]):
        text = (f"{address} is not a socket, but another file or a folder: check the path;"
                " `bluetap emulate --unix PATH` creates a socket at a path that does not exist yet")
        return TransportError("not-found", text)
    if isinstance(error, socket.gaierror):
        if error.errno == socket.EAI_AGAIN:
            text = f"the host name of {address} could not be looked up now: check the network"
            return TransportError("io", text)
        return TransportError("not-found", f"the host of {address} is not known: check the name")
    if isinstance(error, TimeoutError) or error.errno == errno.ETIMEDOUT:
        waited = "" if error.errno == errno.ETIMEDOUT else f" (waited {milliseconds(timeout)})"
        return TransportError("timeout", f"{_unanswered(address)}{waited}")
    code, text = _by_number(address, error)
    return TransportError(code, text)


def _by_number(address: str, error: OSError) -> Tuple[TransportErrorCode, str]:
    if error.errno in (errno.ECONNREFUSED, errno.ENOENT, errno.ENOTDIR, errno.ENOTSOCK):
        return "not-found", _nothing_listens(address)
    if error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL):
        return "not-found", _unreachable(address)
    if error.errno in (errno.EACCES, errno.EPERM):
        return "access-denied", _not_permitted(address)
    if error.errno in (errno.ECONNRESET, errno.EPIPE):
        return "disconnected", _reset(address)
    return "io", f"{address}: {said(error)}"


def _is_other_file(path: str) -> bool:
    """True if the path is another kind of file. The system reports the same for a socket without a listener."""
    try:
        return not stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return False
