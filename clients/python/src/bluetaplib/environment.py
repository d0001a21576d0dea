"""The environment variables that choose the device of a program, without a change of the program."""

import os
from typing import NamedTuple, Optional

from .field_rules import show
from .transports import Transport, transport_of

TRANSPORT = "BLUETAP_TRANSPORT"
DEVICE = "BLUETAP_DEVICE"
ALLOW_SIMULATED = "BLUETAP_ALLOW_SIMULATED"


def transport_from(address: str) -> Transport:
    """Returns the transport that BLUETAP_TRANSPORT names. ValueError: the address is wrong. It names the variable."""
    try:
        return transport_of(address)
    except ValueError as error:
        raise ValueError(f"{TRANSPORT} is wrong: {error}") from error


class Environment(NamedTuple):
    """The choice: an address of a transport, a serial number, and whether a simulated device is allowed."""

    transport: str
    device: Optional[str]
    allow_simulated: bool


def read_environment() -> Environment:
    """Reads the variables.

    ValueError: BLUETAP_ALLOW_SIMULATED is neither 0 nor 1. It is an option for safety, so it must not be misread.
    """
    allowed = os.environ.get(ALLOW_SIMULATED, "1")
    if allowed not in ("0", "1"):
        raise ValueError(f"{ALLOW_SIMULATED} must be 0 or 1, not {show(allowed)}")
    transport = os.environ.get(TRANSPORT) or "hid"
    return Environment("hid" if transport == "auto" else transport, os.environ.get(DEVICE) or None, allowed == "1")
