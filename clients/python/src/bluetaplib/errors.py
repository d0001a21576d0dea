"""The errors of the client."""

from typing import Optional

from .results import ResultCode


class BlueTapError(Exception):
    """A call failed. `code` is the result code, and the message says what happened and what to do.

    `reason` is the number that the device sent, if the device refused.
    """

    def __init__(self, code: ResultCode, message: str, reason: Optional[int] = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason


class NotThere(BlueTapError):
    """No device answers. One can answer soon, so a call tries again until its time is over."""

    def __init__(self, message: str) -> None:
        super().__init__(ResultCode.DEVICE_DISCONNECTED, message)


class ClientClosed(BlueTapError):
    """The client was closed before the call. Nothing was sent."""

    def __init__(self) -> None:
        super().__init__(ResultCode.PROCESS_FAIL, "This client is closed. Nothing was sent. Make a new client.")


class CallTimedOut(BlueTapError):
    """The time of a call was over while it waited for the call before it. Nothing was sent."""

    def __init__(self) -> None:
        text = "The time of the call was over while it waited for the call before it. Nothing was sent: send it again."
        super().__init__(ResultCode.PROCESS_FAIL, text)


class CallbackFailed(BlueTapError):
    """`on_attempt` raised an exception, so nothing was sent."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(ResultCode.PROCESS_FAIL, f"on_attempt failed, so nothing was sent: {cause!r}")


class ParamIllegal(BlueTapError):
    """A field or an option breaks its rule. Nothing was sent."""

    def __init__(self, message: str) -> None:
        super().__init__(ResultCode.PARAM_ILLEGAL, message)


class CalledInside(BlueTapError):
    """The function `on_attempt` of a call has called the client. Nothing was sent."""

    def __init__(self) -> None:
        text = "A call of this thread runs already, so on_attempt must not call the client. Nothing was sent."
        super().__init__(ResultCode.PROCESS_FAIL, text)
