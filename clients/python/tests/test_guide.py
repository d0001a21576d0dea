"""Each program of docs/guides/python.md runs, and prints what the page says."""

import json
import re
from pathlib import Path

import pytest

from bluetaplib import Client, attempt_json

from programs import ROOT, run
from served_device import ServedDevice, execute_silently

PAGE = (ROOT / "docs/guides/python.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PRINTED = [
    "SUCCESS\n",
    "wait until the acquirer says that it is paid\n",
    "SUCCESS executed yes\nready POS1-0044 0\n0\n",
    "",
    "executed\n",
]


def test_the_page_has_these_programs() -> None:
    assert len(PROGRAMS) == len(PRINTED)


@pytest.mark.parametrize("number", range(len(PRINTED)))
def test_a_program_of_the_page_runs(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with ServedDevice() as device:
        ended = run(["-c", PROGRAMS[number]], device.address)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, PRINTED[number], "")
        device.wait_until_closed()


def test_the_last_program_asks_about_the_run_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with ServedDevice() as device:
        with Client(device.address, timeout=1.0) as client:
            client.connect()
            device.script = [execute_silently] * 2
            result = client.pay("TRUEMONEY")
            assert result.pending and result.attempt is not None
            (tmp_path / "attempt.json").write_text(json.dumps(attempt_json(result.attempt)))
        device.script = []
        ended = run(["-c", PROGRAMS[-1]], device.address)
        assert ended.stdout == "the command of the run before: executed yes\nexecuted\n" and ended.stderr == ""
        assert not (tmp_path / "attempt.json").exists() and len(device.device.shown) == 2


MESSAGES = ["there is no BlueTap device", "is held by another program", "may not open", "nothing listens at"]
MESSAGES += ["is a simulated device", "no BlueTap device answers there", "BlueTap devices"]


@pytest.mark.parametrize("text", MESSAGES)
def test_a_message_of_the_page_is_in_the_library(text: str) -> None:
    sources = "".join(each.read_text(encoding="utf-8") for each in (ROOT / "clients/python/src").rglob("*.py"))
    assert text in PAGE and text in sources
