"""Handing out: an organisation gave notes of a span for an activity; a fact beside the movements."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from app.core import ledger, reference
from app.core.errors import BadInput, Conflict, Refused
from app.core.lifecycle import State
from app.core.span import Span
from app.core.wall_clock import day_of
from app.services import naming, wording
from app.store import custody, hand_outs, parties, spending
from app.store.database import Store, lock_series

LONGEST_ACTIVITY = 200
MOST_HOURS = 1_000_000
TOO_MANY_HOURS = (
    "One note is one hour: these are more hours than notes. Write fewer hours, or name all the notes that were given."
)
STILL_TO_COME = "That day is still to come: choose today, or the day on which the notes were given."


@dataclass(frozen=True, slots=True)
class HandOut:
    """Notes given for hours on a day; people are a number, never names."""

    id: int
    span: Span
    organisation: str
    activity: str
    hours: int
    people: int
    given_on: date
    already_redeemed: int


def hand_out(
    store: Store, *, named: str, activity: str, hours: int, people: int, actor: str, now: datetime, request_id: UUID,
    of: int | None = None, given_on: date | None = None,
) -> HandOut:  # fmt: skip
    """Record that the organisation which has these notes gave them out. The same `request_id` gives the same answer.

    `of`: the id of the organisation that the notes have to be with; `given_on`: the day on which it gave them, today if none
    is named. Raises BadInput, also for more hours than notes and for a day that is still to come or before their issue,
    NotOrdered, Refused when they are not issued to one organisation or were handed out before.
    """
    wanted, what = reference.parse(named), _checked(activity, hours, people)
    day = _day(given_on, now)

    def work(connection: Connection) -> HandOut:
        series = naming.series_of(connection, wanted)
        lock_series(connection, [series.id], shared=False)
        known = hand_outs.by_request(connection, request_id)
        if known is not None:
            told = what, hours, people, given_on or known.given_on
            _check_same(known, series.id, naming.whole_of(connection, wanted), told)
            return _of_row(connection, known, series.code)
        span = _one_span(naming.resolve(connection, wanted))
        if hours > len(span):
            raise BadInput(TOO_MANY_HOURS)
        holder = _holder(connection, series.id, span, of)
        _check_first(connection, series.id, span)
        if given_on is not None:
            _check_issued(connection, series.id, span, holder, given_on)
        made = hand_outs.add(
            connection, series_id=series.id, span=span, organisation_id=holder, activity=what, hours=hours,
            people=people, given_on=day, request_id=request_id, actor=actor, at=now,
        )  # fmt: skip
        spent = spending.count_redeemed(connection, series.id, span)
        return HandOut(made, span, _name(connection, holder), what, hours, people, day, spent)

    return store.write(work)


def recorded(connection: Connection, request_id: UUID) -> tuple[HandOut, int] | None:
    """The hand-out that a request made, and the id of the organisation that gave the notes."""
    row = hand_outs.by_request(connection, request_id)
    if row is None:
        return None
    code = next(each.code for each in parties.all_series(connection) if each.id == row.series_id)
    return _of_row(connection, row, code), row.organisation_id


def _of_row(connection: Connection, row: Row[Any], code: str) -> HandOut:
    span = Span(code, row.first, row.last)
    spent = spending.count_redeemed(connection, row.series_id, span)
    name = _name(connection, row.organisation_id)
    return HandOut(row.id, span, name, row.activity, row.hours, row.people, row.given_on, spent)


def _check_same(known: Row[Any], series_id: int, whole: Span, told: tuple[str, int, int, date]) -> None:
    """A hand-out is of a label's notes that were not void then, so its span may be a part of what is named again."""
    inside = known.series_id == series_id and whole.first <= known.first and known.last <= whole.last
    if not inside or (known.activity, known.hours, known.people, known.given_on) != told:
        raise Conflict("This request id stands for another hand-out already.")


def _name(connection: Connection, organisation_id: int) -> str:
    return parties.organisation_names(connection)[organisation_id]


def _one_span(meant: naming.Named) -> Span:
    if len(meant.spans) > 1:
        raise Refused(
            f"Some of these notes are void ({meant.passed_over[0]}): name the stretches that were handed out."
        )
    return meant.spans[0]


def _holder(connection: Connection, series_id: int, span: Span, of: int | None) -> int:
    held = ledger.within(custody.holdings_touching(connection, series_id, span), span)
    holders = {piece.standing.holder for piece in held}
    gaps = ledger.gaps(held, span)
    if gaps or any(piece.state is not State.ISSUED for piece in held) or len(holders) != 1:
        raise Refused(f"The notes {span} are not all issued to one organisation: look with `hournote range`.")
    found = next(holder for holder in holders if holder is not None)
    if of not in (None, found):
        raise Refused(f"The notes {span} are not all issued to one organisation: look with `hournote range`.")
    return found


def _check_first(connection: Connection, series_id: int, span: Span) -> None:
    before = hand_outs.overlapping(connection, series_id, span)
    if before is not None:
        given = Span(span.series, before.first, before.last)
        raise Refused(f"The notes {given} were recorded as handed out already, for {before.activity}.")


def _day(given_on: date | None, now: datetime) -> date:
    if given_on is not None and given_on > day_of(now):
        raise BadInput(STILL_TO_COME)
    return given_on or day_of(now)


def _check_issued(connection: Connection, series_id: int, span: Span, holder: int, day: date) -> None:
    """A note is worth nothing before its issue, so that no hour was given for it then."""
    issued = custody.issued_at(connection, series_id, span, holder)
    if issued is not None and day < day_of(issued):
        raise BadInput(
            f"The notes {span} were issued on {day_of(issued)}: choose that day or a later one.",
            issued_on=day_of(issued),
        )


def _checked(activity: str, hours: int, people: int) -> str:
    text = wording.one_line(activity, "activity", LONGEST_ACTIVITY)
    if not 1 <= hours <= MOST_HOURS or not 1 <= people <= MOST_HOURS:
        raise BadInput("Hours and people are whole numbers of at least 1.")
    return text
