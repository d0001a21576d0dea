"""The ways to a device: HID, a serial port, TCP and unix sockets. docs/protocol.md sections 1 and 7.

A program that has another way writes a class with the methods of `Transport`, and a class with those of `Channel`.
"""

from __future__ import annotations

from .channel import Channel, DeviceInfo, Transport, TransportError, TransportErrorCode
from .hid import HidTransport
from .serial import SerialTransport
from .sockets import SocketTransport
from .text import printable, quoted

__all__ = [
    "TRANSPORTS",
    "Channel",
    "DeviceInfo",
    "HidTransport",
    "SerialTransport",
    "SocketTransport",
    "Transport",
    "TransportError",
    "TransportErrorCode",
    "transport_of",
]

TRANSPORTS = "hid, hid:PATH, serial:PATH, tcp://HOST:PORT or unix:PATH"
"""The forms of an address, for a message. `auto` is `hid` here."""

_ELSEWHERE = {
    "usb": "the bulk function is only in the `bluetap` command: write hid, which reaches the same device",
    "serial": "name the port: serial:/dev/ttyACM0",
    "emulator": "start one with `bluetap emulate --tcp 127.0.0.1:4000`, and write tcp://127.0.0.1:4000",
}


def transport_of(address: str, source: str = "the transport") -> Transport:
    """The transport that an address names, as the option --transport and the variable BLUETAP_TRANSPORT have it.

    It opens nothing and loads nothing. Raises ValueError for a wrong address, with a text for a person. `source` names
    what the person has to change: `--transport` or `BLUETAP_TRANSPORT`.
    """
    if not isinstance(address, str):
        raise ValueError(f"{source} must be {TRANSPORTS}, but is {quoted(address)}")
    if address in ("hid", "auto"):
        return HidTransport()
    try:
        if address.startswith("hid:") and address != "hid:":
            return HidTransport(address[len("hid:"):])
        if address.startswith("serial:") and address != "serial:":
            return SerialTransport(address[len("serial:"):])
        if address.startswith(("tcp:", "unix:")):
            return SocketTransport(address)
    except ValueError as error:
        raise ValueError(f"{source}: {error}") from None
    way = _ELSEWHERE.get(address)
    raise ValueError(printable(f"{source} must be {TRANSPORTS}, but is {quoted(address)}")
                     + (f": {way}" if way else ""))
