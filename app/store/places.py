"""Where venues are and how to reach them, and whom to ask in a programme; kept apart from what desks read at every visit."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from app.core.coordinates import Coordinates
from app.store.tables import contact, place

AXES = ("latitude_microdegrees", "longitude_microdegrees")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a venue is, how to reach it as an organisation, and what the directory says of it in both languages."""

    venue_id: int
    name_cy: str | None = None
    town: str | None = None
    address: str | None = None
    postcode: str | None = None
    coordinates: Coordinates | None = None
    telephone: str | None = None
    email: str | None = None
    web: str | None = None
    text: str | None = None
    text_cy: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask that would join a programme: an office and how to reach it, no person."""

    programme_id: int
    name: str | None = None
    name_cy: str | None = None
    telephone: str | None = None
    email: str | None = None
    web: str | None = None
    text: str | None = None
    text_cy: str | None = None


def place_of(connection: Connection, venue_id: int) -> Place:
    """The place of a venue, empty where nobody has said anything."""
    row = connection.execute(sa.select(place).where(place.c.venue_id == venue_id)).first()
    return _place(row) if row is not None else Place(venue_id)


def places(connection: Connection) -> dict[int, Place]:
    """Every place that is known, by venue."""
    return {row.venue_id: _place(row) for row in connection.execute(sa.select(place))}


def coordinates(connection: Connection) -> dict[int, Coordinates]:
    """Where the venues are whose coordinates are known, by venue."""
    axes = [place.c[name] for name in AXES]
    rows = connection.execute(sa.select(place.c.venue_id, *axes).where(axes[0].is_not(None)))
    return {row[0]: Coordinates(row[1], row[2]) for row in rows}


def contact_of(connection: Connection, programme_id: int) -> Contact:
    """Whom to ask in a programme, empty where nobody has said."""
    row = connection.execute(sa.select(contact).where(contact.c.programme_id == programme_id)).first()
    return Contact(**row._mapping) if row is not None else Contact(programme_id)


def contacts(connection: Connection) -> dict[int, Contact]:
    """Every contact that is known, by programme."""
    return {row.programme_id: Contact(**row._mapping) for row in connection.execute(sa.select(contact))}


def keep(connection: Connection, said: Place | Contact) -> None:
    """Keep it instead of what was said before."""
    values = row_of(said)
    if isinstance(said, Place):
        change, new = place.update().where(place.c.venue_id == values.pop("venue_id")), place.insert()
    else:
        change, new = contact.update().where(contact.c.programme_id == values.pop("programme_id")), contact.insert()
    if not connection.execute(change.values(**values)).rowcount:
        connection.execute(new.values(**row_of(said)))


def row_of(said: Place | Contact) -> dict[str, Any]:
    """Its values as the columns have them: coordinates as two whole numbers."""
    values = {name: getattr(said, name) for name in type(said).__slots__}
    if isinstance(said, Place):
        at = values.pop("coordinates")
        values |= {name: getattr(at, name) if at else None for name in AXES}
    return values


def _place(row: Row[Any]) -> Place:
    values = dict(row._mapping)
    north, east = (values.pop(name) for name in AXES)
    return Place(**values, coordinates=None if north is None else Coordinates(north, east))
