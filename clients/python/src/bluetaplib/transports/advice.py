"""The messages that several transports share: what happened, to which device, and what to do.

The advice is the one of the project's other clients. docs/reference/errors.md has all messages.
"""

from __future__ import annotations

import errno
import os
import sys

from .channel import TransportError
from .text import one_line

UDEV_RULES_FILE = "/etc/udev/rules.d/70-bluetap.rules"
"""The file that holds the udev rules on Linux."""

UDEV_RULE = (
    "install the udev rule that `bluetap udev-rules` prints"
    f" (bluetap udev-rules | sudo tee {UDEV_RULES_FILE}, then sudo udevadm control --reload),"
    " then plug the device in again"
)
"""How to get access to a device on Linux."""

LIST = "`python3 -m bluetaplib list`"
"""The command that shows the attached devices."""

_DENIED = {errno.EACCES, errno.EPERM}
_BUSY = {errno.EBUSY, errno.ETXTBSY, errno.EWOULDBLOCK, errno.EAGAIN}
_ABSENT = {errno.ENOENT, errno.ENOTDIR}
_NO_DEVICE = {errno.ENXIO, errno.ENODEV}
_OTHER_THING = {errno.EISDIR, errno.ENOTTY, errno.EINVAL}


def system_kind(error: OSError) -> str:
    """The meaning of an error of the system: denied, busy, absent, no-device, other-thing or unknown."""
    kinds = (("denied", _DENIED), ("busy", _BUSY), ("absent", _ABSENT), ("no-device", _NO_DEVICE),
             ("other-thing", _OTHER_THING))
    return next((kind for kind, numbers in kinds if error.errno in numbers), "unknown")


def permission_denied(what: str, advice: str) -> TransportError:
    """The error for a device that this user may not open. `advice` says what a person can do on this system."""
    return TransportError("access-denied", f"this user may not open {what}: {advice}")


def busy(what: str, holders: str) -> TransportError:
    """The error for a device that another program has open. `holders` says which programs to close."""
    return TransportError("busy", f"{what} is held by another program: close {holders}")


def unplugged(what: str) -> TransportError:
    """The error for a device that was disconnected while its channel was open."""
    return TransportError("disconnected", f"{what} was unplugged, or the system took it away: plug it in again")


def not_there(what: str, look: str = f"what {LIST} shows") -> TransportError:
    """The error for a device that was in the list, and is no longer there. `look` says what else to check."""
    return TransportError("not-found", f"{what} is not there: check the cable, and {look}")


def check_path(path: str, what: str, example: str) -> None:
    """Raises ValueError if the path that a person named cannot be a path."""
    if path == "":
        raise ValueError(f"the path of {what} is missing: write {example}")
    try:
        encoded = os.fsencode(path)
    except UnicodeEncodeError:
        encoded = b"\0"
    if b"\0" in encoded:
        raise ValueError(f"the path of {what} contains a character that no path has here: write {example}")


def cannot_be_opened(what: str, error: BaseException) -> TransportError:
    """The error for a device that could not be opened for a reason without a text of its own."""
    return TransportError("io", f"{what} cannot be opened ({said(error)}): plug it in again")


def took_no_bytes(what: str, seconds: float) -> TransportError:
    """The error for a write that took too long. It ends the channel."""
    return TransportError("timeout", f"{what} took no bytes for {milliseconds(seconds)}: plug it in again")


def wrong_device(name: str, device_id: str) -> TransportError:
    """The error for a device that is of another transport."""
    return TransportError("not-found", f"{name} is not {device_id}: open a device that list() returns")


def milliseconds(seconds: float) -> str:
    """A time as a message shows it: `250 ms`."""
    return f"{max(0, round(seconds * 1000))} ms"


def said(error: BaseException) -> str:
    """The words of the system about an error, without its number and without the path."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return one_line(error)


def on_linux() -> bool:
    """True on Linux. A function, so that a type checker reads the code of every system."""
    return sys.platform.startswith("linux")
