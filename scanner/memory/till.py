"""The till: a visit is written down, asked about, and judged here where no answer comes.

Nothing is shown as accepted before that stands on the disk, and nothing that may be spent is left so when it is not shown as
accepted.
"""

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.errors import HournoteError, NotFound, Refused, TooOften, Unavailable
from app.core.visit import Outcome
from scanner.about import About
from scanner.answers import Answer
from scanner.backoff import Backoff
from scanner.client import Client
from scanner.memory.clock import Clock
from scanner.memory.entries import serials_of
from scanner.memory.journal import Begun, Journal, NewVisit, rfc3339
from scanner.memory.judging import Judge, Judged, definite
from scanner.memory.owed import NOT_TAKEN
from scanner.memory.presence import Presence

HUNG_UP_SECONDS = 1.5
"""As long as calls fail sooner than this, counted from the first, they have met a line that was hung up, and are made again. Where
that did not help, the next visit asks once."""

_MOST_JUDGEMENTS = 3


@dataclass(frozen=True, slots=True)
class Visit:
    """1 to 50 tokens or serials for an offer. `attended`: a person waits for its end."""

    notes: tuple[str, ...]
    offer: int | None
    practice: bool = False
    attended: bool = True


class Till:
    """Asks the service, and judges without it. `about` says what the desk is now; `tell_first` tells what the journal owes
    while a person waits, or raises Unavailable."""

    def __init__(
        self, journal: Journal, client: Client, judge: Judge, clock: Clock, presence: Presence, *,
        about: Callable[[], About], tell_first: Callable[[], None], backoff: Backoff | None = None,
    ) -> None:  # fmt: skip
        self._journal, self._client, self._judge, self._clock = journal, client, judge, clock
        self._presence, self._about, self._tell_first = presence, about, tell_first
        self._backoff, self._was_silent = backoff or Backoff(first_seconds=0.1), False

    def begin(self, visit: Visit) -> Begun:
        """Write a visit down. Raises Unavailable (`word` disk): then it is not asked about."""
        new = NewVisit(
            owner=f"{self._presence.id}:{uuid.uuid4().hex}", venue=self._about().venue_id, at_ms=self._clock.now_ms(),
            scanned_at=rfc3339(self._clock.now()), notes=visit.notes, serials=serials_of(visit.notes), offer=visit.offer,
            attended=visit.attended,
        )  # fmt: skip
        return self._journal.begin(new, self._presence.alive())

    def end(self, visit: Visit, begun: Begun) -> Answer:
        """Ask about a visit that was written down. Raises HournoteError where nothing is accepted; nothing is left spent then,
        and an unattended visit is asked about again, unless the service will not hear of it, now or later."""
        asked = _Asked(visit, begun, perhaps=begun.before)
        try:
            if begun.owes:
                self._tell_first()
            return self._ask(asked)
        except Unavailable as error:
            if error.evidence.get("word") == "disk":
                raise
            return self._apart(asked, error)
        except (Refused, NotFound):
            self._journal.leave(begun.entry, perhaps=asked.perhaps, reason=NOT_TAKEN)
            raise
        except HournoteError:
            if visit.attended:
                self._journal.leave(begun.entry, perhaps=asked.perhaps)
            raise
        finally:
            self._journal.end(begun.entry)

    def practise(self, visit: Visit) -> Answer:
        """A visit that spends nothing, and of which nothing is kept."""
        visit_id = str(uuid.uuid4())
        body = {**self._body(visit, rfc3339(self._clock.now())), "practice": True}
        try:
            return self._client.redeem(visit_id, body, serials_of(visit.notes))
        except Unavailable as error:
            return definite(self._judge.visit(visit.notes, visit.offer, visit_id).answer, error)

    def settle(self, notes: Sequence[str]) -> None:
        """Tell first what is owed about these notes: else the service would speak of a visit that is about to be taken back."""
        if self._journal.owes(serials_of(notes), self._presence.alive()):
            self._tell_first()

    def _ask(self, asked: "_Asked") -> Answer:
        entry = asked.begun.entry
        answer = self._asked_again(asked, self._body(asked.visit, entry.scanned_at))
        if self._journal.answer(entry, answer, self._clock.now_ms()) is None:
            raise Unavailable("Another scanner has taken this visit over, and shows its end.", word="cannot_tell")
        return answer

    def _asked_again(self, asked: "_Asked", body: dict[str, object]) -> Answer:
        """Again under the same id where the line is hung up at once, with longer pauses, as long as nobody is kept waiting."""
        entry, begun_at, failures = asked.begun.entry, time.monotonic(), 0
        while True:
            try:
                answer = self._client.redeem(entry.id, body, _expected(asked.visit.notes, entry.serials))
                self._was_silent = False
                return answer
            except (Unavailable, TooOften) as error:
                failures += 1
                pause = self._pause_seconds(asked, error, failures)
                if pause is None or time.monotonic() - begun_at + pause > HUNG_UP_SECONDS:
                    raise
            time.sleep(pause)

    def _pause_seconds(self, asked: "_Asked", error: HournoteError, failures: int) -> float | None:
        """How long to wait before it is asked again; None where that is of no use."""
        is_silence = isinstance(error, Unavailable) and error.evidence.get("word") != "closed"
        asked.perhaps = asked.perhaps or is_silence
        was_silent, self._was_silent = self._was_silent, is_silence
        asks_for = error.evidence.get("retry_after_seconds")
        if error.evidence.get("word") == "closed" or (was_silent and failures == 1):
            return None
        return asks_for if isinstance(asks_for, float) else self._backoff.pause_seconds(failures)

    def _apart(self, asked: "_Asked", error: Unavailable) -> Answer:
        entry, visit, policy = asked.begun.entry, asked.visit, self._about().policy
        judged: Judged | None = None
        for _time in range(_MOST_JUDGEMENTS):
            judged = self._judge.visit(visit.notes, visit.offer, entry.id)
            if judged.answer.outcome is Outcome.REFUSED:
                break
            kept = self._journal.accept(
                entry, judged.answer, known_at_ms=judged.known_at_ms or 0, offline_notes=policy.offline_notes
            )
            if kept is not None:
                return judged.answer
            judged = None  # another process was faster: look again
        self._journal.leave(entry, perhaps=asked.perhaps)
        why: HournoteError = error
        if judged is not None and 0 < judged.left < len(visit.notes):
            why = Refused("Without the network this desk may accept only a few more notes.", word="more_than_left")
        return definite(judged.answer if judged else None, why)

    def _body(self, visit: Visit, scanned_at: str) -> dict[str, object]:
        return {
            "notes": list(visit.notes), "offer": visit.offer, "scanned_at": scanned_at, "offline": False,
            "practice": False,
        }  # fmt: skip


@dataclass(slots=True)
class _Asked:
    """A visit while it is being asked about; `perhaps`: the service may have it by now."""

    visit: Visit
    begun: Begun
    perhaps: bool


def _expected(notes: Sequence[str], serials: Sequence[str]) -> Sequence[str]:
    """As many as the notes, for the look whether an answer is about them."""
    return [*serials, *notes[len(serials) :]]
