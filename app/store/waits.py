"""Waits: how many notes of an organisation were spent in a month, on which offer, and how many days after they were issued.

Kept as tallies are, in the transaction that gives facts their place in the log.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row
from sqlalchemy.dialects import postgresql, sqlite

from app.core.fact import FactKind
from app.core.lifecycle import Kind
from app.core.wall_clock import month_of
from app.store.rows import batches
from app.store.tables import movement, redeemed_note, redemption, reversal, wait
from app.store.tallies import Tally

EXACT_DAYS, MOST_DAYS = 28, 7 * 156
"""Below the first, days are counted one by one, and from there on by weeks, up to three years."""


class Of(NamedTuple):
    """What is counted together; `offer_id` 0 where a visit named none."""

    month: int
    organisation_id: int
    offer_id: int
    days: int


Waits = dict[Of, Tally]


def days_between(issued: datetime, spent: datetime) -> int:
    """Whole days from one to the other, as they are counted: never less than 0, whatever clocks said."""
    days = min(max((spent - issued) // timedelta(days=1), 0), MOST_DAYS)
    return days if days < EXACT_DAYS else days - days % 7


def add(connection: Connection, placed: Sequence[tuple[str, str]]) -> None:
    """Count facts that get their place in this transaction, each with its kind and id; one writer at a time."""
    rows = [{**of._asdict(), **more._asdict()} for of, more in sorted(count(connection, placed).items())]
    for some in batches(rows):
        connection.execute(_upsert(connection.dialect.name), some)


def count(connection: Connection, placed: Iterable[tuple[str, str]]) -> Waits:
    """What these facts come to by themselves."""
    refs: dict[str, list[UUID]] = {FactKind.REDEMPTION: [], FactKind.REVERSAL: []}
    for kind, ref in placed:
        if kind in refs:
            refs[kind].append(UUID(ref))
    found: Waits = {}
    for kind, one in ((FactKind.REDEMPTION, Tally(redeemed=1)), (FactKind.REVERSAL, Tally(given_back=1))):
        for some in batches(refs[kind]):
            for of in _notes(connection, kind, some):
                found[of] = found.get(of, Tally()).plus(one)
    return found


def all_waits(connection: Connection) -> Waits:
    """All as they are kept."""
    columns = [wait.c[name] for name in (*Of._fields, *Tally._fields)]
    return {Of(*row[:4]): Tally(*row[4:]) for row in connection.execute(sa.select(*columns))}


def _notes(connection: Connection, kind: str, refs: Sequence[UUID]) -> Iterator[Of]:
    """Each note of these redemptions, or of those that were given back; the month is that of the fact."""
    at = redemption.c.at if kind == FactKind.REDEMPTION else reversal.c.at
    query = (
        sa.select(
            at.label("counted_at"), redemption.c.at.label("spent_at"), redemption.c.offer_id, redeemed_note,
            movement.c.kind, movement.c.at.label("title_at"),
        )
        .select_from(redeemed_note)
        .join(redemption, redemption.c.id == redeemed_note.c.redemption_id)
        .join(movement, movement.c.id == redeemed_note.c.title_id)
        .where(redemption.c.id.in_(refs))
    )  # fmt: skip
    if kind == FactKind.REVERSAL:
        query = query.join(reversal, reversal.c.redemption_id == redemption.c.id)
    for row in connection.execute(query).all():
        days = days_between(_issued_at(connection, row), row.spent_at)
        yield Of(month_of(row.counted_at), row.issued_to_id, row.offer_id or 0, days)


def _issued_at(connection: Connection, note: Row[Any]) -> datetime:
    """When a note was issued: mostly by the movement that gave it title; a release or a reinstatement goes back further."""
    title: datetime = note.title_at
    if note.kind == Kind.ISSUE:
        return title
    query = sa.select(movement.c.at).where(
        movement.c.series_id == note.series_id, movement.c.kind == Kind.ISSUE, movement.c.id <= note.title_id,
        movement.c.first <= note.number, movement.c.last >= note.number,
    )  # fmt: skip
    issued: datetime | None = connection.scalars(query.order_by(movement.c.id.desc()).limit(1)).first()
    return issued or title


def _upsert(engine: str) -> Any:
    insert = postgresql.insert(wait) if engine == "postgresql" else sqlite.insert(wait)
    more = {name: wait.c[name] + insert.excluded[name] for name in Tally._fields}
    return insert.on_conflict_do_update(index_elements=list(Of._fields), set_=more)
