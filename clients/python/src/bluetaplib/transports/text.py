"""Text from outside: what a person may see of it, and what it says about a device."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Optional

_UNPRINTABLE = {"Cc", "Cf", "Zl", "Zp", "Cs"}
"""Control characters, format characters (invisible, or for the writing direction), separators, surrogates."""

_LONGEST_QUOTE = 40


def printable(text: str) -> str:
    """Makes text from a device, a file or a socket safe to show.

    The returned text cannot control a terminal and cannot look like a separate line: ESC becomes `\\u001b`.
    """
    return "".join(_escaped(character) if unicodedata.category(character) in _UNPRINTABLE else character
                   for character in text)


def _escaped(character: str) -> str:
    code = f"{ord(character):x}"
    return f"\\u{{{code}}}" if len(code) > 4 else f"\\u{code.zfill(4)}"


def quoted(value: object) -> str:
    """A value as a message quotes it: a string of at most 40 characters in double quotes, else the value's kind."""
    if not isinstance(value, str):
        return "None" if value is None else f"a value of type {type(value).__name__}"
    short = value if len(value) <= _LONGEST_QUOTE else f"{value[:_LONGEST_QUOTE]}..."
    return printable(json.dumps(short, ensure_ascii=False))


def device_text(value: object) -> Optional[str]:
    """A string that a system reports about a device, without spaces around it and without bytes after its end.

    None if it is absent or blank, or only question marks, which some systems report for no value.
    """
    if not isinstance(value, str):
        return None
    # A C string ends at its first NUL. A library can copy other bytes after the NUL.
    known = value.split("\0", 1)[0].strip()
    return None if re.fullmatch("[?\ufffd]*", known) else known


def known_serial_number(value: object) -> Optional[str]:
    """The serial number of a device as a system reports it, or None.

    Windows makes a name from the place of a device that has no serial number (`7&18DA7745&0&0002`), and some
    libraries report this name. So a string with "&" is not a serial number.
    """
    known = device_text(value)
    return None if known is None or "&" in known else known


def one_line(error: BaseException) -> str:
    """The message of an error in one line. Never raises."""
    try:
        text = str(error) or type(error).__name__
    except Exception:
        return "what was raised cannot be shown as text"
    return re.sub(r"\s*[\r\n]+\s*", " ", text.strip())
