"""The emulated device of this repository, in a process of its own, steered over HTTP."""

import json
import subprocess
import threading
import urllib.request
from typing import Any, Dict

import pytest

from programs import ROOT, environment

BLUETAP = ["node", str(ROOT / "packages/cli/dist/main.js")]


class Emulated:
    """An emulated device, and its control service. docs/reference/control.md."""

    def __init__(self) -> None:
        if not (ROOT / "packages/cli/dist/main.js").is_file():
            pytest.fail("there is no built `bluetap`: run `npm run build` first")
        self._program = subprocess.Popen(
            [*BLUETAP, "emulate", "--json", "--tcp", "127.0.0.1:0", "--control"],
            env=environment(None),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._program.stdout is not None
        ready: Dict[str, Any] = json.loads(self._program.stdout.readline())
        self.address: str = next(each for each in ready["addresses"] if each.startswith("tcp:"))
        self._origin, _, self._token = ready["control"].partition("/#token=")
        # Nobody reads the events, so they must not fill the pipe.
        self._reader = threading.Thread(target=self._program.stdout.read)
        self._reader.start()

    def do(self, verb: str, **parameters: Any) -> Dict[str, Any]:
        """Steers the device. When this returns, everything has happened."""
        request = urllib.request.Request(
            f"{self._origin}/v1/devices/EMU-0001/{verb}",
            data=json.dumps(parameters).encode(),
            headers={"authorization": f"Bearer {self._token}", "content-type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            told: Dict[str, Any] = json.load(answer)
        return told

    def payment_links(self) -> int:
        """How many payment links the device has shown."""
        return int(self.do("counters")["paymentLinks"])

    def end(self) -> None:
        self._program.terminate()
        self._program.wait(20)
        self._reader.join(20)
        for each in (self._program.stdin, self._program.stdout):
            assert each is not None
            each.close()
