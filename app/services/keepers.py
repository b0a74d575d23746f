"""Keepers of venues: the organisation that a venue belongs to, by which a report tells where its hours were spent."""

from dataclasses import replace

from sqlalchemy import Connection

from app.core.errors import BadInput, HournoteError
from app.services import directory
from app.services.directory import By, Organisation, Venue
from app.store import directory_events, parties
from app.store.database import Store
from app.store.directory_events import DirectoryEvent, Subject

NOT_ITS = "A venue is kept by an organisation of its own programme: choose one of them, or none."


def set_keeper(store: Store, *, venue: str, organisation: str, by: By) -> Venue:
    """Say which organisation (by name or id) keeps a venue; empty: none. Raises NotFound, Refused, BadInput."""

    def work(connection: Connection) -> Venue:
        found = directory.find_venue(connection, venue)
        return change_keeper(connection, found, keeper(connection, found.programme_id, organisation), by)

    return store.write(work)


def keeper(connection: Connection, programme_id: int, text: str) -> Organisation | None:
    """The organisation of the programme that somebody named; None where nobody did. Raises BadInput."""
    if not text.strip():
        return None
    known = [each for each in parties.organisations(connection) if each.programme_id == programme_id]
    try:
        return directory.named(known, text, "organisation")
    except HournoteError as error:
        raise BadInput(NOT_ITS, field="organisation") from error


def change_keeper(connection: Connection, venue: Venue, wanted: Organisation | None, by: By) -> Venue:
    """Keep it in a transaction that does more, with its trace; what is so already changes nothing."""
    key = wanted.id if wanted else None
    if key != venue.organisation_id:
        names = parties.organisation_names(connection)
        said = {"organisation": (names.get(venue.organisation_id or 0), wanted.name if wanted else None)}
        parties.set_keeper(connection, venue.id, key)
        directory_events.add(connection, DirectoryEvent(Subject(venue.programme_id, venue.id), "changed", said, *by))
    return replace(venue, organisation_id=key)
