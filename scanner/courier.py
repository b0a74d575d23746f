"""The courier carries the journal to the service, on a thread of its own: the camera never waits for the network."""

import threading
import time
from collections.abc import Callable

from app.core.errors import NotAllowed, NotFound, Refused, Unavailable
from scanner import verdicts
from scanner.backoff import Backoff
from scanner.client import Client
from scanner.events import Event, Kind, Tell
from scanner.journal import Journal, Visit

LONGEST_LAST_PAUSE_SECONDS = 10.0
"""When it is to finish, the courier waits no longer than this for a service that asked for patience."""

_IDLE_SECONDS = 60.0


class Courier:
    """Sends what waits, again and again under the same id, and tells what comes back."""

    def __init__(self, journal: Journal, client: Client, tell: Tell, backoff: Backoff | None = None) -> None:
        self._journal, self._client, self._tell = journal, client, tell
        self._backoff = backoff or Backoff()
        self._bell, self._stopping, self._finishing = threading.Event(), threading.Event(), threading.Event()
        self._failures = 0
        self._sent = 0
        self._owes_synced = journal.count() > 0
        self._trouble: Exception | None = None
        self._thread = threading.Thread(target=self._guarded, name="courier", daemon=True)

    def start(self) -> None:
        """Begin on a thread of its own."""
        self._thread.start()

    def ring(self) -> None:
        """Something new waits in the journal."""
        self._bell.set()

    def finish(self, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Send what waits, with the patience of its backoff, and end; True when nothing waits any more.

        `go_on` is asked ten times a second; at a False the courier stops where it is. Raises what ended it early.
        """
        self._owes_synced = True
        self._finishing.set()
        self._bell.set()
        while self._thread.is_alive():
            self._thread.join(0.1)
            if not go_on():
                self.stop()
                break
        self.check()
        return self._journal.count() == 0

    def stop(self) -> None:
        """End soon, whatever waits; the journal keeps it."""
        self._stopping.set()
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join(3.0)

    def check(self) -> None:
        """Raise what ended the courier, if anything did: a revoked desk, a full disk."""
        if self._trouble is not None:
            raise self._trouble

    def _guarded(self) -> None:
        try:
            while not self._stopping.is_set() and self._round():
                pass
        except Exception as error:  # handed to the main thread by `check`
            self._trouble = error

    def _round(self) -> bool:
        """Send one visit, or wait for one; False when the work is done."""
        self._bell.clear()  # before the look into the journal, so that no ring is lost
        visit = self._journal.next_waiting()
        if visit is None:
            return self._idle()
        try:
            answer = self._client.redeem(visit.id, visit.body, visit.serials)
        except Unavailable as error:
            return self._failed(visit, error)
        except NotAllowed as error:
            # Whoever took such a note back would find it spent once this scanner is a desk again.
            kept = f"Visits that wait: {self._journal.count()}; keep their notes, which are sent then."
            raise NotAllowed(f"{error.sentence} {kept}") from error
        except (Refused, NotFound) as error:
            # The call itself was wrong, and again would give the same.
            self._closed(visit, {"refused": error.sentence}, verdicts.refused(visit, error))
        else:
            self._closed(visit, answer.kept(), verdicts.answered(visit, answer))
        return True

    def _idle(self) -> bool:
        self._journal.fold()  # a desk runs for weeks; tokens that were answered must not stay in the log so long
        if self._owes_synced:
            self._tell(Event(Kind.SYNCED, more={"sent": self._sent}))
            self._owes_synced, self._sent = False, 0
        if self._finishing.is_set():
            return False
        self._bell.wait(_IDLE_SECONDS)
        return True

    def _failed(self, visit: Visit, error: Unavailable) -> bool:
        self._journal.tried(visit)
        self._failures += 1
        if self._failures == 1:
            self._owes_synced = True
            self._tell(Event(Kind.OFFLINE, more={"message": error.sentence, "waiting": self._journal.count()}))
        asked = error.evidence.get("retry_after_seconds")
        pause = asked if isinstance(asked, float) else self._backoff.pause_seconds(self._failures)
        if self._finishing.is_set() and (
            self._failures >= self._backoff.patience or pause > LONGEST_LAST_PAUSE_SECONDS
        ):
            return False
        self._rest(pause, unless_rung=asked is None)
        return True

    def _rest(self, seconds: float, *, unless_rung: bool) -> None:
        """A new scan is tried at once, unless the service itself asked for the pause."""
        if unless_rung:
            self._bell.wait(seconds)
            return
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self._stopping.is_set():
            if self._finishing.is_set() and left > LONGEST_LAST_PAUSE_SECONDS:
                return
            self._stopping.wait(min(left, 0.5))

    def _closed(self, visit: Visit, kept: dict[str, object], events: list[Event]) -> None:
        """An answer came, whatever it says: into the journal first, then to whoever looks."""
        self._journal.answered(visit, kept)
        if self._failures:
            self._tell(Event(Kind.ONLINE))
        self._failures = 0
        self._sent += 1
        for event in events:
            self._tell(event)
