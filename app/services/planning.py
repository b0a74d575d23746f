"""Planning: the span, the number and the last day that an order gets, and whether it may be made at all."""

from datetime import datetime

from sqlalchemy import Connection

from app.core import reference
from app.core import serial as serials
from app.core.errors import NotFound, Refused
from app.core.job import Job
from app.core.reference import OrderId
from app.core.serial import LAST_NUMBER
from app.core.span import Span
from app.services import directory, shops
from app.services.ordering import OrderRequest
from app.store import custody, orders, parties


def plan(connection: Connection, request: OrderRequest, host: str, now: datetime, *, ahead: int = 0) -> Job:
    """The next span and id of the series, with no key yet; `ahead`: notes of it that others asked for before.

    Raises NotFound, Refused when the series has not enough numbers left or replaces what it may not.
    """
    series = parties.series_by_code(connection, request.series)
    if series is None:
        directory.find_programme(connection, serials.programme_of(request.series))
    _check_replaced(connection, request)
    if request.print_shop is not None:
        shops.find(connection, request.print_shop)
    ordered = ahead + (custody.allocated_to(connection, series.id) if series else 0)
    ordinal = orders.next_ordinal(connection, series.id) if series else 1
    return Job(
        order=OrderId(request.series, ordinal),
        span=_span(request, ordered),
        design=request.design,
        host=host,
        public_key=b"",
        bundle_size=request.bundle_size,
        created_at=now.replace(microsecond=0),
        expires_on=series.expires_on if series else None,
    )


def _span(request: OrderRequest, ordered: int) -> Span:
    left = LAST_NUMBER - ordered
    if request.quantity > left:
        raise Refused(
            f"The series {request.series} has {left} numbers left, and {request.quantity} were ordered: "
            "order fewer, or use a new series."
        )
    return Span(request.series, ordered + 1, ordered + request.quantity)


def _check_replaced(connection: Connection, request: OrderRequest) -> None:
    if request.replaces is None:
        return
    replaced = orders.by_id(connection, reference.parse_order(request.replaces))
    if replaced is None:
        raise NotFound(f"There is no order {request.replaces} to replace.")
    same = serials.programme_of(replaced.span.series) == serials.programme_of(request.series)
    if not same or not serials.is_replacement(request.series):
        programme = serials.programme_of(replaced.span.series)
        raise Refused(
            f"What replaces {request.replaces} is ordered in a replacement series, {programme}90 to {programme}99."
        )
