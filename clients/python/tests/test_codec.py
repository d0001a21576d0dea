"""Properties of the codec, with values that hypothesis makes."""

from typing import Any, Dict, List, Optional

import pytest
from hypothesis import given, settings, strategies as st

from bluetaplib.protocol import CommandNumber, Frame, FrameDecoder, FrameError, Message, MessageError, Previous
from bluetaplib.protocol import decode_message, encode_message
from bluetaplib.protocol.cobs import cobs_decode, cobs_encode
from bluetaplib.protocol.crc32c import crc32c
from bluetaplib.protocol.frames import encode_frame
from bluetaplib.protocol.schema import FIELDS, LAYOUTS, REASONS, REFUSAL, STATES, Field, Layout

# Without a file of earlier examples, so that a run depends on nothing.
settings.register_profile("bluetaplib", database=None, deadline=None, max_examples=60)
settings.load_profile("bluetaplib")

LABEL = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=16)
WHOLE = st.from_regex(r"[0-9]{1,8}", fullmatch=True)
POINT = st.from_regex(r"[0-9]{1,4}\.[0-9]{1,3}", fullmatch=True)
ORDER = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=16)
TWO = st.tuples(st.integers(0, 65535), st.integers(0, 255)).map(lambda each: CommandNumber(*each))
BEFORE = st.tuples(st.sampled_from(STATES), st.integers(0, 255)).map(lambda each: Previous(*each))


def _value(field: Field) -> "st.SearchStrategy[Any]":
    if field.key == "amount":
        return WHOLE | POINT
    if field.key == "orderId":
        return ORDER
    if field.coder == "ascii":
        return LABEL
    if field.coder in ("name", "choice"):
        return st.sampled_from(field.choices)
    if field.coder == "uint":
        return st.integers(field.low, field.high)
    if field.coder == "flag":
        return st.just(True)
    return TWO if field.coder == "command" else BEFORE


VALUES = {field.key: _value(field) for field in FIELDS}


@st.composite
def messages(draw: Any) -> Message:
    """Any message that is right."""
    layout: Layout = draw(st.sampled_from(LAYOUTS))
    keys = list(layout.keys)
    fields: Dict[str, Any] = {}
    if "result" in keys and draw(st.booleans()):
        keys = list(REFUSAL)
        fields["result"] = draw(st.sampled_from(["PARAM_ILLEGAL", "PROCESS_FAIL", "UNKNOWN_EXCEPTION"]))
    elif "result" in keys:
        fields["result"] = "SUCCESS"
    if "state" in keys:
        fields["state"] = draw(VALUES["state"])
    if fields.get("state") == "ready" and fields.get("result") == "SUCCESS":
        keys += layout.when_ready
    for key in keys:
        if key.rstrip("?") not in fields and (not key.endswith("?") or draw(st.booleans())):
            fields[key.rstrip("?")] = draw(VALUES[key.rstrip("?")])
    return Message(layout.name, draw(st.integers(0, 65535)), draw(st.integers(0, 255)), fields)


def _crc_bit_by_bit(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        for bit in range(8):
            mixed = (crc ^ (byte >> bit)) & 1
            crc = (crc >> 1) ^ (0x82F63B78 if mixed else 0)
    return crc ^ 0xFFFFFFFF


def test_the_crc_has_the_check_value_of_the_specification() -> None:
    assert crc32c(b"123456789") == 0xE3069283


@given(st.binary(max_size=140))
def test_the_crc_is_that_of_the_polynomial(data: bytes) -> None:
    assert crc32c(data) == _crc_bit_by_bit(data)


@given(st.binary(max_size=127))
def test_cobs_gives_the_bytes_back(data: bytes) -> None:
    encoded = cobs_encode(data)
    assert 0 not in encoded and len(encoded) == len(data) + 1
    assert cobs_decode(encoded) == data


@given(messages())
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    [frame] = FrameDecoder().push(encode_message(message), 0)
    assert isinstance(frame, Frame) and decode_message(frame) == message


@given(st.lists(st.binary(max_size=150), max_size=6), st.lists(st.integers(1, 40), min_size=1, max_size=40))
def test_the_division_into_pieces_has_no_meaning(parts: List[bytes], sizes: List[int]) -> None:
    stream = b"\0".join(parts) + b"\0" + encode_message(Message("STATUS", 1, 1, {}))
    whole, pieces, at, turn = FrameDecoder().push(stream, 0), [], 0, 0
    decoder = FrameDecoder()
    while at < len(stream):
        size = sizes[turn % len(sizes)]
        pieces += decoder.push(stream[at : at + size], 0)
        at, turn = at + size, turn + 1
    assert [_plain(each) for each in pieces] == [_plain(each) for each in whole]


def _plain(found: Any) -> Any:
    return found.code if isinstance(found, FrameError) else found


@given(st.binary(max_size=400))
def test_noise_damages_no_later_frame(noise: bytes) -> None:
    message = Message("PAY", 300, 5, {"paymentMethod": "TRUEMONEY"})
    assert _plain(FrameDecoder().push(noise + encode_message(message), 0)[-1]) == _frame_of(message)


def _frame_of(message: Message) -> Optional[Frame]:
    [frame] = FrameDecoder().push(encode_message(message), 0)
    return frame if isinstance(frame, Frame) else None


@given(st.binary(max_size=110), st.integers(0, 255), st.integers(0, 65535), st.integers(0, 255))
def test_any_payload_is_a_message_or_a_refusal_with_a_reason(payload: bytes, kind: int, session: int, seq: int) -> None:
    [frame] = FrameDecoder().push(encode_frame(kind, session, seq, payload), 0)
    assert isinstance(frame, Frame)
    try:
        assert isinstance(decode_message(frame), Message)
    except MessageError as error:
        assert error.reason in [reason.number for reason in REASONS]


@given(messages(), st.data())
def test_one_wrong_bit_is_never_another_message(message: Message, data: st.DataObject) -> None:
    wire = bytearray(encode_message(message))
    at = data.draw(st.integers(8, len(wire) * 8 - 9))
    wire[at // 8] ^= 1 << at % 8
    for found in FrameDecoder().push(bytes(wire), 0):
        assert isinstance(found, FrameError)


def test_a_partial_frame_is_forgotten_after_a_second_of_silence() -> None:
    wire = encode_message(Message("STATUS", 1, 1, {}))
    decoder = FrameDecoder()
    assert decoder.push(wire[:6], 10.0) == []
    assert len(decoder.push(wire[6:], 10.999)) == 1
    assert decoder.push(wire[:6], 20.0) == []
    assert [_plain(each) for each in decoder.push(wire[6:], 21.0)] != [_frame_of(Message("STATUS", 1, 1, {}))]


def test_a_frame_without_its_end_takes_no_memory() -> None:
    decoder = FrameDecoder()
    for _ in range(1000):
        assert decoder.push(b"\x01" * 1000, 0) == []
    assert len(decoder._partial) <= 128
    assert [_plain(each) for each in decoder.push(b"\0", 0)] == ["oversize"]


WRONG = [
    ("PAY", {}),
    ("PAY", {"paymentMethod": "Test"}),
    ("PAY", {"paymentMethod": "TRUEMONEY", "amount": "1,00"}),
    ("PAY", {"paymentMethod": "TRUEMONEY", "orderId": "x" * 17}),
    ("PAY", {"paymentMethod": "TRUEMONEY", "orderId": "\u0e3f"}),
    ("PAY", {"paymentMethod": "TRUEMONEY", "expiryTime": 0}),
    ("PAY", {"paymentMethod": "TRUEMONEY", "expiryTime": 2**31}),
    ("PAY", {"paymentMethod": "TRUEMONEY", "expiryTime": True}),
    ("PAY", {"paymentMethod": "TRUEMONEY", "taps": 1}),
    ("HELLO", {"nonce": 2**32}),
    ("STATUS_REPLY", {"result": "SUCCESS", "state": "idle", "remaining": 1}),
    ("CANCEL_REPLY", {"result": "PROCESS_FAIL", "reason": 5, "state": "idle", "taps": 1}),
]


@pytest.mark.parametrize("name, fields", WRONG, ids=[f"{name} {list(fields.items())[-1:]}" for name, fields in WRONG])
def test_a_wrong_message_is_not_encoded(name: str, fields: Dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        encode_message(Message(name, 1, 1, fields))
