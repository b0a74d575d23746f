"""The facts of the books, read back from their rows and spelt as the log has them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core import fact
from app.core.fact import FactKind
from app.core.serial import Serial
from app.core.span import Span, merge
from app.store import log
from app.store.tables import (
    hand_out,
    movement,
    orders,
    redeemed_note,
    redemption,
    retired_note,
    retirement,
    reversal,
    reversed_note,
    series,
)

_BLOCK = 500


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it stands in the books now: `ref` is its id, `line` what its leaf is the hash of."""

    kind: FactKind
    ref: str
    line: bytes


def read(connection: Connection, kind: FactKind, refs: Sequence[str]) -> dict[str, bytes]:
    """The lines of the facts of a kind with these ids; one that is not in the books is not there."""
    table, key, spell = _KINDS[kind]
    wanted: list[Any] = [*refs] if kind is FactKind.ORDER else [UUID(ref) for ref in refs]
    rows = connection.execute(_rows(table).where(key.in_(wanted))).all()
    return {str(getattr(row, key.name)): line for row, line in zip(rows, spell(connection, rows), strict=True)}


def refs(connection: Connection, kind: FactKind) -> Iterator[Sequence[str]]:
    """The id of every fact of a kind in the order of their times, a block at a time."""
    table, key, _ = _KINDS[kind]
    at = table.c.made_at if table is orders else table.c.at
    for block in connection.execute(sa.select(key).order_by(at, key)).partitions(_BLOCK):
        yield [str(row[0]) for row in block]


def all_facts(connection: Connection) -> Iterator[Fact]:
    """Every fact, by kind and time."""
    for kind in FactKind:
        for block in list(refs(connection, kind)):
            found = read(connection, kind, block)
            yield from (Fact(kind, ref, found[ref]) for ref in block)


def enter(connection: Connection, kind: FactKind, fact_id: object) -> None:
    """Put the fact that this transaction has just written into the log's outbox, as it stands in its rows."""
    log.enter(connection, kind, fact_id, read(connection, kind, [str(fact_id)])[str(fact_id)])


def _rows(table: sa.Table) -> sa.Select[Any]:
    if "series_id" not in table.c:
        return sa.select(table)
    return sa.select(table, series.c.code).join(series, series.c.id == table.c.series_id)


def _orders(_connection: Connection, rows: Sequence[Row[Any]]) -> list[bytes]:
    return [
        fact.order(
            row.id, _span(row), design=row.design, host=row.host, public_key=row.public_key,
            bundle_size=row.bundle_size, expires_on=row.expires_on, replaces=row.replaces, actor=row.actor,
            at=row.made_at,
        )
        for row in rows
    ]  # fmt: skip


def _movements(_connection: Connection, rows: Sequence[Row[Any]]) -> list[bytes]:
    return [
        fact.movement(
            row.request_id, row.kind, _span(row), organisation=row.organisation_id, reason=row.reason, note=row.note,
            actor=row.actor, at=row.at,
        )
        for row in rows
    ]  # fmt: skip


def _redemptions(connection: Connection, rows: Sequence[Row[Any]]) -> list[bytes]:
    spent = _notes(connection, redeemed_note, redeemed_note.c.redemption_id, [row.id for row in rows])
    return [
        fact.redemption(
            row.id, desk=row.desk_id, venue=row.venue_id, offer=row.offer_id, outcome=row.outcome, reason=row.reason,
            hours=row.hours, practice=row.practice, offline=row.offline, scanned_at=row.scanned_at, at=row.at,
            notes=[(note["serial"], note["verdict"]) for note in row.answer["notes"]],
            spent=[(_serial(note), note.round, note.issued_to_id, note.title_id) for note in spent.get(row.id, [])],
        )
        for row in rows
    ]  # fmt: skip


def _reversals(connection: Connection, rows: Sequence[Row[Any]]) -> list[bytes]:
    column = reversed_note.c.redemption_id
    notes = _notes(connection, reversed_note, column, [row.redemption_id for row in rows])
    return [
        fact.reversal(
            row.redemption_id, reason=row.reason, actor=row.actor, at=row.at,
            notes=[(_serial(note), note.round) for note in notes.get(row.redemption_id, [])],
        )
        for row in rows
    ]  # fmt: skip


def _retirements(connection: Connection, rows: Sequence[Row[Any]]) -> list[bytes]:
    notes = _notes(connection, retired_note, retired_note.c.retirement_id, [row.id for row in rows])
    return [
        fact.retirement(
            row.request_id, _span(row), note=row.note, actor=row.actor, at=row.at,
            spans=merge(Span(note.code, note.number, note.number) for note in notes.get(row.id, [])),
        )
        for row in rows
    ]  # fmt: skip


def _hand_outs(_connection: Connection, rows: Sequence[Row[Any]]) -> list[bytes]:
    return [
        fact.hand_out(
            row.request_id, _span(row), organisation=row.organisation_id, activity=row.activity, hours=row.hours,
            people=row.people, actor=row.actor, at=row.at,
        )
        for row in rows
    ]  # fmt: skip


def _notes(
    connection: Connection, table: sa.Table, key: sa.Column[Any], ids: Iterable[Any]
) -> dict[Any, list[Row[Any]]]:
    """The rows of notes that belong to each id, in order of their numbers."""
    query = _rows(table).where(key.in_(list(ids))).order_by(key, table.c.series_id, table.c.number)
    rows = connection.execute(query).all()
    return {found: list(mine) for found, mine in groupby(rows, lambda row: getattr(row, key.name))}


def _span(row: Row[Any]) -> Span:
    return Span(row.code, row.first, row.last)


def _serial(row: Row[Any]) -> Serial:
    return Serial(row.code, row.number)


_KINDS: dict[FactKind, tuple[sa.Table, sa.Column[Any], Any]] = {
    FactKind.ORDER: (orders, orders.c.id, _orders),
    FactKind.MOVEMENT: (movement, movement.c.request_id, _movements),
    FactKind.REDEMPTION: (redemption, redemption.c.id, _redemptions),
    FactKind.REVERSAL: (reversal, reversal.c.redemption_id, _reversals),
    FactKind.RETIREMENT: (retirement, retirement.c.request_id, _retirements),
    FactKind.HAND_OUT: (hand_out, hand_out.c.request_id, _hand_outs),
}
"""Table, column of the id, and how its rows are spelt."""
