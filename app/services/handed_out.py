"""Handed out: what an organisation recorded, the newest first, and taking back what was wrong of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from app.core.errors import NotFound, Refused
from app.core.roles import Deed
from app.core.span import Span
from app.services import directory, giving, rights, taking_back
from app.services.accounts import Account
from app.services.directory import Organisation
from app.services.taking_back import TakenBack
from app.store import hand_outs
from app.store.database import Store

PAGE = 50
NO_SUCH = "There is no such hand-out."
TAKEN_BACK = "This hand-out was taken back already, for another reason. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Counter:
    """Who took a hand-out back, when and why."""

    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """A hand-out by its number: when it was recorded and for which day; `taken_back` where it counts no more."""

    id: int
    at: datetime
    given_on: date
    span: Span
    activity: str
    hours: int
    people: int
    actor: str
    taken_back: Counter | None


def recorded(
    store: Store, *, by: Account, organisation_id: int, before: int | None = None
) -> tuple[Organisation, Sequence[Recorded], bool]:
    """An organisation's hand-outs from before that number, the newest first, and whether there are older ones. Raises
    NotAllowed, NotFound."""
    found = directory.named(giving.givers(store, by=by), str(organisation_id), "organisation")
    rows = store.read(lambda connection: hand_outs.of_organisation(connection, found.id, before=before, most=PAGE + 1))
    return found, [_recorded(row) for row in rows[:PAGE]], len(rows) > PAGE


def take_back(store: Store, *, by: Account, hand_out: int, reason: str, now: datetime) -> TakenBack:
    """Take a hand-out back that is in the account's reach; the same again gives the same.

    Raises BadInput, NotAllowed, NotFound, Refused when it was taken back for something else.
    """
    rights.require(by, Deed.HAND_OUT)

    def admit(organisation_id: int, programme_id: int) -> None:
        if not rights.reaches(by, Deed.HAND_OUT, programme_id=programme_id, organisation_id=organisation_id):
            raise NotFound(NO_SUCH)

    try:
        return taking_back.take_back(store, hand_out=hand_out, reason=reason, actor=by.email, now=now, admit=admit)
    except NotFound as error:
        raise NotFound(NO_SUCH) from error
    except Refused as error:
        raise Refused(TAKEN_BACK) from error


def _recorded(row: Row[Any]) -> Recorded:
    taken = None if row.taken_at is None else Counter(row.taken_reason, row.taken_actor, row.taken_at)
    span = Span(row.code, row.first, row.last)
    return Recorded(row.id, row.at, row.given_on, span, row.activity, row.hours, row.people, row.actor, taken)
