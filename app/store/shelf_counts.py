"""Counts of shelves as rows, and the sheets of those that are under way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core import shelf as shelves
from app.core import span as spans
from app.core.fact import FactKind
from app.core.shelf import Odd, ShelfCount, Why
from app.core.span import Span
from app.store import facts
from app.store.tables import count_sheet, shelf_count


@dataclass(frozen=True, slots=True)
class Sheet:
    """A shelf that is being counted; `edition`: how often it was changed."""

    id: UUID
    programme_id: int
    organisation_id: int | None
    seen: tuple[Span, ...]
    edition: int
    actor: str
    at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A count in a list: its number, whose shelf, and how many notes each part has."""

    number: int
    id: UUID
    programme_id: int
    organisation_id: int | None
    notes_expected: int
    notes_seen: int
    notes_missing: int
    notes_odd: int
    edition: int
    note: str | None
    actor: str
    at: datetime


_LINE = [shelf_count.c.id, shelf_count.c.request_id, *(shelf_count.c[name] for name in Line.__slots__[2:])]


def add(
    connection: Connection, count_id: UUID, count: ShelfCount, *, programme_id: int, organisation_id: int | None,
    edition: int, note: str | None, actor: str, at: datetime,
) -> None:  # fmt: skip
    """Append a count."""
    odd = [{"why": each.why, "holder": each.holder, "spans": _kept(each.spans)} for each in count.odd]
    connection.execute(
        shelf_count.insert().values(
            request_id=count_id, programme_id=programme_id, organisation_id=organisation_id,
            expected=_kept(count.expected), seen=_kept(count.seen), odd=odd, notes_expected=_notes(count.expected),
            notes_seen=_notes(count.seen), notes_missing=_notes(count.missing), notes_odd=count.notes_odd, edition=edition,
            note=note, actor=actor, at=at,
        )
    )  # fmt: skip
    facts.enter(connection, FactKind.COUNT, count_id)


def by_id(connection: Connection, count_id: UUID) -> tuple[Line, ShelfCount] | None:
    """A count as it was made, if there is one of that id."""
    row = connection.execute(sa.select(shelf_count).where(shelf_count.c.request_id == count_id)).first()
    if row is None:
        return None
    odd = [Odd(Why(each["why"]), each["holder"], _read(each["spans"])) for each in row.odd]
    return _line(row), shelves.compare(_read(row.expected), _read(row.seen), odd)


def newest(
    connection: Connection, most: int, *, programme_id: int | None, organisation_id: int | None, only_stock: bool = False,
    before: int | None = None,
) -> list[Line]:  # fmt: skip
    """Counts of a programme (None: of every one) or of one organisation, from before that number, the newest first;
    `only_stock`: without those of organisations."""
    query = sa.select(*_LINE)
    if programme_id is not None:
        query = query.where(shelf_count.c.programme_id == programme_id)
    if organisation_id is not None:
        query = query.where(shelf_count.c.organisation_id == organisation_id)
    if only_stock:
        query = query.where(shelf_count.c.organisation_id.is_(None))
    if before is not None:
        query = query.where(shelf_count.c.id < before)
    return [_line(row) for row in connection.execute(query.order_by(shelf_count.c.id.desc()).limit(most))]


def begin(
    connection: Connection, sheet_id: UUID, *, programme_id: int, organisation_id: int | None, actor: str, at: datetime
) -> None:
    """Lay an empty sheet out; there is one for a shelf, or the database refuses."""
    connection.execute(
        count_sheet.insert().values(
            id=sheet_id, programme_id=programme_id, organisation_id=organisation_id, seen=[], edition=0, actor=actor, at=at,
            changed_at=at,
        )
    )  # fmt: skip


def sheet(connection: Connection, sheet_id: UUID, *, hold: bool = False) -> Sheet | None:
    """The sheet of that id; with `hold` kept from others until this transaction ends."""
    query = sa.select(count_sheet).where(count_sheet.c.id == sheet_id)
    row = connection.execute(query.with_for_update() if hold else query).first()
    return _sheet(row) if row is not None else None


def sheet_of(connection: Connection, programme_id: int, organisation_id: int | None) -> Sheet | None:
    """The sheet of a shelf."""
    mine = count_sheet.c.organisation_id == organisation_id  # IS NULL for none
    row = connection.execute(sa.select(count_sheet).where(count_sheet.c.programme_id == programme_id, mine)).first()
    return _sheet(row) if row is not None else None


def sheets(connection: Connection, *, programme_id: int | None, organisation_id: int | None) -> list[Sheet]:
    """The sheets of a programme (None: of every one) or of one organisation, the oldest first."""
    query = sa.select(count_sheet)
    if programme_id is not None:
        query = query.where(count_sheet.c.programme_id == programme_id)
    if organisation_id is not None:
        query = query.where(count_sheet.c.organisation_id == organisation_id)
    return [_sheet(row) for row in connection.execute(query.order_by(count_sheet.c.at, count_sheet.c.id))]


def change(connection: Connection, found: Sheet, seen: Iterable[Span], at: datetime) -> None:
    """Write down what was seen by now."""
    values = {"seen": _kept(seen), "edition": found.edition + 1, "changed_at": at}
    connection.execute(count_sheet.update().where(count_sheet.c.id == found.id).values(values))


def drop(connection: Connection, sheet_id: UUID) -> None:
    """Take a sheet away."""
    connection.execute(count_sheet.delete().where(count_sheet.c.id == sheet_id))


def _line(row: Row[Any]) -> Line:
    return Line(row.id, row.request_id, *(getattr(row, name) for name in Line.__slots__[2:]))


def _sheet(row: Row[Any]) -> Sheet:
    return Sheet(
        row.id, row.programme_id, row.organisation_id, _read(row.seen), row.edition, row.actor, row.at, row.changed_at
    )


def _notes(counted: Iterable[Span]) -> int:
    return sum(map(len, counted))


def _kept(counted: Iterable[Span]) -> list[str]:
    return [str(span) for span in counted]


def _read(kept: Iterable[str]) -> tuple[Span, ...]:
    return tuple(map(spans.parse, kept))
