"""A transport with a device of a script, and a clock that a test moves: nothing here waits."""

from typing import Any, Callable, Dict, List, Optional, Tuple

from bluetaplib import Client
from bluetaplib.clock import Clock
from bluetaplib.protocol import Frame, FrameDecoder, Message, decode_message, encode_message
from bluetaplib.transports import DeviceInfo, TransportError

from small_device import SmallDevice

Sent = List[Tuple[float, bytes]]
Behaviour = Callable[["Bench", Message], Sent]


class FakeClock(Clock):
    """Time goes on only when somebody waits."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class Bench:
    """One host, one clock, and the devices that can be at the far end.

    `script` has a behaviour for each request that comes. After its end, the device keeps its rules.
    """

    def __init__(self, *devices: SmallDevice) -> None:
        self.clock = FakeClock()
        self.devices = list(devices) or [SmallDevice()]
        self.script: List[Behaviour] = []
        self.channels: List["ScriptedChannel"] = []
        self.received: List[Tuple[float, bytes]] = []
        self.open_error: Optional[TransportError] = None
        self.name = "bench"
        self.started = self.clock.now()

    @property
    def device(self) -> SmallDevice:
        return self.devices[0]

    @property
    def heard(self) -> List[str]:
        """The names of the requests that have left the host."""
        return [message.name for message in self.messages()]

    def messages(self) -> List[Message]:
        """The requests that have left the host."""
        found = []
        for _, data in self.received:
            found += [decode_message(frame) for frame in FrameDecoder().push(data, 0) if isinstance(frame, Frame)]
        return found

    @property
    def times(self) -> List[float]:
        """When each request left, in seconds from the start."""
        return [round(time - self.started, 3) for time, _ in self.received]

    def client(self, **options: Any) -> Client:
        """Returns a client at this bench, without threads."""
        return Client(self, clock=self.clock, **{"background": False, **options})

    # The transport

    def list(self) -> List[DeviceInfo]:
        return [DeviceInfo(f"bench-{each.serial_number}", "bench", each.serial_number) for each in self.devices]

    def open(self, device: DeviceInfo, timeout: float) -> "ScriptedChannel":
        if self.open_error is not None:
            raise self.open_error
        [found] = [each for each in self.devices if f"bench-{each.serial_number}" == device.id]
        self.channels.append(ScriptedChannel(self, found))
        return self.channels[-1]


class ScriptedChannel:
    """A channel to one device."""

    def __init__(self, bench: Bench, device: SmallDevice) -> None:
        self.bench, self.device = bench, device
        self.closed = False
        self.lost: Optional[TransportError] = None
        self.write_error: Optional[BaseException] = None
        self._waiting: Sent = []
        self._decoder = FrameDecoder()

    def read(self, timeout: float) -> bytes:
        clock = self.bench.clock
        self._waiting.sort(key=lambda each: each[0])
        if self._waiting and self._waiting[0][0] <= clock.time + timeout:
            due, data = self._waiting.pop(0)
            clock.time = max(clock.time, due)
            return data
        if self.lost is not None:
            raise self.lost
        clock.time += timeout
        return b""

    def write(self, data: bytes, timeout: float) -> None:
        assert not self.closed, "a write to a closed channel"
        if self.lost is not None:
            raise self.lost
        self.bench.received.append((self.bench.clock.time, data))
        for frame in self._decoder.push(data, self.bench.clock.time):
            assert isinstance(frame, Frame)
            behaviour = self.bench.script.pop(0) if self.bench.script else obey
            self.push(behaviour(self.bench, decode_message(frame)))
        if self.write_error is not None:
            error, self.write_error = self.write_error, None
            raise error

    def push(self, sent: Sent) -> None:
        """The device sends something: each part after a time in seconds."""
        self._waiting += [(self.bench.clock.time + delay, data) for delay, data in sent]

    def close(self) -> None:
        self.closed = True


# Behaviours: what the device does with one request.


def obey(bench: Bench, message: Message) -> Sent:
    """Keeps the rules."""
    return [(0.0, encode_message(bench.channels[-1].device.receive(message)))]


def lose(bench: Bench, message: Message) -> Sent:
    """Executes the request, and the reply is lost."""
    obey(bench, message)
    return []


def ignore(bench: Bench, message: Message) -> Sent:
    """The request is lost."""
    return []


def late(seconds: float) -> Behaviour:
    """Executes the request at once, and answers late."""
    return lambda bench, message: [(seconds, obey(bench, message)[0][1])]


def twice(bench: Bench, message: Message) -> Sent:
    """Answers, and sends the same reply again."""
    return obey(bench, message) * 2


def damaged(bench: Bench, message: Message) -> Sent:
    """Executes the request, and one bit of the reply is wrong."""
    data = bytearray(obey(bench, message)[0][1])
    data[len(data) // 2] ^= 1
    return [(0.0, bytes(data))]


def garbage(bench: Bench, message: Message) -> Sent:
    """Executes the request, and sends noise instead of the reply."""
    obey(bench, message)
    return [(0.0, bytes(range(256)) * 3)]


def after_noise(bench: Bench, message: Message) -> Sent:
    """Sends noise, and then the reply, one byte at a time."""
    data = b"\xff\x55\x00\x07\x01" + obey(bench, message)[0][1]
    return [(index * 0.001, bytes([byte])) for index, byte in enumerate(data)]


def changed(fields: Optional[Dict[str, Any]] = None, **header: Any) -> Behaviour:
    """Executes the request, and sends a reply with other fields, or with another header. None removes a field."""

    def behave(bench: Bench, message: Message) -> Sent:
        reply = bench.channels[-1].device.receive(message)
        told = {key: value for key, value in {**reply.fields, **(fields or {})}.items() if value is not None}
        return [(0.0, encode_message(reply._replace(fields=told, **header)))]

    return behave


def refuse(reason: int, result: str = "PROCESS_FAIL") -> Behaviour:
    """Refuses the request without executing it."""
    return lambda bench, message: [(0.0, encode_message(bench.device.refuse(message, reason, result)))]


def then(behaviour: Behaviour, action: Callable[[Bench], Any]) -> Behaviour:
    """Does something behind a request."""

    def behave(bench: Bench, message: Message) -> Sent:
        sent = behaviour(bench, message)
        action(bench)
        return sent

    return behave


def unplug(bench: Bench) -> None:
    """The channel ends. The next one can be opened."""
    bench.channels[-1].lost = TransportError("disconnected", "bench: the device was disconnected")


def restart(bench: Bench) -> None:
    """The device starts again."""
    bench.device.restart()


def other_device(bench: Bench) -> None:
    """The device is unplugged, and another one is there now."""
    unplug(bench)
    bench.devices = [SmallDevice("T-0002")]


def gone(bench: Bench) -> None:
    """The device is unplugged, and stays away."""
    unplug(bench)
    bench.devices = []
