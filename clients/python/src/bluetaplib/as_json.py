"""Results as JSON, with the names of docs/reference/cli.md."""

import json
from typing import Any, Dict, Optional

from .errors import BlueTapError
from .protocol import CommandNumber
from .results import Attempt, CommandResult, Device, PaymentLinkStatus


def result_json(result: CommandResult) -> Dict[str, Any]:
    """Returns a result of pay or cancel."""
    told: Dict[str, Any] = {
        "code": result.code.value,
        "outcome": result.outcome.value,
        "linkLive": result.link_live.value,
        "pending": result.pending,
        "state": result.state.value if result.state is not None else None,
        "remaining": result.remaining,
        "previous": {"state": result.previous.state, "taps": result.previous.taps} if result.previous else None,
        "taps": result.taps,
        "attempt": attempt_json(result.attempt) if result.attempt is not None else None,
        "device": device_json(result.device) if result.device is not None else None,
        "error": error_json(result.error.message, result.error.reason) if result.error is not None else None,
    }
    return _without_none(told)


def status_json(status: PaymentLinkStatus, device: Optional[Device]) -> Dict[str, Any]:
    """Returns a result of status."""
    return _without_none(
        {
            "code": "SUCCESS",
            "paymentMethod": status.payment_method,
            "amount": status.amount,
            "orderId": status.order_id,
            "state": status.state.value,
            "remaining": status.remaining,
            "taps": status.taps,
            "device": device_json(device) if device is not None else None,
        }
    )


def failure_json(error: BlueTapError) -> Dict[str, Any]:
    """Returns a status or an info that failed."""
    return {"code": error.code.value, "error": error_json(str(error), error.reason)}


def error_json(message: str, reason: Optional[int]) -> Dict[str, Any]:
    """Returns an error."""
    return _without_none({"message": message, "reason": reason})


def device_json(device: Device) -> Dict[str, Any]:
    """Returns a device."""
    return _without_none(
        {
            "model": device.model,
            "firmware": device.firmware,
            "serialNumber": device.serial_number,
            "bootId": device.boot_id,
            "simulated": device.simulated,
            "tapSource": device.tap_source,
            "id": device.id,
        }
    )


def attempt_json(attempt: Attempt) -> Dict[str, Any]:
    """Returns an attempt. `last` is null if the device had executed nothing before."""
    told: Dict[str, Any] = {
        "command": attempt.command,
        "serialNumber": attempt.serial_number,
        "bootId": attempt.boot_id,
        "session": attempt.session,
        "sequence": attempt.sequence,
        "last": attempt.last._asdict() if attempt.last is not None else None,
    }
    if attempt.one_order:
        told["oneOrder"] = True
    return told


def attempt_from_json(told: Dict[str, Any]) -> Attempt:
    """Returns an attempt that `attempt_json` has written. ValueError: it is not one."""
    try:
        last = told["last"]
        if told["command"] not in ("PAY", "CANCEL") or not isinstance(told["serialNumber"], str):
            raise ValueError("this is not an attempt: its command or its serial number is wrong")
        return Attempt(
            told["command"],
            told["serialNumber"],
            int(told["bootId"]),
            int(told["session"]),
            int(told["sequence"]),
            CommandNumber(int(last["session"]), int(last["sequence"])) if last is not None else None,
            bool(told.get("oneOrder", False)),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"this is not an attempt: {error}") from error


def json_line(told: Dict[str, Any]) -> str:
    """Returns one line of JSON, written as the `bluetap` command writes it."""
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def _without_none(told: Dict[str, Any]) -> Dict[str, Any]:
    return {key: value for key, value in told.items() if value is not None}
