"""The addresses of transports, and text that a person reads."""

from __future__ import annotations

import unicodedata

import pytest
from bluetaplib.transports import TransportError, transport_of
from bluetaplib.transports.addresses import TcpTarget, UnixTarget, parse_address
from bluetaplib.transports.text import printable, quoted
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("tcp://127.0.0.1:4000", TcpTarget("127.0.0.1", 4000)),
        ("tcp://localhost:1", TcpTarget("localhost", 1)),
        ("tcp://my_host-2.example:65535", TcpTarget("my_host-2.example", 65535)),
        ("tcp://[::1]:4000", TcpTarget("::1", 4000)),
        ("tcp://[fe80::1%eth0]:4000", TcpTarget("fe80::1%eth0", 4000)),
        ("unix:/run/device", UnixTarget("/run/device")),
        ("unix:a path:with colons", UnixTarget("a path:with colons")),
    ],
)
def test_an_address_is_read(address: str, target: object) -> None:
    assert parse_address(address) == target
    assert transport_of(address).name == address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp:127.0.0.1:4000", 'begins with neither "tcp://" nor "unix:"'),
        ("tcp://", "the host is missing"),
        ("tcp://:4000", "the host is missing"),
        ("tcp://host", "the port is missing"),
        ("tcp://host:", "the port is missing"),
        ("tcp://host:0", 'from 1 to 65535, not "0"'),
        ("tcp://host:65536", 'from 1 to 65535, not "65536"'),
        ("tcp://host:04000", 'not "04000"'),
        ("tcp://host:+1", 'not "+1"'),
        ("tcp://host:٤", "from 1 to 65535"),
        ("tcp://host:4000/", "nothing may follow the port"),
        ("tcp://host:4000?a", "nothing may follow the port"),
        ("tcp://me:secret@host:4000", "credentials"),
        ("tcp://::1:4000", "brackets"),
        ("tcp://[host]:4000", "is not an IPv6 address"),
        ("tcp://[::1]", "the port is missing"),
        ("tcp://a b:4000", "is not a host name"),
        ("tcp://bücher:4000", "is not a host name"),
        ("unix:", "the path is missing"),
        ("unix:a\0b", "zero byte"),
        ("unix:" + "p" * 108, "the path has 108 bytes"),
        ("unix:" + "ü" * 60, "the path has 120 bytes"),
        ("unix:\ud800", "no path has here"),
        ("serial:", "the transport must be"),
        ("serial:a\0", "no path has here"),
        ("serial:\ud800", "no path has here"),
        ("hid:", "the transport must be"),
        ("hid:\0", "no path has here"),
        ("HID", 'but is "HID"'),
        ("", 'but is ""'),
        (" hid", 'but is " hid"'),
        ("COM3", 'but is "COM3"'),
        ("usb", "write hid"),
        ("serial", "name the port"),
        ("emulator", "bluetap emulate"),
        ("\x1b[31m", "\\u001b[31m"),
    ],
)
def test_a_wrong_address_says_what_is_right(address: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        transport_of(address)
    message = str(caught.value)
    assert said in message
    assert message == printable(message)


@pytest.mark.parametrize("address", ["tcp://host", "serial:\0", "hid:\0", "com3", "usb", ""])
def test_a_wrong_address_names_what_to_change(address: str) -> None:
    with pytest.raises(ValueError, match="^BLUETAP_TRANSPORT(:| must be) "):
        transport_of(address, "BLUETAP_TRANSPORT")


@pytest.mark.parametrize("address", [None, 4000, b"hid", ["hid"], object()])
def test_an_address_of_another_type_is_a_wrong_address(address: object) -> None:
    with pytest.raises(ValueError, match="the transport must be"):
        transport_of(address)  # type: ignore[arg-type]


@given(st.one_of(st.text(), st.builds(str.__add__, st.sampled_from(["tcp://", "unix:", "serial:", "hid:"]), st.text())))
def test_any_text_is_an_address_or_a_value_error(address: str) -> None:
    try:
        name = transport_of(address).name
    except ValueError as error:
        assert str(error) == printable(str(error))
    else:
        assert name == ("hid" if address == "auto" else address)


@given(st.text())
def test_printable_text_has_no_control_characters(text: str) -> None:
    shown = printable(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Zl", "Zp", "Cs"}
    assert printable(shown) == shown
    assert TransportError("io", text).message == shown


def test_what_a_message_quotes_is_short() -> None:
    assert quoted("a\"\n\u202e") == '"a\\"\\n\\u202e"'
    assert quoted("a" * 41) == '"' + "a" * 40 + '..."'
    assert quoted(None) == "None"
    assert quoted(4.5) == "a value of type float"
    assert printable("\U000e0001") == "\\u{e0001}"
