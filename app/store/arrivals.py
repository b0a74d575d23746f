"""What must be known of visits that arrive before their notes are looked at: in one statement where each costs a round trip."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import ARRAY

from app.store import access, closures, parties, spending
from app.store.access import Desk
from app.store.database import lock_series
from app.store.parties import Series, Venue
from app.store.rows import in_array
from app.store.spending import Visit
from app.store.tables import desk, programme, redemption, series, venue


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The desks of the keys that were shown, the visits that are in the books already, and the series, by code; why the
    books are closed to redemption, None while they are open, and when they were last restored, None where never."""

    desks: dict[bytes, tuple[Desk, Venue]]
    known: dict[UUID, Visit]
    series: dict[str, Series]
    closed: str | None
    restored_at: datetime | None


def read(
    connection: Connection, *, keys: Sequence[bytes], redemption_ids: Sequence[UUID], codes: Collection[str]
) -> Arrivals:
    """Read them; movements of the series wait from now until the transaction is over."""
    if connection.dialect.name == "postgresql":
        return _at_once(connection, keys, redemption_ids, codes)
    found = parties.series_by_codes(connection, codes)
    lock_series(connection, [each.id for each in found.values()], shared=True)
    known = spending.visits(connection, redemption_ids)
    at_venues, closed = access.desks_by_keys(connection, keys), closures.closed_reason(connection)
    return Arrivals(at_venues, known, found, closed, closures.restored_at(connection))


def _at_once(
    connection: Connection, keys: Sequence[bytes], redemption_ids: Sequence[UUID], codes: Collection[str]
) -> Arrivals:
    given = {"keys": list(set(keys)), "ids": list(redemption_ids), "codes": sorted(codes)}
    rows = connection.execute(_STATEMENT, given).all()
    known = spending.visits(connection, rows[0].known) if rows[0].known else {}
    found = {each.code: each for each in (_series(*each) for each in rows[0].locked or ())}
    at_venues = access.by_key(row[:WIDTH] for row in rows if row[0] is not None)
    return Arrivals(at_venues, known, found, closures.reason_of(rows[0].closing), rows[0].restored_at)


def _series(series_id: int, code: str, programme_id: int, expires_on: str | None, _lock: str) -> Series:
    return Series(series_id, code, programme_id, date.fromisoformat(expires_on) if expires_on else None)


def _statement() -> sa.Select[Any]:
    """A row for each desk, at least one; beside it the ids that are known, and the series, locked as they are read.

    The subqueries depend on no row, so that PostgreSQL runs each once.
    """
    known = sa.func.array(sa.select(redemption.c.id).where(in_array(redemption.c.id, "ids")).scalar_subquery())
    lock = sa.cast(sa.func.pg_advisory_xact_lock_shared(series.c.id), sa.String)
    each = sa.func.json_build_array(series.c.id, series.c.code, series.c.programme_id, series.c.expires_on, lock)
    locked = sa.select(sa.func.json_agg(each, type_=sa.JSON)).where(in_array(series.c.code, "codes")).scalar_subquery()
    at_venues = desk.join(venue, venue.c.id == desk.c.venue_id).join(programme, programme.c.id == venue.c.programme_id)
    one = sa.select(sa.literal(1)).subquery("one")
    return sa.select(
        *access.COLUMNS,
        sa.type_coerce(known, ARRAY(sa.Uuid)).label("known"),
        locked.label("locked"),
        closures.NEWEST.scalar_subquery().label("closing"),
        closures.RESTORED_AT.scalar_subquery().label("restored_at"),
    ).select_from(one.outerjoin(at_venues, in_array(desk.c.key_sha256, "keys")))


WIDTH = len(access.COLUMNS)
_STATEMENT = _statement()
