"""The library at the emulated device of this repository, which another program in another language speaks for."""

import json
import subprocess
import threading
from typing import Any, Dict, List, Optional

import pytest

from bluetaplib import Client, LinkLive, Outcome, ResultCode, State

from emulated_device import BLUETAP, Emulated
from programs import bluetap, environment, start

WORDS = ["pay", "--json", "--payment-method", "TRUEMONEY", "--amount", "1.50", "--order-id"]


def test_a_payment_from_its_pay_to_its_cancel(emulated: Emulated) -> None:
    changes: List[Any] = []
    told = threading.Event()
    with Client(emulated.address) as client:
        client.on("link", lambda change: (changes.append(change), told.set()))
        result = client.pay("TRUEMONEY", amount="120.00", order_id="POS1-0042")
        assert (result.outcome, result.link_live, result.remaining) == (Outcome.EXECUTED, LinkLive.YES, 900)
        assert emulated.do("tap")["orderId"] == "POS1-0042"
        # Between two calls: the thread of the client reads it.
        assert told.wait(20)
        assert [(each.state, each.taps, each.order_id) for each in changes] == [(State.READY, 1, "POS1-0042")]
        assert client.cancel("POS1-0042").taps == 1
        assert client.status().state is State.CANCELLED


WRONG: List[Any] = [
    ("lose-replies", {"times": 1, "type": "PAY"}, Outcome.EXECUTED, LinkLive.YES, 1),
    ("ignore-requests", {"times": 1, "type": "PAY"}, Outcome.EXECUTED, LinkLive.YES, 1),
    ("corrupt-replies", {"times": 1, "type": "PAY"}, Outcome.EXECUTED, LinkLive.YES, 1),
    ("delay-replies", {"ms": 1200, "times": 1, "type": "PAY"}, Outcome.EXECUTED, LinkLive.YES, 1),
    ("duplicate-replies", {}, Outcome.EXECUTED, LinkLive.YES, 1),
    ("noise-before-replies", {}, Outcome.EXECUTED, LinkLive.YES, 1),
    ("stutter", {}, Outcome.EXECUTED, LinkLive.YES, 1),
    ("wrong-type", {"times": 1, "type": "HELLO"}, Outcome.EXECUTED, LinkLive.YES, 1),
    ("refuse", {"reason": 4, "times": 1, "type": "PAY"}, Outcome.EXECUTED, LinkLive.YES, 1),
    ("refuse", {"reason": 11, "times": 1, "type": "PAY"}, Outcome.REFUSED, LinkLive.NO, 0),
    ("restart-before-executing", {"times": 1}, Outcome.UNKNOWN, LinkLive.NO, 0),
    ("restart-after-executing", {"times": 1}, Outcome.UNKNOWN, LinkLive.NO, 1),
    ("unplug-after-executing", {"times": 1, "power": "lost"}, Outcome.UNKNOWN, LinkLive.UNKNOWN, 1),
    ("cut-after", {"bytes": 7, "times": 1, "type": "PAY"}, Outcome.UNKNOWN, LinkLive.UNKNOWN, 1),
]


@pytest.mark.parametrize("verb, parameters, outcome, live, shown", WRONG, ids=[f"{row[0]} {row[1]}" for row in WRONG])
def test_a_device_that_does_something_wrong(
    emulated: Emulated, verb: str, parameters: Dict[str, Any], outcome: Outcome, live: LinkLive, shown: int
) -> None:
    emulated.do(verb, **parameters)
    unplugged = verb in ("unplug-after-executing", "cut-after")
    with Client(emulated.address, timeout=1.0 if unplugged else 5.0) as client:
        result = client.pay("TRUEMONEY", order_id="A-1")
        assert (result.outcome, result.link_live, result.pending) == (outcome, live, unplugged)
        assert emulated.payment_links() == shown
        if unplugged:
            # The socket of an unplugged device can still be opened: a device is there then that does not answer.
            assert result.code in (ResultCode.DEVICE_DISCONNECTED, ResultCode.UNKNOWN_EXCEPTION)
            assert result.attempt is not None
            emulated.do("plug")
            resolution = client.outcome_of(result.attempt)
            lost = parameters.get("power") == "lost"
            assert resolution.outcome is (Outcome.UNKNOWN if lost else Outcome.EXECUTED)
            assert resolution.link_live is (LinkLive.NO if lost else LinkLive.YES)


def test_a_broken_nfc_part_is_refused(emulated: Emulated) -> None:
    emulated.do("nfc-fault", fault="now")
    with Client(emulated.address) as client:
        result = client.pay("TRUEMONEY")
    assert (result.code, result.outcome, result.link_live) == (ResultCode.PROCESS_FAIL, Outcome.REFUSED, LinkLive.NO)
    assert result.error is not None and result.error.reason == 6


def test_two_programs_at_once_are_each_told_the_truth(emulated: Emulated) -> None:
    programs = [start(["-m", "bluetaplib", *WORDS, order], emulated.address) for order in ("A-1", "A-2")]
    told = [json.loads(program.communicate(timeout=60)[0]) for program in programs]
    assert {each["outcome"] for each in told} <= {"executed", "refused"}
    assert emulated.payment_links() == sum(each["outcome"] == "executed" for each in told)


VOLATILE = ("session", "bootId", "id", "last")


def _told(command: Optional[List[str]], words: List[str], address: str) -> Any:
    if command is None:
        ended = bluetap(*words, transport=address)
    else:
        ended = subprocess.run([*command, *words], env=environment(address), capture_output=True, text=True, timeout=60)
    told = json.loads(ended.stdout)
    for each in (told.get("attempt"), told.get("device")):
        for name in VOLATILE if each is not None else ():
            if name in each:
                each[name] = "volatile"
    return ended.returncode, ended.stderr, told


@pytest.mark.parametrize("words", [
    [*WORDS, "A-1"],
    ["cancel", "--json"],
    ["cancel", "--json", "--order-id", "A-1"],
    ["cancel", "--json", "--order-id", "A-2"],
    ["status", "--json"],
    ["info", "--json"],
], ids=" ".join)
def test_the_json_is_that_of_bluetap_to_the_letter(words: List[str], emulated: Emulated) -> None:
    answers = []
    for command in (BLUETAP, None):
        emulated.do("reset")
        with Client(emulated.address) as client:
            client.pay("SEVEN_11", order_id="A-1", expiry_time=800)
        answers.append(_told(command, words, emulated.address))
    for answer in answers:
        # The second may have passed.
        if "remaining" in answer[2]:
            assert answer[2]["remaining"] in (798, 799, 800, 898, 899, 900)
            answer[2]["remaining"] = "checked"
    assert answers[0] == answers[1]
