"""Reversing: giving the notes of a redemption back, by its desk or by staff, and what became of a redemption."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.core import desk_clock
from app.core.errors import NotAllowed, NotFound, NotYet
from app.core.visit import Outcome
from app.services import desks, wording
from app.services.desks import AtVenue
from app.store import conflicts, parties, scans, spending
from app.store.database import Store, lock_series
from app.store.spending import Visit

WINDOW = timedelta(minutes=15)
LONGEST_REASON = 200
GIVEN_BACK = "given_back"
"""What an offline conflict came to when the desk had given the notes back before anybody knew of it."""


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
    return _by_desk(store, redemption_id, desk, reason, now, lambda made: now - made.at)


def reverse_from_journal(
    store: Store, *, redemption_id: UUID, desk: AtVenue, reason: str, at: datetime | None, now: datetime
) -> dict[str, Any]:
    """The same as told later by a desk that was offline, whose clock counts for the 15 minutes: `at`, less the time when the
    notes were scanned, of a visit that was made offline too, or else were redeemed here.

    A visit that was answered here was made with the network: how long the desk can have been cut off since is bounded by the
    venue's policy, and beyond that the time of arrival counts. What was given back has `late` in its answer: it was told
    later than a clock may be wrong. Raises BadInput as well for one of more than 60 days ago, and NotYet while its visit is
    held back in restored books.
    """
    longest = timedelta(hours=desk.venue.offline_hours) + desk_clock.SKEW

    def waited(made: Visit) -> timedelta:
        was_apart = made.offline or desk_clock.is_late(made.scanned_at, made.at)
        if was_apart and made.at - made.scanned_at <= desk_clock.KEPT:  # else it tells of no day that a desk could mean
            return desk_clock.waited(min(made.scanned_at, made.at), at, now)
        cut_off = now - desk_clock.seen_at(at, now)
        return desk_clock.waited(made.at, at if cut_off <= longest else None, now)

    answer = _by_desk(store, redemption_id, desk, reason, now, waited, from_journal=True, told=at)
    if answer["outcome"] != "reversed":
        return answer
    back = store.read(lambda connection: spending.reversal_of(connection, redemption_id))
    return {**answer, "late": back is not None and desk_clock.is_late(at or back.at, back.at)}


def reverse_by_staff(
    store: Store, *, redemption_id: UUID, reason: str, actor: str, now: datetime, programme_id: int | None = None
) -> dict[str, Any]:
    """Give the notes of a redemption back at any time, by programme staff (of the venue's programme, where it is named) or
    at the command line; their paper is not retired meanwhile.

    Answers {"id", "outcome", "reason"}; again gives the same. Raises NotFound, NotAllowed for another programme's, BadInput.
    """
    why = wording.one_line(reason, "reason for a reversal", LONGEST_REASON)

    def work(connection: Connection) -> dict[str, Any]:
        made = spending.visit(connection, redemption_id)
        if made is None:
            raise NotFound(f"There is no redemption {redemption_id}.")
        place = parties.venue_by_id(connection, made.venue_id)
        if programme_id is not None and (place is None or place.programme_id != programme_id):
            raise NotAllowed("That redemption was made at a venue of another programme: ask its office.")
        return _reverse(store, connection, made, why, actor, now, lambda _made: timedelta())

    return store.write(work)


def _by_desk(
    store: Store, redemption_id: UUID, desk: AtVenue, reason: str, now: datetime, waited: Callable[[Visit], timedelta],
    *, from_journal: bool = False, told: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """`waited`: how long after the redemption the notes were given back; `told`: when, on the clock of the desk."""
    desks.require_spending(desk)
    why = wording.one_line(reason, "reason for a reversal", LONGEST_REASON)
    actor = f"desk:{desk.desk.id}"

    def work(connection: Connection) -> dict[str, Any]:
        made = _of_venue(connection, redemption_id, desk, is_told_again=from_journal)
        if made.desk_id != desk.desk.id:
            raise NotAllowed("Another desk made this redemption: that desk or the programme office can reverse it.")
        answer = _reverse(store, connection, made, why, actor + _by_clock(told, now), now, waited)
        if from_journal and answer["reason"] == "not_accepted" and waited(made) <= WINDOW:
            _resolve(connection, redemption_id, why, actor, now)
        return answer

    return store.write(work)


def _by_clock(told: datetime | None, now: datetime) -> str:
    """What the desk's clock said, beside its name, where it says so long after: the fact has the time of arrival."""
    late = told is not None and desk_clock.is_late(told, now)
    return f", by its clock on {told:%Y-%m-%d at %H:%M:%S} UTC" if late else ""


def _reverse(
    store: Store, connection: Connection, made: Visit, why: str, actor: str, now: datetime,
    waited: Callable[[Visit], timedelta],
) -> dict[str, Any]:  # fmt: skip
    lock_series(connection, spending.series_ids_of(connection, made.id), shared=True)
    if spending.reversal_of(connection, made.id) is not None:
        return _reversal_answer(made.id, None)
    refusal = _refusal(connection, made, waited)
    if refusal is None:
        spending.add_reversal(connection, made.id, reason=why, actor=actor, at=now)
    return _reversal_answer(made.id, refusal)


def _resolve(connection: Connection, redemption_id: UUID, why: str, actor: str, now: datetime) -> None:
    """A conflict is none any more where the desk gave the notes back before it knew."""
    if conflicts.is_open(connection, redemption_id):
        conflicts.resolve(connection, redemption_id, reason=GIVEN_BACK, note=why, actor=actor, at=now)


def _of_venue(connection: Connection, redemption_id: UUID, desk: AtVenue, *, is_told_again: bool = False) -> Visit:
    made = spending.visit(connection, redemption_id)
    if made is None and is_told_again and scans.is_held_back(connection, redemption_id):
        raise NotYet(
            "This redemption waits for movements that restored books do not have: let the desk send both again later."
        )
    if made is None or made.venue_id != desk.venue.id:
        raise NotFound(f"There is no redemption {redemption_id} at {desk.venue.name}.")
    return made


def _refusal(connection: Connection, made: Visit, waited: Callable[[Visit], timedelta]) -> str | None:
    """Why a redemption cannot be given back."""
    if made.outcome != Outcome.ACCEPTED or made.practice:
        return "not_accepted"
    if waited(made) > WINDOW:
        return "too_late"
    return "retired" if spending.any_retired(connection, made.id) else None


def _reversal_answer(redemption_id: UUID, refusal: str | None) -> dict[str, Any]:
    return {"id": str(redemption_id), "outcome": "refused" if refusal else "reversed", "reason": refusal}
