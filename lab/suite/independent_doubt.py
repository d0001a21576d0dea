"""What replies say about a command, in section 4 of docs/protocol.md, for independent_host.py.

It shares no code with this project.
"""

from independent_wire import BOOT, LAST, ORDER, READY, REASON, REMAINING, RESULT, SERIAL, STATE, STATES, TAPS, number


class Attempt:
    """A command that was sent, with what the host knew then."""

    def __init__(self, client, name, fields):
        self.name, self.named, self.channel, self.device = name, ORDER in fields, client.channel, client.device
        self.number, self.last = (client.session, client.sequence + 1), client.last

    def told(self):
        names = {"command": self.name, "serialNumber": self.device["serialNumber"], "bootId": self.device["bootId"]}
        return {**names, **command_told(self.number), "last": self.last and command_told(self.last)}


def command_told(number_):
    return {"session": number_[0], "sequence": number_[1]}


def last_of(fields):
    """The last command as session and sequence, or None."""
    value = fields.get(LAST)
    return value and (int.from_bytes(value[:2], "little"), value[2])


def untrue_reply(name, reply):
    """True if the reply to a command cannot be true."""
    result, state, reason = number(reply, RESULT), number(reply, STATE), number(reply, REASON)
    if name == "CANCEL":
        return result == 0 and state == READY
    if name == "PAY" and result == 0:
        return state != READY and number(reply, REMAINING) > 0
    return name == "PAY" and reason == 6 and state == READY


def after_refusal(attempt, reply):
    """Says whether the payment link of a refused command may be live."""
    if attempt.name == "PAY":
        return "no"
    if number(reply, REASON) in (4, 10):
        return "unknown"
    # Reason 5: the live payment link is not the one that the CANCEL was meant to end.
    if number(reply, STATE) != READY or number(reply, REASON) == 5:
        return "no"
    return "unknown" if attempt.named else "yes"


def resolve(attempt, session, hello, client):
    """What the reply to HELLO says about a command in doubt.

    Returns the code, the outcome, whether the payment link is live, what happened, and the facts that the reply tells.
    """
    last, ready, pay = last_of(hello), number(hello, STATE) == READY, attempt.name == "PAY"
    open_question = "unknown" if ready else "no"
    told = {"state": STATES[number(hello, STATE)], "taps": number(hello, TAPS)}
    if hello[SERIAL].decode() != attempt.device["serialNumber"]:
        return "DEVICE_DISCONNECTED", "unknown", "unknown", "another device answers", {}
    if untrue_hello(attempt, session, hello, client.channel):
        client.dropped["a contradiction"] += 1
        return "UNKNOWN_EXCEPTION", "unknown", open_question, "the device contradicts itself", told
    if number(hello, BOOT) != attempt.device["bootId"]:
        return "UNKNOWN_EXCEPTION", "unknown", "no" if pay else open_question, "the device has restarted", told
    if last == attempt.number:
        # A phone can only have read the payment link more often than the device has told before.
        told["taps"] = told["taps"] if pay else max(told["taps"], client.taps)
        return "SUCCESS", "executed", "yes" if pay and ready else "no", None, told
    if last == attempt.last:
        live = open_question if attempt.named or not ready else "yes"
        return "PROCESS_FAIL", "not-executed", "no" if pay else live, "the device did not execute it", told
    return "UNKNOWN_EXCEPTION", "unknown", "no" if pay else open_question, "another host has used the device", told


def untrue_hello(attempt, session, hello, channel):
    """True if the reply to a HELLO, which was sent because of a command in doubt, cannot be true."""
    last, ready = last_of(hello), number(hello, STATE) == READY
    if not last and number(hello, STATE) != 0:
        return True
    if number(hello, BOOT) != attempt.device["bootId"]:
        return ready and attempt.channel is channel
    if not last:
        return attempt.last is not None
    if last == attempt.number:
        return attempt.name == "CANCEL" and ready
    first = attempt.number[0]
    return last != attempt.last and not 0 < (last[0] - first) % 65535 < (session - first) % 65535
