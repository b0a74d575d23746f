"""Retractions of hand-outs, as rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core.fact import FactKind
from app.store import facts
from app.store.tables import hand_out, retraction, series

STANDS = hand_out.c.request_id.not_in(sa.select(retraction.c.hand_out_request_id))
"""Of the hand-outs, those that were not taken back: every sum of hand-outs is of these alone."""


def add(connection: Connection, hand_out_request_id: UUID, *, reason: str, actor: str, at: datetime) -> None:
    """Take a hand-out back; a second retraction of it is refused."""
    row = {"hand_out_request_id": hand_out_request_id, "reason": reason, "actor": actor, "at": at}
    connection.execute(retraction.insert().values(row))
    facts.enter(connection, FactKind.RETRACTION, hand_out_request_id)


def of(connection: Connection, hand_out_request_id: UUID) -> Row[Any] | None:
    """The retraction of a hand-out: its reason, actor and time."""
    mine = retraction.c.hand_out_request_id == hand_out_request_id
    return connection.execute(sa.select(retraction).where(mine)).first()


def hand_out_by_id(connection: Connection, hand_out_id: int) -> Row[Any] | None:
    """A hand-out with the code of its series, whether it was taken back or not."""
    query = sa.select(hand_out, series.c.code, series.c.programme_id)
    joined = query.join(series, series.c.id == hand_out.c.series_id)
    return connection.execute(joined.where(hand_out.c.id == hand_out_id)).first()
