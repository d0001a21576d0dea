"""Sections 1 to 3 and 6 of docs/protocol.md for independent_host.py. It shares no code with this project."""

import re

TYPES = {"HELLO": 0x01, "PAY": 0x02, "CANCEL": 0x03, "STATUS": 0x04, "LINK": 0x41}
REPLY = 0x80
CODES = ["SUCCESS", "PARAM_ILLEGAL", "PROCESS_FAIL", "UNKNOWN_EXCEPTION"]
STATES = ["idle", "ready", "expired", "cancelled"]
SOURCES = ["read", "field", "none"]
READY = 1
SILENCE = 1.0

METHOD, AMOUNT, ORDER, EXPIRY = 0x01, 0x02, 0x03, 0x04
RESULT, REASON, STATE, REMAINING, TAPS, PREVIOUS = 0x10, 0x11, 0x12, 0x13, 0x14, 0x15
NONCE, MODEL, FIRMWARE, SERIAL, BOOT, FLAGS, LAST, SOURCE = 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27
LINK_FIELDS = {METHOD, AMOUNT, ORDER, REMAINING}

# Section 3: the fields that each message of a device knows.
KNOWN = {
    "HELLO": {RESULT, REASON, STATE, TAPS, NONCE, MODEL, FIRMWARE, SERIAL, BOOT, FLAGS, LAST, SOURCE},
    "PAY": {RESULT, REASON, STATE, REMAINING, PREVIOUS},
    "CANCEL": {RESULT, REASON, STATE, TAPS},
    "STATUS": {RESULT, REASON, STATE, TAPS} | LINK_FIELDS,
    "LINK": {ORDER, STATE, TAPS},
}
REQUIRED = {"HELLO": {NONCE, MODEL, FIRMWARE, SERIAL, BOOT}, "PAY": {REMAINING}, "CANCEL": set(), "STATUS": set()}
LENGTHS = {RESULT: 1, REASON: 1, STATE: 1, REMAINING: 4, TAPS: 1, PREVIOUS: 2}
LENGTHS |= {NONCE: 4, BOOT: 4, FLAGS: 1, LAST: 3, SOURCE: 1}
# The first byte of these fields has at most this value.
HIGHEST = {RESULT: 3, STATE: 3, PREVIOUS: 3, SOURCE: 2}
STRINGS = {
    METHOD: rb"TRUEMONEY|SEVEN_11|ALIPAY_CN|ALIPAY_PLUS",
    AMOUNT: rb"(?=.{1,8}\Z)[0-9]+(\.[0-9]+)?",
    ORDER: rb"[!-~]{1,16}",
    MODEL: rb"[ -~]{1,16}",
    FIRMWARE: rb"[ -~]{1,16}",
    SERIAL: rb"[ -~]{1,32}",
}


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
        tag, length = payload[at], payload[at + 1] if at + 1 < len(payload) else 256
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


class FrameReader:
    """Finds the frames in the bytes of one connection."""

    def __init__(self):
        self.partial, self.oversize, self.last = bytearray(), False, 0.0

    def push(self, data, now):
        """Returns the frames that are complete with these bytes. `now` is in seconds."""
        if now - self.last >= SILENCE:
            self.partial, self.oversize = bytearray(), False
        self.last = now
        frames = []
        *ended, rest = data.split(b"\0")
        for piece in ended:
            self.add(piece)
            try:
                if self.partial and not self.oversize:
                    frames.append(read_frame(bytes(self.partial)))
            except ValueError:
                pass  # A damaged frame is dropped and does not affect the next one.
            self.partial, self.oversize = bytearray(), False
        self.add(rest)
        return frames

    def add(self, piece):
        self.oversize = self.oversize or len(self.partial) + len(piece) > 128
        if not self.oversize:
            self.partial += piece


# Section 3


def number(fields, tag):
    return int.from_bytes(fields.get(tag, b"\0"), "little")


def read_message(name, payload):
    """Returns the fields of a LINK, or of the reply to the request `name`, by their tags. The value is bytes.

    ValueError: a host must ignore the message, because it breaks a rule of section 3.
    """
    fields, known = read_fields(payload), KNOWN[name]
    if any(len(value) != LENGTHS.get(tag, len(value)) for tag, value in fields.items() if tag in known):
        raise ValueError("a fixed length is wrong")
    if any(tag >= 0x80 and tag not in known for tag in fields):
        raise ValueError("a critical tag is not known")
    fields = {tag: value for tag, value in fields.items() if tag in known}
    if not fields.keys() >= wanted_fields(name, fields):
        raise ValueError("a field is missing")
    if fields.keys() & forbidden_fields(name, fields):
        raise ValueError("a field must not be there")
    if any(tag in fields and not re.fullmatch(rule, fields[tag]) for tag, rule in STRINGS.items()):
        raise ValueError("a value breaks its rule")
    if any(fields[tag][0] > highest for tag, highest in HIGHEST.items() if tag in fields):
        raise ValueError("a value is not known")
    return fields


def wanted_fields(name, fields):
    if name == "LINK":
        return {STATE}
    if number(fields, RESULT) != 0:
        return {RESULT, REASON, STATE}
    live = {REMAINING, METHOD} if name == "STATUS" and number(fields, STATE) == 1 else set()
    return {RESULT, STATE} | REQUIRED[name] | live


def forbidden_fields(name, fields):
    if name == "LINK":
        return set()
    if number(fields, RESULT) != 0:
        return KNOWN[name] - {RESULT, REASON, STATE}
    return {REASON} | (LINK_FIELDS if name == "STATUS" and number(fields, STATE) != 1 else set())


def device_of(hello):
    """What the reply to HELLO says of the device, in the names of docs/reference/cli.md."""
    names = {"model": MODEL, "firmware": FIRMWARE, "serialNumber": SERIAL}
    device = {name: hello[tag].decode() for name, tag in names.items()}
    device.update(bootId=number(hello, BOOT), simulated=bool(number(hello, FLAGS) & 1))
    if SOURCE in hello:
        device["tapSource"] = SOURCES[number(hello, SOURCE)]
    return device


# Section 6


def wrong_fields(command):
    """Returns what is wrong with the fields of a command, as one string for each field."""
    wrong = []
    names = {"paymentMethod": METHOD, "amount": AMOUNT, "orderId": ORDER}
    for name, tag in names.items():
        value = command.get(name)
        written = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else b""
        if value is not None and not re.fullmatch(STRINGS[tag], written):
            wrong.append(f"{name} breaks its rule")
    expiry = command.get("expiryTime")
    if expiry is not None and not (type(expiry) is int and 1 <= expiry <= 2147483647):
        wrong.append("expiryTime must be a whole number of seconds from 1 to 2147483647")
    return wrong
