"""The end of a program that has closed nothing."""

from __future__ import annotations

import fcntl
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Tuple

import bluetaplib.transports
import pytest
from bluetaplib.transports import TransportError
from bluetaplib.transports.lifetime import Lifetime
from channel_harness import LIMIT

PROGRAM = """
import os, sys, threading
from fake_hidraw import FakeDevice, FakeHandle, FakeHidraw

class Handle(FakeHandle):
    def close(self):
        if self._device is not None:
            print("closed", "under a call" if self._inside else "alone", flush=True)
        super().close()

import fake_hidraw
fake_hidraw.FakeHandle = Handle
device = FakeDevice("/dev/hidraw99")
hidraw = FakeHidraw(device)
sys.modules["hidraw"] = hidraw.module()

from bluetaplib.transports import transport_of
transport = transport_of("hid")
channel = transport.open(transport.list()[0], 1)
channel.write(b"\\0x\\0", 1)
print("opened", flush=True)

def in_a_thread(call):
    def run():
        try:
            call()
        except Exception:
            pass
    threading.Thread(target=run, daemon=True).start()
    with device.changed:
        # Each call of the library lets other threads in when it begins to wait.
        while not any(handle._inside for handle in device.handles):
            device.changed.wait(0.005)
"""


def run(rest: str, program: str = PROGRAM) -> Tuple[int, str, str]:
    folders = [str(Path(__file__).parent), str(Path(bluetaplib.transports.__file__).parents[2])]
    ended = subprocess.run(
        [sys.executable, "-c", program + rest],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
        capture_output=True, encoding="utf-8", timeout=3 * LIMIT, check=False,
    )
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ("", 0),
        ("sys.exit(3)", 3),
        ("in_a_thread(lambda: channel.read(60))", 0),
        ("device.stalled = True\n"
         "in_a_thread(lambda: channel.write(b'x', 60))\n"
         "in_a_thread(lambda: channel._lifetime.wait_for(lambda: False, 60) or device.set(stalled=False))", 0),
    ],
    ids=["end", "exit", "a thread reads", "a thread writes"],
)
def test_the_device_is_given_back(rest: str, code: int) -> None:
    ended = run(rest)
    assert ended == (code, "opened\nclosed alone\n", "")


def test_an_error_of_the_program_gives_the_device_back_too() -> None:
    code, out, err = run("raise RuntimeError('of the program')")
    assert (code, out) == (1, "opened\nclosed alone\n")
    assert err.endswith("RuntimeError: of the program\n")


def test_the_end_of_a_child_leaves_the_device_to_its_parent() -> None:
    rest = """
child = os.fork()
if child == 0:
    sys.exit(0)
os.waitpid(child, 0)
print("the child has ended", flush=True)
"""
    assert run(rest) == (0, "opened\nthe child has ended\nclosed alone\n", "")


def test_a_thread_that_does_not_come_back_does_not_hold_the_program() -> None:
    """The system keeps a write of HID for 5 seconds. The device is not closed under it: the system frees it."""
    rest = """
device.stalled = True
in_a_thread(lambda: channel.write(b"x", 60))
"""
    code, out, err = run(rest)
    assert (code, out, err) == (0, "opened\n", "")


def test_a_serial_port_is_free_for_others_after_the_end() -> None:
    """A pseudo-terminal keeps the mark of TIOCEXCL until it is taken away."""
    main, other = pty.openpty()
    rest = f"""
from bluetaplib.transports import transport_of
transport = transport_of("serial:{os.ttyname(other)}")
channel = transport.open(transport.list()[0], 1)
print("opened")
"""
    assert run(rest, "") == (0, "opened\n", "")
    get_exclusive = 0x80045440  # TIOCGEXCL of Linux, which Python does not name
    assert fcntl.ioctl(other, get_exclusive, bytes(4)) == bytes(4)
    os.close(other)
    os.close(main)


def test_a_call_that_ctrl_c_ended_too_early_does_not_hold_the_device() -> None:
    """Ctrl-C can come between the start of a call and the code that notes its end."""
    freed = []
    lifetime = Lifetime("a device", lambda: freed.append(True))
    interrupted = lifetime.call()
    interrupted.__enter__()
    lifetime.close()
    assert freed == [True]
    with pytest.raises(TransportError):
        interrupted.__exit__(None, None, None)
        lifetime.check()
    assert freed == [True]
