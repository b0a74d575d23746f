"""Hand-outs, as rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core.fact import FactKind
from app.core.span import Span
from app.store import facts, retractions
from app.store.database import added
from app.store.tables import hand_out


def add(
    connection: Connection, *, series_id: int, span: Span, organisation_id: int, activity: str, hours: int, people: int,
    request_id: UUID, actor: str, at: datetime,
) -> int:  # fmt: skip
    """Append a hand-out; gives its id."""
    hand_out_id = added(
        connection, hand_out,
        series_id=series_id, first=span.first, last=span.last, organisation_id=organisation_id, activity=activity,
        hours=hours, people=people, request_id=request_id, actor=actor, at=at,
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
