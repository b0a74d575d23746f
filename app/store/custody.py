"""Movements and holdings, between rows and the core's values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core.fact import FactKind
from app.core.ledger import Holding, Movement, Standing
from app.core.lifecycle import Kind, State
from app.core.serial import Serial
from app.core.span import Span
from app.store import facts
from app.store.database import added
from app.store.rows import batches
from app.store.tables import allocation, holding, movement, series

SPAN_CLASSES = range(24)
"""Every bit length of last - first that a span can have."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A movement as it stands in the books."""

    id: int
    request_id: UUID
    movement: Movement
    note: str | None
    actor: str
    at: datetime


def holdings_touching(connection: Connection, series_id: int, span: Span) -> list[Holding]:
    """The holdings that overlap `span` or end right beside it, in order."""
    touching = (
        sa.select(holding)
        .where(holding.c.series_id == series_id, holding.c.last >= span.first - 1, holding.c.first <= span.last + 1)
        .order_by(holding.c.first)
    )
    return [_holding(span.series, row) for row in connection.execute(touching)]


def standing_of(connection: Connection, series_id: int, serial: Serial) -> tuple[Standing, int] | None:
    """How one note stands, and the movement since which it does; None when it was never ordered.

    One look into a unique index.
    """
    covering = (
        sa.select(holding)
        .where(holding.c.series_id == series_id, holding.c.last >= serial.number)
        .order_by(holding.c.last)
        .limit(1)
    )
    row = connection.execute(covering).first()
    return (_standing(row), row.movement_id) if row is not None and row.first <= serial.number else None


def all_holdings(connection: Connection) -> list[Holding]:
    """Every holding of every series."""
    query = sa.select(holding, series.c.code).join(series, series.c.id == holding.c.series_id)
    return [_holding(row.code, row) for row in connection.execute(query.order_by(series.c.code, holding.c.first))]


def issued_to(connection: Connection, organisation_id: int) -> list[Span]:
    """The spans that are issued to an organisation, by series and number."""
    mine = (holding.c.holder_id == organisation_id, holding.c.state == State.ISSUED)
    query = (
        sa.select(series.c.code, holding.c.first, holding.c.last)
        .join(series, series.c.id == holding.c.series_id)
        .where(*mine)
        .order_by(series.c.code, holding.c.first)
    )
    return [Span(*row) for row in connection.execute(query)]


def on_shelf(connection: Connection, programme_id: int, organisation_id: int | None) -> list[Holding]:
    """What a programme has in stock, or what is issued to one of its organisations, by series and number."""
    stock, issued = holding.c.state == State.STOCKED, holding.c.state == State.ISSUED
    here = stock if organisation_id is None else sa.and_(issued, holding.c.holder_id == organisation_id)
    query = sa.select(holding, series.c.code).join(series, series.c.id == holding.c.series_id)
    rows = connection.execute(
        query.where(series.c.programme_id == programme_id, here).order_by(series.c.code, holding.c.first)
    )
    return [_holding(row.code, row) for row in rows]


def spans_in(connection: Connection, *states: State) -> list[Span]:
    """The notes of every series that are in one of these states, as the fewest spans, by series and number."""
    query = sa.select(series.c.code, holding.c.first, holding.c.last).join(series, series.c.id == holding.c.series_id)
    spans: list[list[Any]] = []
    for code, first, last in connection.execute(
        query.where(holding.c.state.in_(states)).order_by(series.c.code, holding.c.first)
    ):
        if spans and spans[-1][0] == code and spans[-1][2] == first - 1:
            spans[-1][2] = last
        else:
            spans.append([code, first, last])
    return [Span(*each) for each in spans]


def replace_holdings(
    connection: Connection, series_id: int, before: Sequence[Holding], after: Sequence[Holding], movement_id: int
) -> None:
    """Put `after`, as of a movement, in the place of `before`; the constraints see to it that they cover the same notes."""
    kept = set(before) & set(after)
    gone = [piece.span.first for piece in before if piece not in kept]
    new = [piece for piece in after if piece not in kept]
    for firsts in batches(gone):
        connection.execute(holding.delete().where(holding.c.series_id == series_id, holding.c.first.in_(firsts)))
    for pieces in batches(new):
        connection.execute(holding.insert().values([_row(series_id, piece, movement_id) for piece in pieces]))


def allocated_to(connection: Connection, series_id: int) -> int:
    """The last number that was allocated to an order; 0 when there is none."""
    return connection.scalar(sa.select(allocation.c.last).where(allocation.c.series_id == series_id)) or 0


def all_allocations(connection: Connection) -> dict[str, int]:
    """The last allocated number, by series."""
    query = sa.select(series.c.code, allocation.c.last).join(series, series.c.id == allocation.c.series_id)
    return {row.code: row.last for row in connection.execute(query)}


def allocate(connection: Connection, series_id: int, span: Span) -> bool:
    """Take `span` for an order, if it still begins right after the last allocated number."""
    if span.first == 1:
        if allocated_to(connection, series_id):
            return False
        connection.execute(allocation.insert().values(series_id=series_id, last=span.last))
        return True
    taken = connection.execute(
        allocation.update()
        .where(allocation.c.series_id == series_id, allocation.c.last == span.first - 1)
        .values(last=span.last)
    )
    return taken.rowcount == 1


def add_movement(
    connection: Connection,
    series_id: int,
    moved: Movement,
    *,
    request_id: UUID,
    note: str | None,
    actor: str,
    at: datetime,
) -> int:
    """Append a movement; gives its id."""
    movement_id = added(
        connection, movement,
        request_id=request_id, kind=moved.kind, series_id=series_id, first=moved.span.first, last=moved.span.last,
        span_class=(moved.span.last - moved.span.first).bit_length(), organisation_id=moved.organisation,
        reason=moved.reason, note=note, actor=actor, at=at,
    )  # fmt: skip
    facts.enter(connection, FactKind.MOVEMENT, request_id)
    return movement_id


def movement_by_request(connection: Connection, request_id: UUID) -> Recorded | None:
    """The movement that this request made, if it was made before."""
    row = connection.execute(_movements().where(movement.c.request_id == request_id)).first()
    return _recorded(row) if row is not None else None


def movements_over(connection: Connection, series_id: int, span: Span) -> list[Recorded]:
    """The movements of any note of `span`, oldest first: one probe of an index for each class of length."""
    query = _movements().where(_over(series_id, span))
    return [_recorded(row) for row in connection.execute(query.order_by(movement.c.id))]


def newest_movements_over(
    connection: Connection, series_id: int, span: Span, most: int
) -> tuple[list[Recorded], int]:  # fmt: skip
    """The newest movements of any note of `span`, newest first, and how many there are in all."""
    here = _over(series_id, span)
    found = connection.execute(_movements().where(here).order_by(movement.c.id.desc()).limit(most))
    newest = [_recorded(row) for row in found]
    if len(newest) < most:
        return newest, len(newest)
    return newest, connection.scalar(sa.select(sa.func.count()).select_from(movement).where(here)) or 0


def issued_at(connection: Connection, series_id: int, span: Span, organisation_id: int) -> datetime | None:
    """When the last of these notes was issued to an organisation."""
    mine = movement.c.kind == Kind.ISSUE, movement.c.organisation_id == organisation_id
    newest = sa.select(movement.c.at).where(_over(series_id, span), *mine).order_by(movement.c.id.desc()).limit(1)
    found: datetime | None = connection.scalar(newest)
    return found


def movements_at_press(connection: Connection, series_ids: Sequence[int]) -> list[Recorded]:
    """The movements by which print shops balanced orders of these series, oldest first."""
    kinds = [Kind.PRINT, Kind.SPOIL, Kind.MISS]
    query = _movements().where(movement.c.series_id.in_(series_ids), movement.c.kind.in_(kinds))
    return [_recorded(row) for row in connection.execute(query.order_by(movement.c.id))]


def all_movements(connection: Connection) -> list[Recorded]:
    """Every movement, oldest first."""
    return [_recorded(row) for row in connection.execute(_movements().order_by(movement.c.id))]


def _over(series_id: int, span: Span) -> sa.ColumnElement[bool]:
    """Whether a movement has a note of `span`."""
    probes = [
        sa.and_(
            movement.c.span_class == size,
            movement.c.first > span.first - (1 << size),
            movement.c.first <= span.last,
        )
        for size in SPAN_CLASSES
    ]
    return sa.and_(movement.c.series_id == series_id, sa.or_(*probes), movement.c.last >= span.first)


def _movements() -> sa.Select[Any]:
    return sa.select(movement, series.c.code).join(series, series.c.id == movement.c.series_id)


def _recorded(row: Row[Any]) -> Recorded:
    span = Span(row.code, row.first, row.last)
    moved = Movement(Kind(row.kind), span, row.organisation_id, row.reason)
    return Recorded(row.id, row.request_id, moved, row.note, row.actor, row.at)


def _holding(code: str, row: Row[Any]) -> Holding:
    return Holding(Span(code, row.first, row.last), _standing(row))


def _standing(row: Row[Any]) -> Standing:
    return Standing(State(row.state), row.holder_id, row.reason, _was(row.was))


def _was(kept: dict[str, Any] | None) -> Standing | None:
    if kept is None:
        return None
    return Standing(State(kept["state"]), kept["holder"], kept["reason"], _was(kept["was"]))


def _kept(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {
        "state": standing.state,
        "holder": standing.holder,
        "reason": standing.reason,
        "was": _kept(standing.was),
    }


def _row(series_id: int, piece: Holding, movement_id: int) -> dict[str, Any]:
    return {
        "movement_id": movement_id,
        "series_id": series_id,
        "first": piece.span.first,
        "last": piece.span.last,
        "previous_last": piece.span.first - 1 or None,
        "state": piece.state,
        "holder_id": piece.standing.holder,
        "reason": piece.standing.reason,
        "was": _kept(piece.standing.was),
    }
