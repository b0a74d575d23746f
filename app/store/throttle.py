"""How often somebody asked within a window of time, counted for every process that serves these books."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from app.store.tables import throttle


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a key was counted in its window, which is over at `until`."""

    hits: int
    until: datetime


def count(connection: Connection, key_sha256: bytes, amount: int, now: datetime, until: datetime) -> Counted:
    """Add to a key's count in one statement, so that no two processes miss each other; an old window begins anew."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(throttle).values(key_sha256=key_sha256, hits=amount, expires_at=until)
    is_over, mine = throttle.c.expires_at <= now, new.excluded
    upsert = new.on_conflict_do_update(
        index_elements=[throttle.c.key_sha256],
        set_={
            "hits": sa.case((is_over, mine.hits), else_=throttle.c.hits + mine.hits),
            "expires_at": sa.case((is_over, mine.expires_at), else_=throttle.c.expires_at),
        },
    )
    row = connection.execute(upsert.returning(throttle.c.hits, throttle.c.expires_at)).one()
    return Counted(row.hits, row.expires_at)


def give_back(connection: Connection, key_sha256: bytes, amount: int) -> None:
    """Take from a key's count what need not have been counted; never below nothing."""
    less = sa.case((throttle.c.hits > amount, throttle.c.hits - amount), else_=0)
    connection.execute(throttle.update().where(throttle.c.key_sha256 == key_sha256).values(hits=less))


def sweep(connection: Connection, now: datetime, most: int) -> int:
    """Remove up to `most` windows that are over, passing those by that another process has in hand; gives how many."""
    over = sa.select(throttle.c.key_sha256).where(throttle.c.expires_at <= now).limit(most)
    old = over.with_for_update(skip_locked=True)
    return connection.execute(throttle.delete().where(throttle.c.key_sha256.in_(old))).rowcount
