"""Choosing which bundles go to an organisation: those whose labels were scanned, and so many of an order from stock."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.core import reference
from app.core import span as spans
from app.core.errors import BadInput, Refused
from app.core.lifecycle import State
from app.core.roles import Deed
from app.core.span import Span
from app.services import bundling, rights
from app.services.directory import Organisation
from app.store import custody as holdings
from app.store import orders, parties
from app.store.access import Account
from app.store.database import Store
from app.store.deliveries import Delivery, Parcel

MOST_PARCELS = 400
TOO_MANY = "These are too many bundles for one delivery: send them in several."


@dataclass(frozen=True, slots=True)
class Stock:
    """Whole bundles of an order that are in stock."""

    order: str
    bundles: int
    notes: int


def recipients(store: Store, *, by: Account) -> list[Organisation]:
    """The organisations that notes may be sent to. Raises NotAllowed."""
    programme = rights.programme_of(by, Deed.DELIVER)
    return [each for each in store.read(parties.organisations) if programme in (None, each.programme_id)]


def in_stock(store: Store, *, by: Account) -> list[Stock]:
    """The whole bundles in stock, order by order. Raises NotAllowed."""
    programme = rights.programme_of(by, Deed.DELIVER)
    found: dict[str, list[Parcel]] = {}
    for parcel in store.read(lambda connection: _in_stock(connection, programme)):
        found.setdefault(parcel.order, []).append(parcel)
    return [Stock(order, len(mine), sum(each.notes for each in mine)) for order, mine in found.items()]


def chosen(
    connection: Connection, to: Organisation, scanned: Sequence[Span], order: str | None, bundles: int
) -> list[Parcel]:
    """The bundles that go to an organisation: those of the notes that were scanned, and so many of an order from stock.

    Raises BadInput, NotOrdered, and Refused for notes of another programme, or not in stock.
    """
    found: list[Parcel] = []
    for series, asked in bundling.by_series(connection, scanned):
        if series.programme_id != to.programme_id:
            raise Refused(
                f"{to.name} is of the programme {to.programme}: it gives out notes of that programme alone.",
                programme=to.programme,
            )
        bundling.check_known(connection, series, asked)
        there = bundling.standing(connection, series, asked, State.STOCKED)
        found += bundling.parcels(connection, series, there)
        lacking = [rest for span in asked for rest in span.minus_all(there)]
        void = bundling.standing(connection, series, lacking, State.VOID)
        elsewhere = [rest for span in lacking for rest in span.minus_all(void)]
        if elsewhere:
            raise Refused(
                f"The notes {elsewhere[0]} are not in stock: receive them first, or choose others. Nothing was changed.",
                span=elsewhere[0],
            )
    if bool(order) != bool(bundles):
        raise BadInput("Choose both an order and a number of its bundles, or neither.")
    if order:
        taken = {(each.order, each.bundle) for each in found}
        wanted = str(reference.parse_order(order))
        more = [
            p for p in _in_stock(connection, to.programme_id) if p.order == wanted and (p.order, p.bundle) not in taken
        ]
        if len(more) < bundles:
            raise Refused("There are not so many bundles of this order in stock: choose fewer.", there=len(more))
        found += more[:bundles]
    if not found:
        raise BadInput("Say which notes go: scan their labels, or choose a number of bundles.")
    if len(found) > MOST_PARCELS:
        raise BadInput(TOO_MANY)
    return found


def is_same(
    connection: Connection, before: Delivery, scanned: Sequence[Span], order: str | None, bundles: int, handed: bool
) -> bool:
    """Whether a delivery has what is asked for: the notes that were scanned but void ones, and the rest from stock."""
    seen = spans.merge(scanned)
    named = [each for each in before.parcels if any(a.intersection(b) for a in each.spans for b in seen)]
    sent = [span for each in named for span in each.spans]
    left = [rest for span in seen for rest in span.minus_all(sent)]
    void = [
        s
        for series, mine in bundling.by_series(connection, left)
        for s in bundling.standing(connection, series, mine, State.VOID)
    ]
    more = [each.order for each in before.parcels if each not in named]
    return (
        handed == (before.receipt is not None and before.receipt.kind == "handed")
        and not any(span.minus_all(seen) for span in sent)
        and not any(span.minus_all(void) for span in left)
        and more == ([str(reference.parse_order(order))] * bundles if order else [])
    )


def _in_stock(connection: Connection, programme_id: int | None) -> list[Parcel]:
    """The bundles in stock of which nothing is elsewhere but what is void."""
    known = {each.code: each for each in parties.all_series(connection)}
    there: dict[str, list[Span]] = {}
    for span in holdings.spans_in(connection, State.STOCKED):
        if programme_id in (None, known[span.series].programme_id):
            there.setdefault(span.series, []).append(span)
    found = []
    for code, mine in there.items():
        reach = Span(code, mine[0].first, mine[-1].last)
        for order in orders.over(connection, known[code].id, reach):
            void = bundling.standing(connection, known[code], [order.span], State.VOID)
            gone = {each.bundle: each.notes for each in bundling.of_order(order, void)}
            for parcel in bundling.of_order(order, mine):
                end = min(order.bundle_size, len(order.span) - (parcel.bundle - 1) * order.bundle_size)
                if parcel.notes + gone.get(parcel.bundle, 0) == end:
                    found.append(parcel)
    return found
