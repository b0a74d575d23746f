"""Judging: what a desk showed, and the verdict on each note as the books stand."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.core import serial as serials
from app.core import token, verdict
from app.core.errors import BadInput, BadSerial, BadToken
from app.core.lifecycle import State
from app.core.serial import Serial
from app.core.span import Span
from app.core.token import Token
from app.core.verdict import Facts, Verdict
from app.core.verifying import Ed25519Verifying, Signature
from app.core.visit import MOST_NOTES
from app.services.desks import AtVenue
from app.store import access, custody, orders, parties, spending
from app.store.database import Store
from app.store.parties import Series

LONGEST_NOTE_TEXT = 500
LONDON = ZoneInfo("Europe/London")
"""The day on which a series expires ends where its venues are."""

_signatures = Ed25519Verifying()


@dataclass(frozen=True, slots=True)
class Shown:
    """A note as a desk showed it: a token, a serial typed by hand, or neither; `text_sha256` of what it was."""

    text_sha256: bytes
    serial: Serial | None = None
    token: Token | None = None

    @property
    def keyed(self) -> bool:
        """Whether it was typed: a serial without a signature."""
        return self.serial is not None and self.token is None


@dataclass(frozen=True, slots=True)
class Judged:
    """A note with its verdict, and what is needed to spend it and to tell its story."""

    note: Shown
    verdict: Verdict
    series_id: int | None = None
    round: int = 0
    issued_to_id: int | None = None
    title_id: int = 0
    first_redeemed_at: datetime | None = None
    first_venue_id: int | None = None
    first_redemption_id: UUID | None = None


def read(notes: Sequence[str]) -> list[Shown]:
    """Each text as a token, a typed serial or neither. Raises BadInput."""
    if not 1 <= len(notes) <= MOST_NOTES:
        raise BadInput(f"A visit has 1 to {MOST_NOTES} notes; this one has {len(notes)}.")
    read = [_shown_note(text) for text in notes]
    twice = [each for each, times in Counter(each.serial or each.text_sha256 for each in read).items() if times > 1]
    if twice:
        which = twice[0].printed if isinstance(twice[0], Serial) else "One code"
        raise BadInput(f"{which} is in this visit twice: take it out once.")
    return read


def _shown_note(text: str) -> Shown:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    if len(text) > LONGEST_NOTE_TEXT:
        return Shown(digest)
    try:
        read = token.parse(text)
        return Shown(read.sha256, read.serial, read)
    except BadToken:
        return _typed(text, digest)


def _typed(text: str, digest: bytes) -> Shown:
    try:
        return Shown(digest, serials.parse(text))
    except BadSerial:
        return Shown(digest)


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a note is judged: `only_programme_id` where an offer takes local notes alone."""

    now: datetime
    only_programme_id: int | None = None
    keyed_allowed: bool = False


def judge_all(
    store: Store, connection: Connection, desk: AtVenue, notes: Sequence[Shown],
    *, local_only: bool, offline: bool, now: datetime, seen_at: datetime | None = None,
) -> list[Judged]:  # fmt: skip
    """The verdict on each note, in order; movements of its series wait until the transaction is over.

    `seen_at`, where it is not now: when the notes were shown; whether their series had expired is judged by that alone.
    """
    series = _series_of(connection, notes)
    store.lock_series(connection, [each.id for each in series.values()], shared=True)
    is_keyed = not offline and any(note.keyed for note in notes)
    keyed_left = _keyed_left(connection, desk, now) if is_keyed else 0
    judged = []
    for note in notes:
        keyed_left -= note.keyed
        terms = Terms(seen_at or now, desk.venue.programme_id if local_only else None, keyed_left >= 0)
        judged.append(_judge(connection, note, series, terms))
    return judged


def judge_alone(connection: Connection, note: Shown, *, now: datetime) -> Verdict:
    """The verdict on a note that nobody spends, on the broadest terms."""
    return _judge(connection, note, _series_of(connection, [note]), Terms(now)).verdict


def _series_of(connection: Connection, notes: Sequence[Shown]) -> dict[str, Series]:
    codes = {note.serial.series for note in notes if note.serial}
    found = (parties.series_by_code(connection, code) for code in sorted(codes))
    return {each.code: each for each in found if each is not None}


def _keyed_left(connection: Connection, desk: AtVenue, now: datetime) -> int:
    """How many more serials the desk may type today."""
    if not desk.venue.keyed_per_day:
        return 0
    access.take_turn(connection, desk.desk.id)  # so that two at once do not share what is left
    midnight = datetime.combine(now.astimezone(LONDON).date(), time(), LONDON)
    return desk.venue.keyed_per_day - spending.count_keyed(connection, desk.desk.id, midnight)


def _judge(connection: Connection, note: Shown, known: dict[str, Series], terms: Terms) -> Judged:
    if note.serial is None:
        return Judged(note, verdict.judge(Facts(readable=False)))
    series = known.get(note.serial.series)
    standing, title_id = (series and custody.standing_of(connection, series.id, note.serial)) or (None, 0)
    if series is None or standing is None:
        return Judged(note, verdict.judge(Facts(state=None)))
    lives = spending.spendings_of(connection, series.id, Span(series.code, note.serial.number, note.serial.number))
    spent = lives[-1] if lives and lives[-1].reversed_at is None else None
    facts = Facts(
        state=standing.state,
        signature=_signature(connection, series.id, note),
        specimen=serials.is_specimen(series.code),
        redeemed=spent is not None,
        expired=series.expires_on is not None and terms.now.astimezone(LONDON).date() > series.expires_on,
        accepted_here=terms.only_programme_id in (None, series.programme_id),
        keyed_allowed=terms.keyed_allowed,
    )
    return Judged(
        note,
        verdict.judge(facts),
        series_id=series.id,
        round=len(lives),
        issued_to_id=standing.holder if standing.state is State.ISSUED else None,
        title_id=title_id,
        first_redeemed_at=spent.at if spent else None,
        first_venue_id=spent.venue_id if spent else None,
        first_redemption_id=spent.redemption_id if spent else None,
    )


def _signature(connection: Connection, series_id: int, note: Shown) -> Signature | None:
    if note.token is None:
        return None
    key = orders.key_of(connection, series_id, note.token.serial.number)
    signed = token.message(note.token.serial)
    good = key is not None and _signatures.verify_signature(key, signed, note.token.signature)
    return Signature.GOOD if good else Signature.BAD
