"""A desk: what the camera sees becomes visits in the journal."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from app.core.verdict import MESSAGES, Verdict
from app.core.verifying import Keyring
from scanner.events import Event, Kind, Tell
from scanner.journal import Journal, Visit
from scanner.moment import Moment
from scanner.notes import Note, judge
from scanner.reader import Reader
from scanner.steady import Steady


def _now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """Looks at frames; each note that comes into view is a visit of its own.

    `tell` hears of each scan; `ring` is called when a visit was written down; `offer` is the id for which notes are taken.
    """

    def __init__(
        self,
        journal: Journal,
        keyring: Keyring,
        tell: Tell,
        ring: Callable[[], None],
        *,
        offer: str | int | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._journal, self._keyring, self._tell, self._ring = journal, keyring, tell, ring
        self._offer, self._now = offer, now
        self._steady = Steady()
        self._reader = Reader()

    def look(self, moment: Moment) -> list[Note]:
        """What is in the frame; whatever is new in view was told and written down on return."""
        readings = self._reader.read(moment.frame, moment.at_seconds)
        seen = [judge(reading, self._keyring) for reading in readings]
        for note in seen:
            if self._steady.is_new(note.mark, moment.at_seconds):
                self._scan(note)
        return seen

    def _scan(self, note: Note) -> None:
        if note.token is None:
            self._tell(Event(Kind.SCAN, verdict=Verdict.MALFORMED, more={"message": MESSAGES[Verdict.MALFORMED]}))
            return
        visit_id = self._visit_of(note)
        self._tell(Event(Kind.SCAN, str(note.token.serial), None, visit_id, {"signature": note.signature}))
        self._ring()

    def _visit_of(self, note: Note) -> str:
        """The id of its visit. A note that is shown again while it waits is no second visit, which would be refused."""
        waiting = self._journal.waiting_for(note.reading.text, self._offer)
        if waiting is not None:
            return waiting
        visit = Visit(str(uuid.uuid4()), self._body(note))
        self._journal.add(visit, self._now())
        return visit.id

    def _body(self, note: Note) -> dict[str, object]:
        at = self._now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {
            "notes": [note.reading.text],
            "offer": self._offer,
            "scanned_at": at,
            "offline": False,
            "practice": False,
        }
