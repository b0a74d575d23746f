"""What was brought to a venue in a month: counted in the database, by offer."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import offer, redemption, reversal, scan


class Line(NamedTuple):
    """Visits that were accepted and their notes, an hour each; `offline` and `keyed` are notes among them that a desk took
    while it was apart, and that were typed. `given_back`: notes given back in the month, whenever they were taken."""

    offer: str | None
    visits: int = 0
    notes: int = 0
    offline: int = 0
    keyed: int = 0
    given_back: int = 0


def lines(connection: Connection, venue_id: int, since: datetime, until: datetime) -> list[Line]:
    """The lines of a venue between two moments, by the name of the offer; visits without one first."""
    taken = {row[0]: row[1:] for row in connection.execute(_taken(venue_id, since, until))}
    typed = {row[0]: row[1] for row in connection.execute(_typed(venue_id, since, until))}
    back = {row[0]: row[1] for row in connection.execute(_given_back(venue_id, since, until))}
    known = taken.keys() | back.keys()
    query = sa.select(offer.c.id, offer.c.name).where(offer.c.id.in_([each for each in known if each is not None]))
    names = {row.id: row.name for row in connection.execute(query)}
    made = [
        Line(names.get(each), *map(int, taken.get(each, (0, 0, 0))), typed.get(each, 0), int(back.get(each, 0)))
        for each in known
    ]
    return sorted(made, key=lambda line: line.offer or "")


def first_visit(connection: Connection, venue_id: int) -> datetime | None:
    """When a venue accepted its first visit."""
    mine = (redemption.c.venue_id == venue_id, *_ACCEPTED)
    return connection.scalar(sa.select(redemption.c.at).where(*mine).order_by(redemption.c.at).limit(1))


_ACCEPTED = (redemption.c.outcome == "accepted", redemption.c.practice.is_(False))


def _mine(venue_id: int, since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (redemption.c.venue_id == venue_id, redemption.c.at >= since, redemption.c.at < until, *_ACCEPTED)


def _taken(venue_id: int, since: datetime, until: datetime) -> sa.Select[tuple[int | None, int, int, int]]:
    hours, apart = redemption.c.hours, sa.case((redemption.c.offline, redemption.c.hours), else_=0)
    return (
        sa.select(redemption.c.offer_id, sa.func.count(), sa.func.sum(hours), sa.func.sum(apart))
        .where(*_mine(venue_id, since, until))
        .group_by(redemption.c.offer_id)
    )


def _typed(venue_id: int, since: datetime, until: datetime) -> sa.Select[tuple[int | None, int]]:
    return (
        sa.select(redemption.c.offer_id, sa.func.count())
        .join(scan, scan.c.redemption_id == redemption.c.id)
        .where(*_mine(venue_id, since, until), scan.c.keyed, scan.c.verdict == "accepted")
        .group_by(redemption.c.offer_id)
    )


def _given_back(venue_id: int, since: datetime, until: datetime) -> sa.Select[tuple[int | None, int]]:
    return (
        sa.select(redemption.c.offer_id, sa.func.sum(redemption.c.hours))
        .join(reversal, reversal.c.redemption_id == redemption.c.id)
        .where(redemption.c.venue_id == venue_id, reversal.c.at >= since, reversal.c.at < until)
        .group_by(redemption.c.offer_id)
    )
