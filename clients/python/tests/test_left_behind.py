"""What a client leaves behind: nothing. And what TinyCommand says when its program is in its way."""

import gc
import os
import sys
import threading
from typing import Any, Iterator, List

import pytest

from bluetaplib import Client, LinkLive, Outcome, PayCommand, ResultCode, TinyCommand

from served_device import ServedDevice
from waiting import eventually


@pytest.fixture
def served() -> Iterator[ServedDevice]:
    with ServedDevice() as device:
        yield device


def _files() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.parametrize("background", [True, False])
def test_no_thread_socket_or_file_is_left_after_close(background: bool, served: ServedDevice) -> None:
    before, threads = _files(), set(threading.enumerate())
    for _ in range(3):
        with Client(served.address, background=background) as client:
            client.on("connected", lambda _: None)
            assert client.pay("TRUEMONEY").outcome is Outcome.EXECUTED
    # Nothing is left of a client that found no device, and of one that was left in doubt.
    with Client("tcp://127.0.0.1:1", background=background, timeout=0.1) as client:
        assert client.pay("TRUEMONEY").outcome is Outcome.NOT_SENT
    served.script = [lambda device, message: None] * 9
    with Client(served.address, background=background, timeout=0.1) as client:
        client.pay("TRUEMONEY")
    served.wait_until_closed()
    eventually(lambda: set(threading.enumerate()) <= threads, "the end of every thread")
    # The device of the test closes its side when it notices the end.
    eventually(lambda: _files() <= before, "the close of every file")


@pytest.fixture
def tiny(served: ServedDevice, monkeypatch: pytest.MonkeyPatch) -> Iterator[TinyCommand]:
    monkeypatch.setenv("BLUETAP_TRANSPORT", served.address)
    with TinyCommand() as command:
        yield command


class Stream:
    """A stderr that a program has put in the place of the real one."""

    def write(self, _: str) -> int:
        raise RuntimeError("the window is closed")

    def flush(self) -> None:
        raise RuntimeError("the window is closed")


@pytest.mark.parametrize("stream", [None, Stream(), object()], ids=["none", "raises", "no stream"])
def test_a_stderr_that_cannot_be_written_raises_nothing(
    stream: Any, tiny: TinyCommand, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as changed:
        changed.setattr(sys, "stderr", stream)
        code = tiny.SendPayCommand(PayCommand("CASH"))
    assert code is ResultCode.PARAM_ILLEGAL
    # And nothing in the answers of the program.
    assert capfd.readouterr().out == ""


def test_a_field_that_cannot_be_read_is_param_illegal(tiny: TinyCommand, served: ServedDevice) -> None:
    class Strange(PayCommand):
        @property
        def Amount(self) -> Any:  # type: ignore[override]
            raise RuntimeError("the database is closed")

        @Amount.setter
        def Amount(self, _: Any) -> None:
            pass

    assert tiny.SendPayCommand(Strange("TRUEMONEY")) is ResultCode.PARAM_ILLEGAL
    assert tiny.last_result is not None and tiny.last_result.outcome is Outcome.NOT_SENT
    assert served.connections == 0


def test_a_field_is_read_once(tiny: TinyCommand) -> None:
    reads: List[str] = []

    class Counted(PayCommand):
        def __getattribute__(self, name: str) -> Any:
            if name in ("PaymentMethod", "Amount", "OrderId", "ExpiryTime"):
                reads.append(name)
            return super().__getattribute__(name)

    assert tiny.SendPayCommand(Counted("TRUEMONEY")) is ResultCode.SUCCESS
    assert sorted(reads) == ["Amount", "ExpiryTime", "OrderId", "PaymentMethod"]


def test_a_value_error_after_the_command_has_left_never_says_that_nothing_was_sent(
    tiny: TinyCommand, served: ServedDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tiny.SendPayCommand(PayCommand("TRUEMONEY")) is ResultCode.SUCCESS

    def unforeseen(*_: Any, **__: Any) -> Any:
        raise ValueError("not foreseen")

    monkeypatch.setattr("bluetaplib.client.Client.pay", unforeseen)
    assert tiny.SendPayCommand(PayCommand("TRUEMONEY")) is ResultCode.UNKNOWN_EXCEPTION
    assert tiny.last_result is not None
    assert (tiny.last_result.outcome, tiny.last_result.link_live) == (Outcome.UNKNOWN, LinkLive.UNKNOWN)


def test_a_line_on_stderr_cannot_control_the_terminal(
    monkeypatch: pytest.MonkeyPatch, served: ServedDevice, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BLUETAP_TRANSPORT", served.address)
    monkeypatch.setenv("BLUETAP_DEVICE", "A\x1b[2J\nB")
    with TinyCommand() as tiny:
        assert tiny.SendPayCommand(PayCommand("TRUEMONEY")) is ResultCode.DEVICE_DISCONNECTED
    told = capfd.readouterr().err
    assert told.count("\n") == 1 and told.strip().isprintable()
