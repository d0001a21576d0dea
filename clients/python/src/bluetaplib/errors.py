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


class ParamIllegal(BlueTapError):
    """A field or an option breaks its rule. Nothing was sent."""

    def __init__(self, message: str) -> None:
        super().__init__(ResultCode.PARAM_ILLEGAL, message)
