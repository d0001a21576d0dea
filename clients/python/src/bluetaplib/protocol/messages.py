"""Messages: the fields of a frame. docs/protocol.md section 3. Encoding and decoding are loops over the schema."""

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .frames import Frame, encode_frame
from .schema import (
    BAD_VALUE,
    CRITICAL_BIT,
    FIELD_BY_KEY,
    LAYOUTS,
    MISSING_FIELD,
    REASONS,
    REFUSAL,
    UNKNOWN_CRITICAL_TAG,
    UNKNOWN_PAYMENT_METHOD,
    UNKNOWN_TYPE,
    UNKNOWN_VERSION,
    VERSION,
    CommandNumber,
    Field,
    Layout,
    Previous,
)


class Message(NamedTuple):
    """A message. `name` is its name in docs/protocol.md section 3, and `fields` are its fields by their names."""

    name: str
    session: int
    sequence: int
    fields: Dict[str, Any]


class MessageError(ValueError):
    """A frame that is not a message of this version. `reason` is the number of the first rule that it breaks."""

    def __init__(self, reason: int) -> None:
        row = next(each for each in REASONS if each.number == reason)
        super().__init__(row.text)
        self.reason = reason
        self.code = row.code


_LAYOUT_BY_KIND: Dict[int, Layout] = {layout.kind: layout for layout in LAYOUTS}
_LAYOUT_BY_NAME: Dict[str, Layout] = {layout.name: layout for layout in LAYOUTS}
_BROKEN = object()


def encode_message(message: Message) -> bytes:
    """Returns the bytes of a message on the wire, with both delimiters.

    ValueError: a field is missing, not known, or breaks its rule. The message names it.
    """
    layout = _LAYOUT_BY_NAME[message.name]
    required, optional = _keys_of(layout, message.fields)
    missing = [key for key in required if key not in message.fields]
    unknown = [key for key in message.fields if key not in required and key not in optional]
    if missing or unknown:
        raise ValueError(f"{message.name}: wrong fields: {', '.join(missing + unknown)}")
    rows = sorted((FIELD_BY_KEY[key] for key in message.fields), key=lambda field: field.tag)
    payload = b"".join(_with_head(field, message.fields[field.key]) for field in rows)
    return encode_frame(layout.kind, message.session, message.sequence, payload)


def decode_message(frame: Frame) -> Message:
    """Reads a frame as a message.

    MessageError: it breaks a rule. The order of the rules is that of docs/protocol.md section 3, "Order of checks".
    """
    if frame.version != VERSION:
        raise MessageError(UNKNOWN_VERSION)
    layout = _LAYOUT_BY_KIND.get(frame.kind)
    if layout is None:
        raise MessageError(UNKNOWN_TYPE)
    fields = _read_fields(layout, frame.payload)
    required, optional = _keys_of(layout, fields)
    if any(key not in fields for key in required):
        raise MessageError(MISSING_FIELD)
    for key, value in fields.items():
        if value is _BROKEN:
            raise MessageError(UNKNOWN_PAYMENT_METHOD if key == "paymentMethod" else BAD_VALUE)
        if key not in required and key not in optional:
            raise MessageError(BAD_VALUE)
    told = {key: value for key, value in fields.items() if not (key == "simulated" and value is False)}
    return Message(layout.name, frame.session, frame.sequence, told)


def _read_fields(layout: Layout, payload: bytes) -> Dict[str, Any]:
    known = {field.tag: field for field in _fields_of(layout)}
    fields: Dict[str, Any] = {}
    at, latest, critical = 0, -1, False
    while at < len(payload):
        if at + 2 > len(payload):
            raise MessageError(BAD_VALUE)
        tag, length = payload[at], payload[at + 1]
        value = payload[at + 2 : at + 2 + length]
        if len(value) < length or tag <= latest:
            raise MessageError(BAD_VALUE)
        field = known.get(tag)
        if field is not None:
            if field.size is not None and field.size != length:
                raise MessageError(BAD_VALUE)
            fields[field.key] = _read_value(field, value)
        elif tag & CRITICAL_BIT:
            critical = True
        latest = tag
        at += 2 + length
    if critical:
        raise MessageError(UNKNOWN_CRITICAL_TAG)
    return fields


def _fields_of(layout: Layout) -> List[Field]:
    keys = {key.rstrip("?") for key in (*layout.keys, *layout.when_ready)}
    if "result" in keys:
        keys.add("reason")
    return [FIELD_BY_KEY[key] for key in keys]


def _keys_of(layout: Layout, fields: Dict[str, Any]) -> Tuple[List[str], List[str]]:
    """Returns the required and the optional fields of a message with these values."""
    if "result" in layout.keys and fields.get("result", "SUCCESS") not in ("SUCCESS", _BROKEN):
        return list(REFUSAL), []
    ready = fields.get("state") == "ready"
    keys = (*layout.keys, *(layout.when_ready if ready else ()))
    return [key for key in keys if not key.endswith("?")], [key[:-1] for key in keys if key.endswith("?")]


def _with_head(field: Field, value: Any) -> bytes:
    written = _write_value(field, value)
    if written is None or _read_value(field, written) is _BROKEN:
        raise ValueError(f"{field.key} breaks its rule")
    return bytes([field.tag, len(written)]) + written


def _write_value(field: Field, value: Any) -> Optional[bytes]:
    if field.coder in ("ascii", "name"):
        return value.encode("ascii", "replace") if isinstance(value, str) and value.isascii() else None
    if field.coder == "uint":
        low, high, size = field.low, field.high, field.size or 0
        return value.to_bytes(size, "little") if type(value) is int and low <= value <= high else None
    if field.coder == "choice":
        return bytes([field.choices.index(value)]) if value in field.choices else None
    if field.coder == "flag":
        return bytes([1 if value else 0])
    if field.coder == "command":
        return int(value[0]).to_bytes(2, "little") + bytes([value[1]])
    return bytes([field.choices.index(value[0]), value[1]])


def _read_value(field: Field, value: bytes) -> Any:
    """Returns the value, or _BROKEN if the bytes break the rule of the field."""
    if field.coder == "name":
        return value.decode("ascii", "replace") if value in [each.encode() for each in field.choices] else _BROKEN
    if field.coder == "ascii":
        return value.decode("ascii") if field.pattern is not None and field.pattern.fullmatch(value) else _BROKEN
    if field.coder == "uint":
        number = int.from_bytes(value, "little")
        return number if field.low <= number <= field.high else _BROKEN
    if field.coder == "choice":
        return field.choices[value[0]] if value[0] < len(field.choices) else _BROKEN
    if field.coder == "flag":
        return bool(value[0] & 1)
    if field.coder == "command":
        return CommandNumber(int.from_bytes(value[:2], "little"), value[2])
    return Previous(field.choices[value[0]], value[1]) if value[0] < len(field.choices) else _BROKEN
