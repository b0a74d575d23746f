"""The stretches of a number line, read lightly, and what is spent in each piece of it: in few statements, however many pieces."""

import json
from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy import Connection

from app.core.lifecycle import NoteState, State
from app.core.line import Look, Stretch
from app.core.span import Span
from app.store.counts import Count
from app.store.tables import holding, redeemed_note, retired_note, reversed_note, series

_COLUMNS = (holding.c.first, holding.c.last, holding.c.state, holding.c.holder_id, holding.c.reason)


def of_window(connection: Connection, series_id: int, window: Span) -> list[Stretch]:
    """The stretches that have notes in the window, in order; they are cut by whoever draws them."""
    query = (
        sa.select(*_COLUMNS, holding.c.was["state"].as_string())
        .where(holding.c.series_id == series_id, holding.c.last >= window.first, holding.c.first <= window.last)
        .order_by(holding.c.first)
    )
    look = cache(_look)  # thousands of stretches look like few
    return [Stretch(first, last, look(*rest)) for first, last, *rest in connection.execute(query).all()]


def own_lives(connection: Connection, series_id: int, span: Span) -> dict[int, NoteState]:
    """What single notes of a short span are beyond the state of their stretch, by number."""
    key = ("series_id", "number", "round")
    back = sa.and_(*(reversed_note.c[name] == redeemed_note.c[name] for name in key))
    here = (redeemed_note.c.series_id == series_id, redeemed_note.c.number.between(span.first, span.last))
    live = sa.select(redeemed_note.c.number).outerjoin_from(redeemed_note, reversed_note, back)
    gone = sa.select(retired_note.c.number).where(
        retired_note.c.series_id == series_id, retired_note.c.number.between(span.first, span.last)
    )
    spent = connection.scalars(live.where(*here, reversed_note.c.round.is_(None)))
    return dict.fromkeys(spent, NoteState.REDEEMED) | dict.fromkeys(connection.scalars(gone), NoteState.RETIRED)


def of_holder(connection: Connection, organisation_id: int) -> list[tuple[Span, State, str | None]]:
    """What an organisation has been sent or given, by series and number: the notes, their state and why."""
    query = (
        sa.select(series.c.code, *_COLUMNS)
        .join(series, series.c.id == holding.c.series_id)
        .where(holding.c.holder_id == organisation_id)
        .order_by(series.c.code, holding.c.first)
    )
    return [(Span(row.code, row.first, row.last), State(row.state), row.reason) for row in connection.execute(query)]


def spent(connection: Connection, series_id: int, numbers: Sequence[tuple[int, int]]) -> list[Count]:
    """How many notes of each stretch, given by its first and last number, are spent and how many retired, in their order."""
    given = {"series": series_id, "pieces": json.dumps(numbers)}
    found = connection.execute(_SPENT[connection.dialect.name], given).all()
    counted = {first: Count(redeemed, retired) for first, redeemed, retired in found}
    return [counted[first] for first, _last in numbers]


def lives(connection: Connection, series_id: int, numbers: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """The numbers of the notes that are spent now, and of those that are retired, in stretches that are apart and given in order
    by their first and last number."""
    given = {"series": series_id, "pieces": json.dumps(numbers)}
    redeemed, retired = (connection.scalars(each, given) for each in _LIVES[connection.dialect.name])
    return list(redeemed), list(retired)


def _look(state: str, holder: int | None, reason: str | None, was: str | None) -> Look:
    return Look(State(state), holder, reason, State(was) if was else None)


_PIECES = {
    "postgresql": "(SELECT CAST(e->>0 AS int) AS first, CAST(e->>1 AS int) AS last"
    " FROM json_array_elements(CAST(:pieces AS json)) AS e)",
    "sqlite": "(SELECT json_extract(value, '$[0]') AS first, json_extract(value, '$[1]') AS last FROM json_each(:pieces))",
}
"""All spans as one document, so that the text of a statement stays the same however many they are."""


def _within(table: str, first: str, last: str) -> str:
    return f"(SELECT count(*) FROM {table} WHERE series_id = :series AND number BETWEEN {first} AND {last})"  # noqa: S608


_SPENT = {
    engine: sa.text(
        f"SELECT p.first, {_within('redeemed_note', 'p.first', 'p.last')}"  # noqa: S608 - names of ours
        f" - {_within('reversed_note', 'p.first', 'p.last')}, {_within('retired_note', 'p.first', 'p.last')} FROM {pieces} p"
    )
    for engine, pieces in _PIECES.items()
}

_HERE = "n.series_id = :series AND n.number BETWEEN p.first AND p.last"
_LIVES = {
    engine: (
        sa.text(
            f"SELECT n.number FROM {pieces} p CROSS JOIN redeemed_note n LEFT JOIN reversed_note b"  # noqa: S608 - names of ours
            " ON b.series_id = n.series_id AND b.number = n.number AND b.round = n.round"
            f" WHERE {_HERE} AND b.round IS NULL ORDER BY n.number"
        ),
        sa.text(f"SELECT n.number FROM {pieces} p CROSS JOIN retired_note n WHERE {_HERE} ORDER BY n.number"),  # noqa: S608
    )
    for engine, pieces in _PIECES.items()
}
"""CROSS JOIN, so that SQLite looks into the index for each stretch and not through all notes of the series."""
