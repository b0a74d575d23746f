"""What entered the log from a place on, and what waits to: the notes that were spent or given back, and whether spans moved.

A fact that a reader does not see yet is neither placed nor waiting for it, so that it gets a place at or after the size of
the log that it saw, however many write at once: nothing falls between two readings.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from app.core.fact import FactKind
from app.core.serial import Serial
from app.store.rows import batches
from app.store.tables import log_leaf, pending_leaf, redeemed_note, reversed_note, series

BATCH = 500
SPENDING = (FactKind.REDEMPTION, FactKind.REVERSAL)
MOVING = (FactKind.ORDER, FactKind.MOVEMENT)


def touched(connection: Connection, size: int, most: int) -> dict[Serial, bool] | None:
    """The notes that were spent or given back since the log had that size, each with whether it is spent now.

    None when there were more than `most` of them, or of visits.
    """
    facts = _entered(size, SPENDING).limit(2 * most + 1)
    refs: list[str] = list(dict.fromkeys(connection.scalars(facts)))
    if len(refs) > most:
        return None
    found: dict[tuple[int, str], set[int]] = {}
    for some in batches(refs, BATCH):
        mine = redeemed_note.c.redemption_id.in_(written([UUID(ref) for ref in some]))
        for row in connection.execute(_notes().where(mine)):
            found.setdefault((row.id, row.code), set()).add(row.number)
    if sum(map(len, found.values())) > most:
        return None
    return {
        Serial(code, number): is_spent
        for (series_id, code), numbers in found.items()
        for number, is_spent in _spent(connection, series_id, sorted(numbers))
    }


def any_moved(connection: Connection, size: int) -> bool:
    """Whether a span was ordered or moved since the log had that size."""
    return connection.scalar(_entered(size, MOVING).limit(1)) is not None


def _entered(size: int, kinds: Sequence[FactKind]) -> sa.CompoundSelect[Any]:
    """The ids of facts of these kinds with a place at or after `size`, and of those that wait for one."""
    placed = sa.select(log_leaf.c.ref).where(log_leaf.c.leaf_index >= size, log_leaf.c.kind.in_(kinds))
    return placed.union_all(sa.select(pending_leaf.c.ref).where(pending_leaf.c.kind.in_(kinds)))


def _notes() -> sa.Select[tuple[int, str, int]]:
    """Each note that a redemption spent, with its series."""
    columns = (series.c.id, series.c.code, redeemed_note.c.number)
    return sa.select(*columns).join(series, series.c.id == redeemed_note.c.series_id)


def _spent(connection: Connection, series_id: int, numbers: Sequence[int]) -> Iterator[tuple[int, bool]]:
    """Each number, and whether it has more lives than reversals. In two looks: one with a join would read whole tables."""
    for some in batches(numbers, BATCH):
        lives = Counter(_of(connection, redeemed_note, series_id, some))
        lives.subtract(_of(connection, reversed_note, series_id, some))
        yield from ((number, lives[number] > 0) for number in some)


def _of(connection: Connection, table: sa.Table, series_id: int, numbers: Sequence[int]) -> sa.ScalarResult[int]:
    """The number of each row for one of these notes."""
    return connection.scalars(
        sa.select(table.c.number).where(table.c.series_id == series_id, table.c.number.in_(numbers))
    )


def written(values: Sequence[Any]) -> sa.BindParameter[Any]:
    """Numbers or ids for an IN, written into the statement: as hundreds of parameters they would cost psycopg more time to
    find than the database to look up."""
    return sa.bindparam(None, values, expanding=True, literal_execute=True)
