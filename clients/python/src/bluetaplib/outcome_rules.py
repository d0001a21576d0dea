"""The rules of docs/protocol.md section 4 that decide the outcome of a command. They are only in this file."""

from typing import Any, Dict, NamedTuple, Optional

from .protocol.schema import NFC_FAULT, NO_SUCH_SESSION, ORDER_MISMATCH, SEQUENCE_REUSED
from .protocol.schema import CommandNumber
from .results import Attempt, LinkLive, Outcome

_LAST_SESSION = 65535

Fields = Dict[str, Any]


class Facts(NamedTuple):
    """What is known of a command in doubt. `contradiction` follows the words "the device"."""

    outcome: Outcome
    link_live: LinkLive
    pending: bool
    contradiction: Optional[str] = None


def settle_doubt(attempt: Attempt, session: int, hello: Fields, line_stayed: bool) -> Facts:
    """Decides the outcome of a command in doubt from the reply to HELLO.

    `line_stayed` is True if the channel on which the command was sent has stayed open.
    """
    live = hello["state"] == "ready"
    if hello["serialNumber"] != attempt.serial_number:
        return Facts(Outcome.UNKNOWN, LinkLive.UNKNOWN, True)
    contradiction = contradiction_over_doubt(attempt, session, hello, line_stayed)
    if contradiction is not None:
        # The reply is not believed. But a device without a live payment link does not show this one.
        return Facts(Outcome.UNKNOWN, LinkLive.UNKNOWN if live else LinkLive.NO, False, contradiction)
    # The payment link of a PAY ends at a restart, and at a command of another host. But the payment link that is live
    # now can be the one that a CANCEL had to end.
    open_question = LinkLive.UNKNOWN if attempt.command == "CANCEL" and live else LinkLive.NO
    if hello["bootId"] != attempt.boot_id:
        return Facts(Outcome.UNKNOWN, open_question, False)
    last = hello.get("lastCommand")
    if last == attempt.number:
        return Facts(Outcome.EXECUTED, link_live_after(attempt, Outcome.EXECUTED, hello["state"]), False)
    if last == attempt.last:
        return Facts(Outcome.NOT_EXECUTED, link_live_after(attempt, Outcome.NOT_EXECUTED, hello["state"]), False)
    return Facts(Outcome.UNKNOWN, open_question, False)


def link_live_after(attempt: Attempt, outcome: Outcome, state: str, reason: Optional[int] = None) -> LinkLive:
    """Decides whether the payment link of a command can be live, when the device has said its state."""
    is_cancel = attempt.command == "CANCEL"
    # A device that does not know the session can be another device, which is now at the end of the same line.
    if is_cancel and outcome is Outcome.REFUSED and is_of_the_copy(reason):
        return LinkLive.UNKNOWN
    if state != "ready":
        return LinkLive.NO
    if not is_cancel:
        return LinkLive.YES if outcome is Outcome.EXECUTED else LinkLive.NO
    # Order mismatch: the live payment link belongs to another order.
    if outcome is Outcome.EXECUTED or reason == ORDER_MISMATCH:
        return LinkLive.NO
    return LinkLive.UNKNOWN if attempt.one_order else LinkLive.YES


def is_of_the_copy(reason: Optional[int]) -> bool:
    """True if a refusal is about one copy in one session, and not about the command."""
    return reason in (NO_SUCH_SESSION, SEQUENCE_REUSED)


def contradiction_over_doubt(attempt: Attempt, session: int, hello: Fields, line_stayed: bool) -> Optional[str]:
    """Finds a contradiction in the reply to HELLO that matters for a command in doubt."""
    if hello["serialNumber"] != attempt.serial_number:
        return None
    last: Optional[CommandNumber] = hello.get("lastCommand")
    state = hello["state"]
    if last is None and state != "idle":
        return "says that it has executed nothing since it started, and has shown a payment link"
    if hello["bootId"] != attempt.boot_id:
        if state == "ready" and line_stayed:
            return "says that it has restarted, and that a payment link is live, on a line that stayed open"
        return None
    if last is None:
        text = "says that it has not restarted, and has forgotten the command that it executed last"
        return text if attempt.last is not None else None
    if last.session != attempt.session:
        later = _steps(last.session, attempt.session) <= _steps(session, attempt.session)
        if last == attempt.last or later:
            return None
        return "names a last command of a session before the one in which it was asked"
    if last.sequence > attempt.sequence:
        return None
    if last == attempt.number:
        cancelled = attempt.command == "CANCEL" and state == "ready"
        return "says that it has executed CANCEL, and that the payment link is live" if cancelled else None
    text = "names a last command of this session that it never reported to have executed"
    return None if last == attempt.last else text


def contradiction_in_reply(name: str, reply: Fields) -> Optional[str]:
    """Finds a contradiction in a reply that is not the reply to HELLO. Such a reply is not believed."""
    result, state = reply["result"], reply["state"]
    if name == "PAY" and result != "SUCCESS":
        failed = reply.get("reason") == NFC_FAULT and state == "ready"
        return "says that its NFC part failed at PAY, and that a payment link is live" if failed else None
    if name == "PAY":
        over = state != "ready" and reply["remaining"] > 0
        return "says that the payment link is over, and that it has time left" if over else None
    if name == "CANCEL" and result == "SUCCESS" and state == "ready":
        return "says that it has executed CANCEL, and that the payment link is live"
    return None


def _steps(session: int, start: int) -> int:
    """Returns how many sessions after `start` a session was opened. 1 follows 65535."""
    return (session - start) % _LAST_SESSION
