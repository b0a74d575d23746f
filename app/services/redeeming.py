"""Redeeming: one to fifty notes of a visit, all or none, and the same answer however often the desk asks.

Visits that come at the same time are decided one after another in one transaction, so that they share its cost.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.core import desk_clock, verdict, visit
from app.core.errors import BadInput, Conflict, HournoteError, NotAllowed, NotYet, Unavailable
from app.core.serial import Serial
from app.core.verdict import Verdict
from app.core.visit import Decision, Offer, Outcome
from app.core.wall_clock import LONDON
from app.services import desks, judging, offered
from app.services.desks import AtVenue
from app.services.judging import Judged, Shown, Sight, Terms
from app.store import access, arrivals, conflicts, parties, scans, spending
from app.store.database import Store
from app.store.scans import Scan
from app.store.spending import NewlySpent, NewVisit, Visit

MAY_BE_LOST = (Verdict.UNKNOWN, Verdict.NOT_ISSUED)
"""What is said of notes whose order, or issue, is among what a restore lost."""

Answer = tuple[dict[str, Any], bool]
"""The answer of the contract, and whether it is new."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A visit as it was sent: by a desk that has shown its key before, or shows it with the visit."""

    redemption_id: UUID
    desk: AtVenue | None
    key_sha256: bytes | None
    notes: Sequence[Shown]
    now: datetime
    offer_id: int | None = None
    scanned_at: datetime | None = None
    offline: bool = False
    practice: bool = False
    journalled: bool = False
    counted: bool = False
    admit: Callable[[AtVenue], None] = lambda desk: None

    @property
    def accepted_before(self) -> bool:
        """Whether the desk accepted it while it was apart."""
        return self.offline or self.journalled

    @property
    def seen_at(self) -> datetime:
        """As of when expiry and the offer are judged. Raises BadInput for what is of more than 60 days ago."""
        return desk_clock.seen_at(self.scanned_at, self.now) if self.accepted_before or self.counted else self.now


def redeem_notes(
    store: Store, *, redemption_id: UUID, desk: AtVenue, notes: Sequence[str], now: datetime, offer_id: int | None = None,
    scanned_at: datetime | None = None, offline: bool = False, practice: bool = False, journalled: bool = False,
) -> Answer:  # fmt: skip
    """Spend the notes of one visit, all or none; gives the answer of the contract and whether it is new.

    The same id with the same desk, offer and set of notes gives the stored answer. Raises Conflict when the id stands
    for something else, BadInput for 0 or more than 50 notes, a note twice or an offer of another venue, NotAllowed for a
    desk that may only check, Unavailable while the books are closed after a restore.

    A desk accepted a visit that is `offline`, or `journalled`, before: expiry and the offer are judged as of `scanned_at`, and
    an offer that was changed by any version that the desk may still have known; all else as the books stand. Where a note of it
    was spent before, a conflict is recorded. Raises BadInput for one of more than 60 days ago, and NotYet for a `journalled`
    one whose notes restored books do not know as issued: while they are closed its refusal is not kept, because their movements
    may still have to be entered again.
    """
    shown = judging.read(notes)
    asked = _Asked(redemption_id, desk, None, shown, now, offer_id, scanned_at, offline, practice, journalled)
    answer, is_new, _desk = store.together(_redeem_all, asked)
    return answer, is_new


def redeem_counted(
    store: Store, *, redemption_id: UUID, desk: AtVenue, notes: Sequence[str], now: datetime, offer_id: int | None,
    scanned_at: datetime,
) -> dict[str, Any]:  # fmt: skip
    """The same for a stack that staff counted and vouch for: typed serials are taken however many, and expiry and the offer
    are judged as of `scanned_at`. It was accepted by no desk, so no conflict comes of it."""
    shown = judging.read(notes)
    asked = _Asked(redemption_id, desk, None, shown, now, offer_id, scanned_at, counted=True)
    return store.together(_redeem_all, asked)[0]


def redeem_with_key(
    store: Store, *, redemption_id: UUID, key: str, notes: Sequence[str], now: datetime, offer_id: int | None = None,
    scanned_at: datetime | None = None, offline: bool = False, practice: bool = False,
    admit: Callable[[AtVenue], None] = lambda desk: None,
) -> tuple[dict[str, Any], bool, AtVenue]:  # fmt: skip
    """The same for whoever shows the key of a desk, which comes back too. Raises NotAllowed as well, when no desk has it or
    it was revoked, and what `admit` raises, which is told of the desk before anything is done for it."""
    shown = judging.read(notes)
    asked = _Asked(
        redemption_id, None, desks.digest(key), shown, now, offer_id, scanned_at, offline, practice, admit=admit
    )
    answer, is_new, desk = store.together(_redeem_all, asked)
    desks.note_seen(store, desk, now=now)
    return answer, is_new, desk


def check_notes(store: Store, *, desk: AtVenue, notes: Sequence[str], now: datetime) -> dict[str, Any]:
    """The same question without spending: the verdict on each note, `good` for one that could be spent."""
    shown = judging.read(notes)

    def work(connection: Connection) -> dict[str, Any]:
        group = _Group(connection, judging.look(connection, shown))
        judged = group.judge(_Asked(UUID(int=0), desk, None, shown, now), desk)
        scans.add(connection, [_scan(each, each.verdict, desk, now) for each in judged])
        return {"notes": [_note_answer(each, each.verdict, desk) for each in judged]}

    return store.write(work)


def _redeem_all(
    connection: Connection, asked: Sequence[_Asked]
) -> list[tuple[dict[str, Any], bool, AtVenue] | Exception]:
    """Decide each visit in turn; what an earlier one of them spends is spent for the later ones."""
    arrived = arrivals.read(
        connection,
        keys=[each.key_sha256 for each in asked if each.key_sha256 is not None],
        redemption_ids=[each.redemption_id for each in asked],
        codes=judging.codes(note for each in asked for note in each.notes),
    )
    at_key = desks.enrolled(arrived.desks)
    heard = [each for each in asked if each.desk is not None or each.key_sha256 in at_key]  # strangers cost no reading
    new = [note for each in heard if _is_looked_at(arrived.known.get(each.redemption_id), each) for note in each.notes]
    group = _Group(connection, judging.sight(connection, new, arrived.series), arrived.closed, arrived.restored_at)
    group.find_offers({each.offer_id for each in asked if each.offer_id is not None})
    answers = [_answered(group, arrived.known, each, each.desk or at_key.get(each.key_sha256 or b"")) for each in asked]
    spending.add_visits(connection, group.made)
    scans.add(connection, group.held_back)
    for redemption_id, twice, at in group.conflicts:
        conflicts.add(connection, redemption_id, twice, at)
    return answers


def _answered(
    group: "_Group", known: dict[UUID, Visit], asked: _Asked, desk: AtVenue | None
) -> tuple[dict[str, Any], bool, AtVenue] | Exception:
    try:
        if desk is None:
            raise NotAllowed(desks.NOT_ENROLLED, status=401)
        asked.admit(desk)
        request = _request_sha256(desk, asked)
        before = known.get(asked.redemption_id)
        if before is not None:
            answer = _same_again(before, request)
            if _is_looked_at(before, asked):
                group.keep_late_conflict(asked)
            return answer, False, desk
        desks.require_spending(desk)
        made = group.redeem(asked, desk, request)
        known[asked.redemption_id] = made
        return made.answer, True, desk
    except HournoteError as error:
        return error


class _Group:
    """Visits that are decided together, and what they come to."""

    def __init__(
        self, connection: Connection, sight: Sight, closed: str | None = None, restored_at: datetime | None = None
    ) -> None:
        self.made: list[NewVisit] = []
        self.held_back: list[Scan] = []
        self.conflicts: list[tuple[UUID, list[tuple[int, Serial, UUID]], datetime]] = []
        self._connection, self._sight, self._closed, self._restored_at = connection, sight, closed, restored_at
        self._offers: dict[int, parties.Offer] = {}
        self._keyed_left: dict[int, int] = {}

    def find_offers(self, offer_ids: set[int]) -> None:
        """Read the offers that are asked for."""
        self._offers = parties.offers_by_id(self._connection, offer_ids)

    def redeem(self, asked: _Asked, desk: AtVenue, request: bytes) -> Visit:
        """Decide a visit, and enter it into the books at the end. Raises Unavailable while they are closed: only what desks
        accepted before, by their journals, is taken then."""
        if self._closed is not None and not asked.journalled:
            raise Unavailable(
                f"Redemption is closed. {self._closed} Try again when the office has reopened it.", reason="closed"
            )
        judged, decision = self._decide(asked, desk)
        self._hold_back(asked, judged, desk)
        answer = _answer(asked.redemption_id, desk, judged, decision)
        made = Visit(
            asked.redemption_id, desk.desk.id, desk.venue.id, asked.offer_id, request, decision.outcome, decision.reason,
            answer["hours"], asked.practice, asked.offline, answer, asked.scanned_at or asked.now, asked.now,
        )  # fmt: skip
        self._keep(made, judged, desk)
        if asked.accepted_before and not asked.practice:
            self._keep_conflict(made.id, judged, made.at)
        return made

    def _decide(self, asked: _Asked, desk: AtVenue) -> tuple[list[Judged], Decision]:
        """By the offer; where it was changed while the desk was apart, by whichever version the desk may have gone by."""
        versions, may_be_keyed = self._versions(asked, desk), self._keyed(asked, desk)
        decided = [self._decide_by(asked, desk, each, may_be_keyed) for each in versions]
        return next((each for each in decided if each[1].outcome is Outcome.ACCEPTED), decided[0])

    def _decide_by(
        self, asked: _Asked, desk: AtVenue, chosen: parties.Offer | None, may_be_keyed: Sequence[bool]
    ) -> tuple[list[Judged], Decision]:
        judged = self._judge(asked, desk, chosen, may_be_keyed)
        is_open = chosen is not None and chosen.is_open_at(asked.seen_at.astimezone(LONDON))
        terms = Offer(chosen.price_hours, is_open, chosen.most_notes) if chosen else None
        return judged, visit.decide([each.verdict for each in judged], terms)

    def _versions(self, asked: _Asked, desk: AtVenue) -> list[parties.Offer] | list[None]:
        """The offer as it stands, or stood when the notes were counted; for what a desk accepted by itself, the versions of
        it that are no older than such a desk's knowledge may be."""
        chosen = self._offer(asked, desk)
        if chosen is None:
            return [None]
        if not asked.accepted_before and not asked.counted:
            return [chosen]
        apart = timedelta(hours=desk.venue.offline_hours) if asked.accepted_before else timedelta()
        return offered.versions(self._connection, chosen, since=asked.seen_at - apart, until=asked.seen_at)

    def judge(self, asked: _Asked, desk: AtVenue) -> list[Judged]:
        """The verdict on each note without an offer, in order."""
        return self._judge(asked, desk, None, self._keyed(asked, desk))

    def _judge(
        self, asked: _Asked, desk: AtVenue, offer: parties.Offer | None, may_be_keyed: Sequence[bool]
    ) -> list[Judged]:
        programme_id = desk.venue.programme_id if offer is not None and offer.local_only else None
        terms = [Terms(asked.seen_at, programme_id, each) for each in may_be_keyed]
        return [self._sight.judge(note, each) for note, each in zip(asked.notes, terms, strict=True)]

    def _keyed(self, asked: _Asked, desk: AtVenue) -> list[bool]:
        """Of each note whether it was typed and may be; asked once for a visit, because each takes one off the allowance."""
        return [note.keyed and self._may_be_keyed(asked, desk) for note in asked.notes]

    def _may_be_keyed(self, asked: _Asked, desk: AtVenue) -> bool:
        """Whether the desk may type one more serial today: the venue lets it, it is online, its allowance is not used up."""
        if asked.counted or self._is_told_again(asked):
            return True
        if asked.offline or not desk.venue.keyed_per_day:
            return False
        if desk.desk.id not in self._keyed_left:
            access.take_turn(self._connection, desk.desk.id)  # so that two at once do not share what is left
            midnight = datetime.combine(asked.now.astimezone(LONDON).date(), time(), LONDON)
            typed = scans.count_keyed(self._connection, desk.desk.id, midnight)
            self._keyed_left[desk.desk.id] = desk.venue.keyed_per_day - typed
        self._keyed_left[desk.desk.id] -= 1
        return self._keyed_left[desk.desk.id] >= 0

    def _is_told_again(self, asked: _Asked) -> bool:
        """Whether it may be of what a restore lost: desks keep no token of a visit that was answered, only its serials."""
        if not asked.journalled or self._restored_at is None:
            return False
        return self._closed is not None or asked.seen_at < self._restored_at

    def _hold_back(self, asked: _Asked, judged: Sequence[Judged], desk: AtVenue) -> None:
        """Keep no refusal that the movements which a restore lost would make wrong; what was seen is kept. Raises NotYet."""
        if self._closed is None or not any(each.verdict in MAY_BE_LOST for each in judged):
            return
        for each in judged:
            seen = _scan(each, each.verdict, desk, asked.now)
            self.held_back.append(replace(seen, redemption_id=asked.redemption_id, practice=asked.practice))
        raise NotYet(
            "These books were restored and do not know notes of this visit as issued: enter the movements that are missing, "
            "and let the desk send it again."
        )

    def _offer(self, asked: _Asked, desk: AtVenue) -> parties.Offer | None:
        if asked.offer_id is None:
            return None
        found = self._offers.get(asked.offer_id)
        if found is None or found.venue_id != desk.venue.id:
            raise BadInput(f"There is no offer {asked.offer_id} at {desk.venue.name}.")
        return found

    def _keep(self, made: Visit, judged: Sequence[Judged], desk: AtVenue) -> None:
        """The visit, what was seen, and - when it is accepted and no practice - the spent notes."""
        paid = made.outcome == Outcome.ACCEPTED and not made.practice
        said = [Verdict(note["verdict"]) for note in made.answer["notes"]]
        seen = [_scan(each, word, desk, made.at, made) for each, word in zip(judged, said, strict=True)]
        self.made.append(NewVisit(made, [_spent(each) for each in judged] if paid else [], seen))
        for each in judged if paid else []:
            self._sight.spend(each, made.id, made.at, made.venue_id)

    def keep_late_conflict(self, asked: _Asked) -> None:
        """That the desk accepted by itself what was refused here, once: it never heard the refusal of its first call."""
        told = any(redemption_id == asked.redemption_id for redemption_id, _twice, _at in self.conflicts)
        if told or conflicts.of(self._connection, asked.redemption_id) is not None:
            return
        judged = [self._sight.judge(note, Terms(asked.now)) for note in asked.notes]
        self._keep_conflict(asked.redemption_id, judged, asked.now)

    def _keep_conflict(self, redemption_id: UUID, judged: Sequence[Judged], at: datetime) -> None:
        """That the desk took notes which were spent before, where it did."""
        twice = [
            (each.series_id, each.note.serial, each.found.spent.redemption_id)
            for each in judged
            if each.verdict is Verdict.ALREADY_REDEEMED
            and each.series_id is not None and each.note.serial is not None and each.found and each.found.spent
        ]  # fmt: skip
        if twice:
            self.conflicts.append((redemption_id, twice, at))


def _is_looked_at(before: Visit | None, asked: _Asked) -> bool:
    """Whether the notes of a visit are judged: when it is new, or when the desk accepted by itself what was refused here."""
    if before is None:
        return True
    is_real = not before.practice and not asked.practice
    return is_real and before.outcome == Outcome.REFUSED and asked.offline


def _request_sha256(desk: AtVenue, asked: _Asked) -> bytes:
    """What makes two calls the same: desk, offer and the set of notes."""
    named = sorted(str(note.serial) if note.serial else note.text_sha256.hex() for note in asked.notes)
    return hashlib.sha256(json.dumps([desk.desk.id, asked.offer_id, named]).encode()).digest()


def _same_again(known: Visit, request: bytes) -> dict[str, Any]:
    if known.request_sha256 != request:
        raise Conflict("This redemption id stands for another visit already: make a new id for a new visit.")
    return known.answer


def _spent(each: Judged) -> NewlySpent:
    found = each.found
    if each.series_id is None or each.note.serial is None or found is None or found.holder_id is None:
        raise AssertionError("a note that is not issued cannot be judged good")
    return NewlySpent(each.series_id, each.note.serial, found.lives, found.holder_id, found.title_id)


def _scan(each: Judged, said: Verdict, desk: AtVenue, at: datetime, made: Visit | None = None) -> Scan:
    """What the desk saw, in a visit or only asking."""
    note, redemption_id, practice = each.note, made.id if made else None, made.practice if made else False
    return Scan(
        desk.desk.id, redemption_id, note.serial, each.series_id, note.text_sha256, note.keyed, practice, said, at
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
    first = each.found.spent if each.found is not None and said is Verdict.ALREADY_REDEEMED else None
    here = first is not None and first.venue_id == desk.venue.id
    return {
        "serial": str(each.note.serial) if each.note.serial else None,
        "verdict": said,
        "message": verdict.MESSAGES[said],
        "first_redeemed_at": first.at.isoformat() if first is not None else None,
        "first_venue": desk.venue.name if here else None,
    }
