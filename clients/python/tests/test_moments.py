"""The delivery of one command, against a device in this process and a clock that nobody waits for."""

from typing import Any, List, Optional

import pytest

from bluetaplib import Attempt, Client, CommandNumber, LinkLive, Outcome, State
from bluetaplib.protocol import Message
from bluetaplib.transports import TransportError

from scripted_world import Answer, Device, World, lose


def pay(client: Client, **options: Any) -> Any:
    return client.pay("TRUEMONEY", order_id="ORDER-1", **options)


def facts(result: Any) -> Any:
    return (result.code.value, result.outcome.value, result.link_live.value, result.pending)


def ignore(world: World) -> Any:
    """A request is lost before it reaches the device."""
    def step(request: Message, _: Answer) -> Answer:
        device = world.device
        assert device is not None
        device.executed.pop()
        device.last, device.state, device.latest = None, "idle", (0, b"")
        return []
    return step


def instead(*reasons: int) -> Any:
    """The device refuses the copy. It has not executed it."""
    def step(reason: int) -> Any:
        def refuse(request: Message, _: Answer) -> Answer:
            return [Device().refusal(request, reason)]
        return refuse
    return [step(reason) for reason in reasons]


def test_a_pay_is_one_hello_and_one_pay() -> None:
    world = World()
    result = pay(world.client())
    assert facts(result) == ("SUCCESS", "executed", "yes", False)
    assert world.names() == ["HELLO", "PAY"]
    assert result.attempt == Attempt("PAY", "A", 1, 101, 1, None)
    assert result.device.serial_number == "A"
    assert (result.state, result.remaining, result.taps) == (State.READY, 900, None)


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_reply_is_answered_by_the_same_bytes(lost: int) -> None:
    world = World()
    world.next("PAY", *[lose] * lost)
    assert facts(pay(world.client())) == ("SUCCESS", "executed", "yes", False)
    assert world.names() == ["HELLO"] + ["PAY"] * (lost + 1)
    assert len(set(world.wires[1:])) == 1
    assert world.device is not None and world.device.executed == ["PAY"]
    assert world.clock.time == 1000 + lost


def test_three_lost_replies_are_settled_by_hello() -> None:
    world = World()
    world.next("PAY", lose, lose, lose)
    result = pay(world.client())
    assert facts(result) == ("SUCCESS", "executed", "yes", False)
    assert world.names() == ["HELLO", "PAY", "PAY", "PAY", "HELLO"]
    assert len(set(world.wires[1:4])) == 1
    # The time that is left is not known after a doubt.
    assert (result.state, result.remaining) == (State.READY, None)


def test_a_command_that_never_arrived_was_not_executed() -> None:
    world = World()
    world.next("PAY", *[ignore(world)] * 3)
    assert facts(pay(world.client())) == ("PROCESS_FAIL", "not-executed", "no", False)
    assert world.names() == ["HELLO", "PAY", "PAY", "PAY", "HELLO"]


def test_a_silent_device_leaves_a_doubt_within_the_time_of_the_call() -> None:
    world = World()
    client = world.client()
    world.next("PAY", lose, lose, lose)
    world.next("HELLO", *[lose] * 3)
    client.connect()
    world.steps.extend([])
    result = pay(client, timeout=3.5)
    assert facts(result) == ("UNKNOWN_EXCEPTION", "unknown", "unknown", True)
    assert world.clock.time <= 1003.6
    assert client.pending_attempts == [result.attempt]
    # From here on only HELLO, until the doubt is settled.
    assert world.names()[4:] and set(world.names()[4:]) == {"HELLO"}
    world.steps.clear()
    resolved = client.outcome_of(result.attempt)
    assert (resolved.outcome, resolved.link_live, resolved.pending) == (Outcome.EXECUTED, LinkLive.YES, False)
    assert client.pending_attempts == []
    assert world.device is not None and world.device.executed == ["PAY"]


@pytest.mark.parametrize("reason", [1, 2, 3, 5, 6, 7, 8, 9, 11, 99])
@pytest.mark.parametrize("copies", [1, 2, 3])
def test_a_refusal_of_the_command_is_final(reason: int, copies: int) -> None:
    world = World()
    world.next("PAY", *[ignore(world)] * (copies - 1), *instead(reason))
    result = pay(world.client())
    assert (result.outcome, result.link_live, result.pending) == (Outcome.REFUSED, LinkLive.NO, False)
    assert result.error.reason == reason
    assert world.names() == ["HELLO"] + ["PAY"] * copies


def test_reason_4_for_the_only_copy_is_sent_again_in_a_new_session_once() -> None:
    world = World()
    world.next("PAY", *instead(4))
    assert facts(pay(world.client())) == ("SUCCESS", "executed", "yes", False)
    assert world.names() == ["HELLO", "PAY", "HELLO", "PAY"]
    assert [each.session for each in world.sent] == [0, 101, 0, 102]


def test_reason_4_twice_is_refused_and_opens_no_third_session() -> None:
    world = World()
    world.next("PAY", *instead(4, 4))
    result = pay(world.client())
    assert facts(result) == ("PROCESS_FAIL", "refused", "no", False)
    assert result.error.reason == 4
    assert world.names() == ["HELLO", "PAY", "HELLO", "PAY"]


def test_reason_10_for_the_only_copy_is_refused() -> None:
    world = World()
    world.next("PAY", *instead(10))
    client = world.client()
    assert facts(pay(client)) == ("PROCESS_FAIL", "refused", "no", False)
    assert world.names() == ["HELLO", "PAY"]
    # The numbers of this session are of no use any more.
    pay(client)
    assert world.names() == ["HELLO", "PAY", "HELLO", "PAY"]


@pytest.mark.parametrize("reason", [4, 10])
@pytest.mark.parametrize("lost", [1, 2])
def test_reason_4_or_10_for_one_of_several_copies_is_a_doubt(reason: int, lost: int) -> None:
    world = World()
    world.next("PAY", *[lose] * lost, *instead(reason))
    assert facts(pay(world.client())) == ("SUCCESS", "executed", "yes", False)
    assert world.names() == ["HELLO"] + ["PAY"] * (lost + 1) + ["HELLO"]


@pytest.mark.parametrize("order_id, reason, live", [
    (None, 4, "unknown"), ("ORDER-1", 10, "unknown"), ("ORDER-1", 5, "no"), (None, 11, "yes"),
    ("ORDER-1", 11, "unknown"),
])
def test_the_payment_link_of_a_refused_cancel(order_id: Optional[str], reason: int, live: str) -> None:
    world = World()
    client = world.client()
    pay(client)

    def refuse(request: Message, _: Answer) -> Answer:
        return [Message("CANCEL_REPLY", request.session, request.sequence,
                        {"result": "PROCESS_FAIL", "reason": reason, "state": "ready"})]

    world.next("CANCEL", refuse, refuse)
    result = client.cancel(order_id)
    assert (result.outcome, result.link_live.value) == (Outcome.REFUSED, live)


def test_a_restart_makes_the_outcome_unknown() -> None:
    world = World()

    def restart(_: Message, __: Answer) -> Answer:
        assert world.device is not None
        world.device.restart()
        return []

    world.next("PAY", restart)
    result = pay(world.client())
    assert facts(result) == ("UNKNOWN_EXCEPTION", "unknown", "no", False)
    # The second copy was refused with reason 4.
    assert world.names() == ["HELLO", "PAY", "PAY", "HELLO"]


def test_another_device_settles_nothing_until_the_first_one_is_back() -> None:
    world = World()
    first, second = world.device, Device("B", 7)
    client = world.client()
    resolved: List[Any] = []

    def swap(_: Message, __: Answer) -> Answer:
        world.cut()
        world.device = second
        return []

    world.next("PAY", swap)
    result = pay(client)
    assert facts(result) == ("DEVICE_DISCONNECTED", "unknown", "unknown", True)
    assert result.attempt.serial_number == "A" and result.device.serial_number == "B"
    assert (result.state, result.taps) == (None, None)
    assert client.pending_attempts == [result.attempt]
    # The other device can be used meanwhile. It says nothing about the first one.
    assert facts(pay(client)) == ("SUCCESS", "executed", "yes", False)
    assert client.pending_attempts == [result.attempt]
    world.cut()
    world.device = first
    resolved.append(client.outcome_of(result.attempt))
    assert resolved[0].outcome is Outcome.EXECUTED
    assert client.pending_attempts == []
    assert first is not None and first.executed == ["PAY"] and second.executed == ["PAY"]


@pytest.mark.parametrize("acts, expected", [(False, ("SUCCESS", "executed", "yes", False)),
                                            (True, ("UNKNOWN_EXCEPTION", "unknown", "no", False))])
def test_another_host_took_the_session(acts: bool, expected: Any) -> None:
    world = World()

    def take(_: Message, __: Answer) -> Answer:
        device = world.device
        assert device is not None
        device.session += 1
        if acts:
            device.last = CommandNumber(device.session, 1)
        return []

    world.next("PAY", take)
    assert facts(pay(world.client())) == expected


# What comes at the wrong time


@pytest.mark.parametrize("change", [
    {"session": 9}, {"sequence": 9}, {"name": "STATUS_REPLY"}, {"name": "CANCEL_REPLY"},
])
def test_a_reply_that_does_not_belong_to_the_request_is_dropped_and_counted(change: Any) -> None:
    world = World()

    def wrong(_: Message, answers: Answer) -> Answer:
        fields = answers[0].fields
        if "name" in change:
            fields = {"result": "SUCCESS", "state": "cancelled"}
        return [answers[0]._replace(fields=fields, **change), answers[0]]

    world.next("PAY", wrong)
    client = world.client()
    assert facts(pay(client)) == ("SUCCESS", "executed", "yes", False)
    assert sum(client.statistics.dropped.values()) == 1
    assert world.names() == ["HELLO", "PAY"]


def test_a_double_reply_is_not_the_reply_to_the_next_command() -> None:
    world = World()
    client = world.client()
    world.next("PAY", lambda _, answers: answers * 2)
    pay(client)

    def fail(request: Message, _: Answer) -> Answer:
        assert world.device is not None
        return [world.device.refusal(request, 11)]

    world.next("PAY", fail)
    assert pay(client).outcome is Outcome.REFUSED
    assert sum(client.statistics.dropped.values()) == 1


def test_a_late_reply_to_a_hello_that_was_given_up_is_dropped() -> None:
    world = World()
    kept: List[Message] = []

    def keep(_: Message, answers: Answer) -> Answer:
        kept.extend(answers)
        return []

    world.next("HELLO", keep, lambda _, answers: kept + answers)
    client = world.client()
    assert facts(pay(client)) == ("SUCCESS", "executed", "yes", False)
    assert world.names() == ["HELLO", "HELLO", "PAY"]
    assert world.sent[0].fields != world.sent[1].fields
    assert sum(client.statistics.dropped.values()) == 1


def test_garbage_before_a_reply_is_dropped_and_counted() -> None:
    world = World()

    def garbage(_: Message, __: Answer) -> None:
        world.channels[-1].incoming.append(b"\xff\x55\0\7\1\0\0\0")

    world.next("PAY", garbage)
    client = world.client()
    assert facts(pay(client)) == ("SUCCESS", "executed", "yes", False)
    assert sum(client.statistics.dropped.values()) == 2


# LINK


def test_a_link_in_one_chunk_with_the_reply_is_newer_than_the_reply() -> None:
    world = World()

    def expire(_: Message, answers: Answer) -> Answer:
        assert world.device is not None
        return [*answers, world.device.link("ready", 1, orderId="ORDER-1"),
                world.device.link("expired", 2, orderId="ORDER-1")]

    world.next("PAY", expire)
    result = pay(world.client())
    assert facts(result) == ("SUCCESS", "executed", "no", False)
    assert (result.state, result.remaining, result.taps) == (State.EXPIRED, 0, 2)


def test_a_link_behind_the_reply_to_hello_counts_for_a_doubt() -> None:
    world = World()
    client = world.client()
    client.connect()
    world.next("PAY", lose, lose, lose)

    def expire(_: Message, answers: Answer) -> Answer:
        assert world.device is not None
        return [*answers, world.device.link("expired", 3)]

    world.next("HELLO", expire)
    result = pay(client)
    assert facts(result) == ("SUCCESS", "executed", "no", False)
    assert (result.state, result.taps) == (State.EXPIRED, 3)


def test_after_a_gap_of_links_the_client_asks_with_status() -> None:
    world = World()
    client = world.client()
    pay(client)
    assert world.device is not None
    world.device.link("ready", 1)
    world.channels[-1].deliver([world.device.link("ready", 2)])
    client.cancel()
    assert world.names() == ["HELLO", "PAY", "CANCEL", "STATUS"]
    # The gap is closed.
    client.cancel()
    assert world.names()[4:] == ["CANCEL"]


def test_a_link_of_another_session_is_dropped_and_counted() -> None:
    world = World()
    client = world.client()
    pay(client)
    assert world.device is not None
    world.channels[-1].deliver([world.device.link("expired", 9)._replace(session=5)])
    world.device.state = "ready"
    assert client.status().taps == 9
    assert client.statistics.dropped["a stray LINK"] == 1


def test_after_sequence_255_another_session_is_opened() -> None:
    world = World()
    client = world.client()
    for _ in range(255):
        client.status()
    assert world.count() == {"HELLO": 1, "STATUS": 255}
    assert world.sent[-1].sequence == 255
    client.status()
    assert world.count() == {"HELLO": 2, "STATUS": 256}
    assert world.sent[-1].sequence == 1


# Contradictions


def changed(**fields: Any) -> Any:
    def step(_: Message, answers: Answer) -> Answer:
        return [answers[0]._replace(fields={**answers[0].fields, **fields})]
    return step


def test_a_session_number_that_was_used_before_is_not_believed() -> None:
    world = World()
    client = world.client()
    client.connect()

    def again(_: Message, answers: Answer) -> Answer:
        assert world.device is not None
        world.device.session = 101
        return [answers[0]._replace(session=101)]

    world.next("PAY", *instead(4))
    world.next("HELLO", again)
    before = world.clock.time
    assert facts(pay(client)) == ("SUCCESS", "executed", "yes", False)
    assert client.statistics.contradictions == 1
    # The host waits until the time of this HELLO is over.
    assert world.clock.time == before + 1
    assert world.names() == ["HELLO", "PAY", "HELLO", "HELLO", "PAY"]


def test_a_session_number_of_the_last_command_is_not_believed() -> None:
    world = World()
    client = world.client()
    world.next("HELLO", lambda _, answers: [answers[0]._replace(
        fields={**answers[0].fields, "lastCommand": CommandNumber(101, 1), "state": "ready"})])
    client.connect()
    assert world.names() == ["HELLO", "HELLO"]
    assert client.statistics.contradictions == 1


@pytest.mark.parametrize("command, fields", [
    ("PAY", {"state": "expired", "remaining": 5}),
    ("CANCEL", {"state": "ready"}),
])
def test_a_reply_that_cannot_be_true_counts_as_no_reply(command: str, fields: Any) -> None:
    world = World()
    client = world.client()
    if command == "CANCEL":
        pay(client)
    world.next(command, changed(**fields))
    result = pay(client) if command == "PAY" else client.cancel()
    assert result.outcome is Outcome.EXECUTED
    assert client.statistics.contradictions == 1
    assert world.count()[command] == 2
    assert len({wire for wire, message in zip(world.wires, world.sent) if message.name == command}) == 1


def test_reason_6_and_ready_counts_as_no_reply() -> None:
    world = World()
    client = world.client()

    def refuse(request: Message, _: Answer) -> Answer:
        return [Message("PAY_REPLY", request.session, request.sequence,
                        {"result": "PROCESS_FAIL", "reason": 6, "state": "ready"})]

    world.next("PAY", refuse)
    assert facts(pay(client)) == ("SUCCESS", "executed", "yes", False)
    assert client.statistics.contradictions == 1


def test_a_hello_that_contradicts_itself_settles_nothing() -> None:
    world = World()
    client = world.client()
    client.connect()
    world.next("PAY", lose, lose, lose)

    def forget(_: Message, answers: Answer) -> Answer:
        fields = {key: value for key, value in answers[0].fields.items() if key != "lastCommand"}
        return [answers[0]._replace(fields=fields)]

    world.next("HELLO", forget)
    result = pay(client)
    assert facts(result) == ("UNKNOWN_EXCEPTION", "unknown", "unknown", False)
    assert "contradicts itself" in result.error.message
    assert client.statistics.contradictions == 1


def test_a_cancel_with_fewer_taps_than_before_is_counted_and_the_higher_number_is_used() -> None:
    world = World()
    client = world.client()
    pay(client)
    assert world.device is not None
    world.channels[-1].deliver([world.device.link("ready", 3, orderId="ORDER-1")])
    world.next("CANCEL", changed(taps=1))
    result = client.cancel()
    assert facts(result) == ("SUCCESS", "executed", "no", False)
    assert result.taps == 3
    assert client.statistics.contradictions == 1


def test_a_payment_link_that_is_over_does_not_become_live_again_by_a_link() -> None:
    world = World()
    client = world.client()
    pay(client)
    client.cancel()
    assert world.device is not None
    world.channels[-1].deliver([world.device.link("ready", 1)])
    world.device.state = "cancelled"
    client.cancel()
    assert client.statistics.contradictions == 1
    assert world.names()[-1] == "STATUS"


# An unplug in each moment


def test_an_unplug_while_the_device_is_greeted_is_not_sent() -> None:
    world = World()

    def unplug(_: Message, __: Answer) -> Answer:
        world.unplug()
        return []

    world.next("HELLO", unplug)
    result = pay(world.client())
    assert facts(result) == ("DEVICE_DISCONNECTED", "not-sent", "no", False)
    assert world.names() == ["HELLO"]


def test_an_unplug_between_two_calls_is_noticed_before_anything_is_sent() -> None:
    world = World()
    client = world.client()
    client.connect()
    world.cut()
    assert facts(pay(client)) == ("SUCCESS", "executed", "yes", False)
    assert world.names() == ["HELLO", "HELLO", "PAY"]


def test_an_unplug_in_on_attempt_is_noticed_before_anything_is_sent() -> None:
    world = World()
    attempts: List[Attempt] = []

    def cut_once(attempt: Attempt) -> None:
        attempts.append(attempt)
        if len(attempts) == 1:
            world.cut()

    result = pay(world.client(), on_attempt=cut_once)
    assert facts(result) == ("SUCCESS", "executed", "yes", False)
    assert world.names() == ["HELLO", "HELLO", "PAY"]
    assert [each.session for each in attempts] == [101, 102]


@pytest.mark.parametrize("copy", [1, 2, 3])
@pytest.mark.parametrize("executes", [True, False])
def test_a_cut_behind_any_copy_is_settled_after_it(copy: int, executes: bool) -> None:
    world = World()

    def cut(request: Message, _: Answer) -> Answer:
        if not executes:
            ignore(world)(request, [])
        world.cut()
        return []

    world.next("PAY", *[lose if executes else ignore(world)] * (copy - 1), cut)
    expected = ("SUCCESS", "executed", "yes") if executes else ("PROCESS_FAIL", "not-executed", "no")
    assert facts(pay(world.client()))[:3] == expected
    assert world.names() == ["HELLO"] + ["PAY"] * copy + ["HELLO"]


@pytest.mark.parametrize("copy", [1, 2, 3])
def test_a_write_that_fails_may_have_sent_the_command(copy: int) -> None:
    world = World()
    client = world.client()
    client.connect()
    channel = world.channels[-1]
    write, written = channel.write, []

    def fail(data: bytes, timeout: float) -> None:
        write(data, timeout)
        written.append(data)
        if len(written) == copy:
            world.cut()
            raise TransportError("timeout", "the system took too long")

    channel.write = fail  # type: ignore[method-assign]
    world.next("PAY", *[lose] * copy)
    result = pay(client)
    assert facts(result) == ("SUCCESS", "executed", "yes", False)
    # The same command is never sent under another number.
    assert world.names() == ["HELLO"] + ["PAY"] * copy + ["HELLO"]
    assert world.device is not None and world.device.executed == ["PAY"]


def test_an_unplug_that_stays_leaves_a_doubt() -> None:
    world = World()
    client = world.client()
    device = world.device

    def unplug(_: Message, __: Answer) -> Answer:
        world.unplug()
        return []

    world.next("PAY", unplug)
    result = pay(client)
    assert facts(result) == ("DEVICE_DISCONNECTED", "unknown", "unknown", True)
    assert world.clock.time <= 1005.3
    world.device = device
    # The next call asks first, and sends its own command then.
    assert facts(client.cancel())[:3] == ("SUCCESS", "executed", "no")
    assert client.pending_attempts == []
    assert client.outcome_of(result.attempt).outcome is Outcome.EXECUTED
    assert world.names() == ["HELLO", "PAY", "HELLO", "CANCEL"]


# HELLO


def test_a_refused_hello_is_tried_again_within_the_time() -> None:
    world = World()

    def refuse(request: Message, _: Answer) -> Answer:
        return [Message("HELLO_REPLY", 0, 0, {"result": "UNKNOWN_EXCEPTION", "reason": 11, "state": "idle"})]

    world.next("HELLO", refuse, refuse)
    assert facts(pay(world.client())) == ("SUCCESS", "executed", "yes", False)
    assert world.names() == ["HELLO"] * 3 + ["PAY"]


def test_a_hello_that_is_always_refused_is_not_sent_and_names_the_reason() -> None:
    world = World()

    def refuse(request: Message, _: Answer) -> Answer:
        return [Message("HELLO_REPLY", 0, 0, {"result": "PARAM_ILLEGAL", "reason": 7, "state": "idle"})]

    world.next("HELLO", *[refuse] * 40)
    result = pay(world.client(), timeout=2.0)
    assert facts(result) == ("PROCESS_FAIL", "not-sent", "no", False)
    assert result.error.reason == 7 and "reason 7" in result.error.message
    assert world.clock.time <= 1002.3


def test_a_silent_device_is_not_sent_within_the_time() -> None:
    world = World()
    world.next("HELLO", *[lose] * 40)
    result = pay(world.client(), timeout=2.0)
    assert facts(result) == ("DEVICE_DISCONNECTED", "not-sent", "no", False)
    assert world.clock.time <= 1002.3
    assert set(world.names()) == {"HELLO"}


def test_every_hello_has_its_own_nonce() -> None:
    world = World()
    world.next("HELLO", *[lose] * 5)
    pay(world.client())
    nonces = [each.fields["nonce"] for each in world.sent if each.name == "HELLO"]
    assert len(set(nonces)) == len(nonces)


def test_a_simulated_device_can_be_refused() -> None:
    device = Device()
    device.extra = {"simulated": True}
    world = World(device)
    result = pay(world.client(allow_simulated=False))
    assert facts(result) == ("DEVICE_DISCONNECTED", "not-sent", "no", False)
    assert "simulated" in result.error.message
    assert world.channels[-1].closed
    assert pay(world.client()).device.simulated is True


def test_another_serial_number_is_not_used() -> None:
    world = World()
    result = pay(world.client(device="B"))
    assert facts(result) == ("DEVICE_DISCONNECTED", "not-sent", "no", False)
    assert "A" in result.error.message and "B" in result.error.message
    assert "PAY" not in world.names()
