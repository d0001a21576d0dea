"""The options of the client, checked before they are used."""

from typing import Any, Tuple

from .field_rules import show
from .errors import ParamIllegal
from .results import Attempt

# 2147483647 ms: the longest wait of the operating systems.
LONGEST_SECONDS = 2147483.647


def take_seconds(value: Any) -> float:
    """Returns a time limit. ParamIllegal: it is not a number of seconds above 0, or it is too long."""
    if type(value) not in (int, float) or not 0 < value <= LONGEST_SECONDS:
        raise ParamIllegal(f"timeout must be a number of seconds above 0, at most {LONGEST_SECONDS}, not {show(value)}")
    return float(value)


def take_attempt(value: Any) -> Attempt:
    """Returns an attempt. ParamIllegal: it is another thing."""
    if not isinstance(value, Attempt):
        raise ParamIllegal(f"an attempt must be an Attempt, not {show(value)}")
    return value


def key_of(attempt: Attempt) -> Tuple[str, int, int, int]:
    """Returns what tells an attempt apart from every other one."""
    return (attempt.serial_number, attempt.boot_id, attempt.session, attempt.sequence)
