"""Naming: which notes a person means by a span, an order's id or a label, and how they stand."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.core import ledger
from app.core import span as spans
from app.core.errors import IllegalMovement, NotFound, NotOrdered
from app.core.ledger import Holding
from app.core.lifecycle import State
from app.core.reference import Label, OrderId, Reference, Several
from app.core.span import Span
from app.services import directory
from app.services.directory import Series
from app.store import custody, orders


@dataclass(frozen=True, slots=True)
class Named:
    """The notes that a person named: their series, the spans meant, and the void ones passed over."""

    series: Series
    spans: tuple[Span, ...]
    passed_over: tuple[Span, ...] = ()


def resolve(connection: Connection, wanted: Reference | Several, *, before: int | None = None) -> Named:
    """The notes that a reference names: a span or several mean every one, an order or label those that are not void.

    With `before`, those that it named before the movement of that id. Raises NotOrdered, IllegalMovement.
    """
    whole, series = whole_of(connection, wanted), series_of(connection, wanted)
    if isinstance(wanted, Several):
        return Named(series, wanted.spans)
    if isinstance(wanted, Span):
        return Named(series, (wanted,))
    stretches = held(connection, series, whole, before=before)
    void = tuple(spans.merge(piece.span for piece in stretches if piece.state is State.VOID))
    live = tuple(whole.minus_all(void))
    if not live:
        raise IllegalMovement(f"Every note of {whole} is void: name the span itself if that is what you mean.")
    return Named(series, live, void)


def whole_of(connection: Connection, wanted: Reference | Several) -> Span:
    """The span of a reference, void notes too. Raises NotOrdered."""
    if isinstance(wanted, Several):
        return wanted.whole
    if not isinstance(wanted, OrderId):
        return wanted.span if isinstance(wanted, Label) else wanted
    made = orders.by_id(connection, wanted)
    if made is None:
        raise NotOrdered(f"There is no order {wanted}.")
    return made.span


def series_of(connection: Connection, wanted: Reference | Several) -> Series:
    """The series that a reference lies in. Raises NotOrdered."""
    span = whole_of(connection, wanted)
    try:
        return directory.find_series(connection, span.series)
    except NotFound as error:
        raise NotOrdered(f"The notes {span} were never ordered.") from error


def held(connection: Connection, series: Series, span: Span, *, before: int | None = None) -> list[Holding]:
    """The stretches of a span as they stand; with `before`, as they stood before the movement of that id."""
    if before is None:
        return ledger.within(custody.holdings_touching(connection, series.id, span), span)
    told = (entry.movement for entry in custody.movements_over(connection, series.id, span) if entry.id < before)
    clipped = ((moved, moved.span.intersection(span)) for moved in told)
    return ledger.replay(replace(moved, span=shared) for moved, shared in clipped if shared)
