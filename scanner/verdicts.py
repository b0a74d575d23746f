"""The verdict events of a visit: one for each of its notes."""

from collections.abc import Mapping
from typing import Any

from app.core.errors import HournoteError
from app.core.visit import Outcome
from scanner.answers import Answer, NoteAnswer
from scanner.events import Event, Kind
from scanner.memory.entries import Entry


def answered(answer: Answer, serials: tuple[str, ...]) -> list[Event]:
    """What was said of each note of a visit; `offline`: by this desk alone."""
    return [_of_note(answer, note, serials) for note in answer.notes]


def untold(visit_id: str | None, serials: tuple[str, ...], verdict: str | None, error: HournoteError) -> list[Event]:
    """No answer could be had, or the service would not hear the call: nothing was accepted."""
    more = {"message": error.sentence, "outcome": Outcome.REFUSED, "reason": None}
    return [Event(Kind.VERDICT, serial, verdict, visit_id, dict(more)) for serial in serials]


def settled(entry: Entry, said: Mapping[str, Any]) -> list[Event]:
    """What the service said later of a visit in the journal."""
    notes = said.get("notes")
    told = {each.get("serial"): each for each in notes if isinstance(each, dict)} if isinstance(notes, list) else {}
    return [_later(entry, serial, told.get(serial) or {}, said) for serial in entry.serials]


def _of_note(answer: Answer, note: NoteAnswer, serials: tuple[str, ...]) -> Event:
    serial = note.serial or (serials[0] if len(serials) == 1 else None)
    more: dict[str, object] = {
        "message": note.message,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "first_redeemed_at": note.first_redeemed_at,
        "first_venue": note.first_venue,
    }
    return Event(Kind.VERDICT, serial, note.verdict, answer.id, more)


def _later(entry: Entry, serial: str, note: Mapping[str, Any], said: Mapping[str, Any]) -> Event:
    problem = said.get("problem")
    detail = problem.get("detail") if isinstance(problem, Mapping) else None
    more: dict[str, object] = {
        "message": note.get("message") or detail or "",
        "outcome": str(entry.state),
        "reason": entry.reason,
        "first_redeemed_at": note.get("first_redeemed_at"),
        "first_venue": note.get("first_venue"),
    }
    return Event(Kind.VERDICT, serial, note.get("verdict"), entry.id, more)
