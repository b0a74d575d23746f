"""Jobs: what the print shop of each order is asked for, and what became of it there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row
from sqlalchemy.dialects import postgresql, sqlite

from app.core import span as spans
from app.core.fact import FactKind
from app.core.span import Span
from app.store import facts
from app.store.database import added
from app.store.tables import job, job_event, orders, press_setting, series


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a print shop is asked for: None for `blank_sheets` means the usual; sizes are those of the note, in mm."""

    order: str
    print_shop_id: int | None
    sheet: str
    blank_sheets: int | None
    width_mm: float
    height_mm: float
    bleed_mm: float


@dataclass(frozen=True, slots=True)
class Event:
    """Something that became of a job; `turn` counts how often its file was taken or allowed again, from 0."""

    request_id: UUID
    order: str
    kind: str
    turn: int | None
    notes: int | None
    named: str | None
    spans: tuple[Span, ...]
    withdraws: UUID | None
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Settings:
    """How a print shop composes a job."""

    sheet: str
    flip: str = "long"
    office: bool = False
    separators: bool = False
    reverse: bool = False
    back_offset: str | None = None
    run_sheets: int = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """An order as lists of jobs have it."""

    order: str
    span: Span
    design: str
    programme_id: int
    print_shop_id: int | None
    made_at: datetime


def add(connection: Connection, wanted: Wanted) -> None:
    """Append what the print shop of an order is asked for."""
    values = {name: getattr(wanted, name) for name in Wanted.__slots__ if name != "order"}
    connection.execute(job.insert().values(order_id=wanted.order, **values))


def of(connection: Connection, order: str) -> Wanted | None:
    """What the print shop of an order is asked for; None for one from before that was kept."""
    row = connection.execute(sa.select(job).where(job.c.order_id == order)).first()
    return Wanted(*row) if row is not None else None


def newest(
    connection: Connection, most: int, *, programme_id: int | None = None, print_shop_id: int | None = None,
    without_shop: bool = False,
) -> list[Listed]:  # fmt: skip
    """The newest orders: of a programme, of a print shop, or those that name no shop."""
    query = (
        sa.select(orders, series.c.code, series.c.programme_id, job.c.print_shop_id)
        .join(series, series.c.id == orders.c.series_id)
        .outerjoin(job, job.c.order_id == orders.c.id)
    )
    if programme_id is not None:
        query = query.where(series.c.programme_id == programme_id)
    if print_shop_id is not None:
        query = query.where(job.c.print_shop_id == print_shop_id)
    if without_shop:
        query = query.where(job.c.print_shop_id.is_(None))
    found = connection.execute(query.order_by(orders.c.made_at.desc(), orders.c.id.desc()).limit(most))
    return [_listed(row) for row in found]


def add_event(connection: Connection, event: Event) -> None:
    """Append what became of a job; the database refuses a second one of the same turn."""
    kept = {name: getattr(event, name) for name in Event.__slots__ if name not in ("order", "spans")}
    told = [str(span) for span in event.spans] or None
    added(connection, job_event, order_id=event.order, spans=told, **kept)
    facts.enter(connection, FactKind.JOB, event.request_id)


def event_by_request(connection: Connection, request_id: UUID) -> Event | None:
    """What this request made, if it was made before."""
    row = connection.execute(_events().where(job_event.c.request_id == request_id)).first()
    return _event(row) if row is not None else None


def events(connection: Connection, of_orders: Sequence[str]) -> list[Event]:
    """What became of these orders' jobs, the oldest first."""
    query = _events().where(job_event.c.order_id.in_(of_orders)).order_by(job_event.c.id)
    return [_event(row) for row in connection.execute(query)]


def settings_of(connection: Connection, order: str) -> Settings | None:
    """How the print shop composes a job, None where it did not say."""
    columns = [press_setting.c[name] for name in Settings.__slots__]
    row = connection.execute(sa.select(*columns).where(press_setting.c.order_id == order)).first()
    return Settings(*row) if row is not None else None


def set_settings(connection: Connection, order: str, settings: Settings) -> None:
    """Keep how the print shop composes a job."""
    values: dict[str, Any] = {name: getattr(settings, name) for name in Settings.__slots__}
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(press_setting).values(order_id=order, **values)
    connection.execute(new.on_conflict_do_update(index_elements=[press_setting.c.order_id], set_=values))


def _listed(row: Row[Any]) -> Listed:
    span = Span(row.code, row.first, row.last)
    return Listed(row.id, span, row.design, row.programme_id, row.print_shop_id, row.made_at)


def _events() -> sa.Select[Any]:
    return sa.select(job_event)


def _event(row: Row[Any]) -> Event:
    named = tuple(spans.parse(each) for each in row.spans or ())
    return Event(
        row.request_id, row.order_id, row.kind, row.turn, row.notes, row.named, named, row.withdraws, row.actor, row.at
    )
