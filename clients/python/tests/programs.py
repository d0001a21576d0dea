"""Programs in another process, with this library."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parents[1]


def environment(transport: Optional[str], **more: str) -> Dict[str, str]:
    """The environment of a program: the sources of this library, and the device."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("BLUETAP_")}
    chosen = {"BLUETAP_TRANSPORT": transport} if transport is not None else {}
    return {**inherited, "PYTHONPATH": str(PACKAGE / "src"), "PYTHONDONTWRITEBYTECODE": "1", **chosen, **more}


def start(arguments: List[str], transport: Optional[str] = None, **more: str) -> "subprocess.Popen[str]":
    """Starts Python with these arguments."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=environment(transport, **more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(arguments: List[str], transport: Optional[str] = None, **more: Any) -> "subprocess.CompletedProcess[str]":
    """Runs Python with these arguments to its end."""
    typed = more.pop("input", None)
    program = start(arguments, transport, **more)
    stdout, stderr = program.communicate(typed, timeout=60)
    return subprocess.CompletedProcess(arguments, program.returncode, stdout, stderr)


def bluetap(*arguments: str, transport: Optional[str] = None, **more: Any) -> "subprocess.CompletedProcess[str]":
    """Runs the command of this library."""
    return run(["-m", "bluetaplib", *arguments], transport, **more)
