"""A host that shares no code with this project. It was written from docs/protocol.md.

    independent_host.py pay --json --payment-method M [--amount A] [--order-id O] [--expiry-time S] [--timeout MS]
    independent_host.py cancel --json [--order-id O] [--timeout MS]
    independent_host.py status --json [--timeout MS]
    independent_host.py lines                   takes calls from stdin, a JSON object on each line

These reach the device at BLUETAP_TRANSPORT, which is tcp://HOST:PORT. The options, the JSON and the exit codes are
those of docs/reference/cli.md. A line is {"do": "pay", "paymentMethod": ..., "timeoutMs": ...}. The other calls are
cancel, status, and outcome, which asks about the latest command again. `lines` has one client for all its calls.

    independent_host.py vectors FILE            reads every frame of vectors/frames.json, and encodes the messages again
    independent_host.py pay SERIAL ORDER AMOUNT sends HELLO, PAY and STATUS
    independent_host.py cancel SERIAL ORDER     sends HELLO and CANCEL

These two reach a HID device by its serial number, and use python3-hid of Debian. Each program prints JSON.
"""

import json
import os
import select
import socket
import sys
import time

sys.dont_write_bytecode = True  # The folder is part of the repository.

from independent_client import Client
from independent_wire import AMOUNT, METHOD, ORDER, REMAINING, REPLY, RESULT, SILENCE, STATE, TAPS, TYPES, FrameReader
from independent_wire import number, read_fields, read_message, write_fields, write_frame

EXIT_CODES = {"SUCCESS": 0, "PARAM_ILLEGAL": 2, "DEVICE_DISCONNECTED": 3, "PROCESS_FAIL": 4, "UNKNOWN_EXCEPTION": 5}
USAGE = 64
DEFAULT_MS = 5000
REPORT = 64


class TcpChannel:
    def __init__(self, address, seconds):
        host, _, port = address.removeprefix("tcp://").rpartition(":")
        self.socket = socket.create_connection((host.strip("[]"), int(port)), seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fileno(self):
        return self.socket.fileno()

    def write(self, wire):
        """OSError: no byte was written."""
        rest = wire[self.socket.send(wire) :]
        try:
            self.socket.sendall(rest)
        except OSError:
            pass  # A part was written. The next read finds out that the connection ended.

    def read(self, seconds):
        if not select.select([self.socket], [], [], seconds)[0]:
            return b""
        data = self.socket.recv(4096)
        if not data:
            raise ConnectionError("the device has closed the connection")
        return data

    def close(self):
        self.socket.close()


class HidChannel:
    def __init__(self, serial):
        import hidraw  # the module of python3-hid that uses /dev/hidraw

        (found,) = [each for each in hidraw.enumerate(0x1209, 0x0001) if each["serial_number"] == serial]
        self.path = found["path"].decode()
        self.device = hidraw.device()
        self.device.open_path(found["path"])

    def write(self, wire):
        for at in range(0, len(wire), REPORT):
            report = wire[at : at + REPORT].ljust(REPORT, b"\0")
            if self.device.write(b"\0" + report) < 0:
                raise OSError("the report was not written")

    def read(self, seconds):
        # A time of 0 would wait without an end.
        return bytes(self.device.read(REPORT, max(1, round(seconds * 1000))))

    def close(self):
        self.device.close()


# A HID device, by its serial number


def ask(client, name, fields):
    deadline = time.monotonic() + 30
    client.ready(deadline)
    return client.exchange(name, fields, deadline)


def hid_pay(serial, order, amount):
    client = Client(lambda _: HidChannel(serial))
    fields = {0x01: b"ALIPAY_PLUS", 0x02: amount.encode(), 0x03: order.encode(), 0x04: (300).to_bytes(4, "little")}
    paid, status = ask(client, "PAY", fields), ask(client, "STATUS", {})
    return {
        "path": client.channel.path,
        "serial": client.device["serialNumber"],
        "model": client.device["model"],
        "result": number(paid, RESULT),
        "state": number(paid, STATE),
        "remaining": number(paid, REMAINING),
        "method": status[METHOD].decode(),
        "amount": status[AMOUNT].decode(),
        "order": status[ORDER].decode(),
    }


def hid_cancel(serial, order):
    ended = ask(Client(lambda _: HidChannel(serial)), "CANCEL", {ORDER: order.encode()})
    return {"result": number(ended, RESULT), "state": number(ended, STATE), "taps": number(ended, TAPS)}


# Vectors


def vectors(path):
    with open(path, encoding="ascii") as file:
        rows = json.load(file)["vectors"]
    messages = [row for row in rows if "message" in row]
    return {"vectors": len(messages), "wrong": [row["name"] for row in rows if not agrees(row)]}


def agrees(row):
    """True if the frame is read, and a message of a device too, exactly when the file says so."""
    wire, message = bytes.fromhex(row["wire"]), row.get("message")
    frames = FrameReader().push(wire, SILENCE)
    if not frames:
        return not message and (row["error"]["layer"] == "frame" or row["error"]["code"] == "unknown-version")
    kind, session, sequence, payload = frames[0]
    names = {(code if name == "LINK" else code | REPLY): name for name, code in TYPES.items()}
    if kind in names:
        try:
            read_message(names[kind], payload)
        except ValueError:
            return not message
    if not message:
        return kind not in names
    wanted = TYPES[message["type"].removesuffix("_REPLY")] | (REPLY if message["type"].endswith("_REPLY") else 0)
    again = write_frame(kind, session, sequence, write_fields(read_fields(payload)))
    return (kind, session, sequence, again) == (wanted, message["session"], message["sequence"], wire)


# A device at BLUETAP_TRANSPORT


VERBS = ("pay", "cancel", "status", "outcome")
OPTIONS = {
    "--payment-method": "paymentMethod",
    "--amount": "amount",
    "--order-id": "orderId",
    "--expiry-time": "expiryTime",
    "--timeout": "timeoutMs",
}


def call(client, typed):
    verb, seconds = typed["do"], typed.get("timeoutMs", DEFAULT_MS) / 1000
    if verb in ("pay", "cancel"):
        return getattr(client, verb)(typed, seconds)
    return getattr(client, verb)(seconds)


def tcp_client():
    address = os.environ.get("BLUETAP_TRANSPORT", "")
    if not address.startswith("tcp://"):
        usage("BLUETAP_TRANSPORT must be tcp://HOST:PORT")
    return Client(lambda seconds: TcpChannel(address, seconds))


def usage(message):
    print(f"independent_host.py: {message}", file=sys.stderr)
    sys.exit(USAGE)


def one_call(verb, words):
    typed, rest = {"do": verb}, iter(words)
    for word in rest:
        if word == "--json":
            continue
        value = next(rest, None)
        if word not in OPTIONS or value is None:
            usage(f"the option {word} is not known, or has no value")
        # A value that is no number breaks the rule of its field.
        is_number = word in ("--expiry-time", "--timeout") and value.isdecimal()
        typed[OPTIONS[word]] = int(value) if is_number else value
    if not isinstance(typed.get("timeoutMs", 0), int):
        usage("--timeout takes milliseconds")
    facts = call(tcp_client(), typed)
    print(json.dumps(facts))
    return EXIT_CODES[facts["code"]]


def lines():
    client, typed, open_ = tcp_client(), b"", True
    while open_:
        waited_for = [0, client.channel] if client.channel else [0]
        ready = select.select(waited_for, [], [])[0]
        if client.channel in ready:
            client.follow(time.monotonic() + DEFAULT_MS / 1000)
        if 0 in ready:
            data = os.read(0, 4096)
            *whole, typed = (typed + data).split(b"\n")
            open_ = bool(data)
            for line in whole:
                print(json.dumps(line_call(client, line)), flush=True)
    return 0


def line_call(client, line):
    try:
        typed = json.loads(line)
    except ValueError:
        typed = None
    if isinstance(typed, dict) and typed.get("do") in VERBS and type(typed.get("timeoutMs", 0)) in (int, float):
        return call(client, typed)
    message = f"a line is a JSON object; its do is one of {', '.join(VERBS)}, and its timeoutMs a number"
    return {"code": "PARAM_ILLEGAL", "outcome": "not-sent", "error": {"message": message}}


def main(command, *words):
    if command == "lines":
        return lines()
    if command in ("pay", "cancel", "status") and all(word.startswith("--") for word in words[:1]):
        return one_call(command, words)
    print(json.dumps({"vectors": vectors, "pay": hid_pay, "cancel": hid_cancel}[command](*words)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
