"""The command beside `bluetap`: the same exit codes and the same keys, also where something goes wrong."""

import json
import signal
import subprocess
from typing import Any, Dict, Iterator, List, Optional

import pytest

from emulated_device import BLUETAP, Emulated
from programs import ROOT, bluetap, environment, start
from served_device import ServedDevice, execute_silently

PAY = ["pay", "--json", "--payment-method", "TRUEMONEY"]


@pytest.fixture
def served() -> Iterator[ServedDevice]:
    with ServedDevice() as device:
        yield device


@pytest.mark.parametrize("words, named", [
    ([*PAY, "--amount", "1", "--amount", "2"], "--amount"),
    ([*PAY, "--order-id", "1", "--order-id", "1"], "--order-id"),
    ([*PAY, "--payment-method", "ALIPAY_CN"], "--payment-method"),
    ([*PAY, "--timeout", "5000", "--timeout", "5000"], "--timeout"),
    # Otherwise a shell variable that is not set would mean any device.
    ([*PAY, "--device", ""], "--device"),
    ([*PAY, "--transport", ""], "transport"),
    (["list", "--json", "--timeout", "0"], "--timeout"),
], ids=lambda each: each if isinstance(each, str) else None)
def test_an_option_that_can_be_meant_in_two_ways_ends_with_64(
    words: List[str], named: str, served: ServedDevice
) -> None:
    ended = bluetap(*words, transport=served.address)
    assert (ended.returncode, ended.stdout) == (64, "")
    assert named in ended.stderr and ended.stderr.count("\n") == 1
    assert served.connections == 0


def test_a_number_of_any_length_is_a_wrong_field(served: ServedDevice) -> None:
    ended = bluetap(*PAY, "--expiry-time", "9" * 5000, transport=served.address)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "expiryTime" in ended.stderr and ended.stderr.count("\n") == 1
    assert served.connections == 0


def test_the_longest_timeout_is_taken(served: ServedDevice) -> None:
    assert bluetap(*PAY, "--timeout", "2147483647", transport=served.address).returncode == 0


def test_a_line_that_is_nested_too_deep_is_param_illegal(served: ServedDevice) -> None:
    ended = bluetap("--lines", transport=served.address, input="[" * 100000 + '\n{"do":"status"}\n')
    assert (ended.returncode, ended.stderr) == (0, "")
    assert [json.loads(line)["code"] for line in ended.stdout.splitlines()] == ["PARAM_ILLEGAL", "SUCCESS"]


def test_a_long_expiry_time_is_noted_because_milliseconds_may_be_meant(served: ServedDevice) -> None:
    ended = bluetap(*PAY, "--expiry-time", "900000", transport=served.address)
    assert ended.returncode == 0 and json.loads(ended.stdout)["remaining"] == 900000
    assert "900000 is in seconds" in ended.stderr and ended.stderr.count("\n") == 1
    assert bluetap(*PAY, "--expiry-time", "86400", transport=served.address).stderr == ""


def test_ctrl_c_between_two_lines_ends_without_a_traceback(served: ServedDevice) -> None:
    program = start(["-m", "bluetaplib", "--lines"], served.address)
    assert program.stdin is not None and program.stdout is not None
    program.stdin.write('{"do":"status"}\n')
    program.stdin.flush()
    assert json.loads(program.stdout.readline())["code"] == "SUCCESS"
    program.send_signal(signal.SIGINT)
    # Its input stays open, so that only the signal can end it.
    assert program.wait(60) == 130
    assert program.communicate()[1] == ""
    served.wait_until_closed()


def test_the_second_signal_ends_the_program_at_once(served: ServedDevice) -> None:
    blocked = """
import os, signal, sys
from bluetaplib import client
from bluetaplib.cli import main
def stay(_):
    print("closing", flush=True)
    while True:
        signal.pause()
client.Client.close = stay
sys.exit(main(sys.argv[1:]))
"""
    served.script = [execute_silently] * 100
    program = start(["-c", blocked, *PAY, "--timeout", "60000"], served.address)
    served.wait_for_request("HELLO")
    program.send_signal(signal.SIGINT)
    assert program.stdout is not None
    assert json.loads(program.stdout.readline())["outcome"] == "not-sent"
    assert program.stdout.readline() == "closing\n"
    program.send_signal(signal.SIGINT)
    assert program.wait(60) == -signal.SIGINT
    assert program.communicate()[1] == ""


FAULTS: List[Any] = [
    ("lose-replies", {"type": "PAY"}, [*PAY, "--timeout", "400"], 5),
    ("cut-after", {"type": "PAY", "bytes": 5}, [*PAY, "--timeout", "400"], None),
    ("silent", {}, ["info", "--json", "--timeout", "400"], 3),
    ("ignore-requests", {"type": "STATUS", "times": 9}, ["status", "--json", "--timeout", "400"], 5),
    ("refuse", {"type": "PAY", "reason": 2, "times": 1}, PAY, 2),
    ("refuse", {"type": "PAY", "reason": 10, "times": 1}, PAY, 4),
]


NAMES = [f"{row[0]} {row[2][0]} {row[3]}" for row in FAULTS]


@pytest.mark.parametrize("verb, parameters, words, code", FAULTS, ids=NAMES)
def test_where_something_goes_wrong_the_answer_has_the_keys_of_bluetap(
    verb: str, parameters: Dict[str, Any], words: List[str], code: Optional[int], emulated: Emulated
) -> None:
    told = []
    for command in (BLUETAP, None):
        emulated.do("reset")
        emulated.do(verb, **parameters)
        if command is None:
            ended = bluetap(*words, transport=emulated.address)
        else:
            ended = subprocess.run([*command, *words], env=environment(emulated.address), capture_output=True,
                                   text=True, timeout=60, cwd=ROOT)
        answer = json.loads(ended.stdout)
        for secret in ("message", "session", "bootId", "id", "remaining"):
            for each in (answer, *(answer[key] for key in ("attempt", "device", "error") if key in answer)):
                if secret in each:
                    each[secret] = "any"
        told.append((ended.returncode, ended.stderr, list(answer), answer))
    assert told[0] == told[1]
    assert code in (None, told[1][0])
