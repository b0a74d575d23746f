"""Counted stacks: what a group without any device collected, counted and redeemed for it by staff, who vouch for it.

A stack is a visit like any other, at a desk of its own that no device is: one for each venue and person of staff, with a key that
nobody has. So the books tell who counted it.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from app.core import token
from app.core.errors import BadInput, NotAllowed, NotFound
from app.core.roles import Deed
from app.core.token import Token
from app.core.visit import MOST_NOTES
from app.services import desks, redeeming, rights
from app.services.desks import AtVenue
from app.services.directory import Offer, Venue
from app.store import access, parties, spending
from app.store.access import Account
from app.store.database import Store

NO_VENUE = "There is no such venue."
_APART = re.compile(r"[\r\n,;]+")
LONGEST_SHOWN = 40
_KEYLESS = b"counted by staff"


@dataclass(frozen=True, slots=True)
class Stack:
    """What became of a stack: the answer of the contract, and the offer."""

    answer: dict[str, Any]
    offer: str | None
    at: datetime


def venue(store: Store, *, by: Account, venue_id: int) -> tuple[Venue, list[Offer]]:
    """A venue whose stacks the account redeems, with its offers. Raises NotFound, NotAllowed."""
    rights.require(by, Deed.REDEEM_COUNTED)

    def work(connection: Connection) -> tuple[Venue, list[Offer]]:
        return _place(connection, by, venue_id), list(parties.offers_of(connection, venue_id))

    return store.read(work)


def redeem(
    store: Store, *, by: Account, venue_id: int, offer_id: int | None, counted: str, seen_at: datetime, now: datetime,
    redemption_id: UUID,
) -> dict[str, Any]:  # fmt: skip
    """Spend a stack, all or none, by the rules of a desk; gives the answer of the contract. The same id with the same stack
    gives the same answer.

    `seen_at`: when the group met; last days and hours of offers are judged as of then. Raises BadInput, NotFound, NotAllowed,
    Conflict, Unavailable.
    """
    rights.require(by, Deed.REDEEM_COUNTED)
    if seen_at > now:
        raise BadInput("That is still to come: a stack is redeemed after it was collected.")
    notes = _read(counted)
    desk = store.write(lambda connection: _desk(connection, by, _place(connection, by, venue_id), now))
    return redeeming.redeem_counted(
        store, redemption_id=redemption_id, desk=desk, notes=notes, now=now, offer_id=offer_id, scanned_at=seen_at
    )


def redeemed(store: Store, *, by: Account, venue_id: int, redemption_id: UUID) -> Stack:
    """A stack that was sent before. Raises NotFound, NotAllowed."""
    rights.require(by, Deed.REDEEM_COUNTED)

    def work(connection: Connection) -> Stack:
        _place(connection, by, venue_id)
        found = spending.visit(connection, redemption_id)
        desk = access.desk_by_id(connection, found.desk_id) if found else None
        if found is None or found.venue_id != venue_id or desk is None or desk.scope != desks.COUNT:
            raise NotFound("There is nothing at this address.")
        known = parties.offers_by_id(connection, {found.offer_id} if found.offer_id else set())
        return Stack(found.answer, known[found.offer_id].name if found.offer_id else None, found.scanned_at)

    return store.read(work)


def _read(counted: str) -> list[str]:
    """The notes that were typed or scanned, one on a line. Raises BadInput."""
    notes = _apart(counted)
    if not notes:
        raise BadInput("Scan or type the notes that were counted.")
    if len(notes) > MOST_NOTES:
        raise BadInput("That is more than 50 notes: redeem them in smaller stacks.")
    twice = [each for each, times in Counter(map(without_token, notes)).items() if times > 1]
    if twice:
        raise BadInput(f"{twice[0]} is in this stack twice: take it out once.", twice=twice[0])
    return notes


def told_again(counted: str) -> list[str]:
    """What was typed or scanned, as it may be shown again: each as its serial."""
    return [without_token(each) for each in _apart(counted)]


def _apart(counted: str) -> list[str]:
    return [each.strip() for each in _APART.split(counted) if each.strip()]


def without_token(text: str) -> str:
    """The printed serial of a token or of a typed one; of what is neither no more than its beginning."""
    found = token.read(text)
    serial = found.serial if isinstance(found, Token) else found
    return serial.printed if serial is not None else text[:LONGEST_SHOWN]


def _place(connection: Connection, by: Account, venue_id: int) -> Venue:
    found = parties.venue_by_id(connection, venue_id)
    if found is None or not rights.reaches(by, Deed.REDEEM_COUNTED, programme_id=found.programme_id):
        raise NotFound(NO_VENUE)
    return found


def _desk(connection: Connection, by: Account, place: Venue, now: datetime) -> AtVenue:
    """The desk of this person at this venue, made at first use."""
    key = _no_key(place.id, by.id)
    access.take_turn(connection, 0)  # so that two at once do not both make it
    if (known := access.desks_by_keys(connection, [key]).get(key)) is not None:
        return AtVenue(known[0], place)
    made = access.add_desk(connection, place.id, desks.COUNTED, key, now, scope=desks.COUNT)
    access.add_desk_event(connection, made, "added", by.email, now)
    found = access.desk_by_id(connection, made)
    if found is None:
        raise NotAllowed(desks.NOT_ENROLLED)
    return AtVenue(found, place)


def _no_key(venue_id: int, account_id: int) -> bytes:
    """What stands for the digest of a key (32 bytes): no key is known, nor can be found, that has this digest."""
    return _KEYLESS + venue_id.to_bytes(8, "big") + account_id.to_bytes(8, "big")
