"""COBS: bytes without the value 0, so that 0 can stand between frames. docs/protocol.md section 1.

A frame of this format is shorter than 254 bytes, so the group of 254 bytes without a 0 never occurs.
"""


def cobs_encode(data: bytes) -> bytes:
    """Returns the encoded bytes: none of them is 0. `data` has at most 253 bytes between two zeros."""
    return b"".join(bytes([len(group) + 1]) + group for group in data.split(b"\0"))


def cobs_decode(encoded: bytes) -> bytes:
    """Returns the bytes that were encoded.

    ValueError: the bytes are not COBS, because a group is cut short.
    """
    groups = []
    at = 0
    while at < len(encoded):
        end = at + encoded[at]
        if end > len(encoded) or end == at:
            raise ValueError("a group of COBS is cut short")
        groups.append(encoded[at + 1 : end])
        at = end
    return b"\0".join(groups)
