"""The fields, messages and reasons of docs/protocol.md section 3, as rows of plain data."""

from typing import Dict, NamedTuple, Optional, Pattern, Tuple
import re

VERSION = 1
HEADER_LENGTH = 5
CRC_LENGTH = 4
# The longest encoded frame, without the delimiters. docs/protocol.md section 5.
MAX_ENCODED_LENGTH = 128
# A partial frame is dropped after this silence, in seconds.
PARTIAL_FRAME_SECONDS = 1.0
CRITICAL_BIT = 0x80

PAYMENT_METHODS = ("TRUEMONEY", "SEVEN_11", "ALIPAY_CN", "ALIPAY_PLUS")
WIRE_RESULTS = ("SUCCESS", "PARAM_ILLEGAL", "PROCESS_FAIL", "UNKNOWN_EXCEPTION")
STATES = ("idle", "ready", "expired", "cancelled")
TAP_SOURCES = ("read", "field", "none")


class CommandNumber(NamedTuple):
    """The number of a PAY or CANCEL: the session in which it was sent, and its sequence in that session."""

    session: int
    sequence: int


class Previous(NamedTuple):
    """A payment link as it was before a PAY replaced it: its state, and how often a phone has read it."""

    state: str
    taps: int


class Field(NamedTuple):
    """A row of the field table. `key` is the name in a message, as the vectors have it."""

    tag: int
    key: str
    coder: str
    size: Optional[int] = None
    low: int = 0
    high: int = 0
    choices: Tuple[str, ...] = ()
    pattern: Optional[Pattern[bytes]] = None


def _ascii(tag: int, key: str, pattern: bytes) -> Field:
    return Field(tag, key, "ascii", pattern=re.compile(pattern))


def _uint(tag: int, key: str, size: int, low: int = 0, high: Optional[int] = None) -> Field:
    return Field(tag, key, "uint", size, low, 256**size - 1 if high is None else high)


def _choice(tag: int, key: str, choices: Tuple[str, ...]) -> Field:
    return Field(tag, key, "choice", 1, choices=choices)


MAX_EXPIRY_TIME = 2147483647
_LABEL = rb"[ -~]{1,%d}"

FIELDS = (
    Field(0x01, "paymentMethod", "name", choices=PAYMENT_METHODS),
    _ascii(0x02, "amount", rb"(?=.{1,8}\Z)[0-9]+(\.[0-9]+)?"),
    _ascii(0x03, "orderId", rb"[!-~]{1,16}"),
    _uint(0x04, "expiryTime", 4, 1, MAX_EXPIRY_TIME),
    _choice(0x10, "result", WIRE_RESULTS),
    _uint(0x11, "reason", 1),
    _choice(0x12, "state", STATES),
    _uint(0x13, "remaining", 4),
    _uint(0x14, "taps", 1),
    Field(0x15, "previous", "previous", 2, choices=STATES),
    _uint(0x20, "nonce", 4),
    _ascii(0x21, "model", _LABEL % 16),
    _ascii(0x22, "firmware", _LABEL % 16),
    _ascii(0x23, "serialNumber", _LABEL % 32),
    _uint(0x24, "bootId", 4),
    Field(0x25, "simulated", "flag", 1),
    Field(0x26, "lastCommand", "command", 3),
    _choice(0x27, "tapSource", TAP_SOURCES),
)

FIELD_BY_KEY: Dict[str, Field] = {field.key: field for field in FIELDS}


class Layout(NamedTuple):
    """A row of the message table. A `?` behind a key means that the field is optional."""

    kind: int
    name: str
    keys: Tuple[str, ...]
    # More fields of a reply, which are there only if the payment link is ready.
    when_ready: Tuple[str, ...] = ()


LAYOUTS = (
    Layout(0x01, "HELLO", ("nonce",)),
    Layout(0x02, "PAY", ("paymentMethod", "amount?", "orderId?", "expiryTime?")),
    Layout(0x03, "CANCEL", ("orderId?",)),
    Layout(0x04, "STATUS", ()),
    Layout(0x41, "LINK", ("state", "taps?", "orderId?")),
    Layout(
        0x81,
        "HELLO_REPLY",
        (
            *("result", "state", "taps?", "nonce", "model", "firmware", "serialNumber", "bootId"),
            *("simulated?", "lastCommand?", "tapSource?"),
        ),
    ),
    Layout(0x82, "PAY_REPLY", ("result", "state", "remaining", "previous?")),
    Layout(0x83, "CANCEL_REPLY", ("result", "state", "taps?")),
    Layout(
        0x84,
        "STATUS_REPLY",
        ("result", "state", "taps?"),
        ("remaining", "paymentMethod", "amount?", "orderId?"),
    ),
)

# The fields of a refusal. A refusal of any request has exactly these.
REFUSAL = ("result", "reason", "state")


class Reason(NamedTuple):
    """A row of the reason table: the number on the wire, the result that comes with it, and its meaning."""

    number: int
    code: str
    result: str
    text: str


MISSING_FIELD, UNKNOWN_PAYMENT_METHOD, BAD_VALUE, NO_SUCH_SESSION, ORDER_MISMATCH, NFC_FAULT = range(1, 7)
UNKNOWN_CRITICAL_TAG, UNKNOWN_TYPE, UNKNOWN_VERSION, SEQUENCE_REUSED, INTERNAL_ERROR = range(7, 12)

REASONS = (
    Reason(1, "missing-field", "PARAM_ILLEGAL", "a required field is missing"),
    Reason(2, "unknown-payment-method", "PARAM_ILLEGAL", "the payment method is not known"),
    Reason(3, "bad-value", "PARAM_ILLEGAL", "a value breaks its rule"),
    Reason(4, "no-such-session", "PROCESS_FAIL", "the session is not the current one"),
    Reason(5, "order-mismatch", "PROCESS_FAIL", "the live payment link belongs to another order"),
    Reason(6, "nfc-fault", "PROCESS_FAIL", "the NFC part of the device failed"),
    Reason(7, "unknown-critical-tag", "PARAM_ILLEGAL", "a critical field is not known to the device"),
    Reason(8, "unknown-type", "PROCESS_FAIL", "the device does not know this message type"),
    Reason(9, "unknown-version", "PROCESS_FAIL", "the device does not speak this version of the protocol"),
    Reason(10, "sequence-reused", "PROCESS_FAIL", "the sequence number was used before"),
    Reason(11, "internal-error", "UNKNOWN_EXCEPTION", "internal error of the device"),
)


def describe_reason(number: int) -> str:
    """Returns the meaning of a reason for a person. A later version of the format can have more reasons."""
    for reason in REASONS:
        if reason.number == number:
            return reason.text
    return "a reason that this version does not know"
