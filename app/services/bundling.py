"""Bundling: which bundles of which orders notes lie in, and which of them are in a state."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from app.core import ledger, reference, token
from app.core import span as spans
from app.core.errors import BadInput, BadSpan, BadToken, NotOrdered
from app.core.lifecycle import State
from app.core.serial import Serial
from app.core.span import Span
from app.services import naming
from app.services.directory import Series
from app.store import custody, orders
from app.store.deliveries import Parcel
from app.store.orders import Order

MOST_LINES = 500
_APART = re.compile(r"[\r\n,;]+")


def read(lines: Iterable[str]) -> list[Span]:
    """The spans that were scanned or typed, one on each line; orders are none of these. Raises BadSpan, BadInput."""
    texts = [line.strip() for line in lines if line.strip()]
    if len(texts) > MOST_LINES:
        raise BadInput("These are too many lines at once: scan the labels of the boxes, or do it in parts.")
    return [span_of(text) for text in texts]


def span_of(text: str) -> Span:
    """The span of a label, a span or a serial. Raises BadSpan."""
    wanted = reference.parse(text)
    if isinstance(wanted, reference.OrderId):
        raise BadSpan(f"{wanted} is an order: scan the labels of its bundles or boxes.")
    return wanted.span if isinstance(wanted, reference.Label) else wanted


def things(counted: str) -> list[str]:
    """What was scanned, typed or pasted into one field, thing by thing."""
    return [each.strip() for each in _APART.split(counted) if each.strip()]


def notes_of(thing: str) -> Span | None:
    """The notes that a token, serial, span or label names; None for anything else, an order too."""
    try:
        return _alone(token.parse(thing).serial)
    except BadToken:
        pass
    try:
        return span_of(thing)
    except BadSpan:
        return None


def standing(connection: Connection, series: Series, asked: Iterable[Span], *states: State) -> list[Span]:
    """The notes of these spans of one series that are in one of the states, as the fewest spans."""
    found = [
        piece.span
        for span in asked
        for piece in ledger.within(custody.holdings_touching(connection, series.id, span), span)
        if piece.state in states
    ]
    return spans.merge(found)


def parcels(connection: Connection, series: Series, there: Sequence[Span]) -> list[Parcel]:
    """Notes cut where the wrappers of their orders are."""
    found = []
    for order in orders.over(connection, series.id, Span(series.code, there[0].first, there[-1].last)) if there else []:
        found += of_order(order, there)
    return found


def of_order(order: Order, there: Iterable[Span]) -> list[Parcel]:
    """The bundles of an order that have any of these notes, with those notes, in order."""
    inside: dict[int, list[Span]] = {}
    for shared in filter(None, (order.span.intersection(each) for each in there)):
        first = (shared.first - order.span.first) // order.bundle_size
        last = (shared.last - order.span.first) // order.bundle_size
        for at in range(first, last + 1):
            start = order.span.first + at * order.bundle_size
            wrapped = Span(order.span.series, start, min(start + order.bundle_size - 1, order.span.last))
            piece = wrapped.intersection(shared)
            if piece is not None:
                inside.setdefault(at, []).append(piece)
    return [Parcel(order.id, at + 1, tuple(spans.merge(pieces))) for at, pieces in sorted(inside.items())]


def by_series(connection: Connection, asked: Iterable[Span]) -> list[tuple[Series, list[Span]]]:
    """The spans by series. Raises NotOrdered."""
    codes: dict[str, list[Span]] = {}
    for span in spans.merge(asked):
        codes.setdefault(span.series, []).append(span)
    return [(naming.series_of(connection, mine[0]), mine) for mine in codes.values()]


def check_known(connection: Connection, series: Series, asked: Iterable[Span]) -> None:
    """Raise NotOrdered where one of these notes was never ordered."""
    for span in asked:
        missing = ledger.gaps(custody.holdings_touching(connection, series.id, span), span)
        if missing:
            raise NotOrdered(f"The notes {missing[0]} were never ordered.", span=missing[0])


def _alone(serial: Serial) -> Span:
    return Span(serial.series, serial.number, serial.number)
