"""The turnstile: a desk that nobody attends. Each note that comes into view is a visit of its own, and its verdict an event.

The looking never waits for the network: visits are written down at once and asked about on a thread of their own.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from app.core.errors import HournoteError, NotFound, Refused, TooOften, Unavailable
from app.core.verdict import MESSAGES, Verdict
from scanner import verdicts
from scanner.events import Event, Kind, Tell
from scanner.memory.desk import Desk
from scanner.memory.journal import Begun
from scanner.memory.till import Visit
from scanner.notes import Note


@dataclass(frozen=True, slots=True)
class _Asked:
    visit: Visit
    begun: Begun | None
    serial: str


class Turnstile:
    """Takes what comes into view, for one offer or for none; `ring` is called when something has to be sent later."""

    def __init__(self, desk: Desk, tell: Tell, ring: Callable[[], None], *, offer: int | None = None) -> None:
        self._desk, self._tell, self._ring, self._offer = desk, tell, ring, offer
        self._line: queue.Queue[_Asked] = queue.Queue()
        self._stopping = threading.Event()
        self._trouble: Exception | None = None
        self._thread = threading.Thread(target=self._guarded, name="turnstile", daemon=True)
        self._thread.start()

    def take(self, note: Note) -> None:
        """A note, or another code, came into view; it is written down on return. Raises HournoteError."""
        if note.token is None:
            self._tell(Event(Kind.SCAN, verdict=Verdict.MALFORMED, more={"message": MESSAGES[Verdict.MALFORMED]}))
            return
        visit, serial = Visit((note.reading.text,), self._offer, attended=False), str(note.token.serial)
        try:
            begun = None if self._desk.about.check_only else self._desk.begin(visit)
        except Refused as error:
            more: dict[str, object] = {"signature": note.signature, "message": error.sentence}
            self._tell(Event(Kind.SCAN, serial, more=more))
            return
        visit_id = begun.entry.id if begun else None
        self._tell(Event(Kind.SCAN, serial, None, visit_id, {"signature": note.signature}))
        self._line.put(_Asked(visit, begun, serial))

    def check(self) -> None:
        """Raise what ended the asking, if anything did: a desk that is none any more, a full disk."""
        if self._trouble is not None:
            raise self._trouble

    def finish(self, go_on: Callable[[], bool]) -> None:
        """Wait until everything has its answer, or somebody wants to go. Raises what ended the asking."""
        while self._line.unfinished_tasks and go_on():
            self._thread.join(0.02)
            self.check()
        self.check()

    def stop(self) -> None:
        """End after the visit that is being asked about; the journal keeps the others."""
        self._stopping.set()
        self._thread.join(6.0)

    def _guarded(self) -> None:
        while not self._stopping.is_set():
            try:
                asked = self._line.get(timeout=0.05)
            except queue.Empty:
                continue
            try:
                self._ask(asked)
            except Exception as error:  # handed to the main thread by `check`
                self._trouble = error
                return
            self._line.task_done()

    def _ask(self, asked: _Asked) -> None:
        visit_id = asked.begun.entry.id if asked.begun else None
        try:
            events = self._events(asked)
        except Unavailable as error:
            if error.evidence.get("word") == "disk":
                raise
            events = verdicts.untold(visit_id, (asked.serial,), Verdict.CANNOT_TELL_OFFLINE, error)
        except TooOften:
            events = []  # asked about again, when the service has had its pause
        except (Refused, NotFound) as error:
            events = verdicts.untold(visit_id, (asked.serial,), None, error)
        for event in events:
            self._tell(event)
        if not self._desk.online:
            self._ring()

    def _events(self, asked: _Asked) -> list[Event]:
        if asked.begun is None:
            note = self._desk.check(asked.visit.notes).notes[0]
            return [Event(Kind.VERDICT, asked.serial, note.verdict, None, {"message": note.message})]
        return verdicts.answered(self._desk.end(asked.visit, asked.begun), (asked.serial,))


def kept_sentence(error: HournoteError, waiting: int) -> str:
    """Whoever took such a note back would find it spent once this scanner is a desk again."""
    return f"{error.sentence} Visits that wait: {waiting}; keep their notes, which are sent then."
