"""What staff asked for in the browser and what became of it, as rows that are only added to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import account, answer, making, programme, request

_TURN = 0x52455155
"""The first of two keys of a lock: locks of series have one, those of desks another."""


@dataclass(frozen=True, slots=True)
class Request:
    """A deed that was asked for and what became of it: `kind` is None while it waits; `until` None where nobody else is needed."""

    id: UUID
    deed: str
    arguments: Mapping[str, Any]
    programme_id: int | None
    programme: str | None
    notes: int
    reason: str | None
    note: str | None
    account_id: int
    asked_by: str
    asked_at: datetime
    until: datetime | None
    kind: str | None
    answered_by: str | None
    answered_by_id: int | None
    answered_at: datetime | None
    result: Mapping[str, Any] | None


def take_turn(connection: Connection) -> None:
    """Wait until this transaction alone counts what people did by themselves; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN, 0)))


def add(connection: Connection, request_id: UUID, **values: Any) -> None:
    """Append what somebody asks for."""
    connection.execute(request.insert().values(id=request_id, **values))


def add_answer(
    connection: Connection, request_id: UUID, *, kind: str, account_id: int, result: Any, at: datetime
) -> None:
    """Append what became of it; there is one answer, or the database refuses."""
    values = {"request_id": request_id, "kind": kind, "account_id": account_id, "result": result, "at": at}
    connection.execute(answer.insert().values(**values))


def by_id(connection: Connection, request_id: UUID) -> Request | None:
    """The request of that id."""
    row = connection.execute(_told().where(request.c.id == request_id)).first()
    return Request(*row) if row is not None else None


def waiting(connection: Connection, now: datetime, programme_id: int | None) -> list[Request]:
    """What waits for a second person (in one programme; None: in all), the oldest first."""
    query = _told().where(answer.c.kind.is_(None), request.c.until > now)
    return _of(connection, query.order_by(request.c.asked_at), programme_id)


def newest(connection: Connection, now: datetime, programme_id: int | None, most: int) -> list[Request]:
    """What was answered, or waited too long, the newest first."""
    is_over = sa.or_(answer.c.kind.is_not(None), request.c.until <= now)
    return _of(connection, _told().where(is_over).order_by(request.c.asked_at.desc()).limit(most), programme_id)


def orders_replacing(connection: Connection, order_id: str) -> list[UUID]:
    """The orders asked for in the browser that replace notes of this one, and were not declined, the oldest first."""
    is_alive = sa.or_(answer.c.kind.is_(None), answer.c.kind.in_(["alone", "confirmed"]))
    query = sa.select(request.c.id).outerjoin(answer, answer.c.request_id == request.c.id)
    mine = query.where(request.c.deed == "order", request.c.arguments["replaces"].as_string() == order_id, is_alive)
    return list(connection.scalars(mine.order_by(request.c.asked_at)))


def designs(connection: Connection, now: datetime) -> set[str]:
    """The designs of orders that were asked for and may still be made: neither declined, too late nor given up."""
    is_alive = sa.or_(
        sa.and_(answer.c.kind.is_(None), sa.or_(request.c.until.is_(None), request.c.until > now)),
        answer.c.kind.in_(["alone", "confirmed"]),
    )
    query = (
        sa.select(request.c.arguments["design"].as_string())
        .outerjoin(answer, answer.c.request_id == request.c.id)
        .outerjoin(making, making.c.request_id == request.c.id)
        .where(request.c.deed == "order", is_alive)
        .where(making.c.problem.is_(None))
    )
    return {each for each in connection.scalars(query.distinct()) if each is not None}


def done_alone(
    connection: Connection, deeds: Sequence[str], since: datetime, *, account_id: int, programme_id: int | None
) -> tuple[int, int]:
    """Notes that were moved since then by one person alone: by this account, and in this programme by anybody."""
    alone = (
        sa.select(sa.func.coalesce(sa.func.sum(request.c.notes), 0))
        .join(answer, answer.c.request_id == request.c.id)
        .where(request.c.deed.in_(deeds), answer.c.kind == "alone", request.c.asked_at > since)
    )
    mine = connection.scalar(alone.where(request.c.account_id == account_id)) or 0
    theirs = connection.scalar(alone.where(request.c.programme_id == programme_id)) or 0
    return int(mine), int(theirs)


def _of(connection: Connection, query: sa.Select[Any], programme_id: int | None) -> list[Request]:
    mine = query if programme_id is None else query.where(request.c.programme_id == programme_id)
    return [Request(*row) for row in connection.execute(mine)]


def _told() -> sa.Select[Any]:
    asker, answerer = account.alias("asker"), account.alias("answerer")
    return (
        sa.select(
            request.c.id, request.c.deed, request.c.arguments, request.c.programme_id, programme.c.name,
            request.c.notes, request.c.reason, request.c.note, request.c.account_id, asker.c.email, request.c.asked_at,
            request.c.until, answer.c.kind, answerer.c.email, answer.c.account_id, answer.c.at, answer.c.result,
        )
        .select_from(request)
        .join(asker, asker.c.id == request.c.account_id)
        .outerjoin(programme, programme.c.id == request.c.programme_id)
        .outerjoin(answer, answer.c.request_id == request.c.id)
        .outerjoin(answerer, answerer.c.id == answer.c.account_id)
    )  # fmt: skip
