"""The tables of docs/protocol.md section 4: R-81, R-82 and the contradictions of R-83."""

from typing import Any, Dict, Optional, Tuple

import pytest

from bluetaplib import Attempt, CommandNumber, LinkLive, Outcome
from bluetaplib.outcome_rules import contradiction_in_reply, settle_doubt

YES, NO, NOT_KNOWN = LinkLive.YES, LinkLive.NO, LinkLive.UNKNOWN
BEFORE, ASKED, OTHER = CommandNumber(5, 3), CommandNumber(5, 4), CommandNumber(6, 1)

# Serial number, boot id and last command of the reply; the outcome; link_live of a PAY and of a CANCEL, each for the
# state ready and for another state.
Row = Tuple[str, int, Optional[CommandNumber], Outcome, LinkLive, LinkLive, LinkLive, LinkLive]
ROWS = [
    ("S", 1, ASKED, Outcome.EXECUTED, YES, NO, NO, NO),
    ("S", 1, BEFORE, Outcome.NOT_EXECUTED, NO, NO, YES, NO),
    ("S", 1, OTHER, Outcome.UNKNOWN, NO, NO, NOT_KNOWN, NO),
    ("S", 2, OTHER, Outcome.UNKNOWN, NO, NO, NOT_KNOWN, NO),
    ("T", 1, OTHER, Outcome.UNKNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN),
]


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("command", ["PAY", "CANCEL"])
@pytest.mark.parametrize("state", ["ready", "expired"])
def test_hello_settles_a_doubt(row: Row, command: str, state: str) -> None:
    serial_number, boot_id, last, outcome, pay_ready, pay_over, cancel_ready, cancel_over = row
    attempt = Attempt(command, "S", 1, *ASKED, BEFORE)
    hello: Dict[str, Any] = {"serialNumber": serial_number, "bootId": boot_id, "state": state, "lastCommand": last}
    # The line was opened again: otherwise a restart with a live payment link is a contradiction.
    facts = settle_doubt(attempt, 7, hello, line_stayed=False)
    ready = state == "ready"
    live = (pay_ready if ready else pay_over) if command == "PAY" else (cancel_ready if ready else cancel_over)
    if command == "CANCEL" and last == ASKED and ready and serial_number == "S":
        # Executed, and a payment link is live: that is a contradiction.
        outcome, live = Outcome.UNKNOWN, NOT_KNOWN
    assert (facts.outcome, facts.link_live, facts.pending) == (outcome, live, serial_number == "T")


def test_no_last_command_is_a_value_like_every_other_one() -> None:
    attempt = Attempt("PAY", "S", 1, 5, 1, None)
    facts = settle_doubt(attempt, 6, {"serialNumber": "S", "bootId": 1, "state": "idle"}, True)
    assert (facts.outcome, facts.link_live) == (Outcome.NOT_EXECUTED, NO)


def test_a_cancel_of_one_order_does_not_know_whose_payment_link_is_live() -> None:
    attempt = Attempt("CANCEL", "S", 1, *ASKED, BEFORE, one_order=True)
    hello = {"serialNumber": "S", "bootId": 1, "state": "ready", "lastCommand": BEFORE}
    assert settle_doubt(attempt, 6, hello, True).link_live is NOT_KNOWN


CONTRADICTIONS: Dict[str, Tuple[Attempt, int, Dict[str, Any]]] = {
    "no last command, and a payment link": (Attempt("PAY", "S", 1, *ASKED), 6, {"lastCommand": None}),
    "a last command that was forgotten": (
        *(Attempt("PAY", "S", 1, *ASKED, BEFORE), 6),
        {"lastCommand": None, "state": "idle"},
    ),
    "an earlier command of the session that was never answered": (
        *(Attempt("PAY", "S", 1, *ASKED, BEFORE), 6),
        {"lastCommand": CommandNumber(5, 2)},
    ),
    "a last command of a session that was never opened": (
        *(Attempt("PAY", "S", 1, *ASKED, BEFORE), 6),
        {"lastCommand": CommandNumber(9, 1)},
    ),
    "a last command of a session before": (
        *(Attempt("PAY", "S", 1, *ASKED, BEFORE), 6),
        {"lastCommand": CommandNumber(4, 200)},
    ),
    "a CANCEL that was executed, and a live payment link": (
        *(Attempt("CANCEL", "S", 1, *ASKED, BEFORE), 6),
        {"lastCommand": ASKED},
    ),
    "a restart with a live payment link on a line that stayed": (
        *(Attempt("PAY", "S", 1, *ASKED, BEFORE), 6),
        {"bootId": 2, "lastCommand": OTHER},
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_not_believed(name: str) -> None:
    attempt, session, told = CONTRADICTIONS[name]
    hello = {"serialNumber": "S", "bootId": 1, "state": "ready", **told}
    facts = settle_doubt(attempt, session, hello, line_stayed=True)
    assert facts.contradiction is not None
    live = NOT_KNOWN if hello["state"] == "ready" else NO
    assert (facts.outcome, facts.link_live, facts.pending) == (Outcome.UNKNOWN, live, False)


def test_session_1_follows_session_65535() -> None:
    attempt = Attempt("PAY", "S", 1, 65535, 2, CommandNumber(65535, 1))
    hello = {"serialNumber": "S", "bootId": 1, "state": "ready", "lastCommand": CommandNumber(1, 1)}
    facts = settle_doubt(attempt, 2, hello, True)
    assert (facts.outcome, facts.contradiction) == (Outcome.UNKNOWN, None)


@pytest.mark.parametrize("name, reply, wrong", [
    ("PAY", {"result": "SUCCESS", "state": "expired", "remaining": 3}, True),
    ("PAY", {"result": "SUCCESS", "state": "expired", "remaining": 0}, False),
    ("PAY", {"result": "SUCCESS", "state": "ready", "remaining": 3}, False),
    ("PAY", {"result": "PROCESS_FAIL", "reason": 6, "state": "ready"}, True),
    ("PAY", {"result": "PROCESS_FAIL", "reason": 6, "state": "idle"}, False),
    ("PAY", {"result": "PROCESS_FAIL", "reason": 4, "state": "ready"}, False),
    ("CANCEL", {"result": "SUCCESS", "state": "ready"}, True),
    ("CANCEL", {"result": "SUCCESS", "state": "cancelled"}, False),
    ("STATUS", {"result": "SUCCESS", "state": "ready"}, False),
])
def test_a_reply_that_cannot_be_true(name: str, reply: Dict[str, Any], wrong: bool) -> None:
    assert (contradiction_in_reply(name, reply) is not None) == wrong
