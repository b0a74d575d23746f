"""How many notes of a span are spent and how many retired: counted in the database, in few statements however many stretches
the span has."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from app.core.lifecycle import State
from app.core.span import Span
from app.store.tables import holding, redeemed_note, retired_note, reversed_note


@dataclass(frozen=True, slots=True)
class Count:
    """Notes that are spent now, those whose paper was destroyed among them, and these alone."""

    redeemed: int
    retired: int


def of_span(connection: Connection, series_id: int, span: Span) -> Count:
    """The notes of a span; one look through an index, which PostgreSQL may share among its workers."""
    tables = (redeemed_note, reversed_note, retired_note)
    counted = [sa.select(sa.func.count()).where(*_within(table, series_id, span)).scalar_subquery() for table in tables]
    spent, given_back, retired = connection.execute(sa.select(*counted)).one()
    return Count(spent - given_back, retired)


def redeemed_by_state(connection: Connection, series_id: int, span: Span, *, but: State) -> Counter[State]:
    """The spent notes of a span by the state of the stretch that they lie in, without those in one state.

    A look through an index for each stretch, written so that no planner goes through the notes first.
    """
    spent = _inside(redeemed_note, span) - _inside(reversed_note, span)
    here = (holding.c.series_id == series_id, holding.c.last >= span.first, holding.c.first <= span.last)
    counted: Counter[State] = Counter()
    for row in connection.execute(
        sa.select(holding.c.state, spent.label("notes")).where(*here, holding.c.state != but)
    ):
        counted[State(row.state)] += row.notes
    return counted


def _inside(table: Table, span: Span) -> sa.ScalarSelect[int]:
    """How many rows of a table lie in a stretch, cut to the span."""
    first = sa.case((holding.c.first > span.first, holding.c.first), else_=span.first)
    last = sa.case((holding.c.last < span.last, holding.c.last), else_=span.last)
    mine = (table.c.series_id == holding.c.series_id, table.c.number.between(first, last))
    return sa.select(sa.func.count()).select_from(table).where(*mine).correlate(holding).scalar_subquery()


def _within(table: Table, series_id: int, span: Span) -> tuple[sa.ColumnElement[bool], ...]:
    return (table.c.series_id == series_id, table.c.number.between(span.first, span.last))
