"""The rounds of a desk, on a thread of their own: what is owed is sent and what is new is learned, again and again."""

import threading
import time
from collections.abc import Callable

from app.core.errors import HournoteError
from scanner.backoff import Backoff
from scanner.memory.desk import Desk

EVERY_SECONDS = 60.0
AGAIN_SECONDS = 10.0
"""After no answer a person tries again at once: until then a visit is not taken back, so that it can go on under its id."""

LONGEST_LAST_PAUSE_SECONDS = 10.0
"""At the end, nobody waits longer than this for a service that asks for patience."""


class Rounds:
    """Goes round when it is rung, once a minute, and sooner as long as something failed."""

    def __init__(self, desk: Desk, backoff: Backoff | None = None) -> None:
        self._desk = desk
        self._backoff = backoff or Backoff(first_seconds=1.0, most_seconds=60.0)
        self._bell, self._stopping = threading.Event(), threading.Event()
        self._failures = 0
        self._not_before = 0.0
        self._trouble: Exception | None = None
        self._thread = threading.Thread(target=self._guarded, name="rounds", daemon=True)

    def start(self) -> None:
        """Begin with a round at once."""
        self._thread.start()

    def ring(self) -> None:
        """Something is new: go round, as soon as the service may be asked."""
        self._not_before = max(self._not_before, 0.0 if self._desk.online else time.monotonic() + AGAIN_SECONDS)
        self._bell.set()

    def check(self) -> None:
        """Raise the surprise that ended the rounds, if any did."""
        if self._trouble is not None:
            raise self._trouble

    def stop(self) -> None:
        """End after the round that is being made."""
        self._stopping.set()
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _guarded(self) -> None:
        try:
            self._go()
        except Exception as error:  # handed to the main thread by `check`
            self._trouble = error

    def _go(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            self._bell.wait(self._round())
            while not self._stopping.is_set() and (left := self._not_before - time.monotonic()) > 0:
                self._stopping.wait(left)

    def _round(self) -> float:
        """One round; gives the seconds until the next."""
        try:
            self._desk.sync()
        except HournoteError as error:
            self._failures += 1
            asked = error.evidence.get("retry_after_seconds")
            pause = self._backoff.pause_seconds(self._failures)
            self._not_before = time.monotonic() + (asked if isinstance(asked, float) else min(pause, 1.0))
            return max(pause, asked) if isinstance(asked, float) else pause
        self._failures = 0
        return EVERY_SECONDS


def finish(desk: Desk, go_on: Callable[[], bool], backoff: Backoff | None = None) -> bool:
    """Send what is owed, with the patience of a backoff; whether nothing is owed any more. `go_on` is asked ten times a second.

    Raises NotAllowed for a desk that is none any more, Unavailable for a journal that cannot be kept.
    """
    backoff, failures = backoff or Backoff(), 0
    while go_on():
        try:
            return desk.sync()
        except HournoteError as error:
            if error.evidence.get("word") == "disk" or not desk.is_enrolled:
                raise
            failures += 1
            asked = error.evidence.get("retry_after_seconds")
            pause = asked if isinstance(asked, float) else backoff.pause_seconds(failures)
        if failures >= backoff.patience or pause > LONGEST_LAST_PAUSE_SECONDS or not _rested(pause, go_on):
            break
    return False


def _rested(seconds: float, go_on: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if not go_on():
            return False
        time.sleep(min(left, 0.1))
    return True
