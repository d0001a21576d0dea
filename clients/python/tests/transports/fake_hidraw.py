"""A module with the shape of cython-hidapi, for tests: its devices are objects that a test plugs in and out.

It keeps the rules of hidapi that a transport must respect: a time of 0 waits without end, and a close under a call of
another thread crashes the process (here the rule is noted in `violations`).
"""

from __future__ import annotations

import threading
import types
from typing import Any, Dict, List, Optional, Set


class FakeDevice:
    """One HID device. The test is its far end."""

    def __init__(self, path: str, **entry: Any) -> None:
        self.path = path
        self.entry: Dict[str, Any] = {
            "path": path.encode(), "vendor_id": 0x1209, "product_id": 0x0001, "serial_number": "BT000001",
            "release_number": 0x0100, "manufacturer_string": "BlueTap", "product_string": "BlueTap",
            "usage_page": 0xFF00, "usage": 0x01, "interface_number": 0, **entry,
        }
        self.changed = threading.Condition()
        self.plugged = True
        self.stalled = False
        self.refuses_to_open = False
        self.refuses_writes = False
        self.reports_for_next_open: List[bytes] = []
        self.written: List[bytes] = []
        self.handles: Set[FakeHandle] = set()

    def send(self, report: bytes) -> None:
        """Sends one report to every program that has the device open."""
        with self.changed:
            self.changed.wait_for(lambda: self.handles or not self.plugged, 5)
            for handle in self.handles:
                handle.incoming.append(report)
            self.changed.notify_all()

    def set(self, **state: bool) -> None:
        """Changes `plugged`, `stalled`, `refuses_to_open` or `refuses_writes`."""
        with self.changed:
            self.__dict__.update(state)
            self.changed.notify_all()


class FakeHidraw:
    """The state behind the module: its devices, and the rules that a transport broke."""

    def __init__(self, *devices: FakeDevice) -> None:
        self.devices = list(devices)
        self.violations: List[str] = []
        self.enumerate_error: Optional[OSError] = None

    def module(self, name: str = "hidraw") -> types.ModuleType:
        """The module that Python would import."""
        module = types.ModuleType(name)
        module.__dict__.update(enumerate=self.enumerate, device=self._device_class())
        return module

    def enumerate(self, vendor_id: int = 0, product_id: int = 0) -> List[Dict[str, Any]]:
        if self.enumerate_error:
            raise self.enumerate_error
        return [dict(device.entry) for device in self.devices
                if device.plugged and vendor_id in (0, device.entry["vendor_id"])
                and product_id in (0, device.entry["product_id"])]

    def _device_class(self) -> type:
        hidraw = self

        class device(FakeHandle):
            def __init__(self) -> None:
                super().__init__(hidraw)

        return device


class FakeHandle:
    """An object of the class `device`."""

    def __init__(self, hidraw: FakeHidraw) -> None:
        self._hidraw = hidraw
        self._device: Optional[FakeDevice] = None
        self._inside = 0
        self.incoming: List[bytes] = []

    def open_path(self, path: bytes) -> None:
        assert isinstance(path, bytes)
        found = next((each for each in self._hidraw.devices if each.entry["path"] == path and each.plugged), None)
        if found is None or found.refuses_to_open:
            raise OSError("open failed")
        with found.changed:
            self._device = found
            self.incoming = [*found.reports_for_next_open]
            found.reports_for_next_open = []
            found.handles.add(self)
            found.changed.notify_all()

    def read(self, max_length: int, timeout_ms: int = 0) -> List[int]:
        device = self._opened()
        if timeout_ms <= 0:
            self._hidraw.violations.append("read without a time waits without end")
            timeout_ms = 1
        with device.changed:
            self._inside += 1
            try:
                device.changed.wait_for(lambda: self.incoming or not device.plugged, timeout_ms / 1000)
                if not device.plugged:
                    raise OSError("read error")
                return list(self.incoming.pop(0)[:max_length]) if self.incoming else []
            finally:
                self._inside -= 1

    def write(self, buff: bytes) -> int:
        device = self._opened()
        with device.changed:
            self._inside += 1
            try:
                device.changed.wait_for(lambda: not device.stalled or not device.plugged, 30)
                if not device.plugged or device.stalled or device.refuses_writes:
                    return -1
                device.written.append(bytes(buff))
                device.changed.notify_all()
                return len(buff)
            finally:
                self._inside -= 1

    def close(self) -> None:
        device = self._device
        if device is None:
            return
        with device.changed:
            if self._inside:
                self._hidraw.violations.append("close under a call of another thread")
            device.handles.discard(self)
            device.changed.notify_all()
        self._device = None

    def _opened(self) -> FakeDevice:
        if self._device is None:
            raise ValueError("not open")
        return self._device
