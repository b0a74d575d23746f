"""Cases: refused attempts for staff to look at, and what somebody came to about them; never a finding of the audit.

A case is every attempt with one note since somebody last settled it. Where a desk could not tell which note it was, each attempt
is a case by itself. A duplicate's case tells both venues, how far and how long apart, where the note comes from, and its neighbours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from app.core.coordinates import Coordinates, is_out_of_reach, metres_between
from app.core.errors import NotAllowed, NotFound, Refused
from app.core.ledger import within
from app.core.roles import Deed
from app.core.serial import Serial
from app.core.span import Span
from app.services import rights, wording
from app.services.accounts import Account
from app.services.provenance import bundle_of
from app.store import access, cases, custody, orders, parties, places, scans, spending
from app.store.cases import Settlement
from app.store.database import Store
from app.store.spending import Spending

__all__ = ["Settlement"]

SUSPICIOUS = ("already_redeemed", "forged", "unknown", "void", "held", "not_issued", "expired")
"""The verdicts of an attempt that is a case for staff to look at."""

REASONS = ("shown_twice", "mistake", "copy", "stolen", "other")
"""What somebody can come to about a case."""

AGAIN_WITHIN_MINUTES = 30
"""A note that its own venue sees again so soon was most likely held to the camera twice."""

NEIGHBOURS = 10
"""Notes to each side of the one that was shown."""

LONGEST_NOTE = 200
"""Letters."""

NO_CASE = "There is no such case."


@dataclass(frozen=True, slots=True)
class Attempt:
    """A refused scan: what was said of which note, where, and how it came to the desk."""

    scan_id: int
    at: datetime
    verdict: str
    serial: str | None
    desk: str
    venue: str
    keyed: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits: its newest attempt, and how many there are."""

    newest: Attempt
    attempts: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A case that somebody settled."""

    newest: Attempt
    settlement: Settlement


@dataclass(frozen=True, slots=True)
class Spent:
    """Where and when the note was spent before, and its distance to an attempt; `distance_km` where both places are known."""

    venue: str
    at: datetime
    minutes: int
    distance_km: int | None
    is_same_venue: bool
    is_out_of_reach: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A note beside the one that was shown: its state, and where and when it was spent."""

    serial: Serial
    state: str
    venue: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that is known of it. `order`, `bundle`, `issued_to`, `spent` and `neighbours` are empty for a note that never was."""

    newest: Attempt
    attempts: tuple[Attempt, ...]
    settlements: tuple[Settlement, ...]
    note: Serial | None
    order: str | None
    bundle: Span | None
    issued_to: str | None
    spent: Spent | None
    neighbours: tuple[Neighbour, ...]

    @property
    def is_settled(self) -> bool:
        """Whether nothing came after what somebody settled."""
        return bool(self.settlements) and self.settlements[0].scan_id >= self.newest.scan_id

    @property
    def may_be_shown_twice(self) -> bool:
        """Whether it looks as if one paper was held to the desk twice."""
        return self.spent is not None and self.spent.is_same_venue and self.spent.minutes <= AGAIN_WITHIN_MINUTES


def attempts(
    store: Store, *, most: int = 200, programme_id: int | None = None, since: datetime | None = None
) -> list[Attempt]:
    """The newest refused attempts at desks; with `programme_id`, of its notes or at its venues."""

    def work(connection: Connection) -> list[Attempt]:
        return _attempts(connection, scans.with_verdicts(connection, SUSPICIOUS, most, programme_id, since))

    return store.read(work)


def keyed(
    store: Store, *, most: int = 200, programme_id: int | None = None, since: datetime | None = None
) -> list[Attempt]:
    """The newest serials that were typed by hand, accepted ones too: nobody checked a signature; of a programme likewise."""

    def work(connection: Connection) -> list[Attempt]:
        return _attempts(connection, scans.keyed(connection, most, programme_id, since))

    return store.read(work)


def waiting(store: Store, *, account: Account, most: int) -> list[Waiting]:
    """The cases that wait in the account's reach, the newest first. Raises NotAllowed."""
    programme = rights.programme_of(account, Deed.LOOK_UP)

    def work(connection: Connection) -> list[Waiting]:
        found = cases.waiting(connection, SUSPICIOUS, most, programme)
        seen = _by_id(connection, [row.scan_id for row in found], programme)
        return [Waiting(seen[row.scan_id], row.attempts) for row in found]

    return store.read(work)


def settled(store: Store, *, account: Account, most: int) -> list[Settled]:
    """What people came to, the newest first. Raises NotAllowed."""
    programme = rights.programme_of(account, Deed.LOOK_UP)

    def work(connection: Connection) -> list[Settled]:
        found = cases.settled(connection, most, programme)
        seen = _by_id(connection, [row.scan_id for row in found], programme)
        return [
            Settled(seen[row.scan_id], Settlement(row.scan_id, row.reason, row.note, row.actor, row.settled_at))
            for row in found
        ]

    return store.read(work)


def case_of(store: Store, *, account: Account, scan_id: int) -> Case:
    """The case that an attempt belongs to. Raises NotAllowed, NotFound for one out of reach."""
    programme = rights.programme_of(account, Deed.LOOK_UP)
    return store.read(lambda connection: _case(connection, scan_id, programme))


def settle(store: Store, *, account: Account, scan_id: int, reason: str, note: str | None, now: datetime) -> Settlement:
    """Come to something about a case as it was seen, up to that attempt; the same again gives the same.

    Raises NotAllowed, NotFound, BadInput, Refused where somebody came to something else before.
    """
    programme = rights.programme_of(account, Deed.SETTLE)
    why = wording.one_line(reason, "reason", wording.LONGEST_REASON)
    remark = wording.note(note, LONGEST_NOTE)

    def work(connection: Connection) -> Settlement:
        _check_yours(cases.attempts(connection, [scan_id], programme), programme)
        before = cases.settlements_of(connection, [scan_id])
        if before and (before[0].reason, before[0].note) != (why, remark):
            raise Refused("Somebody settled this case before; nothing was changed.")
        if not before:
            cases.settle(connection, Settlement(scan_id, why, remark, account.email, now))
        return cases.settlements_of(connection, [scan_id])[0]

    return store.write(work)


def attempts_since(store: Store, *, spans: Sequence[Span], since: datetime, most: int) -> list[Attempt]:
    """The newest attempts with notes of these spans since they were stopped: what a hold or a void has kept from being spent."""

    def work(connection: Connection) -> list[Attempt]:
        ids = {each.code: each.id for each in parties.all_series(connection)}
        found = [
            row for span in spans for row in cases.on_span(connection, ids[span.series], span, SUSPICIOUS, since, most)
        ]
        return _attempts(connection, sorted(found, key=lambda row: -row.id)[:most])

    return store.read(work)


def _check_yours(rows: Sequence[Row[Any]], programme_id: int | None) -> None:
    """A note's case is settled by the note's own programme, which has its other attempts too; at whose venue it was shown
    settles what is no note. Raises NotFound, NotAllowed."""
    if not rows or not _is_attempt(rows[0]):
        raise NotFound(NO_CASE)
    if programme_id is not None and rows[0].note_programme_id not in (None, programme_id):
        raise NotAllowed("This note is of another programme: its office settles the case.")


def _is_attempt(row: Row[Any]) -> bool:
    return row.verdict in SUSPICIOUS and not row.practice


def _case(connection: Connection, scan_id: int, programme_id: int | None) -> Case:
    rows = cases.attempts(connection, [scan_id], programme_id)
    if not rows or not _is_attempt(rows[0]):
        raise NotFound(NO_CASE)
    row = rows[0]
    note = Serial(row.code, row.number) if row.code is not None and row.number is not None else None
    if note is not None:
        rows = cases.of_note(connection, row.series_id, row.number, SUSPICIOUS)
    listed = tuple(_attempts(connection, rows))
    settlements = tuple(cases.settlements_of(connection, [each.scan_id for each in listed]))
    if note is None:
        return Case(listed[0], listed, settlements, None, None, None, None, None, ())
    return _with_origin(connection, listed, settlements, note, rows[0])


def _with_origin(
    connection: Connection, listed: tuple[Attempt, ...], settlements: tuple[Settlement, ...], note: Serial, newest: Row[Any]
) -> Case:  # fmt: skip
    alone = Span(note.series, note.number, note.number)
    made = orders.over(connection, newest.series_id, alone)
    if not made:
        return Case(listed[0], listed, settlements, note, None, None, None, None, ())
    bundle = bundle_of(made[0], note)
    return Case(
        listed[0], listed, settlements, note, made[0].id, bundle, _issued_to(connection, newest.series_id, note),
        _spent(connection, newest.series_id, alone, newest), _neighbours(connection, newest.series_id, made[0].span, note),
    )  # fmt: skip


def _issued_to(connection: Connection, series_id: int, note: Serial) -> str | None:
    """The organisation that has it, or had it before it was stopped."""
    found = custody.standing_of(connection, series_id, note)
    standing = found[0] if found is not None else None
    while standing is not None and standing.holder is None:
        standing = standing.was
    return parties.organisation_names(connection).get(standing.holder or 0) if standing is not None else None


def _spent(connection: Connection, series_id: int, alone: Span, newest: Row[Any]) -> Spent | None:
    """Where the note is spent now."""
    lives = spending.spendings_of(connection, series_id, alone)
    if not lives or lives[-1].reversed_at is not None:
        return None
    life = lives[-1]
    there = {desk.id: desk.venue_id for desk, _venue in access.desks(connection)}[newest.desk_id]
    known = places.coordinates(connection)
    minutes = round(abs((newest.at - life.at).total_seconds()) / 60)
    apart = _apart(known.get(life.venue_id), known.get(there))
    is_same = life.venue_id == there
    return Spent(
        _venue_names(connection)[life.venue_id], life.at, minutes, None if apart is None or is_same else round(apart / 1000), is_same,
        apart is not None and not is_same and is_out_of_reach(apart, minutes),
    )  # fmt: skip


def _apart(one: Coordinates | None, other: Coordinates | None) -> int | None:
    """In metres."""
    return metres_between(one, other) if one is not None and other is not None else None


def _neighbours(connection: Connection, series_id: int, ordered: Span, note: Serial) -> tuple[Neighbour, ...]:
    """The notes around it as they stand, itself among them."""
    first, last = max(ordered.first, note.number - NEIGHBOURS), min(ordered.last, note.number + NEIGHBOURS)
    span = Span(note.series, first, last)
    held = within(custody.holdings_touching(connection, series_id, span), span)
    states = {number: str(piece.state) for piece in held for number in range(piece.span.first, piece.span.last + 1)}
    spent = {each.serial.number: each for each in spending.spendings_of(connection, series_id, span)}
    retired = set(spending.retired_numbers(connection, series_id, span))
    names = _venue_names(connection)
    return tuple(
        _neighbour(Serial(note.series, number), states[number], spent.get(number), number in retired, names)
        for number in range(first, last + 1)
    )


def _neighbour(
    serial: Serial, state: str, life: Spending | None, is_retired: bool, names: dict[int, str]
) -> Neighbour:  # fmt: skip
    if life is None or life.reversed_at is not None:
        return Neighbour(serial, state, None, None)
    return Neighbour(serial, "retired" if is_retired else "redeemed", names.get(life.venue_id), life.at)


def _venue_names(connection: Connection) -> dict[int, str]:
    return {each.id: each.name for each in parties.venues(connection)}


def _by_id(connection: Connection, scan_ids: Sequence[int], programme_id: int | None) -> dict[int, Attempt]:
    return {each.scan_id: each for each in _attempts(connection, cases.attempts(connection, scan_ids, programme_id))}


def _attempts(connection: Connection, rows: Sequence[Row[Any]]) -> list[Attempt]:
    where = {desk.id: (desk.name, venue) for desk, venue in access.desks(connection)}
    return [
        Attempt(row.id, row.at, row.verdict, _printed(row.code, row.number), *where[row.desk_id], bool(row.keyed))
        for row in rows
    ]


def _printed(series: str | None, number: int | None) -> str | None:
    return Serial(series, number).printed if series is not None and number is not None else None
