"""The rules of every channel, over every transport. `Channel` in bluetaplib.transports.channel names them."""

from __future__ import annotations

import gc
import signal
import threading
from dataclasses import replace
from typing import Callable, Optional

import pytest
from bluetaplib.transports import Channel, TransportError

from channel_harness import LIMIT, Harness, Inbox, eventually, frame

LONGEST = 126
EDGES = [1, 2, 61, 62, 63, 64, 65, 66, 125, LONGEST]


class Background:
    """A call in another thread, and what became of it."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call = call
        self.error: Optional[BaseException] = None
        self.value: object = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.value = self._call()
        except BaseException as error:
            self.error = error

    def ended(self) -> Background:
        self._thread.join(LIMIT)
        assert not self._thread.is_alive(), "the call did not end"
        return self


def read_frames(channel: Channel, *frames: bytes) -> None:
    inbox = Inbox()
    while inbox.frames() != list(frames):
        received = channel.read(LIMIT)
        assert received, f"only {len(inbox.frames())} of {len(frames)} frames came"
        inbox.push(received)


def exchange(harness: Harness, channel: Channel) -> None:
    before = harness.inbox.frames()
    channel.write(frame(200, 50), LIMIT)
    harness.inbox.expect(*before, frame(200, 50))
    harness.send(frame(201, 50))
    read_frames(channel, frame(201, 50))


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(TransportError) as caught:
        call()
    assert caught.value.message
    assert str(caught.value) == caught.value.message
    return caught.value.code


def test_open_of_an_unknown_id_is_not_found(harness: Harness) -> None:
    device = harness.device()
    assert code_of(lambda: harness.transport.open(replace(device, id=device.id + "-unknown"), LIMIT)) == "not-found"


def test_every_byte_value_arrives_in_both_directions(harness: Harness) -> None:
    channel = harness.open()
    values = [b"\0" + bytes(range(1, 127)) + b"\0", b"\0" + bytes(range(127, 253)) + b"\0", b"\0\xfd\xfe\xff\0"]
    for each in values:
        channel.write(each, LIMIT)
    harness.inbox.expect(*values)
    harness.send(*values)
    read_frames(channel, *values)
    channel.close()


def test_frames_of_every_length_around_a_packet_arrive(harness: Harness) -> None:
    channel = harness.open()
    frames = [frame(number, length) for number, length in enumerate(EDGES)]
    for each in frames:
        channel.write(each, LIMIT)
    harness.inbox.expect(*frames)
    harness.send(*frames)
    read_frames(channel, *frames)
    channel.close()


def test_much_arrives_in_order_while_both_ends_write(harness: Harness) -> None:
    channel = harness.open()
    out = [frame(number, 62) for number in range(200)]
    back = [frame(number, LONGEST) for number in range(252)]
    sending = Background(lambda: harness.send(*back))

    def write_all() -> None:
        for each in out:
            channel.write(each, LIMIT)

    writing = Background(write_all)
    read_frames(channel, *back)
    assert writing.ended().error is None
    assert sending.ended().error is None
    harness.inbox.expect(*out)
    channel.close()


def test_bytes_right_after_open_are_not_lost(harness: Harness) -> None:
    harness.greet(frame(1, 100))
    channel = harness.open()
    harness.send(frame(2, 60))
    read_frames(channel, frame(1, 100), frame(2, 60))
    channel.close()


def test_a_read_without_bytes_returns_none_after_its_time(harness: Harness) -> None:
    channel = harness.open()
    assert channel.read(0) == b""
    assert channel.read(-1) == b""
    assert channel.read(0.02) == b""
    exchange(harness, channel)
    channel.close()


def test_a_read_of_time_0_gives_what_came(harness: Harness) -> None:
    channel = harness.open()
    harness.send(frame(1, 20))
    inbox = Inbox()

    def look() -> bool:
        inbox.push(channel.read(0))
        return inbox.frames() == [frame(1, 20)]

    eventually(look, "the bytes")
    channel.close()


def test_close_wakes_a_read(harness: Harness) -> None:
    channel = harness.open()
    reading = Background(lambda: channel.read(60))
    channel.close()
    error = reading.ended().error
    assert isinstance(error, TransportError) and error.code == "disconnected"
    assert "the channel was closed" in error.message


def test_close_wakes_a_read_that_has_waited_before(harness: Harness) -> None:
    channel = harness.open()
    inbox = Inbox()

    def read_all() -> None:
        while True:
            inbox.push(channel.read(60))

    reading = Background(read_all)
    harness.send(frame(1, 30))
    inbox.expect(frame(1, 30))
    channel.close()
    error = reading.ended().error
    assert isinstance(error, TransportError) and error.code == "disconnected"


def test_close_can_be_called_many_times_from_many_threads(harness: Harness) -> None:
    channel = harness.open()
    exchange(harness, channel)
    closes = [Background(channel.close) for _ in range(5)]
    channel.close()
    assert [each.ended().error for each in closes] == [None] * 5
    channel.close()
    again = harness.open()
    exchange(harness, again)
    channel.close()
    exchange(harness, again)
    again.close()


def test_read_and_write_after_close_are_disconnected(harness: Harness) -> None:
    channel = harness.open()
    channel.close()
    assert code_of(lambda: channel.read(1)) == "disconnected"
    assert code_of(lambda: channel.write(frame(1, 20), 1)) == "disconnected"
    eventually(harness.channels_closed, "the device to see the end of the channel")


def test_nothing_comes_after_close_although_bytes_wait(harness: Harness) -> None:
    channel = harness.open()
    harness.send(frame(1, 60))
    channel.close()
    assert code_of(lambda: channel.read(0)) == "disconnected"


def test_a_write_that_the_device_does_not_take_ends_after_its_time(harness: Harness) -> None:
    channel = harness.open()
    exchange(harness, channel)
    harness.stall()
    assert code_of(lambda: channel.write(bytes(harness.stall_length), 0.1)) == "timeout"
    # Nobody knows how much of the frame was sent, so the channel has ended.
    assert code_of(lambda: channel.read(0)) == "timeout"
    channel.close()
    harness.resume()


def test_close_ends_a_write_that_the_device_does_not_take(harness: Harness) -> None:
    channel = harness.open()
    harness.stall()
    writing = Background(lambda: channel.write(bytes(harness.stall_length), 60))
    channel.close()
    error = writing.ended().error
    assert isinstance(error, TransportError) and error.code == "disconnected"
    harness.resume()


def test_an_unplug_wakes_a_read_and_is_remembered(harness: Harness) -> None:
    channel = harness.open()
    exchange(harness, channel)
    reading = Background(lambda: channel.read(60))
    harness.unplug()
    first = reading.ended().error
    assert isinstance(first, TransportError) and first.code == "disconnected"
    with pytest.raises(TransportError) as again:
        channel.read(1)
    assert again.value.message == first.message
    assert code_of(lambda: channel.write(frame(1, 20), 1)) == "disconnected"
    channel.close()
    with pytest.raises(TransportError) as closed:
        channel.read(1)
    assert closed.value.message == first.message, "the first reason of the end counts"
    harness.plug()


def test_an_unplug_is_noticed_by_the_next_call(harness: Harness) -> None:
    channel = harness.open()
    exchange(harness, channel)
    harness.unplug()
    assert code_of(lambda: channel.read(LIMIT)) == "disconnected"
    channel.close()
    harness.plug()


def test_an_unplug_ends_a_write_under_way(harness: Harness) -> None:
    channel = harness.open()
    harness.stall()
    writing = Background(lambda: channel.write(bytes(harness.stall_length), 60))
    harness.unplug()
    error = writing.ended().error
    assert isinstance(error, TransportError) and error.code == "disconnected"
    channel.close()
    harness.resume()
    harness.plug()


def test_an_unplugged_device_cannot_be_opened_until_it_is_plugged_in(harness: Harness) -> None:
    device = harness.device()
    harness.unplug()
    assert code_of(lambda: harness.transport.open(device, LIMIT)) == "not-found"
    harness.plug()
    channel = harness.open()
    exchange(harness, channel)
    channel.close()


def test_many_channels_leave_nothing_open(harness: Harness) -> None:
    for _ in range(50):
        harness.open().close()
    eventually(harness.channels_closed, "the device to see the end of every channel")


def test_a_second_open_is_busy_or_works_and_leaves_the_first_alone(harness: Harness) -> None:
    first = harness.open()
    exchange(harness, first)
    if harness.second_open == "busy":
        assert code_of(harness.open) == "busy"
    else:
        harness.open().close()
    first.write(frame(5, 40), LIMIT)
    eventually(lambda: frame(5, 40) in harness.inbox.frames(), "the frame of the first channel")
    first.close()


def test_a_channel_that_the_program_forgets_is_freed(harness: Harness) -> None:
    channel = harness.open()
    exchange(harness, channel)
    del channel
    gc.collect()
    eventually(harness.channels_closed, "the device to see the end of the channel")


def test_ctrl_c_passes_through_a_read_and_the_channel_works_on(harness: Harness) -> None:
    channel = harness.open()
    interrupting = threading.Timer(0.05, signal.pthread_kill, (threading.get_ident(), signal.SIGINT))
    interrupting.start()
    with pytest.raises(KeyboardInterrupt):
        channel.read(LIMIT)
    interrupting.join()
    exchange(harness, channel)
    channel.close()
    eventually(harness.channels_closed, "the device to see the end of the channel")


def test_ctrl_c_passes_through_a_write_that_waits(harness: Harness) -> None:
    channel = harness.open()
    harness.stall()
    interrupting = threading.Timer(0.05, signal.pthread_kill, (threading.get_ident(), signal.SIGINT))
    interrupting.start()
    with pytest.raises(KeyboardInterrupt):
        channel.write(bytes(harness.stall_length), LIMIT)
    interrupting.join()
    channel.close()
    harness.resume()
    eventually(harness.channels_closed, "the device to see the end of the channel")
