"""Programmes, their series, organisations, venues and offers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Table

from app.core import serial as serials
from app.core.opening_hours import ALWAYS, OpeningHours
from app.store import rows
from app.store.database import added
from app.store.tables import offer, organisation, programme, series, venue


@dataclass(frozen=True, slots=True)
class Programme:
    """A local programme: its code of three letters and its name."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Notes that one person may order or void alone in 24 hours."""

    order_alone: int
    void_alone: int


@dataclass(frozen=True, slots=True)
class Series:
    """A series of a programme; `expires_on` its last day, None when it has none."""

    id: int
    code: str
    programme_id: int
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who earns: gives notes for hours."""

    id: int
    name: str
    programme_id: int
    programme: str
    site_of_id: int | None


@dataclass(frozen=True, slots=True)
class Venue:
    """Where notes are spent, with its policies: typed serials a day, notes and hours offline, seconds of an answer."""

    id: int
    name: str
    kind: str
    programme_id: int
    programme: str
    organisation_id: int | None
    keyed_per_day: int
    offline_notes: int
    offline_hours: int
    clear_seconds: int


@dataclass(frozen=True, slots=True)
class Offer:
    """An activity at a venue, its price in hours, and its limits; `closed_at`: since when it is not offered any more; what
    the directory says of it, and its name in Welsh where it has one."""

    id: int
    name: str
    venue_id: int
    price_hours: int
    local_only: bool
    most_notes: int | None
    closed_at: datetime | None
    opening: OpeningHours = ALWAYS
    name_cy: str | None = None
    text: str | None = None
    text_cy: str | None = None

    def is_open_at(self, local: datetime) -> bool:
        """Whether it is offered at a moment, given on the clock of the venue (with its zone)."""
        return (self.closed_at is None or local < self.closed_at) and self.opening.is_open_at(local)


def limits(connection: Connection, programme_id: int) -> Limits:
    """What one person may do alone in a programme."""
    query = sa.select(programme.c.order_alone, programme.c.void_alone).where(programme.c.id == programme_id)
    return Limits(*connection.execute(query).one())


def set_limits(connection: Connection, programme_id: int, **notes: int) -> None:
    """Change what one person may do alone: `order_alone`, `void_alone`."""
    connection.execute(programme.update().where(programme.c.id == programme_id).values(**notes))


def programmes(connection: Connection) -> list[Programme]:
    """Every programme, by code."""
    rows = connection.execute(sa.select(programme).order_by(programme.c.code))
    return [Programme(row.id, row.code, row.name) for row in rows]


def programme_by_code(connection: Connection, code: str) -> Programme | None:
    """The programme of that code."""
    row = connection.execute(sa.select(programme).where(programme.c.code == code)).first()
    return Programme(row.id, row.code, row.name) if row is not None else None


def add_programme(connection: Connection, code: str, name: str) -> int:
    """Add a programme; gives its id."""
    return added(connection, programme, code=code, name=name)


def series_by_code(connection: Connection, code: str) -> Series | None:
    """The series of that code."""
    row = connection.execute(sa.select(series).where(series.c.code == code)).first()
    return Series(row.id, row.code, row.programme_id, row.expires_on) if row is not None else None


def series_by_codes(connection: Connection, codes: Collection[str]) -> dict[str, Series]:
    """Those of the series of these codes that there are, by code."""
    if not codes:
        return {}
    query = sa.select(series).where(rows.among(connection, series.c.code, "codes"))
    found = connection.execute(query, {"codes": sorted(codes)})
    return {row.code: Series(row.id, row.code, row.programme_id, row.expires_on) for row in found}


def all_series(connection: Connection) -> list[Series]:
    """Every series, by code."""
    rows = connection.execute(sa.select(series).order_by(series.c.code))
    return [Series(row.id, row.code, row.programme_id, row.expires_on) for row in rows]


def add_series(connection: Connection, code: str) -> Series | None:
    """Open a series of its programme; None when there is no such programme."""
    owner = programme_by_code(connection, serials.programme_of(code))
    if owner is None:
        return None
    return Series(added(connection, series, code=code, programme_id=owner.id), code, owner.id, None)


def set_expiry(connection: Connection, series_id: int, expires_on: date | None) -> None:
    """Give a series its last day."""
    connection.execute(series.update().where(series.c.id == series_id).values(expires_on=expires_on))


def organisations(connection: Connection) -> list[Organisation]:
    """Every organisation, by programme and name."""
    return [_organisation(row) for row in connection.execute(_with_programme(organisation))]


def organisation_by_id(connection: Connection, organisation_id: int) -> Organisation | None:
    """The organisation of that id."""
    row = connection.execute(_with_programme(organisation).where(organisation.c.id == organisation_id)).first()
    return _organisation(row) if row is not None else None


def add_organisation(connection: Connection, programme_id: int, name: str, site_of_id: int | None) -> int:
    """Add an organisation; gives its id."""
    return added(connection, organisation, programme_id=programme_id, name=name, site_of_id=site_of_id)


def set_head(connection: Connection, organisation_id: int, head_id: int | None) -> None:
    """Make an organisation a site of another, or of none."""
    connection.execute(organisation.update().where(organisation.c.id == organisation_id).values(site_of_id=head_id))


def just(organisation_id: int) -> sa.Select[tuple[int]]:
    """Selects the id of one organisation."""
    return sa.select(organisation.c.id).where(organisation.c.id == organisation_id)


def these(organisation_ids: Collection[int]) -> sa.Select[tuple[int]]:
    """Selects the ids of these organisations."""
    return sa.select(organisation.c.id).where(organisation.c.id.in_(sorted(organisation_ids)))


def organisation_names(connection: Connection) -> dict[int, str]:
    """The name of each organisation, by id."""
    return {row.id: row.name for row in connection.execute(sa.select(organisation.c.id, organisation.c.name))}


def venues(connection: Connection) -> list[Venue]:
    """Every venue, by programme and name."""
    return [_venue(row) for row in connection.execute(_with_programme(venue))]


def venue_by_id(connection: Connection, venue_id: int) -> Venue | None:
    """The venue of that id."""
    row = connection.execute(_with_programme(venue).where(venue.c.id == venue_id)).first()
    return _venue(row) if row is not None else None


def add_venue(connection: Connection, programme_id: int, name: str, kind: str, organisation_id: int | None) -> int:
    """Add a venue; gives its id."""
    return added(connection, venue, programme_id=programme_id, name=name, kind=kind, organisation_id=organisation_id)


def rename_venue(connection: Connection, venue_id: int, *, name: str, kind: str) -> None:
    """Give a venue another name and kind."""
    connection.execute(venue.update().where(venue.c.id == venue_id).values(name=name, kind=kind))


def set_keeper(connection: Connection, venue_id: int, organisation_id: int | None) -> None:
    """Say which organisation keeps a venue, or (None) that none does."""
    connection.execute(venue.update().where(venue.c.id == venue_id).values(organisation_id=organisation_id))


def set_policy(connection: Connection, venue_id: int, **values: int) -> None:
    """Change what a venue's desks may do."""
    connection.execute(venue.update().where(venue.c.id == venue_id).values(**values))


def offers_of(connection: Connection, venue_id: int) -> list[Offer]:
    """The open offers of a venue, by name."""
    query = sa.select(offer).where(offer.c.venue_id == venue_id, offer.c.closed_at.is_(None)).order_by(offer.c.name)
    return [_offer(row) for row in connection.execute(query)]


def open_offers(connection: Connection) -> list[Offer]:
    """Every offer that is not closed, by name."""
    return [
        _offer(row)
        for row in connection.execute(sa.select(offer).where(offer.c.closed_at.is_(None)).order_by(offer.c.name))
    ]


def offers_by_id(connection: Connection, offer_ids: Collection[int]) -> dict[int, Offer]:
    """Those of the offers of these ids that there are, closed ones too."""
    if not offer_ids:
        return {}
    query = sa.select(offer).where(rows.among(connection, offer.c.id, "ids"))
    return {row.id: _offer(row) for row in connection.execute(query, {"ids": sorted(offer_ids)})}


def all_offers(connection: Connection) -> list[Offer]:
    """Every offer, closed ones too, by venue and name."""
    return [_offer(row) for row in connection.execute(sa.select(offer).order_by(offer.c.venue_id, offer.c.name))]


def add_offer(
    connection: Connection, venue_id: int, name: str, price_hours: int,
    *, local_only: bool, most_notes: int | None, opening: OpeningHours,
) -> int:  # fmt: skip
    """Add an offer; gives its id."""
    return added(
        connection, offer,
        venue_id=venue_id, name=name, price_hours=price_hours, local_only=local_only, most_notes=most_notes,
        days=opening.days, from_minute=opening.from_minute, until_minute=opening.until_minute,
    )  # fmt: skip


def offers_at(connection: Connection, venue_id: int) -> list[Offer]:
    """Every offer of a venue, closed ones too, by name."""
    query = sa.select(offer).where(offer.c.venue_id == venue_id).order_by(offer.c.name)
    return [_offer(row) for row in connection.execute(query)]


def change_offer(connection: Connection, changed: Offer) -> None:
    """Keep what an offer says, all of it but its venue and whether it is closed: that is said by `close_offer` alone, so that
    nobody who began earlier opens it again."""
    said = {name: getattr(changed, name) for name in _OFFER_FIELDS}
    opening = changed.opening
    hours = {"days": opening.days, "from_minute": opening.from_minute, "until_minute": opening.until_minute}
    connection.execute(offer.update().where(offer.c.id == changed.id).values(**said, **hours))


_OFFER_FIELDS = ("name", "price_hours", "local_only", "most_notes", "name_cy", "text", "text_cy")


def close_offer(connection: Connection, offer_id: int, at: datetime | None) -> None:
    """Offer it no more from then on; None: offer it again."""
    connection.execute(offer.update().where(offer.c.id == offer_id).values(closed_at=at))


def _with_programme(table: Table) -> sa.Select[Any]:
    joined = sa.select(table, programme.c.code).join(programme, programme.c.id == table.c.programme_id)
    return joined.order_by(programme.c.code, table.c.name)


def _organisation(row: Row[Any]) -> Organisation:
    return Organisation(row.id, row.name, row.programme_id, row.code, row.site_of_id)


def _venue(row: Row[Any]) -> Venue:
    return Venue(
        row.id, row.name, row.kind, row.programme_id, row.code, row.organisation_id,
        row.keyed_per_day, row.offline_notes, row.offline_hours, row.clear_seconds,
    )  # fmt: skip


def _offer(row: Row[Any]) -> Offer:
    opening = OpeningHours(row.days, row.from_minute, row.until_minute)
    return Offer(
        row.id, row.name, row.venue_id, row.price_hours, row.local_only, row.most_notes, row.closed_at, opening,
        row.name_cy, row.text, row.text_cy,
    )  # fmt: skip
