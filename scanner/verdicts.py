"""The verdict events of a visit: one for each of its notes."""

from app.core.errors import HournoteError
from app.core.visit import Outcome
from scanner.answers import Answer, NoteAnswer
from scanner.events import Event, Kind
from scanner.journal import Visit


def answered(visit: Visit, answer: Answer) -> list[Event]:
    """What the service said of each note."""
    return [_of_note(visit, answer, note) for note in answer.notes]


def refused(visit: Visit, error: HournoteError) -> list[Event]:
    """The service would not hear the call at all: there is no verdict, and nothing was spent by it."""
    more = {"message": error.sentence, "outcome": Outcome.REFUSED, "reason": None}
    return [Event(Kind.VERDICT, serial, None, visit.id, dict(more)) for serial in visit.serials]


def _of_note(visit: Visit, answer: Answer, note: NoteAnswer) -> Event:
    serial = note.serial or (visit.serials[0] if len(visit.serials) == 1 else None)
    more: dict[str, object] = {
        "message": note.message,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "first_redeemed_at": note.first_redeemed_at,
        "first_venue": note.first_venue,
    }
    return Event(Kind.VERDICT, serial, note.verdict, visit.id, more)
