"""The vendor's shape: what a program gets that was written for the vendor's library."""

import enum
import functools
import threading
from typing import Any, Iterator, List

import pytest

import bluetaplib
from bluetaplib import LinkLive, Outcome, PayCommand, PaymentMethod, ResultCode, TinyCommand

from programs import PACKAGE, ROOT, run
from served_device import ServedDevice, execute_silently
from small_device import SmallDevice


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedDevice]:
    """A device at the address in BLUETAP_TRANSPORT."""
    with ServedDevice() as device:
        monkeypatch.setenv("BLUETAP_TRANSPORT", device.address)
        monkeypatch.delenv("BLUETAP_DEVICE", raising=False)
        monkeypatch.delenv("BLUETAP_ALLOW_SIMULATED", raising=False)
        yield device


COMMANDS = [
    PayCommand(PaymentMethod.TRUEMONEY, "1.50", "A-1", 30),
    PayCommand("TRUEMONEY", "1.50", "A-1", 30),
    PayCommand(PaymentMethod=PaymentMethod.TRUEMONEY, Amount="1.50", OrderId="A-1", ExpiryTime=30),
    PayCommand(ExpiryTime=30, OrderId="A-1", Amount="1.50", PaymentMethod="TRUEMONEY"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=repr)
def test_the_vendors_call_shows_the_payment_link(
    command: PayCommand, served: ServedDevice, capfd: pytest.CaptureFixture[str]
) -> None:
    with TinyCommand() as tiny:
        assert tiny.SendPayCommand(command) is ResultCode.SUCCESS
        assert tiny.last_result is not None
        assert (tiny.last_result.outcome, tiny.last_result.link_live) == (Outcome.EXECUTED, LinkLive.YES)
        assert tiny.SendCancelCommand("A-1") == ResultCode.SUCCESS
        assert tiny.SendCancelCommand() == "SUCCESS"
    assert served.device.shown == [("TRUEMONEY", "1.50", "A-1")]
    assert capfd.readouterr() == ("", "")


def test_the_names_of_the_vendor_are_there() -> None:
    assert [each.name for each in PaymentMethod] == ["TRUEMONEY", "SEVEN_11", "ALIPAY_CN", "ALIPAY_PLUS"]
    names = ["SUCCESS", "DEVICE_DISCONNECTED", "PARAM_ILLEGAL", "PROCESS_FAIL", "UNKNOWN_EXCEPTION"]
    assert [each.name for each in ResultCode] == names
    command = PayCommand(PaymentMethod.TRUEMONEY)
    assert (command.Amount, command.OrderId, command.ExpiryTime) == (None, None, 900)
    assert str(ResultCode.SUCCESS) == "SUCCESS" and f"{PaymentMethod.SEVEN_11}" == "SEVEN_11"


class Wrong(enum.Enum):
    TRUEMONEY = 1


class Broken:
    """An object whose fields cannot be read."""

    Amount = OrderId = None
    ExpiryTime = 900

    @property
    def PaymentMethod(self) -> str:
        raise RuntimeError("a fault of the program")


NO_METHOD: List[Any] = [
    *[None, "", "Test", "truemoney", "TRUEMONEY ", 1, True, 1.5, b"TRUEMONEY", Wrong.TRUEMONEY, PaymentMethod, object()]
]
WRONG = [
    *[("paymentMethod", PayCommand(each)) for each in NO_METHOD],
    *[("amount", PayCommand("TRUEMONEY", each)) for each in ("", "1,00", 120, 1.5, "123456789", "1\n", "\u0e51")],
    *[("orderId", PayCommand("TRUEMONEY", None, each)) for each in ("", "a b", "x" * 17, 5, "\u0e01", "a\x1b[2J")],
    *[("expiryTime", PayCommand("TRUEMONEY", None, None, each)) for each in (0, -1, 2**31, 900.0, float("nan"), "30")],
    *[("expiryTime", PayCommand("TRUEMONEY", None, None, each)) for each in (True, [])],
    *[("PayCommand", each) for each in (None, "TRUEMONEY", 5, PaymentMethod.TRUEMONEY, {})],
]


@pytest.mark.parametrize("name, command", WRONG, ids=lambda each: repr(each)[:60])
def test_a_wrong_field_is_param_illegal_before_a_byte_leaves(
    name: str, command: Any, served: ServedDevice, capfd: pytest.CaptureFixture[str]
) -> None:
    with TinyCommand() as tiny:
        assert tiny.SendPayCommand(command) is ResultCode.PARAM_ILLEGAL
        assert tiny.last_result is not None and tiny.last_result.outcome is Outcome.NOT_SENT
    out, err = capfd.readouterr()
    assert out == "" and err.count("\n") == 1 and err.isprintable() is False
    assert err.startswith("bluetaplib: PAY: PARAM_ILLEGAL: ") and name in err and "Nothing was sent." in err
    assert "\x1b" not in err
    assert served.connections == 0


def test_a_fault_of_the_program_is_not_an_exception(served: ServedDevice, capfd: pytest.CaptureFixture[str]) -> None:
    with TinyCommand() as tiny:
        assert tiny.SendPayCommand(Broken()) is ResultCode.PARAM_ILLEGAL  # type: ignore[arg-type]
        assert tiny.SendCancelCommand(5) is ResultCode.PARAM_ILLEGAL  # type: ignore[arg-type]
    assert "paymentMethod cannot be read" in capfd.readouterr().err
    assert served.heard == []


def test_a_refusal_writes_one_line(served: ServedDevice, capfd: pytest.CaptureFixture[str]) -> None:
    with TinyCommand() as tiny:
        tiny.SendPayCommand(PayCommand("TRUEMONEY", None, "A-1"))
        assert tiny.SendCancelCommand("A-2") is ResultCode.PROCESS_FAIL
    err = capfd.readouterr().err
    assert err.count("\n") == 1 and "T-0001" in err and "another order" in err


def test_no_device_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bluetaplib.tiny_command, "Client", functools.partial(bluetaplib.Client, timeout=0.2))
    with ServedDevice() as device:
        address = device.address
    monkeypatch.setenv("BLUETAP_TRANSPORT", address)
    with TinyCommand() as tiny:
        assert tiny.SendPayCommand(PayCommand("TRUEMONEY")) is ResultCode.DEVICE_DISCONNECTED
    err = capfd.readouterr().err
    assert err.count("\n") == 1 and address in err and "bluetap emulate" in err


@pytest.mark.parametrize("name, value", [
    ("BLUETAP_TRANSPORT", "nowhere"),
    ("BLUETAP_TRANSPORT", "tcp://"),
    ("BLUETAP_ALLOW_SIMULATED", "yes"),
    ("BLUETAP_ALLOW_SIMULATED", ""),
])
def test_a_wrong_variable_is_told_in_one_line(
    name: str, value: str, served: ServedDevice, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    with TinyCommand() as tiny:
        assert tiny.SendPayCommand(PayCommand("TRUEMONEY")) is ResultCode.DEVICE_DISCONNECTED
    err = capfd.readouterr().err
    assert err.count("\n") == 1 and name in err and "Nothing was sent." in err
    assert served.connections == 0


@pytest.mark.parametrize("name, value", [("BLUETAP_ALLOW_SIMULATED", "0"), ("BLUETAP_DEVICE", "T-0002")])
def test_the_wrong_device_gets_no_pay(
    name: str, value: str, served: ServedDevice, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    with TinyCommand() as tiny:
        assert tiny.SendPayCommand(PayCommand("TRUEMONEY")) is ResultCode.DEVICE_DISCONNECTED
    err = capfd.readouterr().err
    assert err.count("\n") == 1 and "T-0001" in err and name in err
    assert served.heard == ["HELLO"] and served.device.shown == []


def test_the_first_calls_of_several_threads_open_one_connection(served: ServedDevice) -> None:
    codes: List[ResultCode] = []
    with TinyCommand() as tiny:

        def pay() -> None:
            codes.append(tiny.SendPayCommand(PayCommand("TRUEMONEY")))

        threads = [threading.Thread(target=pay) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(20)
    assert codes == [ResultCode.SUCCESS] * 8 and served.connections == 1
    served.wait_until_closed()


def test_a_program_without_stderr_gets_its_code(served: ServedDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    with TinyCommand() as tiny:
        assert tiny.SendPayCommand(PayCommand("Test")) is ResultCode.PARAM_ILLEGAL


def test_ctrl_c_passes_and_the_result_stays(served: ServedDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = TinyCommand()
    tiny.SendPayCommand(PayCommand("TRUEMONEY"))
    assert tiny._client is not None and tiny._client._sessions.line is not None
    served.script = [execute_silently]

    def interrupted(_: float) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(tiny._client._sessions.line, "read", interrupted)
    # The first look for a message comes before the command.
    with pytest.raises(KeyboardInterrupt):
        tiny.SendPayCommand(PayCommand("SEVEN_11"))
    assert tiny.last_result is not None and tiny.last_result.code is not ResultCode.SUCCESS
    monkeypatch.undo()
    monkeypatch.setenv("BLUETAP_TRANSPORT", served.address)
    served.script = []
    assert tiny.SendPayCommand(PayCommand("SEVEN_11")) is ResultCode.SUCCESS
    tiny.close()
    tiny.close()
    served.wait_until_closed()


def test_a_program_that_does_not_close_ends_and_its_connection_too(served: ServedDevice) -> None:
    ended = run([str(PACKAGE / "examples/payments.py")], served.address)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.count("never") + ended.stdout.count("does not say that the shopper has paid") == 2
    assert [each.method for each in served.device.shown] == ["TRUEMONEY", "SEVEN_11"]
    served.wait_until_closed()


def test_the_vendors_sample_shows_two_payment_links(served: ServedDevice) -> None:
    # The sample as it came, if it is there. It imports `hid` too.
    sample = ROOT.parent / "shared/samples/sample.py"
    text = sample.read_text(encoding="utf-8") if sample.is_file() else SAMPLE
    ended = run(["-c", text], served.address)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert [each.method for each in served.device.shown] == ["TRUEMONEY", "SEVEN_11"]


SAMPLE = """
import bluetaplib
tiny = bluetaplib.TinyCommand()
tiny.SendPayCommand(bluetaplib.PayCommand(bluetaplib.PaymentMethod.TRUEMONEY))
tiny.SendPayCommand(bluetaplib.PayCommand(bluetaplib.PaymentMethod.SEVEN_11))
"""


def test_two_programs_at_one_device_are_each_told_the_truth() -> None:
    with ServedDevice(SmallDevice()) as device:
        program = "\n".join([
            "import bluetaplib",
            "tiny = bluetaplib.TinyCommand()",
            "for number in range(20):",
            "    tiny.SendPayCommand(bluetaplib.PayCommand('TRUEMONEY', None, f'{NAME}{number}'))",
            "    print(number, tiny.last_result.outcome)",
        ])
        ended: List[Any] = []
        threads = [
            threading.Thread(target=lambda name=name: ended.append(
                (name, run(["-c", f"NAME = {name!r}\n{program}"], device.address))
            )) for name in ("A", "B")
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join(60)
        shown = [each.order_id for each in device.device.shown]
        assert len(shown) == len(set(shown))
        for name, program_ended in ended:
            assert program_ended.returncode == 0
            told = [line.split() for line in program_ended.stdout.splitlines()]
            assert len(told) == 20
            for number, outcome in told:
                assert outcome in ("executed", "refused")
                assert (f"{name}{number}" in shown) == (outcome == "executed")
