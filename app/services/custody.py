"""Custody: the movements of spans, each in one transaction that also counts what is spent already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection

from app.core import ledger, reference
from app.core import span as spans
from app.core.errors import BadInput, Conflict, IllegalMovement, NotFound, NotOrdered, Refused
from app.core.ledger import Holding, Movement
from app.core.lifecycle import Kind, State
from app.core.reference import Label, OrderId, Reference
from app.core.span import Span
from app.services import directory
from app.services.directory import Series
from app.store import custody, orders, spending
from app.store.custody import Recorded
from app.store.database import Store

MIXED = "mixed"
"""The state after a release or reinstatement that took stretches to different states."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a movement did: its id, the notes it moved, the state they are in, and how many are spent already."""

    id: int
    kind: str
    span: Span
    state: str
    notes: int
    already_redeemed: int
    passed_over: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Balance:
    """An order as the print shop balanced it: ordered = good + spoiled + missing."""

    order: str
    movements: tuple[Moved, ...]
    good: int
    spoiled: int
    missing: int


@dataclass(frozen=True, slots=True)
class Named:
    """The notes that a person named: their series, the spans meant, and the void ones passed over."""

    series: Series
    spans: tuple[Span, ...]
    passed_over: tuple[Span, ...] = ()


def move_span(
    store: Store, *, kind: Kind, named: str, actor: str, now: datetime, request_id: UUID,
    organisation: str | None = None, reason: str | None = None, note: str | None = None,
) -> Moved:  # fmt: skip
    """Take the notes that `named` names (a span, an order's id or a label) a step on, all or none.

    The same `request_id` again gives the same answer. Raises BadInput, NotFound, NotOrdered, IllegalMovement, Conflict.
    """
    wanted = reference.parse(named)
    if kind in (Kind.ORDER, Kind.SPOIL, Kind.MISS, Kind.PRINT):
        raise BadInput(f"The step '{kind}' belongs to an order: use `hournote order` and `hournote printed`.")

    def work(connection: Connection) -> Moved:
        meant = resolve(connection, wanted)
        store.lock_series(connection, [meant.series.id], shared=False)
        holder = _receiver(connection, meant.series, organisation)
        deeds = [Movement(kind, span, holder, reason) for span in meant.spans]
        ids = _record(connection, meant.series, deeds, request_id, note=note, actor=actor, now=now)
        return _moved(connection, meant, kind, ids[0])

    return store.write(work)


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

    May be given again to name more spoiled or missing notes. Raises BadInput, NotFound, IllegalMovement.
    """
    order_id = reference.parse_order(order)
    bad = [(Kind.SPOIL, spans.parse(each)) for each in spoiled] + [(Kind.MISS, spans.parse(each)) for each in missing]

    def work(connection: Connection) -> Balance:
        made = orders.by_id(connection, order_id)
        if made is None:
            raise NotOrdered(f"There is no order {order_id}: `hournote range` shows what was ordered.")
        _check_inside(made.span, [span for _kind, span in bad])
        series = directory.find_series(connection, made.span.series)
        store.lock_series(connection, [series.id], shared=False)
        deeds = [Movement(kind, span, reason=_WORD[kind]) for kind, span in bad]
        deeds += [Movement(Kind.PRINT, span) for span in _still_ordered(connection, series, made.span, bad)]
        if not deeds:
            raise IllegalMovement(
                f"The order {order_id} was reported printed already, and this names nothing spoiled or missing."
            )
        ids = _record(connection, series, deeds, request_id, note=None, actor=actor, now=now)
        moved = [_one(connection, series, deed, each) for deed, each in zip(deeds, ids, strict=True)]
        return _balance(connection, series, made, moved)

    return store.write(work)


def resolve(connection: Connection, wanted: Reference) -> Named:
    """The notes that a reference names: a span means every one, an order or label those that are not void.

    Raises NotFound, NotOrdered.
    """
    if isinstance(wanted, Span):
        return Named(_series_of(connection, wanted), (wanted,))
    whole = wanted.span if isinstance(wanted, Label) else _span_of_order(connection, wanted)
    series = _series_of(connection, whole)
    held = ledger.within(custody.holdings_touching(connection, series.id, whole), whole)
    void = tuple(piece.span for piece in held if piece.state is State.VOID)
    live = tuple(whole.minus_all(void))
    if not live:
        raise IllegalMovement(f"Every note of {whole} is void: name the span itself if that is what you mean.")
    return Named(series, live, void)


_WORD = {Kind.SPOIL: "spoiled", Kind.MISS: "missing"}


def _series_of(connection: Connection, span: Span) -> Series:
    try:
        return directory.find_series(connection, span.series)
    except NotFound as error:
        raise NotOrdered(f"The notes {span} were never ordered.") from error


def _span_of_order(connection: Connection, order_id: OrderId) -> Span:
    made = orders.by_id(connection, order_id)
    if made is None:
        raise NotOrdered(f"There is no order {order_id}.")
    return made.span


def _receiver(connection: Connection, series: Series, organisation: str | None) -> int | None:
    """The organisation that the notes go to, which must be of their programme."""
    if organisation is None:
        return None
    found = directory.find_organisation(connection, organisation)
    if found.programme_id != series.programme_id:
        raise Refused(
            f"{found.name} is of the programme {found.programme}: it gives out notes of that programme alone."
        )
    return found.id


def _record(
    connection: Connection, series: Series, deeds: Sequence[Movement], request_id: UUID,
    *, note: str | None, actor: str, now: datetime,
) -> list[int]:  # fmt: skip
    """Append the movements and bring the holdings along; a repeat of the request changes nothing."""
    repeated = [custody.movement_by_request(connection, _nth(request_id, place)) for place in range(len(deeds))]
    if repeated[0] is not None:
        return _same_again(repeated, deeds)
    return [
        _append(connection, series, deed, request_id=_nth(request_id, place), note=note, actor=actor, at=now)
        for place, deed in enumerate(deeds)
    ]


def _append(connection: Connection, series: Series, deed: Movement, **fact: Any) -> int:
    before = custody.holdings_touching(connection, series.id, deed.span)
    redeemed = spending.count_redeemed(connection, series.id, deed.span)
    after = ledger.move(before, deed, redeemed=redeemed)
    movement_id = custody.add_movement(connection, series.id, deed, **fact)
    custody.replace_holdings(connection, series.id, before, after, movement_id)
    return movement_id


def _same_again(repeated: Sequence[Recorded | None], deeds: Sequence[Movement]) -> list[int]:
    ids = [entry.id for entry, deed in zip(repeated, deeds, strict=True) if entry and entry.movement == deed]
    if len(ids) != len(deeds):
        raise Conflict("This request id stands for another movement already.")
    return ids


def _nth(request_id: UUID, place: int) -> UUID:
    """The id of each movement of one request; the first has the request's own."""
    return request_id if place == 0 else uuid5(request_id, str(place))


def _moved(connection: Connection, meant: Named, kind: Kind, movement_id: int) -> Moved:
    whole = Span(meant.series.code, meant.spans[0].first, meant.spans[-1].last)
    spent = sum(spending.count_redeemed(connection, meant.series.id, span) for span in meant.spans)
    states = {held.state for span in meant.spans for held in _held(connection, meant.series, span)}
    state = states.pop() if len(states) == 1 else MIXED
    return Moved(movement_id, kind, whole, state, sum(map(len, meant.spans)), spent, meant.passed_over)


def _one(connection: Connection, series: Series, deed: Movement, movement_id: int) -> Moved:
    return _moved(connection, Named(series, (deed.span,)), deed.kind, movement_id)


def _held(connection: Connection, series: Series, span: Span) -> list[Holding]:
    return ledger.within(custody.holdings_touching(connection, series.id, span), span)


def _check_inside(ordered: Span, named: Sequence[Span]) -> None:
    for span in named:
        if not ordered.covers(span):
            raise BadInput(f"The notes {span} are not of this order, which is {ordered}.")
    if sum(map(len, named)) != sum(map(len, spans.merge(named))):
        raise BadInput("The same notes are named twice as spoiled or missing: name each once.")


def _still_ordered(
    connection: Connection, series: Series, ordered: Span, bad: Sequence[tuple[Kind, Span]]
) -> list[Span]:
    """The good notes that were not reported printed before."""
    waiting = [held.span for held in _held(connection, series, ordered) if held.state is State.ORDERED]
    return [piece for span in waiting for piece in span.minus_all(named for _kind, named in bad)]


def _balance(connection: Connection, series: Series, made: orders.Order, moved: Sequence[Moved]) -> Balance:
    held = _held(connection, series, made.span)
    lost = {word: sum(len(h.span) for h in held if h.standing.reason == word) for word in _WORD.values()}
    good = len(made.span) - sum(lost.values())
    return Balance(made.id, tuple(moved), good, lost["spoiled"], lost["missing"])
