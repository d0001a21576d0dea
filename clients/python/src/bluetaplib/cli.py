"""The command. Answers go to stdout, errors to stderr. With --json, stdout has one object."""

import argparse
import signal
import sys
from dataclasses import replace
from typing import Any, Callable, Dict, List, NoReturn, Optional, TextIO

from . import __version__
from .as_json import device_json, failure_json, json_line, result_json, status_json
from .client import Client
from .environment import read_environment, transport_from
from .errors import BlueTapError, ParamIllegal
from .lines import serve_lines
from .protocol.schema import MAX_EXPIRY_TIME, PAYMENT_METHODS
from .results import CommandResult, Outcome, ResultCode
from .transports import transport_of
from .transports.channel import TransportError
from .transports.text import printable

EXIT_CODES = {"SUCCESS": 0, "PARAM_ILLEGAL": 2, "DEVICE_DISCONNECTED": 3, "PROCESS_FAIL": 4, "UNKNOWN_EXCEPTION": 5}
USAGE = 64
INTERRUPTED = 130
# A longer expiry time was usually meant in milliseconds.
_DAY_SECONDS = 86400
# A longer number is no expiry time, and Python does not convert a number of any length.
_LONGEST_NUMBER = 15

_EPILOG = """\
transports: hid (also auto), hid:PATH, serial:PATH, tcp://HOST:PORT, unix:PATH
environment: BLUETAP_TRANSPORT, BLUETAP_DEVICE, BLUETAP_ALLOW_SIMULATED (0 or 1)
exit codes: 0 SUCCESS, 2 PARAM_ILLEGAL, 3 DEVICE_DISCONNECTED, 4 PROCESS_FAIL,
  5 UNKNOWN_EXCEPTION, 64 an option is wrong

SUCCESS means that the device shows the payment link. It never means that the
shopper has paid.
"""


def _help(prog: str) -> argparse.RawDescriptionHelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, width=79)


class _Once(argparse.Action):
    """An option that may be given once: of two amounts, nobody knows which one is meant."""

    def __call__(
        self, parser: argparse.ArgumentParser, typed: argparse.Namespace, value: Any, option: Optional[str] = None
    ) -> None:
        given = typed.__dict__.setdefault("given", set())
        if self.dest in given:
            parser.error(f"{option} is given more than once")
        given.add(self.dest)
        setattr(typed, self.dest, value)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}. See {self.prog} --help.", file=sys.stderr)
        raise SystemExit(USAGE)


def main(words: List[str]) -> int:
    """Runs the command and returns its exit code."""
    try:
        parser = _parser()
        typed = parser.parse_args(words)
        if typed.verb is None:
            parser.error("name a command: pay, cancel, status, info, list, or --lines")
    except SystemExit as end:
        return int(end.code or 0)
    try:
        chosen = read_environment()
        given = getattr(typed, "transport", None)
        transport = transport_from(chosen.transport) if given is None else transport_of(given, "--transport")
    except ValueError as error:
        return _usage(str(error))
    device = getattr(typed, "device", None) or chosen.device
    _end_with_signals()
    if typed.verb == "list":
        return _list(transport, typed)
    background = typed.verb == "lines"
    timeout = typed.timeout / 1000 if not background else 5.0
    try:
        client = Client(
            transport,
            device=device,
            timeout=timeout,
            allow_simulated=chosen.allow_simulated,
            background=background,
        )
    except ParamIllegal as error:
        return _usage(str(error))
    code = INTERRUPTED
    try:
        with client:
            if background:
                code = serve_lines(client, sys.stdin.buffer, sys.stdout)
                _Answer.known = True
            else:
                code = _COMMANDS[typed.verb](client, typed)
    except KeyboardInterrupt:
        pass  # Between two calls, or while the device is closed.
    return code


def _parser() -> _Parser:
    parser = _Parser(
        prog="python3 -m bluetaplib",
        description="Send a command to a BlueTap device.",
        epilog=_EPILOG,
        formatter_class=_help,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"bluetaplib {__version__}")
    parser.add_argument(
        "--lines", action="store_const", const="lines", dest="verb", help="take one call per line of stdin, as JSON"
    )
    verbs = parser.add_subparsers(dest="verb", metavar="COMMAND", parser_class=_Parser)

    def verb(name: str, text: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(
            name,
            help=text,
            description=text,
            epilog=_EPILOG,
            allow_abbrev=False,
            formatter_class=_help,
        )
        limit = "not used: list does not wait" if name == "list" else "the time limit of the call (default: 5000)"
        way = "the way to the device (default: hid)"
        added.add_argument("--transport", action=_Once, metavar="ADDRESS", help=way)
        if name != "list":
            which = "the serial number of the device, if there are several"
            added.add_argument("--device", action=_Once, metavar="ID", type=_device, help=which)
        added.add_argument("--timeout", action=_Once, metavar="MS", type=_milliseconds, default=5000, help=limit)
        added.add_argument("--json", action="store_true", help="print the answer as one JSON object")
        return added

    pay = verb("pay", "Ask the device to show a payment link.")
    wallets = f"the wallet: {', '.join(PAYMENT_METHODS)}"
    amount = "digits with at most one point, at most 8 characters: 120.00"
    order_id = "1 to 16 printable ASCII characters without spaces"
    expiry = "the payment link is live for so long (default: 900)"
    pay.add_argument("--payment-method", action=_Once, metavar="METHOD", help=wallets)
    pay.add_argument("--amount", action=_Once, metavar="AMOUNT", help=amount)
    pay.add_argument("--order-id", action=_Once, metavar="ID", help=order_id)
    pay.add_argument("--expiry-time", action=_Once, metavar="SECONDS", help=expiry)
    cancel = verb("cancel", "Ask the device to end the payment link.")
    cancel.add_argument("--order-id", action=_Once, metavar="ID", help="only the payment link of this order")
    verb("status", "Ask what the device shows now.")
    verb("info", "Ask the device what it is.")
    verb("list", "List the attached devices, and open none.")
    return parser


def _device(word: str) -> str:
    # Otherwise a shell variable that is not set would mean any device.
    if word == "":
        raise argparse.ArgumentTypeError("must be a serial number or an id, but is empty")
    return word


def _milliseconds(word: str) -> int:
    if not (word.isascii() and word.isdecimal()) or len(word) > 10 or not 1 <= int(word) <= 2147483647:
        raise argparse.ArgumentTypeError("must be a whole number of milliseconds from 1 to 2147483647")
    return int(word)


class _Answer:
    """`known`: the call of this program is over, so a signal must not take its answer away."""

    known = False


def _end_with_signals() -> None:
    """The first signal ends the call, and the result is printed. The second one ends the program immediately."""
    names = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

    def end(*_: Any) -> None:
        for name in names:
            signal.signal(name, signal.SIG_DFL)
        if not _Answer.known:
            raise KeyboardInterrupt

    for name in names:
        signal.signal(name, end)


def _pay(client: Client, typed: argparse.Namespace) -> int:
    expiry: Any = typed.expiry_time
    if expiry is not None and expiry.isascii() and expiry.isdecimal() and len(expiry) <= _LONGEST_NUMBER:
        expiry = int(expiry)
        if _DAY_SECONDS < expiry <= MAX_EXPIRY_TIME:
            text = f"--expiry-time {expiry} is in seconds: more than a day. If you meant milliseconds, "
            _complain(sys.stderr, f"python3 -m bluetaplib: {text}type --expiry-time {round(expiry / 1000)}.")
    return _deliver(
        client,
        typed,
        lambda: client.pay(typed.payment_method, amount=typed.amount, order_id=typed.order_id, expiry_time=expiry),
    )


def _cancel(client: Client, typed: argparse.Namespace) -> int:
    return _deliver(client, typed, lambda: client.cancel(typed.order_id))


def _deliver(client: Client, typed: argparse.Namespace, call: Callable[[], CommandResult]) -> int:
    result: Optional[CommandResult] = None
    try:
        result = call()
        _Answer.known = True
    except KeyboardInterrupt:
        result = client.last_result
        if result is None:
            return EXIT_CODES["PROCESS_FAIL"]
    if result.code is ResultCode.PARAM_ILLEGAL and result.outcome is Outcome.NOT_SENT and result.error is not None:
        _complain(sys.stderr, f"PARAM_ILLEGAL: {result.error.message}")
        return EXIT_CODES["PARAM_ILLEGAL"]
    result = replace(result, device=result.device or client.last_device)
    text = f"{result.code} (outcome {result.outcome}, payment link live: {result.link_live})"
    _print(result_json(result), text, result.error.message if result.error is not None else None, typed.json)
    return EXIT_CODES[result.code.value]


def _status(client: Client, typed: argparse.Namespace) -> int:
    def ask() -> Dict[str, Any]:
        return status_json(client.status(), client.last_device)

    return _asked(ask, lambda told: f"{told['state']}, taps {told['taps']}", typed)


def _info(client: Client, typed: argparse.Namespace) -> int:
    def ask() -> Dict[str, Any]:
        return {"code": "SUCCESS", "device": device_json(client.connect())}

    def text(told: Dict[str, Any]) -> str:
        device = told["device"]
        simulated = ", simulated" if device["simulated"] else ""
        return f"{device['model']} {device['firmware']}, serial number {device['serialNumber']}{simulated}"

    return _asked(ask, text, typed)


def _asked(ask: Callable[[], Dict[str, Any]], text: Callable[[Dict[str, Any]], str], typed: argparse.Namespace) -> int:
    try:
        told = ask()
        _Answer.known = True
    except BlueTapError as error:
        _Answer.known = True
        _print(failure_json(error), str(error.code), str(error), typed.json)
        return EXIT_CODES[error.code.value]
    except KeyboardInterrupt:
        stopped = BlueTapError(ResultCode.PROCESS_FAIL, "The call was given up before the device answered.")
        _print(failure_json(stopped), str(stopped.code), str(stopped), typed.json)
        return EXIT_CODES["PROCESS_FAIL"]
    return 0 if _print(told, text(told), None, typed.json) else 1


def _list(transport: Any, typed: argparse.Namespace) -> int:
    row: Dict[str, Any] = {"transport": transport.name}
    try:
        devices = transport.list()
        row["devices"] = [_listed(device) for device in devices]
        lines = [f"{transport.name}: {each.serial_number or 'serial number not known'} ({each.id})" for each in devices]
        text = "\n".join(lines) or f"{transport.name}: no device"
    except TransportError as error:
        code = "permission-denied" if error.code == "access-denied" else error.code
        row["error"] = {"code": code, "message": str(error)}
        text = f"{transport.name}: {error}"
    return 0 if _print({"transports": [row]}, text, None, typed.json) else 1


_FUNCTIONS = {"hid": "HID", "serial": "serial port", "tcp": "TCP", "unix": "unix socket"}


def _listed(device: Any) -> Dict[str, Any]:
    told = {
        "id": device.id,
        "path": device.path,
        "serialNumber": device.serial_number,
        "product": device.product,
        "interface": _FUNCTIONS.get(device.transport),
    }
    return {key: value for key, value in told.items() if value is not None}


def _print(told: Dict[str, Any], text: str, problem: Optional[str], as_json: bool) -> bool:
    """Prints an answer. False: stdout cannot be written."""
    try:
        print(json_line(told) if as_json else _plain(text), flush=True)
    except OSError as error:
        _complain(sys.stderr, f"stdout cannot be written: {error}")
        sys.stdout = open("/dev/null", "w", encoding="utf-8") if sys.platform != "win32" else sys.stdout
        return False
    if problem is not None and not as_json:
        _complain(sys.stderr, problem)
    return True


def _complain(stream: TextIO, text: str) -> None:
    try:
        print(_plain(text), file=stream)
    except OSError:
        pass


def _plain(text: str) -> str:
    """Text of a device must not control a terminal."""
    return "".join(each if each == "\n" else printable(each) for each in text)


def _usage(text: str) -> int:
    _complain(sys.stderr, f"python3 -m bluetaplib: {text}")
    return USAGE


_COMMANDS: Dict[str, Callable[[Client, argparse.Namespace], int]] = {
    "pay": _pay,
    "cancel": _cancel,
    "status": _status,
    "info": _info,
}
