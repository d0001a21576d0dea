"""The command and the vendor's call over a transport: what a person would stumble over."""

from __future__ import annotations

import enum
import json
import os
import signal
import socket
import threading
from typing import Any, Dict, List

import pytest
from bluetaplib import Client, Outcome, PayCommand, ResultCode, TinyCommand
from bluetaplib.protocol import Message, encode_message
from channel_harness import LIMIT
from programs import bluetap, start
from served_device import ServedDevice
from small_device import SmallDevice

PAY = ["pay", "--payment-method", "TRUEMONEY", "--json"]


def obey(device: SmallDevice, message: Message) -> bytes:
    return encode_message(device.receive(message))


def keys(text: str) -> List[str]:
    told: Dict[str, Any] = json.loads(text)
    return list(told)


def test_status_tells_its_facts_in_the_order_of_the_bluetap_command() -> None:
    with ServedDevice() as served:
        bluetap(*PAY, "--amount", "1.00", "--order-id", "A-1", transport=served.address)
        told = bluetap("status", "--json", transport=served.address)
    assert keys(told.stdout) == [
        "code", "paymentMethod", "amount", "orderId", "state", "remaining", "taps", "device"]


def test_json_is_written_as_the_bluetap_command_writes_it() -> None:
    with ServedDevice() as served:
        told = bluetap(*PAY, transport=served.address).stdout
    assert told == json.dumps(json.loads(told), separators=(",", ":"), ensure_ascii=False) + "\n"


def test_list_names_the_function() -> None:
    [row] = json.loads(bluetap("list", "--json", transport="tcp://127.0.0.1:4000").stdout)["transports"]
    assert row["devices"] == [
        {"id": "tcp://127.0.0.1:4000", "path": "tcp://127.0.0.1:4000", "interface": "TCP"}]


@pytest.mark.parametrize("option", ["--transport", "--timeout", "--order-id"])
def test_an_option_that_is_given_twice_is_refused(option: str) -> None:
    with ServedDevice() as served:
        values = {"--transport": served.address, "--timeout": "3000", "--order-id": "A-1"}
        told = bluetap(*PAY, option, values[option], option, values[option], transport=served.address)
    assert (told.returncode, told.stdout) == (64, "")
    assert option in told.stderr
    assert served.heard == []


def test_an_empty_transport_is_no_transport() -> None:
    told = bluetap("status", "--json", "--timeout", "200", "--transport", "")
    assert (told.returncode, told.stdout) == (64, "")
    assert "--transport" in told.stderr


def test_a_wrong_transport_names_its_option_or_its_variable() -> None:
    assert "--transport" in bluetap("status", "--transport", "com3").stderr
    told = bluetap("status", transport="com3")
    assert (told.returncode, told.stdout) == (64, "")
    assert "BLUETAP_TRANSPORT" in told.stderr


def test_the_vendors_call_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BLUETAP_TRANSPORT", "com3")
    assert TinyCommand().SendPayCommand(PayCommand("TRUEMONEY")) is ResultCode.DEVICE_DISCONNECTED
    assert "BLUETAP_TRANSPORT" in capsys.readouterr().err


class Colour(enum.Enum):
    """An enum of another kind, with a value that a payment method has too."""

    RED = "TRUEMONEY"


class Raising:
    """A command of another library, whose field cannot be read."""

    Amount = OrderId = None
    ExpiryTime = 900

    @property
    def PaymentMethod(self) -> str:
        raise RuntimeError("this field cannot be read")


@pytest.mark.parametrize("command", [PayCommand(Colour.RED), Raising()])
def test_nothing_is_sent_for_a_command_of_another_kind(monkeypatch: pytest.MonkeyPatch, command: Any) -> None:
    with ServedDevice() as served:
        monkeypatch.setenv("BLUETAP_TRANSPORT", served.address)
        with TinyCommand() as tiny:
            result = tiny.send_pay_command_with_result(command)
    assert (result.code, result.outcome) == (ResultCode.PARAM_ILLEGAL, Outcome.NOT_SENT)
    assert served.heard == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_lines_end_quietly_at_a_signal(number: int) -> None:
    with ServedDevice() as served:
        program = start(["-m", "bluetaplib", "--lines"], served.address)
        assert program.stdin is not None and program.stdout is not None
        program.stdin.write('{"do":"status"}\n')
        program.stdin.flush()
        assert json.loads(program.stdout.readline())["code"] == "SUCCESS"
        program.send_signal(number)
        _, stderr = program.communicate(timeout=LIMIT)
    assert "Traceback" not in stderr


def test_a_device_that_ends_the_connection_is_not_called_silent() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def close_each() -> None:
        while True:
            try:
                listener.accept()[0].close()
            except OSError:
                return

    closing = threading.Thread(target=close_each)
    closing.start()
    told = bluetap(*PAY, "--timeout", "700", transport="tcp://127.0.0.1:%d" % listener.getsockname()[1])
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    closing.join()
    message = json.loads(told.stdout)["error"]["message"]
    assert "the far end closed the connection" in message or "the connection broke" in message


def test_ctrl_c_while_another_thread_has_the_device_leaves_the_next_call_its_turn() -> None:
    """The thread that follows the events holds the device for seconds, if the device does not answer its STATUS."""
    with ServedDevice() as served:
        client = Client(served.address)
        client.connect()
        client._lock.acquire()
        interrupting = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
        interrupting.start()
        with pytest.raises(KeyboardInterrupt):
            client.status(timeout=LIMIT)
        interrupting.join()
        client._lock.release()
        # No `with` block: close would wait without end for a turn that nobody gives back.
        assert client.status(timeout=LIMIT).state.value == "idle"
        client.close()


def test_ctrl_c_tells_the_device_of_a_pay_in_doubt() -> None:
    with ServedDevice() as served:
        served.script = [obey, lambda device, message: None]
        program = start(["-m", "bluetaplib", *PAY, "--timeout", "20000"], served.address)
        served.wait_for_request("PAY")
        program.send_signal(signal.SIGINT)
        stdout, _ = program.communicate(timeout=LIMIT)
    told = json.loads(stdout)
    assert (program.returncode, told["outcome"], told["pending"]) == (5, "unknown", True)
    assert told["device"]["serialNumber"] == told["attempt"]["serialNumber"]
