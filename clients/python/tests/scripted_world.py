"""A device in the process of the test, and a clock that moves only when the library waits."""

from collections import Counter
from typing import Any, Callable, Deque, Dict, List, Optional
from collections import deque

from bluetaplib import Client, CommandNumber
from bluetaplib.clock import Clock
from bluetaplib.protocol import Frame, FrameDecoder, Message, decode_message, encode_message
from bluetaplib.transports import DeviceInfo, TransportError


class FakeClock(Clock):
    """Time passes when a call waits, and never otherwise."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


Answer = List[Message]
Step = Callable[[Message, Answer], Optional[Answer]]
"""Takes a request and the answers of the device. Returns the answers that reach the host, or None to leave the step."""


def lose(_: Message, __: Answer) -> Answer:
    """The device has executed the request. Its reply is lost."""
    return []


class Device:
    """A device that keeps the rules of docs/protocol.md section 4. `steps` make the next messages go wrong."""

    def __init__(self, serial_number: str = "A", boot_id: int = 1) -> None:
        self.serial_number, self.boot_id, self.session = serial_number, boot_id, 100
        self.latest: Any = (0, b"")
        self.stored: Dict[str, Any] = {}
        self.last: Optional[CommandNumber] = None
        self.state, self.taps, self.links = "idle", 0, 0
        self.pay: Dict[str, Any] = {}
        self.executed: List[str] = []
        self.extra: Dict[str, Any] = {}

    def restart(self) -> None:
        self.boot_id += 1
        self.last, self.state, self.taps, self.pay = None, "idle", 0, {}
        self.latest, self.session = (0, b""), self.session + 1000

    def answer(self, request: Message, wire: bytes) -> Answer:
        name = f"{request.name}_REPLY"
        if request.name == "HELLO":
            self.session, self.latest, self.links = self.session + 1, (0, b""), 0
            fields = {
                "result": "SUCCESS", "state": self.state, "nonce": request.fields["nonce"], "model": "BT-TEST",
                "firmware": "1.0", "serialNumber": self.serial_number, "bootId": self.boot_id, **self.extra,
            }
            if self.taps:
                fields["taps"] = self.taps
            if self.last is not None:
                fields["lastCommand"] = self.last
            return [Message(name, self.session, 0, fields)]
        if request.session != self.session:
            return [self.refusal(request, 4)]
        if self.latest == (request.sequence, wire):
            return [Message(name, self.session, request.sequence, {**self.stored, **self._now(request.name)})]
        if request.sequence <= self.latest[0]:
            return [self.refusal(request, 10)]
        self.latest = (request.sequence, wire)
        self._execute(request)
        self.stored = {"result": "SUCCESS"}
        return [Message(name, self.session, request.sequence, {"result": "SUCCESS", **self._now(request.name)})]

    def refusal(self, request: Message, reason: int) -> Message:
        result = "UNKNOWN_EXCEPTION" if reason == 11 else "PARAM_ILLEGAL" if reason in (1, 2, 3, 7) else "PROCESS_FAIL"
        fields = {"result": result, "reason": reason, "state": self.state}
        return Message(f"{request.name}_REPLY", request.session, request.sequence, fields)

    def link(self, state: str, taps: int, **more: Any) -> Message:
        self.links, self.state, self.taps = self.links % 255 + 1, state, taps
        return Message("LINK", self.session, self.links, {"state": state, "taps": taps, **more})

    def _execute(self, request: Message) -> None:
        if request.name == "STATUS":
            return
        self.executed.append(request.name)
        self.last = CommandNumber(request.session, request.sequence)
        if request.name == "PAY":
            self.state, self.taps, self.pay = "ready", 0, request.fields
        elif self.state == "ready":
            self.state = "cancelled"

    def _now(self, name: str) -> Dict[str, Any]:
        live = self.state == "ready"
        told: Dict[str, Any] = {"state": self.state}
        if name == "PAY":
            return {**told, "remaining": 900 if live else 0}
        if self.taps:
            told["taps"] = self.taps
        if name == "STATUS" and live:
            pay = {key: value for key, value in self.pay.items() if key != "expiryTime"}
            told.update(remaining=900, **pay)
        return told


class World(Clock):
    """A transport with one place, and a device at it. It is the clock too."""

    name = "scripted"

    def __init__(self, device: Optional[Device] = None) -> None:
        self.clock = FakeClock()
        self.device: Optional[Device] = device or Device()
        self.sent: List[Message] = []
        self.wires: List[bytes] = []
        self.steps: Deque[Any] = deque()
        self.opened = 0
        self.channels: List["ScriptedChannel"] = []
        self.infos = [DeviceInfo("place", "scripted")]

    def list(self) -> List[DeviceInfo]:
        return list(self.infos) if self.device is not None else []

    def open(self, device: DeviceInfo, timeout: float) -> "ScriptedChannel":
        if self.device is None:
            raise TransportError("not-found", "nothing is there")
        self.opened += 1
        channel = ScriptedChannel(self)
        self.channels.append(channel)
        return channel

    def client(self, **options: Any) -> Client:
        options.setdefault("background", False)
        return Client(self, clock=self.clock, **options)

    def next(self, name: str, *steps: Step) -> None:
        """The next requests of this name go wrong, one after the other."""
        self.steps.extend((name, step) for step in steps)

    def names(self) -> List[str]:
        return [message.name for message in self.sent]

    def count(self) -> "Counter[str]":
        return Counter(self.names())

    def unplug(self) -> None:
        """The channel ends, and nothing can be opened."""
        self.device = None
        self.channels[-1].end = TransportError("disconnected", "the device was unplugged")

    def cut(self) -> None:
        """The channel ends, and the device can be opened again."""
        self.channels[-1].end = TransportError("disconnected", "the channel was cut")


class ScriptedChannel:
    """A channel to the device of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.decoder = FrameDecoder()
        # Bytes, and a function for what happens instead of bytes.
        self.incoming: Deque[Any] = deque()
        self.end: Optional[TransportError] = None
        self.closed = False

    def read(self, timeout: float) -> bytes:
        if self.incoming:
            first = self.incoming.popleft()
            return first if isinstance(first, bytes) else first()
        if self.end is not None:
            raise TransportError(self.end.code, self.end.message)
        self.world.clock.time += timeout
        return b""

    def write(self, data: bytes, timeout: float) -> None:
        if self.end is not None:
            raise TransportError(self.end.code, self.end.message)
        for frame in self.decoder.push(data, 0.0):
            assert isinstance(frame, Frame)
            request = decode_message(frame)
            self.world.sent.append(request)
            self.world.wires.append(data)
            device = self.world.device
            answers = device.answer(request, data) if device is not None else []
            self.deliver(self._changed(request, answers))

    def _changed(self, request: Message, answers: Answer) -> Answer:
        steps = self.world.steps
        if steps and steps[0][0] == request.name:
            changed = steps.popleft()[1](request, answers)
            return answers if changed is None else changed
        return answers

    def deliver(self, messages: Answer) -> None:
        """Lets the host read these messages, in one piece."""
        if messages:
            self.incoming.append(b"".join(encode_message(message) for message in messages))

    def close(self) -> None:
        self.closed = True
        self.end = self.end or TransportError("disconnected", "the channel was closed")
