"""Taking back: a hand-out that was recorded wrongly is answered by a counter-entry that names it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from app.core.errors import NotFound, Refused
from app.core.span import Span
from app.services import wording
from app.store import parties, retractions
from app.store.database import Store, lock_series


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A hand-out that counts no more, and why: its notes can be handed out again."""

    hand_out: int
    span: Span
    organisation: str
    activity: str
    hours: int
    people: int
    given_on: date
    reason: str
    actor: str
    at: datetime


def take_back(
    store: Store, *, hand_out: int, reason: str, actor: str, now: datetime,
    admit: Callable[[int, int], None] = lambda organisation_id, programme_id: None,
) -> TakenBack:  # fmt: skip
    """Take back the hand-out of that number: no sum counts it from now on, and what was written stays.

    The same again gives the same. Raises BadInput, NotFound, Refused when it was taken back for something else, and what
    `admit` raises, which is told whose hand-out it is: the id of the organisation and that of the series' programme.
    """
    why = wording.one_line(reason, "reason", wording.LONGEST_REASON)

    def work(connection: Connection) -> TakenBack:
        found = _existing(connection, hand_out)
        admit(found.organisation_id, found.programme_id)
        lock_series(connection, [found.series_id], shared=False)
        before = retractions.of(connection, found.request_id)
        if before is None:
            retractions.add(connection, found.request_id, reason=why, actor=actor, at=now)
        elif before.reason != why:
            raise Refused(f"{before.actor} took this hand-out back already ({before.reason}); nothing was changed.")
        return _taken_back(connection, found)

    return store.write(work)


def _existing(connection: Connection, hand_out: int) -> Row[Any]:
    found = retractions.hand_out_by_id(connection, hand_out)
    if found is None:
        raise NotFound(f"There is no hand-out {hand_out}.")
    return found


def _taken_back(connection: Connection, found: Row[Any]) -> TakenBack:
    entry = retractions.of(connection, found.request_id)
    if entry is None:
        raise AssertionError("a hand-out that was taken back has its counter-entry")
    name = parties.organisation_names(connection)[found.organisation_id]
    return TakenBack(
        found.id, Span(found.code, found.first, found.last), name, found.activity, found.hours, found.people,
        found.given_on, entry.reason, entry.actor, entry.at,
    )  # fmt: skip
