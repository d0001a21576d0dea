"""Section 4 of docs/protocol.md, the host, for independent_host.py. It shares no code with this project."""

import collections
import os
import time

import independent_wire as wire
from independent_doubt import Attempt, after_refusal, last_of, resolve, untrue_reply
from independent_wire import AMOUNT, BOOT, CODES, EXPIRY, METHOD, NONCE, ORDER, PREVIOUS, READY, REASON, REMAINING
from independent_wire import REPLY, RESULT, SERIAL, STATE, STATES, TAPS, TYPES, number, read_message, wrong_fields

REPLY_TIME, HELLO_TIME, COPIES, PAUSE = 1.0, 1.0, 3, 0.1


class Lost(Exception):
    """The connection ended, or there is none."""


class NoSession(Exception):
    def __init__(self, code, message, reason=None):
        super().__init__(message)
        self.code, self.reason = code, reason


class Client:
    """Sends one command at a time. `open_channel(seconds)` returns an object with read, write and close."""

    def __init__(self, open_channel):
        self.open_channel = open_channel
        self.channel = self.reader = self.device = self.session = self.last = self.doubt = self.latest = None
        # A command in doubt whose device is not at the end of the line any more. It may come back.
        self.elsewhere = None
        self.frames, self.past = [], collections.deque(maxlen=16)
        self.dropped = collections.Counter()
        self.sequence = self.copies = self.link_number = self.state = self.taps = 0
        self.waiting, self.gap = None, False

    # What a program calls. The times are in seconds.

    def pay(self, command, seconds):
        fields = {METHOD: command.get("paymentMethod"), AMOUNT: command.get("amount"), ORDER: command.get("orderId")}
        wrong = wrong_fields(command) + ([] if fields[METHOD] is not None else ["paymentMethod is missing"])
        fields = {} if wrong else {tag: value.encode() for tag, value in fields.items() if value is not None}
        if command.get("expiryTime") is not None and not wrong:
            fields[EXPIRY] = command["expiryTime"].to_bytes(4, "little")
        return self.command("PAY", fields, wrong, seconds)

    def cancel(self, command, seconds):
        order = command.get("orderId")
        wrong = wrong_fields({"orderId": order})
        fields = {ORDER: order.encode()} if order is not None and not wrong else {}
        return self.command("CANCEL", fields, wrong, seconds)

    def status(self, seconds):
        try:
            reply = self.question(time.monotonic() + seconds)
        except NoSession as failure:
            return {"code": failure.code, "error": error(failure, failure.reason)}
        if number(reply, RESULT):
            failure = f"the device refused STATUS, reason {number(reply, REASON)}"
            return {"code": CODES[number(reply, RESULT)], "error": error(failure, number(reply, REASON))}
        names = {"paymentMethod": METHOD, "amount": AMOUNT, "orderId": ORDER}
        told = {name: reply[tag].decode() for name, tag in names.items() if tag in reply}
        if REMAINING in reply:
            told["remaining"] = number(reply, REMAINING)
        shown = {"state": STATES[number(reply, STATE)], "taps": number(reply, TAPS)}
        return {"code": "SUCCESS", **shown, **told, "device": self.device}

    def outcome(self, seconds):
        """Asks about the latest command again, if it is in doubt."""
        if self.doubt or self.elsewhere:
            self.doubt = self.doubt or self.elsewhere
            self.settle(time.monotonic() + seconds)
        return self.latest or {"code": "PROCESS_FAIL", "error": error("there was no command")}

    def follow(self, deadline):
        """Reads what has come without a request. After a LINK was missed, asks with STATUS."""
        try:
            self.drain()
            if self.gap and self.session and not self.doubt:
                reply = self.exchange("STATUS", {}, deadline) if self.sequence < 255 else self.greet(deadline)
                if reply and number(reply, REASON) == 4:
                    self.session = None
        except (Lost, NoSession):
            pass

    # Commands

    def command(self, name, fields, wrong, seconds):
        nothing = "no" if name == "PAY" else "unknown"
        if wrong:
            return self.result("PARAM_ILLEGAL", "not-sent", nothing, error=error(", ".join(wrong)))
        deadline, refused, self.elsewhere = time.monotonic() + seconds, None, None
        while True:
            try:
                self.ready(deadline)
            except NoSession as failure:
                why = error(failure, failure.reason)
                return refused or self.result(failure.code, "not-sent", nothing, error=why)
            self.doubt = Attempt(self, name, fields)
            try:
                reply = self.exchange(name, fields, deadline)
            except Lost:
                reply = None
            if not reply and not self.copies:
                self.doubt = None
                if time.monotonic() < deadline:
                    continue
                return refused or self.result("PROCESS_FAIL", "not-sent", nothing, error=error("the time is over"))
            reason = number(reply or {}, REASON)
            if not reply or (self.copies > 1 and reason in (4, 10)):
                return self.settle(deadline)
            attempt, self.doubt = self.doubt, None
            if not reason:
                return self.executed(attempt, reply, deadline)
            if reason in (4, 10):
                self.session = None
            again = reason == 4 and not refused
            refused = self.refused(attempt, reply)
            if not again:
                self.follow(deadline)
                return refused

    def executed(self, attempt, reply, deadline):
        self.last = attempt.number
        self.follow(deadline)
        told = {"remaining": number(reply, REMAINING)} if self.state == READY and attempt.name == "PAY" else {}
        if PREVIOUS in reply:
            told["previous"] = {"state": STATES[reply[PREVIOUS][0]], "taps": reply[PREVIOUS][1]}
        live = "yes" if attempt.name == "PAY" and self.state == READY else "no"
        shown = {"state": STATES[self.state], "taps": self.taps}
        return self.result("SUCCESS", "executed", live, attempt, **told, **shown)

    def refused(self, attempt, reply):
        code, state, reason = CODES[number(reply, RESULT)], STATES[number(reply, STATE)], number(reply, REASON)
        why = error(f"the device refused {attempt.name}, reason {reason}", reason)
        return self.result(code, "refused", after_refusal(attempt, reply), attempt, state=state, error=why)

    def result(self, code, outcome, live, attempt=None, pending=False, **told):
        facts = {"code": code, "outcome": outcome, "linkLive": live, "pending": pending, **told}
        if attempt:
            facts["attempt"] = attempt.told()
        if self.device and self.session:
            facts["device"] = self.device
        self.latest = facts
        return facts

    # Doubts

    def settle(self, deadline):
        """Asks with HELLO what became of the command in doubt."""
        attempt, self.session = self.doubt, None
        try:
            self.ready(deadline)
        except NoSession as failure:
            code = "UNKNOWN_EXCEPTION" if self.channel is attempt.channel else "DEVICE_DISCONNECTED"
            why = error(failure, failure.reason)
            return self.result(code, "unknown", "unknown", attempt, pending=True, error=why)
        return self.latest

    # Sessions

    def ready(self, deadline):
        """Opens a session, unless one is open that the next request can use."""
        while True:
            try:
                self.drain()
                if not self.session or self.doubt or self.sequence == 255:
                    self.greet(deadline)
                return
            except Lost:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise NoSession("DEVICE_DISCONNECTED", "no device can be reached") from None
                time.sleep(min(PAUSE, left))

    def greet(self, deadline):
        if not self.channel:
            try:
                self.channel = self.open_channel(max(deadline - time.monotonic(), 0.01))
            except OSError as failure:
                raise Lost from failure
            self.reader, self.frames = wire.FrameReader(), []
        self.session = None
        while time.monotonic() < deadline:
            nonce = os.urandom(4)
            self.send("HELLO", 0, 0, wire.write_fields({NONCE: nonce}))
            for session, hello in self.replies("HELLO", 0, min(time.monotonic() + HELLO_TIME, deadline)):
                if number(hello, RESULT) and session == 0:
                    reason = number(hello, REASON)
                    raise NoSession("PROCESS_FAIL", f"the device refused HELLO, reason {reason}", reason)
                if session == 0 or hello.get(NONCE) != nonce:
                    self.dropped["another HELLO"] += 1
                elif self.was_used(session, hello):
                    # This is no answer, so the HELLO is outstanding until its time is over.
                    self.dropped["a used session number"] += 1
                else:
                    return self.opened(session, hello)
        raise NoSession("DEVICE_DISCONNECTED", "no device has answered HELLO")

    def was_used(self, session, hello):
        last = last_of(hello)
        return (hello[SERIAL], hello[BOOT], session) in self.past or bool(last) and last[0] == session

    def opened(self, session, hello):
        self.device = wire.device_of(hello)
        attempt, self.doubt, self.elsewhere, self.session = self.doubt or self.elsewhere, None, None, session
        if attempt:
            code, outcome, live, why, told = resolve(attempt, session, hello, self)
            if code == "DEVICE_DISCONNECTED":
                self.elsewhere = attempt
            told.update({"error": error(why)} if why else {}, pending=bool(self.elsewhere))
            self.result(code, outcome, live, attempt, **told)
        self.sequence = self.link_number = 0
        self.last, self.gap = last_of(hello), False
        self.state, self.taps = number(hello, STATE), number(hello, TAPS)
        self.past.append((hello[SERIAL], hello[BOOT], session))

    # Requests and replies

    def question(self, deadline):
        """Returns the reply to STATUS. A question that has no reply is asked again in a new session."""
        renewed, asked = False, None
        while True:
            try:
                self.ready(deadline)
                reply = self.exchange("STATUS", {}, deadline)
            except Lost:
                continue
            except NoSession as failure:
                if asked and self.channel is asked and failure.code == "DEVICE_DISCONNECTED":
                    failure.code = "UNKNOWN_EXCEPTION"
                raise
            if reply and (number(reply, REASON) != 4 or renewed):
                return reply
            asked, renewed, self.session = self.channel, renewed or bool(reply), None

    def exchange(self, name, fields, deadline):
        """Sends the same bytes up to three times. Returns the reply, or None. `copies` says how many were sent."""
        self.sequence += 1
        self.copies, self.waiting = 0, fields if name == "PAY" else None
        if name == "PAY":
            self.taps = 0
        try:
            while self.copies < COPIES and time.monotonic() < deadline:
                self.send(name, self.session, self.sequence, wire.write_fields(fields))
                self.copies += 1
                for _, reply in self.replies(name, self.sequence, min(time.monotonic() + REPLY_TIME, deadline)):
                    if untrue_reply(name, reply):
                        self.dropped["a contradiction"] += 1
                    else:
                        self.believe(name, reply)
                        return reply
            return None
        finally:
            self.waiting = None

    def believe(self, name, reply):
        self.state = number(reply, STATE)
        if number(reply, RESULT) == 0:
            told = number(reply, TAPS)
            # A LINK that comes before the reply to the only copy is about an earlier payment link.
            known = 0 if self.copies == 1 else self.taps
            self.gap = self.gap and name != "STATUS"
            self.taps = {"PAY": known, "STATUS": told, "CANCEL": max(told, self.taps)}[name]

    def send(self, name, session, sequence, payload):
        try:
            self.channel.write(wire.write_frame(TYPES[name], session, sequence, payload))
        except OSError as failure:
            self.close()
            raise Lost from failure

    def replies(self, name, sequence, until):
        """Gives each reply to the request `name` that can be read, until the time. What else comes is dropped."""
        over = False
        while self.frames or not over:
            if not self.frames:
                left = until - time.monotonic()
                # What waits to be read counts, also if this program was late.
                over = left <= 0
                self.read(max(left, 0))
                continue
            kind, session, number_, payload = self.frames.pop(0)
            if kind == TYPES["LINK"]:
                self.link(session, number_, payload)
            elif not name or (kind, number_) != (TYPES[name] | REPLY, sequence):
                self.dropped["a stray reply"] += 1
            elif name != "HELLO" and session != self.session:
                self.dropped["another session"] += 1
            else:
                try:
                    fields = read_message(name, payload)
                except ValueError:
                    self.dropped["an unreadable reply"] += 1
                    continue
                yield session, fields

    def drain(self):
        """Reads what waits to be read."""
        if self.channel:
            for _ in self.replies(None, 0, time.monotonic()):
                pass

    def read(self, seconds):
        try:
            data = self.channel.read(seconds)
        except OSError as failure:
            self.close()
            raise Lost from failure
        self.frames += self.reader.push(data, time.monotonic()) if data else []

    def close(self):
        if self.channel:
            self.channel.close()
        self.channel = self.session = None

    # LINK

    def link(self, session, sequence, payload):
        try:
            fields = read_message("LINK", payload)
        except ValueError:
            fields = None
        if not fields or session != self.session or sequence == 0:
            self.dropped["a stray LINK"] += 1
            return
        self.gap = self.gap or sequence != self.link_number % 255 + 1
        self.link_number = sequence
        if number(fields, STATE) == READY and self.state != READY and self.waiting is None:
            self.dropped["a contradiction"] += 1
            self.gap = True
            return
        self.state = number(fields, STATE)
        if self.waiting is None or fields.get(ORDER) == self.waiting.get(ORDER):
            self.taps = number(fields, TAPS)


def error(message, reason=None):
    return {"message": str(message), **({"reason": reason} if reason is not None else {})}
