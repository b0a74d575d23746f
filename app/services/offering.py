"""Offers as staff keep them: added, changed, closed and reopened in the browser, with a trace of every change."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.core import opening_hours
from app.core.errors import BadInput, Conflict, NotFound, Refused
from app.core.opening_hours import DAYS
from app.core.roles import Deed
from app.services import directory, venues, wording
from app.services.directory import Offer, Venue
from app.services.listing import DirectoryEvent
from app.store import directory_events, parties
from app.store.access import Account
from app.store.database import Store
from app.store.directory_events import Subject

NO_OFFER = "There is no such offer."
LONGEST_TEXT = 500
OVERTAKEN = (
    "Somebody changed this offer after you opened this page: look at what it says now among the changes of the venue, and "
    "send yours again if it is still right."
)
FIELDS = ("name", "name_cy", "text", "text_cy", "price_hours", "most_notes", "local_only", "opening")


def read(said: Mapping[str, str], days: Sequence[str], *, local_only: bool) -> Offer:
    """An offer as people write it: `name`, `name_cy`, `text`, `text_cy`, `hours`, `most`, `from`, `until`, and the days of the
    week as digits; none of these, or all, is every day. Raises BadInput, whose `field` says where."""
    hours, most = _number(said, "hours"), _number(said, "most") if said.get("most", "").strip() else None
    directory.check_price(hours, most)
    return Offer(
        0, _line(said, "name", directory.LONGEST_NAME) or "", 0, hours, local_only, most, None, _opening(said, days),
        _line(said, "name_cy", directory.LONGEST_NAME), _line(said, "text", LONGEST_TEXT), _line(said, "text_cy", LONGEST_TEXT),
    )  # fmt: skip


def one(store: Store, *, by: Account, offer_id: int) -> tuple[Offer, Venue]:
    """An offer with its venue. Raises NotFound for one out of reach, NotAllowed."""
    return store.read(lambda connection: _in_reach(connection, by, offer_id))


def add(store: Store, *, by: Account, venue_id: int, wanted: Offer, request_id: UUID, now: datetime) -> Offer:
    """Add an offer, once for a request. Raises NotFound, NotAllowed, Refused where the name is taken, Conflict."""

    def work(connection: Connection) -> Offer:
        venue = venues.in_reach(connection, by, Deed.KEEP_DIRECTORY, venue_id)
        before = directory_events.of_request(connection, request_id)
        if before is not None:
            return _same(connection, before, wanted)
        _refuse_taken(connection, venue, wanted.name)
        made = parties.add_offer(
            connection, venue.id, wanted.name, wanted.price_hours, local_only=wanted.local_only,
            most_notes=wanted.most_notes, opening=wanted.opening,
        )  # fmt: skip
        kept = replace(wanted, id=made, venue_id=venue.id)
        parties.change_offer(connection, kept)
        changes = {name: (None, _told(getattr(kept, name))) for name in FIELDS if getattr(kept, name)}
        _trace(connection, venue, kept, "added", changes, by, now, request_id)
        return kept

    return store.write(work)


def digest(known: Offer) -> str:
    """Of what an offer says: the SHA-256 of its fields, in hexadecimal digits."""
    said = [_told(getattr(known, name)) for name in FIELDS]
    return sha256(json.dumps(said).encode()).hexdigest()


def change(
    store: Store, *, by: Account, offer_id: int, wanted: Offer, now: datetime, built_from: str | None = None
) -> Offer:  # fmt: skip
    """Keep an offer as it is wanted now; it stays closed where it is. `built_from`: the digest of what the form showed. Raises
    NotFound, NotAllowed, Refused, and Conflict where the offer says something else by now."""

    def work(connection: Connection) -> Offer:
        before, venue = _in_reach(connection, by, offer_id)
        after = replace(wanted, id=before.id, venue_id=venue.id, closed_at=before.closed_at)
        both = {name: (_told(getattr(before, name)), _told(getattr(after, name))) for name in FIELDS}
        changes = {name: values for name, values in both.items() if values[0] != values[1]}
        if changes:
            if built_from not in (None, digest(before)):
                raise Conflict(OVERTAKEN)
            _refuse_taken(connection, venue, after.name, before.id)
            parties.change_offer(connection, after)
            _trace(connection, venue, after, "changed", changes, by, now)
        return after

    return store.write(work)


def close(store: Store, *, by: Account, offer_id: int, now: datetime) -> Venue:
    """Offer it no more; again changes nothing. Raises NotFound, NotAllowed."""
    return _set_closed(store, by, offer_id, now, is_closed=True)


def reopen(store: Store, *, by: Account, offer_id: int, now: datetime) -> Venue:
    """Offer it again; again changes nothing. Raises NotFound, NotAllowed."""
    return _set_closed(store, by, offer_id, now, is_closed=False)


def _set_closed(store: Store, by: Account, offer_id: int, now: datetime, *, is_closed: bool) -> Venue:
    def work(connection: Connection) -> Venue:
        found, venue = _in_reach(connection, by, offer_id)
        if (found.closed_at is not None) != is_closed:
            parties.close_offer(connection, found.id, now if is_closed else None)
            _trace(connection, venue, found, "closed" if is_closed else "reopened", {}, by, now)
        return venue

    return store.write(work)


def _in_reach(connection: Connection, by: Account, offer_id: int) -> tuple[Offer, Venue]:
    found = parties.offers_by_id(connection, [offer_id]).get(offer_id)
    if found is None:
        raise NotFound(NO_OFFER)
    try:
        return found, venues.in_reach(connection, by, Deed.KEEP_DIRECTORY, found.venue_id)
    except NotFound as error:
        raise NotFound(NO_OFFER) from error


def _refuse_taken(connection: Connection, venue: Venue, name: str, but: int | None = None) -> None:
    for each in parties.offers_at(connection, venue.id):
        if each.id != but and each.name.casefold() == name.casefold():
            raise Refused(venues.TAKEN)


def _same(connection: Connection, before: DirectoryEvent, wanted: Offer) -> Offer:
    """What the request added already. Raises Conflict where it stands for something else."""
    found = parties.offers_by_id(connection, [before.subject.offer_id or 0]).get(before.subject.offer_id or 0)
    if found is None or list(before.changes.get("name", ()))[1:] != [wanted.name]:
        raise Conflict(venues.OTHER)
    return found


def _trace(
    connection: Connection, venue: Venue, offer: Offer, kind: str, changes: Mapping[str, tuple[Any, Any]], by: Account,
    now: datetime, request_id: UUID | None = None,
) -> None:  # fmt: skip
    of = Subject(venue.programme_id, venue.id, offer.id)
    directory_events.add(connection, DirectoryEvent(of, kind, changes, by.email, now), request_id)


def _told(value: object) -> object:
    return str(value) if isinstance(value, opening_hours.OpeningHours) else value


def _opening(said: Mapping[str, str], days: Sequence[str]) -> opening_hours.OpeningHours:
    chosen = [DAYS[int(day) - 1] for day in sorted(set(days)) if day in set("1234567")]
    begins, ends = (said.get(name, "").strip() or None for name in ("from", "until"))
    try:
        return opening_hours.parse(",".join(chosen) or None, begins, ends)
    except BadInput as error:
        raise BadInput(error.sentence, field="opening") from error


def _number(said: Mapping[str, str], name: str) -> int:
    text = said.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise BadInput("Write a whole number.", field="hours" if name == "hours" else "most_notes")
    return int(text)


def _line(said: Mapping[str, str], name: str, most: int) -> str | None:
    text = said.get(name, "")
    try:
        return wording.one_line(text, name, most) if name == "name" else wording.perhaps(text, name, most)
    except BadInput as error:
        raise BadInput(error.sentence, field=name) from error
