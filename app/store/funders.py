"""Funders and what they pay for; and whose hours a report is about."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.database import added
from app.store.tables import funder, funding, organisation, programme


@dataclass(frozen=True, slots=True)
class Funder:
    """Who pays: a council, a health commissioner."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Funding:
    """A funder pays for a programme, or for one organisation of it with its sites."""

    id: int
    funder_id: int
    name: str
    programme_id: int
    programme: str
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Cut:
    """What a report is cut by: each None for no limit."""

    programme_id: int | None = None
    organisation_id: int | None = None
    funder_id: int | None = None


def funders(connection: Connection) -> list[Funder]:
    """Every funder, by name."""
    return [Funder(*row) for row in connection.execute(sa.select(funder).order_by(funder.c.name))]


def add_funder(connection: Connection, name: str) -> int:
    """Add a funder; gives its id."""
    return added(connection, funder, name=name)


def fundings(connection: Connection) -> list[Funding]:
    """What every funder pays for, by funder and programme."""
    owner = sa.func.coalesce(funding.c.programme_id, organisation.c.programme_id)
    query = (
        sa.select(funding.c.id, funder.c.id, funder.c.name, programme.c.id, programme.c.name, organisation.c.name)
        .select_from(funding)
        .join(funder, funder.c.id == funding.c.funder_id)
        .outerjoin(organisation, organisation.c.id == funding.c.organisation_id)
        .join(programme, programme.c.id == owner)
        .order_by(funder.c.name, programme.c.name, organisation.c.name)
    )
    return [Funding(*row) for row in connection.execute(query)]


def add_funding(
    connection: Connection, funder_id: int, *, programme_id: int | None, organisation_id: int | None
) -> int:
    """A funder pays for a programme, or for an organisation; gives the id, the same where it did before."""
    same = sa.select(funding.c.id).where(
        funding.c.funder_id == funder_id, funding.c.programme_id == programme_id,
        funding.c.organisation_id == organisation_id,
    )  # fmt: skip
    known = connection.scalar(same)
    if known is not None:
        return int(known)
    return added(connection, funding, funder_id=funder_id, programme_id=programme_id, organisation_id=organisation_id)


def end_funding(connection: Connection, funding_id: int) -> None:
    """A funder pays for this no more."""
    connection.execute(funding.delete().where(funding.c.id == funding_id))


def earners(cut: Cut) -> sa.Select[tuple[int]] | None:
    """Selects the ids of the organisations whose hours count, each with its sites; None: all of them."""
    rules = []
    if cut.programme_id is not None:
        rules.append(organisation.c.programme_id == cut.programme_id)
    if cut.organisation_id is not None:
        rules.append(sa.or_(organisation.c.id == cut.organisation_id, organisation.c.site_of_id == cut.organisation_id))
    if cut.funder_id is not None:
        mine = sa.select(funding.c.programme_id).where(funding.c.funder_id == cut.funder_id)
        whole = mine.where(funding.c.programme_id.is_not(None))
        single = sa.select(funding.c.organisation_id).where(
            funding.c.funder_id == cut.funder_id, funding.c.organisation_id.is_not(None)
        )
        head = sa.func.coalesce(organisation.c.site_of_id, organisation.c.id)
        rules.append(sa.or_(organisation.c.programme_id.in_(whole), organisation.c.id.in_(single), head.in_(single)))
    return sa.select(organisation.c.id).where(*rules) if rules else None
