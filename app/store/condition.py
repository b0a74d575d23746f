"""How the books stand as a whole, in one cheap question."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import Moment, checkpoint, closure, conflict, pending_leaf, resolution

MOST_COUNTED = 100_000
"""Facts that are counted at most: who is told so many need not be told how many more."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Facts that wait for their place in the log (100,000 stands for more), when the newest checkpoint was signed, the
    offline conflicts that nobody has resolved, and whether the books are closed to redemption."""

    facts_waiting: int
    checkpoint_at: datetime | None
    conflicts_open: int
    is_closed: bool


def read(connection: Connection) -> Condition:
    """The condition of the books."""
    count = sa.func.count()
    waiting = sa.select(pending_leaf.c.id).limit(MOST_COUNTED).subquery()
    newest = sa.select(checkpoint.c.at).order_by(checkpoint.c.size.desc()).limit(1)
    conflicts, resolved = (sa.select(count).select_from(table) for table in (conflict, resolution))
    last = sa.select(closure.c.kind).order_by(closure.c.id.desc()).limit(1)
    row = connection.execute(
        sa.select(
            sa.select(count).select_from(waiting).scalar_subquery().label("waiting"),
            sa.type_coerce(newest.scalar_subquery(), Moment).label("at"),
            (conflicts.scalar_subquery() - resolved.scalar_subquery()).label("open"),
            last.scalar_subquery().label("last"),
        )
    ).one()
    return Condition(row.waiting, row.at, row.open, row.last == "closed")
