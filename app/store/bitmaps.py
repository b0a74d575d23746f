"""Which notes are spent now, as a bitmap of each series: half a million notes are sixty kilobytes."""

from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection

from app.store import rows
from app.store.tables import redeemed_note, reversed_note, series


def redeemed(connection: Connection) -> dict[str, bytes]:
    """By series, bit n - 1 (from the lowest bit of the first byte) for the spent note n; a series without one is not there."""
    some = sa.select(redeemed_note.c.series_id).where(redeemed_note.c.series_id == series.c.id)
    known = connection.execute(sa.select(series.c.id, series.c.code).where(some.exists()).order_by(series.c.code)).all()
    bitmaps = {row.code: _bitmap(connection, row.id) for row in known}
    return {code: bits for code, bits in bitmaps.items() if bits}


def _bitmap(connection: Connection, series_id: int) -> bytes:
    text = connection.scalar(_numbers(connection.dialect.name).where(redeemed_note.c.series_id == series_id))
    if not text:
        return b""
    numbers = np.fromstring(text, dtype=np.int64, sep=",")
    bits = np.zeros(int(numbers.max()), dtype=np.uint8)
    bits[numbers - 1] = 1
    return np.packbits(bits, bitorder="little").tobytes()


def _numbers(engine: str) -> sa.Select[Any]:
    """The numbers of the notes of which a life has not been given back, with commas between."""
    key = ("series_id", "number", "round")
    back = sa.and_(*(reversed_note.c[name] == redeemed_note.c[name] for name in key))
    return (
        sa.select(rows.joined(engine, redeemed_note.c.number))
        .outerjoin_from(redeemed_note, reversed_note, back)
        .where(reversed_note.c.round.is_(None))
    )
