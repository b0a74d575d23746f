"""What was offered: an offer as it stood at a time, and the versions of it that a desk which was apart may have known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from app.core import opening_hours
from app.store import directory_events
from app.store.directory_events import Changes, DirectoryEvent
from app.store.parties import Offer

_ALWAYS_CLOSED = datetime.min.replace(tzinfo=UTC)
_OF_A_VISIT = ("price_hours", "most_notes", "local_only")


def versions(connection: Connection, offer: Offer, *, since: datetime, until: datetime) -> list[Offer]:
    """The offer as it stood at `until`, and before that each way in which it stood since `since`, the newest first."""
    changes = directory_events.of_offer(connection, offer.venue_id, offer.id, since)
    later = [each for each in changes if each.at > until]
    then = _undone(offer, later)
    found = [then]
    for each in changes[len(later) :]:
        found.append(_before(found[-1], each))
    return list(dict.fromkeys(found))


def _undone(offer: Offer, events: Sequence[DirectoryEvent]) -> Offer:
    for each in events:
        offer = _before(offer, each)
    return offer


def _before(offer: Offer, event: DirectoryEvent) -> Offer:
    """As it stood before a change, in what a visit is judged by."""
    if event.kind == "closed":
        return replace(offer, closed_at=None)
    if event.kind == "reopened":
        return replace(offer, closed_at=_ALWAYS_CLOSED)
    if event.kind != "changed":
        return offer  # before it was added there was no offer that a desk could know
    was = {name: event.changes[name][0] for name in _OF_A_VISIT if name in event.changes}
    return replace(offer, **was, opening=_opening(event.changes, offer))


def _opening(changes: Changes, offer: Offer) -> opening_hours.OpeningHours:
    return opening_hours.read(changes["opening"][0]) if "opening" in changes else offer.opening
