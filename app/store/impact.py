"""What an impact report adds up: the rows of the summaries and of the hand-outs in bare numbers, never visits."""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy import Connection

from app.core.lifecycle import State
from app.core.wall_clock import first_day
from app.store import hand_outs, log, retractions, rows, tallies
from app.store.tables import hand_out, holding, redeemed_note, retraction, reversed_note, tally, wait

Among = sa.Select[tuple[int]] | None
Numbers = npt.NDArray[np.int64]
MOST_NEW = 2000
"""Facts from which on it is quicker to read every month again than to look which they are of."""


class Extent(NamedTuple):
    """How many hand-outs there are, the id of the newest, and how many were taken back."""

    hand_outs: int
    newest: int
    taken_back: int


def spent(connection: Connection, month: int) -> Numbers:
    """A month's rows of venue, organisation, and notes spent less those given back."""
    return _of_month(connection, tally, month, tally.c.venue_id, tally.c.organisation_id)


def waited(connection: Connection, month: int) -> Numbers:
    """A month's rows of organisation, offer (0 where none was named), days since the issue, and notes as in `spent`."""
    return _of_month(connection, wait, month, wait.c.organisation_id, wait.c.offer_id, wait.c.days)


def months_since(connection: Connection, size: int) -> set[int] | None:
    """The months that the facts from this place in the log on changed; None where they are too many to look at."""
    placed = chain.from_iterable(log.leaves(connection, size))
    some = [(leaf.kind, leaf.ref) for leaf in islice(placed, MOST_NEW + 1)]
    return None if len(some) > MOST_NEW else {of.month for of in tallies.count(connection, some)}


def extent(connection: Connection) -> Extent:
    """Which hand-outs there are."""
    count, newest = connection.execute(sa.select(sa.func.count(), sa.func.max(hand_out.c.id))).one()
    back = connection.scalar(sa.select(sa.func.count()).select_from(retraction))
    return Extent(count, newest or 0, back or 0)


def count_after(connection: Connection, hand_out_id: int) -> int:
    """How many hand-outs have a larger id."""
    later = hand_out.c.id > hand_out_id
    return connection.scalar(sa.select(sa.func.count()).select_from(hand_out).where(later)) or 0


def handed_out(connection: Connection, *, month: int, after: int = 0) -> dict[str, Numbers]:
    """The hand-outs that stand, of days from the begin of a month on and with an id above `after`, by activity: rows of the
    month of their day, organisation, hours and people."""
    columns = (hand_outs.MONTH, hand_out.c.organisation_id, hand_out.c.hours, hand_out.c.people)
    mine = hand_out.c.given_on >= first_day(month), hand_out.c.id > after, retractions.STANDS
    query = sa.select(hand_out.c.activity, *_joined(connection, columns)).where(*mine).group_by(hand_out.c.activity)
    return {row[0]: _numbers(row[1:]) for row in connection.execute(query)}


def unspent(connection: Connection, among: Among, over: Sequence[int]) -> int:
    """How many notes stand issued, are not spent and can be yet: those issued, less what was ever spent of the same
    organisations and does not lie in a stretch that was stopped since. `over`: the ids of the series whose last day is past."""
    there = holding.c.series_id.not_in(over)
    issued = sa.select(sa.func.sum(holding.c.last - holding.c.first + 1)).where(holding.c.state == State.ISSUED, there)
    ever = sa.select(sa.func.sum(tally.c.redeemed - tally.c.given_back)).where(tally.c.series_id.not_in(over))
    back = sa.exists().where(
        reversed_note.c.series_id == redeemed_note.c.series_id, reversed_note.c.number == redeemed_note.c.number,
        reversed_note.c.round == redeemed_note.c.round,
    )  # fmt: skip
    stopped = (
        sa.select(sa.func.count())
        .select_from(holding)
        .join(
            redeemed_note,
            (redeemed_note.c.series_id == holding.c.series_id)
            & redeemed_note.c.number.between(holding.c.first, holding.c.last),
        )
        .where(holding.c.state.in_([State.HELD, State.VOID]), there, ~back)
    )
    if among is not None:
        issued = issued.where(holding.c.holder_id.in_(among))
        ever = ever.where(tally.c.organisation_id.in_(among))
        stopped = stopped.where(redeemed_note.c.issued_to_id.in_(among))
    whole, gone, aside = (int(connection.scalar(each) or 0) for each in (issued, ever, stopped))
    return max(whole - gone + aside, 0)


def _of_month(connection: Connection, table: sa.Table, month: int, *columns: sa.ColumnElement[int]) -> Numbers:
    texts = _joined(connection, (*columns, table.c.redeemed - table.c.given_back))
    return _numbers(connection.execute(sa.select(*texts).where(table.c.month == month)).one())


def _joined(connection: Connection, columns: Iterable[sa.ColumnElement[int]]) -> list[sa.ColumnElement[str]]:
    return [rows.joined(connection.dialect.name, column) for column in columns]


def _numbers(texts: Sequence[str | None]) -> Numbers:
    """Rows of the numbers of each text, which is a column."""
    columns = [np.fromstring(text, np.int64, sep=",") if text else np.empty(0, np.int64) for text in texts]
    return np.stack(columns, axis=1)
