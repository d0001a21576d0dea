"""The options of the client, checked before they are used."""

from typing import Any, Tuple

from .commands import show
from .errors import ParamIllegal
from .results import Attempt


def take_seconds(value: Any) -> float:
    """Returns a time limit. ParamIllegal: it is not a number of seconds above 0."""
    if type(value) not in (int, float) or not 0 < value <= 2147483:
        raise ParamIllegal(f"timeout must be a number of seconds above 0 and at most 2147483, not {show(value)}")
    return float(value)


def take_attempt(value: Any) -> Attempt:
    """Returns an attempt. ParamIllegal: it is another thing."""
    if not isinstance(value, Attempt):
        raise ParamIllegal(f"an attempt must be an Attempt, not {show(value)}")
    return value


def key_of(attempt: Attempt) -> Tuple[str, int, int, int]:
    """Returns what tells an attempt apart from every other one."""
    return (attempt.serial_number, attempt.boot_id, attempt.session, attempt.sequence)
