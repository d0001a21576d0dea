"""A host that shares no code with this project. It was written from docs/protocol.md and uses python3-hid of Debian.

    independent_host.py vectors FILE            decodes every message of vectors/frames.json and encodes it again
    independent_host.py pay SERIAL ORDER AMOUNT sends HELLO, PAY and STATUS
    independent_host.py cancel SERIAL ORDER     sends HELLO and CANCEL

The program prints one JSON object.
"""

import json
import os
import sys

TYPES = {"HELLO": 0x01, "PAY": 0x02, "CANCEL": 0x03, "STATUS": 0x04, "LINK": 0x41}
REPLY = 0x80


# Section 2


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def write_fields(fields):
    return b"".join(bytes([tag, len(value)]) + value for tag, value in sorted(fields.items()))


def read_fields(payload):
    fields, at = {}, 0
    while at < len(payload):
        tag, length = payload[at], payload[at + 1]
        if at + 2 + length > len(payload) or any(tag <= earlier for earlier in fields):
            raise ValueError("unreadable payload")
        fields[tag] = payload[at + 2 : at + 2 + length]
        at += 2 + length
    return fields


# Section 1


def cobs_encode(frame):
    return b"".join(bytes([len(piece) + 1]) + piece for piece in frame.split(b"\0"))


def cobs_decode(encoded):
    pieces, at = [], 0
    while at < len(encoded):
        end = at + encoded[at]
        if end > len(encoded):
            raise ValueError("cut short")
        pieces.append(encoded[at + 1 : end])
        at = end
    return b"\0".join(pieces)


def write_frame(kind, session, sequence, payload):
    head = bytes([1, kind]) + session.to_bytes(2, "little") + bytes([sequence]) + payload
    return b"\0" + cobs_encode(head + crc32c(head).to_bytes(4, "little")) + b"\0"


def read_frame(wire):
    frame = cobs_decode(wire)
    if len(frame) < 9 or crc32c(frame[:-4]) != int.from_bytes(frame[-4:], "little") or frame[0] != 1:
        raise ValueError("damaged frame")
    return frame[1], int.from_bytes(frame[2:4], "little"), frame[4], frame[5:-4]


class Host:
    """Sections 4 and 7, without repeats, because this line loses no bytes."""

    def __init__(self, serial):
        import hidraw  # the module of python3-hid that uses /dev/hidraw

        (found,) = [each for each in hidraw.enumerate(0x1209, 0x0001) if each["serial_number"] == serial]
        self.path = found["path"].decode()
        self.device = hidraw.device()
        self.device.open_path(found["path"])
        self.session = self.sequence = 0
        self.received = b""
        nonce = os.urandom(4)
        while True:
            self.write("HELLO", {0x20: nonce})
            hello = self.reply("HELLO")
            if hello[0x20] == nonce:
                break
        self.hello = hello

    def write(self, name, fields):
        wire = write_frame(TYPES[name], self.session, self.sequence, write_fields(fields))
        for at in range(0, len(wire), 64):
            report = wire[at : at + 64].ljust(64, b"\0")
            if self.device.write(b"\0" + report) < 0:
                raise OSError("the report was not written")

    def reply(self, name):
        while True:
            while b"\0" in self.received:
                encoded, self.received = self.received.split(b"\0", 1)
                if not encoded:
                    continue
                kind, session, sequence, payload = read_frame(encoded)
                if kind != TYPES[name] | REPLY or sequence != self.sequence:
                    continue
                if name == "HELLO":
                    self.session = session
                elif session != self.session:
                    continue
                return read_fields(payload)
            report = bytes(self.device.read(64, 30000))
            if not report:
                raise TimeoutError("no reply to " + name)
            self.received += report

    def ask(self, name, fields):
        self.sequence += 1
        self.write(name, fields)
        return self.reply(name)


def number(fields, tag):
    return int.from_bytes(fields.get(tag, b"\0"), "little")


def pay(serial, order, amount):
    host = Host(serial)
    fields = {0x01: b"ALIPAY_PLUS", 0x02: amount.encode(), 0x03: order.encode(), 0x04: (300).to_bytes(4, "little")}
    paid = host.ask("PAY", fields)
    status = host.ask("STATUS", {})
    return {
        "path": host.path,
        "serial": host.hello[0x23].decode(),
        "model": host.hello[0x21].decode(),
        "result": number(paid, 0x10),
        "state": number(paid, 0x12),
        "remaining": number(paid, 0x13),
        "method": status[0x01].decode(),
        "amount": status[0x02].decode(),
        "order": status[0x03].decode(),
    }


def cancel(serial, order):
    ended = Host(serial).ask("CANCEL", {0x03: order.encode()})
    return {"result": number(ended, 0x10), "state": number(ended, 0x12), "taps": number(ended, 0x14)}


def vectors(path):
    with open(path, encoding="ascii") as file:
        rows = [row for row in json.load(file)["vectors"] if "message" in row]
    return {"vectors": len(rows), "wrong": [row["name"] for row in rows if not agrees(row)]}


def agrees(row):
    wire, message = bytes.fromhex(row["wire"]), row["message"]
    kind, session, sequence, payload = read_frame(wire.strip(b"\0"))
    name = message["type"].removesuffix("_REPLY")
    wanted = TYPES[name] | (REPLY if name != message["type"] else 0)
    again = write_frame(kind, session, sequence, write_fields(read_fields(payload)))
    return (kind, session, sequence, again) == (wanted, message["session"], message["sequence"], wire)


command, *words = sys.argv[1:]
print(json.dumps({"vectors": vectors, "pay": pay, "cancel": cancel}[command](*words)))
