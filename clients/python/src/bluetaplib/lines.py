"""Several calls of one process: a JSON object per line of stdin, and a result per line of stdout.

docs/guides/conformance.md, "Several calls of one process".
"""

import json
from dataclasses import replace
from typing import Any, BinaryIO, Dict, Optional, TextIO

from .as_json import failure_json, json_line, result_json, status_json
from .client import Client
from .errors import BlueTapError, ParamIllegal
from .results import CommandResult, Failure, Outcome, Resolution, ResultCode

_VERBS = ("pay", "cancel", "status", "outcome")


class _Calls:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._latest: Optional[CommandResult] = None

    def answer(self, line: bytes) -> Dict[str, Any]:
        try:
            typed = json.loads(line)
        except (ValueError, RecursionError):
            typed = None
        if not isinstance(typed, dict) or typed.get("do") not in _VERBS:
            return _illegal(f"a line is a JSON object, and its do is one of {', '.join(_VERBS)}")
        milliseconds = typed.get("timeoutMs", 5000)
        if type(milliseconds) not in (int, float):
            return _illegal("timeoutMs must be a number of milliseconds")
        try:
            return self._call(typed, milliseconds / 1000)
        except ParamIllegal as error:
            return _illegal(str(error))
        except BlueTapError as error:
            return failure_json(error)

    def _call(self, typed: Dict[str, Any], timeout: float) -> Dict[str, Any]:
        client, order_id = self._client, typed.get("orderId")
        if typed["do"] == "status":
            return status_json(client.status(timeout=timeout), client.device)
        if typed["do"] == "outcome":
            return self._outcome(timeout)
        if typed["do"] == "pay":
            self._latest = client.pay(
                typed.get("paymentMethod"),  # type: ignore[arg-type]
                amount=typed.get("amount"),
                order_id=order_id,
                expiry_time=typed.get("expiryTime"),
                timeout=timeout,
            )
        else:
            self._latest = client.cancel(order_id, timeout=timeout)
        return result_json(self._latest)

    def _outcome(self, timeout: float) -> Dict[str, Any]:
        latest = self._latest
        if latest is None:
            return failure_json(BlueTapError(ResultCode.PROCESS_FAIL, "There was no command."))
        if latest.pending and latest.attempt is not None:
            try:
                resolution = self._client.outcome_of(latest.attempt, timeout=timeout)
            except BlueTapError:
                return result_json(latest)
            self._latest = latest = replace(_resolved(latest, resolution), device=self._client.device)
        return result_json(latest)


def _resolved(latest: CommandResult, resolution: Resolution) -> CommandResult:
    code, text = ResultCode.UNKNOWN_EXCEPTION, "The device cannot tell what became of the command."
    if resolution.pending:
        code, text = ResultCode.DEVICE_DISCONNECTED, "Another device answers."
    elif resolution.outcome is Outcome.EXECUTED:
        code, text = ResultCode.SUCCESS, ""
    elif resolution.outcome is Outcome.NOT_EXECUTED:
        code, text = ResultCode.PROCESS_FAIL, "The device did not execute the command: send it again."
    return replace(
        latest,
        code=code,
        outcome=resolution.outcome,
        link_live=resolution.link_live,
        pending=resolution.pending,
        state=resolution.state,
        taps=resolution.taps,
        error=Failure(text) if text else None,
    )


def _illegal(message: str) -> Dict[str, Any]:
    return {"code": "PARAM_ILLEGAL", "outcome": "not-sent", "linkLive": "no", "error": {"message": message}}


def serve_lines(client: Client, lines: BinaryIO, out: TextIO) -> int:
    """Answers each line until the end of the input. Returns the exit code."""
    calls = _Calls(client)
    for line in lines:
        if line.strip():
            print(json_line(calls.answer(line)), file=out, flush=True)
    return 0
