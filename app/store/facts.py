"""The facts of the books, read back from their rows and spelt as the log has them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core import fact
from app.core import span as spans
from app.core.errors import HournoteError
from app.core.fact import FactKind
from app.core.serial import Serial
from app.core.span import Span, merge
from app.store import log
from app.store.tables import (
    closure,
    conflict,
    conflict_note,
    delivery,
    hand_out,
    job_event,
    movement,
    orders,
    receipt,
    redeemed_note,
    redemption,
    resolution,
    retired_note,
    retirement,
    retraction,
    reversal,
    reversed_note,
    series,
    shelf_count,
)

_BLOCK = 500


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it stands in the books now: `ref` is its id, `line` what its leaf is the hash of, `notes` how many rows
    of single notes are in it. The line of one whose row makes no sense is empty."""

    kind: str
    ref: str
    line: bytes
    notes: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where the facts of a kind are kept, how a row is spelt with those of its notes, and where these are."""

    table: sa.Table
    key: sa.Column[Any]
    spell: Callable[[Row[Any], Sequence[Row[Any]]], bytes]
    notes: sa.Column[Any] | None = None


def read(connection: Connection, kind: str, refs: Sequence[str]) -> dict[str, Fact]:
    """The facts of a kind with these ids; one that is not in the books is not there."""
    kept = _KINDS.get(kind)
    if kept is None:
        return {}
    wanted = [each for ref in refs if (each := _id(kind, ref)) is not None]
    rows = connection.execute(_rows(kept.table).where(kept.key.in_(wanted))).all()
    notes = _notes(connection, kept.notes, wanted) if kept.notes is not None else {}
    return {fact.ref: fact for fact in (_fact(kind, kept, row, notes) for row in rows)}


def refs(connection: Connection, kind: FactKind) -> Iterator[Sequence[str]]:
    """The id of every fact of a kind in the order of their times, a block at a time."""
    kept = _KINDS[kind]
    at = kept.table.c.made_at if kept.table is orders else kept.table.c.at
    for block in connection.execute(sa.select(kept.key).order_by(at, kept.key)).partitions(_BLOCK):
        yield [str(row[0]) for row in block]


def enter(connection: Connection, kind: FactKind, fact_id: object) -> None:
    """Put the fact that this transaction has just written into the log's outbox, as it stands in its rows."""
    log.enter(connection, kind, fact_id, read(connection, kind, [str(fact_id)])[str(fact_id)].line)


def enter_all(connection: Connection) -> None:
    """Put every fact of the books into the log's outbox, by kind and time: those that are older than the log."""
    for kind in FactKind:
        for block in list(refs(connection, kind)):
            found = read(connection, kind, block)
            log.enter_many(connection, [(kind, ref, found[ref].line) for ref in block])


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table of facts has, and each of the notes in them; those are named by their kind and `notes`."""
    tables = {str(kind): kept.table for kind, kept in _KINDS.items()}
    tables |= {f"{kind} notes": kept.notes.table for kind, kept in _KINDS.items() if kept.notes is not None}
    count = sa.func.count()
    return {name: connection.scalar(sa.select(count).select_from(table)) or 0 for name, table in tables.items()}


def _id(kind: str, ref: str) -> Any:
    """The id as its column has it, None for what cannot be one."""
    try:
        return ref if kind == FactKind.ORDER else UUID(ref)
    except ValueError:
        return None


def _fact(kind: str, kept: _Kept, row: Row[Any], notes: dict[Any, list[Row[Any]]]) -> Fact:
    fact_id = getattr(row, kept.key.name)
    mine = notes.get(row.id if kind == FactKind.RETIREMENT else fact_id, [])
    try:
        line = kept.spell(row, mine)
    except (LookupError, TypeError, AttributeError, ValueError, HournoteError):
        line = b""
    return Fact(kind, str(fact_id), line, len(mine))


def _rows(table: sa.Table) -> sa.Select[Any]:
    if "series_id" not in table.c:
        return sa.select(table)
    return sa.select(table, series.c.code).join(series, series.c.id == table.c.series_id)


def _notes(connection: Connection, column: sa.Column[Any], wanted: Sequence[Any]) -> dict[Any, list[Row[Any]]]:
    """The rows of single notes that belong to each fact, in order of their numbers."""
    table = column.table
    query = _rows(table).where(column.in_(wanted)).order_by(column, table.c.series_id, table.c.number)
    if table is retired_note:  # these name their retirement by its number
        mine = sa.select(retirement.c.id).where(retirement.c.request_id.in_(wanted))
        query = _rows(table).where(column.in_(mine)).order_by(column, table.c.series_id, table.c.number)
    rows = connection.execute(query).all()
    return {found: list(mine) for found, mine in groupby(rows, lambda row: getattr(row, column.name))}


def _order(row: Row[Any], _notes: Sequence[Row[Any]]) -> bytes:
    return fact.order(
        row.id, _span(row), design=row.design, host=row.host, public_key=row.public_key, bundle_size=row.bundle_size,
        expires_on=row.expires_on, replaces=row.replaces, actor=row.actor, at=row.made_at,
    )  # fmt: skip


def _movement(row: Row[Any], _notes: Sequence[Row[Any]]) -> bytes:
    return fact.movement(
        row.request_id, row.kind, _span(row), number=row.id, organisation=row.organisation_id, reason=row.reason,
        note=row.note, actor=row.actor, at=row.at,
    )  # fmt: skip


def _redemption(row: Row[Any], notes: Sequence[Row[Any]]) -> bytes:
    return fact.redemption(
        row.id, desk=row.desk_id, venue=row.venue_id, offer=row.offer_id, outcome=row.outcome, reason=row.reason,
        hours=row.hours, practice=row.practice, offline=row.offline, request_sha256=row.request_sha256,
        answer=row.answer, scanned_at=row.scanned_at, at=row.at,
        spent=[(_serial(note), note.round, note.issued_to_id, note.title_id) for note in notes],
    )  # fmt: skip


def _reversal(row: Row[Any], notes: Sequence[Row[Any]]) -> bytes:
    lives = [(_serial(note), note.round) for note in notes]
    return fact.reversal(row.redemption_id, reason=row.reason, actor=row.actor, at=row.at, notes=lives)


def _retirement(row: Row[Any], notes: Sequence[Row[Any]]) -> bytes:
    destroyed = merge(Span(note.code, note.number, note.number) for note in notes)
    return fact.retirement(row.request_id, _span(row), note=row.note, actor=row.actor, at=row.at, spans=destroyed)


def _hand_out(row: Row[Any], _notes: Sequence[Row[Any]]) -> bytes:
    return fact.hand_out(
        row.request_id, _span(row), organisation=row.organisation_id, activity=row.activity, hours=row.hours,
        people=row.people, given_on=row.given_on, actor=row.actor, at=row.at,
    )  # fmt: skip


def _retraction(row: Row[Any], _notes: Sequence[Row[Any]]) -> bytes:
    return fact.retraction(row.hand_out_request_id, reason=row.reason, actor=row.actor, at=row.at)


def _conflict(row: Row[Any], notes: Sequence[Row[Any]]) -> bytes:
    spent = [(_serial(note), note.first_redemption_id) for note in notes]
    return fact.conflict(row.redemption_id, notes=spent, at=row.at)


def _resolution(row: Row[Any], _notes: Sequence[Row[Any]]) -> bytes:
    return fact.resolution(row.redemption_id, reason=row.reason, note=row.note, actor=row.actor, at=row.at)


def _closure(row: Row[Any], _notes: Sequence[Row[Any]]) -> bytes:
    return fact.closure(
        row.request_id, number=row.id, kind=row.kind, reason=row.reason, checkpoint=row.checkpoint, actor=row.actor,
        at=row.at,
    )  # fmt: skip


def _job(row: Row[Any], _notes: Sequence[Row[Any]]) -> bytes:
    return fact.job(
        row.request_id, number=row.id, order=row.order_id, kind=row.kind, turn=row.turn, notes=row.notes, named=row.named,
        spans=[spans.parse(each) for each in row.spans or ()], withdraws=row.withdraws, actor=row.actor, at=row.at,
    )  # fmt: skip


def _delivery(row: Row[Any], _notes: Sequence[Row[Any]]) -> bytes:
    return fact.delivery(
        row.id, organisation=row.organisation_id, bundles=row.bundles, notes=row.notes, actor=row.actor, at=row.at
    )


def _receipt(row: Row[Any], _notes: Sequence[Row[Any]]) -> bytes:
    return fact.receipt(
        row.delivery_id, kind=row.kind, counts=row.counts, issued=row.issued, held=row.held, actor=row.actor, at=row.at
    )


def _count(row: Row[Any], _notes: Sequence[Row[Any]]) -> bytes:
    notes = {each: getattr(row, f"notes_{each}") for each in ("expected", "seen", "missing", "odd")}
    return fact.count(
        row.request_id, number=row.id, programme=row.programme_id, organisation=row.organisation_id,
        expected=map(spans.parse, row.expected), seen=map(spans.parse, row.seen),
        odd=[{**each, "spans": [spans.parse(span) for span in each["spans"]]} for each in row.odd],
        notes=notes, edition=row.edition, note=row.note, actor=row.actor, at=row.at,
    )  # fmt: skip


def _span(row: Row[Any]) -> Span:
    return Span(row.code, row.first, row.last)


def _serial(row: Row[Any]) -> Serial:
    return Serial(row.code, row.number)


_KINDS: dict[str, _Kept] = {
    FactKind.ORDER: _Kept(orders, orders.c.id, _order),
    FactKind.MOVEMENT: _Kept(movement, movement.c.request_id, _movement),
    FactKind.REDEMPTION: _Kept(redemption, redemption.c.id, _redemption, redeemed_note.c.redemption_id),
    FactKind.REVERSAL: _Kept(reversal, reversal.c.redemption_id, _reversal, reversed_note.c.redemption_id),
    FactKind.RETIREMENT: _Kept(retirement, retirement.c.request_id, _retirement, retired_note.c.retirement_id),
    FactKind.HAND_OUT: _Kept(hand_out, hand_out.c.request_id, _hand_out),
    FactKind.RETRACTION: _Kept(retraction, retraction.c.hand_out_request_id, _retraction),
    FactKind.CONFLICT: _Kept(conflict, conflict.c.redemption_id, _conflict, conflict_note.c.redemption_id),
    FactKind.RESOLUTION: _Kept(resolution, resolution.c.redemption_id, _resolution),
    FactKind.CLOSURE: _Kept(closure, closure.c.request_id, _closure),
    FactKind.JOB: _Kept(job_event, job_event.c.request_id, _job),
    FactKind.DELIVERY: _Kept(delivery, delivery.c.id, _delivery),
    FactKind.RECEIPT: _Kept(receipt, receipt.c.delivery_id, _receipt),
    FactKind.COUNT: _Kept(shelf_count, shelf_count.c.request_id, _count),
}
