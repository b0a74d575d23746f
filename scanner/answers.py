"""The service's answers, read with care: what does not have the agreed shape is no answer at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import Unavailable
from app.core.verdict import MESSAGES, Verdict
from app.core.visit import Outcome


@dataclass(frozen=True, slots=True)
class NoteAnswer:
    """What is said of one note. `verdict` is a word of `app.core.verdict`, or a newer one. `in_line`: it was spent by a visit of
    this desk that the service has not confirmed yet."""

    serial: str | None
    verdict: str
    message: str
    first_redeemed_at: str | None = None
    first_venue: str | None = None
    in_line: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a visit. `reason` says why, when good notes were refused; `confirmed`: the service said it, not this desk."""

    id: str
    outcome: Outcome
    reason: str | None
    hours: int
    notes: tuple[NoteAnswer, ...]
    confirmed: bool = True

    def kept_notes(self) -> tuple[dict[str, str | None], ...]:
        """What the journal keeps of its notes: no messages, no venues."""
        return tuple({"serial": note.serial, "verdict": note.verdict} for note in self.notes)


def visit_answer(raw: Mapping[str, Any], visit_id: str, serials: Collection[str]) -> Answer:
    """The answer to the visit `visit_id` with the notes `serials` (canonical). Raises Unavailable when it is none.

    It must be about this very visit and agree with itself: an hour is never shown as accepted on less.
    """
    try:
        answer = Answer(
            id=str(raw["id"]).lower(),
            outcome=Outcome(raw["outcome"]),
            reason=_text(raw.get("reason")),
            hours=int(raw.get("hours") or 0),
            notes=note_answers(raw),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unavailable("The service's answer cannot be understood; it is asked again.") from error
    if answer.id != visit_id or not _agrees(answer, serials):
        raise Unavailable("The service answered about something else; it is asked again.")
    return answer


def note_answers(raw: Mapping[str, Any]) -> tuple[NoteAnswer, ...]:
    """The list `notes` of an answer. Raises KeyError, TypeError or ValueError when it has another shape."""
    return tuple(_note(entry) for entry in _list(raw["notes"]))


def _agrees(answer: Answer, serials: Collection[str]) -> bool:
    named = {note.serial for note in answer.notes if note.serial is not None}
    accepted = [note.verdict == Verdict.ACCEPTED for note in answer.notes]
    whole = all(accepted) if answer.outcome is Outcome.ACCEPTED else not any(accepted)
    return len(answer.notes) == len(serials) and named <= set(serials) and whole


def _note(entry: Mapping[str, Any]) -> NoteAnswer:
    verdict = entry["verdict"]
    if not isinstance(verdict, str) or not verdict:
        raise ValueError("a verdict is a word")
    message = _text(entry.get("message")) or MESSAGES.get(_known(verdict), "")
    first_at, first_venue = _text(entry.get("first_redeemed_at")), _text(entry.get("first_venue"))
    return NoteAnswer(_text(entry["serial"]), verdict, message, first_at, first_venue)


def _known(verdict: str) -> Verdict:
    return Verdict(verdict) if verdict in list(Verdict) else Verdict.CANNOT_TELL_OFFLINE


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("a list was promised")
    return value


def _text(value: object) -> str | None:
    """Text as it may be shown: cut, so that no answer fills the screen; None for whatever is no text."""
    return value[:300] if isinstance(value, str) else None
