"""The queue of calls: one at a time."""

import threading
from typing import Any


class Turns:
    """Gives each thread its turn, in the order in which they came."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._next = 0
        self._serving = 0

    def turn(self) -> "Turn":
        """For a `with` block that needs a turn."""
        return Turn(self)

    def take(self) -> None:
        """Waits for the turn of this thread."""
        with self._condition:
            mine = self._next
            self._next += 1
            try:
                self._condition.wait_for(lambda: self._serving == mine)
            except BaseException:
                # Ctrl-C while this thread waits: the next one must not wait for it.
                threading.Thread(target=self._skip, args=(mine,), daemon=True).start()
                raise

    def _skip(self, mine: int) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._serving == mine)
        self.give()

    def give(self) -> None:
        """Ends the turn of this thread."""
        with self._condition:
            self._serving += 1
            self._condition.notify_all()


class Turn:
    """A turn, from the begin to the end of a `with` block."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def __enter__(self) -> None:
        self._turns.take()

    def __exit__(self, *_: Any) -> None:
        self._turns.give()
