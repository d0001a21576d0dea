"""A device that shares no code with this project. It was written from docs/protocol.md.

    independent_device.py --tcp HOST:PORT       port 0 means any port

The first line on stdout is the address. After it, the program takes commands from stdin, one on each line:

    tap           a phone reads the whole tag: prints the NDEF message in hex, an empty line if the tag is blank
    fault         the NFC part fails, and the tag cannot be read
    repair        the NFC part works again
    power-cycle   the device loses its power and starts again
    quit          the program ends, as at the end of stdin
"""

import argparse
import math
import os
import random
import re
import selectors
import signal
import socket
import sys
import time
import urllib.parse

HELLO, PAY, CANCEL, STATUS, LINK = 0x01, 0x02, 0x03, 0x04, 0x41
IDLE, READY, EXPIRED, CANCELLED = range(4)
SUCCESS, PARAM_ILLEGAL, PROCESS_FAIL = range(3)
MISSING, METHOD, VALUE, SESSION, ORDER, NFC, CRITICAL, TYPE, VERSION, SEQUENCE = range(1, 11)
RESULTS = {reason: PARAM_ILLEGAL for reason in (MISSING, METHOD, VALUE, CRITICAL)}
# Section 3: for each request the tags that it knows with their fixed lengths, and the tags that it needs.
KNOWN = {HELLO: {0x20: 4}, PAY: {1: None, 2: None, 3: None, 4: 4}, CANCEL: {3: None}, STATUS: {}}
REQUIRED = {HELLO: [0x20], PAY: [1], CANCEL: [], STATUS: []}
METHODS = [b"TRUEMONEY", b"SEVEN_11", b"ALIPAY_CN", b"ALIPAY_PLUS"]
SIMULATED, READS = 1, 0  # The flags, and the tap source: a tap is one read of the whole tag.
MOST_CONNECTIONS = 16
SILENCE = 1.0


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def write_frame(kind, session, sequence, fields):
    payload = b"".join(bytes([tag, len(value)]) + value for tag, value in sorted(fields.items()) if value is not None)
    frame = bytes([1, kind]) + session.to_bytes(2, "little") + bytes([sequence]) + payload
    frame += crc32c(frame).to_bytes(4, "little")
    return b"\0" + b"".join(bytes([len(piece) + 1]) + piece for piece in frame.split(b"\0")) + b"\0"


def read_frame(encoded):
    """Returns the frame without its CRC, and the CRC. Returns None if the bytes are no frame."""
    pieces, at = [], 0
    while at < len(encoded):
        end = at + encoded[at]
        if end > len(encoded):
            return None
        pieces.append(encoded[at + 1 : end])
        at = end
    frame = b"\0".join(pieces)
    if len(frame) < 9 or crc32c(frame[:-4]) != int.from_bytes(frame[-4:], "little"):
        return None
    return frame[:-4], frame[-4:]


def u8(number):
    return bytes([number])


def u32(number):
    return number.to_bytes(4, "little")


class Connection:
    """One socket. It has one reply at a time: while bytes wait to be written, no request is read (section 5)."""

    def __init__(self, sock, device):
        self.sock, self.device = sock, device
        self.partial, self.oversize, self.last = bytearray(), False, time.monotonic()
        self.unread, self.waiting, self.spoke, self.open = b"", b"", False, True

    def readable(self):
        try:
            data = self.sock.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            return self.device.drop(self)
        now = time.monotonic()
        if now - self.last >= SILENCE:
            self.partial, self.oversize = bytearray(), False
        self.last, self.unread = now, data
        self.proceed()

    def proceed(self):
        while self.unread and not self.waiting and self.open:
            piece, end, self.unread = self.unread.partition(b"\0")
            self.oversize = self.oversize or len(self.partial) + len(piece) > 128
            if not self.oversize:
                self.partial += piece
            if end:
                frame = None if self.oversize else read_frame(bytes(self.partial))
                self.partial, self.oversize = bytearray(), False
                if frame:
                    self.spoke = True
                    self.device.request(self, *frame)

    def write(self, wire):
        self.waiting += wire
        self.writable()

    def writable(self):
        try:
            self.waiting = self.waiting[self.sock.send(self.waiting) :]
        except BlockingIOError:
            pass
        except OSError:
            return self.device.drop(self)
        self.device.watch(self)


class Device:
    def __init__(self, listener, selector):
        self.listener, self.selector, self.connections, self.boot_id = listener, selector, [], 0
        self.start()

    def start(self):
        """The start of the device: the tag is blank before anything is answered."""
        self.boot_id = random.choice([number for number in random.sample(range(2**32), 2) if number != self.boot_id])
        self.number, self.owner, self.last_command = random.randint(1, 65535), None, None
        self.sequence, self.crc, self.link_number = 0, None, 0
        self.state, self.taps, self.expires, self.link = IDLE, 0, math.inf, {}
        self.faulty = False

    # Connections

    def accept(self):
        try:
            sock = self.listener.accept()[0]
        except OSError:
            return
        if len(self.connections) >= MOST_CONNECTIONS:
            silent = next((each for each in self.connections if not each.spoke), None)
            if not silent:
                return sock.close()
            self.drop(silent)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connections.append(Connection(sock, self))
        self.selector.register(sock, selectors.EVENT_READ, self.connections[-1])

    def drop(self, connection):
        if connection.open:
            connection.open = False
            self.connections.remove(connection)
            self.selector.unregister(connection.sock)
            connection.sock.close()
        if self.owner is connection:
            self.owner = None

    def watch(self, connection):
        events = selectors.EVENT_WRITE if connection.waiting else selectors.EVENT_READ
        self.selector.modify(connection.sock, events, connection)

    # Requests, in the order of checks of section 3

    def request(self, connection, frame, crc):
        self.expire()
        version, kind, session, sequence = frame[0], frame[1], int.from_bytes(frame[2:4], "little"), frame[4]
        if kind & 0xC0:
            return

        def reply(answer):
            connection.write(write_frame(kind | 0x80, answer.pop("session", session), sequence, answer))

        if version != 1:
            return reply(self.refusal(VERSION))
        if kind not in KNOWN:
            return reply(self.refusal(TYPE))
        if kind == HELLO:
            fields, reason = self.read(HELLO, frame[5:])
            reason = SESSION if session else SEQUENCE if sequence else reason
            return reply({**self.refusal(reason), "session": 0} if reason else self.hello(connection, fields))
        if connection is not self.owner or session != self.number:
            return reply(self.refusal(SESSION))
        if sequence and (sequence, crc) == (self.sequence, self.crc):
            return reply(self.answer(kind))
        if sequence <= self.sequence:
            return reply(self.refusal(SEQUENCE))
        self.sequence, self.crc, self.previous = sequence, crc, None
        fields, self.reason = self.read(kind, frame[5:])
        if not self.reason:
            self.reason = self.execute(kind, fields)
        reply(self.answer(kind))

    def read(self, kind, payload):
        fields, at, known = {}, 0, KNOWN[kind]
        while at < len(payload):
            tag, length = payload[at], payload[at + 1] if at + 1 < len(payload) else 256
            value = payload[at + 2 : at + 2 + length]
            if len(value) < length or any(tag <= earlier for earlier in fields) or known.get(tag) not in (None, length):
                return {}, VALUE
            fields[tag] = value
            at += 2 + length
        if any(tag >= 0x80 and tag not in known for tag in fields):
            return {}, CRITICAL
        fields = {tag: value for tag, value in fields.items() if tag in known}
        if any(tag not in fields for tag in REQUIRED[kind]):
            return {}, MISSING
        if 1 in fields and fields[1] not in METHODS:
            return {}, METHOD
        amount = len(fields.get(2, b"0")) <= 8 and re.fullmatch(rb"[0-9]+(\.[0-9]+)?", fields.get(2, b"0"))
        order = re.fullmatch(rb"[!-~]{1,16}", fields.get(3, b"0"))
        expiry = 1 <= int.from_bytes(fields.get(4, b"\1"), "little") <= 2147483647
        return (fields, None) if amount and order and expiry else ({}, VALUE)

    def refusal(self, reason):
        return {0x10: u8(RESULTS.get(reason, PROCESS_FAIL)), 0x11: u8(reason), 0x12: u8(self.state)}

    def answer(self, kind):
        """The stored result and reason, and the current state. A repeat gets it too."""
        if self.reason:
            return self.refusal(self.reason)
        remaining = u32(math.ceil(self.expires - time.monotonic()) if self.state == READY else 0)
        if kind == PAY:
            return {0x10: u8(SUCCESS), 0x12: u8(self.state), 0x13: remaining, 0x15: self.previous}
        live = {0x13: remaining, **self.link} if kind == STATUS and self.state == READY else {}
        return {0x10: u8(SUCCESS), **self.shown(), **live}

    def shown(self):
        return {0x12: u8(self.state), 0x14: u8(self.taps) if self.taps else None}

    def hello(self, connection, fields):
        self.number, self.owner, self.sequence, self.link_number = self.number % 65535 + 1, connection, 0, 0
        names = {0x21: b"Independent", 0x22: b"1", 0x23: b"PYTHON-1", 0x24: u32(self.boot_id), 0x25: u8(SIMULATED)}
        told = {0x20: fields[0x20], **names, 0x26: self.last_command, 0x27: u8(READS), "session": self.number}
        return {0x10: u8(SUCCESS), **self.shown(), **told}

    def execute(self, kind, fields):
        if kind == PAY:
            if self.faulty:
                return NFC
            self.previous = bytes([self.state, self.taps]) if self.link else None
            self.link = {tag: value for tag, value in fields.items() if tag != 4}
            seconds = int.from_bytes(fields.get(4, u32(900)), "little")
            self.state, self.taps, self.expires = READY, 0, time.monotonic() + seconds
        if kind == CANCEL and self.state == READY:
            if 3 in fields and fields[3] != self.link.get(3):
                return ORDER
            self.state = CANCELLED
        if kind in (PAY, CANCEL):
            self.last_command = self.number.to_bytes(2, "little") + u8(self.sequence)
        return None

    # What happens without a request

    def expire(self):
        if self.state == READY and time.monotonic() >= self.expires:
            self.changed(EXPIRED)

    def changed(self, state):
        """Sends LINK. A LINK that cannot be written at once is dropped, and has used its number."""
        self.state = state
        if not self.owner:
            return
        self.link_number = self.link_number % 255 + 1
        if not self.owner.waiting:
            self.owner.write(write_frame(LINK, self.number, self.link_number, {**self.shown(), 3: self.link.get(3)}))

    def ndef(self):
        """One URI record of NFC Forum, in the short form. Its first byte, 04, stands for https://."""
        if self.state != READY:
            return b""
        names = {1: "method", 2: "amount", 3: "order"}
        values = [f"{names[tag]}={urllib.parse.quote(value, safe='')}" for tag, value in self.link.items()]
        record = b"\x04" + f"bluetap.example/pay?{'&'.join(values)}".encode()
        return b"\xd1\x01" + u8(len(record)) + b"U" + record

    def command(self, word):
        self.expire()
        if word == b"tap":
            print(self.ndef().hex(), flush=True)
            if self.state == READY:
                self.taps = min(self.taps + 1, 255)
                self.changed(READY)
        elif word in (b"fault", b"repair"):
            self.faulty = word == b"fault"
            if self.faulty and self.state == READY:
                self.changed(IDLE)
        elif word == b"power-cycle":
            for connection in list(self.connections):
                self.drop(connection)
            self.start()
        return word != b"quit"


def serve(device, selector):
    typed = b""
    while True:
        wait = min(max(device.expires - time.monotonic(), 0), 3600) if device.state == READY else None
        ready = [key.data for key, _ in selector.select(wait)]
        device.expire()
        # Commands go first, so that a request that was sent after a command finds it done.
        if "stdin" in ready:
            data = os.read(0, 4096)
            *lines, typed = (typed + data).split(b"\n")
            if not all([device.command(line.strip()) for line in lines]) or not data:
                return
        for each in ready:
            if each == "listener":
                device.accept()
            elif each == "stdin":
                continue
            elif each.open and each.waiting:
                each.writable()
                each.last = time.monotonic()
                each.proceed()
            elif each.open:
                each.readable()


def main():
    parser = argparse.ArgumentParser(description="A BlueTap device in Python, for tests.")
    parser.add_argument("--tcp", required=True, metavar="HOST:PORT")
    host, _, port = parser.parse_args().tcp.rpartition(":")
    host = host.strip("[]")
    listener = socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setblocking(False)
    selector = selectors.PollSelector()
    selector.register(0, selectors.EVENT_READ, "stdin")
    selector.register(listener, selectors.EVENT_READ, "listener")
    name = f"[{host}]" if ":" in host else host
    print(f"tcp://{name}:{listener.getsockname()[1]}", flush=True)
    serve(Device(listener, selector), selector)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    try:
        main()
    except BrokenPipeError:
        os._exit(0)
