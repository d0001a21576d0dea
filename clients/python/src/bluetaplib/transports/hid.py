"""The transport over USB HID, with cython-hidapi. docs/protocol.md section 7.

No system needs a driver. Linux needs the udev rule.
"""

from __future__ import annotations

import os
import stat
import sys
from typing import Callable, Dict, List, Optional, Tuple

from .advice import (
    LIST,
    UDEV_RULE,
    busy,
    cannot_be_opened,
    check_path,
    not_there,
    on_linux,
    permission_denied,
    unplugged,
    wrong_device,
)
from .channel import Channel, DeviceInfo, TransportError
from .hid_channel import HidChannel
from .hid_library import HidEntry, HidLibrary, load_hid_library
from .text import device_text, known_serial_number, one_line, quoted

VENDOR_ID = 0x1209
PRODUCT_ID = 0x0001
"""The USB ids of a device. All devices have the same pair, so it does not tell two devices apart."""

_USAGE_PAGE = 0xFF00
_USAGE = 0x01
_HOLDERS = "the other POS program, or a browser tab that uses WebHID"


class HidTransport:
    """The transport over HID: all attached devices, or the one at a path."""

    def __init__(
        self,
        path: Optional[str] = None,
        *,
        vendor_id: int = VENDOR_ID,
        product_id: int = PRODUCT_ID,
        load: Callable[[], Tuple[str, HidLibrary]] = load_hid_library,
    ) -> None:
        """`path` names one device: `/dev/hidraw0`. Then its ids do not matter, but its usage does.

        `vendor_id` and `product_id` are for devices with other ids, 0 to 65535. `load` gives cython-hidapi.
        """
        if path is not None:
            check_path(path, "a HID device", "hid:/dev/hidraw0")
        self._path = path
        self._ids = (vendor_id, product_id) if path is None else (0, 0)
        self._load = load

    @property
    def name(self) -> str:
        """`hid`, or `hid:PATH`."""
        return "hid" if self._path is None else f"hid:{self._path}"

    def list(self) -> List[DeviceInfo]:
        """Returns the attached devices. A device at a path is always listed: only `open` says why it is not there.

        Raises TransportError (`missing-library`, `io`).
        """
        _, library = self._load()
        entries = self._entries(library)
        if self._path is None:
            return [_info_of(path, entry) for path, entry in entries.items() if _is_bluetap(entry)]
        entry = entries.get(os.path.realpath(self._path), entries.get(self._path))
        return [_info_of(self._path, entry or {})]

    def open(self, device: DeviceInfo, timeout: float) -> Channel:
        """Opens a device. hidapi has no time limit for it, and needs none, so `timeout` has no effect.

        Raises TransportError.
        """
        module, library = self._load()
        path = device.id
        if self._path is not None:
            path = self._node(device.id, module, library)
        name = f"the HID device {device.id}"
        handle = library.device()
        try:
            handle.open_path(os.fsencode(path))
        except (OSError, ValueError, UnicodeEncodeError) as error:
            raise self._open_error(path, name, error, library) from error
        return HidChannel(handle, name, lambda cause: _channel_error(path, name, cause))

    def _entries(self, library: HidLibrary) -> Dict[str, HidEntry]:
        """The HID devices by path. Windows lists one device for every usage: the usage of a BlueTap is kept."""
        entries: Dict[str, HidEntry] = {}
        try:
            for entry in library.enumerate(*self._ids):
                path = os.fsdecode(entry.get("path") or b"")
                if path and (path not in entries or _is_bluetap(entry)):
                    entries[path] = entry
        except OSError as error:
            raise TransportError("io", f"HID devices cannot be listed: {one_line(error)}") from error
        return entries

    def _node(self, device_id: str, module: str, library: HidLibrary) -> str:
        """The path of the named device for hidapi, after a check that no bytes go to a keyboard or to a file."""
        name = f"the HID device {device_id}"
        if device_id != self._path:
            raise wrong_device(self.name, device_id)
        entries = self._entries(library)
        path = next((each for each in (os.path.realpath(device_id), device_id) if each in entries), None)
        if path is not None:
            entry = entries[path]
            if _is_bluetap(entry):
                return path
            other = quoted(device_text(entry.get("product_string")) or "without a name")
            raise TransportError("not-found", f"{name} is another device ({other}), not a BlueTap:"
                                              f" check the path, and what {LIST} shows")
        if not os.path.exists(device_id):
            raise not_there(name)
        if module == "hid" and on_linux():
            raise TransportError("missing-library", f"{name} cannot be opened by its path, because the Python module"
                                                    " hid uses libusb here: install the module hidraw (on Debian and"
                                                    " Ubuntu python3-hid), or write hid without a path")
        raise TransportError("not-found", f"{device_id} is not a HID device: check the path, and what {LIST} shows")

    def _open_error(self, path: str, name: str, error: BaseException, library: HidLibrary) -> TransportError:
        """hidapi does not say why an open failed, so the system is asked."""
        node = path if path.startswith("/dev/") else _usb_node(path)
        if node is not None:
            denied = _access_error(node, name)
            if denied is not None:
                return denied
        elif path not in self._entries(library):
            return not_there(name)
        if node != path and on_linux():
            # libusb: the node may be opened, so another program has claimed the interface.
            return busy(name, _HOLDERS)
        if sys.platform == "darwin":
            return permission_denied(name, "allow this program under System Settings, Privacy & Security, Input"
                                           f" Monitoring, then start it again; or close {_HOLDERS}")
        if sys.platform == "win32":
            return busy(name, _HOLDERS)
        return cannot_be_opened(name, error)


def _is_bluetap(entry: HidEntry) -> bool:
    """True if the usage is that of a BlueTap, or unknown. libusb does not report it."""
    usage_page, usage = entry.get("usage_page") or 0, entry.get("usage") or 0
    return not usage_page or (usage_page == _USAGE_PAGE and usage in (0, _USAGE))


def _info_of(path: str, entry: HidEntry) -> DeviceInfo:
    return DeviceInfo(
        id=path,
        transport="hid",
        serial_number=known_serial_number(entry.get("serial_number")),
        product=device_text(entry.get("product_string")),
        path=path,
    )


def _access_error(node: str, name: str) -> Optional[TransportError]:
    """Why this user cannot open the node of a device. None if nothing forbids it."""
    try:
        mode = os.stat(node).st_mode
    except PermissionError:
        return permission_denied(name, UDEV_RULE)
    except OSError:
        return not_there(name)
    if not stat.S_ISCHR(mode):
        return TransportError("not-found", f"{node} is not a HID device: check the path, and what {LIST} shows")
    if not os.access(node, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        return permission_denied(name, UDEV_RULE)
    return None


def _usb_node(path: str) -> Optional[str]:
    """The node of a USB device from the path that hidapi over libusb uses, or None.

    Older versions of hidapi write bus, device and interface (`0001:0004:00`), newer ones the name of the kernel
    (`1-2:1.0`).
    """
    parts = path.split(":")
    try:
        if len(parts) == 3:
            return f"/dev/bus/usb/{int(parts[0], 16):03d}/{int(parts[1], 16):03d}"
        if len(parts) == 2 and "/" not in parts[0]:
            folder = f"/sys/bus/usb/devices/{parts[0]}"
            numbers = [_number_in(f"{folder}/{name}") for name in ("busnum", "devnum")]
            return "/dev/bus/usb/{:03d}/{:03d}".format(*numbers)
    except (OSError, ValueError):
        pass
    return None


def _number_in(path: str) -> int:
    with open(path, encoding="ascii") as file:
        return int(file.read())


def _channel_error(path: str, name: str, cause: Optional[BaseException]) -> TransportError:
    """Why an open device does not work any more. hidapi does not say it."""
    if path.startswith("/dev/") and os.path.exists(path):
        words = f" ({one_line(cause)})" if cause is not None else ""
        return TransportError("disconnected", f"{name} does not work, or was unplugged{words}: plug it in again")
    return unplugged(name)
