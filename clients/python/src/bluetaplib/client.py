"""The client: PAY, CANCEL and STATUS at one device, one call at a time."""

import threading
from dataclasses import replace
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple, Union

from .ask_status import ask_status
from .clock import Clock, Deadline
from .field_rules import cancel_fields, pay_fields, show
from .delivery import Delivery, OnAttempt, given_up, not_sent, tell_attempt
from .errors import CalledInside, CallTimedOut, ClientClosed, ParamIllegal
from .events import Events, Listener
from .line import Line, ReadAheadLine
from .options import key_of, take_attempt, take_seconds
from .protocol.schema import NO_SUCH_SESSION
from .results import (
    Attempt,
    CommandResult,
    Device,
    PaymentLinkEvent,
    PaymentLinkStatus,
    PaymentMethod,
    Resolution,
    State,
)
from .sessions import Heard, Session, Sessions, Statistics
from .transports import transport_of
from .transports.channel import DeviceInfo, Transport, TransportError
from .turns import Turns

DEFAULT_TIMEOUT = 5.0
# No doubt needs so many. Each is of another device, or of another start of a device, that has not come back.
MAX_PENDING = 1000


class Client:
    """Sends commands to one BlueTap device, and says of each what is known.

    `transport`: an address (`hid`, `hid:PATH`, `serial:PATH`, `tcp://HOST:PORT`, `unix:PATH`), or an object with `list`
    and `open`. `device`: the serial number of the device, or its id at the transport. `timeout`: the time limit of a
    call, in seconds. `pending_attempts`: attempts that an earlier run of the program stored and that are in doubt.
    `background`: a thread reads what comes between two calls, so that events are told at once.

    The first call opens the device. Several threads may call: one call at a time, in the order in which they came.
    """

    def __init__(
        self,
        transport: Union[str, Transport] = "hid",
        *,
        device: Optional[str] = None,
        timeout: float = DEFAULT_TIMEOUT,
        allow_simulated: bool = True,
        pending_attempts: Iterable[Attempt] = (),
        background: bool = True,
        clock: Optional[Clock] = None,
    ) -> None:
        if type(allow_simulated) is not bool:
            raise ParamIllegal(f"allow_simulated must be True or False, not {show(allow_simulated)}")
        if device is not None and not isinstance(device, str):
            raise ParamIllegal(f"device must be a serial number (a string), not {show(device)}")
        self._timeout = take_seconds(timeout)
        self._transport = transport_of(transport) if isinstance(transport, str) else transport
        self._clock = clock or Clock()
        self._background = background
        self._lock = threading.Lock()
        self._turns = Turns()
        self._closed = False
        self._events = Events()
        self._waiting = threading.Event()
        self._follower: Optional[threading.Thread] = None
        self._pending: List[Attempt] = [take_attempt(each) for each in pending_attempts]
        self._resolved: Dict[Tuple[str, int, int, int], Resolution] = {}
        heard = Heard(self._opened, self._lost, self._changed)
        self._sessions = Sessions(
            self._transport, device, allow_simulated, self._clock, self._open_line, heard
        )
        self._delivery = Delivery(self._sessions, self._doubted)
        self._seen: Optional[Tuple[str, int]] = None
        self._last_device: Optional[Device] = None
        self.last_result: Optional[CommandResult] = None

    # Calls

    def pay(
        self,
        payment_method: Union[PaymentMethod, str],
        *,
        amount: Optional[str] = None,
        order_id: Optional[str] = None,
        expiry_time: Optional[int] = None,
        timeout: Optional[float] = None,
        on_attempt: Optional[OnAttempt] = None,
    ) -> CommandResult:
        """Asks the device to show a payment link. docs/protocol.md sections 4 and 6.

        `amount`: digits with at most one point, 1 to 8 characters. `order_id`: 1 to 16 printable ASCII characters
        without spaces. `expiry_time`: whole seconds; None means 900. `timeout`: seconds for the whole call.
        `on_attempt` is called before the first byte is sent. If it raises, nothing is sent.

        Every end is a result, also PARAM_ILLEGAL: a field or an option breaks its rule, and nothing was sent. Only
        Ctrl-C (KeyboardInterrupt) and SystemExit pass through. `last_result` has the result then.
        """
        return self._command(
            "PAY", lambda: pay_fields(payment_method, amount, order_id, expiry_time), timeout, on_attempt
        )

    def cancel(
        self,
        order_id: Optional[str] = None,
        *,
        timeout: Optional[float] = None,
        on_attempt: Optional[OnAttempt] = None,
    ) -> CommandResult:
        """Asks the device to end the live payment link, or the one of one order. It ends with a result, as `pay`."""
        return self._command("CANCEL", lambda: cancel_fields(order_id), timeout, on_attempt)

    def status(self, *, timeout: Optional[float] = None) -> PaymentLinkStatus:
        """Asks what the device shows now. It changes nothing.

        BlueTapError: there is no device, or it does not answer, or it refuses.
        """
        deadline = self._deadline(timeout)
        with self._call(deadline):
            status = ask_status(self._sessions, deadline)
            self._seen = (status.state.value, status.taps)
            return status

    def connect(self, *, timeout: Optional[float] = None) -> Device:
        """Opens the device, if it is not open, and returns what it says about itself.

        BlueTapError: there is no device, or it does not answer, or it is not the right one.
        """
        deadline = self._deadline(timeout)
        with self._call(deadline):
            return self._sessions.obtain(deadline).device

    def outcome_of(self, attempt: Attempt, *, timeout: Optional[float] = None) -> Resolution:
        """Asks what became of an attempt, also of an earlier run of the program. It sends only HELLO.

        BlueTapError: no device answers. The attempt stays in doubt.
        """
        attempt = take_attempt(attempt)
        deadline = self._deadline(timeout)
        with self._call(deadline):
            known = self._resolved.get(key_of(attempt))
            if known is not None:
                return known
            session = self._sessions.obtain(deadline, renew=True)
            known = self._resolved.get(key_of(attempt))
            return known or self._resolution(attempt, session)

    @property
    def device(self) -> Optional[Device]:
        """The device of the session that is open. None if there is none."""
        session = self._sessions.session
        return session.device if session is not None else None

    @property
    def last_device(self) -> Optional[Device]:
        """The device that answered last, also if it was disconnected after that. None if none has answered."""
        return self._last_device

    @property
    def pending_attempts(self) -> List[Attempt]:
        """The attempts that are in doubt. Store them, and give them to the next client."""
        return list(self._pending)

    @property
    def statistics(self) -> Statistics:
        """Counters from the start of this client."""
        return self._sessions.statistics

    # Events

    def on(self, event: str, listener: Listener) -> None:
        """Calls `listener` for each event, in a thread of the client.

        `connected` and `disconnected` give a Device, `link` a PaymentLinkEvent, `resolved` a Resolution. An exception
        of a listener is logged. It touches no payment.

        ValueError: there is no such event.
        """
        self._events.on(event, listener)

    def off(self, event: str, listener: Listener) -> None:
        """Removes a listener."""
        self._events.off(event, listener)

    # The end

    def close(self) -> None:
        """Closes the device. It waits for the call that runs now. It may be called several times."""
        with self._turns.turn():
            self._closed = True
            self._waiting.set()
            with self._lock:
                self._sessions.close()
            self._events.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    # Inside

    def _deadline(self, timeout: Optional[float]) -> Deadline:
        return Deadline(self._clock, self._timeout if timeout is None else take_seconds(timeout))

    def _call(self, deadline: Deadline) -> "_Call":
        return _Call(self, deadline)

    def _command(
        self,
        command: str,
        check: Callable[[], Dict[str, Any]],
        timeout: Optional[float],
        on_attempt: Optional[OnAttempt],
    ) -> CommandResult:
        try:
            fields = check()
            deadline = self._deadline(timeout)
            if on_attempt is not None and not callable(on_attempt):
                raise ParamIllegal(f"on_attempt must be a function, not {show(on_attempt)}. Nothing was sent.")
            with self._call(deadline):
                self.last_result = None
                self.last_result = self._deliver(command, fields, deadline, on_attempt)
                return self.last_result
        except (ParamIllegal, ClientClosed, CallTimedOut, CalledInside) as error:
            return not_sent(command, error)

    def _deliver(
        self, command: str, fields: Dict[str, Any], deadline: Deadline, on_attempt: Optional[OnAttempt]
    ) -> CommandResult:
        def note(attempt: Attempt) -> None:
            if on_attempt is not None:
                tell_attempt(on_attempt, attempt)

        try:
            result = self._delivery.deliver(command, fields, deadline, note)
            self.last_result = result
            self._delivery.told()
        except BaseException as cause:
            # Ctrl-C, or a transport of the program that fails in its own way. An attempt of which a byte may have left
            # is in doubt, and the next session settles it.
            doubt = self._delivery.given_up()
            result = self.last_result or given_up(command, doubt, self._sessions.line is not None, cause)
            if not isinstance(cause, Exception):
                self.last_result = result
                raise
        self._follow_gap(deadline)
        session = self._sessions.session
        if session is not None:
            self._seen = (session.state, session.taps)
            result = replace(result, device=session.device)
        return result

    def _follow_gap(self, deadline: Deadline) -> None:
        """Asks with STATUS after a LINK was lost. It never opens a session."""
        session = self._sessions.session
        if session is None or not session.gap or session.spent or deadline.over:
            return
        before = self._seen
        reply = self._sessions.exchange(session, "STATUS", {}, deadline).reply
        if reply is None or reply["result"] != "SUCCESS":
            if reply is not None and reply["reason"] == NO_SUCH_SESSION:
                self._sessions.drop()
            return
        self._sessions.catch_up()
        now = (session.state, session.taps)
        if now != before:
            self._seen = now
            self._events.hold("link", PaymentLinkEvent(State(now[0]), now[1], reply.get("orderId")))

    def _open_line(self, info: DeviceInfo, seconds: float) -> Line:
        channel = self._transport.open(info, seconds)
        if not self._background:
            return Line(channel, info, self._clock)
        if self._follower is None:
            self._follower = threading.Thread(target=self._follow, name="bluetaplib follower", daemon=True)
            self._follower.start()
        return ReadAheadLine(channel, info, self._clock, self._waiting.set)

    def _follow(self) -> None:
        """Takes what comes between two calls."""
        while not self._closed:
            self._waiting.wait()
            self._waiting.clear()
            with self._lock:
                if self._closed:
                    return
                self._sessions.catch_up()
                self._follow_gap(Deadline(self._clock, self._timeout))
                self._events.release()

    # What sessions tell

    def _opened(self, session: Session, new_line: bool) -> None:
        now = (session.state, session.taps)
        # Behind a bridge, another device or a restarted one can answer on the same channel.
        another, self._last_device = session.device != self._last_device, session.device
        if new_line or another:
            self._events.hold("connected", session.device)
        elif self._seen is not None and self._seen != now:
            self._events.hold("link", PaymentLinkEvent(State(session.state), session.taps))
        self._seen = now
        for attempt in list(self._pending):
            resolution = self._resolution(attempt, session)
            if not resolution.pending:
                self._pending.remove(attempt)
                self._resolved[key_of(attempt)] = resolution
                self._events.hold("resolved", resolution)

    def _lost(self, device: Device, _: TransportError) -> None:
        self._events.hold("disconnected", device)

    def _changed(self, session: Session, fields: Dict[str, Any]) -> None:
        self._seen = (session.state, session.taps)
        self._events.hold("link", PaymentLinkEvent(State(session.state), session.taps, fields.get("orderId")))

    def _doubted(self, attempt: Attempt) -> None:
        if attempt not in self._pending:
            self._pending.append(attempt)
        del self._pending[:-MAX_PENDING]

    def _resolution(self, attempt: Attempt, session: Session) -> Resolution:
        facts = self._delivery.facts(attempt, session)
        if facts.pending:
            return Resolution(attempt, facts.outcome, facts.link_live, True)
        state, taps = State(session.state), session.taps
        return Resolution(attempt, facts.outcome, facts.link_live, False, state, taps)


class _Call:
    """One call: it waits for its turn, holds the lock, and releases the events at its end."""

    def __init__(self, client: Client, deadline: Deadline) -> None:
        self._client = client
        self._deadline = deadline

    def __enter__(self) -> None:
        client = self._client
        # The wait counts: a call never takes longer than its time limit.
        if not client._turns.take(self._deadline.left):
            raise CallTimedOut()
        try:
            taken = client._lock.acquire(timeout=self._deadline.left)
        except BaseException:
            # Ctrl-C while the thread of the events has the device: the next call must get its turn.
            client._turns.give()
            raise
        if not taken:
            client._turns.give()
            raise CallTimedOut()
        if client._closed:
            client._lock.release()
            client._turns.give()
            raise ClientClosed()

    def __exit__(self, *_: Any) -> None:
        client = self._client
        client._events.release()
        client._lock.release()
        client._turns.give()
        # Bytes that came while the call ended.
        client._waiting.set()
