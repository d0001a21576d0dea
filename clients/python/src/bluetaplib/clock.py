"""The clock of a client. A test uses another one, so that it does not wait."""

import threading
import time


class Clock:
    """A clock that never goes back. All times are in seconds."""

    def now(self) -> float:
        """Returns the time since some moment in the past."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits."""
        threading.Event().wait(seconds)


class Deadline:
    """The end of a call."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.now() + seconds

    @property
    def left(self) -> float:
        """The time that is left, in seconds. 0 if the time is over."""
        return max(0.0, self._end - self._clock.now())

    @property
    def over(self) -> bool:
        """True if no time is left."""
        return self.left <= 0
