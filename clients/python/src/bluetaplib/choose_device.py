"""The choice of one device."""

from typing import List, Optional

from .errors import BlueTapError, NotThere
from .results import ResultCode
from .transports.channel import DeviceInfo


def choose_device(devices: List[DeviceInfo], wanted: Optional[str], where: str) -> DeviceInfo:
    """Returns the one device to open. It never chooses one of several.

    A device whose serial number is not known before a session is checked after HELLO.

    BlueTapError DEVICE_DISCONNECTED: there is none, or more than one. The message names what was found.
    """
    named = [each for each in devices if each.id == wanted]
    found = named or [each for each in devices if wanted is None or (each.serial_number or wanted) == wanted]
    if len(found) == 1:
        return found[0]
    suffix = "" if wanted is None else f" with the serial number or id {wanted!r}"
    if not found:
        others = ", ".join(_describe(each) for each in devices)
        advice = "Check its cable and its power."
        if devices:
            advice = f"Found: {others}. Correct BLUETAP_DEVICE, or the option \"device\"."
        raise NotThere(f"{where}: there is no BlueTap device{suffix}. {advice}")
    raise BlueTapError(
        ResultCode.DEVICE_DISCONNECTED,
        f"{where}: there are {len(found)} BlueTap devices{suffix}: {', '.join(_describe(each) for each in found)}. "
        "Choose one by its serial number, with BLUETAP_DEVICE or the option \"device\".",
    )


def _describe(device: DeviceInfo) -> str:
    text = f"{device.serial_number} ({device.id})" if device.serial_number else device.id
    # The text comes from the device, so it must not control a terminal.
    return text.encode("unicode_escape").decode("ascii")
