"""Tallies: how many notes were spent and given back in a month, at a venue, of a series, issued to an organisation.

A summary of the facts that have their place in the log, kept in the transaction that places them, so that a report need not
read every redemption there ever was. The month is that of the fact's own time here, on the clock of the venues: a visit that
a desk tells of later counts when it came, and a reversal when it was made, so that a month that is over does not change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from app.core.fact import FactKind
from app.core.wall_clock import month_of
from app.store.rows import batches
from app.store.tables import organisation, programme, redeemed_note, redemption, reversal, series, tally, venue


class Of(NamedTuple):
    """What is tallied together; `month` like 202611."""

    month: int
    venue_id: int
    series_id: int
    organisation_id: int


class Tally(NamedTuple):
    """Notes."""

    redeemed: int = 0
    given_back: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.redeemed + other.redeemed, self.given_back + other.given_back)


Tallies = dict[Of, Tally]


class Line(NamedTuple):
    """A tally of all series of a programme, in names."""

    month: int
    venue: str
    organisation: str
    programme: str
    redeemed: int
    given_back: int


def add(connection: Connection, placed: Sequence[tuple[str, str]]) -> None:
    """Tally facts that get their place in this transaction, each with its kind and id; one writer at a time."""
    rows = [{**of._asdict(), **more._asdict()} for of, more in sorted(count(connection, placed).items())]
    for some in batches(rows):
        connection.execute(_upsert(connection.dialect.name), some)


def count(connection: Connection, placed: Iterable[tuple[str, str]]) -> Tallies:
    """What these facts come to by themselves."""
    refs: dict[str, list[UUID]] = {}
    for kind, ref in placed:
        if kind in (FactKind.REDEMPTION, FactKind.REVERSAL):
            refs.setdefault(kind, []).append(UUID(ref))
    found: Tallies = {}
    for some in batches(refs.get(FactKind.REDEMPTION, [])):
        for of, notes in _notes(connection, redemption, redemption.c.id.in_(some)):
            found[of] = found.get(of, Tally()).plus(Tally(redeemed=notes))
    for some in batches(refs.get(FactKind.REVERSAL, [])):
        for of, notes in _notes(connection, reversal, reversal.c.redemption_id.in_(some)):
            found[of] = found.get(of, Tally()).plus(Tally(given_back=notes))
    return found


def all_tallies(connection: Connection) -> Tallies:
    """Every tally as it is kept."""
    return {Of(*row[:4]): Tally(*row[4:]) for row in connection.execute(sa.select(*_COLUMNS))}


def lines(connection: Connection, *, month: int | None = None, programme_id: int | None = None) -> list[Line]:
    """The tallies of a month, or of all; of notes of a programme and of its venues, where it is named."""
    owner = series.join(programme, programme.c.id == series.c.programme_id)
    grouped = (tally.c.month, venue.c.name, organisation.c.name, programme.c.code)
    query = (
        sa.select(*grouped, sa.func.sum(tally.c.redeemed), sa.func.sum(tally.c.given_back))
        .select_from(tally)
        .join(venue, venue.c.id == tally.c.venue_id)
        .join(organisation, organisation.c.id == tally.c.organisation_id)
        .join(owner, series.c.id == tally.c.series_id)
        .group_by(*grouped, venue.c.id, organisation.c.id)
        .order_by(*grouped)
    )
    if month is not None:
        query = query.where(tally.c.month == month)
    if programme_id is not None:
        query = query.where(sa.or_(series.c.programme_id == programme_id, venue.c.programme_id == programme_id))
    return [Line(*row[:4], int(row[4]), int(row[5])) for row in connection.execute(query)]


_COLUMNS = [tally.c[name] for name in (*Of._fields, *Tally._fields)]


def _notes(connection: Connection, table: sa.Table, mine: sa.ColumnElement[bool]) -> Iterator[tuple[Of, int]]:
    """How many notes the redemptions, or those that the reversals gave back, were of; the month by the time of `table`."""
    grouped = (redemption.c.venue_id, redeemed_note.c.series_id, redeemed_note.c.issued_to_id)
    query = (
        sa.select(table.c.at, *grouped, sa.func.count())
        .select_from(redeemed_note)
        .join(redemption, redemption.c.id == redeemed_note.c.redemption_id)
        .group_by(redemption.c.id, table.c.at, *grouped)
    )
    if table is reversal:
        query = query.join(reversal, reversal.c.redemption_id == redemption.c.id)
    for at, venue_id, series_id, organisation_id, notes in connection.execute(query.where(mine)):
        yield Of(month_of(at), venue_id, series_id, organisation_id), notes


def _upsert(engine: str) -> Any:
    insert = postgresql.insert(tally) if engine == "postgresql" else sqlite.insert(tally)
    more: Mapping[str, Any] = {name: tally.c[name] + insert.excluded[name] for name in Tally._fields}
    return insert.on_conflict_do_update(index_elements=list(Of._fields), set_=more)
