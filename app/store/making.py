"""How far the press is with the orders that were asked for: rows that change, because they are no facts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from app.core.roles import Deed
from app.store.tables import account, answer, making, movement, request

LONGEST_PROBLEM = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """An order that was asked for, allowed, and neither made nor given up."""

    id: UUID
    arguments: dict[str, Any]
    asked_by: str


@dataclass(frozen=True, slots=True)
class Making:
    """How many notes are signed and since when that is known; `reason` and `problem` where the press gave it up."""

    signed: int
    reason: str | None
    problem: str | None
    at: datetime


def waiting(connection: Connection) -> list[Asked]:
    """The orders that the press has to make, the oldest first."""
    query = (
        sa.select(request.c.id, request.c.arguments, account.c.email)
        .join(answer, answer.c.request_id == request.c.id)
        .join(account, account.c.id == request.c.account_id)
        .outerjoin(movement, movement.c.request_id == request.c.id)
        .outerjoin(making, making.c.request_id == request.c.id)
        .where(request.c.deed == Deed.ORDER, answer.c.kind.in_(["alone", "confirmed"]))
        .where(movement.c.id.is_(None), making.c.problem.is_(None))
        .order_by(request.c.asked_at, request.c.id)
    )
    return [Asked(*row) for row in connection.execute(query)]


def newest(connection: Connection, programme_id: int | None, most: int) -> list[UUID]:
    """The orders that were asked for (in one programme; None: in all), the newest first."""
    query = sa.select(request.c.id).where(request.c.deed == Deed.ORDER)
    mine = query if programme_id is None else query.where(request.c.programme_id == programme_id)
    return list(connection.scalars(mine.order_by(request.c.asked_at.desc(), request.c.id).limit(most)))


def of(connection: Connection, request_id: UUID) -> Making | None:
    """How far the press is with a request, None where it has not begun."""
    columns = (making.c.signed, making.c.reason, making.c.problem, making.c.at)
    row = connection.execute(sa.select(*columns).where(making.c.request_id == request_id)).first()
    return Making(*row) if row is not None else None


def is_signed(connection: Connection, request_id: UUID, signed: int, at: datetime) -> None:
    """So many notes are signed by now."""
    _put(connection, request_id, signed=signed, reason=None, problem=None, at=at)


def give_up(connection: Connection, request_id: UUID, reason: str, problem: str, at: datetime) -> None:
    """It cannot be made, and is not tried again."""
    _put(connection, request_id, signed=0, reason=reason, problem=problem[:LONGEST_PROBLEM], at=at)


def _put(connection: Connection, request_id: UUID, **values: Any) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(making).values(request_id=request_id, **values)
    connection.execute(new.on_conflict_do_update(index_elements=[making.c.request_id], set_=values))
