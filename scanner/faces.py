"""The face of each answer: a word, a shape and a colour, so that it is understood without any one of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.verdict import Verdict
from app.core.visit import Outcome, Reason
from scanner.events import Event, Kind


class Shape(StrEnum):
    """What is drawn beside the word."""

    TICK = "tick"
    RING = "ring"
    CROSS = "cross"
    WARNING = "warning"
    DOTS = "dots"
    FRAME = "frame"


Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

GREEN, RED, AMBER, BLUE, PAPER = (11, 99, 55), (168, 29, 29), (255, 196, 0), (29, 58, 95), (247, 245, 240)


@dataclass(frozen=True, slots=True)
class Face:
    """What is shown; `sentence` is what to do, where the service's own message does not say it."""

    word: str
    shape: Shape
    colour: Colour
    sentence: str = ""


IDLE = Face("Ready", Shape.FRAME, PAPER, "Show a note to the camera, code upwards.")
ASKING = Face("One moment", Shape.DOTS, BLUE, "The note is being checked. Keep it here.")
NO_ANSWER = Face(
    "No answer", Shape.WARNING, AMBER, "The network does not answer. Keep the note here; it is sent again by itself."
)

FACES: dict[str, Face] = {
    Verdict.ACCEPTED: Face("Accepted", Shape.TICK, GREEN, "Keep the note."),
    Verdict.GOOD: Face("Good, not spent yet", Shape.RING, GREEN),
    Verdict.ACCEPTED_OFFLINE: Face(
        "Accepted, not yet confirmed", Shape.TICK, BLUE, "Keep the note; it is sent when the network is back."
    ),
    Verdict.CANNOT_TELL_OFFLINE: Face("Cannot tell now", Shape.WARNING, AMBER),
    Verdict.MALFORMED: Face("Not a note", Shape.WARNING, AMBER),
    Verdict.SPECIMEN: Face("Specimen", Shape.WARNING, AMBER),
    Verdict.HELD: Face("On hold", Shape.WARNING, AMBER),
    Verdict.NOT_ACCEPTED_HERE: Face("Not for this offer", Shape.WARNING, AMBER),
    Verdict.KEYED_NOT_ALLOWED: Face("Scan the code", Shape.WARNING, AMBER),
    Verdict.UNKNOWN: Face("Not known", Shape.CROSS, RED),
    Verdict.FORGED: Face("Not genuine", Shape.CROSS, RED),
    Verdict.ALREADY_REDEEMED: Face("Already spent", Shape.CROSS, RED),
    Verdict.VOID: Face("No longer valid", Shape.CROSS, RED),
    Verdict.EXPIRED: Face("Past its last day", Shape.CROSS, RED),
    Verdict.NOT_ISSUED: Face("Not given out yet", Shape.CROSS, RED),
}
"""The words are those of the desk's page in a browser, so that a venue with both learns one language."""

NOT_TAKEN: dict[str, Face] = {
    Reason.OFFER_CLOSED: Face("Offer closed", Shape.WARNING, AMBER, "This offer is closed. The note was not spent."),
    Reason.OFFER_LIMIT: Face(
        "Too many notes", Shape.WARNING, AMBER, "This offer does not take so many notes. The note was not spent."
    ),
    Reason.WRONG_HOURS: Face(
        "Wrong number of notes", Shape.WARNING, AMBER, "This is not the price of the offer. The note was not spent."
    ),
}
"""Why a good note was not taken."""

_NOT_SPENT = Face("Not spent", Shape.WARNING, AMBER, "The note is good and was not spent.")
_REFUSED = Face("Not accepted", Shape.CROSS, RED)
_OWN_WORDS = (IDLE, ASKING, NO_ANSWER, _NOT_SPENT, *NOT_TAKEN.values())
"""Faces that say all themselves; with the others the service's message is said."""


def face_of(event: Event | None, *, online: bool = True) -> Face:
    """The face for the last scan or verdict at a desk that is `online`; None is a desk at rest."""
    if event is None:
        return IDLE
    if event.verdict is None and event.kind is Kind.SCAN:
        return ASKING if online else NO_ANSWER
    if event.verdict is None:
        return _REFUSED
    if event.verdict == Verdict.GOOD and event.more.get("outcome") == Outcome.REFUSED:
        return NOT_TAKEN.get(str(event.more.get("reason")), _NOT_SPENT)
    return FACES.get(event.verdict, _REFUSED)


def sentence_of(event: Event | None, *, online: bool = True) -> str:
    """What the person at the desk is told to do."""
    face = face_of(event, online=online)
    if event is None or face in _OWN_WORDS:
        return face.sentence
    message = str(event.more.get("message") or "")
    # A big word need not be said twice.
    message = "" if message.rstrip(".") == face.word else message
    return " ".join(part for part in (message, face.sentence, _first_spent(event)) if part)


def _first_spent(event: Event) -> str:
    """When a note was spent before, in the time of this place; the venue is named only when it is this one."""
    try:
        at = datetime.fromisoformat(str(event.more.get("first_redeemed_at"))).astimezone()
    except ValueError:
        return ""
    here = " here" if event.more.get("first_venue") else ""
    return f"It was spent{here} on {at.day} {at:%B %Y} at {at:%H:%M}."
