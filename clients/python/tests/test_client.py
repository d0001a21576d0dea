"""The client: its options, its calls beside each other, doubts over several calls and runs, and events."""

import json
import threading
from typing import Any, Callable, List

import pytest

from bluetaplib import (
    Attempt,
    BlueTapError,
    Client,
    CommandNumber,
    LinkLive,
    Outcome,
    ParamIllegal,
    PaymentMethod,
    ResultCode,
    State,
    attempt_from_json,
    attempt_json,
)
from bluetaplib.protocol import Message, encode_message
from bluetaplib.transports import TransportError

from scripted import Bench, changed, gone, ignore, lose, obey, other_device, refuse, restart, then, unplug

# Fields


class Other(str):
    """A string of another kind."""


WRONG_FIELDS = [
    *[("paymentMethod", {"payment_method": each}) for each in (None, "", "Test", "truemoney", 1, True, b"TRUEMONEY")],
    *[("paymentMethod", {"payment_method": each}) for each in (["TRUEMONEY"], object(), State.READY, ResultCode)],
    *[("amount", {"amount": each}) for each in ("", "1,00", "1.", ".5", "-1", "1e3", "123456789", " 1", "1\n")],
    *[("amount", {"amount": each}) for each in (120, 120.0, True, b"120", "\u0661", float("nan"))],
    *[("orderId", {"order_id": each}) for each in ("", "a b", "x" * 17, "\u0e3f", "a\n", "a\0", 5, False, b"a")],
    *[("expiryTime", {"expiry_time": each}) for each in (0, -1, 2**31, 1.5, float("nan"), "30", True, [30])],
]


@pytest.mark.parametrize(
    "field, values", WRONG_FIELDS, ids=[f"{name} {list(each.values())[0]!r}" for name, each in WRONG_FIELDS]
)
def test_a_wrong_field_is_named_and_nothing_is_sent(field: str, values: Any) -> None:
    bench = Bench()
    result = bench.client().pay(**{"payment_method": "TRUEMONEY", **values})
    assert (result.code, result.outcome) == (ResultCode.PARAM_ILLEGAL, Outcome.NOT_SENT)
    assert (result.link_live, result.pending, result.attempt) == (LinkLive.NO, False, None)
    assert result.error is not None and field in result.error.message and "\n" not in result.error.message
    assert bench.channels == []


def test_every_wrong_field_is_named() -> None:
    result = Bench().client().pay("Test", amount="x", order_id=" ", expiry_time=0)
    assert result.error is not None
    for name in ("paymentMethod", "amount", "orderId", "expiryTime"):
        assert name in result.error.message


def test_the_longest_and_the_shortest_values_are_sent() -> None:
    bench = Bench()
    client = bench.client()
    longest = {"amount": "99999.99", "order_id": "x" * 16, "expiry_time": 2**31 - 1}
    for values in (longest, {"amount": "0", "order_id": "!"}):
        assert client.pay(PaymentMethod.ALIPAY_PLUS, **values).code is ResultCode.SUCCESS  # type: ignore[arg-type]
    assert client.cancel("!").code is ResultCode.SUCCESS
    assert client.cancel("\t").code is ResultCode.PARAM_ILLEGAL


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), "5", True, 10**9, [5]])
def test_a_wrong_timeout_is_named(timeout: Any) -> None:
    bench = Bench()
    assert bench.client().pay("TRUEMONEY", timeout=timeout).code is ResultCode.PARAM_ILLEGAL
    for wrong in (lambda: bench.client(timeout=timeout), lambda: bench.client().status(timeout=timeout)):
        with pytest.raises(ParamIllegal, match="timeout"):
            wrong()
    assert bench.channels == []


@pytest.mark.parametrize("options", [{"allow_simulated": 1}, {"allow_simulated": "no"}, {"device": 5}])
def test_a_wrong_option_is_named(options: Any) -> None:
    with pytest.raises(ParamIllegal, match=list(options)[0]):
        Bench().client(**options)


def test_a_wrong_address_is_named() -> None:
    with pytest.raises(ValueError, match="tcp://"):
        Client("nowhere")


# The attempt, and doubts


def test_the_attempt_is_known_before_the_first_byte_leaves() -> None:
    bench = Bench()
    heard: List[List[str]] = []
    attempts: List[Attempt] = []

    def store(attempt: Attempt) -> None:
        attempts.append(attempt)
        heard.append(bench.heard)

    result = bench.client().pay("TRUEMONEY", on_attempt=store)
    assert heard == [["HELLO"]] and attempts == [result.attempt]


def test_nothing_is_sent_if_the_attempt_cannot_be_stored() -> None:
    bench = Bench()

    def fail(_: Attempt) -> None:
        raise OSError("the disk is full")

    result = bench.client().pay("TRUEMONEY", on_attempt=fail)
    assert (result.code, result.outcome, result.link_live) == (ResultCode.PROCESS_FAIL, Outcome.NOT_SENT, LinkLive.NO)
    assert result.error is not None and "the disk is full" in result.error.message
    assert bench.heard == ["HELLO"]
    assert bench.client().pay("TRUEMONEY", on_attempt=5).code is ResultCode.PARAM_ILLEGAL  # type: ignore[arg-type]


@pytest.mark.parametrize("behaviour, outcome", [(lose, Outcome.EXECUTED), (ignore, Outcome.NOT_EXECUTED)])
def test_the_next_call_asks_about_a_doubt_before_it_sends(behaviour: Any, outcome: Outcome) -> None:
    bench = Bench()
    bench.script = [obey, behaviour, *[lose] * 2, *[ignore] * 10] if behaviour is lose else [obey, *[ignore] * 13]
    client = bench.client()
    first = client.pay("TRUEMONEY")
    assert first.pending and first.attempt is not None and client.pending_attempts == [first.attempt]
    bench.script = []
    before = len(bench.heard)
    assert client.pay("SEVEN_11").outcome is Outcome.EXECUTED
    assert bench.heard[before:] == ["HELLO", "PAY"]
    assert client.pending_attempts == []
    resolution = client.outcome_of(first.attempt)
    assert (resolution.outcome, resolution.pending) == (outcome, False)


@pytest.mark.parametrize("since, outcome, live", [
    (lambda bench: None, Outcome.EXECUTED, LinkLive.YES),
    (lambda bench: bench.device.restart(), Outcome.UNKNOWN, LinkLive.NO),
    (lambda bench: bench.device.pay_of_another_host(), Outcome.UNKNOWN, LinkLive.NO),
])
def test_a_doubt_is_asked_about_after_a_restart_of_the_program(
    since: Callable[[Bench], None], outcome: Outcome, live: LinkLive
) -> None:
    bench = Bench()
    bench.script = [obey, then(lose, gone)]
    device, stored = bench.device, []  # type: Any
    first = bench.client().pay("TRUEMONEY", on_attempt=lambda attempt: stored.append(json.dumps(attempt_json(attempt))))
    assert first.pending
    # The program ends here. Its next run has only what it stored.
    bench.devices = [device]
    since(bench)
    attempt = attempt_from_json(json.loads(stored[0]))
    assert attempt == first.attempt
    client = bench.client(pending_attempts=[attempt])
    resolved: List[Any] = []
    told = threading.Event()
    client.on("resolved", lambda resolution: (resolved.append(resolution), told.set()))
    before = len(bench.heard)
    client.connect()
    assert bench.heard[before:] == ["HELLO"] and client.pending_attempts == []
    assert told.wait(10)
    assert [(each.attempt, each.outcome, each.link_live, each.pending) for each in resolved] == [
        (attempt, outcome, live, False)
    ]
    client.close()


def test_another_device_leaves_the_doubt_open() -> None:
    bench = Bench()
    bench.script = [obey, then(lose, other_device)]
    client = bench.client()
    first = client.pay("TRUEMONEY")
    assert first.attempt is not None
    resolution = client.outcome_of(first.attempt)
    assert (resolution.outcome, resolution.link_live, resolution.pending) == (Outcome.UNKNOWN, LinkLive.UNKNOWN, True)
    assert client.pending_attempts == [first.attempt]


@pytest.mark.parametrize("told", [None, [], {}, "x", 5, {"command": "PAY"}, {"command": "PAY", "last": None}])
def test_what_is_no_attempt_is_refused(told: Any) -> None:
    with pytest.raises(ValueError):
        attempt_from_json(told)
    with pytest.raises(ParamIllegal, match="attempt"):
        Bench().client().outcome_of(told)
    with pytest.raises(ParamIllegal, match="attempt"):
        Bench().client(pending_attempts=[told])


def test_an_attempt_comes_back_from_json() -> None:
    largest = Attempt("CANCEL", "S", 2**32 - 1, 65535, 255, CommandNumber(1, 2), True)
    for attempt in (Attempt("PAY", "S", 1, 2, 3), largest):
        assert attempt_from_json(json.loads(json.dumps(attempt_json(attempt)))) == attempt


# Ctrl-C


def _interrupt(bench: Bench) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("executed", [True, False])
def test_ctrl_c_in_a_call_leaves_a_doubt_that_the_next_call_asks_about(executed: bool) -> None:
    bench = Bench()
    client = bench.client()
    bench.script = [obey, then(lose if executed else ignore, _interrupt)]
    with pytest.raises(KeyboardInterrupt):
        client.pay("TRUEMONEY")
    known = client.last_result
    assert known is not None and known.attempt is not None and known.pending
    assert (known.outcome, known.link_live) == (Outcome.UNKNOWN, LinkLive.UNKNOWN)
    assert client.pending_attempts == [known.attempt]
    assert client.pay("SEVEN_11").outcome is Outcome.EXECUTED
    assert bench.heard == ["HELLO", "PAY", "HELLO", "PAY"]
    outcome = Outcome.EXECUTED if executed else Outcome.NOT_EXECUTED
    assert client.outcome_of(known.attempt).outcome is outcome
    client.close()
    assert all(channel.closed for channel in bench.channels)


def test_ctrl_c_before_the_command_leaves_no_doubt() -> None:
    bench = Bench()
    bench.script = [then(ignore, _interrupt)]
    client = bench.client()
    with pytest.raises(KeyboardInterrupt):
        client.pay("TRUEMONEY")
    assert client.last_result is not None and client.last_result.outcome is Outcome.NOT_SENT
    assert client.pending_attempts == []
    assert client.pay("TRUEMONEY").outcome is Outcome.EXECUTED


def test_ctrl_c_after_the_reply_keeps_the_result() -> None:
    bench = Bench()
    client = bench.client()
    client.pay("TRUEMONEY")
    # A gap in the LINKs, so that the client asks with STATUS behind the reply.
    bench.device._links = 5
    bench.script = [
        lambda bench, message: [
            (0.0, obey(bench, message)[0][1] + encode_message(bench.device.tap())),
        ],
        then(ignore, _interrupt),
    ]
    with pytest.raises(KeyboardInterrupt):
        client.pay("SEVEN_11")
    assert client.last_result is not None and client.last_result.outcome is Outcome.EXECUTED
    assert client.pending_attempts == []


# Status, and the device


def test_status_tells_the_live_payment_link() -> None:
    bench = Bench()
    client = bench.client()
    client.pay("TRUEMONEY", amount="1.50", order_id="A")
    status = client.status()
    assert (status.state, status.taps, status.remaining) == (State.READY, 0, 900)
    assert (status.payment_method, status.amount, status.order_id) == ("TRUEMONEY", "1.50", "A")
    client.cancel()
    assert client.status().state is State.CANCELLED and client.status().payment_method is None


def test_status_in_a_session_that_was_taken_opens_another_one() -> None:
    bench = Bench()
    client = bench.client()
    client.connect()
    bench.device.hello()
    assert client.status().state is State.IDLE
    assert bench.heard == ["HELLO", "STATUS", "HELLO", "STATUS"]


@pytest.mark.parametrize("script, code", [
    ([obey, *[ignore] * 20], ResultCode.UNKNOWN_EXCEPTION),
    ([*[ignore] * 20], ResultCode.DEVICE_DISCONNECTED),
    ([obey, refuse(11, "UNKNOWN_EXCEPTION")], ResultCode.UNKNOWN_EXCEPTION),
    ([obey, then(ignore, gone)], ResultCode.DEVICE_DISCONNECTED),
])
def test_status_that_fails_raises(script: Any, code: ResultCode) -> None:
    bench = Bench()
    bench.script = script
    with pytest.raises(BlueTapError) as caught:
        bench.client().status()
    assert caught.value.code is code


def test_connect_says_what_the_device_is() -> None:
    client = Bench().client()
    device = client.connect()
    assert (device.model, device.firmware) == ("BT-TEST", "1.0.0")
    assert (device.serial_number, device.boot_id, device.simulated, device.id) == ("T-0001", 7, True, "bench-T-0001")
    assert client.device == device


# LINK and events


def _listen(client: Client) -> "Any":
    events: List[Any] = []
    changed_ = threading.Condition()

    def note(name: str) -> Callable[[Any], None]:
        def listener(event: Any) -> None:
            with changed_:
                events.append((name, event))
                changed_.notify_all()

        return listener

    for name in ("connected", "disconnected", "link", "resolved"):
        client.on(name, note(name))

    def wait(count: int) -> List[Any]:
        with changed_:
            assert changed_.wait_for(lambda: len(events) >= count, 10), events
            return events

    return wait


def test_events_come_in_their_order() -> None:
    bench = Bench()
    client = bench.client()
    wait = _listen(client)
    client.pay("TRUEMONEY", order_id="A")
    bench.channels[-1].push([(0.0, encode_message(bench.device.tap()))])
    client.status()
    unplug(bench)
    bench.device.restart()
    client.status()
    found = wait(4)
    assert [name for name, _ in found] == ["connected", "link", "disconnected", "connected"]
    assert (found[1][1].state, found[1][1].taps, found[1][1].order_id) == (State.READY, 1, "A")
    client.close()


def test_a_link_of_another_session_and_a_repeated_link_are_dropped() -> None:
    bench = Bench()
    client = bench.client()
    client.pay("TRUEMONEY")
    tap = bench.device.tap()
    bench.channels[-1].push([(0.0, encode_message(tap._replace(session=3)))])
    bench.channels[-1].push([(0.0, encode_message(tap)), (0.0, encode_message(tap))])
    wait = _listen(client)
    client.status()
    assert len(wait(1)) == 1
    assert client.statistics.dropped["a stray LINK"] == 1
    client.close()


def test_a_gap_in_the_links_is_asked_about() -> None:
    bench = Bench()
    client = bench.client()
    client.pay("TRUEMONEY")
    bench.device.tap()
    bench.channels[-1].push([(0.0, encode_message(bench.device.tap()))])
    client.cancel("NOT-THIS")
    assert bench.heard == ["HELLO", "PAY", "CANCEL", "STATUS"]


def test_a_link_that_revives_a_payment_link_is_not_believed() -> None:
    bench = Bench()
    client = bench.client()
    client.connect()
    bench.channels[-1].push([(0.0, encode_message(Message("LINK", bench.device.session, 1, {"state": "ready"})))])
    client.cancel()
    assert client.statistics.contradictions == 1
    assert bench.heard == ["HELLO", "CANCEL", "STATUS"]


def test_a_listener_that_raises_touches_no_payment(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    client = bench.client()

    def fail(_: Any) -> None:
        raise RuntimeError("a fault of the listener")

    client.on("connected", fail)
    wait = _listen(client)
    assert client.pay("TRUEMONEY").outcome is Outcome.EXECUTED
    wait(1)
    client.close()
    assert "a fault of the listener" in caplog.text


def test_a_listener_may_call_the_client() -> None:
    bench = Bench()
    client = bench.client()
    asked: List[Any] = []
    done = threading.Event()
    client.on("connected", lambda _: (asked.append(client.status().state), done.set()))
    client.pay("TRUEMONEY")
    assert done.wait(10) and asked == [State.READY]
    client.close()


def test_a_listener_can_be_removed_and_a_wrong_event_is_named() -> None:
    client = Bench().client()
    client.on("link", print)
    client.off("link", print)
    client.off("link", print)
    with pytest.raises(ValueError, match="no event 'taps'.*connected"):
        client.on("taps", print)
    with pytest.raises(TypeError, match="link"):
        client.on("link", None)  # type: ignore[arg-type]
    client.close()


# Several threads, and the end


def test_several_threads_get_their_turns_and_each_its_own_result() -> None:
    bench = Bench()
    client = bench.client()
    results: List[Any] = []

    def pay(number: int) -> None:
        results.append((number, client.pay("TRUEMONEY", order_id=f"T{number}")))

    # The bench is not made for threads, but the client lets only one in.
    threads = [threading.Thread(target=pay, args=(number,)) for number in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(10)
    assert sorted(number for number, _ in results) == list(range(20))
    shown = [each.order_id for each in bench.device.shown]
    for number, result in results:
        assert shown[result.attempt.sequence - 1] == f"T{number}"


def test_a_call_whose_turn_does_not_come_in_time_sends_nothing() -> None:
    bench = Bench()
    client = bench.client()
    inside, go_on = threading.Event(), threading.Event()

    def hold(_: Attempt) -> None:
        inside.set()
        assert go_on.wait(10)

    thread = threading.Thread(target=lambda: client.pay("TRUEMONEY", on_attempt=hold))
    thread.start()
    assert inside.wait(10)
    result = client.pay("SEVEN_11", timeout=0.01)
    with pytest.raises(BlueTapError):
        client.status(timeout=0.01)
    go_on.set()
    thread.join(10)
    assert (result.code, result.outcome) == (ResultCode.PROCESS_FAIL, Outcome.NOT_SENT)
    assert bench.heard == ["HELLO", "PAY"]
    assert client.pay("ALIPAY_CN").outcome is Outcome.EXECUTED


def test_a_closed_client_sends_nothing() -> None:
    bench = Bench()
    with bench.client() as client:
        client.pay("TRUEMONEY")
    client.close()
    result = client.pay("TRUEMONEY")
    assert (result.code, result.outcome) == (ResultCode.PROCESS_FAIL, Outcome.NOT_SENT)
    assert result.error is not None and "closed" in result.error.message
    with pytest.raises(BlueTapError, match="closed"):
        client.status()
    assert len(bench.device.shown) == 1 and bench.channels[-1].closed


def test_an_interrupted_wait_for_a_turn_does_not_block_the_next_one() -> None:
    from bluetaplib.turns import Turns

    turns = Turns()
    assert turns.take()
    late: List[bool] = []
    other = threading.Thread(target=lambda: late.append(turns.take(0.0)))
    other.start()
    other.join()
    assert late == [False]
    wait_for = turns._changed.wait_for

    def interrupted(*_: Any) -> bool:
        raise KeyboardInterrupt

    turns._changed.wait_for = interrupted  # type: ignore[method-assign,assignment]
    interruptions: List[BaseException] = []

    def take() -> None:
        try:
            turns.take()
        except KeyboardInterrupt as error:
            interruptions.append(error)

    other = threading.Thread(target=take)
    other.start()
    other.join()
    assert len(interruptions) == 1
    turns._changed.wait_for = wait_for  # type: ignore[method-assign]
    turns.give()
    assert turns.take(1.0)


def test_the_session_is_opened_again_after_an_unplug() -> None:
    bench = Bench()
    client = bench.client()
    client.pay("TRUEMONEY")
    unplug(bench)
    assert client.pay("SEVEN_11").outcome is Outcome.EXECUTED
    assert bench.heard == ["HELLO", "PAY", "HELLO", "PAY"]
    assert bench.channels[0].closed
    restart(bench)
    bench.script = [changed({})]
    assert client.pay("SEVEN_11").outcome is Outcome.EXECUTED


def test_an_error_of_the_transport_is_in_the_result() -> None:
    bench = Bench()
    bench.open_error = TransportError("access-denied", "install the udev rule")
    result = bench.client(timeout=0.5).pay("TRUEMONEY")
    assert result.error is not None and "install the udev rule" in result.error.message
