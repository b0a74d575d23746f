"""Auditing: the whole books read in one consistent state and given to the core's checks."""

from datetime import datetime

from sqlalchemy import Connection

from app.core import audit
from app.core.audit import Books, Entry, Finding, Shown, Spent, TakenTwice
from app.store import conflicts, custody, spending
from app.store.conflicts import Conflict, Place
from app.store.database import Store

__all__ = ["Finding"]


def audit_books(store: Store, *, now: datetime) -> list[Finding]:
    """Every finding."""
    return audit.audit(store.read(lambda connection: _books(connection, now)))


def _books(connection: Connection, now: datetime) -> Books:
    return Books(
        now=now,
        entries=[Entry(each.id, each.movement, each.at) for each in custody.all_movements(connection)],
        holdings=custody.all_holdings(connection),
        spent=[
            Spent(each.serial, each.round, str(each.redemption_id), each.title_id, each.reversed_at is not None)
            for each in spending.all_spendings(connection)
        ],
        retired=spending.all_retired(connection),
        paid_hours={str(each): hours for each, hours in spending.all_paid(connection).items()},
        ordered_to=custody.all_allocations(connection),
        conflicts=[_taken_twice(each) for each in conflicts.conflicts(connection)],
    )


def _taken_twice(found: Conflict) -> TakenTwice:
    notes = [(each.serial, _shown(each.first)) for each in found.notes]
    return TakenTwice(str(found.redemption_id), _shown(found.place), notes)


def _shown(place: Place) -> Shown:
    return Shown(place.venue, place.desk, place.at)
