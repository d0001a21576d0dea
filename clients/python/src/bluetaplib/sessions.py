"""Sessions with a device: opens a channel, sends HELLO, exchanges requests and replies. docs/protocol.md section 4.

A caller holds the lock of the client, so only one thread is here at a time.
"""

import os
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Callable, Deque, Dict, Iterator, List, NamedTuple, Optional, Tuple, Union

from .choose_device import choose_device
from .clock import Clock, Deadline
from .errors import BlueTapError, NotThere
from .line import Line
from .outcome_rules import contradiction_in_reply
from .protocol import CommandNumber, Frame, FrameError, Message, MessageError, decode_message, encode_message
from .protocol.schema import describe_reason
from .results import Device, ResultCode
from .transports.channel import DeviceInfo, Transport, TransportError

REPLY_SECONDS = 1.0
COPIES = 3
HELLO_TRIES = 3
RETRY_SECONDS = 0.25
OPEN_SECONDS = 5.0
LAST_SEQUENCE = 255
REMEMBERED_SESSIONS = 16


@dataclass
class Session:
    """One session, which the reply to HELLO opened."""

    line: Line
    number: int
    hello: Dict[str, Any]
    device: Device
    last: Optional[CommandNumber]
    state: str
    taps: int
    sequence: int = 0
    link_number: int = 0
    # The taps that a phone had made when the session began are of an earlier payment link.
    gap: bool = False
    # The state is that of a LINK after the latest reply.
    since: bool = False
    # While a PAY waits for its reply, a LINK can be about the payment link before it.
    waiting_pay: Optional[Dict[str, Any]] = None

    @property
    def spent(self) -> bool:
        """True if no sequence is left for another request."""
        return self.sequence == LAST_SEQUENCE


class Exchanged(NamedTuple):
    """The reply, or None; how many copies may have left; and why the channel was lost, if it was."""

    reply: Optional[Dict[str, Any]]
    copies: int
    lost: Optional[TransportError]


class Heard(NamedTuple):
    """What sessions tell the client: functions that are called with the lock held."""

    opened: Callable[[Session, bool], None]
    lost: Callable[[Device, TransportError], None]
    link: Callable[[Session, Dict[str, Any]], None]


@dataclass
class Statistics:
    """Counters from the start of the client. What was dropped is counted by its kind."""

    sessions: int = 0
    contradictions: int = 0
    dropped: "Counter[str]" = field(default_factory=Counter)


OpenLine = Callable[[DeviceInfo, float], Line]


class Sessions:
    """Opens and renews the session with one device."""

    def __init__(
        self,
        transport: Transport,
        device: Optional[str],
        allow_simulated: bool,
        clock: Clock,
        open_line: OpenLine,
        heard: Heard,
    ) -> None:
        self._transport, self._wanted, self._allow_simulated = transport, device, allow_simulated
        self._clock, self._open_line, self._heard = clock, open_line, heard
        self.statistics = Statistics()
        self.session: Optional[Session] = None
        self.line: Optional[Line] = None
        self._answered: Optional[Device] = None
        self._frames: Deque[Union[Frame, FrameError]] = deque()
        self._past: Deque[Tuple[str, int, int, Line]] = deque(maxlen=REMEMBERED_SESSIONS)

    # Sessions

    def obtain(self, deadline: Deadline, renew: bool = False) -> Session:
        """Returns the open session, or opens one. `renew`: opens a new one in any case.

        BlueTapError: there is no session before the deadline, or the device refuses one.
        """
        if renew:
            self.session = None
        latest: Optional[BlueTapError] = None
        while True:
            if latest is not None and deadline.over:
                raise latest
            try:
                self.drain()
                if self.session is None or self.session.spent:
                    self._establish(deadline)
                    # A LINK that came in one chunk with the reply to HELLO.
                    self.drain()
                assert self.session is not None
                return self.session
            except TransportError as error:
                latest = BlueTapError(ResultCode.DEVICE_DISCONNECTED, str(error))
                latest.__cause__ = error
                if error.code == "missing-library":
                    raise latest
            except BlueTapError as error:
                # A device that refuses HELLO can take the next one. A wrong choice of the program stays wrong.
                if error.reason is None and not isinstance(error, NotThere):
                    raise
                # If the time of this try was too short for an answer, the reason of the try before counts.
                latest = latest if latest is not None and deadline.over else error
            self._clock.sleep(min(RETRY_SECONDS, deadline.left))

    def line_stayed(self, serial_number: str, boot_id: int, session: int) -> bool:
        """True if this session was opened on the channel that is open now."""
        return any(each[:3] == (serial_number, boot_id, session) and each[3] is self.line for each in self._past)

    def drop(self) -> None:
        """Gives up the session, but not its channel."""
        self.session = None

    def close(self) -> None:
        """Closes the channel."""
        line, self.line, self.session, self._answered = self.line, None, None, None
        if line is not None:
            line.close()

    def _establish(self, deadline: Deadline) -> None:
        self.session = None
        if self.line is None:
            self.line = self._open(deadline)
            self._frames.clear()
        new_line = self._answered is None
        session = self._greet(self.line, deadline)
        self._check_device(session)
        self.session = session
        self._answered = session.device
        self.statistics.sessions += 1
        self._heard.opened(session, new_line)

    def _open(self, deadline: Deadline) -> Line:
        devices = self._transport.list()
        info = choose_device(devices, self._wanted, self._transport.name)
        return self._open_line(info, min(OPEN_SECONDS, max(deadline.left, 0.01)))

    def _check_device(self, session: Session) -> None:
        device, wanted = session.device, self._wanted
        if device.simulated and not self._allow_simulated:
            self._lose(None)
            raise BlueTapError(
                ResultCode.DEVICE_DISCONNECTED,
                f"{device.serial_number} at {device.id} is a simulated device, and this program allows real ones only: "
                "connect a real one, or allow simulated ones (allow_simulated, BLUETAP_ALLOW_SIMULATED=1).",
            )
        if wanted is not None and wanted not in (device.serial_number, device.id):
            self._lose(None)
            raise BlueTapError(
                ResultCode.DEVICE_DISCONNECTED,
                f"{device.id} is the device {device.serial_number}, not {wanted}: correct the serial number "
                "(device, BLUETAP_DEVICE), or the address.",
            )

    def _greet(self, line: Line, deadline: Deadline) -> Session:
        nonce = -1
        contradiction = ""
        for _ in range(HELLO_TRIES):
            if deadline.over:
                break
            nonce = _nonce(nonce)
            self._write(encode_message(Message("HELLO", 0, 0, {"nonce": nonce})), deadline)
            for message in self._messages(Deadline(self._clock, min(REPLY_SECONDS, deadline.left))):
                hello = message.fields
                if message.name != "HELLO_REPLY" or message.sequence != 0:
                    self._stray("a stray reply")
                elif hello["result"] != "SUCCESS" and message.session == 0:
                    reason = hello["reason"]
                    text = f"{line.info.id} refused HELLO: {describe_reason(reason)} (reason {reason})."
                    # Not the code of the device: PARAM_ILLEGAL would blame the fields of the caller.
                    raise BlueTapError(ResultCode.PROCESS_FAIL, text, reason)
                elif message.session == 0 or hello.get("nonce") != nonce:
                    self._stray("a reply to another HELLO")
                elif self._was_used(message.session, hello):
                    contradiction = f"it has opened session {message.session} again, and this number was used before"
                    self.contradicted()
                else:
                    return self._begin(line, message.session, hello)
        if contradiction:
            raise NotThere(f"The reply of {line.info.id} to HELLO is not believed: {contradiction}.")
        if not deadline.over:
            # The channel is perhaps useless. The next try opens another one.
            self._lose(None)
        raise NotThere(f"{line.info.id} is open, but no BlueTap device answers there: power it off and on.")

    def _begin(self, line: Line, number: int, hello: Dict[str, Any]) -> Session:
        device = Device(
            model=hello["model"],
            firmware=hello["firmware"],
            serial_number=hello["serialNumber"],
            boot_id=hello["bootId"],
            simulated=hello.get("simulated", False),
            id=line.info.id,
            tap_source=hello.get("tapSource"),
        )
        self._past.append((device.serial_number, device.boot_id, number, line))
        last, state, taps = hello.get("lastCommand"), hello["state"], hello.get("taps", 0)
        return Session(line, number, hello, device, last, state, taps)

    def _was_used(self, number: int, hello: Dict[str, Any]) -> bool:
        # Otherwise a late reply of the earlier session would be believed.
        last: Optional[CommandNumber] = hello.get("lastCommand")
        earlier = any(each[:3] == (hello["serialNumber"], hello["bootId"], number) for each in self._past)
        return earlier or (last is not None and last.session == number)

    # Requests and replies

    def exchange(self, session: Session, name: str, fields: Dict[str, Any], deadline: Deadline) -> Exchanged:
        """Sends a request, and the same bytes again while no reply comes: three copies, a second each."""
        try:
            # The program can have stored the attempt for a long time. A channel that has ended takes no copy.
            self.drain()
        except TransportError as error:
            return Exchanged(None, 0, error)
        session.sequence += 1
        data = encode_message(Message(name, session.number, session.sequence, fields))
        if name == "PAY":
            session.waiting_pay, session.taps = fields, 0
        copies = 0
        try:
            while copies < COPIES and not deadline.over:
                # Counted before it leaves: a write that fails can have reached the device all the same.
                copies += 1
                self._write(data, deadline)
                for message in self._messages(Deadline(self._clock, min(REPLY_SECONDS, deadline.left))):
                    reply = self._match(message, session, name)
                    if reply is not None:
                        self._believe(session, name, reply, copies)
                        return Exchanged(reply, copies, None)
        except TransportError as error:
            return Exchanged(None, copies, error)
        except BaseException:
            # Ctrl-C: the reply can still come, and a session has one request at a time.
            self.session = None
            raise
        finally:
            session.waiting_pay = None
        return Exchanged(None, copies, None)

    def _match(self, message: Message, session: Session, name: str) -> Optional[Dict[str, Any]]:
        if (message.name, message.sequence) != (f"{name}_REPLY", session.sequence):
            self._stray("a stray reply")
        elif message.session != session.number:
            self._stray("a reply of another session")
        elif contradiction_in_reply(name, message.fields) is not None:
            self.contradicted()
        else:
            return message.fields
        return None

    def _believe(self, session: Session, name: str, reply: Dict[str, Any], copies: int) -> None:
        session.state, session.since = reply["state"], False
        if reply["result"] != "SUCCESS":
            return
        told = reply.get("taps", 0)
        if name == "PAY":
            # A LINK before the reply to the only copy is about an earlier payment link.
            session.taps = 0 if copies == 1 else session.taps
        elif name == "CANCEL":
            if told < session.taps:
                self.contradicted()
            session.taps = max(told, session.taps)
        else:
            session.taps, session.gap = told, False

    def drain(self) -> None:
        """Takes the messages that have come without a request. TransportError: the channel is lost."""
        if self.line is None:
            return
        for _ in self._messages(Deadline(self._clock, 0)):
            self._stray("a stray reply")

    def catch_up(self) -> None:
        """Takes the messages that have come. If the channel is lost, the next call finds it out."""
        try:
            self.drain()
        except TransportError:
            pass

    def contradicted(self) -> None:
        """The device contradicted itself, and was not believed."""
        self.statistics.contradictions += 1

    def _stray(self, what: str) -> None:
        self.statistics.dropped[what] += 1

    def _write(self, data: bytes, deadline: Deadline) -> None:
        assert self.line is not None
        try:
            self.line.write(data, min(REPLY_SECONDS, max(deadline.left, 0.01)))
        except TransportError as error:
            self._lose(error)
            raise

    def _messages(self, until: Deadline) -> Iterator[Message]:
        """Gives the messages that come, until the time. A LINK is handled here."""
        last_look = False
        while self._frames or not last_look:
            if not self._frames:
                # What waits to be read counts, also if this program was late.
                last_look = until.over
                self._frames.extend(self._read(until.left))
                continue
            frame = self._frames.popleft()
            if isinstance(frame, FrameError):
                self._stray(f"a damaged frame: {frame.code}")
                continue
            try:
                message = decode_message(frame)
            except MessageError as error:
                self._stray(f"an unreadable message: {error.code}")
                continue
            if message.name == "LINK":
                self._link(message)
            else:
                yield message

    def _read(self, seconds: float) -> List[Union[Frame, FrameError]]:
        if self.line is None:
            raise TransportError("disconnected", "the channel is closed")
        try:
            return self.line.read(seconds)
        except TransportError as error:
            self._lose(error)
            raise

    def _lose(self, error: Optional[TransportError]) -> None:
        """Closes the channel. `error` is None if this program gives it up."""
        device = self._answered
        self.close()
        self._frames.clear()
        if device is not None:
            lost = error or TransportError("disconnected", f"{device.serial_number} does not answer any more")
            self._heard.lost(device, lost)

    # LINK

    def _link(self, message: Message) -> None:
        session = self.session
        if session is None or message.session != session.number or message.sequence == 0:
            self._stray("a stray LINK")
            return
        if message.sequence == session.link_number:
            return
        session.gap = session.gap or message.sequence != session.link_number % LAST_SEQUENCE + 1
        session.link_number = message.sequence
        fields, waiting = message.fields, session.waiting_pay
        if fields["state"] == "ready" and session.state != "ready" and waiting is None:
            # A payment link that is over stays over until the next PAY.
            self.contradicted()
            session.gap = True
            return
        session.state, session.since = fields["state"], True
        if waiting is None or fields.get("orderId") == waiting.get("orderId"):
            session.taps = max(session.taps, fields.get("taps", 0)) if waiting is not None else fields.get("taps", 0)
        self._heard.link(session, fields)


def _nonce(before: int) -> int:
    nonce = int.from_bytes(os.urandom(4), "little")
    return nonce if nonce != before else (nonce + 1) % 2**32
