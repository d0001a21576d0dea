"""The addresses of sockets: `tcp://HOST:PORT` (IPv6 in brackets) and `unix:PATH`."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from typing import Union

from .advice import on_linux
from .text import printable, quoted


@dataclass(frozen=True)
class TcpTarget:
    """A host name or an IP address without brackets, and a port from 1 to 65535."""

    host: str
    port: int


@dataclass(frozen=True)
class UnixTarget:
    """The path of a unix socket."""

    path: str


Target = Union[TcpTarget, UnixTarget]


def parse_address(address: str) -> Target:
    """Reads the address of a socket. Raises ValueError that says what is wrong with it."""
    if address.startswith("tcp://"):
        return _parse_tcp(address)
    if address.startswith("unix:"):
        return _parse_unix(address)
    raise _wrong(address, 'it begins with neither "tcp://" nor "unix:"')


def _parse_tcp(address: str) -> TcpTarget:
    rest = address[len("tcp://"):]
    if "@" in rest:
        raise _wrong(address, 'it contains credentials ("@"), but the connection uses none')
    if re.search("[/?#]", rest):
        raise _wrong(address, "nothing may follow the port")
    parts = re.fullmatch(r"(?:\[(?P<bracketed>[^\]]*)\]|(?P<name>[^:\[\]]*))(?::(?P<port>[^:]*))?", rest)
    if parts is None:
        raise _wrong(address, 'an IPv6 address belongs in brackets, followed by ":" and the port')
    bracketed, name, port = parts["bracketed"], parts["name"], parts["port"]
    if bracketed is not None and not _is_ipv6(bracketed):
        raise _wrong(address, f"{quoted(bracketed)} is not an IPv6 address")
    host = bracketed if bracketed is not None else name
    if host == "":
        raise _wrong(address, "the host is missing")
    if bracketed is None and not re.fullmatch(r"[A-Za-z0-9_.-]+", host):
        raise _wrong(address, f"{quoted(host)} is not a host name")
    if not port:
        raise _wrong(address, "the port is missing")
    if not re.fullmatch(r"[1-9][0-9]{0,4}", port) or int(port) > 65535:
        raise _wrong(address, f"the port must be a number from 1 to 65535, not {quoted(port)}")
    return TcpTarget(host, int(port))


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def _parse_unix(address: str) -> UnixTarget:
    path = address[len("unix:"):]
    if path == "":
        raise _wrong(address, "the path is missing")
    if "\0" in path:
        raise _wrong(address, "the path contains a zero byte")
    try:
        length = len(os.fsencode(path))
    except UnicodeEncodeError:
        raise _wrong(address, "the path contains a character that no path has here") from None
    longest = 107 if on_linux() else 103
    if length > longest:
        raise _wrong(address, f"the path has {length} bytes, and the system takes at most {longest}")
    return UnixTarget(path)


def _wrong(address: str, what: str) -> ValueError:
    forms = "Write tcp://HOST:PORT (IPv6 in brackets: tcp://[::1]:4000) or unix:PATH"
    return ValueError(printable(f"bad address {quoted(address)}: {what}. {forms}"))
