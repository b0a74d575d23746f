"""Legs: one errand after another on a thread of their own, which no end of the program waits for: a call to a slow service may
take two minutes."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future

Errand = tuple["Future[None]", Callable[[], None]]


class Legs:
    """Runs errands in the order in which they were sent."""

    def __init__(self, name: str) -> None:
        self._line: queue.SimpleQueue[Errand | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def send(self, deed: Callable[[], None]) -> "Future[None]":
        """What comes of it: nothing, or what it raised."""
        done: Future[None] = Future()
        self._line.put((done, deed))
        return done

    def stop(self, most_seconds: float) -> None:
        """End behind what was sent, or sooner where that takes too long."""
        self._line.put(None)
        self._thread.join(most_seconds)

    def _run(self) -> None:
        while (errand := self._line.get()) is not None:
            done, deed = errand
            try:
                deed()
            except Exception as error:  # handed to whoever sent it
                done.set_exception(error)
            else:
                done.set_result(None)
