"""The delivery of one command: get a session, send, repeat the same bytes, ask. docs/protocol.md section 4."""

from dataclasses import replace
from typing import Any, Callable, Dict, Optional

from .clock import Deadline
from .errors import BlueTapError, CallbackFailed
from .outcome_rules import Facts, is_of_the_copy, link_live_after, settle_doubt
from .protocol import CommandNumber, Previous
from .protocol.schema import NO_SUCH_SESSION, describe_reason
from .results import Attempt, CommandResult, Failure, LinkLive, Outcome, ResultCode, State
from .sessions import Exchanged, Session, Sessions

OnAttempt = Callable[[Attempt], None]
OnDoubt = Callable[[Attempt], None]


class Delivery:
    """Delivers commands, one at a time."""

    def __init__(self, sessions: Sessions, on_doubt: OnDoubt) -> None:
        self._sessions = sessions
        self._on_doubt = on_doubt
        # The attempt of which a byte may have left, while its call runs.
        self._under_way: Optional[Attempt] = None

    def deliver(
        self, command: str, fields: Dict[str, Any], deadline: Deadline, on_attempt: Optional[OnAttempt]
    ) -> CommandResult:
        """Sends a PAY or a CANCEL whose fields are right, and returns its result. It raises no BlueTapError.

        The caller says with `told` that it has the result, and with `given_up` that the call ended in an exception.
        """
        refused_once: Optional[CommandResult] = None
        while True:
            self._under_way = None
            try:
                session = self._sessions.obtain(deadline)
            except BlueTapError as error:
                return refused_once or not_sent(command, error)
            if deadline.over:
                text = "The time of the call was over before the command was sent."
                late = BlueTapError(ResultCode.PROCESS_FAIL, text)
                return refused_once or not_sent(command, late)
            attempt = attempt_of(command, fields, session)
            try:
                if on_attempt is not None:
                    on_attempt(attempt)
            except CallbackFailed as error:
                return refused_once or not_sent(command, error)
            self._under_way = attempt
            sent = self._sessions.exchange(session, command, fields, deadline)
            reply, copies = sent.reply, sent.copies
            if reply is not None:
                # What came in one chunk with the reply is newer than the reply.
                self._sessions.catch_up()
            if reply is not None and reply["result"] == "SUCCESS":
                session.last = attempt.number
                return executed(attempt, reply, session)
            reason = reply["reason"] if reply is not None else None
            if reply is not None and not (copies > 1 and is_of_the_copy(reason)):
                if is_of_the_copy(reason):
                    self._sessions.drop()
                if reason != NO_SUCH_SESSION or refused_once is not None:
                    return refused(attempt, reply, session)
                # This only copy was sent in a session that is not current, so it was not executed. Once, because two
                # hosts would otherwise take the device from each other without end.
                live = LinkLive.NO if command == "PAY" else LinkLive.UNKNOWN
                # The program gets this result later, so it tells no state.
                refused_once = replace(refused(attempt, reply, session), state=None, link_live=live)
            elif copies > 0:
                return self._settle(attempt, deadline, sent)
            # Otherwise the time of the call is over, and nothing of this attempt has left.

    def told(self) -> None:
        """The result is known to the program. Until then, Ctrl-C leaves the attempt in doubt."""
        self._under_way = None

    def given_up(self) -> Optional[Attempt]:
        """Returns the attempt of which a byte may have left. A later session settles it. None: nothing was sent."""
        attempt = self._under_way
        if attempt is not None:
            self._sessions.drop()
            self._on_doubt(attempt)
        return attempt

    def _settle(self, attempt: Attempt, deadline: Deadline, sent: Exchanged) -> CommandResult:
        """Asks in a new session for the outcome. From here on, only HELLO is sent."""
        try:
            session = self._sessions.obtain(deadline, renew=True)
        except BlueTapError as error:
            self._on_doubt(attempt)
            return left_in_doubt(attempt, self._sessions.line is not None, error)
        facts = self.facts(attempt, session)
        if facts.pending:
            self._on_doubt(attempt)
        return settled(attempt, facts, session)

    def facts(self, attempt: Attempt, session: Session) -> Facts:
        """Decides about a command in doubt by a session that was just opened."""
        stayed = self._sessions.line_stayed(attempt.serial_number, attempt.boot_id, attempt.session)
        # A LINK behind the reply to HELLO is newer than the reply.
        hello = {**session.hello, "state": session.state}
        facts = settle_doubt(attempt, session.number, hello, stayed)
        if facts.contradiction is not None:
            self._sessions.contradicted()
        return facts


def tell_attempt(on_attempt: OnAttempt, attempt: Attempt) -> None:
    """Gives the attempt to the program, which stores it.

    CallbackFailed: the program could not store it, so nothing may be sent.
    """
    try:
        on_attempt(attempt)
    except Exception as error:
        raise CallbackFailed(error) from error


def attempt_of(command: str, fields: Dict[str, Any], session: Session) -> Attempt:
    """Returns the name of a command that is sent next in a session."""
    device, number = session.device, CommandNumber(session.number, session.sequence + 1)
    one_order = command == "CANCEL" and "orderId" in fields
    return Attempt(command, device.serial_number, device.boot_id, *number, session.last, one_order)


def not_sent(command: str, error: BlueTapError) -> CommandResult:
    """The result of a command of which no byte was sent."""
    # A CANCEL that was not sent changes no payment link.
    live = LinkLive.NO if command == "PAY" else LinkLive.UNKNOWN
    code = error.code if error.code is not ResultCode.UNKNOWN_EXCEPTION else ResultCode.PROCESS_FAIL
    return CommandResult(code, Outcome.NOT_SENT, live, error=Failure(str(error), error.reason))


def executed(attempt: Attempt, reply: Dict[str, Any], session: Session) -> CommandResult:
    """The result of an executed command. A LINK behind the reply counts: it is newer."""
    live = link_live_after(attempt, Outcome.EXECUTED, session.state)
    remaining: Optional[int] = None
    previous: Optional[Previous] = reply.get("previous")
    taps: Optional[int] = session.taps
    if attempt.command == "PAY":
        remaining = reply["remaining"] if session.state == "ready" else 0
        taps = session.taps if session.since else None
    return CommandResult(
        ResultCode.SUCCESS,
        Outcome.EXECUTED,
        live,
        state=State(session.state),
        remaining=remaining,
        taps=taps,
        previous=previous,
        attempt=attempt,
    )


def refused(attempt: Attempt, reply: Dict[str, Any], session: Session) -> CommandResult:
    """The result of a command that the device refused."""
    reason = reply["reason"]
    text = f"{attempt.serial_number} refused {attempt.command}: {describe_reason(reason)} (reason {reason})."
    return CommandResult(
        ResultCode(reply["result"]),
        Outcome.REFUSED,
        link_live_after(attempt, Outcome.REFUSED, session.state, reason),
        state=State(session.state),
        attempt=attempt,
        error=Failure(text, reason),
    )


_ASK = "Ask the acquirer before you send it again."


def settled(attempt: Attempt, facts: Facts, session: Session) -> CommandResult:
    """The result after the reply to HELLO settled the doubt, or left it open."""
    if facts.outcome is Outcome.EXECUTED:
        code, text = ResultCode.SUCCESS, ""
    elif facts.outcome is Outcome.NOT_EXECUTED:
        code = ResultCode.PROCESS_FAIL
        text = "No reply came, and the device says that it did not execute the command: send it again."
    elif facts.pending:
        code = ResultCode.DEVICE_DISCONNECTED
        text = (
            f"No reply came, and another device answers now. {attempt.serial_number} has perhaps executed the command: "
            "connect it again."
        )
    else:
        code = ResultCode.UNKNOWN_EXCEPTION
        why = (
            f"{attempt.serial_number} contradicts itself: it {facts.contradiction}"
            if facts.contradiction is not None
            else "the device cannot tell any more: it restarted, or another host has used it since"
        )
        text = f"No reply came that can be believed, and {why}. {_ASK}"
    # The payment link of another device says nothing about this one.
    state = None if facts.pending else State(session.state)
    taps = None if facts.pending else session.taps
    error = Failure(text) if text else None
    return CommandResult(
        code, facts.outcome, facts.link_live, facts.pending, state=state, taps=taps, attempt=attempt, error=error
    )


def left_in_doubt(attempt: Attempt, channel_open: bool, cause: BaseException) -> CommandResult:
    """The result of a call that ends before the device has said the outcome."""
    code = ResultCode.UNKNOWN_EXCEPTION if channel_open else ResultCode.DEVICE_DISCONNECTED
    what = f"but {attempt.serial_number} {'has not answered' if channel_open else 'is gone'}"
    if not isinstance(cause, BlueTapError):
        what = f"and the call was given up before {attempt.serial_number} answered"
    text = (
        f"{attempt.command} was sent, {what}: whether it was executed is not known yet, so do not send it again. "
        f"{cause}"
    ).rstrip()
    reason = cause.reason if isinstance(cause, BlueTapError) else None
    return CommandResult(
        code, Outcome.UNKNOWN, LinkLive.UNKNOWN, True, attempt=attempt, error=Failure(text, reason)
    )


def given_up(command: str, doubt: Optional[Attempt], channel_open: bool, cause: BaseException) -> CommandResult:
    """The result of a call that ends with an exception. `doubt` is None if no byte of the command has left."""
    if doubt is not None:
        return left_in_doubt(doubt, channel_open, cause)
    text = "The call was given up before the command was sent."
    if isinstance(cause, Exception):
        text = f"Something unexpected failed before the command was sent: {cause!r}"
    return not_sent(command, BlueTapError(ResultCode.PROCESS_FAIL, text))
