"""The client: calls of several threads, the end, listeners, Ctrl-C, and attempts of an earlier run."""

import gc
import os
import threading
from typing import Any, Callable, Iterator, List

import pytest

from bluetaplib import Attempt, BlueTapError, LinkLive, Outcome, ResultCode, State
from bluetaplib.as_json import attempt_from_json, attempt_json
from bluetaplib.protocol import Message

from scripted_world import Answer, Device, World, lose
from waiting import LIMIT, Gate, eventually


def interrupt(_: Message, __: Answer) -> Answer:
    raise KeyboardInterrupt


def started(call: Callable[[], Any]) -> threading.Thread:
    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    return thread


def joined(*threads: threading.Thread) -> None:
    for thread in threads:
        thread.join(LIMIT)
        assert not thread.is_alive()


# Several threads


def test_calls_of_many_threads_run_one_at_a_time() -> None:
    world = World()
    client = world.client()
    results: List[Any] = []
    threads = [started(lambda: results.append(client.pay("TRUEMONEY"))) for _ in range(40)]
    joined(*threads)
    assert [each.outcome for each in results] == [Outcome.EXECUTED] * 40
    assert [message.sequence for message in world.sent] == list(range(41))
    assert sorted(each.attempt.sequence for each in results) == list(range(1, 41))


def test_calls_run_in_the_order_in_which_they_came() -> None:
    world = World()
    client = world.client()
    gate = Gate()
    first = started(lambda: client.pay("TRUEMONEY", order_id="0", on_attempt=lambda _: gate.wait()))
    gate.reached()
    later = []
    for number in range(1, 8):
        later.append(started(lambda number=number: client.pay("TRUEMONEY", order_id=str(number))))
        eventually(lambda: len(client._turns._waiting) == number + 1, "the thread to wait for its turn")
    gate.open()
    joined(first, *later)
    assert [each.fields["orderId"] for each in world.sent if each.name == "PAY"] == [str(each) for each in range(8)]


def test_a_call_inside_on_attempt_is_an_error_and_no_deadlock() -> None:
    world = World()
    client = world.client()
    inside: List[Any] = []
    assert client.pay("TRUEMONEY", on_attempt=lambda _: inside.append(client.pay("TRUEMONEY"))).pending is False
    assert (inside[0].code, inside[0].outcome) == (ResultCode.PROCESS_FAIL, Outcome.NOT_SENT)
    for call in (client.status, client.close):
        result = client.pay("TRUEMONEY", on_attempt=lambda _: call())
        assert (result.outcome, result.error is not None) == (Outcome.NOT_SENT, True)
        assert "on_attempt" in str(result.error)
    assert client.pay("TRUEMONEY").outcome is Outcome.EXECUTED
    assert world.count()["PAY"] == 2


# The end


def test_close_waits_for_the_call_and_ends_the_calls_behind_it() -> None:
    world = World()
    client = world.client()
    gate = Gate()
    results: List[Any] = []
    running = started(lambda: results.append(client.pay("TRUEMONEY", on_attempt=lambda _: gate.wait())))
    gate.reached()
    closing = started(client.close)
    eventually(lambda: len(client._turns._waiting) == 2, "close to wait for its turn")
    behind = started(lambda: results.append(client.pay("TRUEMONEY")))
    eventually(lambda: len(client._turns._waiting) == 3, "the second call to wait for its turn")
    gate.open()
    joined(running, closing, behind)
    assert [(each.code, each.outcome) for each in results] == [
        (ResultCode.SUCCESS, Outcome.EXECUTED), (ResultCode.PROCESS_FAIL, Outcome.NOT_SENT),
    ]
    assert world.channels[-1].closed
    assert world.count()["PAY"] == 1


def test_close_twice_and_calls_after_it() -> None:
    world = World()
    with world.client() as client:
        client.connect()
    client.close()
    assert world.channels[-1].closed
    for call in (client.status, client.connect, lambda: client.outcome_of(Attempt("PAY", "A", 1, 1, 1))):
        with pytest.raises(BlueTapError, match="closed"):
            call()
    assert client.pay("TRUEMONEY").outcome is Outcome.NOT_SENT
    assert world.opened == 1


@pytest.fixture
def nothing_left() -> Iterator[None]:
    gc.collect()
    before = set(threading.enumerate())
    files = len(os.listdir("/proc/self/fd"))
    yield
    gc.collect()
    eventually(lambda: set(threading.enumerate()) <= before, "the end of every thread")
    eventually(lambda: len(os.listdir("/proc/self/fd")) <= files, "the close of every file")


# Events


def test_events_come_in_order_and_a_listener_that_raises_touches_nothing(nothing_left: None) -> None:
    world = World()
    client = world.client()
    told: List[Any] = []
    done = threading.Event()

    def raising(_: Any) -> None:
        raise RuntimeError("a listener of a program")

    for name in ("connected", "disconnected", "link", "resolved"):
        client.on(name, raising)
        client.on(name, lambda event, name=name: told.append((name, event)))
    client.on("disconnected", lambda _: done.set())
    assert client.pay("TRUEMONEY", order_id="A").outcome is Outcome.EXECUTED
    assert world.device is not None
    world.channels[-1].deliver([world.device.link("ready", 1, orderId="A")])
    assert client.status().taps == 1
    world.cut()
    assert client.status().taps == 1
    assert done.wait(LIMIT)
    eventually(lambda: len(told) == 4, "all events")
    assert [name for name, _ in told] == ["connected", "link", "disconnected", "connected"]
    assert (told[1][1].state, told[1][1].taps, told[1][1].order_id) == (State.READY, 1, "A")
    assert told[0][1].serial_number == "A"
    client.close()


def test_another_device_on_the_same_line_is_told() -> None:
    world = World()
    client = world.client()
    told: List[str] = []
    client.on("connected", lambda device: told.append(device.serial_number))
    client.connect()
    world.device = Device("B", 9)
    # The other device does not know the session.
    client.status()
    eventually(lambda: told == ["A", "B"], "both devices")
    client.close()


def test_an_unknown_event_and_a_listener_that_is_no_function() -> None:
    client = World().client()
    with pytest.raises(ValueError, match="paid"):
        client.on("paid", print)
    with pytest.raises(TypeError):
        client.on("link", 5)  # type: ignore[arg-type]


def test_a_removed_listener_is_not_called_and_a_closed_client_starts_no_thread(nothing_left: None) -> None:
    world = World()
    client = world.client()
    told: List[Any] = []
    client.on("connected", told.append)
    client.off("connected", told.append)
    other = threading.Event()
    client.on("connected", lambda _: other.set())
    client.connect()
    assert other.wait(LIMIT)
    assert told == []
    client.close()
    client.on("connected", told.append)


# on_attempt


def test_an_attempt_is_told_before_the_first_byte() -> None:
    world = World()
    seen: List[Any] = []
    result = world.client().pay("TRUEMONEY", on_attempt=lambda attempt: seen.append((attempt, world.names())))
    assert seen == [(result.attempt, ["HELLO"])]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_on_attempt_that_raises_sends_nothing(error: Any) -> None:
    world = World()
    client = world.client()

    def refuse(_: Attempt) -> None:
        raise error("the disk is full")

    if issubclass(error, Exception):
        assert client.pay("TRUEMONEY", on_attempt=refuse).code is ResultCode.PROCESS_FAIL
    else:
        with pytest.raises(error):
            client.pay("TRUEMONEY", on_attempt=refuse)
    assert world.names() == ["HELLO"]
    assert client.pending_attempts == []
    assert client.last_result is not None and client.last_result.outcome is Outcome.NOT_SENT
    assert client.pay("TRUEMONEY").outcome is Outcome.EXECUTED
    assert world.names() == ["HELLO", "PAY"]


# Ctrl-C


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_ctrl_c_while_a_reply_is_awaited_leaves_a_doubt_that_the_next_call_settles(lost: int) -> None:
    world = World()
    client = world.client()
    client.connect()
    world.next("PAY", *[lose] * lost, lambda _, __: world.channels[-1].incoming.append(_raise) or [])
    with pytest.raises(KeyboardInterrupt):
        client.pay("TRUEMONEY")
    [attempt] = client.pending_attempts
    result = client.last_result
    assert result is not None and (result.outcome, result.link_live, result.pending) == (
        Outcome.UNKNOWN, LinkLive.UNKNOWN, True)
    assert result.attempt == attempt
    # The next call sends HELLO before anything else.
    assert client.cancel().outcome is Outcome.EXECUTED
    assert world.names()[lost + 2:] == ["HELLO", "CANCEL"]
    assert client.pending_attempts == []
    assert client.outcome_of(attempt).outcome is Outcome.EXECUTED


def _raise() -> bytes:
    raise KeyboardInterrupt


def test_ctrl_c_behind_the_reply_never_says_that_nothing_was_sent() -> None:
    world = World()
    client = world.client()
    client.connect()

    def then_interrupt(_: Message, answers: Answer) -> Answer:
        world.channels[-1].deliver(answers)
        world.channels[-1].incoming.append(_raise)
        return []

    world.next("PAY", then_interrupt)
    with pytest.raises(KeyboardInterrupt):
        client.pay("TRUEMONEY")
    assert client.last_result is not None
    assert client.last_result.outcome in (Outcome.EXECUTED, Outcome.UNKNOWN)
    [attempt] = client.pending_attempts
    assert client.outcome_of(attempt).outcome is Outcome.EXECUTED
    assert client.pending_attempts == []


def test_ctrl_c_in_the_write_of_a_copy_leaves_a_doubt() -> None:
    world = World()
    client = world.client()
    world.next("PAY", interrupt)
    with pytest.raises(KeyboardInterrupt):
        client.pay("TRUEMONEY")
    [attempt] = client.pending_attempts
    assert client.outcome_of(attempt).outcome is Outcome.EXECUTED


def test_ctrl_c_while_the_doubt_is_asked_about_keeps_it() -> None:
    world = World()
    client = world.client()
    client.connect()
    world.next("PAY", lose, lose, lose)
    world.next("HELLO", interrupt)
    with pytest.raises(KeyboardInterrupt):
        client.pay("TRUEMONEY")
    assert client.last_result is not None and client.last_result.pending
    [attempt] = client.pending_attempts
    assert client.outcome_of(attempt).outcome is Outcome.EXECUTED


def test_ctrl_c_while_the_device_is_greeted_sends_nothing() -> None:
    world = World()
    client = world.client()
    world.next("HELLO", interrupt)
    with pytest.raises(KeyboardInterrupt):
        client.pay("TRUEMONEY")
    assert client.last_result is not None and client.last_result.outcome is Outcome.NOT_SENT
    assert client.pending_attempts == []
    assert client.pay("TRUEMONEY").outcome is Outcome.EXECUTED


def test_ctrl_c_while_links_are_caught_up_keeps_the_result() -> None:
    world = World()
    client = world.client()
    client.connect()
    assert world.device is not None

    def with_gap(_: Message, answers: Answer) -> Answer:
        assert world.device is not None
        world.device.link("ready", 1)
        return [*answers, world.device.link("ready", 2)]

    world.next("PAY", with_gap)
    world.next("STATUS", interrupt)
    with pytest.raises(KeyboardInterrupt):
        client.pay("TRUEMONEY")
    assert client.last_result is not None and client.last_result.outcome is Outcome.EXECUTED
    assert client.pending_attempts == []
    client.status()
    # The reply of the interrupted STATUS could still come, so there is a new session.
    assert world.names() == ["HELLO", "PAY", "STATUS", "HELLO", "STATUS"]


def test_ctrl_c_while_a_thread_waits_for_the_lock_blocks_nobody() -> None:
    client = World().client()

    class Interrupted:
        def acquire(self, timeout: float) -> None:
            raise KeyboardInterrupt

    lock, client._lock = client._lock, Interrupted()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        client.status()
    client._lock = lock
    assert client.status().state is State.IDLE


def test_ctrl_c_when_the_result_is_there_but_not_yet_told_never_says_that_nothing_was_sent() -> None:
    world = World()
    client = world.client()
    deliver = client._delivery.deliver

    def then_interrupt(*given: Any) -> Any:
        deliver(*given)
        raise KeyboardInterrupt

    client._delivery.deliver = then_interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        client.pay("TRUEMONEY")
    assert client.last_result is not None and client.last_result.outcome is Outcome.UNKNOWN
    [attempt] = client.pending_attempts
    assert client.outcome_of(attempt).outcome is Outcome.EXECUTED


# Attempts of an earlier run


def left_in_doubt(world: World) -> Attempt:
    """An attempt of a program that was killed before the reply came."""
    client = world.client()
    stored: List[Attempt] = []
    world.next("PAY", interrupt)
    with pytest.raises(KeyboardInterrupt):
        client.pay("TRUEMONEY", order_id="A", on_attempt=stored.append)
    return stored[0]


def test_an_attempt_of_an_earlier_run_is_asked_about_with_hello_alone() -> None:
    world = World()
    attempt = left_in_doubt(world)
    resolution = world.client().outcome_of(attempt)
    assert (resolution.outcome, resolution.link_live, resolution.state) == (Outcome.EXECUTED, LinkLive.YES, State.READY)
    assert world.names() == ["HELLO", "PAY", "HELLO"]


def test_pending_attempts_of_an_earlier_run_are_settled_by_the_first_session() -> None:
    world = World()
    attempt = attempt_from_json(attempt_json(left_in_doubt(world)))
    foreign = Attempt("PAY", "ELSEWHERE", 5, 5, 5)
    client = world.client(pending_attempts=[attempt, foreign])
    told: List[Any] = []
    client.on("resolved", told.append)
    assert client.pay("TRUEMONEY", order_id="B").outcome is Outcome.EXECUTED
    eventually(lambda: len(told) == 1, "the resolution")
    assert (told[0].attempt, told[0].outcome) == (attempt, Outcome.EXECUTED)
    assert client.pending_attempts == [foreign]
    # Also after the second PAY, which is now the last command of the device.
    assert client.outcome_of(attempt).outcome is Outcome.EXECUTED
    assert client.outcome_of(foreign).pending is True
    client.close()


def test_an_attempt_at_a_device_that_has_restarted_since() -> None:
    world = World()
    attempt = left_in_doubt(world)
    assert world.device is not None
    world.device.restart()
    resolution = world.client().outcome_of(attempt)
    assert (resolution.outcome, resolution.link_live, resolution.pending) == (Outcome.UNKNOWN, LinkLive.NO, False)


@pytest.mark.parametrize("told", [None, 5, [], {}, {"command": "PAY"}, {"last": 5}, "x"])
def test_a_stored_attempt_that_is_damaged_is_a_value_error(told: Any) -> None:
    with pytest.raises(ValueError):
        attempt_from_json(told)
    right = attempt_json(Attempt("PAY", "A", 1, 2, 3))
    for key in right:
        if key != "last":
            with pytest.raises(ValueError):
                attempt_from_json({**right, key: None})


# What is not a command


def test_status_tells_the_payment_link_or_says_why_not() -> None:
    world = World()
    client = world.client()
    assert client.status() == client.status()
    client.pay("TRUEMONEY", amount="1.50", order_id="A")
    status = client.status()
    assert (status.state, status.payment_method, status.amount, status.order_id, status.remaining) == (
        State.READY, "TRUEMONEY", "1.50", "A", 900)
    world.next("STATUS", *[lambda request, _: [Device().refusal(request, 11)]])
    with pytest.raises(BlueTapError) as caught:
        client.status()
    assert (caught.value.code, caught.value.reason) == (ResultCode.UNKNOWN_EXCEPTION, 11)


def test_no_device_and_two_devices() -> None:
    world = World()
    device, world.device = world.device, None
    result = world.client().pay("TRUEMONEY")
    assert (result.code, result.outcome) == (ResultCode.DEVICE_DISCONNECTED, Outcome.NOT_SENT)
    world.device = device
    from bluetaplib.transports import DeviceInfo
    world.infos = [DeviceInfo("1", "scripted", "SN-1"), DeviceInfo("2", "scripted", "SN-2")]
    result = world.client().pay("TRUEMONEY")
    assert result.code is ResultCode.DEVICE_DISCONNECTED and result.error is not None
    assert all(word in result.error.message for word in ("SN-1", "SN-2", "BLUETAP_DEVICE"))
    assert world.opened == 0
