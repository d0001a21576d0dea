"""The transport over TCP or a unix socket. docs/protocol.md section 1."""

from __future__ import annotations

import socket
from typing import List

from .addresses import UnixTarget, parse_address
from .advice import said, wrong_device
from .channel import Channel, DeviceInfo, TransportError
from .connect import connect
from .polled_channel import PolledChannel, Stream


class SocketTransport:
    """The transport to a device behind a TCP or unix socket.

    The device is an emulated device in another process, or a real device behind a bridge from serial to TCP.
    """

    def __init__(self, address: str) -> None:
        """`address` is `tcp://HOST:PORT` (IPv6 in brackets: `tcp://[::1]:4000`) or `unix:PATH`, else ValueError."""
        self._target = parse_address(address)
        self._address = address
        kind = "unix" if isinstance(self._target, UnixTarget) else "tcp"
        self._device = DeviceInfo(id=address, transport=kind, path=address)

    @property
    def name(self) -> str:
        """The address."""
        return self._address

    def list(self) -> List[DeviceInfo]:
        """Returns this one address, even if nothing listens there. Only `open` finds out.

        It does not connect, because a connection would take the session of another program that uses the device.
        """
        return [self._device]

    def open(self, device: DeviceInfo, timeout: float) -> Channel:
        """Connects within `timeout` seconds, the look-up of a host name included. Raises TransportError."""
        if device.id != self._address:
            raise wrong_device(self._address, device.id)
        return channel_of(connect(self._address, self._target, timeout), self._address)


def channel_of(connected: socket.socket, name: str) -> PolledChannel:
    """A channel over a connected socket, which it closes. `name` names the far end in messages."""

    def broken(error: OSError) -> TransportError:
        return TransportError("disconnected", f"{name}: the connection broke ({said(error)}): check the network")

    connected.setblocking(False)
    return PolledChannel(Stream(
        name=name,
        descriptor=connected.fileno(),
        receive=connected.recv,
        send=connected.send,
        free=connected.close,
        far_end_closed=lambda: TransportError("disconnected", f"{name}: the far end closed the connection"),
        broken=broken,
    ))
