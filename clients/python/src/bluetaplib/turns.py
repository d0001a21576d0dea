"""The queue of calls: one at a time."""

import threading
from collections import deque
from typing import Any, Deque, Optional, Tuple

from .errors import CalledInside

# The thread, and what tells this turn apart from every other one.
Ticket = Tuple[int, object]


class Turns:
    """Gives each thread its turn, in the order in which they came."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: Deque[Ticket] = deque()

    def turn(self) -> "Turn":
        """For a `with` block that needs a turn."""
        return Turn(self)

    def take(self, seconds: Optional[float] = None) -> bool:
        """Waits for the turn of this thread. False: it did not come within the time, and the thread left the queue.

        CalledInside: this thread has a turn already, so it would wait for itself.
        """
        thread = threading.get_ident()
        ticket = (thread, object())
        with self._changed:
            if any(each[0] == thread for each in self._waiting):
                raise CalledInside()
            self._waiting.append(ticket)
            try:
                if self._changed.wait_for(lambda: self._waiting[0] is ticket, seconds):
                    return True
            except BaseException:
                # Ctrl-C while this thread waits: the next one must not wait for it.
                self._leave(ticket)
                raise
            self._leave(ticket)
            return False

    def give(self) -> None:
        """Ends the turn of this thread."""
        with self._changed:
            self._leave(self._waiting[0])

    def _leave(self, ticket: Ticket) -> None:
        self._waiting.remove(ticket)
        self._changed.notify_all()


class Turn:
    """A turn, from the begin to the end of a `with` block."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def __enter__(self) -> None:
        self._turns.take()

    def __exit__(self, *_: Any) -> None:
        self._turns.give()
