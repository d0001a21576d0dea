"""BlueTap for Python: the vendor's call, and a client that says what is known of each command.

The vendor's shape: TinyCommand, PayCommand, PaymentMethod, ResultCode. The client: Client.
"""

from .as_json import attempt_from_json, attempt_json
from .client import Client
from .errors import BlueTapError, ParamIllegal
from .protocol import CommandNumber, Previous
from .results import (
    Attempt,
    CommandResult,
    Device,
    Failure,
    LinkLive,
    Outcome,
    PaymentLinkEvent,
    PaymentLinkStatus,
    PaymentMethod,
    Resolution,
    ResultCode,
    State,
)
from .tiny_command import PayCommand, TinyCommand

__version__ = "0.0.0"

__all__ = [
    "Attempt",
    "BlueTapError",
    "Client",
    "CommandNumber",
    "CommandResult",
    "Device",
    "Failure",
    "LinkLive",
    "Outcome",
    "ParamIllegal",
    "PayCommand",
    "PaymentLinkEvent",
    "PaymentLinkStatus",
    "PaymentMethod",
    "Previous",
    "Resolution",
    "ResultCode",
    "State",
    "TinyCommand",
    "attempt_from_json",
    "attempt_json",
]
