"""Receiving: what comes from the print shop, counted label by label against what was printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection

from app.core import reference
from app.core import span as spans
from app.core.errors import Conflict, NotFound, Refused
from app.core.ledger import Movement
from app.core.lifecycle import Kind, State
from app.core.roles import Deed
from app.core.span import Span
from app.services import bundling, custody, directory, rights
from app.services.delivering import ASKED_ELSE
from app.services.directory import Series
from app.store import custody as holdings
from app.store import orders, parties
from app.store.access import Account
from app.store.database import Store, lock_series
from app.store.deliveries import Parcel
from app.store.orders import Order

LOST = "lost"
NOT_THERE = "There is no such order: look at those that wait to be received."


@dataclass(frozen=True, slots=True)
class Expected:
    """An order of which notes are printed and not received."""

    order: str
    bundles: int
    notes: int


@dataclass(frozen=True, slots=True)
class Surplus:
    """A label that was scanned and is not expected; `order` is where its notes belong, None where there is none."""

    span: Span
    order: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """What was expected of an order, what of it is here, what is missing, and what is here and was not expected."""

    order: str
    expected: tuple[Parcel, ...]
    here: tuple[Parcel, ...]
    missing: tuple[Parcel, ...]
    surplus: tuple[Surplus, ...]

    @property
    def notes_here(self) -> int:
        """Notes that are here."""
        return sum(each.notes for each in self.here)

    @property
    def notes_missing(self) -> int:
        """Notes that are missing."""
        return sum(each.notes for each in self.missing)


@dataclass(frozen=True, slots=True)
class Received:
    """How many notes were received, and how many were put on hold because they are missing."""

    received: int
    held: int


def expected(store: Store, *, by: Account) -> list[Expected]:
    """The orders with printed notes in the account's reach. Raises NotAllowed."""
    programme = rights.programme_of(by, Deed.DELIVER)

    def work(connection: Connection) -> list[Expected]:
        known = {each.code: each for each in parties.all_series(connection)}
        found: dict[str, list[Parcel]] = {}
        for span in holdings.spans_in(connection, State.PRINTED):
            series = known[span.series]
            if programme in (None, series.programme_id):
                for parcel in bundling.parcels(connection, series, [span]):
                    found.setdefault(parcel.order, []).append(parcel)
        return [
            Expected(order, len({p.bundle for p in mine}), sum(p.notes for p in mine)) for order, mine in found.items()
        ]

    return store.read(work)


def order_of(store: Store, *, by: Account, text: str) -> str:
    """The order that a label, a span or an order's id is of. Raises BadSpan, NotFound for one out of reach too."""
    wanted = reference.parse(text)

    def work(connection: Connection) -> str:
        if isinstance(wanted, reference.OrderId):
            return _order(connection, by, str(wanted))[1].id
        span = wanted.span if isinstance(wanted, reference.Label) else wanted
        series = parties.series_by_code(connection, span.series)
        over = orders.over(connection, series.id, span) if series else []
        if not over:
            raise NotFound(NOT_THERE)
        return _order(connection, by, over[0].id)[1].id

    return store.read(work)


def count(store: Store, *, by: Account, order: str, scanned: Sequence[Span]) -> Count:
    """What is here of an order, by what was scanned, against what was printed. Raises BadSpan, NotAllowed, NotFound."""

    def work(connection: Connection) -> Count:
        series, found = _order(connection, by, order)
        return _count(connection, series, found, scanned)

    return store.read(work)


def receive(
    store: Store,
    *,
    by: Account,
    order: str,
    scanned: Sequence[Span],
    hold_missing: bool,
    request_id: UUID,
    now: datetime,
) -> Received:
    """Receive what is here; what is missing stays printed, or is held. Again gives the same.

    Raises NotAllowed, NotFound, Refused when nothing that was expected is here, Conflict.
    """
    missing_id = uuid5(request_id, "missing")

    def work(connection: Connection) -> Received:
        series, found = _order(connection, by, order)
        lock_series(connection, [series.id], shared=False)
        known = [custody.recorded(connection, each) for each in (request_id, missing_id)]
        if any(known):
            _check_same(connection, series, found, known, scanned, hold_missing, by)
            received, held = (sum(len(each.movement.span) for each in mine) for mine in known)
            return Received(received, held)
        counted = _count(connection, series, found, scanned)
        if not counted.here:
            raise Refused("Nothing of this order is here yet: scan the label of a bundle first.")
        _move(connection, series, Kind.RECEIVE, counted.here, request_id, None, by.email, now)
        if hold_missing and counted.missing:
            _move(connection, series, Kind.HOLD, counted.missing, missing_id, LOST, by.email, now)
        return Received(counted.notes_here, counted.notes_missing if hold_missing else 0)

    return store.write(work)


def _check_same(
    connection: Connection, series: Series, order: Order, known: Sequence[Sequence[holdings.Recorded]],
    scanned: Sequence[Span], hold_missing: bool, by: Account,
) -> None:  # fmt: skip
    """Raise Conflict unless the request asked the same before: what is printed still, or held by it, was not scanned then."""
    here, held = ([each.movement.span for each in mine] for mine in known)
    printed = bundling.standing(connection, series, [order.span], State.PRINTED)
    seen = spans.merge(scanned)
    is_same = (
        all(each.movement.kind is Kind.RECEIVE and each.actor == by.email for each in known[0])
        and all(order.span.covers(span) and not span.minus_all(seen) for span in here)
        and not any(a.intersection(b) for a in seen for b in [*printed, *held])
        and (hold_missing or not held)
        and not (hold_missing and printed)
    )
    if not is_same:
        raise Conflict(ASKED_ELSE)


def _move(
    connection: Connection, series: Series, kind: Kind, parcels: Sequence[Parcel], request_id: UUID, reason: str | None,
    actor: str, now: datetime,
) -> None:  # fmt: skip
    moving = spans.merge(span for each in parcels for span in each.spans)
    deeds = [Movement(kind, span, None, reason) for span in moving]
    custody.record(connection, series, deeds, [], request_id, note=None, actor=actor, now=now)


def _order(connection: Connection, by: Account, order: str) -> tuple[Series, Order]:
    rights.require(by, Deed.DELIVER)
    found = orders.by_id(connection, reference.parse_order(order))
    if found is None:
        raise NotFound(NOT_THERE)
    series = directory.find_series(connection, found.span.series)
    if not rights.reaches(by, Deed.DELIVER, programme_id=series.programme_id):
        raise NotFound(NOT_THERE)
    return series, found


def _count(connection: Connection, series: Series, order: Order, scanned: Sequence[Span]) -> Count:
    printed = bundling.standing(connection, series, [order.span], State.PRINTED)
    seen = spans.merge(scanned)
    here = [shared for span in printed for other in seen if (shared := span.intersection(other))]
    missing = [rest for span in printed for rest in span.minus_all(seen)]
    surplus = [_surplus(connection, each) for each in scanned if not any(each.intersection(span) for span in printed)]
    wanted, found, lacking = (tuple(bundling.of_order(order, each)) for each in (printed, here, missing))
    return Count(order.id, wanted, found, lacking, tuple(surplus))


def _surplus(connection: Connection, span: Span) -> Surplus:
    series = parties.series_by_code(connection, span.series)
    over = orders.over(connection, series.id, span) if series else []
    return Surplus(span, over[0].id if over else None)
