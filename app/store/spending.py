"""Redemptions, reversals and retired paper: the rows that exist for spent notes alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core import fact
from app.core.fact import FactKind
from app.core.serial import Serial
from app.core.span import Span
from app.store import facts, log, rows, scans
from app.store.database import added
from app.store.scans import Scan
from app.store.tables import (
    movement,
    redeemed_note,
    redemption,
    retired_note,
    retirement,
    reversal,
    reversed_note,
    scan,
    series,
)


@dataclass(frozen=True, slots=True)
class Spending:
    """One life of a note: its round, the redemption that ended it, and the reversal that gave it back, if any."""

    serial: Serial
    round: int
    redemption_id: UUID
    venue_id: int
    title_id: int
    at: datetime
    reversed_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewlySpent:
    """A note about to be spent: which life of it, by whom it was given out, and the movement that gave it title."""

    series_id: int
    serial: Serial
    round: int
    issued_to_id: int
    title_id: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A redemption as it stands in the books."""

    id: UUID
    desk_id: int
    venue_id: int
    offer_id: int | None
    request_sha256: bytes
    outcome: str
    reason: str | None
    hours: int
    practice: bool
    offline: bool
    answer: dict[str, Any]
    scanned_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A redemption to be entered, with the notes that it spends and what was seen in it."""

    visit: Visit
    spent: Sequence[NewlySpent]
    scans: Sequence[Scan]


def visit(connection: Connection, redemption_id: UUID) -> Visit | None:
    """The redemption of that id, refused ones too."""
    return visits(connection, [redemption_id]).get(redemption_id)


def visits(connection: Connection, redemption_ids: Sequence[UUID]) -> dict[UUID, Visit]:
    """Those of the redemptions of these ids that there are, refused ones too."""
    query = sa.select(redemption).where(rows.among(connection, redemption.c.id, "ids"))
    found = connection.execute(query, {"ids": list(redemption_ids)})
    return {row.id: Visit(*row) for row in found}


def add_visits(connection: Connection, made: Sequence[NewVisit]) -> None:
    """Append redemptions and spend their notes; a second live row of one is refused by the database.

    By their keys, so that two transactions with visits or notes in common wait for each other in one order.
    """
    in_order = sorted(made, key=lambda each: each.visit.id)
    spent = sorted(
        ((note, each.visit.id) for each in made for note in each.spent),
        key=lambda pair: (pair[0].series_id, pair[0].serial.number),
    )
    leaves = [(FactKind.REDEMPTION, each.visit.id, _line(each.visit, each.spent)) for each in in_order]
    rows.insert_all(
        connection,
        [
            (redemption, [_visit_row(each.visit) for each in in_order]),
            (redeemed_note, [_spent_row(note, redemption_id) for note, redemption_id in spent]),
            (scan, [scans.row(seen) for each in made for seen in each.scans]),
            log.waiting(leaves),
        ],
    )


def _visit_row(visit: Visit) -> dict[str, Any]:
    return {name: getattr(visit, name) for name in Visit.__slots__}


def _line(visit: Visit, spent: Sequence[NewlySpent]) -> bytes:
    """The redemption as the log has it; not read back, as this is where the speed of the service lies."""
    return fact.redemption(
        visit.id, desk=visit.desk_id, venue=visit.venue_id, offer=visit.offer_id, outcome=visit.outcome,
        reason=visit.reason, hours=visit.hours, practice=visit.practice, offline=visit.offline,
        request_sha256=visit.request_sha256, answer=visit.answer,
        spent=[(note.serial, note.round, note.issued_to_id, note.title_id) for note in spent],
        scanned_at=visit.scanned_at, at=visit.at,
    )  # fmt: skip


def spendings_of(connection: Connection, series_id: int, span: Span) -> list[Spending]:
    """Every life of every note of `span` that was ever redeemed, by number and round."""
    query = _spendings().where(
        redeemed_note.c.series_id == series_id, redeemed_note.c.number.between(span.first, span.last)
    )
    return [_spending(row) for row in connection.execute(query)]


def all_spendings(connection: Connection) -> list[Spending]:
    """Every life of every note that was ever redeemed."""
    return [_spending(row) for row in connection.execute(_spendings())]


def all_paid(connection: Connection) -> dict[UUID, int]:
    """The hours of every accepted redemption that was no practice, reversed ones too."""
    paid = (redemption.c.outcome == "accepted", redemption.c.practice.is_(False))
    found = connection.execute(sa.select(redemption.c.id, redemption.c.hours).where(*paid))
    return {row.id: row.hours for row in found}


def count_redeemed(connection: Connection, series_id: int, span: Span) -> int:
    """How many notes of `span` are spent now."""
    mine = [redeemed_note.c.series_id == series_id, redeemed_note.c.number.between(span.first, span.last)]
    spent = connection.scalar(sa.select(sa.func.count()).where(*mine)) or 0
    theirs = [reversed_note.c.series_id == series_id, reversed_note.c.number.between(span.first, span.last)]
    return spent - (connection.scalar(sa.select(sa.func.count()).where(*theirs)) or 0)


def count_redeemed_as_of(connection: Connection, series_id: int, span: Span, movement_id: int) -> int:
    """How many notes of `span` were spent when a movement of all of it was made.

    What was spent later has a title as new as the movement or newer. A reversal has none: its place in the log tells.
    """
    mine = [redeemed_note.c.series_id == series_id, redeemed_note.c.number.between(span.first, span.last)]
    older = sa.select(sa.func.count()).where(*mine, redeemed_note.c.title_id < movement_id)
    moved_by = connection.scalar(sa.select(movement.c.request_id).where(movement.c.id == movement_id))
    place = log.place_of(connection, FactKind.MOVEMENT, str(moved_by)) or 0
    back = (
        sa.select(reversed_note.c.redemption_id, sa.func.count())
        .where(reversed_note.c.series_id == series_id, reversed_note.c.number.between(span.first, span.last))
        .group_by(reversed_note.c.redemption_id)
    )
    given_back = sum(
        notes
        for redemption_id, notes in connection.execute(back)
        if (log.place_of(connection, FactKind.REVERSAL, str(redemption_id)) or 0) < place
    )
    return (connection.scalar(older) or 0) - int(given_back)


def redeemed_numbers(connection: Connection, series_id: int, span: Span) -> list[int]:
    """The numbers of `span` that are spent now, in order."""
    return [s.serial.number for s in spendings_of(connection, series_id, span) if s.reversed_at is None]


def _spent_row(note: NewlySpent, redemption_id: UUID) -> dict[str, Any]:
    return {
        "series_id": note.series_id,
        "number": note.serial.number,
        "round": note.round,
        "reversed_round": note.round - 1 if note.round else None,
        "redemption_id": redemption_id,
        "issued_to_id": note.issued_to_id,
        "title_id": note.title_id,
    }


def add_reversal(connection: Connection, redemption_id: UUID, *, reason: str, actor: str, at: datetime) -> None:
    """Give every note of a redemption back; a second reversal of it is refused."""
    connection.execute(reversal.insert().values(redemption_id=redemption_id, reason=reason, actor=actor, at=at))
    given_back = sa.select(
        redeemed_note.c.series_id, redeemed_note.c.number, redeemed_note.c.round, redeemed_note.c.redemption_id
    ).where(redeemed_note.c.redemption_id == redemption_id)
    connection.execute(
        reversed_note.insert().from_select(["series_id", "number", "round", "redemption_id"], given_back)
    )
    facts.enter(connection, FactKind.REVERSAL, redemption_id)


def series_ids_of(connection: Connection, redemption_id: UUID) -> list[int]:
    """The series of the notes that a redemption spent."""
    mine = sa.select(redeemed_note.c.series_id).where(redeemed_note.c.redemption_id == redemption_id)
    return list(connection.scalars(mine.distinct()))


def reversal_of(connection: Connection, redemption_id: UUID) -> Row[Any] | None:
    """The reversal of a redemption: its reason, actor and time."""
    return connection.execute(sa.select(reversal).where(reversal.c.redemption_id == redemption_id)).first()


def visits_of_venue(connection: Connection, venue_id: int | None, most: int) -> list[Row[Any]]:
    """The newest accepted redemptions of a venue, or of all, with the time of their reversal."""
    query = (
        sa.select(redemption, reversal.c.at.label("reversed_at"))
        .outerjoin(reversal, reversal.c.redemption_id == redemption.c.id)
        .where(redemption.c.outcome == "accepted", redemption.c.practice.is_(False))
    )
    if venue_id is not None:
        query = query.where(redemption.c.venue_id == venue_id)
    return list(connection.execute(query.order_by(redemption.c.at.desc()).limit(most)))


def add_retirement(
    connection: Connection, series_id: int, whole: Span, spans: Sequence[Span],
    *, request_id: UUID, note: str | None, actor: str, at: datetime,
) -> int:  # fmt: skip
    """Retire each note of `spans`, all within `whole`; one that is retired already is refused. Gives its id."""
    retirement_id = added(
        connection, retirement,
        request_id=request_id, series_id=series_id, first=whole.first, last=whole.last, note=note, actor=actor, at=at,
    )  # fmt: skip
    numbers = (number for span in spans for number in range(span.first, span.last + 1))
    retired = [{"series_id": series_id, "number": number, "retirement_id": retirement_id} for number in numbers]
    rows.insert(connection, retired_note, retired)
    facts.enter(connection, FactKind.RETIREMENT, request_id)
    return retirement_id


def retirement_by_request(connection: Connection, request_id: UUID) -> Row[Any] | None:
    """The retirement that this request made, if it was made before."""
    query = sa.select(retirement, series.c.code).join(series, series.c.id == retirement.c.series_id)
    return connection.execute(query.where(retirement.c.request_id == request_id)).first()


def numbers_of_retirement(connection: Connection, retirement_id: int) -> list[int]:
    """The numbers of the notes that a retirement destroyed, in order."""
    mine = retired_note.c.retirement_id == retirement_id
    return list(connection.scalars(sa.select(retired_note.c.number).where(mine).order_by(retired_note.c.number)))


def retired_numbers(connection: Connection, series_id: int, span: Span) -> list[int]:
    """The numbers of `span` whose paper was destroyed, in order."""
    query = sa.select(retired_note.c.number).where(
        retired_note.c.series_id == series_id, retired_note.c.number.between(span.first, span.last)
    )
    return list(connection.scalars(query.order_by(retired_note.c.number)))


def retirement_of(connection: Connection, series_id: int, number: int) -> Row[Any] | None:
    """The retirement in which the paper of a note was destroyed: its note, actor and time."""
    mine = (retired_note.c.series_id == series_id, retired_note.c.number == number)
    query = sa.select(retirement).join(retired_note, retired_note.c.retirement_id == retirement.c.id)
    return connection.execute(query.where(*mine)).first()


def any_retired(connection: Connection, redemption_id: UUID) -> bool:
    """Whether the paper of any note of this redemption was destroyed."""
    same = [retired_note.c[name] == redeemed_note.c[name] for name in ("series_id", "number")]
    query = sa.select(sa.func.count()).select_from(redeemed_note).join(retired_note, sa.and_(*same))
    return bool(connection.scalar(query.where(redeemed_note.c.redemption_id == redemption_id)))


def all_retired(connection: Connection) -> list[Serial]:
    """Every retired note."""
    query = sa.select(series.c.code, retired_note.c.number).join(series, series.c.id == retired_note.c.series_id)
    return [Serial(row.code, row.number) for row in connection.execute(query)]


def _spendings() -> sa.Select[Any]:
    key = ("series_id", "number", "round")
    back = sa.and_(*(reversed_note.c[name] == redeemed_note.c[name] for name in key))
    return (
        sa.select(
            series.c.code, redeemed_note.c.number, redeemed_note.c.round, redeemed_note.c.redemption_id, redeemed_note.c.title_id,
            redemption.c.venue_id, redemption.c.at, reversal.c.at.label("reversed_at"),
        )
        .join(series, series.c.id == redeemed_note.c.series_id)
        .join(redemption, redemption.c.id == redeemed_note.c.redemption_id)
        .outerjoin(reversed_note, back)
        .outerjoin(reversal, reversal.c.redemption_id == reversed_note.c.redemption_id)
        .order_by(redeemed_note.c.series_id, redeemed_note.c.number, redeemed_note.c.round)
    )  # fmt: skip


def _spending(row: Row[Any]) -> Spending:
    serial = Serial(row.code, row.number)
    return Spending(serial, row.round, row.redemption_id, row.venue_id, row.title_id, row.at, row.reversed_at)
