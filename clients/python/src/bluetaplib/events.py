"""The events of a client. Listeners run in one thread of their own, so they never delay or break a payment."""

import logging
import queue
import threading
from typing import Any, Callable, Dict, List, Tuple

_LOG = logging.getLogger("bluetaplib")

Listener = Callable[[Any], None]
NAMES = ("connected", "disconnected", "link", "resolved")


class Events:
    """Keeps the listeners, and calls them in the order of the events."""

    def __init__(self) -> None:
        self._listeners: Dict[str, List[Listener]] = {name: [] for name in NAMES}
        self._queue: "queue.SimpleQueue[Tuple[str, Any]]" = queue.SimpleQueue()
        self._held: List[Tuple[str, Any]] = []
        self._thread: "threading.Thread | None" = None
        self._closed = False

    def on(self, name: str, listener: Listener) -> None:
        """Adds a listener. ValueError: there is no such event. TypeError: the listener cannot be called."""
        if name not in self._listeners:
            raise ValueError(f"there is no event {name!r}. The events are: {', '.join(NAMES)}")
        if not callable(listener):
            raise TypeError(f"the listener of {name!r} must be a function")
        if self._closed:
            return
        self._listeners[name].append(listener)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="bluetaplib events", daemon=True)
            self._thread.start()

    def off(self, name: str, listener: Listener) -> None:
        """Removes a listener. Nothing happens if it is not there."""
        if listener in self._listeners.get(name, []):
            self._listeners[name].remove(listener)

    def hold(self, name: str, event: Any) -> None:
        """Keeps an event until `release`, so that the result of a call comes first."""
        self._held.append((name, event))

    def release(self) -> None:
        """Lets the thread of the listeners have the events that were held."""
        held, self._held = self._held, []
        for each in held:
            if self._listeners[each[0]]:
                self._queue.put(each)

    def close(self) -> None:
        """Ends the thread of the listeners. No listener is called for the events that wait."""
        self._closed = True
        for listeners in self._listeners.values():
            listeners.clear()
        if self._thread is not None:
            self._queue.put(("", None))
            self._thread = None

    def _run(self) -> None:
        while True:
            name, event = self._queue.get()
            if name == "":
                return
            for listener in list(self._listeners[name]):
                try:
                    listener(event)
                except Exception:  # A listener is code of the program.
                    _LOG.exception("a listener of %r failed", name)
