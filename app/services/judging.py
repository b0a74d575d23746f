"""Judging: what a desk showed, and the verdict on each note as the books stand."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.core import serial as serials
from app.core import token, verdict
from app.core.errors import BadInput
from app.core.serial import Serial
from app.core.token import Token
from app.core.verdict import Facts, Verdict
from app.core.verifying import Ed25519Verifying, Signature
from app.core.visit import MOST_NOTES
from app.core.wall_clock import LONDON
from app.store import notes as kept_notes
from app.store import parties
from app.store.database import lock_series
from app.store.notes import Note, Number, Spent
from app.store.parties import Series

_signatures = Ed25519Verifying()


@dataclass(frozen=True, slots=True)
class Shown:
    """A note as a desk showed it: a token, a serial typed by hand, or neither; `text_sha256` of what it was.

    `signed_by`: a key that its signature was found good under before the books were asked which key is its own.
    """

    text_sha256: bytes
    serial: Serial | None = None
    token: Token | None = None
    signed_by: bytes | None = None

    @property
    def keyed(self) -> bool:
        """Whether it was typed: a serial without a signature."""
        return self.serial is not None and self.token is None


@dataclass(frozen=True, slots=True)
class Judged:
    """A note with its verdict, its series where there is one, and how it stands where it was ever ordered."""

    note: Shown
    verdict: Verdict
    series_id: int | None = None
    found: Note | None = None


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
    read = token.read(text)
    if isinstance(read, Token):
        return Shown(read.sha256, read.serial, read, _hints.signer(read))
    return Shown(digest, read)


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a note is judged: `at` which moment (a series expires with the day of its venues), and
    `only_programme_id` where an offer takes local notes alone."""

    at: datetime
    only_programme_id: int | None = None
    keyed_allowed: bool = False


class Sight:
    """The notes of one or more visits as the books have them, and as they are once the first of these are spent."""

    def __init__(self, series: dict[str, Series], notes: dict[Number, Note]) -> None:
        self._series, self._notes = series, notes

    def judge(self, note: Shown, terms: Terms) -> Judged:
        """The verdict on a note."""
        if note.serial is None:
            return Judged(note, verdict.judge(Facts(readable=False)))
        series = self._series.get(note.serial.series)
        found = self._notes.get((series.id, note.serial.number)) if series is not None else None
        if series is None or found is None:
            return Judged(note, verdict.judge(Facts(state=None)))
        facts = Facts(
            state=found.state,
            signature=_signature(note, found.public_key),
            specimen=serials.is_specimen(series.code),
            redeemed=found.spent is not None,
            expired=series.expires_on is not None and terms.at.astimezone(LONDON).date() > series.expires_on,
            accepted_here=terms.only_programme_id in (None, series.programme_id),
            keyed_allowed=terms.keyed_allowed,
        )
        return Judged(note, verdict.judge(facts), series.id, found)

    def spend(self, each: Judged, redemption_id: UUID, at: datetime, venue_id: int) -> None:
        """Let those who are judged after it find the note spent."""
        if each.series_id is not None and each.note.serial is not None and each.found is not None:
            spent = replace(each.found, lives=each.found.lives + 1, spent=Spent(redemption_id, at, venue_id))
            self._notes[each.series_id, each.note.serial.number] = spent


def look(connection: Connection, notes: Iterable[Shown]) -> Sight:
    """How these notes stand; movements of their series wait until the transaction is over."""
    shown = list(notes)
    series = parties.series_by_codes(connection, codes(shown))
    lock_series(connection, [each.id for each in series.values()], shared=True)
    return sight(connection, shown, series)


def codes(notes: Iterable[Shown]) -> set[str]:
    """The series of these notes, by code."""
    return {note.serial.series for note in notes if note.serial is not None}


def sight(connection: Connection, notes: Iterable[Shown], series: dict[str, Series]) -> Sight:
    """How these notes stand, their series being known."""
    serial_of = [note.serial for note in notes if note.serial is not None]
    wanted = [(series[each.series].id, each.number) for each in serial_of if each.series in series]
    return Sight(series, kept_notes.read(connection, wanted))


def judge_alone(connection: Connection, note: Shown, *, now: datetime) -> Verdict:
    """The verdict on a note that nobody spends, on the broadest terms."""
    series = parties.series_by_codes(connection, codes([note]))
    return sight(connection, [note], series).judge(note, Terms(now)).verdict


def _signature(note: Shown, public_key: bytes) -> Signature | None:
    if note.token is None:
        return None
    _hints.learn(note.token.serial, public_key)
    good = note.signed_by == public_key or _is_signed(note.token, public_key)
    return Signature.GOOD if good else Signature.BAD


def _is_signed(shown: Token, public_key: bytes) -> bool:
    return _signatures.verify_signature(public_key, token.message(shown.serial), shown.signature)


class _Hints:
    """Which key the notes near a serial were last found to have: so that signatures are looked at before a transaction.

    No more than a guess: a note is good by the key that its order has in the books.
    """

    NEAR, MOST = 100, 50_000

    def __init__(self) -> None:
        self._keys: dict[tuple[str, int], bytes] = {}

    def learn(self, serial: Serial, public_key: bytes) -> None:
        """Remember the key of a note."""
        if len(self._keys) >= self.MOST:
            self._keys.clear()
        self._keys[serial.series, serial.number // self.NEAR] = public_key

    def signer(self, shown: Token) -> bytes | None:
        """The key that is likely the note's, if its signature is good under that."""
        key = self._keys.get((shown.serial.series, shown.serial.number // self.NEAR))
        return key if key is not None and _is_signed(shown, key) else None


_hints = _Hints()
