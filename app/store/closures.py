"""Closures: the books closed to redemption, because they were restored from a backup, and reopened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from app.core.fact import FactKind
from app.store import facts
from app.store.tables import closure

CLOSED, REOPENED = "closed", "reopened"
FIRST_EPOCH = "0"


@dataclass(frozen=True, slots=True)
class Closure:
    """The books were closed or reopened; `checkpoint`: the newest that anyone outside was known to hold."""

    id: int
    request_id: UUID
    kind: str
    reason: str
    checkpoint: str | None
    actor: str
    at: datetime


NEWEST = sa.select(closure.c.kind + " " + closure.c.reason).order_by(closure.c.id.desc()).limit(1)
"""The kind and the reason of the newest row, as one text."""

RESTORED_AT = sa.select(sa.func.max(closure.c.at)).where(closure.c.kind == CLOSED)
"""When the books were last restored, null where they never were."""


def closed_reason(connection: Connection) -> str | None:
    """Why redemption is closed, None while it is open: the newest row tells."""
    return reason_of(connection.scalar(NEWEST))


def reason_of(newest: str | None) -> str | None:
    """What the newest row comes to: why redemption is closed, None while it is open."""
    kind, _, reason = (newest or "").partition(" ")
    return reason if kind == CLOSED else None


def restored_at(connection: Connection) -> datetime | None:
    """When the books were last restored from a backup, and closed for it; None where they never were."""
    found: datetime | None = connection.scalar(RESTORED_AT)
    return found


def epoch(connection: Connection) -> str:
    """What tells these books from those before their last restore: the id of that closure, "0" before the first."""
    newest = sa.select(closure.c.request_id).where(closure.c.kind == CLOSED).order_by(closure.c.id.desc()).limit(1)
    found = connection.scalar(newest)
    return FIRST_EPOCH if found is None else str(found)


def by_request(connection: Connection, request_id: UUID) -> Closure | None:
    """The closure of that request."""
    row = connection.execute(sa.select(closure).where(closure.c.request_id == request_id)).first()
    return Closure(**row._mapping) if row is not None else None


def all_closures(connection: Connection) -> list[Closure]:
    """Every closure, oldest first."""
    return [Closure(**row._mapping) for row in connection.execute(sa.select(closure).order_by(closure.c.id))]


def add(
    connection: Connection, *, request_id: UUID, kind: str, reason: str, checkpoint: str | None, actor: str, at: datetime
) -> None:  # fmt: skip
    """Append a closure, and enter it into the log."""
    values = {"request_id": request_id, "kind": kind, "reason": reason, "checkpoint": checkpoint}
    connection.execute(closure.insert().values(**values, actor=actor, at=at))
    facts.enter(connection, FactKind.CLOSURE, request_id)
