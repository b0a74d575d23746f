"""Listing: what the directory says of where venues are and of whom to ask, and who changed it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.core import coordinates, reaching
from app.core import serial as serials
from app.core.coordinates import Coordinates
from app.core.errors import BadInput, shown
from app.services import directory, wording
from app.services.directory import Programme, Venue
from app.store import directory_events, parties, places
from app.store.database import Store
from app.store.directory_events import DirectoryEvent, Subject
from app.store.places import Contact, Place

__all__ = ["Contact", "Coordinates", "DirectoryEvent", "Place"]

LONGEST_TEXT = 1000
MAP_DEGREES = ((49.0, 61.2), (-9.0, 2.2))
"""From south to north and from west to east: where venues are, as far as the map of the directory goes."""
OFF_THE_MAP = "is not in the country of the map: did you swap them? Latitude comes first, like 50.2632,-5.0510."


def set_place(store: Store, *, venue: str, actor: str, now: datetime, **said: str) -> tuple[Venue, Place]:
    """Say where a venue is: any of the fields of `Place` as people write them, `at` for its coordinates; empty takes a
    field away. Gives the venue and all that is known of it. Raises BadInput, NotFound, Refused."""
    checked = read_place(said)

    def work(connection: Connection) -> tuple[Venue, Place]:
        found = directory.find_venue(connection, venue)
        return found, change_place(connection, found, checked, actor, now)

    return store.write(work)


def set_contact(
    store: Store, *, programme: str, actor: str, now: datetime, **said: str
) -> tuple[Programme, Contact]:  # fmt: skip
    """Say whom to ask in a programme: any of the fields of `Contact`; empty takes one away. Raises BadInput, NotFound."""
    checked = read_contact(said)

    def work(connection: Connection) -> tuple[Programme, Contact]:
        found = directory.find_programme(connection, programme)
        return found, change_contact(connection, found.id, checked, actor, now)

    return store.write(work)


def coordinates_of(store: Store) -> dict[int, Coordinates]:
    """Where the venues are, by venue; one that nobody has placed is not there."""
    return store.read(places.coordinates)


def contacts(store: Store) -> list[tuple[Programme, Contact]]:
    """Every programme with whom to ask there, by name; the specimens' is none."""

    def work(connection: Connection) -> list[tuple[Programme, Contact]]:
        known = places.contacts(connection)
        real = [each for each in parties.programmes(connection) if not serials.is_specimen(each.code)]
        return [(each, known.get(each.id) or Contact(each.id)) for each in sorted(real, key=lambda each: each.name)]

    return store.read(work)


def read_place(said: Mapping[str, str]) -> dict[str, Any]:
    """What people wrote as the fields of a place. Raises BadInput."""
    named = {"coordinates" if name == "at" else name: text for name, text in said.items()}
    return {name: _read(name, text) for name, text in named.items()}


def read_contact(said: Mapping[str, str]) -> dict[str, Any]:
    """What people wrote as the fields of a contact. Raises BadInput."""
    return {name: _read(name, text) for name, text in said.items()}


def change_place(
    connection: Connection, venue: Venue, checked: Mapping[str, Any], actor: str, now: datetime
) -> Place:  # fmt: skip
    """Keep the fields in a transaction that does more, with their trace."""
    before = places.place_of(connection, venue.id)
    after = replace(before, **checked)
    _change(connection, Subject(venue.programme_id, venue.id), before, after, actor, now)
    return after


def change_contact(
    connection: Connection, programme_id: int, checked: Mapping[str, Any], actor: str, now: datetime
) -> Contact:  # fmt: skip
    """The same for a programme's contact."""
    before = places.contact_of(connection, programme_id)
    after = replace(before, **checked)
    _change(connection, Subject(programme_id), before, after, actor, now)
    return after


def differing(before: object, after: object, names: Mapping[str, Any] | tuple[str, ...]) -> dict[str, tuple[Any, Any]]:
    """The fields in which two differ, each with both values as JSON has them."""
    both = {name: (_told(getattr(before, name)), _told(getattr(after, name))) for name in names}
    return {name: values for name, values in both.items() if values[0] != values[1]}


def _change(
    connection: Connection, of: Subject, before: Place | Contact, after: Place | Contact, actor: str, now: datetime
) -> None:
    changes = differing(before, after, tuple(type(after).__slots__))
    if changes:
        places.keep(connection, after)
        directory_events.add(connection, DirectoryEvent(of, "changed", changes, actor, now))


def _told(value: object) -> object:
    return str(value) if isinstance(value, Coordinates) else value


def _read(name: str, text: str) -> Any:
    if name not in _READERS:
        raise BadInput(f"A place has no {name}.")
    try:
        return _READERS[name](text) if text and not text.isspace() else None
    except BadInput as error:
        raise BadInput(error.sentence, **{**error.evidence, "field": name}) from error


def _on_the_map(text: str) -> Coordinates:
    found = coordinates.parse(text)
    (south, north), (west, east) = MAP_DEGREES
    if not (south <= found.latitude <= north and west <= found.longitude <= east):
        raise BadInput(f"{shown(text)} {OFF_THE_MAP}", problem="off_the_map")
    return found


def _line(what: str, most: int) -> Callable[[str], str]:
    return lambda text: wording.one_line(text, what, most)


_READERS: dict[str, Callable[[str], Any]] = {
    "name": _line("name", directory.LONGEST_NAME), "name_cy": _line("Welsh name", directory.LONGEST_NAME),
    "town": _line("town", 60), "address": _line("address", 200), "postcode": reaching.postcode,
    "coordinates": _on_the_map, "telephone": reaching.telephone, "email": reaching.email, "web": reaching.web,
    "text": _line("text", LONGEST_TEXT), "text_cy": _line("Welsh text", LONGEST_TEXT),
}  # fmt: skip
