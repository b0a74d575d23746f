"""How many notes of a span are in each state, spent and retired: counted in the database, in few statements however many
stretches the span has."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from app.core.lifecycle import State
from app.core.span import Span
from app.store.tables import holding, redeemed_note, retired_note, reversed_note, series


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


def by_state(connection: Connection, series_id: int, span: Span) -> Counter[State]:
    """The notes of a span by the state of the stretch that they lie in, whatever became of each since."""
    first, last = _cut(span)
    notes = sa.func.sum(last - first + 1)
    query = sa.select(holding.c.state, notes.label("notes")).where(*_touching(series_id, span))
    return Counter({State(row.state): int(row.notes) for row in connection.execute(query.group_by(holding.c.state))})


def redeemed_by_state(connection: Connection, series_id: int, span: Span, *, but: State) -> Counter[State]:
    """The spent notes of a span by the state of the stretch that they lie in, without those in one state.

    A look through an index for each stretch, written so that no planner goes through the notes first.
    """
    spent = _inside(redeemed_note, span) - _inside(reversed_note, span)
    query = sa.select(holding.c.state, spent.label("notes")).where(*_touching(series_id, span), holding.c.state != but)
    counted: Counter[State] = Counter()
    for row in connection.execute(query):
        counted[State(row.state)] += row.notes
    return counted


def of_holder(connection: Connection, organisation_id: int) -> list[tuple[Span, State, int]]:
    """The stretches that an organisation has, by series and number, each with how many of its notes are spent."""
    spent = _inside(redeemed_note) - _inside(reversed_note)
    query = (
        sa.select(series.c.code, holding.c.first, holding.c.last, holding.c.state, spent.label("spent"))
        .join(series, series.c.id == holding.c.series_id)
        .where(holding.c.holder_id == organisation_id)
        .order_by(series.c.code, holding.c.first)
    )
    return [(Span(row.code, row.first, row.last), State(row.state), row.spent) for row in connection.execute(query)]


def _touching(series_id: int, span: Span) -> tuple[sa.ColumnElement[bool], ...]:
    return (holding.c.series_id == series_id, holding.c.last >= span.first, holding.c.first <= span.last)


def _cut(span: Span) -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    """The first and last number of a stretch as far as it lies in the span."""
    first = sa.case((holding.c.first > span.first, holding.c.first), else_=span.first)
    last = sa.case((holding.c.last < span.last, holding.c.last), else_=span.last)
    return first, last


def _inside(table: Table, span: Span | None = None) -> sa.ScalarSelect[int]:
    """How many rows of a table lie in a stretch, cut to the span if one is given."""
    first, last = _cut(span) if span is not None else (holding.c.first, holding.c.last)
    mine = (table.c.series_id == holding.c.series_id, table.c.number.between(first, last))
    return sa.select(sa.func.count()).select_from(table).where(*mine).correlate(holding).scalar_subquery()


def _within(table: Table, series_id: int, span: Span) -> tuple[sa.ColumnElement[bool], ...]:
    return (table.c.series_id == series_id, table.c.number.between(span.first, span.last))
