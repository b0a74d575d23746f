"""What was brought to a venue in a month: counted in the database, by offer."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import desk, offer, redemption, reversal, scan


class Line(NamedTuple):
    """Visits that were accepted and their notes, an hour each; `offline` and `keyed` are notes among them that a desk took
    while it was apart, and that were typed; `counted` those of stacks
    that staff counted. `given_back`: notes given back in the month, whenever they were taken."""

    offer: str | None
    visits: int = 0
    notes: int = 0
    offline: int = 0
    keyed: int = 0
    counted: int = 0
    given_back: int = 0


def lines(connection: Connection, venue_id: int, since: datetime, until: datetime) -> list[Line]:
    """The lines of a venue between two moments, by the name of the offer; visits without one first."""
    taken = connection.execute(_taken(venue_id, since, until)).all()
    typed = _by_offer(connection, _typed(venue_id, since, until))
    back = _by_offer(connection, _given_back(venue_id, since, until))
    known = {row.offer_id: (row.visits, int(row.notes), int(row.offline), int(row.counted)) for row in taken}
    ids = known.keys() | back.keys()
    query = sa.select(offer.c.id, offer.c.name).where(offer.c.id.in_([each for each in ids if each is not None]))
    names = {row.id: row.name for row in connection.execute(query)}
    made = []
    for each in ids:
        visits, notes, offline, counted = known.get(each, (0, 0, 0, 0))
        made.append(Line(names.get(each), visits, notes, offline, typed.get(each, 0), counted, back.get(each, 0)))
    return sorted(made, key=lambda line: line.offer or "")


def first_visit(connection: Connection, venue_id: int) -> datetime | None:
    """When a venue accepted its first visit."""
    mine = (redemption.c.venue_id == venue_id, *_ACCEPTED)
    return connection.scalar(sa.select(redemption.c.at).where(*mine).order_by(redemption.c.at).limit(1))


def _by_offer(connection: Connection, query: sa.Select[Any]) -> dict[int | None, int]:
    return {row.offer_id: int(row.notes) for row in connection.execute(query)}


_IS_COUNTED = desk.c.scope == "count"
_ACCEPTED = (redemption.c.outcome == "accepted", redemption.c.practice.is_(False))


def _mine(venue_id: int, since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (redemption.c.venue_id == venue_id, redemption.c.at >= since, redemption.c.at < until, *_ACCEPTED)


def _taken(venue_id: int, since: datetime, until: datetime) -> sa.Select[Any]:
    hours, apart = redemption.c.hours, sa.case((redemption.c.offline, redemption.c.hours), else_=0)
    by_staff = sa.case((_IS_COUNTED, redemption.c.hours), else_=0)
    return (
        sa.select(
            redemption.c.offer_id,
            sa.func.count().label("visits"),
            sa.func.sum(hours).label("notes"),
            sa.func.sum(apart).label("offline"),
            sa.func.sum(by_staff).label("counted"),
        )
        .join(desk, desk.c.id == redemption.c.desk_id)
        .where(*_mine(venue_id, since, until))
        .group_by(redemption.c.offer_id)
    )


def _typed(venue_id: int, since: datetime, until: datetime) -> sa.Select[Any]:
    return (
        sa.select(redemption.c.offer_id, sa.func.count().label("notes"))
        .join(scan, scan.c.redemption_id == redemption.c.id)
        .join(desk, desk.c.id == redemption.c.desk_id)
        .where(*_mine(venue_id, since, until), ~_IS_COUNTED, scan.c.keyed, scan.c.verdict == "accepted")
        .group_by(redemption.c.offer_id)
    )


def _given_back(venue_id: int, since: datetime, until: datetime) -> sa.Select[Any]:
    return (
        sa.select(redemption.c.offer_id, sa.func.sum(redemption.c.hours).label("notes"))
        .join(reversal, reversal.c.redemption_id == redemption.c.id)
        .where(redemption.c.venue_id == venue_id, reversal.c.at >= since, reversal.c.at < until)
        .group_by(redemption.c.offer_id)
    )
