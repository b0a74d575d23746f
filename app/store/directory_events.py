"""Who changed what of the directory, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import directory_event, offer

Changes = Mapping[str, tuple[Any, Any] | list[Any]]
"""Each field with its value before and after."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What was changed: the contact of a programme, a venue of it, or an offer there."""

    programme_id: int
    venue_id: int | None = None
    offer_id: int | None = None


@dataclass(frozen=True, slots=True)
class DirectoryEvent:
    """A change: *added*, *changed*, *closed* or *reopened*, by whom and when; `offer` is the name it has now."""

    subject: Subject
    kind: str
    changes: Changes
    actor: str
    at: datetime
    offer: str | None = None


def add(connection: Connection, made: DirectoryEvent, request_id: UUID | None = None) -> None:
    """Append it."""
    of = made.subject
    connection.execute(
        directory_event.insert().values(
            request_id=request_id, programme_id=of.programme_id, venue_id=of.venue_id, offer_id=of.offer_id,
            kind=made.kind, changes=dict(made.changes), actor=made.actor, at=made.at,
        )
    )  # fmt: skip


def of_request(connection: Connection, request_id: UUID) -> DirectoryEvent | None:
    """What a request added, None while it has added nothing."""
    found = _read(connection, directory_event.c.request_id == request_id, 1)
    return found[0] if found else None


def of_venue(connection: Connection, venue_id: int, most: int) -> list[DirectoryEvent]:
    """The newest changes of a venue and of its offers, newest first."""
    return _read(connection, directory_event.c.venue_id == venue_id, most)


def of_offer(connection: Connection, venue_id: int, offer_id: int, since: datetime) -> list[DirectoryEvent]:
    """The changes of an offer after a time, newest first."""
    mine = (
        directory_event.c.venue_id == venue_id,
        directory_event.c.offer_id == offer_id,
        directory_event.c.at > since,
    )
    return _read(connection, sa.and_(*mine), None)


def of_contact(connection: Connection, programme_id: int, most: int) -> list[DirectoryEvent]:
    """The newest changes of a programme's contact, newest first."""
    mine = sa.and_(directory_event.c.programme_id == programme_id, directory_event.c.venue_id.is_(None))
    return _read(connection, mine, most)


def _read(connection: Connection, wanted: sa.ColumnElement[bool], most: int | None) -> list[DirectoryEvent]:
    query = (
        sa.select(directory_event, offer.c.name)
        .outerjoin(offer, offer.c.id == directory_event.c.offer_id)
        .where(wanted).order_by(directory_event.c.id.desc()).limit(most)
    )  # fmt: skip
    return [
        DirectoryEvent(
            Subject(row.programme_id, row.venue_id, row.offer_id), row.kind, row.changes, row.actor, row.at, row.name
        )
        for row in connection.execute(query)
    ]
