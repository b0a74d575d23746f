"""What a desk says of notes by itself: by its snapshot, by what it did since, and by what its venue leaves to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.core import apart
from app.core.errors import HournoteError
from app.core.serial import parse_canonical
from app.core.verdict import MESSAGES, Facts, Verdict
from app.core.visit import Outcome, Reason
from scanner.about import About
from scanner.answers import Answer, NoteAnswer
from scanner.memory import known
from scanner.memory.clock import Clock
from scanner.memory.entries import Claims, serials_of
from scanner.memory.journal import Journal
from scanner.memory.known import Learning

IN_LINE = "This note is in a visit of this desk that is not confirmed yet: it is not taken again."
"""Said of a note whose visit has not been sent, or not been answered."""

_NOTHING_SAID = (Verdict.GOOD, Verdict.CANNOT_TELL_OFFLINE)


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer of this desk: as of when it knows the books, and how many notes it may still accept."""

    answer: Answer
    known_at_ms: int | None
    left: int


@dataclass(frozen=True, slots=True)
class _Standing:
    facts: list[Facts]
    claims: Claims
    known_at_ms: int | None
    left: int


class Judge:
    """Judges by what the desk knows. Raises Unavailable (`word` disk) where it cannot read its own books."""

    def __init__(self, journal: Journal, learning: Learning, clock: Clock, about: Callable[[], About]) -> None:
        self._journal, self._learning, self._clock, self._about = journal, learning, clock, about

    def visit(self, notes: Sequence[str], offer_id: int | None, visit_id: str) -> Judged:
        """A visit, all or none, with the offer's hours and limits as of now; its own entry in the journal does not count."""
        standing, offer = self._standing(notes, offer_id, visit_id), self._about().offer(offer_id)
        said = apart.judge_all(standing.facts, notes_left=standing.left)
        decision, each = apart.decide(said, offer.terms(self._clock.now()) if offer else None)
        hours = len(notes) if decision.outcome is Outcome.ACCEPTED else 0
        answers = self._answers(notes, each, standing.claims)
        answer = Answer(visit_id, decision.outcome, decision.reason, hours, answers, confirmed=False)
        return Judged(answer, standing.known_at_ms, standing.left)

    def notes(self, notes: Sequence[str]) -> tuple[NoteAnswer, ...]:
        """Notes that nobody spends."""
        standing = self._standing(notes, None, None)
        said = apart.judge_all(standing.facts, notes_left=len(notes) if standing.left > 0 else 0)
        return self._answers(notes, apart.not_spent(said), standing.claims)

    def _standing(self, notes: Sequence[str], offer_id: int | None, but: str | None) -> _Standing:
        found, about = self._learning.current(), self._about()
        claims = self._journal.claims_since(found.known_at_ms or 0, but)
        spent = {parse_canonical(text) for text in claims.spent}
        offer = about.offer(offer_id)
        local = about.programme if offer is not None and offer.local_only else None
        books = known.given_back(found.books, claims.returned)
        facts = books.facts(list(notes), spent_here=spent, at=self._clock.now(), only_programme=local)
        left = apart.notes_left(
            about.policy, known_at=at_of(found.known_at_ms), now=moment_of(self._clock.now_ms()),
            waiting_notes=claims.waiting_notes,
        )  # fmt: skip
        return _Standing(facts, claims, found.known_at_ms, left)

    def _answers(self, notes: Sequence[str], said: Sequence[Verdict], claims: Claims) -> tuple[NoteAnswer, ...]:
        return tuple(self._answer(text, verdict, claims) for text, verdict in zip(notes, said, strict=True))

    def _answer(self, text: str, verdict: Verdict, claims: Claims) -> NoteAnswer:
        """When a note was spent first is not in a snapshot; where it was is known if that was here."""
        serial = next(iter(serials_of([text])), None)
        if verdict is not Verdict.ALREADY_REDEEMED or serial not in claims.spent:
            return NoteAnswer(serial, verdict, MESSAGES[verdict])
        at = claims.in_line.get(serial)
        message = MESSAGES[verdict] if at is None else IN_LINE
        return NoteAnswer(serial, verdict, message, at, self._about().venue, in_line=at is not None)


def definite(answer: Answer | None, why: HournoteError) -> Answer:
    """The answer, if it is an end; raises `why` where only the network could tell."""
    if answer is not None:
        is_said = any(note.verdict not in _NOTHING_SAID for note in answer.notes)
        if answer.outcome is Outcome.ACCEPTED or is_said or answer.reason not in (None, Reason.NOTE_REFUSED):
            return answer
    raise why


def moment_of(ms: int) -> datetime:
    """A moment of the desk's clock."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def at_of(ms: int | None) -> datetime | None:
    """The same, where there is one."""
    return None if ms is None else moment_of(ms)
