"""Enrolling: the desks of a venue, which staff add, give one-time links to and revoke, each in its own reach."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from app.core.errors import NotAllowed, NotFound, Refused
from app.core.roles import Deed
from app.services import desks, rights
from app.services.desks import Desk, Enrolled, Wanted
from app.services.directory import Venue
from app.store import access, parties
from app.store.access import Account, Event
from app.store.database import Store

LINK_LIFE = timedelta(hours=1)
"""Somebody stands at the counter with the device, and another link is one press away."""

NO_VENUE, NO_DESK = "There is no such venue.", "There is no such desk."


@dataclass(frozen=True, slots=True)
class Kept:
    """A desk, what was done to it (the newest first), and until when it can be enrolled where it has an unused link."""

    desk: Desk
    link_until: datetime | None
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class AtVenue:
    """The desks of a venue by name, and whether whoever looks may add and revoke there."""

    venue: Venue
    kept: tuple[Kept, ...]
    is_mine_to_keep: bool

    @property
    def live(self) -> list[Desk]:
        """Those that were not revoked."""
        return [each.desk for each in self.kept if each.desk.revoked_at is None]

    @property
    def seen_at(self) -> datetime | None:
        """When any of them was last heard of."""
        return max((desk.seen_at for desk in self.live if desk.seen_at), default=None)


def venues(store: Store, *, by: Account, now: datetime) -> list[AtVenue]:
    """The venues in this account's reach with their desks, by name. Raises NotAllowed."""
    rights.require(by, Deed.SEE_DESKS)

    def work(connection: Connection) -> list[AtVenue]:
        mine = [place for place in parties.venues(connection) if _reaches(by, Deed.SEE_DESKS, place)]
        return _with_desks(connection, sorted(mine, key=lambda place: place.name.casefold()), by, now)

    return store.read(work)


def venue(store: Store, *, by: Account, venue_id: int, now: datetime) -> AtVenue:
    """One venue with its desks. Raises NotFound for one out of reach."""

    def work(connection: Connection) -> AtVenue:
        return _with_desks(connection, [_place(connection, by, Deed.SEE_DESKS, venue_id)], by, now)[0]

    return store.read(work)


def add(
    store: Store, *, by: Account, venue_id: int, name: str, now: datetime, check_only: bool = False
) -> Enrolled:  # fmt: skip
    """Add a desk with a code to enrol it by. Raises BadInput, NotFound, NotAllowed, Refused where the venue has one of that name."""
    wanted = Wanted.named(name, check_only=check_only, until=now + LINK_LIFE)

    def work(connection: Connection) -> Enrolled:
        place = _place(connection, by, Deed.KEEP_DESKS, venue_id)
        live = [
            each for each, _venue in access.devices(connection) if each.venue_id == place.id and not each.revoked_at
        ]
        if wanted.before(connection) is None and wanted.name.casefold() in {each.name.casefold() for each in live}:
            raise Refused("This venue has a desk of that name: choose another, or make a new link for it.")
        return wanted.added(connection, place, now, by.email)

    return store.write(work)


def new_link(store: Store, *, by: Account, desk_id: int, now: datetime) -> tuple[Desk, Venue, str]:
    """A code that makes another device this desk; codes before it are good no longer. Raises NotFound, NotAllowed, Refused."""
    code = secrets.token_urlsafe(32)

    def work(connection: Connection) -> tuple[Desk, Venue, str]:
        found, place = _desk(connection, by, desk_id)
        if found.revoked_at is not None:
            raise Refused("This desk was revoked: add another.")
        access.end_enrolments(connection, found.id, now)
        access.add_link(connection, desks.digest(code), "enrolment", now + LINK_LIFE, desk_id=found.id)
        access.add_desk_event(connection, found.id, "link made", by.email, now)
        return found, place, code

    return store.write(work)


def revoke(store: Store, *, by: Account, desk_id: int, now: datetime) -> tuple[Desk, Venue]:
    """Refuse a desk from its next request on, and end its links. Raises NotFound, NotAllowed."""

    def work(connection: Connection) -> tuple[Desk, Venue]:
        found, place = _desk(connection, by, desk_id)
        if found.revoked_at is None:
            access.revoke_desk(connection, found.id, now)
            access.end_enrolments(connection, found.id, now)
            access.add_desk_event(connection, found.id, "revoked", by.email, now)
        return found, place

    return store.write(work)


def _with_desks(connection: Connection, places: list[Venue], by: Account, now: datetime) -> list[AtVenue]:
    until = access.open_enrolments(connection, now)
    found: dict[int, list[Kept]] = {place.id: [] for place in places}
    mine = [desk for desk, _venue in access.devices(connection) if desk.venue_id in found]
    events = access.desk_events(connection, [desk.id for desk in mine]) if len(places) == 1 else {}
    for desk in mine:
        link_until = until.get(desk.id) if desk.revoked_at is None else None
        found[desk.venue_id].append(Kept(desk, link_until, tuple(events.get(desk.id, ()))))
    return [AtVenue(place, tuple(found[place.id]), _reaches(by, Deed.KEEP_DESKS, place)) for place in places]


def _place(connection: Connection, by: Account, deed: Deed, venue_id: int) -> Venue:
    """The venue; one that the account does not even see is not there."""
    place = parties.venue_by_id(connection, venue_id)
    if place is None or not _reaches(by, Deed.SEE_DESKS, place):
        raise NotFound(NO_VENUE)
    if not _reaches(by, deed, place):
        raise NotAllowed(rights.NOT_YOURS)
    return place


def _desk(connection: Connection, by: Account, desk_id: int) -> tuple[Desk, Venue]:
    found = access.desk_by_id(connection, desk_id)
    if found is None or found.scope == desks.COUNT:
        raise NotFound(NO_DESK)
    try:
        return found, _place(connection, by, Deed.KEEP_DESKS, found.venue_id)
    except NotFound as error:
        raise NotFound(NO_DESK) from error


def _reaches(by: Account, deed: Deed, place: Venue) -> bool:
    return rights.reaches(by, deed, programme_id=place.programme_id, venue_id=place.id)
