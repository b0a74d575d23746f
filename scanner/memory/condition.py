"""How a desk stands, put together from what it keeps and what it has heard."""

from dataclasses import dataclass, field
from datetime import datetime

from app.core.apart import Leave
from scanner.memory.entries import Entry


@dataclass(frozen=True, slots=True)
class Condition:
    """`known_at`: as of when it knows the notes. `waiting_*`: accepted here and not confirmed. `owed`: entries that the service
    must still hear of; `owed_elsewhere`: those of other venues. `notes_left`: what it may accept by itself, `leave` says why
    it may not. `trouble`: None, or disk, not_enrolled, closed, clock. `notices`: what was not confirmed, the oldest first."""

    online: bool = True
    known_at: datetime | None = None
    waiting_visits: int = 0
    waiting_notes: int = 0
    owed: int = 0
    owed_elsewhere: int = 0
    notes_left: int = 0
    leave: Leave = Leave.NO_SNAPSHOT
    trouble: str | None = None
    notices: tuple[Entry, ...] = field(default=())
