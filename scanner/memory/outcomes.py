"""What a desk hands to whoever shows it: notes that were looked at, given back, or may still be."""

from dataclasses import dataclass
from datetime import datetime

from scanner.answers import NoteAnswer
from scanner.memory.entries import Entry, State

GIVE_BACK_MS = 15 * 60_000
"""The notes of a visit may be given back for so long."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Verdicts without spending; `confirmed`: by the service, not by this desk."""

    notes: tuple[NoteAnswer, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What came of giving notes back: `reason` says why they were not."""

    id: str
    is_back: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Recent:
    """A visit that may still be given back, for `left_ms` by the desk's own clock, however wrong that is."""

    id: str
    left_ms: int
    at: datetime
    hours: int
    offer: int | None
    serials: tuple[str, ...]
    confirmed: bool


def recent(entry: Entry, now_ms: int) -> Recent:
    """Of a visit in the journal, as of now."""
    left_ms, at = entry.at_ms + GIVE_BACK_MS - now_ms, datetime.fromisoformat(entry.scanned_at)
    return Recent(entry.id, left_ms, at, entry.hours, entry.offer, entry.serials, entry.state is State.ACCEPTED)
