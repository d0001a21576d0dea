"""The rules of the fields of a command. docs/protocol.md section 6. They are checked before a byte is sent."""

import re
from enum import Enum
from typing import Any, Dict, Optional

from .errors import ParamIllegal
from .protocol.schema import MAX_EXPIRY_TIME, PAYMENT_METHODS
from .results import PaymentMethod

_AMOUNT = re.compile(r"(?=.{1,8}\Z)[0-9]+(\.[0-9]+)?")
_ORDER_ID = re.compile(r"[!-~]{1,16}")
_SHOWN = 60


def pay_fields(
    payment_method: Any, amount: Any = None, order_id: Any = None, expiry_time: Any = None
) -> Dict[str, Any]:
    """Returns the fields of a PAY, as the protocol has them. None means that the field is left out.

    ParamIllegal: a field breaks its rule. The message names every wrong field.
    """
    wrong = []
    if payment_method is None:
        wrong.append(f"paymentMethod is missing; it must be one of {', '.join(PAYMENT_METHODS)}")
    elif not _is_payment_method(payment_method):
        wrong.append(f"paymentMethod must be one of {', '.join(PAYMENT_METHODS)}, not {show(payment_method)}")
    if amount is not None and not (isinstance(amount, str) and _AMOUNT.fullmatch(amount)):
        wrong.append(
            "amount must be a string of 1 to 8 characters, digits with at most one point between digits, "
            f"such as '120.00', not {show(amount)}"
        )
    wrong += _wrong_order_id(order_id)
    if expiry_time is not None and not (type(expiry_time) is int and 1 <= expiry_time <= MAX_EXPIRY_TIME):
        wrong.append(
            f"expiryTime must be a whole number of seconds from 1 to {MAX_EXPIRY_TIME}, not {show(expiry_time)}"
        )
    _refuse(wrong)
    method = payment_method.value if isinstance(payment_method, PaymentMethod) else payment_method
    fields = {"paymentMethod": method, "amount": amount, "orderId": order_id, "expiryTime": expiry_time}
    return {key: value for key, value in fields.items() if value is not None}


def _is_payment_method(value: Any) -> bool:
    # The text of an enum of another kind can be the name of a payment method by chance.
    if isinstance(value, Enum):
        return isinstance(value, PaymentMethod)
    return isinstance(value, str) and value in PAYMENT_METHODS


def cancel_fields(order_id: Optional[Any] = None) -> Dict[str, Any]:
    """Returns the fields of a CANCEL. Without an order id it ends the live payment link of any order.

    ParamIllegal: the order id breaks its rule.
    """
    _refuse(_wrong_order_id(order_id))
    return {} if order_id is None else {"orderId": order_id}


def _wrong_order_id(order_id: Any) -> "list[str]":
    if order_id is None or (isinstance(order_id, str) and _ORDER_ID.fullmatch(order_id)):
        return []
    return [f"orderId must be a string of 1 to 16 printable ASCII characters without spaces, not {show(order_id)}"]


def _refuse(wrong: "list[str]") -> None:
    if wrong:
        raise ParamIllegal(f"{'; '.join(wrong)}. Nothing was sent.")


def show(value: Any) -> str:
    """Returns a value for an error message: on one line, not too long, and without control characters."""
    try:
        text = ascii(value)
    except Exception:  # The value is of the program, and its own text can fail.
        text = f"a {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
