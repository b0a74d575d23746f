"""Organisations and venues, looked at from outside: of one programme, or of every one."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection

from app.core.span import Span
from app.store import parties, stretches
from app.store.database import Store
from app.store.parties import Organisation, Venue


@dataclass(frozen=True, slots=True)
class Kept:
    """A stretch that an organisation has: its state, why, and how many of its notes are spent (retired ones among them)."""

    span: Span
    state: str
    reason: str | None
    redeemed: int


@dataclass(frozen=True, slots=True)
class Seen:
    """An organisation with what it has, and the programme that it is of."""

    organisation: Organisation
    programme: str
    kept: tuple[Kept, ...]
    venues: tuple[Venue, ...]


def organisation(store: Store, organisation_id: int, *, programme_id: int | None = None) -> Seen | None:
    """An organisation; None where there is none, or none of that programme."""

    def work(connection: Connection) -> Seen | None:
        known = {each.id: each for each in parties.organisations(connection)}
        found = known.get(organisation_id)
        if found is None or programme_id not in (None, found.programme_id):
            return None
        owner = next(each.name for each in parties.programmes(connection) if each.id == found.programme_id)
        venues = tuple(each for each in parties.venues(connection) if each.organisation_id == found.id)
        return Seen(found, owner, _kept(connection, found.id), venues)

    return store.read(work)


def venue(store: Store, venue_id: int, *, programme_id: int | None = None) -> Venue | None:
    """A venue; None where there is none, or none of that programme."""
    found = store.read(lambda connection: parties.venue_by_id(connection, venue_id))
    return found if found and programme_id in (None, found.programme_id) else None


def counts(seen: Seen) -> dict[str, int]:
    """The notes of an organisation by state; those that were spent as redeemed."""
    counted: Counter[str] = Counter()
    for each in seen.kept:
        counted[each.state] += len(each.span) - each.redeemed
        counted["redeemed"] += each.redeemed
    return {state: notes for state, notes in counted.items() if notes}


def _kept(connection: Connection, organisation_id: int) -> tuple[Kept, ...]:
    ids = {each.code: each.id for each in parties.all_series(connection)}
    held = stretches.of_holder(connection, organisation_id)
    spent: dict[Span, int] = {}
    for code in {span.series for span, _state, _reason in held}:
        mine = [span for span, _state, _reason in held if span.series == code]
        counted = stretches.spent(connection, ids[code], [(span.first, span.last) for span in mine])
        spent |= {span: count.redeemed for span, count in zip(mine, counted, strict=True)}
    return tuple(Kept(span, state, reason, spent[span]) for span, state, reason in held)
