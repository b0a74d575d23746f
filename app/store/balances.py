"""The facts that a balance is made of, read from their rows in their order."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from app.core.balance import Fact, HandedOut, TakenBack
from app.core.ledger import Movement
from app.core.lifecycle import Kind
from app.core.span import Span, merge
from app.store.tables import hand_out, movement, retraction, series


class Told(NamedTuple):
    """A fact with its moment."""

    at: datetime
    fact: Fact


def series_ids(
    connection: Connection, *, organisation_id: int | None = None, programme_id: int | None = None
) -> dict[int, str]:
    """The series that an organisation was ever given notes of, or those of a programme: their codes by id."""
    query = sa.select(series.c.id, series.c.code)
    if organisation_id is not None:
        given = sa.select(movement.c.series_id).where(movement.c.organisation_id == organisation_id)
        query = query.where(series.c.id.in_(given))
    if programme_id is not None:
        query = query.where(series.c.programme_id == programme_id)
    return {row.id: row.code for row in connection.execute(query)}


def movements(connection: Connection, codes: dict[int, str]) -> list[Told]:
    """Every movement of these series, oldest first; each with a moment no earlier than that of the one before, because
    the clocks of several servers differ."""
    rows = connection.execute(
        sa.select(
            movement.c.kind, movement.c.series_id, movement.c.first, movement.c.last, movement.c.organisation_id,
            movement.c.reason, movement.c.at,
        ).where(movement.c.series_id.in_(codes)).order_by(movement.c.id)
    )  # fmt: skip
    found: list[Told] = []
    for kind, series_id, first, last, organisation_id, reason, at in rows:
        moment = max(at, found[-1].at) if found else at
        moved = Movement(Kind(kind), Span(codes[series_id], first, last), organisation_id, reason)
        found.append(Told(moment, moved))
    return found


def hand_outs(connection: Connection, codes: dict[int, str]) -> list[Told]:
    """The hand-outs of these series, then the counter-entries."""
    query = sa.select(hand_out, retraction.c.at.label("taken_back_at")).outerjoin(
        retraction, retraction.c.hand_out_request_id == hand_out.c.request_id
    )
    found: list[Told] = []
    back: list[Told] = []
    for row in connection.execute(query.where(hand_out.c.series_id.in_(codes)).order_by(hand_out.c.id)):
        given = HandedOut(Span(codes[row.series_id], row.first, row.last), row.organisation_id)
        found.append(Told(row.at, given))
        back += [Told(row.taken_back_at, TakenBack(given))] if row.taken_back_at is not None else []
    return [*found, *back]


def in_order(moved: Collection[Told], given: Collection[Told]) -> list[Told]:
    """All of them by their moments; at the same one movements first, then hand-outs, then counter-entries."""
    return sorted([*moved, *given], key=lambda told: told.at)


def spans_given_to(moved: Collection[Told], organisation_id: int) -> dict[str, list[Span]]:
    """Every note that was ever sent or given to an organisation, by series, in order and apart."""
    facts = (told.fact for told in moved)
    mine = [fact.span for fact in facts if isinstance(fact, Movement) and fact.organisation == organisation_id]
    return {code: merge(span for span in mine if span.series == code) for code in {span.series for span in mine}}
