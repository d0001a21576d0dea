"""Every frame vector, in both directions. vectors/README.md."""

import json
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple, Union

import pytest

from bluetaplib.protocol import CommandNumber, Frame, FrameDecoder, FrameError, Message, MessageError, Previous
from bluetaplib.protocol import decode_message, encode_message

ROOT = Path(__file__).resolve().parents[3]
FILES = [ROOT / "vectors/frames.json", ROOT / "vectors/later-frames.json"]
# The vectors as they came, if they are there.
FILES += [each for each in [ROOT.parent / "shared/vectors/frames.json"] if each.is_file()]


def _vectors() -> Iterator[Tuple[str, Dict[str, Any]]]:
    for file in FILES:
        for vector in json.loads(file.read_text(encoding="utf-8"))["vectors"]:
            yield f"{file.parent.parent.name}/{file.name}: {vector['name']}", vector


VECTORS = list(_vectors())
Read = Union[Message, Tuple[str, Any]]


def _message(told: Dict[str, Any]) -> Message:
    fields = {key: value for key, value in told.items() if key not in ("type", "session", "sequence")}
    for key, kind in (("lastCommand", CommandNumber), ("previous", Previous)):
        if key in fields:
            fields[key] = kind(**fields[key])
    return Message(told["type"], told["session"], told["sequence"], fields)


def _expected(vector: Dict[str, Any]) -> Read:
    if "message" in vector:
        return _message(vector["message"])
    error = vector["error"]
    return (error["code"], error.get("reason"))


def _read(found: Union[Frame, FrameError]) -> Read:
    if isinstance(found, FrameError):
        return (found.code, None)
    try:
        return decode_message(found)
    except MessageError as error:
        return (error.code, error.reason)


def test_the_files_hold_the_vectors() -> None:
    assert len([name for name, _ in VECTORS ]) >= 109 + 13


@pytest.mark.parametrize("name, vector", VECTORS, ids=[name for name, _ in VECTORS])
def test_decodes(name: str, vector: Dict[str, Any]) -> None:
    [found] = FrameDecoder().push(bytes.fromhex(vector["wire"]), 0)
    assert _read(found) == _expected(vector)


# An encoder cannot write a field that a reader skips.
SKIPPED = (
    "unknown ordinary tag is skipped",
    "a tag of another type is unknown there",
    "unknown tag of zero is skipped",
)
ENCODED = [(name, each) for name, each in VECTORS if "message" in each and each["name"] not in SKIPPED]


@pytest.mark.parametrize("name, vector", ENCODED, ids=[name for name, _ in ENCODED])
def test_encodes(name: str, vector: Dict[str, Any]) -> None:
    assert encode_message(_message(vector["message"])).hex() == vector["wire"]


@pytest.mark.parametrize("size", [1, 7, 64, 1_000_000])
def test_reads_all_vectors_in_pieces_of_any_size(size: int) -> None:
    decoder, found = FrameDecoder(), []  # type: Tuple[FrameDecoder, List[Read]]
    stream = b"".join(bytes.fromhex(each["wire"]) for _, each in VECTORS)
    for at in range(0, len(stream), size):
        found += [_read(each) for each in decoder.push(stream[at : at + size], 0)]
    assert found == [_expected(each) for _, each in VECTORS]
