"""The wire format of docs/protocol.md: frames, messages and the rules of the fields. It knows no time and no device."""

from .frames import Frame, FrameDecoder, FrameError, decode_frame, encode_frame
from .messages import Message, MessageError, decode_message, encode_message
from .schema import CommandNumber, Previous

__all__ = [
    "CommandNumber",
    "Frame",
    "FrameDecoder",
    "FrameError",
    "Message",
    "MessageError",
    "Previous",
    "decode_frame",
    "decode_message",
    "encode_frame",
    "encode_message",
]
