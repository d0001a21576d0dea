"""The vendor's call: `ResultCode SendPayCommand(PayCommand)`. A program for the vendor's library runs unchanged."""

import sys
import threading
from typing import Any, List, Optional

from .client import Client
from .field_rules import pay_fields
from .delivery import not_sent
from .environment import read_environment, transport_from
from .errors import BlueTapError, ParamIllegal
from .results import CommandResult, Failure, LinkLive, Outcome, ResultCode
from .transports.text import printable


class PayCommand:
    """The payment that the device shows, in the vendor's names. docs/protocol.md section 6 has the rules.

    `PaymentMethod`: a PaymentMethod, or its name. `Amount`: digits with at most one point, 1 to 8 characters.
    `OrderId`: 1 to 16 printable ASCII characters without spaces. `ExpiryTime`: whole seconds.
    """

    def __init__(
        self,
        PaymentMethod: Any = None,
        Amount: Optional[str] = None,
        OrderId: Optional[str] = None,
        ExpiryTime: int = 900,
    ) -> None:
        self.PaymentMethod = PaymentMethod
        self.Amount = Amount
        self.OrderId = OrderId
        self.ExpiryTime = ExpiryTime

    def __repr__(self) -> str:
        return (
            f"PayCommand(PaymentMethod={self.PaymentMethod!r}, Amount={self.Amount!r}, "
            f"OrderId={self.OrderId!r}, ExpiryTime={self.ExpiryTime!r})"
        )


_DEFAULT_EXPIRY = 900


class TinyCommand:
    """Sends PayCommands to the one BlueTap device that is attached.

    The environment can choose: BLUETAP_TRANSPORT, BLUETAP_DEVICE (a serial number), BLUETAP_ALLOW_SIMULATED (0 or 1).
    No call raises an exception, except for Ctrl-C. If a call fails, one line on stderr says what happened.
    `close` is not needed at the end of a program.
    """

    def __init__(self) -> None:
        self._client: Optional[Client] = None
        self._lock = threading.Lock()
        self.last_result: Optional[CommandResult] = None

    def SendPayCommand(self, payCommand: PayCommand) -> ResultCode:
        """Asks the device to show a payment link. SUCCESS means that it shows it, and never that the order is paid."""
        return self.send_pay_command_with_result(payCommand).code

    def SendCancelCommand(self, OrderId: Optional[str] = None) -> ResultCode:
        """Asks the device to end the live payment link, or the one of one order."""
        return self.send_cancel_command_with_result(OrderId).code

    def send_pay_command_with_result(self, pay_command: PayCommand) -> CommandResult:
        """Does the same, and returns the whole result of this call, with both facts."""
        return self._guarded("PAY", lambda: self._pay(pay_command))

    def send_cancel_command_with_result(self, order_id: Optional[str] = None) -> CommandResult:
        """Does the same, and returns the whole result of this call, with both facts."""
        return self._guarded("CANCEL", lambda: self._open().cancel(order_id))

    def close(self) -> None:
        """Closes the device."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def __enter__(self) -> "TinyCommand":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _open(self) -> Client:
        with self._lock:
            if self._client is None:
                try:
                    chosen = read_environment()
                    transport = transport_from(chosen.transport)
                except ValueError as error:
                    # Only here: a ValueError behind the first byte must not say that nothing was sent.
                    text = f"{str(error).rstrip('.')}. Nothing was sent."
                    raise BlueTapError(ResultCode.DEVICE_DISCONNECTED, text) from error
                self._client = Client(
                    transport,
                    device=chosen.device,
                    allow_simulated=chosen.allow_simulated,
                    background=False,
                )
            return self._client

    def _pay(self, command: Any) -> CommandResult:
        # Each field is read once: another thread of the program could change it behind the check.
        method, amount, order_id, expiry = _read(command)
        # Checked first, so that a wrong field is named also where there is no device.
        pay_fields(method, amount, order_id, expiry)
        return self._open().pay(
            method,
            amount=amount,
            order_id=order_id,
            # A sender leaves out what is the default.
            expiry_time=None if expiry == _DEFAULT_EXPIRY else expiry,
        )

    def _guarded(self, command: str, call: Any) -> CommandResult:
        try:
            result: CommandResult = call()
        except ParamIllegal as error:
            result = not_sent(command, error)
        except BlueTapError as error:
            result = not_sent(command, error)
        except Exception as error:  # Nothing that is not foreseen may end the program of a shop.
            text = f"Something unexpected failed, so ask the acquirer before you send it again: {error!r}"
            result = CommandResult(
                ResultCode.UNKNOWN_EXCEPTION, Outcome.UNKNOWN, LinkLive.UNKNOWN, error=Failure(text)
            )
        except BaseException:  # Ctrl-C: what is known so far.
            if self._client is not None:
                self.last_result = self._client.last_result
            raise
        self.last_result = result
        if result.error is not None:
            _say(f"bluetaplib: {command}: {result.code}: {result.error.message}")
        return result


def _read(command: Any) -> List[Any]:
    """Returns the four fields. ParamIllegal: this is no PayCommand, or a field of it cannot be read."""
    names = ("PaymentMethod", "Amount", "OrderId", "ExpiryTime")
    if not all(name in dir(command) for name in names):
        raise ParamIllegal(f"payCommand must be a PayCommand, not {type(command).__name__}. Nothing was sent.")
    fields = []
    for name in names:
        try:
            fields.append(getattr(command, name))
        except Exception as error:  # A property is code of the program.
            text = f"{name[0].lower()}{name[1:]} cannot be read: {type(error).__name__}. Nothing was sent."
            raise ParamIllegal(text) from error
    return fields


def _say(line: str) -> None:
    # A program without a console has no stderr, and `print` would take stdout then.
    if sys.stderr is None:
        return
    try:
        # The text can be of the environment or of a device, so it must not control a terminal.
        print(printable(" ".join(line.splitlines())), file=sys.stderr, flush=True)
    except Exception:  # A stderr of the program.
        pass
