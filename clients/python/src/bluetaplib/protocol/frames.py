"""Frames: bytes between two delimiters. docs/protocol.md sections 1 and 2."""

from typing import List, NamedTuple, Union

from .cobs import cobs_decode, cobs_encode
from .crc32c import crc32c
from .schema import CRC_LENGTH, HEADER_LENGTH, MAX_ENCODED_LENGTH, PARTIAL_FRAME_SECONDS, VERSION


class Frame(NamedTuple):
    """A frame that arrived whole. Its payload can still break a rule."""

    version: int
    kind: int
    session: int
    sequence: int
    payload: bytes


class FrameError(ValueError):
    """A frame that cannot be read. `code` is the code that the vectors use: cobs, too-short, crc or oversize."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the frame cannot be read: {code}")
        self.code = code


def encode_frame(kind: int, session: int, sequence: int, payload: bytes) -> bytes:
    """Returns the bytes on the wire, with both delimiters."""
    head = bytes([VERSION, kind]) + session.to_bytes(2, "little") + bytes([sequence]) + payload
    return b"\0" + cobs_encode(head + crc32c(head).to_bytes(CRC_LENGTH, "little")) + b"\0"


def decode_frame(encoded: bytes) -> Frame:
    """Reads the bytes between two delimiters.

    FrameError: the bytes are not a frame.
    """
    if len(encoded) > MAX_ENCODED_LENGTH:
        raise FrameError("oversize")
    try:
        frame = cobs_decode(encoded)
    except ValueError:
        raise FrameError("cobs") from None
    if len(frame) < HEADER_LENGTH + CRC_LENGTH:
        raise FrameError("too-short")
    head, crc = frame[:-CRC_LENGTH], frame[-CRC_LENGTH:]
    if crc32c(head) != int.from_bytes(crc, "little"):
        raise FrameError("crc")
    return Frame(head[0], head[1], int.from_bytes(head[2:4], "little"), head[4], head[HEADER_LENGTH:])


class FrameDecoder:
    """Finds the frames in the bytes of one connection, however the bytes are divided into pieces."""

    def __init__(self) -> None:
        self._partial = bytearray()
        self._oversize = False
        self._heard = 0.0

    def push(self, data: bytes, now: float) -> List[Union[Frame, FrameError]]:
        """Returns the frames that are complete with these bytes, and an error for each one that cannot be read.

        `now` is in seconds, of a clock that never goes back. A partial frame is dropped after a second of silence.
        """
        if now - self._heard >= PARTIAL_FRAME_SECONDS:
            self._drop()
        self._heard = now
        found: List[Union[Frame, FrameError]] = []
        *ended, rest = data.split(b"\0")
        for piece in ended:
            self._add(piece)
            if self._oversize:
                found.append(FrameError("oversize"))
            elif self._partial:
                try:
                    found.append(decode_frame(bytes(self._partial)))
                except FrameError as error:
                    found.append(error)
            self._drop()
        self._add(rest)
        return found

    def _add(self, piece: bytes) -> None:
        # An oversize frame needs no memory.
        self._oversize = self._oversize or len(self._partial) + len(piece) > MAX_ENCODED_LENGTH
        if self._oversize:
            self._partial.clear()
        else:
            self._partial += piece

    def _drop(self) -> None:
        self._partial.clear()
        self._oversize = False
