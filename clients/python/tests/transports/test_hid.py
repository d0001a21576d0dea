"""HID: what is listed, what is opened, and what a person reads when it does not work."""

from __future__ import annotations

import os
import sys
import threading
import types
from pathlib import Path
from typing import Any, Dict, List, Optional, cast

import pytest
from bluetaplib.transports import Channel, DeviceInfo, HidTransport, TransportError, transport_of
from bluetaplib.transports import hid as hid_module
from bluetaplib.transports.hid_library import load_hid_library
from bluetaplib.transports.reports import REPORT_LENGTH, reports_of
from fake_hidraw import FakeDevice, FakeHidraw
from hypothesis import given
from hypothesis import strategies as st

RULE_FILE = "/etc/udev/rules.d/70-bluetap.rules"


def use(monkeypatch: pytest.MonkeyPatch, **modules: Optional[types.ModuleType]) -> None:
    """Makes these modules the only ones that Python finds. None: the module is not installed."""
    for name in ("hidraw", "hid"):
        # None in this table makes an import fail as for a module that is not installed.
        monkeypatch.setitem(cast(Dict[str, Any], sys.modules), name, modules.get(name))


def plug(monkeypatch: pytest.MonkeyPatch, *devices: FakeDevice) -> FakeHidraw:
    fake = FakeHidraw(*devices)
    use(monkeypatch, hidraw=fake.module())
    return fake


def error_of_open(address: str = "hid", device: Optional[DeviceInfo] = None) -> TransportError:
    transport = transport_of(address)
    with pytest.raises(TransportError) as caught:
        transport.open(device or transport.list()[0], 1)
    return caught.value


def node(monkeypatch: pytest.MonkeyPatch, *, may_open: bool) -> str:
    """The path of a real character device, which this user may open or not."""
    monkeypatch.setattr(os, "access", lambda *args, **options: may_open)
    return "/dev/null"


# The list


def test_two_devices_are_listed_and_other_devices_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(
        monkeypatch,
        FakeDevice("/dev/hidraw0", vendor_id=0x046D, product_id=0xC31C, usage_page=1, usage=6),
        FakeDevice("/dev/hidraw1", serial_number="BT000001"),
        FakeDevice("/dev/hidraw2", usage_page=0x000C),
        FakeDevice("/dev/hidraw3", serial_number="BT000002", product_string="BlueTap Mini"),
        FakeDevice("/dev/hidraw4", usage=2),
    )
    assert transport_of("hid").list() == [
        DeviceInfo("/dev/hidraw1", "hid", "BT000001", "BlueTap", "/dev/hidraw1"),
        DeviceInfo("/dev/hidraw3", "hid", "BT000002", "BlueTap Mini", "/dev/hidraw3"),
    ]


def test_auto_is_hid(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch)
    assert transport_of("auto").name == "hid"
    assert transport_of("auto").list() == []


def test_a_device_whose_usage_the_library_does_not_know_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, FakeDevice("0001:0004:00", usage_page=0, usage=0))
    assert [device.id for device in transport_of("hid").list()] == ["0001:0004:00"]


def test_a_device_that_is_listed_for_every_usage_is_one_device(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, FakeDevice("x", usage=9), FakeDevice("x"), FakeDevice("x", usage_page=0x000C))
    assert [device.id for device in transport_of("hid").list()] == ["x"]


@pytest.mark.parametrize(
    ("told", "known"),
    [(None, None), ("", None), ("  ", None), ("???", None), ("7&18DA7745&0&0002", None), (" BT1 ", "BT1"),
     ("BT1\0\0garbage", "BT1"), (17, None)],
)
def test_a_serial_number_that_is_none_is_not_listed(
    monkeypatch: pytest.MonkeyPatch, told: object, known: Optional[str]
) -> None:
    plug(monkeypatch, FakeDevice("x", serial_number=told))
    assert [device.serial_number for device in transport_of("hid").list()] == [known]


def test_a_device_without_a_path_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakeDevice("x")
    device.entry["path"] = b""
    plug(monkeypatch, device)
    assert transport_of("hid").list() == []


def test_a_list_that_fails_is_an_error_of_the_transport(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch).enumerate_error = OSError("no \x1b[31mudev\nhere")
    with pytest.raises(TransportError) as caught:
        transport_of("hid").list()
    assert (caught.value.code, caught.value.message) == ("io", "HID devices cannot be listed: no \\u001b[31mudev here")


def test_the_ids_can_be_other_ones() -> None:
    fake = FakeHidraw(FakeDevice("x"), FakeDevice("y", vendor_id=0x1234, product_id=0x5678))
    load: Any = lambda: ("hidraw", fake.module())  # noqa: E731
    transport = HidTransport(vendor_id=0x1234, product_id=0x5678, load=load)
    assert [device.id for device in transport.list()] == ["y"]


# A path


def test_a_path_opens_this_device_only(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = FakeDevice("/dev/hidraw0", serial_number="A"), FakeDevice("/dev/hidraw1", serial_number="B")
    plug(monkeypatch, first, second)
    transport = transport_of("hid:/dev/hidraw1")
    assert transport.name == "hid:/dev/hidraw1"
    [device] = transport.list()
    assert (device.id, device.serial_number) == ("/dev/hidraw1", "B")
    channel = transport.open(device, 1)
    channel.write(b"\0x\0", 1)
    assert (len(first.written), len(second.written)) == (0, 1)
    channel.close()


def test_a_path_can_be_a_symbolic_link(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target = tmp_path / "hidraw7"
    target.touch()
    (tmp_path / "desk").symlink_to(target)
    fake = FakeDevice(str(target))
    plug(monkeypatch, fake)
    transport = transport_of(f"hid:{tmp_path}/desk")
    [device] = transport.list()
    assert (device.path, device.serial_number) == (f"{tmp_path}/desk", "BT000001")
    channel = transport.open(device, 1)
    assert len(fake.handles) == 1
    channel.close()


def test_a_device_with_other_ids_opens_by_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeDevice("/dev/hidraw0", vendor_id=0x1234)
    plug(monkeypatch, fake)
    transport = transport_of("hid:/dev/hidraw0")
    transport.open(transport.list()[0], 1).close()


def test_no_byte_goes_to_a_keyboard_at_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard = FakeDevice("/dev/hidraw0", usage_page=1, usage=6, product_string="Evil\x1b[2J\nkeyboard")
    plug(monkeypatch, keyboard)
    error = error_of_open("hid:/dev/hidraw0")
    assert error.code == "not-found"
    assert "is another device" in error.message and "not a BlueTap" in error.message
    assert "\x1b" not in error.message and "\n" not in error.message
    assert not keyboard.handles


def test_a_path_without_a_device_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, FakeDevice("/dev/hidraw0"))
    error = error_of_open("hid:/dev/hidraw99")
    assert (error.code, error.message) == (
        "not-found",
        "the HID device /dev/hidraw99 is not there: check the cable, and what `python3 -m bluetaplib list` shows",
    )


def test_a_file_is_no_hid_device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plug(monkeypatch)
    (tmp_path / "file").touch()
    error = error_of_open(f"hid:{tmp_path}/file")
    assert error.code == "not-found"
    assert "is not a HID device" in error.message


def test_libusb_cannot_open_a_path_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "hidraw0").touch()
    use(monkeypatch, hid=FakeHidraw(FakeDevice("0001:0004:00")).module("hid"))
    error = error_of_open(f"hid:{tmp_path}/hidraw0")
    assert error.code == "missing-library"
    assert "uses libusb" in error.message and "python3-hid" in error.message


# Open


def test_a_permission_that_is_missing_names_the_udev_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakeDevice(node(monkeypatch, may_open=False))
    device.refuses_to_open = True
    plug(monkeypatch, device)
    error = error_of_open()
    assert error.code == "access-denied"
    assert error.message.startswith("this user may not open the HID device /dev/null: install the udev rule that"
                                    " `bluetap udev-rules` prints")
    assert RULE_FILE in error.message
    assert isinstance(error.__cause__, OSError)


def test_a_device_that_does_not_open_for_another_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakeDevice(node(monkeypatch, may_open=True))
    device.refuses_to_open = True
    plug(monkeypatch, device)
    error = error_of_open()
    assert (error.code, error.message) == (
        "io", "the HID device /dev/null cannot be opened (open failed): plug it in again")


def test_a_device_that_libusb_may_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hid_module, "_usb_node", lambda path: node(monkeypatch, may_open=False))
    device = FakeDevice("0001:0004:00", usage_page=0)
    device.refuses_to_open = True
    use(monkeypatch, hid=FakeHidraw(device).module("hid"))
    error = error_of_open()
    assert error.code == "access-denied" and RULE_FILE in error.message


def test_a_device_that_another_program_took_from_libusb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hid_module, "_usb_node", lambda path: node(monkeypatch, may_open=True))
    device = FakeDevice("0001:0004:00", usage_page=0)
    device.refuses_to_open = True
    use(monkeypatch, hid=FakeHidraw(device).module("hid"))
    error = error_of_open()
    assert (error.code, error.message) == (
        "busy", "the HID device 0001:0004:00 is held by another program: close the other POS program, or a browser"
                " tab that uses WebHID")


@pytest.mark.parametrize(("system", "code"), [("win32", "busy"), ("darwin", "access-denied")])
def test_other_systems_have_other_reasons(monkeypatch: pytest.MonkeyPatch, system: str, code: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    device = FakeDevice("an id of this system")
    device.refuses_to_open = True
    plug(monkeypatch, device)
    assert error_of_open().code == code


def test_an_id_with_control_characters_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch)
    error = error_of_open("hid", DeviceInfo("\x1b[31m\n", "hid"))
    assert error.message.startswith("the HID device \\u001b[31m\\u000a is not there")


@pytest.mark.parametrize("library_path", ["0001:0004:00", "9999-9:1.0", "a:b:c:d", "::", "zz:yy:xx", "/:/"])
def test_every_path_of_libusb_can_be_looked_at(monkeypatch: pytest.MonkeyPatch, library_path: str) -> None:
    device = FakeDevice(library_path, usage_page=0)
    device.refuses_to_open = True
    use(monkeypatch, hid=FakeHidraw(device).module("hid"))
    assert error_of_open().code in ("not-found", "busy")


# An open channel


def opened(monkeypatch: pytest.MonkeyPatch, device: FakeDevice) -> Channel:
    plug(monkeypatch, device)
    transport = transport_of("hid")
    return transport.open(transport.list()[0], 1)


def test_a_frame_starts_a_report_and_is_filled_with_padding(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakeDevice("x")
    channel = opened(monkeypatch, device)
    channel.write(b"\0" + b"a" * 62 + b"\0", 1)
    channel.write(b"\0" + b"b" * 63 + b"\0", 1)
    channel.close()
    assert device.written == [
        b"\0" + b"\0" + b"a" * 62 + b"\0",
        b"\0" + b"\0" + b"b" * 63,
        b"\0" + b"\0" * 64,
    ]


def test_two_writes_at_once_do_not_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakeDevice("x")
    channel = opened(monkeypatch, device)
    device.set(stalled=True)
    threads = [threading.Thread(target=channel.write, args=(bytes([number]) * 640, 30)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    device.set(stalled=False)
    for thread in threads:
        thread.join()
    channel.close()
    senders = [report[1] for report in device.written]
    assert len(senders) == 80
    assert all(len(set(senders[at:at + 10])) == 1 for at in range(0, 80, 10))


def test_a_write_that_the_system_refuses_ends_the_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakeDevice(node(monkeypatch, may_open=True))
    channel = opened(monkeypatch, device)
    device.set(refuses_writes=True)
    with pytest.raises(TransportError) as caught:
        channel.write(b"\0x\0", 1)
    assert (caught.value.code, caught.value.message) == (
        "disconnected", "the HID device /dev/null does not work, or was unplugged: plug it in again")
    with pytest.raises(TransportError) as again:
        channel.read(1)
    assert again.value.message == caught.value.message
    channel.close()
    assert not device.handles


def test_an_unplug_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    device = FakeDevice("/dev/hidraw99")
    channel = opened(monkeypatch, device)
    device.set(plugged=False)
    with pytest.raises(TransportError) as caught:
        channel.read(1)
    assert (caught.value.code, caught.value.message) == (
        "disconnected",
        "the HID device /dev/hidraw99 was unplugged, or the system took it away: plug it in again")
    channel.close()


# The library


def test_hidraw_comes_before_hid(monkeypatch: pytest.MonkeyPatch) -> None:
    good, worse = FakeHidraw().module("hidraw"), FakeHidraw().module("hid")
    use(monkeypatch, hidraw=good, hid=worse)
    assert load_hid_library() == ("hidraw", good)
    use(monkeypatch, hid=worse)
    assert load_hid_library() == ("hid", worse)


def missing() -> str:
    with pytest.raises(TransportError) as caught:
        transport_of("hid").list()
    assert caught.value.code == "missing-library"
    return caught.value.message


def test_a_library_that_is_missing_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    use(monkeypatch)
    message = missing()
    assert "Python has no module hidraw or hid" in message
    assert "on Debian and Ubuntu install python3-hid (not python3-hidapi)" in message
    assert "`python3 -m pip install hidapi`" in message
    assert "://" not in message


def test_windows_has_no_package_of_debian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    use(monkeypatch)
    assert missing().endswith("install it with `py -m pip install hidapi`")


def other_hid() -> types.ModuleType:
    """The shape of the module hid of another project: a class Device, and no class device."""
    module = types.ModuleType("hid")
    module.__dict__.update(Device=object, enumerate=list, __file__="/somewhere/hid\x1b/__init__.py")
    return module


def test_the_module_hid_of_another_project_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, hid=other_hid())
    message = missing()
    assert "the module hid of /somewhere/hid\\u001b/__init__.py is of another project" in message
    assert "pip uninstall hid" in message


def test_the_module_hidraw_of_another_project_does_not_hide_hid(monkeypatch: pytest.MonkeyPatch) -> None:
    good = FakeHidraw().module("hid")
    use(monkeypatch, hidraw=types.ModuleType("hidraw"), hid=good)
    assert load_hid_library() == ("hid", good)


@pytest.mark.parametrize(
    "text",
    ["raise ImportError('Unable to load any of the following libraries:\\n libhidapi-hidraw.so')",
     "raise RuntimeError('of a module')", "import a_module_that_is_not_there", "def ("],
)
def test_a_module_that_does_not_load_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    (tmp_path / "hid.py").write_text(text, encoding="utf-8")
    monkeypatch.setitem(cast(Dict[str, Any], sys.modules), "hidraw", None)
    monkeypatch.delitem(sys.modules, "hid", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    message = missing()
    assert "hid did not load (" in message
    assert "\n" not in message


def test_nothing_is_loaded_before_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch)
    assert transport_of("hid").name == "hid"
    assert transport_of("tcp://127.0.0.1:4000").list()[0].transport == "tcp"


# Reports


@given(st.binary(max_size=400))
def test_reports_hold_the_data_and_padding_only(data: bytes) -> None:
    reports = reports_of(data)
    assert len(reports) == -(-len(data) // REPORT_LENGTH)
    assert all(len(report) == 1 + REPORT_LENGTH and report[0] == 0 for report in reports)
    joined = b"".join(report[1:] for report in reports)
    assert joined[:len(data)] == data
    assert set(joined[len(data):]) <= {0}


@given(st.lists(st.binary(min_size=1, max_size=128).filter(lambda piece: b"\0" not in piece), max_size=8))
def test_every_frame_can_be_read_from_its_reports(encoded: List[bytes]) -> None:
    stream = b"".join(report[1:] for piece in encoded for report in reports_of(b"\0" + piece + b"\0"))
    assert [piece for piece in stream.split(b"\0") if piece] == encoded
