"""STATUS: the payment link of the device now. docs/protocol.md section 4."""

from typing import Any, Dict, Optional

from .clock import Deadline
from .errors import BlueTapError
from .protocol.schema import NO_SUCH_SESSION, describe_reason
from .results import PaymentLinkStatus, ResultCode, State
from .sessions import Session, Sessions


def ask_status(sessions: Sessions, deadline: Deadline) -> PaymentLinkStatus:
    """Asks until there is a reply or the time is over. STATUS changes nothing, so it can be sent again.

    BlueTapError: there is no device, or it does not answer, or it refuses.
    """
    renewed = False
    asked: Optional[Session] = None
    while True:
        try:
            session = sessions.obtain(deadline)
            if deadline.over:
                raise BlueTapError(ResultCode.DEVICE_DISCONNECTED, "The time of the call is over.")
        except BlueTapError as error:
            if asked is not None and asked.line is sessions.line and error.reason is None:
                text = f"{asked.device.serial_number} has not answered STATUS. If it goes on, power it off and on."
                raise BlueTapError(ResultCode.UNKNOWN_EXCEPTION, text) from error
            raise
        reply = sessions.exchange(session, "STATUS", {}, deadline).reply
        if reply is not None and reply["result"] == "SUCCESS":
            sessions.catch_up()
            return _status_of(session, reply)
        if reply is not None and (reply["reason"] != NO_SUCH_SESSION or renewed):
            text = f"{session.device.serial_number} refused STATUS: {describe_reason(reply['reason'])}"
            raise BlueTapError(ResultCode(reply["result"]), f"{text} (reason {reply['reason']}).", reply["reason"])
        asked, renewed = session, renewed or reply is not None
        sessions.drop()


def _status_of(session: Session, reply: Dict[str, Any]) -> PaymentLinkStatus:
    # A LINK behind the reply is newer than the reply.
    if session.state != "ready":
        return PaymentLinkStatus(State(session.state), session.taps)
    return PaymentLinkStatus(
        State.READY,
        session.taps,
        reply.get("remaining"),
        reply.get("paymentMethod"),
        reply.get("amount"),
        reply.get("orderId"),
    )
