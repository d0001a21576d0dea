"""The command `python3 -m bluetaplib`: its JSON, its exit codes, its signals. docs/reference/cli.md."""

import json
import signal
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import pytest

from bluetaplib import __version__, attempt_from_json
from bluetaplib.cli import main

from programs import bluetap, run, start
from served_device import ServedDevice, execute_silently


@pytest.fixture
def served() -> Iterator[ServedDevice]:
    with ServedDevice() as device:
        yield device


def _json(ended: Any) -> Dict[str, Any]:
    assert ended.stderr == "" and ended.stdout.count("\n") == 1
    told: Dict[str, Any] = json.loads(ended.stdout)
    return told


DEVICE = {"model": "BT-TEST", "firmware": "1.0.0", "serialNumber": "T-0001", "bootId": 7, "simulated": True}


def test_pay_cancel_status_and_info_as_json(served: ServedDevice) -> None:
    def call(*words: str) -> Dict[str, Any]:
        ended = bluetap(*words, "--json", transport=served.address)
        assert ended.returncode == 0
        told = _json(ended)
        device = told.pop("device")
        assert {**device, "id": None} == {**DEVICE, "id": None} and device["id"]
        return told

    fields = ["--payment-method", "TRUEMONEY", "--amount", "120.00", "--order-id", "A-1", "--expiry-time", "30"]
    attempt = {"command": "PAY", "serialNumber": "T-0001", "bootId": 7, "session": 40001, "sequence": 1, "last": None}
    assert call("pay", *fields) == {
        **{"code": "SUCCESS", "outcome": "executed", "linkLive": "yes", "pending": False, "state": "ready"},
        **{"remaining": 30, "attempt": attempt},
    }
    assert call("status") == {
        **{"code": "SUCCESS", "state": "ready", "taps": 0, "remaining": 900, "paymentMethod": "TRUEMONEY"},
        **{"amount": "120.00", "orderId": "A-1"},
    }
    cancel = call("cancel", "--order-id", "A-1")
    facts = (cancel["outcome"], cancel["linkLive"], cancel["state"], cancel["taps"])
    assert facts == ("executed", "no", "cancelled", 0)
    assert cancel["attempt"]["last"] == {"session": 40001, "sequence": 1} and cancel["attempt"]["oneOrder"] is True
    assert call("info") == {"code": "SUCCESS"}
    served.wait_until_closed()


def test_the_text_for_a_person(served: ServedDevice) -> None:
    ended = bluetap("pay", "--payment-method", "TRUEMONEY", transport=served.address)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "SUCCESS" in ended.stdout and "payment link live: yes" in ended.stdout
    assert "ready, taps 0" in bluetap("status", transport=served.address).stdout
    assert "T-0001" in bluetap("info", transport=served.address).stdout
    refused = bluetap("cancel", "--order-id", "B", transport=served.address)
    assert refused.returncode == 4 and "PROCESS_FAIL" in refused.stdout and "another order" in refused.stderr


def test_the_devices_as_json(served: ServedDevice) -> None:
    told = _json(bluetap("list", "--json", transport=served.address))
    [row] = told["transports"]
    assert len(row["devices"]) == 1 and row["devices"][0]["path"] in served.address
    assert served.heard == []


USAGE: List[Tuple[List[str], str]] = [
    ([], "pay, cancel, status, info, list"),
    (["sell"], "sell"),
    (["pay", "--colour", "red"], "--colour"),
    (["pay", "--timeout", "0"], "--timeout"),
    (["pay", "--timeout", "\u0665"], "--timeout"),
    (["pay", "--timeout", "9" * 5000], "--timeout"),
    (["pay", "--amount"], "--amount"),
    (["status", "--transport", "nowhere"], "nowhere"),
    (["status", "extra"], "extra"),
]


@pytest.mark.parametrize("words, named", USAGE, ids=[" ".join(words)[:40] for words, _ in USAGE])
def test_a_wrong_option_ends_with_64(words: List[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 64
    out, err = capsys.readouterr()
    assert out == "" and named in err


def test_a_wrong_variable_ends_with_64() -> None:
    for name, value in (("BLUETAP_ALLOW_SIMULATED", "true"), ("BLUETAP_TRANSPORT", "tcp://x")):
        ended = bluetap("status", **{name: value})
        assert ended.returncode == 64 and name in ended.stderr


PARAMS = [
    ([], "paymentMethod"),
    (["--payment-method", "Test"], "paymentMethod"),
    (["--payment-method", "TRUEMONEY", "--amount", "1,00"], "amount"),
    (["--payment-method", "TRUEMONEY", "--order-id", "a b"], "orderId"),
    (["--payment-method", "TRUEMONEY", "--expiry-time", "0"], "expiryTime"),
    (["--payment-method", "TRUEMONEY", "--expiry-time", "soon"], "expiryTime"),
    (["--payment-method", "TRUEMONEY", "--expiry-time", "\u0665"], "expiryTime"),
]


@pytest.mark.parametrize("words, field", PARAMS, ids=[field + str(len(words)) for words, field in PARAMS])
def test_a_wrong_field_ends_with_2(words: List[str], field: str, served: ServedDevice) -> None:
    ended = bluetap("pay", "--json", *words, transport=served.address)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert field in ended.stderr
    assert served.connections == 0


def test_no_device_ends_with_3(served: ServedDevice) -> None:
    with ServedDevice() as gone:
        address = gone.address
    ended = bluetap("pay", "--payment-method", "TRUEMONEY", "--json", "--timeout", "100", transport=address)
    told = _json(ended)
    assert (ended.returncode, told["code"]) == (3, "DEVICE_DISCONNECTED")
    assert (told["outcome"], told["linkLive"]) == ("not-sent", "no")
    status = bluetap("status", "--json", "--timeout", "100", transport=address)
    assert status.returncode == 3 and _json(status).keys() == {"code", "error"}
    # The option is stronger than the variable.
    assert bluetap("status", "--transport", served.address, transport=address).returncode == 0


def test_help_and_version(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert bluetap("--version").stdout == f"bluetaplib {__version__}\n"
    for words in (["--help"], *([verb, "--help"] for verb in ("pay", "cancel", "status", "info", "list"))):
        assert main(words) == 0
        told = capsys.readouterr().out
        assert "SUCCESS" in told and [line for line in told.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_prints_what_is_known(number: int, served: ServedDevice) -> None:
    def silent(device: Any, message: Any) -> Any:
        return execute_silently(device, message)

    served.script = [_answer, silent, silent, silent]
    program = start(
        ["-m", "bluetaplib", "pay", "--json", "--payment-method", "TRUEMONEY", "--timeout", "60000"], served.address
    )
    served.wait_for_request("PAY")
    program.send_signal(number)
    stdout, stderr = program.communicate(timeout=60)
    told = json.loads(stdout)
    assert (told["code"], told["outcome"], told["linkLive"]) == ("UNKNOWN_EXCEPTION", "unknown", "unknown")
    assert told["pending"] is True and told["attempt"]["sequence"] == 1
    assert (program.returncode, stderr) == (5, "")
    served.wait_until_closed()


TWICE = """
import os, signal
from bluetaplib.cli import _end_with_signals
_end_with_signals()
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    print("first", flush=True)
os.kill(os.getpid(), signal.SIGTERM)
print("not ended")
"""


def test_the_second_signal_ends_the_program_at_once() -> None:
    ended = run(["-c", TWICE])
    assert (ended.stdout, ended.returncode) == ("first\n", -signal.SIGTERM)


OVER = """
import os, signal, sys
from bluetaplib import cli
shown = cli._print
def print_later(*told):
    os.kill(os.getpid(), signal.SIGINT)
    return shown(*told)
cli._print = print_later
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("words", [["status", "--json"], ["pay", "--payment-method", "TRUEMONEY", "--json"]])
def test_a_signal_after_the_call_takes_no_answer_away(words: List[str], served: ServedDevice) -> None:
    ended = run(["-c", OVER, *words], served.address)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["code"] == "SUCCESS"


def _answer(device: Any, message: Any) -> bytes:
    from bluetaplib.protocol import encode_message

    return encode_message(device.receive(message))


def test_a_signal_before_the_device_answers_leaves_nothing_sent(served: ServedDevice) -> None:
    served.script = [execute_silently] * 100
    words = ["-m", "bluetaplib", "pay", "--json", "--payment-method", "TRUEMONEY", "--timeout", "60000"]
    program = start(words, served.address)
    served.wait_for_request("HELLO")
    program.send_signal(signal.SIGINT)
    stdout, _ = program.communicate(timeout=60)
    assert (json.loads(stdout)["outcome"], program.returncode) == ("not-sent", 4)
    assert served.device.shown == []


LEFT_OPEN = """
import sys, bluetaplib
client = bluetaplib.Client(sys.argv[1])
client.on("link", print)
print(client.pay("TRUEMONEY").outcome)
"""


def test_a_program_with_a_client_that_is_not_closed_ends(served: ServedDevice) -> None:
    ended = run(["-c", LEFT_OPEN, served.address])
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "executed\n", "")
    served.wait_until_closed()


KILLED = """
import json, sys, bluetaplib
def store(attempt):
    with open(sys.argv[1], "w") as file:
        json.dump(bluetaplib.attempt_json(attempt), file)
client = bluetaplib.Client(sys.argv[2], timeout=60)
client.pay("TRUEMONEY", order_id="A-1", on_attempt=store)
"""

ASKED = """
import json, sys, bluetaplib
with open(sys.argv[1]) as file:
    attempt = bluetaplib.attempt_from_json(json.load(file))
with bluetaplib.Client(sys.argv[2], pending_attempts=[attempt]) as client:
    resolution = client.outcome_of(attempt)
    print(resolution.outcome, resolution.link_live, resolution.pending, client.pending_attempts)
"""


@pytest.mark.parametrize("executed, told", [(True, "executed yes False []\n"), (False, "not-executed no False []\n")])
def test_the_doubt_of_a_killed_program_is_asked_about(
    executed: bool, told: str, served: ServedDevice, tmp_path: Path
) -> None:
    stored = tmp_path / "attempt.json"
    served.script = [_answer, execute_silently if executed else (lambda device, message: None), *[execute_silently] * 9]
    program = start(["-c", KILLED, str(stored), served.address])
    served.wait_for_request("PAY")
    program.kill()
    program.communicate(timeout=60)
    served.wait_until_closed()
    served.script = []
    assert attempt_from_json(json.loads(stored.read_text())).serial_number == "T-0001"
    ended = run(["-c", ASKED, str(stored), served.address])
    assert (ended.stdout, ended.stderr) == (told, "")
    assert len(served.device.shown) == (1 if executed else 0)


def test_lines_take_one_call_each_and_end_with_the_input(served: ServedDevice) -> None:
    lines = [
        '{"do":"pay","paymentMethod":"TRUEMONEY","orderId":"A-1","amount":"1.50","timeoutMs":5000}',
        *["", '{"do":"status"}', '{"do":"outcome"}', '{"do":"cancel","orderId":"A-1"}'],
        *['{"do":"pay","paymentMethod":"Test"}', '{"do":"sell"}', "[]", "{", '{"do":"status","timeoutMs":"5"}'],
        *['{"do":"pay","paymentMethod":"TRUEMONEY","timeoutMs":NaN}', '{"do":"status","timeoutMs":-1}'],
    ]
    ended = bluetap("--lines", transport=served.address, input="\n".join(lines))
    assert (ended.returncode, ended.stderr) == (0, "")
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [each["code"] for each in told] == [*["SUCCESS"] * 4, *["PARAM_ILLEGAL"] * 7]
    assert [each.get("outcome") for each in told[:5]] == ["executed", None, "executed", "executed", "not-sent"]
    assert served.connections == 1
    served.wait_until_closed()


@pytest.mark.parametrize("words, code", [
    (["status", "--json"], 1),
    (["pay", "--payment-method", "TRUEMONEY", "--json"], 0),
    (["cancel", "--order-id", "NOT-THIS", "--json"], 4),
])
def test_a_result_that_cannot_be_printed_keeps_its_exit_code(words: List[str], code: int, served: ServedDevice) -> None:
    served.device.pay_of_another_host()
    program = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:], stdout=open('/dev/full', 'w')))"
    ended = run(["-c", program, sys.executable, "-m", "bluetaplib", *words], served.address)
    assert ended.returncode == code and "stdout cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr
