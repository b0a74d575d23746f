"""The log as rows: the outbox that facts enter with their own transaction, the leaves in their order, and the tiles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy import Connection

from app.core import merkle
from app.core.fact import FactKind
from app.core.merkle import HASH_BYTES, Node
from app.store import rows, tallies, waits
from app.store.tables import checkpoint, log_key, log_leaf, log_tile, pending_leaf

TILE_BITS = 8
TILE = 1 << TILE_BITS
"""Hashes of a tile (C2SP tlog-tiles)."""

_SEQUENCER_LOCK = 0x4C4F47


Entry = tuple[FactKind, object, bytes]
"""The kind, the id and the line of a fact."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A fact's place in the log: `index` from 0, -1 while it waits for one."""

    index: int
    kind: str
    ref: str
    leaf_hash: bytes


def enter(connection: Connection, kind: FactKind, ref: object, line: bytes) -> None:
    """Put a fact's leaf into the outbox, in the transaction of the fact; `ref` is its id."""
    enter_many(connection, [(kind, ref, line)])


def enter_many(connection: Connection, entries: Sequence[Entry]) -> None:
    """Put many leaves into the outbox."""
    rows.insert_all(connection, [waiting(entries)])


def waiting(entries: Sequence[Entry]) -> rows.Rows:
    """The rows of the outbox for these facts, to be inserted with them."""
    leaves = [{"kind": str(kind), "ref": str(ref), "leaf_hash": merkle.leaf_hash(line)} for kind, ref, line in entries]
    return pending_leaf, leaves


def take_turn(connection: Connection) -> None:
    """Wait until this transaction alone may give places; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SEQUENCER_LOCK)))


def any_pending(connection: Connection) -> bool:
    """Whether a fact waits for its place."""
    return connection.scalar(sa.select(pending_leaf.c.id).limit(1)) is not None


def place_pending(connection: Connection, most: int) -> int:
    """Give up to `most` waiting leaves the next places, write the tiles that are full now and tally them; gives how many."""
    waiting = connection.execute(sa.select(pending_leaf).order_by(pending_leaf.c.id).limit(most)).all()
    if not waiting:
        return 0
    start = size(connection)
    placed = [
        {"leaf_index": start + place, "kind": row.kind, "ref": row.ref, "leaf_hash": row.leaf_hash}
        for place, row in enumerate(waiting)
    ]
    rows.insert(connection, log_leaf, placed)
    connection.execute(pending_leaf.delete().where(pending_leaf.c.id.in_([row.id for row in waiting])))
    _fill_tiles(connection, start, start + len(placed))
    for summary in (tallies, waits):
        summary.add(connection, [(row.kind, row.ref) for row in waiting])
    return len(placed)


def size(connection: Connection) -> int:
    """How many leaves have their place."""
    newest = connection.scalar(sa.select(sa.func.max(log_leaf.c.leaf_index)))
    return 0 if newest is None else newest + 1


def node(connection: Connection) -> Node:
    """The hash of any complete subtree of the log, from tiles where they are full and from leaves at its end."""
    read = lru_cache(maxsize=64)(lambda level, index: _tile(connection, level, index))

    def entry(level: int, index: int) -> bytes:
        """One hash of a tile: a leaf's, or the root of a whole tile of the level below."""
        hashes = read(level, index >> TILE_BITS)
        if len(hashes) > index % TILE * HASH_BYTES:
            return hashes[index % TILE * HASH_BYTES :][:HASH_BYTES]
        return over(level - 1, TILE_BITS, index)

    def over(level: int, height: int, index: int) -> bytes:
        """The root over the 2^height entries of a level of tiles that begin at index * 2^height."""
        if height == 0:
            return entry(level, index)
        return merkle.joined(over(level, height - 1, 2 * index), over(level, height - 1, 2 * index + 1))

    return lambda level, index: over(level // TILE_BITS, level % TILE_BITS, index)


def leaves(connection: Connection, start: int = 0, block: int = 500) -> Iterator[Sequence[Leaf]]:
    """All leaves from `start` on, in order, a block at a time."""
    while True:
        query = sa.select(log_leaf).where(log_leaf.c.leaf_index >= start).order_by(log_leaf.c.leaf_index).limit(block)
        found = [Leaf(row.leaf_index, row.kind, row.ref, row.leaf_hash) for row in connection.execute(query)]
        if not found:
            return
        yield found
        start = found[-1].index + 1


def pending(connection: Connection, start: int = 0, block: int = 500) -> Iterator[Sequence[Leaf]]:
    """All leaves that wait for their place, a block at a time."""
    while True:
        query = sa.select(pending_leaf).where(pending_leaf.c.id > start).order_by(pending_leaf.c.id).limit(block)
        found = connection.execute(query).all()
        if not found:
            return
        yield [Leaf(-1, row.kind, row.ref, row.leaf_hash) for row in found]
        start = found[-1].id


def leaf_of(connection: Connection, ref: str) -> list[Leaf]:
    """The leaves of the facts with that id: a redemption and its reversal share one."""
    mine = (log_leaf.c.kind.in_(list(FactKind)), log_leaf.c.ref == ref)  # in this order by the index
    query = sa.select(log_leaf).where(*mine).order_by(log_leaf.c.leaf_index)
    return [Leaf(row.leaf_index, row.kind, row.ref, row.leaf_hash) for row in connection.execute(query)]


def place_of(connection: Connection, kind: FactKind, ref: str) -> int | None:
    """The place that a fact has in the log or, while it waits, is to get there; None where the log knows nothing of it."""
    placed = sa.select(log_leaf.c.leaf_index).where(log_leaf.c.kind == kind, log_leaf.c.ref == ref)
    found = connection.scalar(placed)
    if found is not None:
        return int(found)
    mine = sa.select(pending_leaf.c.id).where(pending_leaf.c.kind == kind, pending_leaf.c.ref == ref)
    waiting = connection.scalar(mine)
    if waiting is None:
        return None
    before = sa.select(sa.func.count()).where(pending_leaf.c.id < waiting)
    return size(connection) + (connection.scalar(before) or 0)


def known(connection: Connection, kind: FactKind, refs: Sequence[str]) -> set[str]:
    """Which of these facts are in the log or wait for it."""
    found: set[str] = set()
    for table in (log_leaf, pending_leaf):
        found.update(connection.scalars(sa.select(table.c.ref).where(table.c.kind == kind, table.c.ref.in_(refs))))
    return found


def count_pending(connection: Connection) -> int:
    """How many facts wait for their place."""
    return connection.scalar(sa.select(sa.func.count()).select_from(pending_leaf)) or 0


def add_checkpoint(connection: Connection, *, size: int, note: str, at: datetime) -> None:
    """Append a checkpoint."""
    connection.execute(checkpoint.insert().values(size=size, note=note, at=at))


def kept_key(connection: Connection) -> str | None:
    """The public key that the log was first signed with, None while it never was."""
    return connection.scalar(sa.select(log_key.c.key))


def keep_key(connection: Connection, key: str) -> None:
    """Keep the public key that the log is signed with."""
    connection.execute(log_key.insert().values(id=1, key=key))


def newest_checkpoint(connection: Connection) -> str | None:
    """The signed note of the largest tree, None while there is none."""
    return connection.scalar(sa.select(checkpoint.c.note).order_by(checkpoint.c.size.desc()).limit(1))


def signed_up_to(connection: Connection, size: int) -> int:
    """How many facts the largest checkpoint has that has no more than `size`."""
    return connection.scalar(sa.select(sa.func.max(checkpoint.c.size)).where(checkpoint.c.size <= size)) or 0


def all_checkpoints(connection: Connection) -> list[str]:
    """Every signed note, smallest tree first."""
    return list(connection.scalars(sa.select(checkpoint.c.note).order_by(checkpoint.c.size)))


def tile(connection: Connection, level: int, index: int) -> bytes:
    """The hashes of a full tile, none where it is not kept."""
    mine = (log_tile.c.level == level, log_tile.c.tile_index == index)
    return bytes(connection.scalar(sa.select(log_tile.c.hashes).where(*mine)) or b"")


def count_tiles(connection: Connection) -> int:
    """How many full tiles are kept."""
    return connection.scalar(sa.select(sa.func.count()).select_from(log_tile)) or 0


def _fill_tiles(connection: Connection, start: int, end: int) -> None:
    """Write every tile that is full with `end` leaves and was not with `start`."""
    level = 0
    while end >> TILE_BITS > start >> TILE_BITS:
        start, end = start >> TILE_BITS, end >> TILE_BITS
        read = node(connection)
        for index in range(start, end):
            hashes = b"".join(read(level * TILE_BITS, (index << TILE_BITS) + place) for place in range(TILE))
            connection.execute(log_tile.insert().values(level=level, tile_index=index, hashes=hashes))
        level += 1


def _tile(connection: Connection, level: int, index: int) -> bytes:
    """The hashes of a tile; at level 0 from the leaves while it is not full."""
    full = tile(connection, level, index)
    if full or level:
        return full
    places = log_leaf.c.leaf_index.between(index << TILE_BITS, (index << TILE_BITS) + TILE - 1)
    return b"".join(connection.scalars(sa.select(log_leaf.c.leaf_hash).where(places).order_by(log_leaf.c.leaf_index)))
