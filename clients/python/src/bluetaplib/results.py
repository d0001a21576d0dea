"""The results of calls: enums and records. Every result has the two facts that matter: `outcome` and `link_live`."""

from dataclasses import dataclass
from enum import Enum
from typing import Optional

from .protocol import CommandNumber, Previous

__all__ = [
    "Attempt",
    "CommandNumber",
    "CommandResult",
    "Device",
    "Failure",
    "LinkLive",
    "Outcome",
    "PaymentLinkEvent",
    "PaymentLinkStatus",
    "PaymentMethod",
    "Previous",
    "Resolution",
    "ResultCode",
    "State",
]


class PaymentMethod(str, Enum):
    """The wallets that the vendor names."""

    TRUEMONEY = "TRUEMONEY"
    SEVEN_11 = "SEVEN_11"
    ALIPAY_CN = "ALIPAY_CN"
    ALIPAY_PLUS = "ALIPAY_PLUS"

    def __str__(self) -> str:
        return self.value


class ResultCode(str, Enum):
    """The result codes that the vendor names."""

    SUCCESS = "SUCCESS"
    DEVICE_DISCONNECTED = "DEVICE_DISCONNECTED"
    PARAM_ILLEGAL = "PARAM_ILLEGAL"
    PROCESS_FAIL = "PROCESS_FAIL"
    UNKNOWN_EXCEPTION = "UNKNOWN_EXCEPTION"

    def __str__(self) -> str:
        return self.value


class Outcome(str, Enum):
    """What happened to a command. Only `not-sent`, `refused` and `not-executed` allow you to send it again."""

    NOT_SENT = "not-sent"
    REFUSED = "refused"
    EXECUTED = "executed"
    NOT_EXECUTED = "not-executed"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


class LinkLive(str, Enum):
    """Says whether a shopper can still pay with the payment link of this command (for a CANCEL: that it had to end)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


class State(str, Enum):
    """The state of the payment link of a device. Only `ready` can be paid."""

    IDLE = "idle"
    READY = "ready"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Device:
    """The device that answered. `boot_id` is another number after each start of the device."""

    model: str
    firmware: str
    serial_number: str
    boot_id: int
    simulated: bool
    # Its id at the transport.
    id: str
    # What the device counts as a tap: read, field or none. None if the device does not tell it.
    tap_source: Optional[str] = None


@dataclass(frozen=True)
class Attempt:
    """The name of one command at one device. Store it, and ask about it later, also after a restart of the program.

    docs/protocol.md section 4. `last` is the last command that the device had executed before, or None.
    """

    command: str
    serial_number: str
    boot_id: int
    session: int
    sequence: int
    last: Optional[CommandNumber] = None
    # True for a CANCEL of one order.
    one_order: bool = False

    @property
    def number(self) -> CommandNumber:
        """The number of the command."""
        return CommandNumber(self.session, self.sequence)


@dataclass(frozen=True)
class Failure:
    """Why a call failed: `message` says what happened and what to do. `reason` is the number that the device sent."""

    message: str
    reason: Optional[int] = None


@dataclass(frozen=True)
class CommandResult:
    """The result of a PAY or a CANCEL.

    SUCCESS means that the device executed it. It never means that the order is paid.
    """

    code: ResultCode
    outcome: Outcome
    link_live: LinkLive
    # True if an unknown outcome can become known later: listen to `resolved`, or call `outcome_of`.
    pending: bool = False
    state: Optional[State] = None
    # Seconds until the payment link expires.
    remaining: Optional[int] = None
    # How often a phone has read the payment link. 255 means 255 or more.
    taps: Optional[int] = None
    # The payment link that a PAY replaced.
    previous: Optional[Previous] = None
    attempt: Optional[Attempt] = None
    # The device that answers when the call ends.
    device: Optional[Device] = None
    error: Optional[Failure] = None


@dataclass(frozen=True)
class PaymentLinkStatus:
    """The payment link of a device now. The last four are there only for a live payment link."""

    state: State
    taps: int
    remaining: Optional[int] = None
    payment_method: Optional[str] = None
    amount: Optional[str] = None
    order_id: Optional[str] = None


@dataclass(frozen=True)
class PaymentLinkEvent:
    """The payment link changed without a call of this program: a tap, the expiry, or another host."""

    state: State
    taps: int
    order_id: Optional[str] = None


@dataclass(frozen=True)
class Resolution:
    """The outcome of an attempt that was in doubt."""

    attempt: Attempt
    outcome: Outcome
    link_live: LinkLive
    pending: bool
    state: Optional[State] = None
    taps: Optional[int] = None
