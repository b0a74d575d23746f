"""Hand-outs, as rows."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core.fact import FactKind
from app.core.span import Span
from app.core.wall_clock import first_day, months_between
from app.store import facts, retractions
from app.store.database import added
from app.store.tables import hand_out, retraction, series

MONTH: sa.ColumnElement[int] = sa.cast(
    sa.extract("year", hand_out.c.given_on) * sa.literal_column("100") + sa.extract("month", hand_out.c.given_on), sa.Integer
).label("month")  # fmt: skip
"""The month of the day on which notes were given, like 202611."""


class Given(NamedTuple):
    """What hand-outs come to."""

    hand_outs: int = 0
    notes: int = 0
    hours: int = 0
    people: int = 0


def sums(
    connection: Connection, *by: str, first: int, last: int, among: sa.Select[tuple[int]] | None = None
) -> dict[tuple[Any, ...], Given]:
    """What was handed out on the days from one month (202611) to another, by any of *month*, *organisation_id* and *activity*.

    `among` selects the ids of the organisations that count. Every report of hours given adds up here, and nowhere else;
    what was taken back is in none.
    """
    grouped = [MONTH if each == "month" else hand_out.c[each] for each in by]
    notes = hand_out.c.last - hand_out.c.first + 1
    added_up = [sa.func.sum(each) for each in (notes, hand_out.c.hours, hand_out.c.people)]
    query = sa.select(*grouped, sa.func.count(), *added_up).where(
        hand_out.c.given_on >= first_day(first), hand_out.c.given_on < _after(last), retractions.STANDS
    )
    if among is not None:
        query = query.where(hand_out.c.organisation_id.in_(among))
    rows = connection.execute(query.group_by(*grouped) if grouped else query)
    return {tuple(row[: len(by)]): Given(*(int(each or 0) for each in row[len(by) :])) for row in rows}


def _after(month: int) -> date:
    return first_day(months_between(month, month + 100)[1])


def of_organisation(connection: Connection, organisation_id: int, *, before: int | None, most: int) -> list[Row[Any]]:
    """The hand-outs of an organisation, the newest first, from before that id: each with the code of its series and, where it
    was taken back, who did, when and why."""
    taken = (each.label(f"taken_{each.name}") for each in (retraction.c.reason, retraction.c.actor, retraction.c.at))
    query = (
        sa.select(hand_out, series.c.code, *taken)
        .join(series, series.c.id == hand_out.c.series_id)
        .outerjoin(retraction, retraction.c.hand_out_request_id == hand_out.c.request_id)
        .where(hand_out.c.organisation_id == organisation_id)
    )
    if before is not None:
        query = query.where(hand_out.c.id < before)
    return list(connection.execute(query.order_by(hand_out.c.id.desc()).limit(most)))


def activities(connection: Connection, organisation_id: int, most: int) -> list[str]:
    """What an organisation handed notes out for, the newest first."""
    query = sa.select(hand_out.c.activity).where(hand_out.c.organisation_id == organisation_id, retractions.STANDS)
    newest = query.group_by(hand_out.c.activity).order_by(sa.func.max(hand_out.c.id).desc()).limit(most)
    return list(connection.scalars(newest))


def spans_of(connection: Connection, organisation_id: int) -> list[Span]:
    """What an organisation handed out, by series and number."""
    query = (
        sa.select(series.c.code, hand_out.c.first, hand_out.c.last)
        .join(series, series.c.id == hand_out.c.series_id)
        .where(hand_out.c.organisation_id == organisation_id, retractions.STANDS)
        .order_by(series.c.code, hand_out.c.first)
    )
    return [Span(*row) for row in connection.execute(query)]


def add(
    connection: Connection, *, series_id: int, span: Span, organisation_id: int, activity: str, hours: int, people: int,
    given_on: date, request_id: UUID, actor: str, at: datetime,
) -> int:  # fmt: skip
    """Append a hand-out; gives its id."""
    hand_out_id = added(
        connection, hand_out,
        series_id=series_id, first=span.first, last=span.last, organisation_id=organisation_id, activity=activity,
        hours=hours, people=people, given_on=given_on, request_id=request_id, actor=actor, at=at,
    )  # fmt: skip
    facts.enter(connection, FactKind.HAND_OUT, request_id)
    return hand_out_id


def by_request(connection: Connection, request_id: UUID) -> Row[Any] | None:
    """The hand-out that this request made, if it was made before."""
    return connection.execute(sa.select(hand_out).where(hand_out.c.request_id == request_id)).first()


def overlapping(connection: Connection, series_id: int, span: Span) -> Row[Any] | None:
    """A hand-out that has notes of `span`, and was not taken back."""
    query = sa.select(hand_out).where(
        hand_out.c.series_id == series_id,
        hand_out.c.first <= span.last,
        hand_out.c.last >= span.first,
        retractions.STANDS,
    )
    return connection.execute(query.limit(1)).first()
