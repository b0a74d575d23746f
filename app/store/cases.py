"""Cases: the notes that desks refused, attempt by attempt, until somebody came to something about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core.span import Span
from app.store.tables import ATTEMPT, desk, scan, series, settlement, venue


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a person came to about every attempt with a note up to `scan_id`."""

    scan_id: int
    reason: str
    note: str | None
    actor: str
    at: datetime


def waiting(connection: Connection, verdicts: Sequence[str], most: int, programme_id: int | None) -> list[Row[Any]]:
    """The newest attempt of each note that nobody settled since, with their number: `scan_id`, `attempts`, the newest first.

    Of a programme's notes or at its venues. Where a desk could not tell which note it was, each attempt is by itself.
    """
    alone = sa.case((scan.c.number.is_(None), scan.c.id), else_=0)
    newest = sa.func.max(scan.c.id)
    columns: list[sa.ColumnElement[Any]] = [newest.label("scan_id"), sa.func.count().label("attempts")]
    query = (
        _attempts(sa.select(*columns), verdicts, programme_id)
        .where(~_is_settled())
        .group_by(alone, scan.c.series_id, scan.c.number)
        .order_by(newest.desc())
        .limit(most)
    )
    return list(connection.execute(query))


def settled(connection: Connection, most: int, programme_id: int | None) -> list[Row[Any]]:
    """The newest settlements, each with the scan that it names: `scan_id`, `reason`, `note`, `actor`, `settled_at`."""
    columns = (
        settlement.c.scan_id,
        settlement.c.reason,
        settlement.c.note,
        settlement.c.actor,
        settlement.c.at.label("settled_at"),
    )
    query = _places(sa.select(*columns).join(scan, scan.c.id == settlement.c.scan_id), programme_id)
    return list(connection.execute(query.order_by(settlement.c.at.desc(), settlement.c.scan_id.desc()).limit(most)))


def attempts(connection: Connection, scan_ids: Sequence[int], programme_id: int | None) -> list[Row[Any]]:
    """These scans, in no order; those of other programmes are left out."""
    columns = (scan, series.c.code, series.c.programme_id.label("note_programme_id"))
    query = _places(sa.select(*columns).select_from(scan), programme_id)
    return list(connection.execute(query.where(scan.c.id.in_(scan_ids))))


def of_note(connection: Connection, series_id: int, number: int, verdicts: Sequence[str]) -> list[Row[Any]]:
    """Every attempt with a note, the newest first; at whichever venue, because a duplicate has two."""
    query = _attempts(sa.select(scan, series.c.code), verdicts, None)
    return list(
        connection.execute(
            query.where(scan.c.series_id == series_id, scan.c.number == number).order_by(scan.c.id.desc())
        )
    )


def on_span(
    connection: Connection, series_id: int, span: Span, verdicts: Sequence[str], since: datetime, most: int
) -> list[Row[Any]]:  # fmt: skip
    """The newest attempts with notes of a span since a time."""
    query = _attempts(sa.select(scan, series.c.code), verdicts, None).where(
        scan.c.series_id == series_id, scan.c.number.between(span.first, span.last), scan.c.at >= since
    )
    return list(connection.execute(query.order_by(scan.c.id.desc()).limit(most)))


def settle(connection: Connection, made: Settlement) -> None:
    """Append what somebody came to."""
    connection.execute(settlement.insert().values({name: getattr(made, name) for name in Settlement.__slots__}))


def settlements_of(connection: Connection, scan_ids: Sequence[int]) -> list[Settlement]:
    """What people came to about these scans, the newest first."""
    query = sa.select(settlement).where(settlement.c.scan_id.in_(scan_ids)).order_by(settlement.c.scan_id.desc())
    return [Settlement(*row) for row in connection.execute(query)]


def _is_settled() -> sa.ColumnElement[bool]:
    """Whether somebody settled this very scan, or a later one of its note."""
    later = scan.alias("later")
    of_it = sa.exists().where(settlement.c.scan_id == scan.c.id)
    of_note = sa.exists().where(
        later.c.series_id == scan.c.series_id, later.c.number == scan.c.number, later.c.id >= scan.c.id,
        settlement.c.scan_id == later.c.id,
    )  # fmt: skip
    return sa.or_(of_it, of_note)


def _attempts(query: sa.Select[Any], verdicts: Sequence[str], programme_id: int | None) -> sa.Select[Any]:
    """Of the few scans that were refused, those with one of the verdicts that were no practice."""
    wanted = (sa.text(f"scan.{ATTEMPT}"), scan.c.verdict.in_(verdicts), scan.c.practice.is_(False))
    return _places(query.select_from(scan), programme_id).where(*wanted)


def _places(query: sa.Select[Any], programme_id: int | None) -> sa.Select[Any]:
    """Whose note, and at whose venue."""
    joined = (
        query.join(desk, desk.c.id == scan.c.desk_id)
        .join(venue, venue.c.id == desk.c.venue_id)
        .outerjoin(series, series.c.id == scan.c.series_id)
    )
    if programme_id is None:
        return joined
    return joined.where(sa.or_(venue.c.programme_id == programme_id, series.c.programme_id == programme_id))
