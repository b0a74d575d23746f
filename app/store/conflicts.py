"""Offline conflicts: visits that a desk accepted while apart and that were refused here, and what people came to about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from app.core.fact import FactKind
from app.core.serial import Serial
from app.store import facts
from app.store.tables import conflict, conflict_note, desk, redemption, resolution, series, venue


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a note was shown: by the desk's clock."""

    desk: str
    venue: str
    programme_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Twice:
    """A note that two visits took: the one that spent it first, and where that was."""

    serial: Serial
    first_redemption_id: UUID
    first: Place


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a person came to about a conflict."""

    reason: str
    note: str | None
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """A visit that was accepted offline at `place` and refused here, with the notes that were spent before."""

    redemption_id: UUID
    place: Place
    recorded_at: datetime
    notes: tuple[Twice, ...]
    resolution: Resolution | None


def add(
    connection: Connection, redemption_id: UUID, notes: Sequence[tuple[int, Serial, UUID]], at: datetime
) -> None:  # fmt: skip
    """Append a conflict: each note with its series and the redemption that spent it first."""
    connection.execute(conflict.insert().values(redemption_id=redemption_id, at=at))
    rows = [
        {"series_id": series_id, "number": serial.number, "redemption_id": redemption_id, "first_redemption_id": first}
        for series_id, serial, first in notes
    ]
    connection.execute(conflict_note.insert().values(rows))
    facts.enter(connection, FactKind.CONFLICT, redemption_id)


def resolve(
    connection: Connection, redemption_id: UUID, *, reason: str, note: str | None, actor: str, at: datetime
) -> None:
    """Append what a person came to about a conflict; a second resolution of it is refused."""
    values = {"redemption_id": redemption_id, "reason": reason, "note": note, "actor": actor, "at": at}
    connection.execute(resolution.insert().values(**values))
    facts.enter(connection, FactKind.RESOLUTION, redemption_id)


def is_open(connection: Connection, redemption_id: UUID) -> bool:
    """Whether this visit is a conflict that nobody has come to anything about."""
    query = sa.select(sa.func.count()).select_from(conflict.outerjoin(resolution))
    mine = (conflict.c.redemption_id == redemption_id, resolution.c.redemption_id.is_(None))
    return bool(connection.scalar(query.where(*mine)))


def of(connection: Connection, redemption_id: UUID) -> Conflict | None:
    """The conflict of that visit."""
    return next(iter(_read(connection, conflict.c.redemption_id == redemption_id)), None)


def conflicts(connection: Connection, *, resolved_too: bool = False) -> list[Conflict]:
    """The open conflicts, or all, oldest first."""
    return _read(connection, sa.true() if resolved_too else resolution.c.redemption_id.is_(None))


_LATER, _FIRST = redemption.alias("later"), redemption.alias("first")
_LATER_DESK, _FIRST_DESK = desk.alias("later_desk"), desk.alias("first_desk")
_LATER_VENUE, _FIRST_VENUE = venue.alias("later_venue"), venue.alias("first_venue")


def _read(connection: Connection, which: sa.ColumnElement[bool]) -> list[Conflict]:
    found: dict[UUID, Conflict] = {}
    for row in connection.execute(_query().where(which).order_by(conflict.c.at, conflict.c.redemption_id)):
        serial = Serial(row.code, row.number)
        twice = Twice(serial, row.first_redemption_id, _place(row[:3], row.first_seen_at, row.first_at))
        before = found.get(row.redemption_id)
        notes = sorted([*(before.notes if before else ()), twice], key=lambda each: each.serial)
        came_to = Resolution(row.reason, row.note, row.actor, row.resolved_at) if row.reason is not None else None
        found[row.redemption_id] = Conflict(
            row.redemption_id, _place(row[3:6], row.later_seen_at, row.later_at), row.recorded_at, tuple(notes), came_to
        )
    return list(found.values())


def _place(named: Sequence[Any], seen_at: datetime, at: datetime) -> Place:
    """By the desk's clock, which cannot be later than the arrival."""
    desk_name, venue_name, programme_id = named
    return Place(desk_name, venue_name, programme_id, min(seen_at, at))


def _query() -> sa.Select[Any]:
    """A row for each note of a conflict; the first three columns tell where it was spent, the next three where it was shown."""
    return (
        sa.select(
            _FIRST_DESK.c.name, _FIRST_VENUE.c.name, _FIRST_VENUE.c.programme_id,
            _LATER_DESK.c.name, _LATER_VENUE.c.name, _LATER_VENUE.c.programme_id,
            _FIRST.c.scanned_at.label("first_seen_at"), _FIRST.c.at.label("first_at"),
            _LATER.c.scanned_at.label("later_seen_at"), _LATER.c.at.label("later_at"),
            conflict.c.redemption_id, conflict.c.at.label("recorded_at"), conflict_note.c.first_redemption_id,
            conflict_note.c.number, series.c.code,
            resolution.c.reason, resolution.c.note, resolution.c.actor, resolution.c.at.label("resolved_at"),
        )
        .select_from(conflict)
        .join(conflict_note, conflict_note.c.redemption_id == conflict.c.redemption_id)
        .join(series, series.c.id == conflict_note.c.series_id)
        .join(_LATER, _LATER.c.id == conflict.c.redemption_id)
        .join(_LATER_DESK, _LATER_DESK.c.id == _LATER.c.desk_id)
        .join(_LATER_VENUE, _LATER_VENUE.c.id == _LATER.c.venue_id)
        .join(_FIRST, _FIRST.c.id == conflict_note.c.first_redemption_id)
        .join(_FIRST_DESK, _FIRST_DESK.c.id == _FIRST.c.desk_id)
        .join(_FIRST_VENUE, _FIRST_VENUE.c.id == _FIRST.c.venue_id)
        .outerjoin(resolution, resolution.c.redemption_id == conflict.c.redemption_id)
    )  # fmt: skip
