"""Scans: every token, or typed serial, that a desk saw, whatever came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core.serial import Serial
from app.store import rows
from app.store.tables import desk, scan, series, venue


@dataclass(frozen=True, slots=True)
class Scan:
    """A token seen by a desk, and what came of it."""

    desk_id: int
    redemption_id: UUID | None
    serial: Serial | None
    series_id: int | None
    token_sha256: bytes | None
    keyed: bool
    practice: bool
    verdict: str
    at: datetime


def add(connection: Connection, seen: Sequence[Scan]) -> None:
    """Append what desks saw."""
    rows.insert(connection, scan, [row(each) for each in seen])


def row(seen: Scan) -> dict[str, Any]:
    """The columns of a scan."""
    return {
        "desk_id": seen.desk_id,
        "redemption_id": seen.redemption_id,
        "series_id": seen.series_id,
        "number": seen.serial.number if seen.serial and seen.series_id else None,
        "token_sha256": seen.token_sha256,
        "keyed": seen.keyed,
        "practice": seen.practice,
        "verdict": seen.verdict,
        "at": seen.at,
    }


def of_note(connection: Connection, series_id: int, number: int) -> list[Row[Any]]:
    """Every scan of one note, oldest first."""
    query = sa.select(scan).where(scan.c.series_id == series_id, scan.c.number == number)
    return list(connection.execute(query.order_by(scan.c.id)))


def with_verdicts(
    connection: Connection,
    verdicts: Sequence[str],
    most: int,
    programme_id: int | None = None,
    since: datetime | None = None,
) -> list[Row[Any]]:
    """The newest scans that had one of these verdicts and were no practice; of a programme's notes or at its venues."""
    return _newest(connection, scan.c.verdict.in_(verdicts), most, programme_id, since)


def keyed(
    connection: Connection, most: int, programme_id: int | None = None, since: datetime | None = None
) -> list[Row[Any]]:
    """The newest serials that were typed and no practice, whatever their verdict; of a programme's notes or at its venues."""
    return _newest(connection, scan.c.keyed.is_(True), most, programme_id, since)


def is_held_back(connection: Connection, redemption_id: UUID) -> bool:
    """Whether scans are there of a visit that is not: restored books had to hold it back."""
    query = sa.select(scan.c.id).where(scan.c.redemption_id == redemption_id).limit(1)
    return connection.scalar(query) is not None


def count_last_said(connection: Connection, verdicts: Sequence[str], since: datetime) -> int:
    """How many serials were last answered with one of these verdicts, of the scans since a time that were no practice."""
    columns = (scan.c.series_id, scan.c.number, scan.c.token_sha256, scan.c.verdict)
    query = sa.select(*columns).where(scan.c.at >= since, scan.c.practice.is_(False)).order_by(scan.c.id)
    last = {
        (row.series_id, row.number) if row.series_id is not None else row.token_sha256: row.verdict
        for row in connection.execute(query)
    }
    return sum(said in verdicts for said in last.values())


def _newest(
    connection: Connection, which: sa.ColumnElement[bool], most: int, programme_id: int | None, since: datetime | None
) -> list[Row[Any]]:
    query = (
        sa.select(scan, series.c.code)
        .join(desk, desk.c.id == scan.c.desk_id)
        .join(venue, venue.c.id == desk.c.venue_id)
        .outerjoin(series, series.c.id == scan.c.series_id)
        .where(which, scan.c.practice.is_(False))
    )
    if programme_id is not None:
        query = query.where(sa.or_(venue.c.programme_id == programme_id, series.c.programme_id == programme_id))
    if since is not None:
        query = query.where(scan.c.at >= since)
    return list(connection.execute(query.order_by(scan.c.id.desc()).limit(most)))


def count_keyed(connection: Connection, desk_id: int, since: datetime) -> int:
    """How many serials a desk has typed since then."""
    query = sa.select(sa.func.count()).where(scan.c.desk_id == desk_id, scan.c.at >= since, scan.c.keyed.is_(True))
    return connection.scalar(query) or 0
