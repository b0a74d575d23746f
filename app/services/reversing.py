"""Reversing: giving the notes of a redemption back, and what became of a redemption."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.core.errors import NotAllowed, NotFound
from app.core.visit import Outcome
from app.services import wording
from app.services.desks import AtVenue
from app.store import spending
from app.store.database import Store
from app.store.spending import Visit

WINDOW = timedelta(minutes=15)
LONGEST_REASON = 200


def redemption_answer(store: Store, *, redemption_id: UUID, desk: AtVenue) -> dict[str, Any]:
    """What became of a redemption of this venue. Raises NotFound."""

    def work(connection: Connection) -> dict[str, Any]:
        made = _of_venue(connection, redemption_id, desk)
        back = spending.reversal_of(connection, redemption_id)
        return {**made.answer, "reversed_at": back.at.isoformat() if back is not None else None}

    return store.read(work)


def reverse_redemption(
    store: Store, *, redemption_id: UUID, desk: AtVenue, reason: str, now: datetime
) -> dict[str, Any]:
    """Give the notes of a redemption back, by the desk that made it and within 15 minutes; their paper is not retired meanwhile.

    Answers {"id", "outcome", "reason"}; again gives the same. Raises NotFound, NotAllowed for another desk's, BadInput.
    """
    why = wording.one_line(reason, "reason for a reversal", LONGEST_REASON)

    def work(connection: Connection) -> dict[str, Any]:
        made = _of_venue(connection, redemption_id, desk)
        if made.desk_id != desk.desk.id:
            raise NotAllowed("Another desk made this redemption: that desk or the programme office can reverse it.")
        store.lock_series(connection, spending.series_ids_of(connection, redemption_id), shared=True)
        if spending.reversal_of(connection, redemption_id) is not None:
            return _reversal_answer(redemption_id, None)
        refusal = _reversal_refusal(connection, made, now)
        if refusal is None:
            actor = f"desk:{desk.desk.id}"
            spending.add_reversal(connection, redemption_id, reason=why, actor=actor, at=now)
        return _reversal_answer(redemption_id, refusal)

    return store.write(work)


def _of_venue(connection: Connection, redemption_id: UUID, desk: AtVenue) -> Visit:
    made = spending.visit(connection, redemption_id)
    if made is None or made.venue_id != desk.venue.id:
        raise NotFound(f"There is no redemption {redemption_id} at {desk.venue.name}.")
    return made


def _reversal_refusal(connection: Connection, made: Visit, now: datetime) -> str | None:
    """Why a redemption cannot be given back by its desk."""
    if made.outcome != Outcome.ACCEPTED or made.practice:
        return "not_accepted"
    if now - made.at > WINDOW:
        return "too_late"
    return "retired" if spending.any_retired(connection, made.id) else None


def _reversal_answer(redemption_id: UUID, refusal: str | None) -> dict[str, Any]:
    return {"id": str(redemption_id), "outcome": "refused" if refusal else "reversed", "reason": refusal}
