"""Balancing: the print shop's account of an order, in which ordered = good + spoiled + missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.core import reference
from app.core import span as spans
from app.core.errors import BadInput, IllegalMovement, NotOrdered
from app.core.ledger import Movement
from app.core.lifecycle import Kind, State
from app.core.span import Span
from app.services import custody, directory, naming
from app.services.custody import Moved
from app.services.directory import Series
from app.services.naming import Named
from app.store import orders
from app.store.database import Store, lock_series
from app.store.orders import Order

_WORD = {Kind.SPOIL: "spoiled", Kind.MISS: "missing"}


@dataclass(frozen=True, slots=True)
class Balance:
    """An order as the print shop balanced it: ordered = good + spoiled + missing."""

    order: str
    movements: tuple[Moved, ...]
    good: int
    spoiled: int
    missing: int


def balance_order(
    store: Store,
    *,
    order: str,
    spoiled: Sequence[str],
    missing: Sequence[str],
    actor: str,
    now: datetime,
    request_id: UUID,
) -> Balance:
    """The print shop's account of an order: what it does not name as spoiled or missing is good and printed.

    May be given again to name more spoiled or missing notes; the same `request_id` gives the same answer.
    Raises BadInput, NotOrdered, IllegalMovement, Conflict.
    """
    order_id = reference.parse_order(order)
    bad = [(Kind.SPOIL, spans.parse(each)) for each in spoiled] + [(Kind.MISS, spans.parse(each)) for each in missing]

    def work(connection: Connection) -> Balance:
        made = orders.by_id(connection, order_id)
        if made is None:
            raise NotOrdered(f"There is no order {order_id}: `hournote range` shows what was ordered.")
        return balance(connection, made, bad, actor=actor, now=now, request_id=request_id)

    return store.write(work)


def balance(
    connection: Connection, made: Order, bad: Sequence[tuple[Kind, Span]], *, actor: str, now: datetime, request_id: UUID
) -> Balance:  # fmt: skip
    """The same in a transaction that does more; `bad`: what is spoiled (*spoil*) or missing (*miss*)."""
    _check_inside(made.span, [span for _kind, span in bad])
    series = directory.find_series(connection, made.span.series)
    lock_series(connection, [series.id], shared=False)
    deeds = [Movement(kind, span, reason=_WORD[kind]) for kind, span in bad]
    known = custody.recorded(connection, request_id)
    waiting = _still_ordered(connection, series, made.span, bad, before=known[0].id if known else None)
    deeds += [Movement(Kind.PRINT, span) for span in waiting]
    if not deeds:
        raise IllegalMovement(
            f"The order {made.id} was reported printed already, and this names nothing spoiled or missing."
        )
    ids = custody.record(connection, series, deeds, known, request_id, note=None, actor=actor, now=now)
    moved = [_one(connection, series, deed, each) for deed, each in zip(deeds, ids, strict=True)]
    return _balance(connection, series, made, moved, before=ids[-1] + 1 if known else None)


def _one(connection: Connection, series: Series, deed: Movement, movement_id: int) -> Moved:
    return custody.moved(connection, Named(series, (deed.span,)), deed.kind, [movement_id], again=True)


def _check_inside(ordered: Span, named: Sequence[Span]) -> None:
    for span in named:
        if not ordered.covers(span):
            raise BadInput(f"The notes {span} are not of this order, which is {ordered}.")
    if sum(map(len, named)) != sum(map(len, spans.merge(named))):
        raise BadInput("The same notes are named twice as spoiled or missing: name each once.")


def _still_ordered(
    connection: Connection, series: Series, ordered: Span, bad: Sequence[tuple[Kind, Span]], *, before: int | None
) -> list[Span]:
    """The good notes that were not reported printed before."""
    held = naming.held(connection, series, ordered, before=before)
    waiting = [piece.span for piece in held if piece.state is State.ORDERED]
    return [piece for span in waiting for piece in span.minus_all(named for _kind, named in bad)]


def _balance(
    connection: Connection, series: Series, made: Order, moved: Sequence[Moved], *, before: int | None
) -> Balance:
    void = [piece for piece in naming.held(connection, series, made.span, before=before) if piece.state is State.VOID]
    lost = {word: sum(len(piece.span) for piece in void if piece.standing.reason == word) for word in _WORD.values()}
    good = len(made.span) - sum(lost.values())
    return Balance(made.id, tuple(moved), good, lost["spoiled"], lost["missing"])
