"""Giving: somebody of an organisation, or of its programme, records a hand-out with as few words as can be."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from app.core import reference
from app.core.errors import BadInput, Conflict, NotFound, Refused
from app.core.roles import Deed, Scope
from app.core.span import Span, merge
from app.core.wall_clock import day_of, month_of, months_between
from app.services import directory, handing_out, naming, rights
from app.services.accounts import Account
from app.services.directory import Organisation
from app.services.handing_out import HandOut
from app.store import custody, hand_outs, parties
from app.store.database import Store
from app.store.hand_outs import Given

NO_SUCH = "There is no such organisation among yours: choose one of the list."
NOT_ITS_NOTES = "These notes are not all issued to this organisation, or some of them were handed out already. Look at the list of its notes."
TOO_MANY = "The organisation has no stretch of that many notes: record them in parts, first the notes that come next."
NOT_COUNTED = "Hours and people are whole numbers of at least 1."
NO_DAY = "Write the day like 2026-11-26."
NO_NOTES = "Say how many notes, or which: 12, or CWL26 12001-12012."

ACTIVITIES = 40
_COUNT = re.compile(r"[0-9]{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Giver:
    """An organisation that hands out: what it has and did not hand out yet, and what it handed notes out for before."""

    organisation: Organisation
    left: tuple[Span, ...]
    activities: tuple[str, ...]
    months: tuple[tuple[int, Given], ...]


def givers(store: Store, *, by: Account) -> list[Organisation]:
    """The organisations that an account may record hand-outs of, by programme and name. Raises NotAllowed."""
    reach = rights.require(by, Deed.HAND_OUT)
    known = store.read(parties.organisations)
    mine: dict[Scope, Callable[[Organisation], bool]] = {
        Scope.NETWORK: lambda each: True,
        Scope.PROGRAMME: lambda each: each.programme_id == by.programme_id,
        Scope.ORGANISATION: lambda each: each.id == by.organisation_id,
    }
    return [each for each in known if mine[reach](each)]


def giver(store: Store, *, by: Account, named: str, now: datetime) -> Giver:
    """The organisation of a name or id, with the people of its last twelve months. Raises NotAllowed, NotFound."""
    found = _one(givers(store, by=by), named)
    last = month_of(now)
    first = months_between(last - 100, last)[1]

    def work(connection: Connection) -> Giver:
        counted = hand_outs.sums(connection, "month", first=first, last=last, among=parties.just(found.id))
        months = tuple((each, counted.get((each,), Given())) for each in months_between(first, last))
        known = tuple(hand_outs.activities(connection, found.id, ACTIVITIES))
        return Giver(found, tuple(_left(connection, found.id, now)), known, months)

    return store.read(work)


def give(
    store: Store, *, by: Account, organisation: str, notes: str, activity: str, hours: str, people: str, now: datetime,
    request_id: UUID, given_on: str = "",
) -> HandOut:  # fmt: skip
    """Record a hand-out of an organisation; `notes` are named, or a number: that many of those that come next. No `hours`
    means one for each note, no `given_on` today. The same `request_id` gives the same answer.

    Raises BadInput, NotAllowed, NotFound, NotOrdered, Refused, Conflict.
    """
    found = _one(givers(store, by=by), organisation)
    count, crowd, on = _number(hours) if hours.strip() else None, _number(people), read_day(given_on)
    named = store.read(lambda connection: _named(connection, found.id, notes, request_id, now))
    told = count or _length(store, named)
    try:
        return handing_out.hand_out(
            store, named=named, activity=activity, hours=told, people=crowd, actor=by.email, now=now,
            request_id=request_id, of=found.id, given_on=on,
        )  # fmt: skip
    except Conflict:
        raise
    except Refused as error:
        raise Refused(NOT_ITS_NOTES) from error


def recorded(store: Store, *, by: Account, request_id: UUID) -> tuple[HandOut, int]:
    """A hand-out that was made, with the id of its organisation. Raises NotFound, also where it is out of reach."""
    found = store.read(lambda connection: handing_out.recorded(connection, request_id))
    if found is None or found[1] not in {each.id for each in givers(store, by=by)}:
        raise NotFound("There is no such hand-out.")
    return found


def read_day(text: str) -> date | None:
    """The day of a hand-out as it was typed, None where nothing was. Raises BadInput."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise BadInput(NO_DAY) from error


def _one(known: Sequence[Organisation], named: str) -> Organisation:
    try:
        return directory.named(known, named, "organisation")
    except NotFound as error:
        raise NotFound(NO_SUCH) from error


def _named(connection: Connection, organisation_id: int, text: str, request_id: UUID, now: datetime) -> str:
    """The notes in words that name them; those of the same request again where it was done before."""
    wanted = text.strip()
    if not wanted:
        raise BadInput(NO_NOTES)
    if not _COUNT.fullmatch(wanted):
        return wanted
    known = handing_out.recorded(connection, request_id)
    if known is not None and len(known[0].span) == int(wanted):
        return str(known[0].span)
    return str(_next(_left(connection, organisation_id, now), int(wanted)))


def _next(left: Sequence[Span], count: int) -> Span:
    for span in left:
        if 1 <= count <= len(span):
            return Span(span.series, span.first, span.first + count - 1)
    raise Refused(TOO_MANY)


def _left(connection: Connection, organisation_id: int, now: datetime) -> list[Span]:
    """What it has, did not hand out and is still good; spent notes too, because who spent one was handed it."""
    today = day_of(now)
    over = {each.code for each in parties.all_series(connection) if each.expires_on and each.expires_on < today}
    mine = [span for span in custody.issued_to(connection, organisation_id) if span.series not in over]
    given = hand_outs.spans_of(connection, organisation_id)
    return [piece for span in merge(mine) for piece in span.minus_all(given)]


def _length(store: Store, named: str) -> int:
    def work(connection: Connection) -> int:
        return sum(map(len, naming.resolve(connection, reference.parse(named)).spans))

    return store.read(work)


def _number(text: str) -> int:
    if not _COUNT.fullmatch(text.strip()) or int(text) < 1:
        raise BadInput(NOT_COUNTED)
    return int(text)
