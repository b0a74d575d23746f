"""Resolving: what a person came to about a note that two venues took while apart."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.core.errors import NotAllowed, NotFound, Refused
from app.services import wording
from app.store import conflicts
from app.store.conflicts import Conflict
from app.store.database import Store

__all__ = ["Conflict"]

REASONS = ("written_off", "copy", "mistake", "other")
"""What a page lets people choose; at the command line any word will do."""


def offline_conflicts(store: Store, *, resolved_too: bool = False, programme_id: int | None = None) -> list[Conflict]:
    """The open conflicts, or all, oldest first; with `programme_id`, those that a venue of it has a part in. For staff
    alone, because they name venues."""
    found = store.read(lambda connection: conflicts.conflicts(connection, resolved_too=resolved_too))
    return [each for each in found if programme_id is None or _concerns(each, programme_id)]


def resolve_conflict(
    store: Store, *, redemption_id: UUID, reason: str, actor: str, now: datetime, note: str | None = None,
    programme_id: int | None = None,
) -> Conflict:  # fmt: skip
    """Record what a person came to about the conflict of that redemption; nothing else changes, and no note lives again.

    The same again gives the same. Raises BadInput, NotFound, NotAllowed for one of other programmes, Refused when somebody
    came to something else before.
    """
    why = wording.one_line(reason, "reason", wording.LONGEST_REASON)
    remark = wording.perhaps(note, "note", wording.LONGEST_REMARK)

    def work(connection: Connection) -> Conflict:
        found = _existing(connection, redemption_id)
        if programme_id is not None and not _concerns(found, programme_id):
            raise NotAllowed("That conflict is between venues of other programmes: ask their offices.")
        if found.resolution is None:
            conflicts.resolve(connection, redemption_id, reason=why, note=remark, actor=actor, at=now)
        elif (found.resolution.reason, found.resolution.note) != (why, remark):
            before = found.resolution
            raise Refused(f"{before.actor} resolved this conflict already, as '{before.reason}'; nothing was changed.")
        return _existing(connection, redemption_id)

    return store.write(work)


def _existing(connection: Connection, redemption_id: UUID) -> Conflict:
    found = conflicts.of(connection, redemption_id)
    if found is None:
        raise NotFound(f"The redemption {redemption_id} is no conflict: `hournote conflicts` lists those that are.")
    return found


def _concerns(found: Conflict, programme_id: int) -> bool:
    return programme_id in (found.place.programme_id, *(each.first.programme_id for each in found.notes))
