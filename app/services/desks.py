"""Desks: enrolled by a one-time code, known by a key, refused once revoked."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from app.core.errors import NotAllowed, NotFound
from app.services import directory, wording
from app.services.directory import Offer, Venue
from app.store import access, parties
from app.store.access import Desk
from app.store.database import Store

__all__ = ["Desk"]

CODE_LIFE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)
LONGEST_NAME = 80
NOT_ENROLLED = "This desk is not enrolled, or was revoked: ask the programme office for an enrolment link."
CHECK_ONLY = "This desk may check notes and not spend them: ask the programme office for another one."
REDEEM, CHECK, COUNT = "redeem", "check", "count"
"""What the key of a desk is good for; a desk to *count* is no device, and its key nobody has."""

COUNTED = "counted"
"""What a desk to count is called."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A desk at its venue; `key` is told once and kept only as its hash, `code` is for the enrolment link."""

    desk: Desk
    venue: Venue
    key: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class AtVenue:
    """A desk that has shown its key, with its venue and, where they were asked for, the offers there."""

    desk: Desk
    venue: Venue
    offers: Sequence[Offer] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A desk that is about to be added, with the key and the code that it gets; the code is good until `until`."""

    name: str
    scope: str
    until: datetime
    key: str
    code: str

    @classmethod
    def named(cls, name: str, *, check_only: bool, until: datetime) -> "Wanted":
        """With a key and a code of its own. Raises BadInput for what is no name."""
        return cls(_name(name), CHECK if check_only else REDEEM, until, _secret(), _secret())

    def before(self, connection: Connection) -> Desk | None:
        """The desk, where a pass of this very call has added it, whose answer was lost with its connection."""
        return _with_key(connection, self.key)

    def added(self, connection: Connection, place: Venue, now: datetime, actor: str) -> Enrolled:
        """The desk, at its venue."""
        if (before := self.before(connection)) is not None:
            return Enrolled(before, place, self.key, self.code)
        made = access.add_desk(connection, place.id, self.name, digest(self.key), now, scope=self.scope)
        access.add_link(connection, digest(self.code), "enrolment", self.until, desk_id=made)
        access.add_desk_event(connection, made, "added", actor, now)
        return Enrolled(_existing(connection, made), place, self.key, self.code)


def add_desk(
    store: Store, *, venue: str, name: str, now: datetime, check_only: bool = False, actor: str = "cli"
) -> Enrolled:  # fmt: skip
    """Add a desk to a venue: its key for a scanner set up by hand, and a code to enrol with. Raises BadInput, NotFound.

    With `check_only` it may ask about notes and take snapshots, and neither spend nor give back.
    """
    wanted = Wanted.named(name, check_only=check_only, until=now + CODE_LIFE)
    return store.write(lambda connection: wanted.added(connection, directory.find_venue(connection, venue), now, actor))


def enrol(store: Store, *, code: str, name: str | None, now: datetime) -> Enrolled:
    """Use an enrolment code up: the desk gets a new key, the one before is good no longer. Raises NotAllowed, BadInput."""
    key = _secret()

    def work(connection: Connection) -> Enrolled:
        if (before := _with_key(connection, key)) is not None:
            return Enrolled(before, _venue_of(connection, before), key)
        desk_id = access.use_link(connection, digest(code), "enrolment", now)
        if desk_id is None:
            raise NotAllowed(
                "This enrolment code was used already or is too old: ask the programme office for a new one."
            )
        desk = _existing(connection, desk_id)
        if desk.revoked_at is not None:
            raise NotAllowed("This desk was revoked: ask the programme office for a new one.")
        access.set_desk_key(connection, desk_id, digest(key), _name(name) if name else desk.name)
        access.add_desk_event(connection, desk_id, "enrolled", "link", now)
        return Enrolled(_existing(connection, desk_id), _venue_of(connection, desk), key)

    return store.write(work)


def revoke_desk(store: Store, *, desk: str, now: datetime, actor: str = "cli") -> Desk:
    """Refuse a desk (by id, or by name where only one has it) from its next request on. Raises NotFound."""

    def work(connection: Connection) -> Desk:
        found = directory.named([each for each, _venue in access.devices(connection)], desk, "desk")
        access.revoke_desk(connection, found.id, now)
        access.add_desk_event(connection, found.id, "revoked", actor, now)
        return _existing(connection, found.id)

    return store.write(work)


def desk_of_key(store: Store, key: str, *, now: datetime) -> AtVenue:
    """The desk that has this key, marked as seen. Raises NotAllowed when no desk has it or it was revoked."""

    def work(connection: Connection) -> AtVenue:
        found = enrolled(access.desks_by_keys(connection, [digest(key)])).get(digest(key))
        if found is None:
            raise NotAllowed(NOT_ENROLLED)
        return replace(found, offers=parties.offers_of(connection, found.venue.id))

    found = store.read(work)
    note_seen(store, found, now=now)
    return found


def enrolled(found: Mapping[bytes, tuple[Desk, Venue]]) -> dict[bytes, AtVenue]:
    """Those of the desks, by the digest of their keys, that were not revoked."""
    return {
        key: AtVenue(desk, venue)
        for key, (desk, venue) in found.items()
        if desk.revoked_at is None and desk.scope != COUNT
    }


def note_seen(store: Store, here: AtVenue, *, now: datetime) -> None:
    """Note when a desk was last heard of, to the minute."""
    if here.desk.seen_at is None or now - here.desk.seen_at > SEEN_EVERY:
        store.write(lambda connection: access.desk_seen(connection, here.desk.id, now))


def require_spending(here: AtVenue) -> None:
    """Raise NotAllowed for a desk that may only check notes."""
    if here.desk.scope == CHECK:
        raise NotAllowed(CHECK_ONLY)


def desks(store: Store) -> list[tuple[Desk, str]]:
    """Every desk that is a device, with the name of its venue."""
    return store.read(access.devices)


def _with_key(connection: Connection, key: str) -> Desk | None:
    """The desk that a pass of this very call has given the key, whose answer was lost with its connection."""
    found = access.desks_by_keys(connection, [digest(key)]).get(digest(key))
    return found[0] if found is not None else None


def _existing(connection: Connection, desk_id: int) -> Desk:
    found = access.desk_by_id(connection, desk_id)
    if found is None:
        raise NotFound(f"There is no desk {desk_id}.")
    return found


def _venue_of(connection: Connection, desk: Desk) -> Venue:
    found = parties.venue_by_id(connection, desk.venue_id)
    if found is None:
        raise NotFound(f"The venue of the desk {desk.name} is gone.")
    return found


def _name(text: str) -> str:
    return wording.one_line(text, "name for a desk", LONGEST_NAME)


def _secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is kept of a key or a code (32 bytes): they are 256 random bits, so a plain hash keeps them and finds them."""
    return sha256(secret.encode()).digest()
