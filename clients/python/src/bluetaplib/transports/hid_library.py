"""The Python module that reaches HID devices: cython-hidapi, which is loaded when it is needed, and not before.

It has two modules. `hidraw` uses the kernel's driver and leaves it alone. `hid` uses libusb on Linux: it takes the
device from the kernel, and if a program ends without a close, /dev/hidraw0 is gone until the device is plugged in
again. So `hidraw` comes first. Windows and macOS have only `hid`, which uses the system there.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any, Callable, Dict, List, Protocol, Tuple, cast

from .advice import on_linux
from .channel import TransportError
from .text import one_line

HidEntry = Dict[str, Any]
"""One row of `enumerate`: path (bytes), serial_number, product_string, usage_page, usage and more."""


class HidDevice(Protocol):
    """The used part of an object of the class `device`."""

    def open_path(self, path: bytes) -> None:
        """Opens the device with this path. OSError without a reason if that fails."""

    def read(self, max_length: int, timeout_ms: int) -> List[int]:
        """The bytes of one report, or [] after `timeout_ms`. A time of 0 would wait without end. OSError."""

    def write(self, buff: bytes) -> int:
        """Sends one report, whose first byte is its number. The number of bytes, or -1."""

    def close(self) -> None:
        """Gives the device back. Not to be called while another thread is inside `read` or `write`."""


class HidLibrary(Protocol):
    """The used part of cython-hidapi."""

    @property
    def device(self) -> Callable[[], HidDevice]:
        """Makes an object for one device, which is not open yet."""

    @property
    def enumerate(self) -> Callable[[int, int], List[HidEntry]]:
        """The HID devices with this vendor and product id. 0 matches all."""


MODULES = ("hidraw", "hid")
"""The modules of cython-hidapi, the better one first."""


def load_hid_library() -> Tuple[str, HidLibrary]:
    """The name of the module and the module.

    Raises TransportError (`missing-library`) that says what to install, or which other project's module is there.
    """
    problems: List[str] = []
    for name in MODULES:
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                problems.append(f"{name} did not load ({one_line(error)})")
        except Exception as error:
            # A module with native code can raise anything. The `hid` of another project raises ImportError when the
            # system has no hidapi.
            problems.append(f"{name} did not load ({one_line(error)})")
        else:
            if _is_cython_hidapi(module):
                return name, cast(HidLibrary, module)
            where = getattr(module, "__file__", None) or "an unknown place"
            problems.append(f"the module {name} of {where} is of another project: remove it"
                            f" (`{_python()} -m pip uninstall {name}`)")
    found = "; ".join(problems) if problems else "Python has no module hidraw or hid"
    raise TransportError("missing-library", f"HID needs the Python package hidapi (cython-hidapi), but {found}:"
                                            f" {_what_to_install()}")


def _is_cython_hidapi(module: object) -> bool:
    """Three other projects have modules of these names. None of them has a class `device` with `open_path`."""
    device = getattr(module, "device", None)
    return callable(getattr(device, "open_path", None)) and callable(getattr(module, "enumerate", None))


def _what_to_install() -> str:
    pip = f"`{_python()} -m pip install hidapi`"
    if not on_linux():
        return f"install it with {pip}"
    return (f"on Debian and Ubuntu install python3-hid (not python3-hidapi) and use /usr/bin/python3;"
            f" elsewhere, or in a virtual environment, {pip}")


def _python() -> str:
    return "py" if sys.platform == "win32" else "python3"
