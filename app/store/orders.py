"""Orders: which span was signed with which key, and the keyring that they make."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core.fact import FactKind
from app.core.reference import OrderId
from app.core.span import Span
from app.core.verifying import Key
from app.store import facts
from app.store.tables import orders, series


@dataclass(frozen=True, slots=True)
class Order:
    """A span that was printed together, with its design and its own key."""

    id: str
    span: Span
    design: str
    host: str
    public_key: bytes
    bundle_size: int
    expires_on: date | None
    replaces: str | None
    actor: str
    made_at: datetime


def add(connection: Connection, series_id: int, order: Order) -> None:
    """Append an order."""
    connection.execute(
        orders.insert().values(
            id=order.id, series_id=series_id, first=order.span.first, last=order.span.last, design=order.design,
            host=order.host, public_key=order.public_key, bundle_size=order.bundle_size, expires_on=order.expires_on,
            replaces=order.replaces, actor=order.actor, made_at=order.made_at,
        )
    )  # fmt: skip
    facts.enter(connection, FactKind.ORDER, order.id)


def by_id(connection: Connection, order_id: OrderId) -> Order | None:
    """The order of that id."""
    row = connection.execute(_orders().where(orders.c.id == str(order_id))).first()
    return _order(row) if row is not None else None


def next_ordinal(connection: Connection, series_id: int) -> int:
    """Which order of its series the next one is, from 1."""
    return 1 + (connection.scalar(sa.select(sa.func.count()).where(orders.c.series_id == series_id)) or 0)


def over(connection: Connection, series_id: int, span: Span) -> list[Order]:
    """The orders that have notes in `span`, in order."""
    query = _orders().where(orders.c.series_id == series_id, orders.c.last >= span.first, orders.c.first <= span.last)
    return [_order(row) for row in connection.execute(query.order_by(orders.c.first))]


def all_orders(connection: Connection) -> list[Order]:
    """Every order, the newest first."""
    return [_order(row) for row in connection.execute(_orders().order_by(orders.c.made_at.desc(), orders.c.id.desc()))]


def replacing(connection: Connection, order_id: str) -> list[str]:
    """The orders that replace notes of this one, the oldest first."""
    query = sa.select(orders.c.id).where(orders.c.replaces == order_id)
    return list(connection.scalars(query.order_by(orders.c.made_at, orders.c.id)))


def designs(connection: Connection) -> set[str]:
    """The designs that orders were made with."""
    return set(connection.scalars(sa.select(orders.c.design).distinct()))


def keyring(connection: Connection) -> list[Key]:
    """The public key of every order with its span and the last day of its series."""
    query = sa.select(orders.c.first, orders.c.last, orders.c.public_key, series.c.code, series.c.expires_on)
    rows = connection.execute(query.join(series, series.c.id == orders.c.series_id))
    return [Key(Span(row.code, row.first, row.last), row.public_key, row.expires_on) for row in rows]


def _orders() -> sa.Select[Any]:
    return sa.select(orders, series.c.code).join(series, series.c.id == orders.c.series_id)


def _order(row: Row[Any]) -> Order:
    span = Span(row.code, row.first, row.last)
    return Order(
        row.id, span, row.design, row.host, row.public_key, row.bundle_size, row.expires_on, row.replaces,
        row.actor, row.made_at,
    )  # fmt: skip
