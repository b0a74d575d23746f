"""Journals: what a desk did while it was offline, told afterwards in its order, each entry with an answer of its own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core import desk_clock
from app.core.errors import HournoteError, Unavailable
from app.services import desks, redeeming, reversing
from app.services.desks import AtVenue
from app.store import spending
from app.store.database import Store

MOST_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class Redeem:
    """A visit that the desk accepted."""

    id: UUID
    notes: Sequence[str]
    offer_id: int | None
    scanned_at: datetime | None
    offline: bool
    practice: bool


@dataclass(frozen=True, slots=True)
class Reverse:
    """A visit of which the desk gave the notes back."""

    id: UUID
    reason: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """An entry that is none, and what is wrong with it."""

    error: HournoteError


Entry = Redeem | Reverse | Wrong
Answer = dict[str, Any] | HournoteError
"""What became of an entry, or why it could not be taken; the entries after it are."""


Told = Callable[[dict[str, Any], bool], None]
"""What hears each visit's answer, and whether it is new."""


def enter(
    store: Store, *, desk: AtVenue, entries: Iterable[Entry], now: datetime, told: Told = lambda answer, is_new: None
) -> list[Answer]:
    """Do what the entries say, in their order; gives an answer for each. The same entries again get the same answers.

    A visit was accepted at the desk already and is judged as the books stand now, so that a time of long ago beats no hold
    and no void; its answer has `late`. Raises NotAllowed for a desk that may only check, Unavailable: send all of it again.
    """
    desks.require_spending(desk)
    return list(_answers(store, desk, entries, now, told))


def _answers(store: Store, desk: AtVenue, entries: Iterable[Entry], now: datetime, told: Told) -> Iterator[Answer]:
    for entry in entries:
        try:
            yield _answer(store, desk, entry, now, told)
        except Unavailable:
            raise
        except HournoteError as error:
            yield error


def _answer(store: Store, desk: AtVenue, entry: Entry, now: datetime, told: Told) -> dict[str, Any]:
    if isinstance(entry, Redeem):
        return _redeem(store, desk, entry, now, told)
    if isinstance(entry, Reverse):
        return reversing.reverse_from_journal(
            store, redemption_id=entry.id, desk=desk, reason=entry.reason, at=entry.at, now=now
        )
    raise entry.error


def _redeem(store: Store, desk: AtVenue, entry: Redeem, now: datetime, told: Told) -> dict[str, Any]:
    answer, is_new = redeeming.redeem_notes(
        store, redemption_id=entry.id, desk=desk, notes=entry.notes, offer_id=entry.offer_id, now=now,
        scanned_at=entry.scanned_at, offline=entry.offline, practice=entry.practice, journalled=True,
    )  # fmt: skip
    told(answer, is_new)
    scanned_at, at = (entry.scanned_at or now, now) if is_new else _times(store, entry.id)
    return {**answer, "late": desk_clock.is_late(scanned_at, at)}


def _times(store: Store, redemption_id: UUID) -> tuple[datetime, datetime]:
    """When a visit was scanned and when it came, by the record."""
    made = store.read(lambda connection: spending.visit(connection, redemption_id))
    if made is None:
        raise AssertionError("a visit that has an answer is in the books")
    return made.scanned_at, made.at
