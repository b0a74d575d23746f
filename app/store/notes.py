"""Single notes as the books have them: state, title, key and last life, of many notes in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from app.core.lifecycle import State
from app.store.tables import Moment

Number = tuple[int, int]
"""A note: the id of its series, and its number."""


@dataclass(frozen=True, slots=True)
class Spent:
    """That a note is spent now: by which redemption, when and at which venue."""

    redemption_id: UUID
    at: datetime
    venue_id: int


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it stands.

    `state` of its span, `holder_id` the organisation that has it, `title_id` the movement since which it stands so,
    `public_key` of its order, `lives` that it had, and `spent` when the last of these was not given back.
    """

    state: State
    holder_id: int | None
    title_id: int
    public_key: bytes
    lives: int = 0
    spent: Spent | None = None


def read(connection: Connection, numbers: Sequence[Number]) -> dict[Number, Note]:
    """Those of the notes that were ever ordered: two looks into an index for each, and two more for a spent one."""
    if not numbers:
        return {}
    pairs = list(dict.fromkeys(numbers))
    if connection.dialect.name == "postgresql":
        rows = connection.execute(
            _POSTGRESQL, {"series": [pair[0] for pair in pairs], "numbers": [pair[1] for pair in pairs]}
        )
        return {(row.series_id, row.number): _note(row) for row in rows}
    found: dict[Number, Note] = {}
    for series_id, number in pairs:
        row = connection.execute(_SQLITE, {"series_id": series_id, "number": number}).first()
        if row is not None:
            found[series_id, number] = _note(row)
    return found


def _note(row: sa.Row[Any]) -> Note:
    lives = 0 if row.round is None else row.round + 1
    spent = Spent(row.redemption_id, row.at, row.venue_id) if lives and not row.given_back else None
    return Note(State(row.state), row.holder_id, row.movement_id, bytes(row.public_key), lives, spent)


_COLUMNS = """
SELECT n.series_id, n.number, h.state, h.holder_id, h.movement_id, k.public_key,
       r.round, r.redemption_id, v.round IS NOT NULL AS given_back, d.at, d.venue_id
"""
_LIVES = """
LEFT JOIN reversed_note v ON v.series_id = r.series_id AND v.number = r.number AND v.round = r.round
LEFT JOIN redemption d ON d.id = r.redemption_id AND v.round IS NULL
"""
_TYPES = (
    sa.column("series_id", sa.Integer), sa.column("number", sa.Integer), sa.column("state", sa.String),
    sa.column("holder_id", sa.Integer), sa.column("movement_id", sa.Integer), sa.column("public_key", sa.LargeBinary),
    sa.column("round", sa.Integer), sa.column("redemption_id", sa.Uuid), sa.column("given_back", sa.Boolean),
    sa.column("at", Moment), sa.column("venue_id", sa.Integer),
)  # fmt: skip

_POSTGRESQL = sa.text(
    f"""{_COLUMNS}
FROM unnest(CAST(:series AS int[]), CAST(:numbers AS int[])) AS n (series_id, number)
CROSS JOIN LATERAL (SELECT * FROM holding WHERE series_id = n.series_id AND last >= n.number ORDER BY last LIMIT 1) h
CROSS JOIN LATERAL (SELECT * FROM orders WHERE series_id = n.series_id AND last >= n.number ORDER BY last LIMIT 1) k
LEFT JOIN LATERAL (
    SELECT * FROM redeemed_note WHERE series_id = n.series_id AND number = n.number ORDER BY round DESC LIMIT 1
) r ON true
{_LIVES}
WHERE h.first <= n.number AND k.first <= n.number"""  # noqa: S608 - no value of anybody's
).columns(*_TYPES)
"""LATERAL, so that each note is looked up in the indexes whatever the planner believes of the tables' sizes."""

_SQLITE = sa.text(
    f"""{_COLUMNS}
FROM (SELECT :series_id AS series_id, :number AS number) n
JOIN holding h ON h.id = (
    SELECT id FROM holding WHERE series_id = :series_id AND last >= :number ORDER BY last LIMIT 1)
JOIN orders k ON k.id = (
    SELECT id FROM orders WHERE series_id = :series_id AND last >= :number ORDER BY last LIMIT 1)
LEFT JOIN redeemed_note r ON r.series_id = n.series_id AND r.number = n.number AND r.round = (
    SELECT max(round) FROM redeemed_note WHERE series_id = :series_id AND number = :number)
{_LIVES}
WHERE h.first <= n.number AND k.first <= n.number"""  # noqa: S608
).columns(*_TYPES)
