"""The reports of HID. docs/protocol.md sections 1 and 7."""

from __future__ import annotations

from typing import List

REPORT_LENGTH = 64
"""The bytes of a report in each direction, without its number."""

_REPORT_NUMBER = b"\0"
"""The device has no report numbers, but hidapi wants this first byte."""


def reports_of(data: bytes) -> List[bytes]:
    """The reports that carry `data`, as hidapi takes them: the report number, then 64 bytes.

    The data begins at the start of a report. The rest of the last report is filled with 00, which is padding (R-2).
    """
    pieces = (data[at:at + REPORT_LENGTH] for at in range(0, len(data), REPORT_LENGTH))
    return [_REPORT_NUMBER + piece.ljust(REPORT_LENGTH, b"\0") for piece in pieces]
