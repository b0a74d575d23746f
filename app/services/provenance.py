"""Provenance: where a note comes from and what stands around its life: order, bundle, visits, hand-out, destroyed paper."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from app.core.errors import NotOrdered
from app.core.serial import Serial
from app.core.span import Span
from app.services import naming
from app.services.desks import COUNT
from app.store import access, hand_outs, orders, parties, spending
from app.store.database import Store
from app.store.orders import Order


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit in which the note was spent, and who gave it back and why, if anybody did; `counted_by` whom of staff, where
    no desk saw it."""

    desk: str
    offer: str | None
    hours: int
    offline: bool
    given_back_by: str | None
    given_back_because: str | None
    counted_by: str | None = None


@dataclass(frozen=True, slots=True)
class HandOut:
    """For what the note was given to somebody, never to whom."""

    span: Span
    activity: str
    hours: int
    people: int
    given_on: date
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Retirement:
    """When its paper was destroyed, and by whom."""

    span: Span
    note: str | None
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Provenance:
    """All of it for one note; `visits` by the id of the redemption."""

    order: str
    ordered: Span
    bundle: Span
    design: str
    replaces: str | None
    expires_on: date | None
    visits: dict[str, Visit]
    hand_out: HandOut | None
    retirement: Retirement | None


def provenance_of(store: Store, note: Serial) -> Provenance:
    """Where a note comes from. Raises NotOrdered; whether it may be seen is for the caller to ask first."""
    alone = Span(note.series, note.number, note.number)

    def work(connection: Connection) -> Provenance:
        series = naming.series_of(connection, alone)
        made = orders.over(connection, series.id, alone)
        if not made:
            raise NotOrdered(f"The note {note.printed} was never ordered.")
        order = made[0]
        return Provenance(
            order.id, order.span, bundle_of(order, note), order.design, order.replaces, series.expires_on,
            _visits(connection, series.id, alone), _hand_out(connection, series.id, alone), _retirement(connection, series.id, note),
        )  # fmt: skip

    return store.read(work)


def bundle_of(order: Order, note: Serial) -> Span:
    """The bundle that a note was printed for, as its label says."""
    place = (note.number - order.span.first) // order.bundle_size
    first = order.span.first + place * order.bundle_size
    return Span(note.series, first, min(first + order.bundle_size - 1, order.span.last))


def _visits(connection: Connection, series_id: int, alone: Span) -> dict[str, Visit]:
    ids = [life.redemption_id for life in spending.spendings_of(connection, series_id, alone)]
    found = spending.visits(connection, ids)
    desks = {desk.id: desk for desk, _venue in access.desks(connection)}
    offers = parties.offers_by_id(connection, {visit.offer_id for visit in found.values() if visit.offer_id})
    return {str(each): _visit(connection, each, found[each], desks, offers) for each in ids}


def _visit(
    connection: Connection, redemption_id: UUID, found: spending.Visit, desks: dict[int, access.Desk], offers: dict[int, parties.Offer]
) -> Visit:  # fmt: skip
    back = spending.reversal_of(connection, redemption_id)
    offer = offers[found.offer_id].name if found.offer_id else None
    who, why = (back.actor, back.reason) if back is not None else (None, None)
    desk = desks[found.desk_id]
    return Visit(desk.name, offer, found.hours, found.offline, who, why, _counted_by(connection, desk))


def _counted_by(connection: Connection, desk: access.Desk) -> str | None:
    """Whom of staff a desk stands for."""
    if desk.scope != COUNT:
        return None
    events = access.desk_events(connection, [desk.id]).get(desk.id, [])
    return next((each.actor for each in events if each.kind == "added"), None)


def _hand_out(connection: Connection, series_id: int, alone: Span) -> HandOut | None:
    row = hand_outs.overlapping(connection, series_id, alone)
    if row is None:
        return None
    span = Span(alone.series, row.first, row.last)
    return HandOut(span, row.activity, row.hours, row.people, row.given_on, row.actor, row.at)


def _retirement(connection: Connection, series_id: int, note: Serial) -> Retirement | None:
    row = spending.retirement_of(connection, series_id, note.number)
    return None if row is None else Retirement(Span(note.series, row.first, row.last), row.note, row.actor, row.at)
