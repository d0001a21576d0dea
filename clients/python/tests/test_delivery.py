"""The delivery of one command to a device that loses, delays, damages and contradicts. docs/protocol.md section 4."""

from typing import Any, List, Tuple

import pytest

from bluetaplib import Attempt, CommandNumber, LinkLive, Outcome, Previous, ResultCode, State
from bluetaplib.protocol import encode_message
from bluetaplib.transports import TransportError

from scripted import Behaviour, Bench, after_noise, changed, damaged, garbage, gone, ignore, late, lose, obey
from scripted import other_device, refuse, restart, then, twice, unplug
from small_device import SmallDevice

SUCCESS, GONE = ResultCode.SUCCESS, ResultCode.DEVICE_DISCONNECTED
FAIL, UNKNOWN_EXCEPTION = ResultCode.PROCESS_FAIL, ResultCode.UNKNOWN_EXCEPTION
PAY = {"payment_method": "TRUEMONEY", "order_id": "ORDER-1"}


def test_a_pay_shows_its_payment_link() -> None:
    bench = Bench()
    result = bench.client().pay("TRUEMONEY", amount="120.00", order_id="ORDER-1", expiry_time=30)
    assert (result.code, result.outcome, result.link_live) == (SUCCESS, Outcome.EXECUTED, LinkLive.YES)
    assert (result.state, result.remaining, result.taps, result.pending) == (State.READY, 30, None, False)
    assert result.attempt == Attempt("PAY", "T-0001", 7, 40001, 1, None)
    assert result.device is not None and result.device.serial_number == "T-0001"
    assert bench.device.shown == [("TRUEMONEY", "120.00", "ORDER-1")]
    assert bench.heard == ["HELLO", "PAY"]


def test_a_second_pay_uses_the_session_and_tells_what_it_replaced() -> None:
    bench = Bench()
    client = bench.client()
    client.pay(**PAY)
    result = client.pay("SEVEN_11")
    assert result.previous == Previous("ready", 0)
    assert result.attempt is not None and result.attempt.last == CommandNumber(40001, 1)
    assert bench.heard == ["HELLO", "PAY", "PAY"]


def test_the_same_bytes_are_sent_again_after_a_second() -> None:
    bench = Bench()
    bench.script = [obey, lose, lose, obey]
    result = bench.client().pay(**PAY)
    assert (result.code, result.outcome) == (SUCCESS, Outcome.EXECUTED)
    copies = [data for _, data in bench.received[1:]]
    assert len(copies) == 3 and len(set(copies)) == 1
    assert bench.times == [0, 0, 1, 2]
    assert len(bench.device.shown) == 1


# Each row: what the device does from HELLO on; the requests; code, outcome, link_live, pending; payment links that
# the device has shown.
Row = Tuple[str, List[Behaviour], List[str], Any, Outcome, LinkLive, bool, int]
SENT3 = ["HELLO", "PAY", "PAY", "PAY", "HELLO"]
YES, NO, NOT_KNOWN = LinkLive.YES, LinkLive.NO, LinkLive.UNKNOWN


def _expires(bench: Bench) -> None:
    bench.device.state = "expired"


def _other_host(bench: Bench) -> None:
    bench.device.pay_of_another_host()


ROWS: List[Row] = [
    ("every reply is lost", [obey, lose, lose, lose], SENT3, SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ("every copy is lost", [obey, ignore, ignore, ignore], SENT3, FAIL, Outcome.NOT_EXECUTED, NO, False, 0),
    (
        *("lost, and expired since", [obey, lose, lose, then(lose, _expires)], SENT3),
        *(SUCCESS, Outcome.EXECUTED, NO, False, 1),
    ),
    (
        *("lost, and restarted", [obey, lose, lose, then(lose, restart)], SENT3),
        *(UNKNOWN_EXCEPTION, Outcome.UNKNOWN, NO, False, 1),
    ),
    (
        *("lost, and another host has acted", [obey, lose, lose, then(lose, _other_host)], SENT3),
        *(UNKNOWN_EXCEPTION, Outcome.UNKNOWN, NO, False, 2),
    ),
    (
        *("a restart before the second copy", [obey, then(lose, restart)], ["HELLO", "PAY", "PAY", "HELLO"]),
        *(UNKNOWN_EXCEPTION, Outcome.UNKNOWN, NO, False, 1),
    ),
    (
        *("an unplug after the execution", [obey, then(lose, unplug)], ["HELLO", "PAY", "HELLO"]),
        *(SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ),
    (
        *("an unplug before the execution", [obey, then(ignore, unplug)], ["HELLO", "PAY", "HELLO"]),
        *(FAIL, Outcome.NOT_EXECUTED, NO, False, 0),
    ),
    (
        *("another device is there now", [obey, then(lose, other_device)], ["HELLO", "PAY", "HELLO"]),
        *(GONE, Outcome.UNKNOWN, NOT_KNOWN, True, 1),
    ),
    ("gone for ever", [obey, then(lose, gone)], ["HELLO", "PAY"], GONE, Outcome.UNKNOWN, NOT_KNOWN, True, 1),
    (
        *("silent for ever", [obey, lose, lose, lose, ignore, ignore, ignore], [*SENT3, "HELLO"]),
        *(UNKNOWN_EXCEPTION, Outcome.UNKNOWN, NOT_KNOWN, True, 1),
    ),
    ("a reply that comes late", [obey, late(1.5)], ["HELLO", "PAY", "PAY"], SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ("a reply that comes twice", [twice, twice], ["HELLO", "PAY"], SUCCESS, Outcome.EXECUTED, YES, False, 1),
    (
        *("a damaged reply", [damaged, obey, damaged], ["HELLO", "HELLO", "PAY", "PAY"]),
        *(SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ),
    ("garbage", [garbage, obey, garbage], ["HELLO", "HELLO", "PAY", "PAY"], SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ("noise before a reply", [after_noise, after_noise], ["HELLO", "PAY"], SUCCESS, Outcome.EXECUTED, YES, False, 1),
    (
        *("a reply of another session", [obey, changed(session=3)], ["HELLO", "PAY", "PAY"]),
        *(SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ),
    (
        *("a reply of another sequence", [obey, changed(sequence=9)], ["HELLO", "PAY", "PAY"]),
        *(SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ),
    (
        *("HELLO is lost twice", [ignore, ignore], ["HELLO", "HELLO", "HELLO", "PAY"]),
        *(SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ),
    (
        *("a reply to another HELLO", [changed({"nonce": 1})], ["HELLO", "HELLO", "PAY"]),
        *(SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ),
    (
        *("a refusal of the fields", [obey, refuse(3, "PARAM_ILLEGAL")], ["HELLO", "PAY"]),
        *(ResultCode.PARAM_ILLEGAL, Outcome.REFUSED, NO, False, 0),
    ),
    ("a broken NFC part", [obey, refuse(6)], ["HELLO", "PAY"], FAIL, Outcome.REFUSED, NO, False, 0),
    (
        *("an internal error", [obey, refuse(11, "UNKNOWN_EXCEPTION")], ["HELLO", "PAY"]),
        *(UNKNOWN_EXCEPTION, Outcome.REFUSED, NO, False, 0),
    ),
    ("a reason of a later version", [obey, refuse(200)], ["HELLO", "PAY"], FAIL, Outcome.REFUSED, NO, False, 0),
    (
        *("the session was taken", [obey, refuse(4)], ["HELLO", "PAY", "HELLO", "PAY"]),
        *(SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ),
    (
        *("the session was taken twice", [obey, refuse(4), obey, refuse(4)], ["HELLO", "PAY", "HELLO", "PAY"]),
        *(FAIL, Outcome.REFUSED, NO, False, 0),
    ),
    ("reason 10 to the only copy", [obey, refuse(10)], ["HELLO", "PAY"], FAIL, Outcome.REFUSED, NO, False, 0),
    (
        *("reason 4 to the second copy", [obey, lose, refuse(4)], ["HELLO", "PAY", "PAY", "HELLO"]),
        *(SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ),
    (
        *("reason 10 to the second copy", [obey, ignore, refuse(10)], ["HELLO", "PAY", "PAY", "HELLO"]),
        *(FAIL, Outcome.NOT_EXECUTED, NO, False, 0),
    ),
    ("HELLO is refused", [refuse(9)] * 100, ["HELLO"] * 20, FAIL, Outcome.NOT_SENT, NO, False, 0),
    (
        *("a reply that cannot be true", [obey, changed({"state": "idle"})], ["HELLO", "PAY", "PAY"]),
        *(SUCCESS, Outcome.EXECUTED, YES, False, 1),
    ),
    (
        *("a last command that was forgotten", [obey, lose, lose, lose, changed({"lastCommand": None})], SENT3),
        *(UNKNOWN_EXCEPTION, Outcome.UNKNOWN, NOT_KNOWN, False, 1),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_way_in_which_a_pay_can_end(row: Row) -> None:
    _, script, heard, code, outcome, live, pending, shown = row
    bench = Bench()
    first = bench.device
    bench.script = list(script)
    client = bench.client()
    result = client.pay(**PAY)
    assert (result.code, result.outcome, result.link_live, result.pending) == (code, outcome, live, pending)
    assert bench.heard[: len(heard)] == heard and set(bench.heard[len(heard) :]) <= {"HELLO"}
    assert len(first.shown) == shown
    assert [each.shown for each in bench.devices if each is not first] in ([], [[]])
    assert (result.error is None) == (code == SUCCESS)
    assert client.pending_attempts == ([result.attempt] if pending else [])
    assert bench.clock.time - bench.started <= 5.001


CANCELS: List[Tuple[str, List[Behaviour], Outcome, LinkLive]] = [
    ("executed", [lose, lose, lose], Outcome.EXECUTED, NO),
    ("not executed", [ignore, ignore, ignore], Outcome.NOT_EXECUTED, YES),
    ("unknown: another host has acted", [lose, lose, then(lose, _other_host)], Outcome.UNKNOWN, NOT_KNOWN),
    ("unknown: restarted", [lose, lose, then(lose, restart)], Outcome.UNKNOWN, NO),
    ("unknown: another device", [then(lose, other_device)], Outcome.UNKNOWN, NOT_KNOWN),
    ("refused: the session was taken twice", [refuse(4), obey, refuse(4)], Outcome.REFUSED, NOT_KNOWN),
]


@pytest.mark.parametrize("name, script, outcome, live", CANCELS, ids=[row[0] for row in CANCELS])
def test_each_way_in_which_a_cancel_can_end(
    name: str, script: List[Behaviour], outcome: Outcome, live: LinkLive
) -> None:
    bench = Bench()
    client = bench.client()
    client.pay(**PAY)
    bench.script = list(script)
    result = client.cancel()
    assert (result.outcome, result.link_live) == (outcome, live)


def test_a_cancel_of_another_order_is_refused_and_its_payment_link_is_not_live() -> None:
    bench = Bench()
    client = bench.client()
    client.pay(**PAY)
    result = client.cancel("ORDER-2")
    assert (result.code, result.outcome, result.link_live) == (FAIL, Outcome.REFUSED, NO)
    assert result.error is not None and result.error.reason == 5
    assert bench.device.state == "ready"


def test_a_cancel_of_one_order_that_was_not_executed_leaves_it_open_whether_it_is_live() -> None:
    bench = Bench()
    client = bench.client()
    client.pay(**PAY)
    bench.script = [ignore, ignore, ignore]
    result = client.cancel("ORDER-1")
    assert (result.outcome, result.link_live) == (Outcome.NOT_EXECUTED, NOT_KNOWN)


def test_a_cancel_that_tells_fewer_taps_is_believed_except_for_the_taps() -> None:
    bench = Bench()
    client = bench.client()
    client.pay(**PAY)
    for _ in range(3):
        bench.channels[-1].push([(0.0, encode_message(bench.device.tap()))])
    bench.script = [changed({"taps": 1})]
    result = client.cancel()
    assert (result.outcome, result.taps) == (Outcome.EXECUTED, 3)
    assert client.statistics.contradictions == 1


@pytest.mark.parametrize("error", [TransportError("timeout", "took no bytes"), TransportError("io", "broken")])
def test_a_write_that_fails_can_have_reached_the_device(error: TransportError) -> None:
    # The bytes have left, and the system says that the write has failed.
    bench = Bench()
    client = bench.client()
    client.connect()
    bench.channels[-1].write_error = error
    result = client.pay(**PAY)
    assert (result.code, result.outcome, result.link_live) == (SUCCESS, Outcome.EXECUTED, YES)
    assert bench.heard == ["HELLO", "PAY", "HELLO"]
    assert len(bench.device.shown) == 1


def test_a_transport_that_fails_in_its_own_way_leaves_a_doubt_and_no_exception() -> None:
    bench = Bench()
    client = bench.client()
    client.connect()
    bench.channels[-1].write_error = RuntimeError("a fault of the transport")
    result = client.pay(**PAY)
    assert (result.outcome, result.link_live, result.pending) == (Outcome.UNKNOWN, NOT_KNOWN, True)
    assert result.error is not None and "do not send it again" in result.error.message
    again = client.pay("SEVEN_11")
    assert again.outcome is Outcome.EXECUTED and client.pending_attempts == []


def test_a_transport_that_cannot_list_in_its_own_way_sends_nothing() -> None:
    bench = Bench()
    bench.list = lambda: 1 // 0  # type: ignore[method-assign,assignment,return-value]
    result = bench.client().pay(**PAY)
    assert (result.code, result.outcome, result.link_live) == (FAIL, Outcome.NOT_SENT, NO)


def test_a_session_number_that_was_used_is_not_believed() -> None:
    bench = Bench()
    client = bench.client()
    client.pay(**PAY)
    bench.script = [lose, lose, lose, changed(session=40001), obey]
    result = client.pay("SEVEN_11")
    assert result.outcome is Outcome.EXECUTED
    assert client.statistics.contradictions == 1
    assert bench.heard[-2:] == ["HELLO", "HELLO"]


def test_after_255_requests_there_is_another_session() -> None:
    bench = Bench()
    client = bench.client()
    for _ in range(256):
        assert client.pay("TRUEMONEY").outcome is Outcome.EXECUTED
    assert bench.heard.count("HELLO") == 2
    assert [message.sequence for message in bench.messages()[-3:]] == [255, 0, 1]


@pytest.mark.parametrize("timeout", [0.2, 1.0, 2.5, 60])
def test_a_call_ends_in_its_time(timeout: float) -> None:
    bench = Bench()
    bench.script = [obey] + [lose] * 1000
    result = bench.client(timeout=timeout).pay(**PAY)
    assert result.outcome is Outcome.UNKNOWN and result.pending
    assert bench.clock.time - bench.started == pytest.approx(timeout, abs=0.3)
    assert bench.heard.count("PAY") == min(3, int(timeout + 0.999))


def test_a_device_that_comes_within_the_time_is_used() -> None:
    bench = Bench()
    bench.devices, later = [], bench.devices
    list_now = bench.list

    def list_later() -> Any:
        bench.devices = later if bench.clock.time > bench.started + 2 else []
        return list_now()

    bench.list = list_later  # type: ignore[method-assign]
    assert bench.client().pay(**PAY).outcome is Outcome.EXECUTED


@pytest.mark.parametrize("code", ["not-found", "access-denied", "busy", "io"])
def test_a_device_that_cannot_be_opened_gets_nothing(code: Any) -> None:
    bench = Bench()
    bench.open_error = TransportError(code, f"the device is {code}: do something")
    result = bench.client().pay(**PAY)
    assert (result.code, result.outcome, result.link_live) == (GONE, Outcome.NOT_SENT, NO)
    assert result.error is not None and f"the device is {code}: do something" in result.error.message
    assert bench.clock.time - bench.started == pytest.approx(5, abs=0.3)


def test_a_library_that_is_missing_is_told_at_once() -> None:
    bench = Bench()
    bench.open_error = TransportError("missing-library", "install python3-hid")
    assert bench.client().pay(**PAY).code is GONE
    assert bench.clock.time == bench.started


def test_two_devices_are_named_and_none_is_chosen() -> None:
    bench = Bench(SmallDevice("T-0001"), SmallDevice("T-0002"))
    result = bench.client().pay(**PAY)
    assert (result.code, result.outcome) == (GONE, Outcome.NOT_SENT)
    assert result.error is not None
    for word in ("T-0001", "T-0002", "BLUETAP_DEVICE"):
        assert word in result.error.message
    assert bench.heard == []


def test_the_device_with_the_serial_number_is_used() -> None:
    bench = Bench(SmallDevice("T-0001"), SmallDevice("T-0002"))
    assert bench.client(device="T-0002").pay(**PAY).outcome is Outcome.EXECUTED
    assert [len(each.shown) for each in bench.devices] == [0, 1]


def test_a_device_that_answers_with_another_serial_number_gets_no_pay() -> None:
    bench = Bench()
    bench.script = [changed({"serialNumber": "T-0009"})]
    result = bench.client(device="T-0001").pay(**PAY)
    assert (result.code, result.outcome) == (GONE, Outcome.NOT_SENT)
    assert result.error is not None and "T-0009" in result.error.message
    assert bench.device.shown == []


@pytest.mark.parametrize("simulated, allowed, outcome", [
    (True, True, Outcome.EXECUTED),
    (True, False, Outcome.NOT_SENT),
    (False, False, Outcome.EXECUTED),
])
def test_a_simulated_device_is_refused_on_request(simulated: bool, allowed: bool, outcome: Outcome) -> None:
    bench = Bench(SmallDevice(simulated=simulated))
    assert bench.client(allow_simulated=allowed).pay(**PAY).outcome is outcome
    assert len(bench.device.shown) == (outcome is Outcome.EXECUTED)
