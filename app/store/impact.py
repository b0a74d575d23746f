"""Hours spent, added up from the tallies and the waits: each function is one statement that reads a summary, never visits."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.core.lifecycle import State
from app.store.tables import holding, organisation, redeemed_note, reversed_note, tally, venue, wait

OWN, OTHER, CORPORATE, ELSEWHERE = "own", "other", "corporate", "elsewhere"
WAYS = (OWN, OTHER, CORPORATE, ELSEWHERE)
"""The four ways of spending, the first that applies: at a venue that the organisation which gave the note keeps, or a site of
the same organisation; of those in its own programme, at a corporate venue (told before the other, which is any other venue
that an organisation keeps); and elsewhere, which is every venue of another programme or that no organisation keeps."""

Among = sa.Select[tuple[int]] | None


def spent(connection: Connection, *by: str, first: int, last: int, among: Among) -> dict[tuple[Any, ...], int]:
    """Notes spent less those given back, by any of *month*, *venue_id*, *organisation_id* and *way*."""
    grouped = [_way() if each == "way" else tally.c[each] for each in by]
    source: sa.FromClause = tally
    if "way" in by:
        source = tally.join(venue, venue.c.id == tally.c.venue_id)
        source = source.join(organisation, organisation.c.id == tally.c.organisation_id)
        source = source.outerjoin(_KEEPER, _KEEPER.c.id == venue.c.organisation_id)
    query = sa.select(*grouped, sa.func.sum(tally.c.redeemed - tally.c.given_back)).select_from(source)
    query = query.where(tally.c.month >= first, tally.c.month <= last)
    if among is not None:
        query = query.where(tally.c.organisation_id.in_(among))
    return {tuple(row[:-1]): int(row[-1]) for row in connection.execute(query.group_by(*grouped))}


def waited(connection: Connection, by: str, *, first: int, last: int, among: Among) -> dict[int, int]:
    """The same by *days* since the issue, or by *offer_id*."""
    query = sa.select(wait.c[by], sa.func.sum(wait.c.redeemed - wait.c.given_back))
    query = query.where(wait.c.month >= first, wait.c.month <= last)
    if among is not None:
        query = query.where(wait.c.organisation_id.in_(among))
    rows = connection.execute(query.group_by(wait.c[by]).order_by(wait.c[by]))
    return {row[0]: int(row[1]) for row in rows}


def unspent(connection: Connection, among: Among) -> int:
    """How many notes stand issued now and are not spent: those issued, less what was ever spent of the same organisations
    and does not lie in a stretch that was stopped since."""
    issued = sa.select(sa.func.sum(holding.c.last - holding.c.first + 1)).where(holding.c.state == State.ISSUED)
    ever = sa.select(sa.func.sum(tally.c.redeemed - tally.c.given_back))
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
        .where(holding.c.state.in_([State.HELD, State.VOID]), ~back)
    )
    if among is not None:
        issued = issued.where(holding.c.holder_id.in_(among))
        ever = ever.where(tally.c.organisation_id.in_(among))
        stopped = stopped.where(redeemed_note.c.issued_to_id.in_(among))
    whole, gone, aside = (int(connection.scalar(each) or 0) for each in (issued, ever, stopped))
    return max(whole - gone + aside, 0)


_KEEPER = organisation.alias("keeper")


def _way() -> sa.ColumnElement[str]:
    mine = sa.func.coalesce(organisation.c.site_of_id, organisation.c.id)
    theirs = sa.func.coalesce(_KEEPER.c.site_of_id, _KEEPER.c.id)
    return sa.case(
        (mine == theirs, sa.literal_column(f"'{OWN}'")),
        (venue.c.programme_id != organisation.c.programme_id, sa.literal_column(f"'{ELSEWHERE}'")),
        (venue.c.kind == "corporate", sa.literal_column(f"'{CORPORATE}'")),
        (venue.c.organisation_id.is_not(None), sa.literal_column(f"'{OTHER}'")),
        else_=sa.literal_column(f"'{ELSEWHERE}'"),
    ).label("way")
