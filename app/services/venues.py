"""Venues as staff keep them: listed, added and changed in the browser, each in its own reach, with a trace of every change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.core.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from app.core.roles import Deed
from app.services import directory, keepers, listing, rights, wording
from app.services.directory import Offer, Organisation, Programme, Venue
from app.services.listing import DirectoryEvent, Place
from app.services.searching import folded
from app.store import directory_events, parties, places
from app.store.access import Account
from app.store.database import Store
from app.store.directory_events import Subject
from app.store.places import Contact

NO_VENUE = "There is no such venue."
TAKEN = "There is another of that name: choose a different one, or look among those that were closed."
OTHER = "This page was sent before, and has something else in it now: send it again to add another."
MOST_EVENTS = 50
OWN = frozenset({"text", "text_cy", "telephone", "email", "web"})
"""What a venue says of itself; its name and where it is are the office's to say."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A venue as staff see it: all its offers, what was changed (the newest first), and what whoever looks may do."""

    venue: Venue
    place: Place
    offers: tuple[Offer, ...]
    events: tuple[DirectoryEvent, ...]
    may_keep: bool
    may_describe: bool


def listed(store: Store, *, by: Account, text: str = "") -> list[tuple[Venue, Place]]:
    """The venues in one's reach with the words in what is said of them, by name. Raises NotAllowed."""
    rights.require(by, Deed.SEE_DIRECTORY)

    def work(connection: Connection) -> list[tuple[Venue, Place]]:
        at = places.places(connection)
        mine = [each for each in parties.venues(connection) if reaches(by, Deed.SEE_DIRECTORY, each)]
        return [(each, at.get(each.id) or Place(each.id)) for each in mine]

    words = folded(text).split()
    return sorted((each for each in store.read(work) if _has(each, words)), key=lambda each: each[0].name.casefold())


def programmes(store: Store, *, by: Account) -> list[Programme]:
    """The programmes whose directory one keeps. Raises NotAllowed."""
    mine = rights.programme_of(by, Deed.KEEP_DIRECTORY)
    return [each for each in store.read(parties.programmes) if mine in (None, each.id)]


def one(store: Store, *, by: Account, venue_id: int) -> Kept:
    """A venue with everything. Raises NotFound for one out of reach."""

    def work(connection: Connection) -> Kept:
        found = in_reach(connection, by, Deed.SEE_DIRECTORY, venue_id)
        return Kept(
            found, places.place_of(connection, found.id), tuple(parties.offers_at(connection, found.id)),
            tuple(directory_events.of_venue(connection, found.id, MOST_EVENTS)),
            reaches(by, Deed.KEEP_DIRECTORY, found), reaches(by, Deed.DESCRIBE_VENUE, found),
        )  # fmt: skip

    return store.read(work)


def add(
    store: Store, *, by: Account, programme: str, name: str, kind: str, said: Mapping[str, str], request_id: UUID,
    now: datetime, kept_by: str = "",
) -> Venue:  # fmt: skip
    """Add a venue with its place and the organisation that keeps it, if one does, once for a request. Raises BadInput, NotAllowed, Refused where the name is taken, Conflict."""
    title, checked = _name(name, kind), listing.read_place(said)

    def work(connection: Connection) -> Venue:
        owner = directory.find_programme(connection, programme)
        if not rights.reaches(by, Deed.KEEP_DIRECTORY, programme_id=owner.id):
            raise NotAllowed(rights.NOT_YOURS)
        before = directory_events.of_request(connection, request_id)
        if before is not None:
            return _same(connection, before, title)
        refuse_taken(connection, owner.id, title)
        mine = keepers.keeper(connection, owner.id, kept_by)
        made = parties.add_venue(connection, owner.id, title, kind, None)
        event = DirectoryEvent(
            Subject(owner.id, made), "added", {"name": (None, title), "kind": (None, kind)}, by.email, now
        )
        directory_events.add(connection, event, request_id)
        found = in_reach(connection, by, Deed.KEEP_DIRECTORY, made)
        listing.change_place(connection, found, checked, by.email, now)
        return keepers.change_keeper(connection, found, mine, (by.email, now))

    return store.write(work)


def change(
    store: Store, *, by: Account, venue_id: int, said: Mapping[str, str], now: datetime, name: str | None = None,
    kind: str | None = None, kept_by: str | None = None,
) -> Venue:  # fmt: skip
    """Change what is said of a venue; its name, kind, keeper and place only where one keeps the directory.

    Raises BadInput, NotFound, NotAllowed, Refused where the name is taken.
    """
    checked = listing.read_place(said)

    def work(connection: Connection) -> Venue:
        found = in_reach(connection, by, Deed.DESCRIBE_VENUE, venue_id)
        keeps = reaches(by, Deed.KEEP_DIRECTORY, found)
        if not keeps and ({name, kind, kept_by} != {None} or not set(said) <= OWN):
            raise NotAllowed(rights.NOT_YOURS)
        after = replace(found, name=name if name is not None else found.name, kind=kind or found.kind)
        _rename(connection, found, replace(after, name=_name(after.name, after.kind)), by, now)
        listing.change_place(connection, found, checked, by.email, now)
        if kept_by is not None:
            wanted = keepers.keeper(connection, found.programme_id, kept_by)
            after = keepers.change_keeper(connection, after, wanted, (by.email, now))
        return after

    return store.write(work)


def organisations(store: Store, *, by: Account) -> list[Organisation]:
    """Those that may keep a venue whose directory one keeps, by programme and name. Raises NotAllowed."""
    mine = rights.programme_of(by, Deed.KEEP_DIRECTORY)
    return [each for each in store.read(parties.organisations) if mine in (None, each.programme_id)]


def contact(store: Store, *, by: Account, programme: str) -> tuple[Programme, Contact, list[DirectoryEvent]]:
    """Whom to ask in a programme, and what was changed of it. Raises NotAllowed, NotFound."""

    def work(connection: Connection) -> tuple[Programme, Contact, list[DirectoryEvent]]:
        owner = _programme(connection, by, programme)
        events = directory_events.of_contact(connection, owner.id, MOST_EVENTS)
        return owner, places.contact_of(connection, owner.id), events

    return store.read(work)


def change_contact(store: Store, *, by: Account, programme: str, said: Mapping[str, str], now: datetime) -> Programme:
    """Say whom to ask in a programme. Raises BadInput, NotAllowed, NotFound."""
    checked = listing.read_contact(said)

    def work(connection: Connection) -> Programme:
        owner = _programme(connection, by, programme)
        listing.change_contact(connection, owner.id, checked, by.email, now)
        return owner

    return store.write(work)


def in_reach(connection: Connection, by: Account, deed: Deed, venue_id: int) -> Venue:
    """The venue; one that the account does not even see is not there. Raises NotFound, NotAllowed."""
    found = parties.venue_by_id(connection, venue_id)
    if found is None or not reaches(by, Deed.SEE_DIRECTORY, found):
        raise NotFound(NO_VENUE)
    if not reaches(by, deed, found):
        raise NotAllowed(rights.NOT_YOURS)
    return found


def reaches(by: Account, deed: Deed, venue: Venue) -> bool:
    """Whether the account may do that with the venue."""
    return rights.reaches(by, deed, programme_id=venue.programme_id, venue_id=venue.id)


def refuse_taken(connection: Connection, programme_id: int, name: str, but: int | None = None) -> None:
    """Raise Refused where another venue of the programme has the name, in whatever case."""
    for each in parties.venues(connection):
        if each.programme_id == programme_id and each.id != but and each.name.casefold() == name.casefold():
            raise Refused(TAKEN)


def _rename(connection: Connection, before: Venue, after: Venue, by: Account, now: datetime) -> None:
    changes = listing.differing(before, after, ("name", "kind"))
    if not changes:
        return
    refuse_taken(connection, before.programme_id, after.name, before.id)
    parties.rename_venue(connection, before.id, name=after.name, kind=after.kind)
    event = DirectoryEvent(Subject(before.programme_id, before.id), "changed", changes, by.email, now)
    directory_events.add(connection, event)


def _same(connection: Connection, before: DirectoryEvent, name: str) -> Venue:
    """What the request added already. Raises Conflict where it stands for something else."""
    found = parties.venue_by_id(connection, before.subject.venue_id or 0)
    if found is None or before.subject.offer_id is not None or list(before.changes.get("name", ()))[1:] != [name]:
        raise Conflict(OTHER)
    return found


def _programme(connection: Connection, by: Account, code: str) -> Programme:
    owner = directory.find_programme(connection, code)
    if not rights.reaches(by, Deed.KEEP_DIRECTORY, programme_id=owner.id):
        raise NotAllowed(rights.NOT_YOURS)
    return owner


def _name(text: str, kind: str) -> str:
    if kind not in directory.KINDS:
        raise BadInput("A venue is community or corporate: choose one.", field="kind")
    try:
        return wording.one_line(text, "name", directory.LONGEST_NAME)
    except BadInput as error:
        raise BadInput(error.sentence, field="name") from error


def _has(each: tuple[Venue, Place], words: list[str]) -> bool:
    venue, place = each
    said = folded(" ".join(filter(None, (venue.name, place.name_cy, place.town, place.postcode, venue.programme))))
    return all(word in said for word in words)
