"""Redeeming: one to fifty notes of a visit, all or none, and the same answer however often the desk asks."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.core import desk_clock, verdict, visit
from app.core.errors import BadInput, Conflict
from app.core.verdict import Verdict
from app.core.visit import Decision, Offer, Outcome
from app.core.wall_clock import LONDON
from app.services import desks, judging
from app.services.desks import AtVenue
from app.services.judging import Judged, Shown
from app.store import conflicts, parties, spending
from app.store.database import Store
from app.store.spending import NewlySpent, Scan, Visit


def redeem_notes(
    store: Store, *, redemption_id: UUID, desk: AtVenue, notes: Sequence[str], now: datetime, offer_id: int | None = None,
    scanned_at: datetime | None = None, offline: bool = False, practice: bool = False, accepted_before: bool = False,
) -> tuple[dict[str, Any], bool]:  # fmt: skip
    """Spend the notes of one visit, all or none; gives the answer of the contract and whether it is new.

    The same id with the same desk, offer and set of notes gives the stored answer. Raises Conflict when the id stands
    for something else, BadInput for 0 or more than 50 notes, a note twice or an offer of another venue.

    With `accepted_before` a desk accepted the visit while it was apart: expiry and the hours of the offer are judged as of
    `scanned_at`, all else as the books stand; where a note of it was spent before, a conflict is recorded. Raises BadInput
    for one of more than 60 days ago.
    """
    desks.require_spending(desk)
    shown_notes = judging.read(notes)
    request = _request_sha256(desk, offer_id, shown_notes)

    def work(connection: Connection) -> tuple[dict[str, Any], bool]:
        known = spending.visit(connection, redemption_id)
        if known is not None:
            return _same_again(known, request), False
        seen_at = desk_clock.seen_at(scanned_at, now) if accepted_before else now
        judged, decision = _decide(
            store, connection, desk, shown_notes, offer_id, offline=offline, now=now, seen_at=seen_at
        )
        answer = _answer(redemption_id, desk, judged, decision)
        made = Visit(
            redemption_id, desk.desk.id, desk.venue.id, offer_id, request, decision.outcome, decision.reason,
            answer["hours"], practice, offline, answer, scanned_at or now, now,
        )  # fmt: skip
        _keep(connection, made, judged)
        if accepted_before and not practice:
            _add_conflict(connection, made, judged)
        return answer, True

    return store.write(work)


def check_notes(store: Store, *, desk: AtVenue, notes: Sequence[str], now: datetime) -> dict[str, Any]:
    """The same question without spending: the verdict on each note, `good` for one that could be spent."""
    shown_notes = judging.read(notes)

    def work(connection: Connection) -> dict[str, Any]:
        judged = judging.judge_all(store, connection, desk, shown_notes, local_only=False, offline=False, now=now)
        spending.add_scans(connection, [_checked(each, desk, now) for each in judged])
        return {"notes": [_note_answer(each, each.verdict, desk) for each in judged]}

    return store.write(work)


def _request_sha256(desk: AtVenue, offer_id: int | None, notes: Sequence[Shown]) -> bytes:
    """What makes two calls the same: desk, offer and the set of notes."""
    named = sorted(str(note.serial) if note.serial else note.text_sha256.hex() for note in notes)
    return hashlib.sha256(json.dumps([desk.desk.id, offer_id, named]).encode()).digest()


def _same_again(known: Visit, request: bytes) -> dict[str, Any]:
    if known.request_sha256 != request:
        raise Conflict("This redemption id stands for another visit already: make a new id for a new visit.")
    return known.answer


def _decide(
    store: Store, connection: Connection, desk: AtVenue, notes: Sequence[Shown], offer_id: int | None,
    *, offline: bool, now: datetime, seen_at: datetime,
) -> tuple[list[Judged], Decision]:  # fmt: skip
    chosen = _offer(connection, desk, offer_id)
    local_only = chosen is not None and chosen.local_only
    judged = judging.judge_all(
        store, connection, desk, notes, local_only=local_only, offline=offline, now=now, seen_at=seen_at
    )
    is_open = chosen is not None and chosen.is_open_at(seen_at.astimezone(LONDON))
    terms = Offer(chosen.price_hours, is_open, chosen.most_notes) if chosen else None
    return judged, visit.decide([each.verdict for each in judged], terms)


def _offer(connection: Connection, desk: AtVenue, offer_id: int | None) -> parties.Offer | None:
    if offer_id is None:
        return None
    found = parties.offer_by_id(connection, offer_id)
    if found is None or found.venue_id != desk.venue.id:
        raise BadInput(f"There is no offer {offer_id} at {desk.venue.name}.")
    return found


def _keep(connection: Connection, made: Visit, judged: Sequence[Judged]) -> None:
    """The visit, what was seen, and - when it is accepted and no practice - the spent notes."""
    paid = made.outcome == Outcome.ACCEPTED and not made.practice
    spending.add_visit(connection, made, [_spent(each) for each in judged] if paid else [])
    verdicts = [Verdict(note["verdict"]) for note in made.answer["notes"]]
    spending.add_scans(connection, [_scan(each, said, made) for each, said in zip(judged, verdicts, strict=True)])


def _add_conflict(connection: Connection, made: Visit, judged: Sequence[Judged]) -> None:
    """Record that the desk took notes that were spent before, where it did."""
    twice = [
        (each.series_id, each.note.serial, each.first_redemption_id)
        for each in judged
        if each.verdict is Verdict.ALREADY_REDEEMED
        and each.series_id is not None and each.note.serial is not None and each.first_redemption_id is not None
    ]  # fmt: skip
    if twice:
        conflicts.add(connection, made.id, twice, made.at)


def _spent(each: Judged) -> NewlySpent:
    if each.series_id is None or each.note.serial is None or each.issued_to_id is None:
        raise AssertionError("a note that is not issued cannot be judged good")
    return NewlySpent(each.series_id, each.note.serial, each.round, each.issued_to_id, each.title_id)


def _checked(each: Judged, desk: AtVenue, now: datetime) -> Scan:
    """What the desk saw and only asked about."""
    note = each.note
    return Scan(desk.desk.id, None, note.serial, each.series_id, note.text_sha256, note.keyed, False, each.verdict, now)


def _scan(each: Judged, said: Verdict, made: Visit) -> Scan:
    """What the desk saw in a visit."""
    note = each.note
    return Scan(
        made.desk_id, made.id, note.serial, each.series_id, note.text_sha256, note.keyed, made.practice, said, made.at
    )


def _answer(redemption_id: UUID, desk: AtVenue, judged: Sequence[Judged], decision: Decision) -> dict[str, Any]:
    accepted = decision.outcome is Outcome.ACCEPTED
    return {
        "id": str(redemption_id),
        "outcome": decision.outcome,
        "reason": decision.reason,
        "hours": len(judged) if accepted else 0,
        "notes": [_note_answer(each, Verdict.ACCEPTED if accepted else each.verdict, desk) for each in judged],
    }


def _note_answer(each: Judged, said: Verdict, desk: AtVenue) -> dict[str, Any]:
    """A note in the answer; where it was spent first is told only to the venue that it was spent at."""
    told = said is Verdict.ALREADY_REDEEMED
    here = told and each.first_venue_id == desk.venue.id
    return {
        "serial": str(each.note.serial) if each.note.serial else None,
        "verdict": said,
        "message": verdict.MESSAGES[said],
        "first_redeemed_at": each.first_redeemed_at.isoformat() if told and each.first_redeemed_at else None,
        "first_venue": desk.venue.name if here else None,
    }
